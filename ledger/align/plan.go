package align

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// Options say what a plan is for and what it must leave alone.
type Options struct {
	From, To    fiscal.Year     // the years planned for, within the forecast's; blank: the year after the view's date
	Protected   map[string]bool // services that are to keep at least what they have
	Without     []Pair          // awards that are to put nothing new on services
	DoubtsAllow bool            // treat what a term cannot be told to allow as allowed
}

// Pair is an award and a service.
type Pair struct{ Award, Service string }

// Plan is who should pay for what. It is a proposal: nothing is written.
type Plan struct {
	From, To fiscal.Year
	Moves    []Move
	Carries  []Carry
	Short    []Shortfall
	Unused   []Unused
	Value    []Reached // the aims, in order
	Worth    []Worth
	Doubts   []Doubt

	// Exact is false where shares of one award cross, so that the plan may not be
	// the best there is; Within is then the most by which it can fall short of
	// the best at aim Aim, in that aim's own measure.
	Exact  bool
	Within money.Pence
	Aim    Aim

	work *work
	put  map[place]money.Pence
}

type place struct {
	award, service string
	year           fiscal.Year
}

// Put is what the plan puts on a service from an award in a year, with what
// stays where it is.
func (p *Plan) Put(award, service string, year fiscal.Year) money.Pence {
	return p.put[place{award, service, year}]
}

// Move is money of one award put on, or taken off, one service in one year.
// Was and To are all of it; but where several labels of one award and service
// change (money comes off a label that a term refuses, and onto another), each
// label is a move of its own.
type Move struct {
	Award, Service string
	Year           fiscal.Year
	Was, To        money.Pence
	Label          ledger.Label
	Because        []sentence.Sentence
}

// Change is what the move adds; negative where it takes away.
func (m Move) Change() money.Pence { return m.To - m.Was }

// Carry is money of an award moved to another year, where its terms permit it;
// from fiscal.Term it is drawn from money for the whole term.
type Carry struct {
	Award    string
	From, To fiscal.Year
	Amount   money.Pence
	Because  []sentence.Sentence
}

// Shortfall is a service that stays short in a year, and what binds.
type Shortfall struct {
	Service    string
	Year       fiscal.Year
	Short, Was money.Pence // as planned, and as things are
	Cost       money.Pence
	Statutory  bool
	Because    []sentence.Sentence
}

// Unused is money of an award that the plan puts nowhere.
type Unused struct {
	Award   string
	Year    fiscal.Year
	Amount  money.Pence
	Lost    bool // it ends with the year, or with its award
	Because []sentence.Sentence
}

// Aim is one of the things a plan is for, in order.
type Aim uint8

// The aims.
const (
	HoldTerms Aim = iota
	FundDuties
	CoverNeed
	UseEndingFirst
	DutiesOnLasting
	ChangeLeast
	aims
)

var aimWords = [...]string{"hold-terms", "fund-duties", "cover-need", "use-ending-first", "duties-on-lasting", "change-least"}

func (a Aim) String() string {
	if int(a) < len(aimWords) {
		return aimWords[a]
	}
	return "unknown"
}

// Reached is how far an aim is from met, before and after; less is better.
// Before and After are pounds and pence; Weighed are what is compared, where
// pence count by weight.
type Reached struct {
	Aim                         Aim
	Before, After               money.Pence
	BeforeWeighed, AfterWeighed int64
	Says                        sentence.Sentence
}

// Worth is where £1 more of an award's money in a year would go.
type Worth struct {
	Award   string
	Year    fiscal.Year
	Service string // blank: nothing more may use it, or nothing is short
	Aim     Aim    // the aim it would serve, where it goes to a service
	Says    sentence.Sentence
}

// Doubt is something not known that stands in the plan's way.
type Doubt struct {
	Award    string
	Services []string
	Year     fiscal.Year // blank: every year of the plan
	Term     string      // its id; blank where no term is meant
	Missing  string      // the fact to record
	Gain     money.Pence // how much less would be short, were it allowed
	Ruling   funding.Ruling
	Says     []sentence.Sentence
}
