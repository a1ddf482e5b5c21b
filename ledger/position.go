package ledger

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Dimension is what a position may be broken down by.
type Dimension uint8

// The dimensions, in the order they are offered.
const (
	ByFunder Dimension = iota
	ByStream
	ByAward
	ByService
	ByObjective
	ByArea
	ByBoard
	ByProvider
	ByYear
	dimensions
)

var dimensionWords = [dimensions]string{"funder", "stream", "award", "service", "objective", "area", "board", "provider", "year"}

func (d Dimension) String() string { return dimensionWords[d] }

// ParseDimension reads a dimension's word.
func ParseDimension(word string) (Dimension, error) {
	for i, w := range dimensionWords {
		if w == strings.ToLower(strings.TrimSpace(word)) {
			return Dimension(i), nil
		}
	}
	return 0, fmt.Errorf("a position is broken down by %s; found %q", strings.Join(dimensionWords[:], ", "), word)
}

// ofSpend reports whether a dimension belongs to services, so that money still
// with its award has none.
func (d Dimension) ofSpend() bool {
	return d == ByService || d == ByObjective || d == ByArea || d == ByProvider
}

// Measure is a column of a position: a sum over entries.
type Measure uint8

// The measures. AllocatedTo counts money once it is on a service, whether or
// not it has since been promised or spent. Left is awarded less all else.
const (
	AwardedTo Measure = iota
	DelegatedTo
	AllocatedTo
	CommittedTo
	PaidOut
	HandedBackOf
	LapsedOf
	TransferredOf
	LeftOf
	measures
)

var measureWords = [measures]string{"awarded", "delegated", "allocated", "committed", "paid", "handed_back", "lapsed", "transferred", "left"}

func (m Measure) String() string { return measureWords[m] }

// ParseMeasure reads a measure's word.
func ParseMeasure(word string) (Measure, error) {
	for i, w := range measureWords {
		if w == strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "-", "_") {
			return Measure(i), nil
		}
	}
	return 0, fmt.Errorf("a position has the columns %s; found %q", strings.Join(measureWords[:], ", "), word)
}

// counts reports whether money arriving at an account by an entry of a kind
// counts towards the measure; money leaving it then counts against. What is
// passed to a pool leaves one award's sum for another's, so a total has it
// once; what is passed to another body stays in what was awarded.
func (m Measure) counts(kind Kind, k, other *accountKey) bool {
	switch m {
	case AwardedTo:
		return k.stage == Awarded && (kind == Figure || kind == CarryForward || kind == Drawing || kind == Transfer && other.stage == Awarded)
	case DelegatedTo:
		return k.stage == Awarded && k.board != 0 && (kind == Delegation || kind == CarryForward)
	case AllocatedTo:
		return k.stage.OfService() && k.award != 0
	case CommittedTo:
		return k.stage == Committed
	case PaidOut:
		return k.stage == Paid
	case HandedBackOf:
		return k.stage == HandedBack
	case LapsedOf:
		return k.stage == Lapsed
	case TransferredOf:
		return k.stage == Transferred
	case LeftOf:
		return k.stage == Awarded
	}
	return false
}

// Key is one row's place in a breakdown: a value for each dimension, blank
// where money has none.
type Key []string

// PositionRow is one row of a position. Sums are three-valued.
type PositionRow struct {
	Key  Key
	Sums [measures]money.Sum
}

// Position is money broken down by some dimensions.
type Position struct {
	By      []Dimension
	Columns []Measure
	Rows    []PositionRow
	Total   PositionRow
}

// Filter keeps what matches a dimension's value; blank matches money with none.
type Filter map[Dimension]string

// Position breaks the money as at the date down by dimensions, keeping what
// passes the filter. Broken down by what belongs to services it has no
// columns for money still with its award.
func (v *View) Position(by []Dimension, only Filter) Position {
	p := Position{By: by, Columns: v.columns(by, only)}
	rows := map[[dimensions]Ref]*[measures]money.Pence{}
	look := v.lookup()
	used := v.used(by, only)
	for _, run := range v.entries.runs {
		for i := range run {
			e := &run[i]
			if e.on > v.AsAt {
				continue
			}
			for side, no := range [2]AccountNo{e.to, e.from} {
				amount := e.amount
				if side == 1 {
					amount = -amount
				}
				k, other := &v.accounts[no], &v.accounts[[2]AccountNo{e.from, e.to}[side]]
				var row *[measures]money.Pence
				for _, m := range p.Columns {
					if !m.counts(e.kind, k, other) {
						continue
					}
					if row == nil {
						at := look.place(k, e.label, used)
						if !look.passes(at, only) {
							break
						}
						for d := range at {
							if !slices.Contains(by, Dimension(d)) {
								at[d] = 0
							}
						}
						if row = rows[at]; row == nil {
							row = new([measures]money.Pence)
							rows[at] = row
						}
					}
					row[m] += amount
				}
			}
		}
	}
	for at, sums := range rows {
		r := PositionRow{Key: look.key(at, by)}
		for _, m := range p.Columns {
			r.Sums[m].AddPence(sums[m])
			p.Total.Sums[m].AddPence(sums[m])
		}
		p.Rows = append(p.Rows, r)
	}
	slices.SortFunc(p.Rows, func(a, b PositionRow) int { return slices.Compare(a.Key, b.Key) })
	v.addUnknowns(&p, only)
	return p
}

// Explain lists the entries that add up to one figure of a position: a measure
// over what passes the filter.
func (v *View) Explain(m Measure, only Filter) []Proof {
	var proof []Proof
	look := v.lookup()
	used := v.used(nil, only)
	for first, run := range v.entries.runs {
		for i := range run {
			e := &run[i]
			if e.on > v.AsAt {
				continue
			}
			var net money.Pence
			touched := false
			for side, no := range [2]AccountNo{e.to, e.from} {
				k, other := &v.accounts[no], &v.accounts[[2]AccountNo{e.from, e.to}[side]]
				if !m.counts(e.kind, k, other) || !look.passes(look.place(k, e.label, used), only) {
					continue
				}
				touched = true
				if side == 0 {
					net += e.amount
				} else {
					net -= e.amount
				}
			}
			if touched && net != 0 {
				proof = append(proof, Proof{first + i, net})
			}
		}
	}
	return proof
}

func (v *View) columns(by []Dimension, only Filter) []Measure {
	spend := false
	for _, d := range by {
		spend = spend || d.ofSpend()
	}
	for d := range only {
		spend = spend || d.ofSpend()
	}
	if spend {
		return []Measure{AllocatedTo, CommittedTo, PaidOut}
	}
	columns := []Measure{AwardedTo, DelegatedTo, AllocatedTo, CommittedTo, PaidOut}
	seenStage := [16]bool{}
	for i := range v.balance {
		if v.balance[i] != 0 {
			seenStage[v.accounts[i].stage] = true
		}
	}
	for m, stage := range map[Measure]Stage{HandedBackOf: HandedBack, LapsedOf: Lapsed, TransferredOf: Transferred} {
		if seenStage[stage] {
			columns = append(columns, m)
		}
	}
	slices.Sort(columns)
	return append(columns, LeftOf)
}

// used marks the dimensions that need working out.
func (v *View) used(by []Dimension, only Filter) (used [dimensions]bool) {
	for _, d := range by {
		used[d] = true
	}
	for d := range only {
		used[d] = true
	}
	return used
}

// lookup finds the dimensions of an account and label, by number.
type lookup struct {
	v                        *View
	stream, funder, provider []Ref // by award or service Ref; −1 not yet looked up
	years                    map[fiscal.Year]Ref
}

func (v *View) lookup() *lookup {
	l := &lookup{v: v, years: map[fiscal.Year]Ref{}}
	n := len(v.texts)
	for _, s := range []*[]Ref{&l.stream, &l.funder, &l.provider} {
		*s = make([]Ref, n)
		for i := range *s {
			(*s)[i] = -1
		}
	}
	return l
}

func (l *lookup) place(k *accountKey, label labelNo, used [dimensions]bool) (at [dimensions]Ref) {
	if used[ByAward] {
		at[ByAward] = k.award
	}
	if used[ByService] {
		at[ByService] = k.service
	}
	if used[ByBoard] {
		at[ByBoard] = k.board
	}
	if used[ByYear] {
		ref, ok := l.years[k.year]
		if !ok {
			ref = l.v.names.ref(k.year.String())
			l.years[k.year] = ref
		}
		at[ByYear] = ref
	}
	if used[ByStream] || used[ByFunder] {
		if l.stream[k.award] < 0 {
			a, _ := l.v.awards.get(l.v.texts[k.award])
			s, _ := l.v.streams.get(a.Stream)
			l.stream[k.award], l.funder[k.award] = l.v.names.ref(a.Stream), l.v.names.ref(s.Funder)
		}
		if used[ByStream] {
			at[ByStream] = l.stream[k.award]
		}
		if used[ByFunder] {
			at[ByFunder] = l.funder[k.award]
		}
	}
	if used[ByProvider] {
		if l.provider[k.service] < 0 {
			s, _ := l.v.services.get(l.v.texts[k.service])
			l.provider[k.service] = l.v.names.ref(s.Provider)
		}
		at[ByProvider] = l.provider[k.service]
	}
	lk := &l.v.labels[label]
	if used[ByObjective] {
		at[ByObjective] = lk.objective
	}
	if used[ByArea] {
		at[ByArea] = lk.area
	}
	return at
}

func (l *lookup) passes(at [dimensions]Ref, only Filter) bool {
	for d, want := range only {
		if l.text(at[d]) != want {
			return false
		}
	}
	return true
}

// text reads a name that may be newer than the book (a year's or a provider's).
func (l *lookup) text(r Ref) string {
	if int(r) < len(l.v.texts) {
		return l.v.texts[r]
	}
	return l.v.names.seen().texts[r]
}

func (l *lookup) key(at [dimensions]Ref, by []Dimension) Key {
	key := make(Key, len(by))
	for i, d := range by {
		key[i] = l.text(at[d])
	}
	return key
}

// UnknownPart is a part of a figure that nobody has stated: an award's figure
// for a year or, where it names a service, an allocation.
type UnknownPart struct {
	Award, Service, Board string
	Year                  fiscal.Year
	Line                  string // the allocation's
}

// Unknowns lists the parts of one figure of a position that are not known: a
// measure over what passes the filter. A sum with any is "at least".
func (v *View) Unknowns(m Measure, only Filter) []UnknownPart {
	var list []UnknownPart
	for part, at := range v.unknowns(slices.Contains(v.columns(nil, only), AwardedTo)) {
		if part.marks(m) && at.passes(only) {
			list = append(list, part)
		}
	}
	return list
}

// marks reports whether a measure has the part. Left is a difference.
func (p UnknownPart) marks(m Measure) bool {
	return m == LeftOf || p.Service == "" && m == AwardedTo || p.Service != "" && m == AllocatedTo
}

// partPlace is a part's value for each dimension, blank where it has none.
type partPlace [dimensions]string

func (at *partPlace) passes(only Filter) bool {
	for d, want := range only {
		if at[d] != want {
			return false
		}
	}
	return true
}

// addUnknowns marks the sums that have unknown parts.
func (v *View) addUnknowns(p *Position, only Filter) {
	for part, values := range v.unknowns(slices.Contains(p.Columns, AwardedTo)) {
		if !values.passes(only) {
			continue
		}
		key := make(Key, len(p.By))
		for i, d := range p.By {
			key[i] = values[d]
		}
		at, found := slices.BinarySearchFunc(p.Rows, key, func(r PositionRow, k Key) int { return slices.Compare(r.Key, k) })
		if !found {
			p.Rows = slices.Insert(p.Rows, at, PositionRow{Key: key})
		}
		for _, m := range p.Columns {
			if !part.marks(m) {
				continue
			}
			for _, sum := range []*money.Sum{&p.Rows[at].Sums[m], &p.Total.Sums[m]} {
				if m == LeftOf { // a difference: with a part unknown it is not even "at least"
					*sum = money.Sum{}
				}
				sum.Add(money.Unknown)
			}
		}
	}
}

// unknowns gives the awards whose figure for a year is not known, where awarded
// asks for them, and the allocations of unknown amount.
func (v *View) unknowns(awarded bool) iter.Seq2[UnknownPart, *partPlace] {
	values := func(award string, year fiscal.Year) *partPlace {
		a, _ := v.awards.get(award)
		s, _ := v.streams.get(a.Stream)
		return &partPlace{ByFunder: s.Funder, ByStream: a.Stream, ByAward: award, ByYear: year.String()}
	}
	return func(yield func(UnknownPart, *partPlace) bool) {
		if awarded {
			for id := range v.awards.all {
				for _, year := range v.FigureYears(id) {
					secured, unsecured := v.Stands(id, year)
					if !(secured.Known && secured.Amount.IsUnknown() || !secured.Known && unsecured.Known && unsecured.Amount.IsUnknown()) {
						continue
					}
					if !yield(UnknownPart{Award: id, Year: year}, values(id, year)) {
						return
					}
				}
			}
			for _, a := range v.unstated() {
				if !yield(UnknownPart{Award: a.Award, Year: a.Year}, values(a.Award, a.Year)) {
					return
				}
			}
		}
		for _, l := range v.lines.all {
			if l.State != "agreed" || !l.Amount.IsUnknown() || l.AgreedOn > v.AsAt {
				continue
			}
			at := values(l.Award, l.Year)
			s, _ := v.services.get(l.Service)
			at[ByService], at[ByProvider], at[ByBoard] = l.Service, s.Provider, l.Board
			if !strings.ContainsAny(l.Objective, ";:") {
				at[ByObjective] = l.Objective
			}
			if !strings.ContainsAny(l.Area, ";:") {
				at[ByArea] = l.Area
			}
			if !yield(UnknownPart{Award: l.Award, Service: l.Service, Board: l.Board, Year: l.Year, Line: l.ID}, at) {
				return
			}
		}
	}
}

// unstated lists awards and years that money was allocated from although no
// figure, for the year or the whole term, was ever stated.
func (v *View) unstated() []Account {
	met := map[Account]bool{}
	var list []Account
	for i, p := range v.balance {
		k := v.accounts[i]
		if p == 0 || k.award == 0 || k.stage != Awarded {
			continue
		}
		a := Account{Award: v.texts[k.award], Year: k.year}
		if !met[a] && len(v.Figures(a.Award, a.Year)) == 0 && len(v.Figures(a.Award, fiscal.Term)) == 0 && p < 0 {
			met[a] = true
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Account) int { return cmp.Or(cmp.Compare(a.Award, b.Award), cmp.Compare(a.Year, b.Year)) })
	return list
}
