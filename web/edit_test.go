package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/seed"
	"braid/web/form"
)

// field is the input, select or textarea of a name.
func (p *page) field(name string) *html.Node {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if (n.DataAtom == atom.Input || n.DataAtom == atom.Select || n.DataAtom == atom.Textarea) && attr(n, "name") == name {
			return n
		}
	}
	p.t.Fatalf("%s has no field %q:\n%s", p.url, name, p.text())
	return nil
}

// beside is what stands beside a cell of the grid as its error.
func (p *page) beside(name string) string {
	p.t.Helper()
	id := attr(p.field(name), "id") + "-flag"
	for n := range p.root.Descendants() {
		if attr(n, "id") == id {
			return nodeText(n)
		}
	}
	return ""
}

func nodeText(n *html.Node) string {
	var all []string
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			all = append(all, c.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// rowText is what the row of a table that begins with a text says.
func (p *page) rowText(table, first string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Tr || !within(n, table) {
			continue
		}
		if text := nodeText(n); strings.HasPrefix(text, first) {
			return text
		}
	}
	p.t.Fatalf("%s: table %s has no row %q:\n%s", p.url, table, first, p.text())
	return ""
}

func within(n *html.Node, id string) bool {
	for ; n != nil; n = n.Parent {
		if attr(n, "id") == id {
			return true
		}
	}
	return false
}

func (s *site) held(award, service string) money.Pence {
	all, _ := decide.Held(s.book(), award, service, s.web.Today().Year())
	return all
}

func (s *site) left(award string) money.Pence {
	return s.book().Balance(ledger.Account{Stage: ledger.Awarded, Award: award, Year: s.web.Today().Year()})
}

const hubsFF, carersFF, parentingFF = "cell.family-hubs;families-first", "cell.young-carers;families-first", "cell.parenting;families-first"

func TestEditGridShowsWhatEachGrantHas(t *testing.T) {
	s := demoServer(t)
	p := s.as("priya").get("/ledger/edit").is(http.StatusOK)
	p.says("Change allocations", "Reason for moving this money", "Paste a block from a spreadsheet", "Allocate one amount with a form")
	if got := p.rowText("grid", "Awarded"); got != "Awarded £900,000 £180,000 £1,240,000 £860,000 £1,150,000" && got != "Awarded £900,000 £180,000 £860,000 £1,240,000 £1,150,000" {
		t.Error(got)
	}
	if got := attr(p.field(hubsFF), "value"); got != "420,000" {
		t.Errorf("hubs from Families First: %q", got)
	}
	if got := attr(p.field("was.family-hubs;families-first"), "value"); got != "420000.00" {
		t.Errorf("was %q", got)
	}
	p.says("of which £36,000 is decided by North board", "Terms do not allow: Ages", "What may these grants not pay for?")
	// What is left comes to the penny: awarded less allocated less what boards hold.
	b := s.book()
	v := b.View(s.web.Today())
	year := s.web.Today().Year()
	for _, r := range v.Position([]ledger.Dimension{ledger.ByAward}, ledger.Filter{ledger.ByYear: year.String()}).Rows {
		award := r.Key[0]
		only := ledger.Filter{ledger.ByYear: year.String(), ledger.ByAward: award, ledger.ByBoard: ""}
		var link money.Pence
		for _, of := range v.Position([]ledger.Dimension{ledger.ByAward}, only).Rows {
			left := of.Sums[ledger.LeftOf]
			link += left.Pence()
		}
		if link != s.left(award) {
			t.Errorf("%s: the grid says %v is left, its link opens %v", award, s.left(award), link)
		}
		in := p.field("cell.family-hubs;" + award)
		if got := attr(in, "data-left"); got != strings.TrimSuffix(strings.ReplaceAll(s.left(award).String(), ".", ""), "") {
			t.Errorf("%s: data-left %s, left %v", award, got, s.left(award))
		}
	}
	if !strings.Contains(p.rowText("grid", "Left to allocate"), "£96,000") || !strings.Contains(p.rowText("grid", "Set aside for boards"), "£44,000") {
		t.Error(p.rowText("grid", "Left to allocate"), p.rowText("grid", "Set aside for boards"))
	}
	s.as("priya").in("cy").get("/ledger/edit?year=2027-28").is(http.StatusOK).says("Newid dyraniadau", "Hybiau cymorth i deuluoedd", "ar ôl i'w ddyrannu yn 2027-28")
}

func TestEditRefusesBesideTheCell(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	grid := priya.get("/ledger/edit")
	refused := priya.submit(grid, "", filled("do", "check", hubsFF, "£560,001", "reason", "More hubs")).is(http.StatusUnprocessableEntity)
	if got, want := refused.beside(hubsFF), "This is £44,001 more than Families First has left. Enter £516,000 or less. £44,000 more is set aside for boards to decide on."; !strings.HasSuffix(got, want) {
		t.Errorf("beside the cell: %q", got)
	}
	refused.says("There is a problem", "Family support hubs, Families First: This is £44,001 more")
	if !strings.HasPrefix(refused.title(), "Error:") || attr(refused.field(hubsFF), "value") != "£560,001" || attr(refused.field(hubsFF), "aria-invalid") != "true" || !strings.Contains(nodeText(refused.field("reason")), "More hubs") {
		t.Errorf("title %q, cell %q", refused.title(), attr(refused.field(hubsFF), "value"))
	}
	if !slices.Contains(refused.links(), "#"+attr(refused.field(hubsFF), "id")) {
		t.Error("the summary does not lead to the cell")
	}
	// a penny over, and at it
	over := priya.submit(grid, "", filled("do", "check", hubsFF, "516000.01", "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(over.beside(hubsFF), "£0.01 more") {
		t.Error(over.beside(hubsFF))
	}
	at := priya.submit(grid, "", filled("do", "check", hubsFF, "516000", "reason", "x")).is(http.StatusOK)
	at.says("1 change to allocations in 2026-27", "Family support hubs, Families First: £420,000 → £516,000", "You may do this alone")
	if got := at.rowText("left", "Families First"); got != "Families First £96,000 £0" {
		t.Error(got)
	}
	// two cells that are too much only together
	both := priya.submit(grid, "", filled("do", "check", hubsFF, "480000", carersFF, "230000", "reason", "x")).is(http.StatusUnprocessableEntity)
	for _, cell := range []string{hubsFF, carersFF} {
		if !strings.Contains(both.beside(cell), "The changes to Families First come to £14,000 more than it has left") {
			t.Errorf("%s: %q", cell, both.beside(cell))
		}
	}
	// what cannot be read, what is below nought, what is not known; a reason; nothing changed
	bad := priya.submit(grid, "", filled("do", "check", hubsFF, "lots", carersFF, "-5", parentingFF, "?")).is(http.StatusUnprocessableEntity)
	for cell, want := range map[string]string{hubsFF: "Amount must be a number, like 40000", carersFF: "Amount must be £0 or more", parentingFF: "Enter the amount"} {
		if !strings.Contains(bad.beside(cell), want) {
			t.Errorf("%s: %q", cell, bad.beside(cell))
		}
	}
	bad.says("Enter a reason for moving this money")
	// one column's bad cell does not hide another column's refusal
	two := priya.submit(grid, "", filled("do", "check", hubsFF, "lots", "cell.family-hubs;core", "600000", "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(two.beside("cell.family-hubs;core"), "This is £10,000 more than Core budget has left. Enter £590,000 or less.") {
		t.Error(two.beside("cell.family-hubs;core"))
	}
	priya.submit(grid, "", filled("do", "check", hubsFF, "420,000.00", "reason", "x")).is(http.StatusUnprocessableEntity).says("Nothing was changed")
	// a board's money, and what is spent
	board := priya.submit(grid, "", filled("do", "check", parentingFF, "63,999.99", "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(board.beside(parentingFF), "A board decided on £64,000 of this. Enter £64,000 or more") {
		t.Error(board.beside(parentingFF))
	}
	spent := priya.submit(grid, "", filled("do", "check", hubsFF, "", "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(spent.beside(hubsFF), "is promised, spent or a board's. Enter £") {
		t.Error(spent.beside(hubsFF))
	}
	// a term refuses, with its clause, until the ground for an exception is recorded
	panels := "cell.youth-inclusion;flying-start"
	term := priya.submit(grid, "", filled("do", "check", panels, "1000", "reason", "x")).is(http.StatusUnprocessableEntity)
	if got := term.beside(panels); !strings.Contains(got, "The terms do not allow this.") || !strings.Contains(got, "Children up to and including four years of age") {
		t.Error(got)
	}
	welsh := priya.in("cy").submit(priya.in("cy").get("/ledger/edit"), "", filled("do", "check", hubsFF, "516001", "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(welsh.beside(hubsFF), "Mae hyn £1 yn fwy nag sydd ar ôl gan Teuluoedd yn Gyntaf") || !strings.HasPrefix(welsh.title(), "Gwall:") {
		t.Error(welsh.beside(hubsFF), welsh.title())
	}
	if s.book().Sequence() != 1 {
		t.Error("something was saved")
	}
}

func TestEditSavesAndUndoes(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	check := priya.submit(priya.get("/ledger/edit"), "", filled("do", "check", hubsFF, "400000", carersFF, "190000", "reason", "Carers wait longest")).is(http.StatusOK)
	check.says("2 changes to allocations in 2026-27", "Family support hubs, Families First: £420,000 → £400,000", "Young carers, Families First: £180,000 → £190,000",
		"£10,000 of Families First moves from Family support hubs to Young carers", "Carers wait longest", "Nothing is saved yet")
	if got := check.rowText("left", "Families First"); got != "Families First £96,000 £106,000" {
		t.Error(got)
	}
	// Change leads back with everything typed.
	back := priya.submit(check, "", filled("do", "change")).is(http.StatusOK)
	if attr(back.field(hubsFF), "value") != "400,000" || !strings.Contains(nodeText(back.field("reason")), "Carers wait longest") {
		t.Error("what was typed is lost on the way back")
	}
	saved := priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	saved.says("2 allocations changed.", "Undo", "£400,000", "£190,000")
	if s.held("families-first", "family-hubs") != 400_000_00 || s.held("families-first", "young-carers") != 190_000_00 {
		t.Error("not as it was saved")
	}
	// the same form sent twice is done once, and reads as done
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK).says("2 allocations changed.")
	if s.book().Sequence() != 2 {
		t.Errorf("%d batches", s.book().Sequence())
	}
	head, _ := s.book().Head(2)
	if head.Reason != "Carers wait longest" || head.Author != "Priya Shah" || head.Role != "commissioner" {
		t.Errorf("%+v", head)
	}
	priya.submit(saved, "/history/2/undo", nil).is(http.StatusOK)
	if s.held("families-first", "family-hubs") != 420_000_00 || s.left("families-first") != 96_000_00 {
		t.Error("not undone")
	}
}

// A block of three services by four grants, pasted as a spreadsheet copies it.
func TestEditPastesABlock(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	grid := priya.get("/ledger/edit?year=2029-30")
	if attr(grid.field("cell.early-years;core"), "value") == "" {
		t.Fatal("core is not in 2029-30")
	}
	grid = priya.get("/ledger/edit")
	before := map[string]money.Pence{}
	y := s.web.Today().Year()
	b := s.book()
	var columns []string
	for n := range grid.field("at-column").Descendants() {
		if n.DataAtom == atom.Option {
			columns = append(columns, attr(n, "value"))
		}
	}
	services := []string{"family-hubs", "parenting", "play-holiday"}
	var lines []string
	for _, service := range services {
		var cells []string
		for _, award := range columns[:4] {
			all, _ := decide.Held(b, award, service, y)
			before[award+"/"+service] = all
			to := all + 100
			if all == 0 {
				to = 0
			}
			cells = append(cells, to.String())
		}
		lines = append(lines, strings.Join(cells, "\t"))
	}
	// places in the grid are by name: the rows follow one another
	pasted := priya.submit(grid, "", filled("do", "paste", "block", strings.Join(lines, "\r\n")+"\r\n", "at-service", "family-hubs", "at-column", columns[0])).is(http.StatusOK)
	pasted.says("12 cells were filled in from the block. Nothing is saved yet.")
	for i, service := range services {
		for j, award := range columns[:4] {
			if got := attr(pasted.field("cell."+service+";"+award), "value"); got != strings.Split(lines[i], "\t")[j] {
				t.Errorf("%s of %s: %q", service, award, got)
			}
		}
	}
	// an empty cell in the corner keeps the rest in its place
	corner := priya.submit(grid, "", filled("do", "paste", "block", "\t1\n2\t3", "at-service", "family-hubs", "at-column", columns[0])).is(http.StatusOK)
	if got := attr(corner.field("cell.family-hubs;"+columns[1]), "value"); got != "1" {
		t.Errorf("a blank first cell moved the block: %q", got)
	}
	// what does not fit is said, and nothing of it is put in
	lost := priya.submit(grid, "", filled("do", "paste", "block", "1\t2\n3\t4", "at-service", "youth-inclusion", "at-column", columns[len(columns)-1])).is(http.StatusUnprocessableEntity)
	lost.says("3 amounts of the block do not fit in the table")
}

// Twelve cells pasted are twelve changes on the check page, and one Undo takes
// them all back.
func TestEditTwelveChanges(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	grid := priya.get("/ledger/edit?year=2028-29")
	// 2028-29 has core alone: four services' worth of it in 2026-27 make twelve with three grants
	_ = grid
	y := s.web.Today().Year()
	type at struct{ award, service string }
	cells := map[at]money.Pence{}
	v := s.book().View(s.web.Today())
	for _, h := range v.AllHoldings() {
		if h.Year != y || len(cells) == 12 && cells[at{v.Name(h.Award), v.Name(h.Service)}] == 0 {
			continue
		}
		c := at{v.Name(h.Award), v.Name(h.Service)}
		if c.award == "nrf" {
			continue // over-allocated: nothing more may come off it
		}
		cells[c], _ = decide.Held(s.book(), c.award, c.service, y)
	}
	if len(cells) != 12 {
		t.Fatalf("%d cells", len(cells))
	}
	fill := filled("do", "check", "reason", "Prices")
	for c, p := range cells {
		fill.Set("cell."+c.service+";"+c.award, (p + 7).String())
	}
	check := priya.submit(priya.get("/ledger/edit"), "", fill).is(http.StatusOK)
	check.says("12 changes to allocations in 2026-27")
	lines := 0
	for n := range check.root.Descendants() {
		if n.DataAtom == atom.Li && strings.Contains(nodeText(n), "→") {
			lines++
		}
	}
	if lines != 12 {
		t.Errorf("%d changes listed", lines)
	}
	saved := priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	priya.submit(saved, "/history/2/undo", nil).is(http.StatusOK)
	for c, p := range cells {
		if now := s.held(c.award, c.service); now != p {
			t.Errorf("%v: %v, was %v", c, now, p)
		}
	}
}

func TestEditTwoPeopleOneCell(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	mine := priya.get("/ledger/edit")
	ready := priya.submit(mine, "", filled("do", "check", hubsFF, "410000", carersFF, "185000", "reason", "Mine")).is(http.StatusOK)
	other := s.as("priya")
	check := other.submit(other.get("/ledger/edit"), "", filled("do", "check", hubsFF, "400000", "reason", "Theirs")).is(http.StatusOK)
	other.submit(check, "", filled("do", "post")).is(http.StatusOK)
	for name, send := range map[string]func() *page{
		"from the grid": func() *page {
			return priya.submit(mine, "", filled("do", "check", hubsFF, "410000", carersFF, "185000", "reason", "Mine"))
		},
		"from the check page": func() *page { return priya.submit(ready, "", filled("do", "post")) },
	} {
		told := send().is(http.StatusUnprocessableEntity)
		if got := told.beside(hubsFF); !strings.Contains(got, "This was £420,000 when you opened it. Priya Shah has since made it £400,000. You wrote £410,000.") {
			t.Errorf("%s: %q", name, got)
		}
		if attr(told.field(hubsFF), "value") != "410000" && attr(told.field(hubsFF), "value") != "410,000" || !strings.HasPrefix(attr(told.field(carersFF), "value"), "185") || !strings.Contains(nodeText(told.field("reason")), "Mine") {
			t.Errorf("%s: what was typed is lost", name)
		}
		// to leave one's own is to choose it, having seen the other
		if name == "from the grid" {
			chosen := priya.submit(told, "", filled("do", "check", hubsFF, "410000", carersFF, "185000", "reason", "Mine")).is(http.StatusOK)
			chosen.says("Family support hubs, Families First: £400,000 → £410,000")
		}
	}
}

// Two browsers post for the last of an award: one has it, the other is told so
// at the cell and keeps what was typed.
func TestEditRaceForTheLast(t *testing.T) {
	s := demoServer(t)
	type side struct {
		b     *browser
		cell  string
		check *page
	}
	sides := []*side{{b: s.as("priya"), cell: hubsFF}, {b: s.as("priya"), cell: carersFF}}
	for _, x := range sides {
		to := "516000"
		if x.cell == carersFF {
			to = "276000"
		}
		x.check = x.b.submit(x.b.get("/ledger/edit"), "", filled("do", "check", x.cell, to, "reason", "The last £96,000")).is(http.StatusOK)
	}
	var wg sync.WaitGroup
	answers := make([]*page, len(sides))
	for i, x := range sides {
		wg.Go(func() { answers[i] = x.b.submit(x.check, "", filled("do", "post")) })
	}
	wg.Wait()
	won := 0
	for i, x := range sides {
		if answers[i].status == http.StatusOK {
			won++
			continue
		}
		if got := answers[i].beside(x.cell); !strings.Contains(got, "more than Families First has left") {
			t.Errorf("the one too late is told %q", got)
		}
		if v := attr(answers[i].field(x.cell), "value"); v != "516,000" && v != "276,000" {
			t.Errorf("and what was typed is %q", v)
		}
	}
	if won != 1 || s.left("families-first") != 0 || s.book().Sequence() != 2 {
		t.Errorf("%d won, %v left, %d batches", won, s.left("families-first"), s.book().Sequence())
	}
}

func TestEditIsNotForAll(t *testing.T) {
	s := demoServer(t)
	for who, paths := range map[string][]string{
		"sam": {"/ledger/edit", "/ledger/allocate", "/ledger/virement", "/ledger/exception", "/approvals"}, "chris": {"/ledger/virement", "/approvals"},
		"sue": {"/ledger/edit", "/ledger/virement", "/approvals"}, "aud": {"/ledger/edit", "/ledger/virement", "/ledger/exception"}, "fin": {"/ledger/edit", "/ledger/allocate", "/ledger/virement"}, "priya": {"/ledger/exception"}} {
		b := s.as(who)
		for _, path := range paths {
			b.get(path).is(http.StatusForbidden)
			if path != "/approvals" {
				b.post(path, filled("do", "post")).is(http.StatusForbidden)
			}
		}
	}
	priya := s.as("priya")
	priya.post("/ledger/edit", filled("do", "check", "cell.nowhere;core", "1", "was.nowhere;core", "0.00", "reason", "x")).is(http.StatusNotFound)
	priya.post("/ledger/edit", filled("do", "check", "cell.family-hubs", "1", "reason", "x")).is(http.StatusNotFound)
	priya.post("/ledger/edit", filled("do", "check", hubsFF, "1", "reason", "x")).is(http.StatusBadRequest) // without what it was
	priya.post("/ledger/edit", filled("do", "post", hubsFF, "x", "was.family-hubs;families-first", "420000.00", "reason", "x")).is(http.StatusBadRequest)
}

func TestAllocateOne(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	form := priya.get("/ledger/allocate?award=families-first").is(http.StatusOK)
	empty := priya.submit(form, "", filled("do", "check")).is(http.StatusUnprocessableEntity)
	empty.says("Choose a grant", "Choose a service", "Enter an amount", "Choose a year", "Enter a reason")
	good := filled("do", "check", "award", "families-first", "service", "young-carers", "amount", "100.01", "year", "2026-27", "reason", "Waiting list", "agreed", "5/1/2027",
		"objective.1", "safe-from-harm", "objective-share.1", "60", "objective.2", "heard", "objective-share.2", "40", "area.1", "east")
	with := func(pairs ...string) url.Values {
		v := maps.Clone(good)
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for field, c := range map[string]struct {
		fill url.Values
		want string
	}{
		"amount":    {with("amount", "96000.01"), "This is £0.01 more than Families First has left. Enter £96,000 or less."},
		"objective": {with("objective-share.2", "50"), "make the shares come to 100"},
		"agreed":    {with("agreed", "13/1/2027"), "Enter a date that is today or earlier"},
		"year":      {with("year", "soon"), "Choose a year"},
		"service":   {with("award", "flying-start", "service", "youth-inclusion"), "Children up to and including four years of age"},
	} {
		p := priya.submit(form, "", c.fill).is(http.StatusUnprocessableEntity).says(c.want)
		if !slices.Contains(p.links(), "#f-"+field) {
			t.Errorf("%s: the summary does not lead there", field)
		}
		if got := attr(p.field("amount"), "value"); got != c.fill.Get("amount") {
			t.Errorf("%s: the amount typed is lost: %q", field, got)
		}
	}
	check := priya.submit(form, "", good).is(http.StatusOK)
	check.says("£100.01 of Families First goes on Young carers in 2026-27.", "£60.01 for Safe from harm, East", "£40.00 for Heard, East", "The terms recorded allow it.", "5 January 2027")
	saved := priya.submit(check, "", filled("do", "post")).is(http.StatusOK).says("Allocation saved.")
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	if s.book().Sequence() != 2 || s.held("families-first", "young-carers") != 180_100_01 {
		t.Errorf("%d batches, %v", s.book().Sequence(), s.held("families-first", "young-carers"))
	}
	if head, _ := s.book().Head(2); head.Reason != "Waiting list (agreed on 5 January 2027)" {
		t.Error(head.Reason)
	}
	back := priya.submit(check, "", filled("do", "change")).is(http.StatusOK)
	if attr(back.field("objective-share.1"), "value") != "60" {
		t.Error("the split is lost on the way back")
	}
	priya.submit(saved, "/history/2/undo", nil).is(http.StatusOK)
	priya.in("cy").get("/ledger/allocate").is(http.StatusOK).says("Am ba wasanaeth y dylai'r arian hwn dalu?")
}

// Finance records the ground, and then the money may be allocated.
func TestExceptionLetsATermBeSetAside(t *testing.T) {
	s := demoServer(t)
	fin, priya := s.as("fin"), s.as("priya")
	form := fin.get("/ledger/exception?award=flying-start&service=youth-inclusion&term=fs-ages").is(http.StatusOK)
	form.says("Why may this grant pay for this service?", "It pays for ages")
	fin.submit(form, "", filled("award", "flying-start", "service", "youth-inclusion", "term", "nrf-areas")).is(http.StatusUnprocessableEntity).says("Choose a term of this grant", "Enter the ground for the exception")
	for _, term := range []string{"fs-ages", "fs-areas", "fs-objectives"} {
		form = fin.get("/ledger/exception?award=flying-start&service=youth-inclusion&term=" + term)
		fin.submit(form, "", filled("award", "flying-start", "service", "youth-inclusion", "term", term, "ground", "Letter of 4 January 2027")).is(http.StatusOK).says("The exception is recorded: Flying Start may pay for Youth inclusion panels.")
	}
	check := priya.submit(priya.get("/ledger/edit"), "", filled("do", "check", "cell.youth-inclusion;flying-start", "1000", "reason", "As the letter allows")).is(http.StatusOK)
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	if s.held("flying-start", "youth-inclusion") != 1000_00 {
		t.Error("not allocated")
	}
}

func TestVirementAndItsLimits(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	form := priya.get("/ledger/virement").is(http.StatusOK)
	form.says("You may move up to £50,000 at one time alone.", "You may move up to £100,000 in a year alone, of which £0 is used by your role.", "Finance is told of what you do alone")
	priya.submit(form, "", filled("do", "check")).is(http.StatusUnprocessableEntity).says("Choose a grant", "Choose a service", "Enter an amount", "Choose a year", "Enter a reason")
	ask := func(amount string, more ...string) url.Values {
		f := filled("do", "check", "award", "families-first", "from", "family-hubs", "to", "young-carers", "year", "2026-27", "amount", amount, "reason", "Carers")
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	priya.submit(form, "", ask("1", "to", "")).is(http.StatusUnprocessableEntity).says("Choose another service, or another grant")
	priya.submit(form, "", ask("1", "to-award", "core")).is(http.StatusUnprocessableEntity).says("Make two moves of it")
	free := ownMoney(s.book(), "families-first", "family-hubs", s.web.Today().Year())
	priya.submit(form, "", ask((free+1).String())).is(http.StatusUnprocessableEntity).says("This is £0.01 more than Family support hubs has from Families First", "Enter "+pounds(free)+" or less")

	over := priya.submit(form, "", ask("50000.01")).is(http.StatusOK)
	over.says("This moves £50,000.01. One person in the role commissioner may move up to £50,000 at a time.", "Approval is needed from: finance.", "Ask for approval").silent("Confirm")
	at := priya.submit(form, "", ask("50000")).is(http.StatusOK)
	at.says("£50,000 of Families First moves from Family support hubs to Young carers in 2026-27.", "Family support hubs, Families First: £420,000 → £370,000", "Young carers, Families First: £180,000 → £230,000", "You may do this alone.")
	// the limit holds where it is posted, not only where it is shown
	priya.submit(over, "", filled("do", "post")).is(http.StatusUnprocessableEntity).says("This now needs approval")
	priya.submit(at, "", filled("do", "post")).is(http.StatusOK).says("£50,000 moved.")
	priya.submit(at, "", filled("do", "post")).is(http.StatusOK).says("£50,000 moved.")
	if s.book().Sequence() != 2 || s.held("families-first", "young-carers") != 230_000_00 {
		t.Errorf("%d batches, %v", s.book().Sequence(), s.held("families-first", "young-carers"))
	}
	// one move cannot be made as several: £100,000 a year, and a penny over it
	priya.get("/ledger/virement").says("of which £50,000 is used by your role")
	back := func(amount string) url.Values { return ask(amount, "from", "young-carers", "to", "family-hubs") }
	second := priya.submit(form, "", back("50000")).is(http.StatusOK).says("You may do this alone.")
	priya.submit(second, "", filled("do", "post")).is(http.StatusOK)
	priya.submit(form, "", ask("0.01")).is(http.StatusOK).says("£100,000 was moved earlier this year. The role commissioner may move up to £100,000 in a year without approval.", "Ask for approval")
	priya.in("cy").get("/ledger/virement").is(http.StatusOK).says("Symud arian sydd eisoes wedi'i ddyrannu", "Cewch symud hyd at £50,000")
}

// C4: take £40,000 of Children's Fund off a service and put core on it.
func TestVirementBetweenGrants(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	form := priya.get("/ledger/virement")
	cf, core := s.held("childrens-fund", "youth-inclusion"), s.held("core", "youth-inclusion")
	check := priya.submit(form, "", filled("do", "check", "award", "childrens-fund", "from", "youth-inclusion", "to-award", "core", "year", "2026-27", "amount", "£40,000", "reason", "Children's Fund ends")).is(http.StatusOK)
	check.says("£40,000 of Children's Fund comes off Youth inclusion panels, and Core budget pays instead in 2026-27.", "Youth inclusion panels, Children's Fund: £240,000 → £200,000", "Youth inclusion panels, Core budget: £50,000 → £90,000")
	saved := priya.submit(check, "", filled("do", "post")).is(http.StatusOK).says("£40,000 moved.")
	if s.held("childrens-fund", "youth-inclusion") != cf-40_000_00 || s.held("core", "youth-inclusion") != core+40_000_00 {
		t.Error("not moved")
	}
	priya.submit(saved, "/history/2/undo", nil).is(http.StatusOK)
	if s.held("childrens-fund", "youth-inclusion") != cf || s.held("core", "youth-inclusion") != core {
		t.Error("not undone")
	}
	nothing := priya.submit(form, "", filled("do", "check", "award", "nrf", "from", "parenting", "to-award", "core", "year", "2026-27", "amount", "1", "reason", "x")).is(http.StatusUnprocessableEntity)
	nothing.says("Parenting programme has nothing from NRF that officers may move.")
}

func TestWholeTermIsAColumn(t *testing.T) {
	if c := (gridColumn{"a", fiscal.Term}); c.key() != "a;term" || cellKey("s", c) != "s;a;term" {
		t.Error(c.key())
	}
}

// Salford's one sum for three years is a column of its own, what is not known of
// the others is said, and they may be allocated from all the same.
func TestEditOfWholeTermAndUnknownFigures(t *testing.T) {
	s := emptyServer(t, fiscal.MustDate("2005-09-01"))
	files, err := seed.FS("salford")
	if err != nil {
		t.Fatal(err)
	}
	im, err := exchange.ReadFS(files, exchange.Options{Author: "seed", Reason: "The paper of 2005", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		plan, err := im.Plan(b)
		if err != nil {
			return nil, err
		}
		return plan.Draft, nil
	}); err != nil {
		t.Fatal(err)
	}
	s.populate([]seed.Person{{ID: "priya", Name: "Priya Shah", Email: "p@salford.example", Language: "en", Role: "commissioner"}})
	priya := s.as("priya")
	grid := priya.get("/ledger/edit").is(http.StatusOK)
	grid.says("the whole term, ends 31 Mar 2008", "Not known", "£2,700,000 is left to allocate in 2005-06. Of 3 more grants it is not known.")
	var service string
	for id := range s.book().Services {
		service = id
		break
	}
	term, unknown := "cell."+service+";childrens-fund-2005-8;term", "cell."+service+";camhs-2005-06"
	if got := attr(grid.field(unknown), "data-left"); got != "" {
		t.Errorf("what is left of an award not known: %q", got)
	}
	left := s.book().Balance(ledger.Account{Stage: ledger.Awarded, Award: "childrens-fund-2005-8", Year: fiscal.Term})
	held, _ := decide.Held(s.book(), "childrens-fund-2005-8", service, fiscal.Term)
	over := priya.submit(grid, "", filled("do", "check", term, (held+left+1).String(), "reason", "x")).is(http.StatusUnprocessableEntity)
	if !strings.Contains(over.beside(term), "This is £0.01 more than") || !strings.Contains(over.beside(term), "(the whole term)") {
		t.Error(over.beside(term))
	}
	check := priya.submit(grid, "", filled("do", "check", term, (held+100_00).String(), unknown, "5000", "reason", "As the paper says")).is(http.StatusOK)
	if got := check.rowText("left", s.book().AwardName("camhs-2005-06")); !strings.Contains(got, "Not known Not known") {
		t.Error(got)
	}
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	if now, _ := decide.Held(s.book(), "childrens-fund-2005-8", service, fiscal.Term); now != held+100_00 {
		t.Errorf("the whole term has %v", now)
	}
	if now, _ := decide.Held(s.book(), "camhs-2005-06", service, fiscal.Year(2005)); now != 5000_00 {
		t.Errorf("the award of unknown size has %v", now)
	}
}

// An officer of an area changes what works there, and is told nothing of the rest.
func TestEditWithinAnArea(t *testing.T) {
	s := demoServer(t)
	east, err := people.New("Eve East", "eve@demo.example", "en")
	if err != nil {
		t.Fatal(err)
	}
	east.ID = "eve"
	east.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Commissioner, Area: "east", From: s.web.Today().AddMonths(-1), GivenBy: "test"}}
	if err := s.store.People().Save(context.Background(), east, people.Event{Who: "test", What: "person-added", About: "eve"}); err != nil {
		t.Fatal(err)
	}
	eve := s.as("eve")
	grid := eve.get("/ledger/edit").is(http.StatusOK)
	grid.says("Play and holiday scheme").silent("Speech and language early help", "Dads' group")
	for _, path := range []string{"/ledger/edit", "/ledger/allocate", "/ledger/virement"} {
		eve.get(path).is(http.StatusOK).silent("Speech and language early help")
	}
	eve.post("/ledger/edit", filled("do", "check", "cell.speech-language;core", "1", "was.speech-language;core", "70000.00", "reason", "x")).is(http.StatusNotFound)
	eve.post("/ledger/allocate", filled("do", "check", "award", "core", "service", "speech-language", "amount", "1", "year", "2026-27", "reason", "x")).is(http.StatusNotFound)
	eve.post("/ledger/virement", filled("do", "check", "award", "core", "from", "speech-language", "to", "early-years", "amount", "1", "year", "2026-27", "reason", "x")).is(http.StatusNotFound)
	s.asked()
	eve.get("/approvals").is(http.StatusOK).says("1 request waits for approval")
	eve.get("/approvals/ask-2").is(http.StatusOK).says("Finance decides on this.")
	priya := s.as("priya")
	check := priya.submit(priya.get("/ledger/virement"), "", filled("do", "check", "award", "core", "from", "early-years", "to", "speech-language", "year", "2026-27", "amount", "60000", "reason", "Speech")).is(http.StatusOK)
	priya.submit(check, "", filled("do", "ask")).is(http.StatusOK)
	eve.get("/approvals/ask-3").is(http.StatusNotFound)
	eve.get("/approvals").is(http.StatusOK).says("1 request waits for approval").silent("Speech")
}

// A term that lacks a fact does not stop the money, and is said before saving.
func TestEditSaysWhichTermsLackAFact(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	check := priya.submit(priya.get("/ledger/edit"), "", filled("do", "check", "cell.family-hubs;flying-start", "1000", "reason", "A trial")).is(http.StatusOK)
	check.says("Terms that could not be checked", "Flying Start, Family support hubs: ", "You may go on. Somebody should look.")
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK).says("1 allocation changed.")
}

// A large council's grid is drawn in pages, and within the time of a page.
func TestEditLargeCouncil(t *testing.T) {
	dir := t.TempDir()
	if err := (seed.Large{Lines: 20_000, Number: 3}).Write(dir); err != nil {
		t.Fatal(err)
	}
	st, _ := largeStore(t, dir)
	s := serveStore(t, st, fiscal.MustDate("2026-09-01"))
	s.populate([]seed.Person{{ID: "priya", Name: "Priya Shah", Email: "p@large.example", Language: "en", Role: "commissioner"}})
	priya := s.as("priya")
	priya.get("/ledger/edit?year=2026-27")
	began := time.Now()
	p := priya.get("/ledger/edit?year=2026-27&page=2").is(http.StatusOK)
	took := time.Since(began)
	cells := 0
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Input && strings.HasPrefix(attr(n, "name"), "cell.") {
			cells++
		}
	}
	if cells == 0 || 2*cells+10 > form.MaxFields {
		t.Errorf("%d cells", cells)
	}
	t.Logf("%d cells, %d bytes, %v with reading it back", cells, len(p.body), took)
	if took > 5*time.Second {
		t.Errorf("%d cells take %v", cells, took)
	}
}
