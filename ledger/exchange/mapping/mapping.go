package mapping

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Mapping says how to read one kind of table.
type Mapping struct {
	Name    string             `json:"-"`
	About   string             `json:"about"`
	Source  string             `json:"source,omitempty"` // where the table was published
	For     string             `json:"for,omitempty"`    // the file it was written for; any other of its shape will do
	Sheet   string             `json:"sheet,omitempty"`  // of a workbook; blank: every sheet that has the headings
	Columns map[string]*Column `json:"columns"`
	Items   Filter             `json:"items"` // the rows that count; blank: all but rows of totals
	Makes   []Make             `json:"makes"`
	Totals  []TotalRule        `json:"totals,omitempty"`
}

// Column is one column of the source. Its name is the mapping's own.
type Column struct {
	About    string   `json:"about,omitempty"`
	Headings []string `json:"headings"` // the spellings met
	Optional bool     `json:"optional,omitempty"`
	Is       string   `json:"is,omitempty"` // pounds, thousands, millions, date, years; blank is text

	// Of amounts.
	Brackets        string   `json:"brackets,omitempty"` // negative, overspend or underspend; blank refuses them
	Negative        bool     `json:"negative,omitempty"` // a minus may stand here
	Blank           string   `json:"blank,omitempty"`    // "unknown": an amount nobody has stated; else none
	None            []string `json:"none,omitempty"`     // words that mean no amount
	Nought          []string `json:"nought,omitempty"`   // that mean £0
	Unknown         []string `json:"unknown,omitempty"`  // that mean an amount not known
	Ranges          string   `json:"ranges,omitempty"`   // "unknown": 10-12 is not yet known
	ChangeOn        string   `json:"change_on,omitempty"`
	CumulativeAfter string   `json:"cumulative_after,omitempty"`

	// Of text, dates and years.
	Values    map[string]string `json:"values,omitempty"`    // every cell is one of these, and reads so
	Spellings map[string]string `json:"spellings,omitempty"` // these read so, and others as they are
}

func (c *Column) isAmount() bool {
	return c.Is == "pounds" || c.Is == "thousands" || c.Is == "millions"
}

// signed says that an amount of the column may be below nought.
func (c *Column) signed() bool { return c.Negative || c.Brackets != "" || c.ChangeOn != "" }

// Filter chooses rows by what is printed in them. A blank text is a blank cell.
type Filter struct {
	Where  map[string][]string `json:"where,omitempty"`
	Except map[string][]string `json:"except,omitempty"`
}

// Make writes one row of a register for each row that counts.
type Make struct {
	About    string            `json:"about,omitempty"`
	Register string            `json:"register"`
	From     string            `json:"from,omitempty"` // the name of a total: made from its printed rows instead
	Each     []string          `json:"each,omitempty"` // made once for each of these, in {each}
	Cells    map[string]string `json:"cells"`          // templates, by the register's column or a year
	Filter
	cells []madeCell
}

// madeCell is one cell of a Make, its templates understood.
type madeCell struct{ heading, text template }

// TotalRule says where a total is printed and what it is the total of. It is
// one of three: rows of totals (where), figures the source states elsewhere
// (printed), or a column that adds up others of its row (across).
type TotalRule struct {
	Name string `json:"name"`
	Filter
	Printed map[string]string `json:"printed,omitempty"` // pounds, by column
	Across  []string          `json:"across,omitempty"`
	Of      []string          `json:"of,omitempty"`     // the columns added up
	By      []string          `json:"by,omitempty"`     // each group has a total of its own
	Counts  Filter            `json:"counts"`           // which rows it adds up; blank: all that count
	Within  string            `json:"within,omitempty"` // pounds by which it may differ
	Why     string            `json:"why,omitempty"`    // and the reason
	Part    string            `json:"part,omitempty"`   // why the rows are only part of it
	within  money.Pence
	printed map[string]money.Pence
}

//go:embed mappings/*.json
var kept embed.FS

// Names lists the mappings kept in the program.
func Names() []string {
	files, _ := kept.ReadDir("mappings") // cannot fail: it is embedded
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".json"))
	}
	return names
}

// Named gives a mapping kept in the program.
func Named(name string) (*Mapping, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("there is no mapping %q; there are %s", name, strings.Join(Names(), ", "))
	}
	f, err := kept.Open("mappings/" + name + ".json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := Load(f)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", name, err)
	}
	m.Name = name
	return m, nil
}

// Find gives a mapping by its name, or a council's own by its file's, which
// ends in .json.
func Find(nameOrFile string) (*Mapping, error) {
	if !strings.HasSuffix(strings.ToLower(nameOrFile), ".json") {
		return Named(nameOrFile)
	}
	f, err := os.Open(nameOrFile)
	if err != nil {
		return nil, fmt.Errorf("the mapping %s cannot be opened; check its name and folder", filepath.Base(nameOrFile))
	}
	defer f.Close()
	m, err := Load(f)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", filepath.Base(nameOrFile), err)
	}
	m.Name = strings.TrimSuffix(filepath.Base(nameOrFile), filepath.Ext(nameOrFile))
	return m, nil
}

const mostBytes = 1 << 20

// Load reads a mapping and says everything that is wrong with it.
func Load(r io.Reader) (*Mapping, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > mostBytes {
		return nil, errors.New("a mapping has at most 1 MiB; check that this is the right file")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	m := new(Mapping)
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("this is not a mapping: %s; see those the program keeps for the form", strings.TrimPrefix(err.Error(), "json: "))
	}
	if d.More() {
		return nil, errors.New("there is text after the mapping; a file holds one")
	}
	if key := repeatedKey(json.NewDecoder(bytes.NewReader(data))); key != "" {
		return nil, fmt.Errorf("%q is written twice in one place; delete one, or rename it", key)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

// repeatedKey finds a key that stands twice in one object of sound JSON: the
// first would be lost without a word.
func repeatedKey(d *json.Decoder) string {
	t, _ := d.Token()
	if t != json.Delim('{') && t != json.Delim('[') {
		return ""
	}
	seen := map[string]bool{}
	for d.More() {
		if t == json.Delim('{') {
			k, _ := d.Token()
			key, _ := k.(string)
			if seen[key] {
				return key
			}
			seen[key] = true
		}
		if key := repeatedKey(d); key != "" {
			return key
		}
	}
	d.Token() // its end
	return ""
}

// check finds what cannot be meant, and readies templates and sums.
func (m *Mapping) check() error {
	var wrong []error
	bad := func(form string, with ...any) { wrong = append(wrong, fmt.Errorf(form, with...)) }
	if len(m.Columns) == 0 || len(m.Makes) == 0 {
		bad("a mapping has columns, and makes rows of a register; give both")
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(m.Columns)), func(c *Column) bool { return c != nil && !c.Optional }) {
		bad("every column is optional, so no header could be told; leave one that is not")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		if m.Columns[name] == nil {
			bad("column %q says nothing; give its headings", name)
			return errors.Join(wrong...)
		}
		m.checkColumn(name, bad)
	}
	filter := func(at string, f Filter) {
		for _, part := range []map[string][]string{f.Where, f.Except} {
			for _, name := range slices.Sorted(maps.Keys(part)) {
				if m.Columns[name] == nil {
					bad("%s: %s", at, m.noColumn(name))
				}
			}
		}
	}
	filter("items", m.Items)
	for i := range m.Totals {
		t := &m.Totals[i]
		at := fmt.Sprintf("total %q", t.Name)
		filter(at, t.Filter)
		filter(at+", counts", t.Counts)
		m.checkTotal(t, at, bad)
	}
	for i := range m.Makes {
		mk := &m.Makes[i]
		at := fmt.Sprintf("makes %s (%d)", mk.Register, i+1)
		filter(at, mk.Filter)
		m.checkMake(mk, at, bad)
	}
	return errors.Join(wrong...)
}

func (m *Mapping) noColumn(name string) string {
	return fmt.Sprintf("%q is no column of this mapping; the columns are %s", name, strings.Join(slices.Sorted(maps.Keys(m.Columns)), ", "))
}

func (m *Mapping) checkColumn(name string, bad func(string, ...any)) {
	c := m.Columns[name]
	oneOf := func(what, text string, words ...string) {
		if !slices.Contains(append(words, ""), text) {
			bad("column %q: %s is %s, not %q", name, what, strings.Join(words, ", "), text)
		}
	}
	if strings.ContainsAny(name, " {}") || name == "" || name == "row" || name == "each" {
		bad("column %q: a column's name is one word, and not row or each", name)
	}
	if len(c.Headings) == 0 {
		bad("column %q: give the headings it may have", name)
	}
	for _, h := range c.Headings {
		if plain(h) == "" {
			bad("column %q: a heading has letters or digits", name)
		}
	}
	oneOf("is", c.Is, "pounds", "thousands", "millions", "date", "years")
	oneOf("brackets", c.Brackets, "negative", "overspend", "underspend")
	oneOf("blank", c.Blank, "unknown")
	oneOf("ranges", c.Ranges, "unknown")
	ofAmounts := c.Brackets != "" || c.Negative || c.Blank != "" || c.Ranges != "" || c.ChangeOn != "" || c.CumulativeAfter != "" || len(c.None)+len(c.Nought)+len(c.Unknown) > 0
	switch {
	case !c.isAmount() && ofAmounts:
		bad("column %q: what brackets, blanks, words and changes mean is asked of amounts; say is: pounds, thousands or millions", name)
	case c.isAmount() && len(c.Values)+len(c.Spellings) > 0:
		bad("column %q: values and spellings are of text, dates and years; list words under none, nought or unknown", name)
	case len(c.Values) > 0 && len(c.Spellings) > 0:
		bad("column %q: give values, if every cell is one of them, or spellings, but not both", name)
	case c.ChangeOn != "" && c.CumulativeAfter != "":
		bad("column %q: a figure is a change on the year before or a sum carried forward, not both", name)
	}
	if c.isAmount() && (c.Brackets == "overspend" || c.Brackets == "underspend") && c.Negative {
		bad("column %q: where brackets tell over from under, a minus has no meaning of its own", name)
	}
	// Each column leans on the one before, and the first on none.
	for seen, at := map[string]bool{name: true}, c; at.ChangeOn+at.CumulativeAfter != ""; {
		before := at.ChangeOn + at.CumulativeAfter
		next := m.Columns[before]
		switch {
		case next == nil:
			bad("column %q: %s", name, m.noColumn(before))
			return
		case !next.isAmount():
			bad("column %q: %q holds no amounts to reckon from", name, before)
			return
		case seen[before]:
			bad("column %q: it is reckoned from itself", name)
			return
		}
		seen[before], at = true, next
	}
}

func (m *Mapping) checkTotal(t *TotalRule, at string, bad func(string, ...any)) {
	kinds := 0
	for _, given := range []bool{len(t.Where) > 0, len(t.Printed) > 0, len(t.Across) > 0} {
		if given {
			kinds++
		}
	}
	if t.Name == "" || kinds != 1 {
		bad("%s: a total has a name, and one of where, printed or across", at)
	}
	for i := range m.Totals {
		if other := &m.Totals[i]; other != t && other.Name == t.Name {
			bad("%s: two totals have this name", at)
		}
	}
	if len(t.Printed) > 0 {
		t.Of = slices.Sorted(maps.Keys(t.Printed))
		t.printed = map[string]money.Pence{}
	}
	if len(t.Of) == 0 || len(t.Across) > 0 && len(t.Of) != 1 || len(t.Printed) > 0 && len(t.By) > 0 {
		bad("%s: say which columns it is of (one, if it is across); a stated figure has no groups", at)
	}
	for _, name := range slices.Concat(t.Of, t.Across) {
		if c := m.Columns[name]; c == nil {
			bad("%s: %s", at, m.noColumn(name))
		} else if !c.isAmount() {
			bad("%s: %q holds no amounts", at, name)
		}
	}
	for _, name := range t.By {
		if m.Columns[name] == nil {
			bad("%s: %s", at, m.noColumn(name))
		}
	}
	known := func(text string) money.Pence {
		a, given, err := money.Parse(text, money.Signed)
		p, ok := a.Known()
		if err != nil || !given || !ok {
			bad("%s: %q is not an amount in pounds", at, text)
		}
		return p
	}
	for name, text := range t.Printed {
		t.printed[name] = known(text)
	}
	if t.Within != "" {
		if t.within = known(t.Within); t.Why == "" || t.within < 0 {
			bad("%s: say why it may differ by £%s", at, t.Within)
		}
	}
}

func (m *Mapping) checkMake(mk *Make, at string, bad func(string, ...any)) {
	r := ledger.RegisterNamed(mk.Register)
	if r == nil {
		var names []string
		for i := range ledger.Registers {
			names = append(names, ledger.Registers[i].Name)
		}
		bad("%s: there is no such register; there are %s", at, strings.Join(names, ", "))
		return
	}
	if mk.From != "" && !slices.ContainsFunc(m.Totals, func(t TotalRule) bool { return t.Name == mk.From && len(t.Where) > 0 }) {
		bad("%s: no rows of totals are named %q", at, mk.From)
	}
	columns := r.Columns
	if r.Name == "streams" {
		columns = slices.Concat(columns, ledger.AwardColumns())
	}
	for _, heading := range slices.Sorted(maps.Keys(mk.Cells)) {
		_, notYear := fiscal.ParseYear(heading)
		named := slices.ContainsFunc(columns, func(c ledger.Column) bool { return c.Name == heading })
		if !named && (r.Years == "" || notYear != nil && !strings.Contains(heading, "{")) {
			bad("%s: %s have no column %q", at, r.Name, heading)
		}
		h, err := m.parse(heading)
		if err == nil {
			var text template
			text, err = m.parse(mk.Cells[heading])
			mk.cells = append(mk.cells, madeCell{h, text})
		}
		if err != nil {
			bad("%s, cell %q: %w", at, heading, err)
		}
	}
	if uses := func(c madeCell) bool { return c.heading.uses("each") || c.text.uses("each") }; len(mk.Each) == 0 && slices.ContainsFunc(mk.cells, uses) {
		bad("%s: {each} is written, and there is no each to make rows for", at)
	}
	for _, c := range r.Columns {
		if _, has := mk.Cells[c.Name]; c.Required && !has {
			bad("%s: %s need a cell %q", at, r.Name, c.Name)
		}
	}
}
