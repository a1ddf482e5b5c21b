package plant

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"braid/ledger/check/alike"
)

// Class says how a planted double was written.
type Class string

const (
	Light   Class = "light"   // abbreviations, case, order of words
	Medium  Class = "medium"  // slips of the pen, words added
	Heavy   Class = "heavy"   // name and description rewritten in other words
	Strange Class = "strange" // rewritten in words kept from the matcher
)

// Book is a planted book. True pairs index Services.
type Book struct {
	Services []alike.Service
	True     map[[2]int]Class
	Near     map[int]string // a service planted as a near-miss -> of what sort
}

// Style writes services. One is the register, another the terse list of a finance system.
type Style struct {
	kinds     []kind
	name      func(r *rand.Rand, k *kind, s *draft, variant int) string
	text      func(r *rand.Rand, k *kind, s *draft, variant int) string
	rewritten func(r *rand.Rand, s, audience string, strange bool) string
	audiences []string
	sisters   [][2]string
}

type kind struct {
	activity string
	levels   []string
	ages     [][2]int8
	outcome  int
	names    []string // the first two are plain words, the rest other words for the same
	strange  []string // and in words kept from the matcher
	texts    []string
}

type draft struct {
	alike.Service
	kind, audience, variant int
	text                    int // which of the kind's texts
	place                   int // area
	brand                   string
	extra                   []string // sentences after the first
}

type area struct {
	name   string
	span   alike.Span
	parent int
	depth  int
}

type planter struct {
	r        *rand.Rand
	style    Style
	areas    []area
	kids     [][]int
	level    [4][]int
	drafts   []draft
	book     Book
	taken    map[string][]int
	outcomes int
	textOdds float64
	coarse   bool
}

// Options of a book; the zero value of a field takes the usual.
type Options struct {
	Services int
	Style    Style
	Doubles  float64 // share of services that get a double; usual 0.05
	Near     float64 // near-misses to each double; usual 2
	Texts    float64 // share of services with a description; usual 1
	Areas    int     // authorities; usual one to 500 services
	Gaps     float64 // share of services that lack one of ages, place, objective, activity, level
	Coarse   bool    // few activities and wide age bands, so that much is alike but for its words
}

// New plants a book.
func New(seed uint64, o Options) Book {
	if o.Doubles == 0 {
		o.Doubles = 0.05
	}
	if o.Near == 0 {
		o.Near = 2
	}
	if o.Texts == 0 {
		o.Texts = 1
	}
	if o.Areas == 0 {
		o.Areas = 1 + o.Services/500
	}
	p := &planter{r: rand.New(rand.NewPCG(seed, 77)), style: o.Style, taken: map[string][]int{}, outcomes: 6, textOdds: o.Texts, coarse: o.Coarse}
	p.book.True, p.book.Near = map[[2]int]Class{}, map[int]string{}
	p.plantAreas(o.Areas)
	doubles := int(float64(o.Services) * o.Doubles)
	near := int(float64(doubles) * o.Near)
	for tries := 0; len(p.drafts) < o.Services-doubles-near && tries < o.Services*20; tries++ {
		p.plantPlain()
	}
	base := len(p.drafts)
	for range near {
		p.plantNear(p.r.IntN(base))
	}
	for i := range doubles {
		p.plantDouble(p.r.IntN(len(p.drafts)-i), i)
	}
	// Shuffle, so that nothing rests on the order.
	to := p.r.Perm(len(p.drafts))
	p.book.Services = make([]alike.Service, len(p.drafts))
	for i, d := range p.drafts {
		d.Ref = to[i]
		if p.r.Float64() < o.Gaps {
			p.forget(&d.Service)
		}
		p.book.Services[to[i]] = d.Service
	}
	moved := map[[2]int]Class{}
	for k, c := range p.book.True {
		a, b := to[k[0]], to[k[1]]
		moved[[2]int{min(a, b), max(a, b)}] = c
	}
	nearMoved := map[int]string{}
	for k, c := range p.book.Near {
		nearMoved[to[k]] = c
	}
	p.book.True, p.book.Near = moved, nearMoved
	return p.book
}

func (p *planter) plantAreas(authorities int) {
	var next int32
	var add func(parent, depth int, name string) int
	used := map[string]bool{}
	placeName := func() string {
		for {
			n := pick(p.r, placeHeads) + pick(p.r, placeTails)
			if p.r.IntN(5) == 0 {
				n = pick(p.r, placeFronts) + " " + n
			}
			if !used[n] || p.r.IntN(40) == 0 {
				used[n] = true
				return n
			}
		}
	}
	add = func(parent, depth int, name string) int {
		id := len(p.areas)
		p.areas = append(p.areas, area{name: name, parent: parent, depth: depth})
		p.kids = append(p.kids, nil)
		p.level[depth] = append(p.level[depth], id)
		in := next
		next++
		kids := [4]int{authorities, 4 + p.r.IntN(3), 3 + p.r.IntN(3), 0}[depth]
		for range kids {
			kid := add(id, depth+1, placeName())
			p.kids[id] = append(p.kids[id], kid)
		}
		p.areas[id].span = alike.Span{In: in, Out: next}
		return id
	}
	add(-1, 0, "Region")
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (p *planter) authority(a int) int {
	for p.areas[a].depth > 1 {
		a = p.areas[a].parent
	}
	return a
}

func (p *planter) id(prefix string) string {
	return fmt.Sprintf("%s%05d", prefix, p.r.IntN(1<<30))
}

func (p *planter) plantPlain() {
	r := p.r
	k := r.IntN(len(p.style.kinds))
	kd := &p.style.kinds[k]
	depth := []int{1, 2, 2, 2, 3, 3, 3, 3}[r.IntN(8)]
	d := draft{kind: k, place: pick(r, p.level[depth]), audience: 0}
	if r.IntN(3) == 0 {
		d.audience = 1 + r.IntN(len(p.style.audiences)-1)
	}
	age := pick(r, kd.ages)
	d.AgeFrom, d.AgeTo = age[0], age[1]
	d.Level, d.Activity = pick(r, kd.levels), kd.activity
	if p.coarse {
		d.Activity = fmt.Sprintf("group-%d", kd.outcome)
		for _, band := range [][2]int8{{0, 4}, {5, 11}, {11, 18}, {16, 25}} {
			if mid := (age[0] + age[1]) / 2; mid >= band[0] && mid <= band[1] {
				d.AgeFrom, d.AgeTo = band[0], band[1]
				break
			}
		}
	}
	p.aim(&d, kd.outcome, r.IntN(4))
	if p.clash(&d) {
		return
	}
	d.variant, d.text = r.IntN(2), r.IntN(30)
	if r.IntN(4) == 0 {
		d.brand = pick(r, brandFirst) + " " + pick(r, brandSecond)
	}
	d.Provider = p.provider(d.place)
	d.Capacity = []int{0, 10, 12, 15, 20, 24, 30, 40, 50, 60, 80, 100, 120}[r.IntN(13)]
	d.extra = p.extras()
	p.write(&d, d.variant)
	p.add(d)
}

func (p *planter) extras() []string {
	var out []string
	for range p.r.IntN(3) {
		out = append(out, fill(p.r, pick(p.r, extraSentences)))
	}
	return out
}

func (p *planter) aim(d *draft, outcome, objective int) {
	d.Objectives = []string{fmt.Sprintf("obj-%d-%d", outcome, objective)}
	d.Kin = []string{fmt.Sprintf("out-%d", outcome)}
	if p.r.IntN(8) == 0 {
		o := p.r.IntN(p.outcomes)
		d.Objectives = append(d.Objectives, fmt.Sprintf("obj-%d-%d", o, p.r.IntN(4)))
		d.Kin = append(d.Kin, fmt.Sprintf("out-%d", o))
	}
}

func (p *planter) write(d *draft, variant int) {
	kd := &p.style.kinds[d.kind]
	d.Places = []alike.Span{p.areas[d.place].span}
	d.Name = p.style.name(p.r, kd, d, variant)
	d.Name = strings.ReplaceAll(d.Name, "{place}", p.areas[d.place].name)
	d.Description = ""
	if p.r.Float64() < p.textOdds {
		d.Description = p.style.text(p.r, kd, d, variant)
		d.Description = strings.ReplaceAll(d.Description, "{place}", p.areas[d.place].name)
	}
}

func (p *planter) add(d draft) int {
	d.ID = p.id("s")
	i := len(p.drafts)
	p.drafts = append(p.drafts, d)
	key := fmt.Sprint(d.kind, "/", d.audience)
	p.taken[key] = append(p.taken[key], i)
	return i
}

// clash says whether a plain service would be the same as one already planted: then it would be a
// true double that nobody counted.
func (p *planter) clash(d *draft) bool {
	span := p.areas[d.place].span
	for _, i := range p.taken[fmt.Sprint(d.kind, "/", d.audience)] {
		o := &p.drafts[i]
		if overlap(span, o.Places[0]) && d.AgeFrom <= o.AgeTo && o.AgeFrom <= d.AgeTo {
			return true
		}
	}
	return false
}

// others says whether a service of the same kind and audience, other than this one, overlaps an area.
func (p *planter) others(of, place int) bool {
	d := &p.drafts[of]
	for _, i := range p.taken[fmt.Sprint(d.kind, "/", d.audience)] {
		if i != of && overlap(p.areas[place].span, p.drafts[i].Places[0]) && !overlap(d.Places[0], p.drafts[i].Places[0]) {
			return true
		}
	}
	return false
}

func overlap(a, b alike.Span) bool { return a.In < b.Out && b.In < a.Out }

func (p *planter) provider(place int) string {
	switch p.r.IntN(4) {
	case 0:
		return pick(p.r, nationals)
	case 1:
		return p.areas[p.authority(place)].name + " Council"
	case 2:
		return p.areas[place].name + " " + pick(p.r, []string{"Community Association", "Primary School", "Children's Centre", "Family Centre", "Youth Trust"})
	}
	return pick(p.r, brandFirst) + " " + pick(p.r, []string{"Trust", "CIC", "Limited", "Project", "Foundation", "Partnership"})
}

// plantDouble adds the same service once more, written otherwise.
func (p *planter) plantDouble(of, i int) {
	r := p.r
	o := p.drafts[of]
	d := o
	d.Objectives, d.Kin = append([]string(nil), o.Objectives...), append([]string(nil), o.Kin...)
	i %= 12
	if p.book.Near[of] == "sister" {
		i %= 8 // rewritten, nobody could tell which sister it doubles
	}
	class := []Class{Light, Light, Medium, Medium, Light, Medium, Light, Medium, Heavy, Heavy, Heavy, Strange}[i]
	switch r.IntN(10) { // ages
	case 4:
		d.AgeFrom, d.AgeTo = max(0, d.AgeFrom-int8(r.IntN(2))), d.AgeTo+1+int8(r.IntN(2))
	case 0, 1:
		d.AgeTo++
	case 2:
		d.AgeFrom = max(0, d.AgeFrom-1)
	case 3:
		if d.AgeTo-d.AgeFrom > 3 {
			d.AgeTo--
		}
	}
	switch r.IntN(10) { // objective
	case 0, 1:
		p.aim(&d, p.style.kinds[d.kind].outcome, r.IntN(4))
	case 2:
		if len(d.Objectives) == 1 {
			d.Objectives = append(d.Objectives, fmt.Sprintf("obj-%d-%d", r.IntN(p.outcomes), r.IntN(4)))
		}
	}
	wider := d.place
	switch r.IntN(10) { // place
	case 0, 1:
		wider = p.authority(d.place)
	case 2:
		if p.areas[d.place].depth > 1 {
			wider = p.areas[d.place].parent
		}
	}
	if !p.others(of, wider) { // else the double would be that other's double too
		d.place = wider
	}
	d.Places = []alike.Span{p.areas[d.place].span}
	if r.IntN(20) == 0 {
		d.Activity = ""
	}
	if r.IntN(20) == 0 {
		d.Level = ""
	}
	if r.IntN(3) > 0 {
		d.Provider = p.provider(d.place)
	}
	if r.IntN(3) > 0 {
		d.Capacity = []int{0, 10, 15, 20, 30, 40, 50, 60, 100}[r.IntN(9)]
	}
	if r.IntN(6) == 0 {
		d.Description = ""
	}
	switch class {
	case Light:
		d.Name = light(r, o.Name)
		if r.IntN(2) == 0 {
			d.Description = lightText(r, d.Description)
		}
	case Medium:
		d.Name = medium(r, o.Name)
		d.Description = mediumText(r, d.Description)
		if r.IntN(3) == 0 {
			d.Description += " " + strings.Join(p.extras(), " ")
		}
	default:
		kd := &p.style.kinds[d.kind]
		blank := d.Description == ""
		d.text += r.IntN(2) // the same sentence in other words, or another sentence
		d.variant = 2 + r.IntN(max(1, len(kd.names)-2))
		if class == Strange {
			d.variant = 100 + r.IntN(len(kd.strange))
		}
		d.extra = p.extras()
		if r.IntN(2) == 0 {
			d.brand = ""
		}
		p.write(&d, d.variant)
		aud := p.style.audiences[d.audience]
		d.Name = p.style.rewritten(r, d.Name, aud, class == Strange)
		d.Description = p.style.rewritten(r, d.Description, aud, class == Strange)
		if blank {
			d.Description = ""
		}
	}
	at := p.add(d)
	p.book.True[[2]int{of, at}] = class
	// What was already a double of the same service is a double of this one.
	for k, c := range p.book.True {
		if k[1] == of || k[0] == of && k[1] != at {
			other := k[0] + k[1] - of
			if overlap(p.drafts[other].Places[0], d.Places[0]) {
				p.book.True[[2]int{min(other, at), max(other, at)}] = worse(c, class)
			}
		}
	}
}

func worse(a, b Class) Class {
	rank := map[Class]int{Light: 0, Medium: 1, Heavy: 2, Strange: 3}
	if rank[a] > rank[b] {
		return a
	}
	return b
}

// plantNear adds a service that looks like another and is not it.
func (p *planter) plantNear(of int) {
	r := p.r
	o := p.drafts[of]
	d := o
	d.Objectives, d.Kin = append([]string(nil), o.Objectives...), append([]string(nil), o.Kin...)
	sort := pick(r, []string{"elsewhere", "elsewhere", "age", "sister", "sister", "text", "level", "kind"})
	switch sort {
	case "elsewhere": // same name and text in another place
		for range 20 {
			d.place = pick(r, p.level[max(1, p.areas[o.place].depth)])
			if !overlap(p.areas[d.place].span, o.Places[0]) {
				break
			}
		}
		if overlap(p.areas[d.place].span, o.Places[0]) || p.clash(&d) {
			return
		}
		d.Places = []alike.Span{p.areas[d.place].span}
		swapPlace := p.areas[o.place].name
		d.Name = strings.ReplaceAll(d.Name, swapPlace, p.areas[d.place].name)
		d.Description = strings.ReplaceAll(d.Description, swapPlace, p.areas[d.place].name)
		d.Provider = p.provider(d.place)
	case "age": // same name, other ages, or overlapping by a little
		var bands [][2]int8
		for _, b := range [][2]int8{{0, 3}, {4, 7}, {5, 11}, {8, 13}, {11, 16}, {14, 19}, {16, 25}} {
			if b[0] > o.AgeTo || b[1] < o.AgeFrom {
				bands = append(bands, b)
			}
		}
		if len(bands) == 0 {
			return
		}
		b := pick(r, bands)
		d.AgeFrom, d.AgeTo = b[0], b[1]
		if r.IntN(2) == 0 {
			d.Name += fmt.Sprintf(" %d-%d", b[0], b[1])
		}
	case "sister": // one word tells them apart; text the same but for it
		pair := pick(r, p.style.sisters)
		if strings.HasSuffix(pair[0], "s'") && genders(p.style.audiences[o.audience]) || strings.Contains(o.Name, pair[0]) || strings.Contains(o.Name, pair[1]) {
			return
		}
		place := strings.HasPrefix(pair[0], "+")
		put := func(s, w string) string {
			if place {
				return s + " " + strings.TrimPrefix(w, "+")
			}
			return w + " " + s
		}
		if p.book.Near[of] != "" {
			return
		}
		p.drafts[of].Name = put(o.Name, pair[0])
		p.book.Near[of] = "sister"
		d.Name = put(o.Name, pair[1])
		if r.IntN(3) == 0 {
			d.Description = lightText(r, d.Description)
		}
	case "text": // the provider's standard text, another kind of service
		p.other(&d)
		if p.clash(&d) {
			return
		}
		text := d.Description
		p.write(&d, r.IntN(2))
		d.Description = text
		d.Provider = o.Provider
	case "level": // a targeted one on top of a universal one
		levels := []string{"1", "2", "3", "4"}
		d.Level = pick(r, levels)
		if d.Level == o.Level {
			return
		}
		if r.IntN(2) == 0 {
			d.Name = pick(r, []string{"Targeted", "Intensive", "Enhanced", "Specialist"}) + " " + d.Name
		}
		d.Description = lightText(r, d.Description)
	case "kind": // another kind of service with the same activity, outcome, level, place and ages
		p.other(&d)
		d.Activity, d.Level = o.Activity, o.Level
		if p.clash(&d) {
			return
		}
		d.extra = p.extras()
		p.write(&d, r.IntN(2))
		d.Provider = p.provider(d.place)
	}
	at := p.add(d)
	p.book.Near[at] = sort
}

// forget leaves out what a real book often lacks.
func (p *planter) forget(s *alike.Service) {
	switch p.r.IntN(5) {
	case 0:
		s.AgeFrom, s.AgeTo = -1, -1
	case 1:
		s.Places = nil
	case 2:
		s.Objectives, s.Kin = nil, nil
	case 3:
		s.Activity = ""
	case 4:
		s.Level = ""
	}
}

func genders(audience string) bool {
	for _, w := range []string{"boy", "girl", "mother", "father", "dad"} {
		if strings.Contains(audience, w) {
			return true
		}
	}
	return false
}

// other makes a draft another kind of service for the same audience.
func (p *planter) other(d *draft) {
	for range 50 {
		k := p.r.IntN(len(p.style.kinds))
		if k != d.kind {
			d.kind = k
			d.brand = ""
			return
		}
	}
}

// light changes only how a name is written.
func light(r *rand.Rand, s string) string {
	switch r.IntN(6) {
	case 0:
		return strings.ToUpper(s)
	case 1:
		if w := strings.Fields(s); len(w) > 1 {
			return strings.Join(append(w[len(w)-1:], w[:len(w)-1]...), " ")
		}
	case 2:
		return shorten(r, strings.ReplaceAll(s, " and ", " & "))
	case 3:
		return strings.ToLower(strings.ReplaceAll(s, "'", ""))
	case 4:
		if w := strings.Fields(s); len(w) > 2 {
			at := 1 + r.IntN(len(w)-1)
			return strings.Join(w[at:], " ") + " - " + strings.Join(w[:at], " ")
		}
	}
	return shorten(r, s)
}

func shorten(r *rand.Rand, s string) string {
	w := strings.Fields(s)
	for range 2 {
		i := r.IntN(len(w))
		switch n := len(w[i]); {
		case n > 6 && r.IntN(3) > 0:
			w[i] = w[i][:3+r.IntN(3)]
			if r.IntN(2) == 0 {
				w[i] += "."
			}
		case n > 5:
			w[i] = skeleton(w[i])
		}
	}
	return strings.Join(w, " ")
}

func skeleton(w string) string {
	out := w[:1]
	for i := 1; i < len(w); i++ {
		if !strings.ContainsRune("aeiou", rune(w[i])) {
			out += w[i : i+1]
		}
	}
	return out
}

func lightText(r *rand.Rand, s string) string {
	parts := strings.SplitAfter(s, ". ")
	if len(parts) > 1 && r.IntN(2) == 0 {
		parts = append(parts[1:], " "+parts[0])
	}
	return strings.TrimSpace(strings.Join(parts, ""))
}

func medium(r *rand.Rand, s string) string {
	w := strings.Fields(s)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(w))
		w[i] = slip(r, w[i])
	}
	if r.IntN(2) == 0 {
		i := r.IntN(len(w) + 1)
		w = append(w[:i], append([]string{pick(r, addedWords)}, w[i:]...)...)
	}
	if r.IntN(4) == 0 && len(w) > 3 {
		i := r.IntN(len(w))
		w = append(w[:i], w[i+1:]...)
	}
	return strings.Join(w, " ")
}

func mediumText(r *rand.Rand, s string) string {
	w := strings.Fields(s)
	if len(w) == 0 {
		return s
	}
	for range 1 + len(w)/8 {
		i := r.IntN(len(w))
		switch r.IntN(3) {
		case 0:
			w[i] = slip(r, w[i])
		case 1:
			w = append(w[:i], append([]string{pick(r, addedWords)}, w[i:]...)...)
		case 2:
			if len(w) > 4 {
				w = append(w[:i], w[i+1:]...)
			}
		}
	}
	return strings.Join(w, " ")
}

func slip(r *rand.Rand, w string) string {
	if len(w) < 4 {
		return w
	}
	i := r.IntN(len(w) - 1)
	letter := string(rune('a' + r.IntN(26)))
	switch r.IntN(4) {
	case 0:
		return w[:i] + w[i+1:]
	case 1:
		return w[:i] + letter + w[i:]
	case 2:
		return w[:i] + letter + w[i+1:]
	}
	return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
}

func fill(r *rand.Rand, s string) string {
	for _, slot := range slots {
		for strings.Contains(s, slot.mark) {
			s = strings.Replace(s, slot.mark, pick(r, slot.words), 1)
		}
	}
	return s
}
