package align

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger/align/flow"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// explaining holds what sentences about a plan are made from.
type explaining struct {
	w       *work
	covered []money.Pence // by want: fixed and planned
	spent   []money.Pence // by source, of what may be moved
	from    [][]int32     // uses by want, in order of source
	to      [][]int32     // uses by source, the largest use first
	ways    []*flow.Ways  // by group, once asked
	names   map[string]sentence.Name
	rulings map[*termLaw]map[facts]funding.Ruling
	changed []change
	allowed chan ifAllowed // nil where leave would open nothing

	byWant, bySource map[int32][]change
	shortIn          []int // by year: services short today
	reach            []int // by source: of those, which it may pay for
	starts, of       []int32
}

func newExplaining(w *work) *explaining {
	x := &explaining{w: w, covered: make([]money.Pence, len(w.in.Wants)), spent: make([]money.Pence, len(w.in.Sources)),
		from: make([][]int32, len(w.in.Wants)), to: make([][]int32, len(w.in.Sources)), ways: make([]*flow.Ways, len(w.best.nets)), names: map[string]sentence.Name{}, rulings: map[*termLaw]map[facts]funding.Ruling{}}
	for i := range w.wantsOf {
		x.covered[i] = w.wantsOf[i].fixed
	}
	for u := range w.in.Uses {
		use := &w.in.Uses[u]
		put := w.best.answer.put(u)
		x.covered[use.Want] += put
		x.spent[use.Source] += put
		if use.Add || put > 0 {
			x.from[use.Want] = append(x.from[use.Want], int32(u))
		}
		if put > 0 {
			x.to[use.Source] = append(x.to[use.Source], int32(u))
		}
	}
	for _, uses := range x.to {
		slices.SortStableFunc(uses, func(a, b int32) int { return cmp.Compare(w.best.answer.put(int(b)), w.best.answer.put(int(a))) })
	}
	return x
}

// short is what a want lacks; nothing where its cost is not known.
func (x *explaining) short(want int32) money.Pence {
	info := &x.w.wantsOf[want]
	if info.unknown {
		return 0
	}
	return max(info.cost-x.covered[want], 0)
}

func (x *explaining) wantsMore(want int32) bool { return x.short(want) > 0 }

func (x *explaining) wasShort(want int32) money.Pence {
	info := &x.w.wantsOf[want]
	if info.unknown {
		return 0
	}
	return max(info.cost-info.now, 0)
}

func (x *explaining) totalShort() (sum money.Pence) {
	for i := range x.w.wantsOf {
		sum += x.short(int32(i))
	}
	return sum
}

// left is what a source has that the plan puts nowhere.
func (x *explaining) left(source int32) money.Pence {
	left := x.w.in.Sources[source].Money - x.w.in.Sources[source].Owed - x.spent[source]
	for i, c := range x.w.in.Carries {
		if c.From == source {
			left -= x.w.best.answer.Carried[i]
		}
		if c.To == source {
			left += x.w.best.answer.Carried[i]
		}
	}
	return left
}

func (x *explaining) awardOf(source int32) *award   { return x.w.awards[x.w.sources[source].of] }
func (x *explaining) serviceOf(want int32) *service { return x.w.service[x.w.wants[want].of] }
func (x *explaining) yearOf(want int32) fiscal.Year { return x.w.years[x.w.wants[want].year] }
func (x *explaining) awardName(id string) sentence.Name {
	name, known := x.names[id]
	if !known {
		name = sentence.Name{Register: "awards", ID: id, Text: x.w.v.AwardName(id)}
		x.names[id] = name
	}
	return name
}
func (x *explaining) serviceName(want int32) sentence.Name { return named(x.serviceOf(want)) }

func named(s *service) sentence.Name {
	text := s.Name
	if text == "" {
		text = s.ID
	}
	return sentence.Name{Register: "services", ID: s.ID, Text: text}
}

// few is how many names a sentence gives before it says how many more.
const few = 3

func (x *explaining) serviceNames(ids []string) sentence.List {
	var names []sentence.Name
	for _, id := range ids {
		text := x.w.v.ServiceName(id)
		names = append(names, sentence.Name{Register: "services", ID: id, Text: text})
	}
	return firstFew(names)
}

func firstFew(names []sentence.Name) (list sentence.List) {
	shown := names
	if len(names) > few+1 {
		shown = names[:few]
	}
	list = sentence.ListOf(shown)
	if more := len(names) - len(shown); more > 0 {
		list = append(list, words.Say("others", "Count", more))
	}
	return list
}

// lack names a fact that is not recorded.
func lack(missing string) sentence.Sentence {
	if _, known := english["lack."+code(missing)]; known {
		return words.Say("lack." + code(missing))
	}
	return words.Say("lack.fact")
}

func code(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] == ' ' {
			b[i] = '-'
		}
	}
	return string(b)
}

// moves says of each change why.
func (x *explaining) moves() (moves []Move) {
	x.changed = x.w.changes()
	for _, c := range x.changed {
		a, s := x.awardOf(c.source), x.serviceOf(c.want)
		m := Move{Award: a.ID, Service: s.ID, Year: x.yearOf(c.want), Was: c.was, To: c.to, Label: *c.label}
		if c.to > c.was {
			m.Because = x.whyOn(c)
		} else {
			m.Because = x.whyOff(c)
		}
		moves = append(moves, m)
	}
	return moves
}

// whyOn is why this service, and why this award.
func (x *explaining) whyOn(c change) (because []sentence.Sentence) {
	say := func(code string, pairs ...any) { because = append(because, words.Say(code, pairs...)) }
	w := x.w
	a, s, year := x.awardOf(c.source), x.serviceOf(c.want), x.yearOf(c.want)
	service, award := named(s), x.awardName(a.ID)
	short := x.wasShort(c.want)
	switch {
	case short > 0 && s.Statutory:
		say("on.duty", "Service", service, "Short", short, "Year", year)
	case short > 0 && w.o.Protected[s.ID]:
		say("on.protected", "Service", service, "Short", short, "Year", year)
	case short > 0 && len(s.Objectives) > 0:
		say("on.need", "Service", service, "Short", short, "Year", year, "Objectives", x.objectives(s), "Weight", hundredths(s.weight), "Evidence", words.Say("evidence."+code(s.Evidence.String())))
	case short > 0:
		say("on.short", "Service", service, "Short", short, "Year", year, "Evidence", words.Say("evidence."+code(s.Evidence.String())))
	}
	if frees, goes := x.frees(c); len(frees) > 0 {
		if len(goes) > 0 {
			say("on.frees", "Award", award, "Frees", firstFew(frees), "Goes", firstFew(goes))
		} else {
			say("on.takes", "Award", award, "Frees", firstFew(frees))
		}
	}
	if clause := x.narrowest(c, a); clause != nil {
		say("on.clause", "Award", award, "Clause", quoted(clause.Clause))
	} else {
		say("on.free", "Award", award)
	}
	if last, ends := a.LastDay(); ends && last <= year.End() {
		say("on.ends", "Award", award, "Date", last)
	} else if n, of := x.breadth(c.source); n < of {
		say("on.narrow", "Award", award, "Few", n, "All", of)
	}
	return because
}

// narrowest is the term of an award whose clause lets it pay for a service:
// the one that refuses most others.
func (x *explaining) narrowest(c change, a *award) *funding.Term {
	var best *termLaw
	most := 0
	f := x.serviceOf(c.want).facts
	if c.use >= 0 {
		f = x.w.judge.facts(x.serviceOf(c.want), *c.label)
	}
	for _, t := range a.law.uses {
		if t.Clause == "" || x.w.judge.says(t, f) != funding.Allowed {
			continue
		}
		if n := x.refuses(t); best == nil || n > most {
			best, most = t, n
		}
	}
	if best == nil {
		return nil
	}
	return &best.Term
}

// refuses counts the services a term refuses, once.
func (x *explaining) refuses(t *termLaw) int {
	if t.refuses == 0 {
		t.refuses = 1
		for _, s := range x.w.service {
			if x.w.judge.says(t, s.facts) == funding.Refused {
				t.refuses++
			}
		}
	}
	return t.refuses - 1
}

// breadth is how many of the year's services that were short an award may pay for.
func (x *explaining) breadth(source int32) (n, of int) {
	year := x.w.sources[source].year
	if x.shortIn == nil {
		x.shortIn, x.reach = make([]int, len(x.w.years)), make([]int, len(x.w.in.Sources))
		for i := range x.w.wants {
			if x.wasShort(int32(i)) > 0 {
				x.shortIn[x.w.wants[i].year]++
				for _, u := range x.from[i] {
					x.reach[x.w.in.Uses[u].Source]++
				}
			}
		}
	}
	return min(x.reach[source], x.shortIn[year]), x.shortIn[year]
}

// frees lists the awards that leave a service as this one comes, and where they
// go instead.
func (x *explaining) frees(c change) (awards, services []sentence.Name) {
	for _, off := range x.changedAt(c.want) {
		if off.to >= off.was || off.refused || off.source == c.source {
			continue
		}
		awards = append(awards, x.awardName(x.awardOf(off.source).ID))
		for _, on := range x.gains(off.source) {
			if name := x.serviceName(on.want); on.want != c.want && !slices.Contains(services, name) {
				services = append(services, name)
			}
		}
	}
	return awards, services
}

// changedAt and gains index the changes by want, and those that add by source.
func (x *explaining) changedAt(want int32) []change {
	x.indexChanges()
	return x.byWant[want]
}

func (x *explaining) gains(source int32) []change {
	x.indexChanges()
	return x.bySource[source]
}

func (x *explaining) indexChanges() {
	if x.byWant != nil {
		return
	}
	x.byWant, x.bySource = map[int32][]change{}, map[int32][]change{}
	for _, c := range x.changed {
		x.byWant[c.want] = append(x.byWant[c.want], c)
		if c.to > c.was {
			x.bySource[c.source] = append(x.bySource[c.source], c)
		}
	}
}

// whyOff is why money leaves a service.
func (x *explaining) whyOff(c change) (because []sentence.Sentence) {
	say := func(code string, pairs ...any) { because = append(because, words.Say(code, pairs...)) }
	w := x.w
	a, s, year := x.awardOf(c.source), x.serviceOf(c.want), x.yearOf(c.want)
	of, award := named(s), x.awardName(a.ID)
	src, info := &w.in.Sources[c.source], &w.wantsOf[c.want]
	if c.refused {
		if by := w.uses[c.use].refused; by != nil {
			say("off.refused", "Ruling", x.ruling(by, w.judge.facts(s, *c.label)))
		} else {
			_, ruling := w.judge.dates(a, s, year)
			say("off.refused", "Ruling", ruling)
		}
		return because
	}
	if over := a.put[w.sources[c.source].year] - src.Money; over > 0 {
		say("off.cut", "Award", award, "Over", over, "Year", year)
	}
	if term := x.overCap(c.source); term != nil {
		say("off.share", "Award", award, "Clause", clauseOf(term))
	}
	if !info.unknown && info.now > info.cost {
		say("off.cost", "Service", of, "Over", info.now-info.cost, "Year", year)
	}
	var instead []sentence.Name
	for _, on := range x.changedAt(c.want) {
		if on.to > on.was && on.source != c.source {
			instead = append(instead, x.awardName(x.awardOf(on.source).ID))
		}
	}
	var goes []sentence.Name
	var first *service
	for _, on := range x.gains(c.source) {
		if on.want != c.want {
			goes = append(goes, x.serviceName(on.want))
			if t := x.serviceOf(on.want); first == nil || t.value > first.value || t.Statutory && !first.Statutory {
				first = t
			}
		}
	}
	switch {
	case len(instead) > 0 && len(goes) > 0:
		say("off.instead", "Instead", firstFew(instead), "Award", award, "Goes", firstFew(goes))
	case len(instead) > 0:
		say("off.spared", "Instead", firstFew(instead), "Award", award)
	case len(goes) > 0 && first.Statutory && !s.Statutory:
		say("off.duty", "Award", award, "Goes", firstFew(goes))
	case len(goes) > 0 && len(because) == 0:
		say("off.need", "Award", award, "Goes", firstFew(goes), "Service", of)
	}
	if len(because) == 0 {
		say("off.least", "Award", award, "Service", of)
	}
	return because
}

// overCap is a share that an award breaks today.
func (x *explaining) overCap(source int32) *funding.Term {
	src := &x.w.in.Sources[source]
	for b, cap := range src.Caps {
		was := money.Pence(0)
		for u := range x.usesOf(source) {
			if use := &x.w.in.Uses[u]; use.Caps&(1<<b) != 0 {
				was += use.Was
			}
		}
		if was > cap {
			return x.w.capTerm[source][b]
		}
	}
	return nil
}

// boundCap is a share that the plan uses up.
func (x *explaining) boundCap(source int32, mask uint32) *funding.Term {
	src := &x.w.in.Sources[source]
	for b, cap := range src.Caps {
		if mask&(1<<b) == 0 {
			continue
		}
		put := money.Pence(0)
		for u := range x.usesOf(source) {
			if x.w.in.Uses[u].Caps&(1<<b) != 0 {
				put += x.w.best.answer.put(u)
			}
		}
		if put >= cap {
			return x.w.capTerm[source][b]
		}
	}
	return nil
}

// usesOf yields the uses of a source.
func (x *explaining) usesOf(source int32) func(yield func(int) bool) {
	if x.starts == nil {
		x.starts, x.of = x.w.in.usesOf()
	}
	return func(yield func(int) bool) {
		for _, u := range x.of[x.starts[source]:x.starts[source+1]] {
			if !yield(int(u)) {
				return
			}
		}
	}
}

func clauseOf(t *funding.Term) any {
	if t.Clause != "" {
		return quoted(t.Clause)
	}
	return words.Say("term", "Term", t.ID, "Value", t.Value)
}

func (x *explaining) ruling(t *termLaw, f facts) funding.Ruling {
	if x.rulings[t] == nil {
		x.rulings[t] = map[facts]funding.Ruling{}
	}
	r, known := x.rulings[t][f]
	if !known {
		r = t.Judge(x.w.judge.use(f))
		x.rulings[t][f] = r
	}
	return r
}

func (x *explaining) objectives(s *service) sentence.List {
	var of []sentence.Name
	for _, id := range s.Objectives {
		o, _ := x.w.v.Objective(id)
		of = append(of, sentence.Name{Register: "objectives", ID: id, Text: cmp.Or(o.Name, id)})
	}
	return firstFew(of)
}

// hundredths writes a weight as people do: 3, or 3.39.
func hundredths(n int64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", n/100, n%100), "0"), ".")
}

// quoted is a clause in quotation marks, without its full stop: the sentence has
// its own.
func quoted(clause string) string { return strconv.Quote(strings.TrimRight(clause, ". ")) }

func (x *explaining) carries() (of []Carry) {
	for i, c := range x.w.in.Carries {
		amount := x.w.best.answer.Carried[i]
		if amount == 0 {
			continue
		}
		a := x.awardOf(c.From)
		from, to := fiscal.Term, x.w.years[x.w.sources[c.To].year]
		if y := x.w.sources[c.From].year; y >= 0 {
			from = x.w.years[y]
		}
		one := Carry{Award: a.ID, From: from, To: to, Amount: amount}
		if from == fiscal.Term {
			one.Because = append(one.Because, words.Say("carry.term", "Award", x.awardName(a.ID), "Year", to))
		} else {
			one.Because = append(one.Because, words.Say("carry.year", "Award", x.awardName(a.ID), "From", from, "Year", to))
			for j := range a.law.carry {
				if t := &a.law.carry[j]; t.Clause != "" {
					one.Because = append(one.Because, words.Say("clause", "Clause", quoted(t.Clause)))
					break
				}
			}
		}
		of = append(of, one)
	}
	slices.SortStableFunc(of, func(a, b Carry) int { // as they may be posted: what is drawn may be carried on
		return cmp.Or(strings.Compare(a.Award, b.Award), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return of
}

// shortfalls lists what stays short, and what binds.
func (x *explaining) shortfalls() (of []Shortfall) {
	for i := range x.w.wants {
		want := int32(i)
		short := x.short(want)
		if short <= 0 {
			continue
		}
		s := x.serviceOf(want)
		of = append(of, Shortfall{Service: s.ID, Year: x.yearOf(want), Short: short, Was: x.wasShort(want), Cost: x.w.wantsOf[i].cost, Statutory: s.Statutory, Because: x.binds(want)})
	}
	slices.SortStableFunc(of, func(a, b Shortfall) int { return cmp.Compare(a.Year, b.Year) })
	return of
}

// binds is why a service stays short: the awards that may pay and what uses
// them up, those that may not and by which clause, and whose £1 more would help.
func (x *explaining) binds(want int32) (because []sentence.Sentence) {
	say := func(code string, pairs ...any) { because = append(because, words.Say(code, pairs...)) }
	w, s, year := x.w, x.serviceOf(want), x.yearOf(want)
	info := &w.wantsOf[want]
	if info.within < info.cost && x.covered[want] >= info.within {
		say("short.beyond", "Service", named(s))
	}
	var may, first []sentence.Name
	var before [][2]sentence.Name
	n := 0
	for _, u := range x.from[want] {
		use := &w.in.Uses[u]
		if !use.Add || w.bar[int(u)] {
			continue
		}
		a := x.awardOf(use.Source)
		name := x.awardName(a.ID)
		if n++; n <= few {
			if left := x.left(use.Source); left > 0 {
				if t := x.boundCap(use.Source, use.Caps); t != nil {
					say("short.share", "Award", name, "Left", left, "Clause", clauseOf(t))
				} else if w.in.Sources[use.Source].Most < noLimit {
					say("short.match", "Award", name, "Left", left)
				}
			} else if on := x.usedOn(use.Source, want); len(on) > 0 {
				say("short.used", "Award", name, "Services", firstFew(on))
			}
		}
		m := x.more(use.Source)
		switch {
		case m.last == want:
			may = append(may, name)
		case m.last >= 0 && len(before) == 0:
			before = append(before, [2]sentence.Name{name, x.serviceName(m.last)})
		}
		first = append(first, name)
	}
	if len(first) == 0 {
		say("short.none", "Year", year)
	}
	x.mayNot(&because, want)
	if len(may) > 0 {
		say("short.more", "Awards", firstFew(may), "Service", named(s))
	} else if len(before) > 0 {
		say("short.first", "Award", before[0][0], "Other", before[0][1])
	}
	return because
}

// mayNot names up to two awards with money left that a clause keeps off a
// service, or where no award may pay for it, any.
func (x *explaining) mayNot(because *[]sentence.Sentence, want int32) {
	w, s := x.w, x.serviceOf(want)
	y := w.wants[want].year
	n := 0
	for i, a := range w.awards {
		from := w.sourceAt[i*len(w.years)+int(y)]
		if from < 0 || n == 2 || x.left(from) <= 0 && len(x.from[want]) > 0 {
			continue
		}
		v := w.judge.allows(a, s, a.force[y])
		switch dates, ruling := w.judge.dates(a, s, w.years[y]); {
		case v.says == funding.Refused:
			*because = append(*because, words.Say("short.not", "Award", x.awardName(a.ID), "Ruling", x.ruling(v.term, v.facts)))
			n++
		case dates == funding.Refused:
			*because = append(*because, words.Say("short.not", "Award", x.awardName(a.ID), "Ruling", ruling))
			n++
		case a.law.adds && w.corePays(s, y) && v.says == funding.Allowed && !slices.ContainsFunc(x.from[want], func(u int32) bool { return w.in.Uses[u].Source == from }):
			*because = append(*because, words.Say("short.adds", "Award", x.awardName(a.ID)))
			n++
		case v.says == funding.NotKnown && v.term != nil && !w.o.DoubtsAllow:
			*because = append(*because, words.Say("short.unknown", "Award", x.awardName(a.ID), "Missing", lack(x.ruling(v.term, v.facts).Missing)))
			n++
		}
	}
}

// usedOn lists the other services an award is used on.
func (x *explaining) usedOn(source, not int32) (on []sentence.Name) {
	for _, u := range x.to[source] {
		if want := x.w.in.Uses[u].Want; want != not {
			if name := x.serviceName(want); !slices.Contains(on, name) {
				on = append(on, name)
			}
		}
		if len(on) == few+2 {
			break
		}
	}
	return on
}

// more is where £1 more of a source would go.
func (x *explaining) more(source int32) more {
	group := x.w.in.Sources[source].Group
	net := x.w.best.nets[group]
	if x.ways[group] == nil {
		x.ways[group] = net.solution.Ways(0)
	}
	return net.more(x.ways[group], source)
}

func (x *explaining) worth() (of []Worth) {
	for i := range x.w.sources {
		if x.w.sources[i].year < 0 {
			continue
		}
		source, a := int32(i), x.awardOf(int32(i))
		m, year, award := x.more(source), x.w.years[x.w.sources[i].year], x.awardName(a.ID)
		one := Worth{Award: a.ID, Year: year, Aim: m.aim}
		switch {
		case m.last >= 0 && m.aim < UseEndingFirst && m.first != m.last:
			one.Service = x.serviceOf(m.last).ID
			one.Says = words.Say("worth.through", "Award", award, "Year", year, "First", x.serviceName(m.first), "Service", x.serviceName(m.last))
		case m.last >= 0 && m.aim < UseEndingFirst:
			one.Service = x.serviceOf(m.last).ID
			one.Says = words.Say("worth.goes", "Award", award, "Year", year, "Service", x.serviceName(m.last))
		case m.spare >= 0 && m.spare != source && m.aim < ChangeLeast:
			one.Says = words.Say("worth.spares", "Award", award, "Year", year, "Other", x.awardName(x.awardOf(m.spare).ID))
		case x.anyShort(source):
			one.Says = words.Say("worth.held", "Award", award, "Year", year)
		default:
			one.Says = words.Say("worth.nothing", "Award", award, "Year", year)
		}
		of = append(of, one)
	}
	return of
}

// anyShort reports whether a source may pay for a service that stays short.
func (x *explaining) anyShort(source int32) bool {
	for u := range x.usesOf(source) {
		if use := &x.w.in.Uses[u]; use.Add && x.short(use.Want) > 0 {
			return true
		}
	}
	return false
}

// unused lists money that the plan puts nowhere, and why.
func (x *explaining) unused() (of []Unused) {
	for i := range x.w.sources {
		source := int32(i)
		left := x.left(source)
		if left <= 0 {
			continue
		}
		a := x.awardOf(source)
		award := x.awardName(a.ID)
		one := Unused{Award: a.ID, Year: fiscal.Term, Amount: left}
		y := x.w.sources[i].year
		if y >= 0 {
			one.Year = x.w.years[y]
		}
		say := func(code string, pairs ...any) { one.Because = append(one.Because, words.Say(code, pairs...)) }
		src := &x.w.in.Sources[i]
		switch {
		case src.Most < noLimit && x.spent[i] >= src.Most:
			say("unused.match", "Award", award, "Most", src.Most)
		case x.anyShort(source):
			term := (*funding.Term)(nil)
			for b := range src.Caps {
				if term == nil {
					term = x.boundCap(source, 1<<b)
				}
			}
			if term != nil {
				say("unused.share", "Award", award, "Clause", clauseOf(term))
			} else {
				say("unused.moved", "Award", award)
			}
		case x.w.shortAnywhere(x, y):
			say("unused.terms", "Award", award)
		case slices.ContainsFunc(x.w.unsure, func(d doubtful) bool { return d.kind == doubtCost && (y < 0 || d.year == y) }):
			say("unused.unknown", "Award", award)
		default:
			say("unused.enough", "Award", award)
		}
		if last, ends := a.LastDay(); y >= 0 && ends && last <= one.Year.End() {
			one.Lost = true
			if len(a.law.carry) > 0 && a.law.mayCarry {
				one.Lost = false
			}
			say("unused.ends", "Award", award, "Date", last)
		}
		of = append(of, one)
	}
	slices.SortStableFunc(of, func(a, b Unused) int { return cmp.Compare(a.Year, b.Year) })
	return of
}

// shortAnywhere reports whether any service stays short in a year.
func (w *work) shortAnywhere(x *explaining, year int32) bool {
	for i := range w.wants {
		if (year < 0 || w.wants[i].year == year) && x.short(int32(i)) > 0 {
			return true
		}
	}
	return false
}

// reached says what each aim comes to, as things are and as planned.
func (x *explaining) reached() (of []Reached) {
	w := x.w
	before, over := w.asThingsAre()
	after := w.best.score
	after[ChangeLeast] += moveWeight * int64(w.broken)
	sums := func(put func(u int) money.Pence, keeps bool) (s [aims]money.Pence) {
		for u := range w.in.Uses {
			src := &w.in.Sources[w.in.Uses[u].Source]
			p := put(u)
			if keeps {
				p += w.uses[u].broken
			}
			if src.Keep > 0 {
				s[UseEndingFirst] += p
			}
			if w.in.Wants[w.in.Uses[u].Want].Statutory && !src.Lasting {
				s[DutiesOnLasting] += p
			}
		}
		return s
	}
	was := sums(func(u int) money.Pence { return w.in.Uses[u].Was }, true)
	is := sums(w.best.answer.put, false)
	was[HoldTerms] = money.Pence(before[HoldTerms]) - (owedWeight-1)*over
	is[HoldTerms] = money.Pence(after[HoldTerms]) - (owedWeight-1)*w.in.overdrawn(w.best.answer)
	for i := range w.wants {
		want := int32(i)
		if w.in.Wants[i].Statutory {
			was[FundDuties] += x.wasShort(want)
			is[FundDuties] += x.short(want)
		}
		was[CoverNeed] += x.wasShort(want)
		is[CoverNeed] += x.short(want)
	}
	for _, c := range x.changed {
		if c.to > c.was {
			is[ChangeLeast] += c.to - c.was
		}
	}
	for k := range aims {
		of = append(of, Reached{Aim: k, Before: was[k], After: is[k], BeforeWeighed: before[k], AfterWeighed: after[k],
			Says: words.Say("aim."+k.String(), "Before", was[k], "After", is[k])})
	}
	return of
}

// asThingsAre scores the money as it stands, with what stands against the terms,
// and says by how much awards are over-allocated.
func (w *work) asThingsAre() (s score, overdrawn money.Pence) {
	in := *w.in
	in.Uses = slices.Clone(w.in.Uses)
	spent := make([]money.Pence, len(in.Sources))
	for u := range in.Uses {
		in.Uses[u].Was += w.uses[u].broken
		spent[in.Uses[u].Source] += in.Uses[u].Was
	}
	s, overdrawn = in.score(in.asIs()), in.overdrawn(in.asIs())
	s[HoldTerms] += int64(w.broken)
	starts, of := w.in.usesOf()
	for i := range in.Sources {
		src := &in.Sources[i]
		s[HoldTerms] += int64(max(min(spent[i], src.Money)-src.Most, 0))
		for b, cap := range src.Caps {
			part := money.Pence(0)
			for _, u := range of[starts[i]:starts[i+1]] {
				if w.in.Uses[u].Caps&(1<<b) != 0 {
					part += w.in.Uses[u].Was
				}
			}
			s[HoldTerms] += int64(max(part-cap, 0))
		}
	}
	return s, overdrawn
}
