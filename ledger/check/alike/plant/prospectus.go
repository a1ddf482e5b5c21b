package plant

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"braid/ledger/check/alike"
)

// Prospectus plants a book of another making: services as bidders describe them, with types, words,
// sentences, noise and near-misses of their own. It shares nothing with the other styles: learned
// without it, the matcher showed on it how it does on a stranger's book.
func Prospectus(seed uint64, o Options) Book {
	if o.Doubles == 0 {
		o.Doubles = 0.05
	}
	if o.Near == 0 {
		o.Near = 1
	}
	if o.Texts == 0 {
		o.Texts = 1
	}
	if o.Areas == 0 {
		o.Areas = 1 + o.Services/400
	}
	p := &prospectus{r: rand.New(rand.NewPCG(seed, 4142)), o: o, met: map[string][]int{}}
	p.book.True, p.book.Near = map[[2]int]Class{}, map[int]string{}
	p.layOut()
	doubles := int(float64(o.Services) * o.Doubles)
	near := int(float64(doubles) * o.Near)
	plain := o.Services - doubles - near
	for tries := 0; len(p.offers) < plain && tries < 30*plain; tries++ {
		p.plain()
	}
	for i, of := range p.r.Perm(len(p.offers))[:min(len(p.offers), doubles+near)] {
		if i < doubles {
			p.double(of, []Class{Light, Medium, Heavy}[i%3])
		} else {
			p.nearly(of, i%5)
		}
	}
	to := p.r.Perm(len(p.offers))
	p.book.Services = make([]alike.Service, len(to))
	for i, d := range p.offers {
		d.Ref = to[i]
		p.book.Services[to[i]] = d.Service
	}
	moved := map[[2]int]Class{}
	for k, c := range p.book.True {
		a, b := to[k[0]], to[k[1]]
		moved[[2]int{min(a, b), max(a, b)}] = c
	}
	p.book.True = moved
	return p.book
}

type prospectus struct {
	r      *rand.Rand
	o      Options
	towns  []alike.Span
	wards  []alike.Span
	names  []string // of wards
	townOf []int
	offers []offer
	met    map[string][]int // type and audience -> offers
	book   Book
}

type offer struct {
	alike.Service
	sort, whom, town, ward int // ward -1: the whole town
	title                  string
}

func (p *prospectus) layOut() {
	next := int32(1)
	for range p.o.Areas {
		town := alike.Span{In: next}
		next++
		for range 9 {
			p.wards = append(p.wards, alike.Span{In: next, Out: next + 1})
			p.names = append(p.names, pick(p.r, wardFirst)+" "+pick(p.r, wardLast))
			p.townOf = append(p.townOf, len(p.towns))
			next++
		}
		town.Out = next
		p.towns = append(p.towns, town)
	}
}

func (p *prospectus) place(d *offer) {
	if d.ward < 0 {
		d.Places = []alike.Span{p.towns[d.town]}
		return
	}
	d.Places = []alike.Span{p.wards[d.ward]}
}

// free says that nothing of the same sort for the same people overlaps.
func (p *prospectus) free(d *offer) bool {
	for _, i := range p.met[fmt.Sprint(d.sort, d.whom)] {
		if e := &p.offers[i]; overlap(e.Places[0], d.Places[0]) && e.AgeFrom <= d.AgeTo && d.AgeFrom <= e.AgeTo {
			return false
		}
	}
	return true
}

func (p *prospectus) add(d offer) int {
	d.ID = fmt.Sprintf("%s-%d", strings.ToUpper(d.Activity[:2]), len(p.offers)*7919%1000003)
	at := len(p.offers)
	p.offers = append(p.offers, d)
	key := fmt.Sprint(d.sort, d.whom)
	p.met[key] = append(p.met[key], at)
	return at
}

func (p *prospectus) plain() {
	r := p.r
	d := offer{sort: r.IntN(len(sorts)), ward: r.IntN(len(p.wards))}
	if r.IntN(2) == 0 {
		d.whom = 1 + r.IntN(len(folk)-1)
	}
	d.town = p.townOf[d.ward]
	if r.IntN(4) == 0 {
		d.ward = -1
	}
	p.place(&d)
	s := &sorts[d.sort]
	a := pick(r, s.ages)
	d.AgeFrom, d.AgeTo = a[0], a[1]
	if !p.free(&d) {
		return
	}
	d.Activity, d.Level = s.activity, pick(r, []string{"universal", "targeted", "targeted", "specialist"})
	p.need(&d, s.outcome, r.IntN(5))
	d.Provider = p.body()
	d.Capacity = 5 * r.IntN(40)
	d.title = p.titled(&d, s.said[0])
	d.Name = d.title
	if r.Float64() < p.o.Texts {
		d.Description = p.told(&d, s.does[0], -1)
	}
	p.add(d)
}

func (p *prospectus) need(d *offer, outcome, n int) {
	d.Objectives, d.Kin = []string{fmt.Sprintf("N%d.%d", outcome, n)}, []string{fmt.Sprintf("N%d", outcome)}
}

func (p *prospectus) body() string {
	return pick(p.r, bodyFirst) + " " + pick(p.r, bodyLast)
}

func (p *prospectus) titled(d *offer, said string) string {
	whom := folk[d.whom][0]
	t := said
	if whom != "" {
		t = pick(p.r, []string{t + " for " + whom, t + " (" + whom + ")", t + " with " + whom})
	}
	switch p.r.IntN(5) {
	case 0:
		if d.ward >= 0 {
			t = p.names[d.ward] + " " + t
		}
	case 1:
		t = strings.Fields(d.Provider)[0] + " " + t
	case 2:
		t = pick(p.r, flourishes) + " " + t
	}
	return t
}

// told writes what is done, in a shape other than not.
func (p *prospectus) told(d *offer, does string, not int) string {
	whom := folk[d.whom][0]
	if whom == "" {
		whom = "local families"
	}
	shape := p.r.IntN(len(shapes))
	if shape == not {
		shape = (shape + 1) % len(shapes)
	}
	t := strings.NewReplacer("{does}", does, "{whom}", whom, "{body}", d.Provider, "{room}", pick(p.r, rooms), "{by}", pick(p.r, workers),
		"{n}", pick(p.r, []string{"5", "6", "8", "10", "12", "20"}), "{from}", pick(p.r, senders)).Replace(shapes[shape])
	t = strings.ToUpper(t[:1]) + t[1:]
	for range p.r.IntN(3) {
		t += " " + strings.NewReplacer("{room}", pick(p.r, rooms), "{by}", pick(p.r, workers), "{from}", pick(p.r, senders)).Replace(pick(p.r, asides))
	}
	return t
}

func (p *prospectus) double(of int, class Class) {
	r := p.r
	first := p.offers[of]
	d := first
	switch r.IntN(4) {
	case 0:
		d.AgeTo += int8(1 + r.IntN(2))
	case 1:
		d.AgeFrom = max(0, d.AgeFrom-1)
	}
	if r.IntN(4) == 0 {
		p.need(&d, sorts[d.sort].outcome, r.IntN(5))
	}
	if r.IntN(4) == 0 {
		whole := d
		whole.ward, whole.Places = -1, []alike.Span{p.towns[d.town]}
		clear := true
		for _, i := range p.met[fmt.Sprint(d.sort, d.whom)] {
			clear = clear && (i == of || !overlap(p.offers[i].Places[0], whole.Places[0]) || overlap(p.offers[i].Places[0], first.Places[0]))
		}
		if clear {
			d = whole
		}
	}
	if r.IntN(2) == 0 {
		d.Provider = p.body()
	}
	if r.IntN(2) == 0 {
		d.Capacity = 5 * r.IntN(40)
	}
	switch class {
	case Light:
		d.Name = p.brief(d.Name)
		if r.IntN(3) == 0 {
			d.Description = p.brief(d.Description)
		}
	case Medium:
		d.Name, d.Description = p.garbled(p.brief(d.Name), 1), p.garbled(d.Description, 3)
	case Heavy:
		s := &sorts[d.sort]
		d.Name = p.otherWords(p.titled(&d, s.said[1+r.IntN(len(s.said)-1)]), &d)
		if d.Description != "" {
			d.Description = p.otherWords(p.told(&d, s.does[1+r.IntN(len(s.does)-1)], r.IntN(len(shapes))), &d)
		}
	}
	at := p.add(d)
	p.book.True[[2]int{of, at}] = class
}

// brief writes as a clerk in a hurry does.
func (p *prospectus) brief(s string) string {
	if s == "" {
		return s
	}
	switch p.r.IntN(4) {
	case 0:
		s = strings.ToUpper(s)
	case 1:
		for _, k := range clipped {
			s = strings.ReplaceAll(s, k[0], k[1])
		}
	case 2:
		if head, tail, ok := strings.Cut(s, " for "); ok {
			s = tail + ": " + head
		} else if w := strings.Fields(s); len(w) > 1 {
			s = strings.Join(w[1:], " ") + ", " + w[0]
		}
	case 3:
		s = strings.NewReplacer(" and ", " & ", "-", " ", "'", "", "(", "- ", ")", "").Replace(s)
	}
	return s
}

// garbled makes slips of the pen, and puts in or leaves out a word.
func (p *prospectus) garbled(s string, times int) string {
	w := strings.Fields(s)
	for range times {
		if len(w) < 2 {
			break
		}
		i := p.r.IntN(len(w))
		switch l := len(w[i]); {
		case p.r.IntN(4) == 0:
			w = slices.Insert(w, i, pick(p.r, padding))
		case p.r.IntN(5) == 0 && len(w) > 3:
			w = slices.Delete(w, i, i+1)
		case l > 4:
			at := 1 + p.r.IntN(l-2)
			switch p.r.IntN(3) {
			case 0:
				w[i] = w[i][:at] + w[i][at+1:]
			case 1:
				w[i] = w[i][:at] + w[i][at:at+1] + w[i][at:]
			case 2:
				w[i] = w[i][:at] + string(w[i][at+1]) + string(w[i][at]) + w[i][at+2:]
			}
		}
	}
	return strings.Join(w, " ")
}

// otherWords says it again: for the people, and word by word.
func (p *prospectus) otherWords(s string, d *offer) string {
	if f := folk[d.whom]; f[0] != "" {
		s = strings.ReplaceAll(s, f[0], pick(p.r, f))
	}
	for _, k := range reworded {
		if p.r.IntN(3) > 0 {
			s = regexp.MustCompile(`\b`+k[0]+`\b`).ReplaceAllString(s, k[1])
		}
	}
	return s
}

// nearly adds what looks like a double and is none.
func (p *prospectus) nearly(of, sort int) {
	r := p.r
	d := p.offers[of]
	was := d
	what := []string{"next ward", "other ages", "other people", "other level", "same words, other thing"}[sort]
	switch sort {
	case 0:
		if d.ward < 0 {
			d.town = (d.town + 1) % len(p.towns)
		} else {
			d.ward = (d.ward + 1 + r.IntN(len(p.wards)-1)) % len(p.wards)
			d.town = p.townOf[d.ward]
			d.Name = strings.ReplaceAll(d.Name, p.names[was.ward], p.names[d.ward])
		}
		p.place(&d)
	case 1:
		if d.AgeFrom > 10 {
			d.AgeFrom, d.AgeTo = 4, 9
		} else {
			d.AgeFrom, d.AgeTo = d.AgeTo+1, d.AgeTo+6
		}
	case 2:
		for d.whom == was.whom {
			d.whom = 1 + r.IntN(len(folk)-1)
		}
		to := folk[d.whom][0]
		if from := folk[was.whom][0]; from != "" {
			d.Name = strings.ReplaceAll(d.Name, from, to)
			d.Description = strings.ReplaceAll(strings.ReplaceAll(d.Description, from, to), strings.ToUpper(from[:1])+from[1:], to)
		} else {
			d.Name += " for " + to
			d.Description = strings.ReplaceAll(d.Description, "local families", to)
		}
	case 3:
		d.Level = map[string]string{"universal": "targeted", "targeted": "universal", "specialist": "targeted"}[d.Level]
	case 4:
		for d.sort == was.sort {
			d.sort = r.IntN(len(sorts))
		}
		d.Name = p.titled(&d, sorts[d.sort].said[0])
		d.Description = strings.ReplaceAll(d.Description, sorts[was.sort].does[0], sorts[d.sort].does[0])
	}
	if sort == 3 || p.free(&d) {
		p.book.Near[p.add(d)] = what
	}
}

// sorts of service: what they are called and what they do, in several ways each.
var sorts = []struct {
	activity   string
	outcome    int
	ages       [][2]int8
	said, does []string
}{
	{"Parents", 0, [][2]int8{{0, 5}, {3, 10}}, []string{"Incredible Years course", "Webster-Stratton parenting", "Parent skills training"}, []string{"teaching praise, play and limit setting", "showing mothers and fathers how to handle tantrums calmly", "a structured behaviour syllabus for carers"}},
	{"Parents", 0, [][2]int8{{0, 2}, {0, 3}}, []string{"Perinatal bonding visits", "Early attachment service", "Mother and baby relationship work"}, []string{"strengthening the bond between baby and parent", "helping new parents read their infant's cues", "video feedback on early relationships"}},
	{"Parents", 0, [][2]int8{{8, 17}, {11, 17}}, []string{"Teen conflict coaching", "Adolescent to parent violence service", "Family disputes support"}, []string{"calming quarrels between teenagers and parents", "working on aggression in the home", "agreeing house rules after arguments"}},
	{"Parents", 0, [][2]int8{{0, 17}}, []string{"Separated parents contact", "Supervised contact centre", "Child contact sessions"}, []string{"a safe room where children meet a parent they do not live with", "supervising visits ordered by the court", "handover between separated parents"}},
	{"Early years", 1, [][2]int8{{2, 4}}, []string{"Funded two year old places", "Free nursery entitlement", "Early education places"}, []string{"fifteen hours of nursery each week", "free early education for eligible toddlers", "preschool sessions without charge"}},
	{"Early years", 1, [][2]int8{{0, 4}, {3, 6}}, []string{"Chatter Matters language groups", "Early talk sessions", "Communication boost"}, []string{"growing vocabulary through songs and stories", "spotting children who are late to speak", "language enrichment for young children"}},
	{"Early years", 1, [][2]int8{{0, 3}, {0, 5}}, []string{"Stay and play", "Toddler drop-in", "Parent and tot mornings"}, []string{"messy play and a cup of tea", "informal play for under fives with their carers", "toys, rhymes and company"}},
	{"Early years", 1, [][2]int8{{0, 5}}, []string{"Portage home teaching", "Developmental home visits", "Home learning for delayed infants"}, []string{"small steps teaching in the child's own living room", "weekly targets for children with developmental delay", "modelling learning games at home"}},
	{"School", 2, [][2]int8{{5, 11}, {11, 16}}, []string{"Attendance improvement", "School refusal casework", "Every Day Counts"}, []string{"visiting families whose children miss lessons", "getting absentees back to class", "casework on unexplained absence"}},
	{"School", 2, [][2]int8{{9, 12}, {10, 12}}, []string{"Year six transition", "Moving to secondary", "Bridge to big school"}, []string{"preparing pupils for secondary school", "summer days that ease the move to year seven", "taster lessons before the new school"}},
	{"School", 2, [][2]int8{{5, 11}, {7, 14}}, []string{"Paired reading", "Catch-up literacy", "Book buddies"}, []string{"reading aloud with an adult twice a week", "raising reading ages by one-to-one practice", "literacy recovery"}},
	{"School", 2, [][2]int8{{5, 16}}, []string{"Nurture base", "Social and emotional unit", "Small class for anxious pupils"}, []string{"a small class with routines and breakfast", "emotional regulation for children who cannot cope in class", "a calm room in school"}},
	{"Youth", 3, [][2]int8{{11, 18}, {13, 19}}, []string{"Detached youth work", "Street based teams", "Youth patrol"}, []string{"meeting teenagers where they gather at night", "walking estates on Friday evenings", "street outreach to adolescents"}},
	{"Youth", 3, [][2]int8{{10, 16}, {8, 14}}, []string{"Midnight football league", "Evening soccer", "Kickabout tournaments"}, []string{"five-a-side matches under floodlights", "organised games that keep youngsters busy", "weekly ball sports"}},
	{"Youth", 3, [][2]int8{{11, 17}, {14, 21}}, []string{"Recording studio project", "Music technology workshops", "Beats and lyrics"}, []string{"writing and recording songs", "learning sound engineering and rap", "music making with professional artists"}},
	{"Youth", 3, [][2]int8{{8, 17}, {10, 17}}, []string{"Youth crime diversion", "Junior attendance panel", "Staying out of trouble"}, []string{"intensive work with those on the edge of offending", "reparation and victim awareness", "keeping first time entrants out of court"}},
	{"Health", 4, [][2]int8{{11, 18}, {13, 25}}, []string{"School counselling", "Time to Talk", "Listening ear"}, []string{"confidential talking sessions during the school day", "one hour a week with a qualified counsellor", "support with low mood and worry"}},
	{"Health", 4, [][2]int8{{7, 13}, {4, 11}}, []string{"Healthy weight programme", "Fit families", "Childhood obesity clinic"}, []string{"cooking, exercise and goal setting", "bringing body mass index down", "help for children above a healthy weight"}},
	{"Health", 4, [][2]int8{{0, 1}, {0, 2}}, []string{"Breastfeeding peer support", "Infant feeding team", "Nursing mums network"}, []string{"helping mothers to start and keep breastfeeding", "latch checks on the ward and at home", "feeding advice after birth"}},
	{"Health", 4, [][2]int8{{11, 19}, {13, 24}}, []string{"Drugs and alcohol worker", "Substance use service", "Choices clinic"}, []string{"reducing harm from cannabis and drink", "brief interventions for young users", "structured treatment for substance misuse"}},
	{"Health", 4, [][2]int8{{13, 19}, {13, 24}}, []string{"C-card condom scheme", "Sexual health outreach", "Contraception drop-in"}, []string{"free condoms and confidential advice", "testing and contraception in youth settings", "lowering under eighteen conceptions"}},
	{"Safety", 5, [][2]int8{{0, 17}, {5, 16}}, []string{"Recovery from domestic abuse", "Children who witness violence", "Freedom and healing groups"}, []string{"group healing for children who lived with violence", "rebuilding safety after fleeing abuse", "trauma work following domestic violence"}},
	{"Safety", 5, [][2]int8{{10, 17}, {11, 18}}, []string{"Return home interviews", "Missing from home service", "Runaways project"}, []string{"speaking with children who went missing", "finding out why they ran", "interviews within seventy two hours of return"}},
	{"Safety", 5, [][2]int8{{0, 17}, {0, 11}}, []string{"Debt and benefits clinic", "Money matters", "Household income advice"}, []string{"claims, appeals and debt plans", "maximising what families have to live on", "negotiating arrears"}},
	{"Safety", 5, [][2]int8{{16, 24}, {16, 21}}, []string{"Nightstop emergency beds", "Crash pad hosting", "Homeless youth accommodation"}, []string{"a bed for the night with a volunteer host", "emergency rooms for young homeless people", "preventing rough sleeping"}},
	{"Safety", 5, [][2]int8{{5, 17}, {8, 18}}, []string{"Weekend short breaks", "Saturday respite club", "Carer relief days"}, []string{"days out that give families a rest", "overnight and day breaks", "a break from caring"}},
}

// folk are who it is for, and what else they are called.
var folk = [][]string{{""}, {"young carers", "children who care for relatives"}, {"fathers", "dads"}, {"girls", "young women"}, {"boys", "young men"}, {"looked after children", "children in care"},
	{"disabled children", "children with SEND"}, {"asylum seeking families", "refugees"}, {"Roma families", "Gypsy, Roma and Traveller families"}, {"teenage parents", "young mums and dads"},
	{"foster carers", "fostering households"}, {"care leavers", "those leaving care"}, {"autistic pupils", "pupils on the spectrum"}}

var shapes = []string{"{does} for {whom}, {n} places a week.", "we work with {whom}: {does}. Based at {room}.", "purpose: {does}. Who for: {whom}. Route in: {from}.",
	"{body} will deliver {does} to {whom} using {by}.", "contract for {does}; {whom}; {n} weeks; {room}.", "{whom} are offered {does} by {by}.",
	"the specification asks for {does}, aimed at {whom} known to {from}.", "in {room}, {by} lead on {does} with {whom}."}
var asides = []string{"Open all year round.", "Reports quarterly to the board.", "{from} can refer by email.", "Held in {room}.", "Staffed by {by}.", "Lunch is included.", "Evaluated by the university.",
	"Funded until the next spending review.", "Key performance measures are agreed each spring.", "Self referral is welcome."}
var rooms = []string{"the family hub", "a church hall", "the leisure centre", "two primary schools", "the old library", "a converted bus", "the civic centre", "partner premises"}
var workers = []string{"two practitioners", "experienced tutors", "a paid coordinator and volunteers", "outreach workers", "nursery nurses", "registered therapists", "sessional staff"}
var senders = []string{"GPs", "the front door team", "headteachers", "health visitors", "the youth justice team", "housing officers", "the early help panel"}
var wardFirst = strings.Fields("Abbey Bank Canal Castle Cathedral Chapel Cross Dock Farm Forge Garden Harbour Heath Kiln Lock Market Orchard Park Priory Quarry River Spring Station Temple Vale Weir")
var wardLast = strings.Fields("End Fields Gate Green Hill Lane Row Side Town View Village Wharf Heights Common Mount")
var bodyFirst = strings.Fields("Willow Compass Northgate Lighthouse Kestrel Pathfinder Mosaic Foxglove Tandem Bluebell Keystone Meridian Heron Cygnet Juniper Oakleaf Riverside Sunrise Trellis Umbrella")
var bodyLast = []string{"Trust", "Community Interest Company", "Charity", "Family Services", "Youth Association", "Borough Council", "NHS Trust", "Partnership"}
var flourishes = []string{"Positive", "Brighter", "Moving On", "Step Up", "Thrive", "Together", "Aspire", "Reach", "Launchpad"}
var padding = strings.Fields("the new local borough pilot enhanced our additional whole regular funded existing")
var clipped = [][2]string{{"programme", "prog"}, {"project", "proj"}, {"children", "chn"}, {"families", "fams"}, {"support", "supp"}, {"parent", "prnt"}, {"service", "svc"}, {"group", "grp"},
	{"school", "sch"}, {"young", "yng"}, {"workshops", "wkshps"}, {"sessions", "sess"}, {"counselling", "couns"}, {"and", "&"}, {"course", "crse"}, {"community", "comm"}}
var reworded = [][2]string{{"children", "youngsters"}, {"families", "households"}, {"support", "assistance"}, {"service", "provision"}, {"project", "initiative"}, {"sessions", "meetings"}, {"weekly", "each week"},
	{"help", "assist"}, {"team", "workers"}, {"programme", "scheme"}, {"work", "activity"}, {"parents", "mums and dads"}, {"teenagers", "adolescents"}, {"course", "classes"}, {"school", "education"}}
