package money

// Amount is one figure, known or unknown. The zero value is a known £0.
// Amounts may be compared with ==.
type Amount struct {
	pence   Pence
	unknown bool
}

// Unknown is an amount nobody has stated yet.
var Unknown = Amount{unknown: true}

// Known makes an amount of p.
func Known(p Pence) Amount { return Amount{pence: p} }

// Known returns the pence, and false when the amount is unknown.
func (a Amount) Known() (Pence, bool) { return a.pence, !a.unknown }

// IsUnknown reports whether nobody has stated the amount.
func (a Amount) IsUnknown() bool { return a.unknown }

// String is "1234.56", or "?" when unknown.
func (a Amount) String() string {
	if a.unknown {
		return "?"
	}
	return a.pence.String()
}

// State says how much of a Sum is known.
type State uint8

const (
	Exact    State = iota // every part is known
	AtLeast               // a part is unknown, and there is more besides
	NotKnown              // a part is unknown, and what is known comes to nothing
)

func (s State) String() string {
	switch s {
	case Exact:
		return "exact"
	case AtLeast:
		return "at least"
	}
	return "not known"
}

// Sum is a total that remembers whether a part was unknown. The zero value is
// an empty total, a known £0. A total that has passed £100bn stays not known,
// with an Err, whatever is added later.
type Sum struct {
	known   Pence
	unknown bool
	over    bool
}

// Add adds one amount.
func (s *Sum) Add(a Amount) {
	s.Merge(Sum{known: a.pence, unknown: a.unknown})
}

// AddPence adds a known sum.
func (s *Sum) AddPence(p Pence) { s.Merge(Sum{known: p}) }

// Merge adds another total.
func (s *Sum) Merge(t Sum) {
	known, err := s.known.Add(t.known)
	if err != nil || s.over || t.over {
		*s = Sum{over: true, unknown: true}
		return
	}
	s.known = known
	s.unknown = s.unknown || t.unknown
}

// Pence returns the known part.
func (s Sum) Pence() Pence { return s.known }

// IsNought reports a sum that is known, and comes to nothing.
func (s Sum) IsNought() bool { return s.State() == Exact && s.known == 0 }

// State says whether the known part is all of it.
func (s Sum) State() State {
	switch {
	case !s.unknown:
		return Exact
	case s.known != 0:
		return AtLeast
	}
	return NotKnown
}

// Err reports a total beyond £100bn.
func (s Sum) Err() error {
	if s.over {
		return &OutOfRange{"A total"}
	}
	return nil
}

// String is "1234.56", "at least 1234.56" or "?".
func (s Sum) String() string { return s.print(Pence.String, "?") }

// Whole is the form of screens: "£1,000", "at least £1,000", "not known".
func (s Sum) Whole() string { return s.print(Pence.Whole, "not known") }

func (s Sum) print(form func(Pence) string, notKnown string) string {
	switch s.State() {
	case Exact:
		return form(s.known)
	case AtLeast:
		return "at least " + form(s.known)
	}
	return notKnown
}
