package alike

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// lexed is every text of a book as word numbers; texts are laid end to end, fields within a service.
type lexed struct {
	fields int
	ids    []uint32
	ends   []uint32
}

func (l *lexed) text(i, field int) []uint32 {
	k := i*l.fields + field
	from := uint32(0)
	if k > 0 {
		from = l.ends[k-1]
	}
	return l.ids[from:l.ends[k]]
}

// inParts runs work over 0..n in as many parts as there are processors.
func inParts(n int, work func(part, from, to int)) int {
	parts := max(1, min(runtime.GOMAXPROCS(0), n/256, 64))
	var wait sync.WaitGroup
	for p := range parts {
		wait.Go(func() { work(p, n*p/parts, n*(p+1)/parts) })
	}
	wait.Wait()
	return parts
}

// lex reads all texts. Words come back sorted, so that their numbers do not depend on the order of the services.
func lex(n, fields int, text func(i, field int) string) (*lexed, []string) {
	type part struct {
		ids, ends []uint32
		words     []string
	}
	parts := make([]part, runtime.GOMAXPROCS(0))
	used := inParts(n, func(p, from, to int) {
		seen := make(map[string]uint32, 4096)
		var buf []byte
		mine := &parts[p]
		for i := from; i < to; i++ {
			for f := range fields {
				buf = eachWord(text(i, f), buf, func(w []byte) {
					id, ok := seen[string(w)]
					if !ok {
						id = uint32(len(mine.words))
						s := string(w)
						seen[s] = id
						mine.words = append(mine.words, s)
					}
					mine.ids = append(mine.ids, id)
				})
				mine.ends = append(mine.ends, uint32(len(mine.ids)))
			}
		}
	})
	var all []string
	total := 0
	for _, p := range parts[:used] {
		all = append(all, p.words...)
		total += len(p.ids)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	number := make(map[string]uint32, len(all))
	for i, w := range all {
		number[w] = uint32(i)
	}
	out := &lexed{fields: fields, ids: make([]uint32, 0, total), ends: make([]uint32, 0, n*fields)}
	for _, p := range parts[:used] {
		change := make([]uint32, len(p.words))
		for i, w := range p.words {
			change[i] = number[w]
		}
		base := uint32(len(out.ids))
		for _, id := range p.ids {
			out.ids = append(out.ids, change[id])
		}
		for _, e := range p.ends {
			out.ends = append(out.ends, base+e)
		}
	}
	return out, all
}

// entry is what one written word stands for.
type entry struct {
	stem, concept uint32 // numbers of terms
	class, value  int8   // class -1: tells nothing apart
	stop, head    bool
	empty, meant  bool
}

type vocabulary struct {
	entries []entry
	terms   []string
	pairs   map[[2]uint32]entry // two stems in a row that mean one thing
}

// newVocabulary gives each written word its stem and meaning. Rare words one slip away from a common
// one are taken for it, except that of two texts alone nobody can say what is common.
func newVocabulary(written []string, count []int, texts int) *vocabulary {
	lexicon := words()
	v := &vocabulary{entries: make([]entry, len(written)), pairs: map[[2]uint32]entry{}}
	stems := make([]string, len(written))
	uses := map[string]int{}
	for i, w := range written {
		if lexicon.stop[w] {
			continue
		}
		stems[i] = stem(w)
		if number(w) < 0 {
			uses[stems[i]] += count[i]
		}
	}
	var mended map[string]string
	if texts > 2 {
		mended = mendings(uses, texts, lexicon)
	}
	ids := map[string]uint32{}
	term := func(s string) uint32 {
		id, ok := ids[s]
		if !ok {
			id = uint32(len(v.terms))
			ids[s] = id
			v.terms = append(v.terms, s)
		}
		return id
	}
	term("") // so that 0 is no word
	for i, w := range written {
		e := entry{class: -1}
		s := stems[i]
		if to, ok := mended[s]; ok {
			s = to
		}
		switch n := number(w); {
		case lexicon.stop[w]:
			e.stem, e.stop, e.head = term(w), true, lexicon.heads[w]
		case n >= 0:
			e.stem = term("#" + itoa(n))
			e.concept, e.class, e.value = e.stem, classNumber, int8(n%32)
			e.empty = lexicon.empty[w]
			e.head = lexicon.heads[w]
		default:
			e.stem = term(s)
			e.concept = e.stem
			e.head = lexicon.heads[s]
			e.empty = lexicon.empty[s]
			if m, ok := lexicon.one[s]; ok {
				e.concept, e.class, e.value, e.meant = term(m.concept), int8(m.class), int8(m.value), true
			}
		}
		v.entries[i] = e
	}
	for _, k := range lexicon.phrases {
		a, okA := ids[k.first]
		b, okB := ids[k.second]
		if okA && okB {
			v.pairs[[2]uint32{a, b}] = entry{stem: a, concept: term(k.concept), class: int8(k.class), value: int8(k.value), meant: true}
		}
	}
	return v
}

func numbered(w string) string {
	if n := number(w); n >= 0 {
		return "#" + itoa(n)
	}
	return w
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// mendings maps a rare stem to the common one it is a slip of. Its first letter may be
// lost or moved but not changed, since so many names of places differ there; nor any letter of a short word.
func mendings(uses map[string]int, texts int, lexicon *lexicon) map[string]string {
	const shortest, times = 3, 8
	common := max(times, texts/2500)
	without := map[string][]string{} // a common word with one letter left out -> the word
	var rare []string
	var targets []string
	for s, n := range uses {
		_, known := lexicon.one[s]
		known = known || lexicon.empty[s]
		switch {
		case len(s) < shortest || !ascii(s):
		case n >= common:
			targets = append(targets, s)
		case !known:
			rare = append(rare, s)
		}
	}
	for s := range lexicon.one {
		if len(s) > shortest && uses[s] < common && ascii(s) {
			targets = append(targets, s)
		}
	}
	slices.Sort(targets)
	for _, s := range slices.Compact(targets) {
		without[s] = append(without[s], s)
		if k := skeleton(s); k != s && len(k) >= shortest {
			without[k] = append(without[k], s)
		}
		for i := range len(s) {
			k := s[:i] + s[i+1:]
			without[k] = append(without[k], s)
		}
	}
	out := map[string]string{}
	for _, s := range rare {
		best, bestUses := "", 0
		try := func(key string) {
			for _, to := range without[key] {
				n := max(uses[to], common)
				if len(s) == len(to) && (s[0] != to[0] && s[0] != to[1] || len(s) <= 4 && sortedLetters(s) != sortedLetters(to)) {
					continue
				}
				if n < times*uses[s] || len(s) == shortest && s != skeleton(to) && (len(to) != 4 || n < 4*common) ||
					slips(s, to, 2) > 1+len(s)/9 && s != skeleton(to) {
					continue
				}
				if n > bestUses || n == bestUses && to < best {
					best, bestUses = to, n
				}
			}
		}
		try(s)
		for i := range len(s) {
			try(s[:i] + s[i+1:])
		}
		if best != "" {
			out[s] = best
		}
	}
	return out
}

// skeleton is a word without its vowels, as people shorten: yng, grp.
func skeleton(s string) string {
	b := []byte(s[:1])
	for i := 1; i < len(s); i++ {
		if !strings.ContainsRune("aeiou", rune(s[i])) {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func sortedLetters(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

// slips counts the letters left out, put in, changed or swapped between two words, up to a limit.
func slips(a, b string, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit || len(b) > 30 {
		return limit + 1
	}
	var rows [3][32]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, up, up2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(up[j]+1, row[j-1]+1, up[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, up2[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

// term is a word of one text with what it weighs there.
type term struct {
	concept, stem uint32
	letters       uint32 // which letters the stem has, for a quick look
	weight        float32
	telling       bool // of a class that tells apart
	common        bool // other names have it too
	meant         bool // its meaning is known
	spread        bool // it goes with every sort of activity: it says for whom or by whom, hardly what
	anchored      bool // its own description says it again

}

// text is what is kept of one service or record for comparing.
type text struct {
	name                []term   // by concept, rarity as weight
	nameSum             float32  // of weights
	coreSum, coreLength float32  // of the weights of words that are not spread: the sum in the name, the length of all
	all                 []term   // name and description together, by concept, of length 1
	verbatim            []term   // the description by stem, of length 1
	letters             []uint16 // threes of letters of the name, sorted
	initials            string
	topic               topic
	told                [classes]uint32 // telling values in the name
	toldAll             [classes]uint32 // and in name and description
}

// terms reads one text into meanings, pairs of words first. Order is kept.
func (v *vocabulary) read(ids []uint32, out []entry) []entry {
	var before entry // the word just before, when it is a stop word: in care
	for _, id := range ids {
		e := v.entries[id]
		if before.head {
			if two, ok := v.pairs[[2]uint32{before.stem, e.stem}]; ok {
				before = entry{}
				out = append(out, two)
				continue
			}
		}
		before = entry{}
		if n := len(out); n > 0 && out[n-1].head {
			if two, ok := v.pairs[[2]uint32{out[n-1].stem, e.stem}]; ok {
				out[n-1] = two
				continue
			}
		}
		if e.stop {
			before = e
			continue
		}
		if n := len(out); n > 0 && e.class == classNumber && out[n-1].class == classNumber {
			out[n-1].class, e.class = -1, -1 // a range, of ages as a rule
		}
		out = append(out, e)
	}
	return out
}

// sortedTerms keeps each concept (or stem) once.
func sortedTerms(es []entry, byStem bool) []term {
	out := make([]term, len(es))
	for i, e := range es {
		out[i] = term{concept: e.concept, stem: e.stem, telling: e.class > classNumber, meant: e.meant}
		if byStem {
			out[i].concept = e.stem
		}
	}
	slices.SortFunc(out, func(a, b term) int {
		if a.concept != b.concept {
			return int(a.concept) - int(b.concept)
		}
		return int(a.stem) - int(b.stem)
	})
	return slices.CompactFunc(out, func(a, b term) bool { return a.concept == b.concept })
}

// rarity is the usual weight of a word: the fewer texts have it, the more it says. Beyond one in a
// thousand it says no more, or names of places and brands would drown the rest in a large book.
func rarity(texts, with int) float32 {
	return float32(math.Log(1 + min(float64(texts)/float64(with+1), 1000)))
}

func unit(ts []term) {
	sum := 0.0
	for _, t := range ts {
		sum += float64(t.weight) * float64(t.weight)
	}
	if sum == 0 {
		return
	}
	by := float32(1 / math.Sqrt(sum))
	for i := range ts {
		ts[i].weight *= by
	}
}

// threes are the overlapping threes of letters of a name, its words run together with gaps.
func threes(ids []uint32, written []string, v *vocabulary, buf []byte) ([]uint16, []byte) {
	buf = append(buf[:0], ' ')
	for _, id := range ids {
		if !v.entries[id].stop {
			buf = append(append(buf, written[id]...), ' ')
		}
	}
	if len(buf) < 3 {
		return nil, buf
	}
	out := make([]uint16, 0, len(buf)-2)
	for i := 2; i < len(buf); i++ {
		out = append(out, uint16((uint32(buf[i-2])*961+uint32(buf[i-1])*31+uint32(buf[i]))%65521))
	}
	slices.Sort(out)
	return slices.Compact(out), buf
}

// texts reads every service's words. Field 0 is the name, 1 the description, 2 the provider (or
// other words that say little when they stand in a name).
func texts(n int, text3 func(i, field int) string, inPlaceOrder bool) ([]text, *vocabulary) {
	l, written := lex(n, 3, text3)
	count := make([]int, len(written))
	for _, id := range l.ids {
		count[id]++
	}
	v := newVocabulary(written, count, n)
	out := make([]text, n)
	inParts(n, func(_, from, to int) {
		var name, desc, provider []entry
		var buf []byte
		for i := from; i < to; i++ {
			t := &out[i]
			name, desc, provider = v.read(l.text(i, 0), name[:0]), v.read(l.text(i, 1), desc[:0]), v.read(l.text(i, 2), provider[:0])
			tell(&t.told, name)
			tellEnding(&t.told, text3(i, 0))
			t.toldAll = t.told
			tell(&t.toldAll, desc)
			t.name = sortedTerms(name, false)
			t.verbatim = sortedTerms(desc, true)
			t.all = sortedTerms(append(desc, name...), false)
			t.letters, buf = threes(l.text(i, 0), written, v, buf)
			t.initials = initials(l.text(i, 0), written)
			for k := range t.name {
				t.name[k].weight = 1
				for _, e := range name {
					if e.concept == t.name[k].concept && e.empty {
						t.name[k].weight = emptyWord
					}
				}
				for _, p := range provider {
					if p.stem == t.name[k].stem {
						t.name[k].weight = providerWord
					}
				}
			}
		}
	})
	v.weigh(out, inPlaceOrder)
	return out, v
}

func tell(told *[classes]uint32, es []entry) {
	for _, e := range es {
		if e.class >= 0 {
			told[e.class] |= 1 << e.value
		}
	}
}

// tellEnding reads a name that ends in a letter on its own: group A, part I.
func tellEnding(told *[classes]uint32, name string) {
	name = strings.TrimRight(name, " )].")
	n := len(name)
	if n < 3 || name[n-2] != ' ' && name[n-2] != '(' {
		return
	}
	switch c := name[n-1] | 0x20; {
	case c >= 'a' && c <= 'h':
		told[classLetter] |= 1 << (c - 'a')
	case c == 'i':
		told[classNumber] |= 1 << 1
	case c == 'v':
		told[classNumber] |= 1 << 5
	}
}

// Words of the provider's name, and names of places, say little about what a service does: the
// provider and the places are compared as such.
const (
	providerWord = 0.25
	emptyWord    = 0.3
	tellingWord  = 0.5 // compared as such too
	placeWord    = 0.35
)

func (v *vocabulary) weigh(out []text, inPlaceOrder bool) {
	n := len(out)
	inName, inAll, inText := make([]int, len(v.terms)), make([]int, len(v.terms)), make([]int, len(v.terms))
	for i := range out {
		for _, t := range out[i].name {
			inName[t.concept]++
		}
		for _, t := range out[i].all {
			inAll[t.concept]++
		}
		for _, t := range out[i].verbatim {
			inText[t.concept]++
		}
	}
	letters := make([]uint32, len(v.terms))
	for i, s := range v.terms {
		for _, c := range []byte(s) {
			letters[i] |= 1 << (c % 32)
		}
	}
	place := make([]bool, len(v.terms))
	if inPlaceOrder {
		markPlaceWords(place, out, inName, v)
	}
	inParts(n, func(_, from, to int) {
		for i := from; i < to; i++ {
			t := &out[i]
			for k := range t.name {
				w := &t.name[k]
				w.weight *= rarity(n, inName[w.concept])
				w.common = inName[w.concept] >= max(5, n/2000)
				w.letters = letters[w.stem]
				if w.telling {
					w.weight *= tellingWord
				}
				if place[w.concept] {
					w.weight *= placeWord
				}
				t.nameSum += w.weight
			}
			for k := range t.all {
				w := &t.all[k]
				w.weight = rarity(n, inAll[w.concept])
				if w.telling {
					w.weight *= tellingWord
				}
				if place[w.concept] {
					w.weight *= placeWord
				}
			}
			for k := range t.verbatim {
				t.verbatim[k].weight = rarity(n, inText[t.verbatim[k].concept])
			}
			unit(t.all)
			unit(t.verbatim)
		}
	})
}

// markPlaceWords finds words of names that keep to one part of the tree. Services are in order of place,
// so it is enough to see how narrow a stretch of them holds most of a word's uses.
func markPlaceWords(place []bool, out []text, inName []int, v *vocabulary) {
	n := len(out)
	at := make([][]int32, len(v.terms))
	for i := range out {
		for _, t := range out[i].name {
			if k := inName[t.concept]; k >= 4 && k <= n/3 && !strings.HasPrefix(v.terms[t.concept], "~") {
				at[t.concept] = append(at[t.concept], int32(i))
			}
		}
	}
	for id, is := range at {
		k := len(is) * 7 / 10
		if k < 3 {
			continue
		}
		narrowest := n
		for i := 0; i+k <= len(is); i++ {
			narrowest = min(narrowest, int(is[i+k-1]-is[i]))
		}
		place[id] = narrowest*12 < n || len(is) >= 8 && narrowest*5 < n
	}
}

func initials(ids []uint32, written []string) string {
	var b [16]byte
	n := 0
	for _, id := range ids {
		if n < len(b) {
			b[n] = written[id][0]
			n++
		}
	}
	return string(b[:n])
}

// markSpread finds the words of names that go with every sort of activity: for carers, in Welsh, Acorn's.
// What a service does is said by the others.
func markSpread(ts []text, services []*Service, terms int) {
	const least, wide = 4, 0.6
	numbers := map[string]uint32{}
	uses := make([]map[uint32]int, terms)
	for i, s := range services {
		if s.Activity == "" {
			continue
		}
		a := strings.ToLower(s.Activity)
		n, ok := numbers[a]
		if !ok {
			n = uint32(len(numbers))
			numbers[a] = n
		}
		for _, w := range ts[i].all {
			if uses[w.concept] == nil {
				uses[w.concept] = map[uint32]int{}
			}
			uses[w.concept][n]++
		}
	}
	spread := make([]bool, terms)
	for w, of := range uses {
		total, square := 0, 0
		for _, n := range of {
			total += n
			square += n * (n - 1)
		}
		spread[w] = len(numbers) > 2 && total >= least && 1-float64(square)/float64(total*(total-1)) >= wide
	}
	for i := range ts {
		t := &ts[i]
		for k := range t.name {
			w := &t.name[k]
			w.spread = spread[w.concept]
			for _, d := range t.verbatim {
				if d.stem == w.stem {
					w.anchored = true
				}
			}
			if !w.spread {
				t.coreSum += w.weight
			}
		}
		for k := range t.all {
			w := &t.all[k]
			if w.spread = spread[w.concept]; !w.spread {
				t.coreLength += w.weight * w.weight
			}
		}
		t.coreLength = float32(math.Sqrt(float64(t.coreLength)))
	}
}
