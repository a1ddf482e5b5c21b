package align

import "braid/ledger/money"

// instance is what is to be aligned as plain numbers, without a ledger: so that
// tests can build any, and other solvers can be asked the same.
type instance struct {
	Sources []source
	Wants   []want
	Uses    []use
	Carries []carry
}

// source is an award in a year (or its money for the whole term, which has
// carries and no uses).
type source struct {
	Group   int32         // sources and wants of one group may touch; groups are solved apart
	Money   money.Pence   // what the plan may use
	Owed    money.Pence   // what it is over by, in money that stays where it is; then Money is nought
	Most    money.Pence   // of all its uses together; noLimit where nothing limits it
	Caps    []money.Pence // of its uses that a cap counts, by bit
	Addable money.Pence   // of what it adds to uses, beside what is carried in; noLimit where its money may be moved freely
	Keep    int8          // aim 4: what a penny of its use weighs; 0 ends or is tied
	Lasting bool          // aim 5
}

// want is a service in a year: what it still costs, in parts. The first part is
// the most pressing.
type want struct {
	Group     int32
	Parts     [3]part // within the floor, within known need, the rest; may be nought
	Over      money.Pence
	Statutory bool
}

// part is some of a cost, with what a penny of it not covered weighs.
type part struct {
	Amount money.Pence
	Floor  bool
	Value  int64
}

// use is money of a source on a want: what is there today and may stay, and
// whether more may come.
type use struct {
	Source, Want int32
	Was          money.Pence // may be kept
	Add          bool
	Locked       bool   // a term asks that what is there stays
	Caps         uint32 // the caps of its source that count it
}

// Within the first aim an award's own figure comes before its terms, and terms
// before the floors of protected services: an award never pays more than it has
// to keep a floor.
const (
	owedWeight = 1 << 10
	termWeight = 1 << 5
)

// moveWeight is what a penny moved weighs at the aim of changing least; onto
// what an award does not pay for today it weighs one more, so that a plan has
// few new lines.
const moveWeight = 2

func (u *use) addWeight() int64 {
	if u.Was > 0 {
		return moveWeight
	}
	return moveWeight + 1
}

// carry lets a source's money become another's. Where the other's additions are
// limited, what is carried in may be added beside them, unless match limits it.
type carry struct {
	From, To int32
	Most     money.Pence
}

const noLimit = money.Pence(1) << 50

// score is what a plan comes to at each aim; less is better.
type score [aims]int64

func (s score) compare(t score) int {
	for k := range s {
		switch {
		case s[k] < t[k]:
			return -1
		case s[k] > t[k]:
			return 1
		}
	}
	return 0
}

func (s score) plus(t score) score {
	for k := range s {
		s[k] += t[k]
	}
	return s
}

// answer is how an instance's money is used.
type answer struct {
	Kept, Added []money.Pence // by use
	Carried     []money.Pence // by carry
}

// put is what a use comes to.
func (a *answer) put(u int) money.Pence { return a.Kept[u] + a.Added[u] }

// asIs is the answer that changes nothing.
func (in *instance) asIs() *answer {
	a := &answer{Kept: make([]money.Pence, len(in.Uses)), Added: make([]money.Pence, len(in.Uses)), Carried: make([]money.Pence, len(in.Carries))}
	for i := range in.Uses {
		a.Kept[i] = in.Uses[i].Was
	}
	return a
}

// score works an answer out at each aim, from the amounts alone.
func (in *instance) score(a *answer) (s score) {
	covered := make([]money.Pence, len(in.Wants))
	for _, c := range a.Carried {
		s[ChangeLeast] += moveWeight * int64(c)
	}
	for i := range in.Uses {
		u := &in.Uses[i]
		from := &in.Sources[u.Source]
		put := a.put(i)
		covered[u.Want] += put
		off := u.Was - a.Kept[i]
		if u.Locked {
			s[HoldTerms] += termWeight * int64(off)
		}
		s[UseEndingFirst] += int64(put) * int64(from.Keep)
		if in.Wants[u.Want].Statutory && !from.Lasting {
			s[DutiesOnLasting] += int64(put)
		}
		s[ChangeLeast] += moveWeight*int64(off) + u.addWeight()*int64(a.Added[i])
	}
	s[HoldTerms] += owedWeight * int64(in.overdrawn(a))
	for i := range in.Wants {
		w := &in.Wants[i]
		left := covered[i]
		for _, p := range w.Parts {
			short := max(p.Amount-left, 0)
			left = max(left-p.Amount, 0)
			if p.Floor {
				s[HoldTerms] += int64(short)
			}
			if w.Statutory {
				s[FundDuties] += int64(short)
			}
			s[CoverNeed] += int64(short) * p.Value
		}
		s[UseEndingFirst] += int64(left) // beyond what it costs
	}
	return s
}

// overdrawn is by how much, in all, sources pay more than they have.
func (in *instance) overdrawn(a *answer) (sum money.Pence) {
	owed := make([]money.Pence, len(in.Sources)) // with a minus: has left
	for i := range in.Sources {
		owed[i] = in.Sources[i].Owed - in.Sources[i].Money
	}
	for i, c := range a.Carried {
		owed[in.Carries[i].From] += c
		owed[in.Carries[i].To] -= c
	}
	for u := range in.Uses {
		owed[in.Uses[u].Source] += a.put(u)
	}
	for _, o := range owed {
		sum += max(o, 0)
	}
	return sum
}
