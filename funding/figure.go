package funding

import (
	"cmp"
	"slices"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Figure is one statement of an award's total for a financial year, or for its
// whole term (fiscal.Term). It gives the new total, not a change to the last.
type Figure struct {
	Award      string
	Year       fiscal.Year
	Amount     money.Amount
	Certainty  Certainty
	StatedOn   fiscal.Date // blank: before every dated statement
	SaidBy     string
	ValidUntil fiscal.Date // last day the assurance is good; blank: no limit
	Source     string
	Order      int // the place it was recorded in, between statements of one day
}

// Certainty is how sure a statement is, from least to most. Revised and clawed
// back come after an award is confirmed, and are as sure.
type Certainty uint8

const (
	CertaintyNotStated Certainty = iota
	Assumed
	Applied
	Indicative
	Provisional
	Announced
	Confirmed
	Revised
	ClawedBack
)

var certaintyWords = []string{"not stated", "assumed", "applied", "indicative", "provisional", "announced", "confirmed", "revised", "clawed back"}

func (c Certainty) String() string { return wordFor(certaintyWords, int(c)) }

func ParseCertainty(text string) (Certainty, error) {
	i, err := readLabel("certainty", text, certaintyWords)
	return Certainty(i), err
}

// Secured money may be allocated. A blank certainty secures nothing.
func (c Certainty) Secured() bool { return c >= Confirmed && c <= ClawedBack }

// Standing is what statements come to on a day.
type Standing struct {
	Amount    money.Amount
	Certainty Certainty // as it stands that day: a lapsed assurance is assumed
	Figure    Figure    // the statement that stands
	Known     bool      // false: nothing has been stated; the amount means nothing
}

// Stand says what one award is worth in one year, on a day. Statements are
// replayed by date, undated ones first. A less certain one never replaces a
// more certain one, except that revised and clawed back replace any.
//
// Unsecured is what has been said on top: the surest statement where nothing is
// secured, or one that differs from the secured figure and was not stated on an
// earlier day. It is shown apart and never netted.
func Stand(figures []Figure, asAt fiscal.Date) (secured, unsecured Standing) {
	return standOn(inOrderStated(figures), asAt)
}

func inOrderStated(figures []Figure) []Figure {
	return slices.SortedStableFunc(slices.Values(figures), func(a, b Figure) int {
		return cmp.Or(cmp.Compare(a.StatedOn, b.StatedOn), cmp.Compare(a.Order, b.Order))
	})
}

func standOn(figures []Figure, asAt fiscal.Date) (secured, unsecured Standing) {
	for _, f := range figures {
		if f.StatedOn > asAt {
			break
		}
		said := Standing{Amount: f.Amount, Certainty: f.certaintyOn(asAt), Figure: f, Known: true}
		switch {
		case said.Certainty.Secured():
			secured = said // the latest secured paper rules, whichever of the three it is
			if unsecured.Figure.StatedOn < f.StatedOn {
				unsecured = Standing{} // it has been overtaken
			}
		case !unsecured.Known || said.Certainty >= unsecured.Certainty:
			unsecured = said
		}
	}
	if secured.Known && (unsecured.Amount.IsUnknown() || unsecured.Amount == secured.Amount) {
		unsecured = Standing{} // it adds nothing to what is secured
	}
	return secured, unsecured
}

// certaintyOn is the certainty a statement still has on a day.
func (f Figure) certaintyOn(day fiscal.Date) Certainty {
	if !f.ValidUntil.IsZero() && day > f.ValidUntil && f.Certainty > Assumed {
		return Assumed
	}
	return f.Certainty
}

// Step is a day on which the secured total becomes another.
type Step struct {
	On    fiscal.Date // zero when the statement is undated
	Total money.Amount
}

// Steps gives the secured total as a series of days and totals; before the
// first, and where nothing is secured any more, it is £0. The ledger posts the
// differences, so that its award account agrees with Stand on every day.
func Steps(figures []Figure) []Step {
	figures = inOrderStated(figures)
	var days []fiscal.Date
	for _, f := range figures {
		days = append(days, f.StatedOn)
		if !f.ValidUntil.IsZero() {
			days = append(days, f.ValidUntil.AddDays(1))
		}
	}
	slices.Sort(days)

	var steps []Step
	total := money.Known(0)
	for _, day := range slices.Compact(days) {
		now := money.Known(0)
		if secured, _ := standOn(figures, day); secured.Known {
			now = secured.Amount
		}
		if now != total {
			steps = append(steps, Step{On: day, Total: now})
			total = now
		}
	}
	return steps
}
