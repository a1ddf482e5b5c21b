package words

import (
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Finding gives a finding's title, and its reason in a sentence or two.
func (r *Reader) Finding(v *ledger.View, f *check.Finding) (title, because string) {
	t, b := f.Says()
	parts := make([]string, 0, len(b))
	for _, s := range b {
		if !s.IsZero() {
			parts = append(parts, r.Sentence(v.Book, s))
		}
	}
	return r.Sentence(v.Book, t), strings.Join(parts, " ")
}

// Missing gives the fact to record, blank where none is.
func (r *Reader) Missing(v *ledger.View, f *check.Finding) string {
	return r.Sentence(v.Book, f.Lacks)
}

// Sentence gives what a finding, a forecast or a plan says.
func (r *Reader) Sentence(b *ledger.Book, s check.Sentence) string {
	if s.IsZero() {
		return ""
	}
	facts := make([]any, 0, 2*len(s.Args))
	for _, a := range s.Args {
		text := r.fact(b, a.Value)
		if a.Name == "Unit" {
			text = r.unit(text)
		}
		facts = append(facts, a.Name, text)
	}
	if n, counts := s.Arg("Count").(int); counts {
		return r.N(s.ID(), n, facts...)
	}
	return r.T(s.ID(), facts...)
}

// unit says what is counted: a common one in the reader's language, any other
// as it was entered.
func (r *Reader) unit(text string) string {
	if id := "unit." + strings.ReplaceAll(strings.ToLower(text), " ", "-"); r.Has(id) && r.lang == Welsh {
		return r.T(id)
	}
	return r.T("unit.other", "Unit", text)
}

// fact writes one fact of a sentence, or of a ruling.
func (r *Reader) fact(b *ledger.Book, value any) string {
	switch v := value.(type) {
	case money.Sum:
		return r.sum(v, money.Pence.Whole)
	case money.Pence:
		return v.Whole()
	case check.Exact:
		return money.Pence(v).Exact()
	case money.Share:
		return r.near(v)
	case fiscal.Date:
		if v.IsZero() {
			return ""
		}
		return r.Date(v)
	case fiscal.Year:
		return r.Year(v)
	case fiscal.Period:
		return r.Period(v)
	case int:
		return strconv.Itoa(v)
	case check.Heads:
		if v < 5 {
			return r.T("fewer-than-5")
		}
		return r.Count(int(v))
	case commissioning.Ages:
		return r.ages(v.Known, int(v.From), int(v.To))
	case funding.Ages:
		if v.To < 120 { // a term says "4 to 4"
			return r.T("ages-from-to", "From", int(v.From), "To", int(v.To))
		}
		return r.ages(v.Known, int(v.From), int(v.To))
	case check.Name:
		if r.lang == English || b == nil {
			return v.Text
		}
		if name := r.NameOf(b, v.Register, v.ID); name.Lang == "" && name.Text != v.ID {
			return name.Text
		}
		return v.Text
	case check.List:
		return r.List(r.each(b, v))
	case check.Series:
		return strings.Join(r.each(b, v), "; ")
	case funding.Either:
		if n := len(v); n > 1 {
			return r.T("list-or", "First", strings.Join(v[:n-1], ", "), "Last", v[n-1])
		}
		return strings.Join(v, "")
	case funding.Every:
		if r.lang == English {
			return strings.Join(v, " and ")
		}
		return r.List(v)
	case check.Sentence:
		return r.Sentence(b, v)
	case funding.Ruling:
		return r.Ruling(v)
	case check.Reason:
		return r.T("finding.alike."+v.Code, "A", v.A, "B", v.B)
	case string:
		return v
	}
	return ""
}

func (r *Reader) each(b *ledger.Book, values []any) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = r.fact(b, v)
	}
	return texts
}

// sum writes a total within a sentence.
func (r *Reader) sum(s money.Sum, form func(money.Pence) string) string {
	switch s.State() {
	case money.NotKnown:
		return r.T("sum-not-known")
	case money.AtLeast:
		return r.T("at-least", "Amount", form(s.Pence()))
	}
	return form(s.Pence())
}

// near writes a share so that what is not quite nothing or not quite all does
// not read as nothing or all.
func (r *Reader) near(s money.Share) string {
	whole, _ := money.NewShare(1, 1)
	switch n := s.Of(100); {
	case n == 0 && !s.IsZero():
		return r.T("under-one-percent")
	case n == 100 && s.Cmp(whole) < 0:
		return r.T("over-99-percent")
	}
	return r.Share(s)
}

func (r *Reader) ages(known bool, from, to int) string {
	switch {
	case !known:
		return r.T("ages-not-known")
	case from == to:
		return strconv.Itoa(from)
	case to >= 120:
		return r.T("ages-and-over", "From", from)
	}
	return r.T("ages-from-to", "From", from, "To", to)
}

// Period names the first and the last day of a period.
func (r *Reader) Period(p fiscal.Period) string {
	switch {
	case p.From.IsZero() && p.To.IsZero():
		return r.T("period-any")
	case p.To.IsZero():
		return r.T("period-from", "From", r.Date(p.From))
	case p.From.IsZero():
		return r.T("period-until", "To", r.Date(p.To.AddDays(-1)))
	}
	return r.T("period-from-to", "From", r.Date(p.From), "To", r.Date(p.To.AddDays(-1)))
}

// Ruling gives the ground of a ruling: the term it rests on, what it says, and
// its clause. Blank where the award allows the use.
func (r *Reader) Ruling(ruling funding.Ruling) string {
	if ruling.Code == "" {
		return ruling.Reason
	}
	args, term := ruling.Args, ruling.Term
	var facts []any
	if term != nil && len(args) >= 2 {
		facts, args = append(facts, "Term", args[0], "Owner", args[1], "Rule", r.T("finding.rule."+strings.ReplaceAll(term.Rule.String(), " ", "-"))), args[2:]
	}
	for i, arg := range args {
		facts = append(facts, string(rune('A'+i)), r.ruled(ruling.Code, arg))
	}
	if ruling.Code == "award-period" {
		runs := ""
		if len(args) > 3 {
			runs = r.T("ruling.service-runs", "Period", r.fact(nil, args[3]))
		}
		facts = append(facts, "Runs", runs)
	}
	text := r.T("ruling."+ruling.Code, facts...)
	if term == nil {
		return text
	}
	text = r.T("ruling.term", facts...) + " " + text
	if term.Clause != "" {
		text += " " + r.T("ruling.clause", "Clause", term.Clause)
	}
	return text
}

// ruled writes one fact of a ruling: amounts to the penny, the name of a fact
// that is missing in the reader's language.
func (r *Reader) ruled(code string, arg any) string {
	switch v := arg.(type) {
	case money.Sum:
		return r.sum(v, money.Pence.Exact)
	case money.Pence:
		return v.Exact()
	case fiscal.Year:
		return v.String()
	case string:
		if code == "term-missing" || code == "term-condition" {
			return r.T("finding.lack." + strings.ReplaceAll(v, " ", "-"))
		}
		if dimension, id, _ := strings.Cut(v, " "); strings.HasPrefix(code, "share-") {
			if dimension == "moves" { // moves this year
				return r.T("ruling.moves")
			}
			if r.Has("finding.dimension." + dimension) {
				return r.T("finding.dimension."+dimension, "ID", id)
			}
		}
		return v
	}
	return r.fact(nil, arg)
}
