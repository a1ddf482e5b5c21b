package alike

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// eachWord splits text into folded words: lower case, accents and apostrophes dropped, letters
// parted from digits. The slice given to yield is only good until the next word.
func eachWord(s string, buf []byte, yield func([]byte)) []byte {
	if !ascii(s) {
		s = unaccented(s)
	}
	buf = buf[:0]
	digits := false
	flush := func() {
		if len(buf) > 0 {
			yield(buf)
			buf = buf[:0]
		}
	}
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		switch {
		case r >= 'a' && r <= 'z' || r > 127 && unicode.IsLetter(r):
			if digits {
				flush()
			}
			digits = false
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		case r >= '0' && r <= '9':
			if !digits {
				flush()
			}
			digits = true
			buf = append(buf, byte(r))
		case r == '\'':
		default:
			flush()
		}
	}
	flush()
	return buf
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’' || r == '‘' || r == 'ʼ':
			return '\''
		}
		return r
	}, norm.NFKD.String(s))
}

// stem takes off the commonest endings, so that parents, parent's and parenting meet. It is
// deliberately light: a wrong join costs more here than a missed one.
func stem(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		w = w[:n-3] + "y"
	case n > 5 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes")):
		w = w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		w = w[:n-1]
	}
	if n = len(w); n > 6 && strings.HasSuffix(w, "ing") {
		w = w[:n-3]
	} else if n > 6 && strings.HasSuffix(w, "ed") {
		w = w[:n-2]
	}
	if n = len(w); n > 4 && w[n-1] == 'e' && w[n-2] != 'e' {
		w = w[:n-1]
	}
	return w
}

const stopWords = `the of for and in to a an at with on by from our their its is are be who that this these those will as or it into
through which we you your they them all any each also can has have had was were been so not where when while what how than then there
within between across per via up out if do does may more most other both such s t st nd rd th etc`

// emptyWords say little about what a service is when one name has them and another has not.
const emptyWords = `new local joint pilot community annual free additional extended continuing core integrated borough council county
district city town area wide based service provision project programme scheme initiative team offer various general main ltd limited cic trust
commissioned contract contracted sla grant funded funding spot purchase block enhanced 2020 2021 2022 2023 2024 2025 2026 2027 2028`

// number reads a word as a small number, however it is written; -1 when it is none.
func number(w string) int {
	if n, ok := numberWords[w]; ok {
		return n
	}
	if w == "" || w[0] < '0' || w[0] > '9' {
		return -1
	}
	n := 0
	for i := 0; i < len(w) && n < 1_000_000; i++ {
		if w[i] < '0' || w[i] > '9' {
			return -1
		}
		n = n*10 + int(w[i]-'0')
	}
	return n
}

var numberWords = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
	"second": 2, "third": 3, "ii": 2, "iii": 3, "iv": 4}

// Classes of words that tell one service from a sister with the same stem. Two names conflict when
// both have a word of a class and share none of its values.
const (
	classNumber = iota
	classGender
	classAge
	classCompass
	classRank
	classTime
	classWhom
	classMode
	classTongue
	classDay
	classLetter
	classes
)

type meaning struct {
	concept string
	class   int // -1: tells nothing apart
	value   int
}

type phrase struct {
	first, second string
	meaning
}

// lexicon is what the field's own words mean: single words, and pairs of words in a row.
type lexicon struct {
	stop  map[string]bool
	empty map[string]bool // by stem
	one   map[string]meaning
	two   map[[2]string]meaning
	heads map[string]bool // first words of a pair

	phrases []phrase // what two holds, in order, numbers as terms write them
}

var words = sync.OnceValue(func() *lexicon {
	lex := &lexicon{stop: map[string]bool{}, empty: map[string]bool{}, one: map[string]meaning{}, two: map[[2]string]meaning{}, heads: map[string]bool{}}
	for w := range strings.FieldsSeq(stopWords) {
		lex.stop[w] = true
	}
	for w := range strings.FieldsSeq(emptyWords) {
		lex.empty[stem(w)] = true
	}
	class := map[string]int{"gender": classGender, "age": classAge, "compass": classCompass, "rank": classRank, "time": classTime,
		"whom": classWhom, "mode": classMode, "tongue": classTongue, "day": classDay}
	values := map[string]int{}
	for line := range strings.SplitSeq(strings.TrimSpace(fieldWords), "\n") {
		head, list, _ := strings.Cut(line, ":")
		concept, mark, marked := strings.Cut(strings.TrimSpace(head), " ")
		m := meaning{concept: "~" + concept, class: -1}
		if marked {
			m.class, m.value = class[mark], values[mark]%32
			values[mark]++
		}
		for phrase := range strings.SplitSeq(list, ",") {
			var parts []string
			eachWord(phrase, nil, func(w []byte) {
				parts = append(parts, stem(string(w)))
			})
			if len(parts) > 2 { // of longer phrases, the words that count
				parts = slices.DeleteFunc(parts, func(w string) bool { return lex.stop[w] })
			}
			switch len(parts) {
			case 1:
				lex.one[parts[0]] = m
			case 2:
				lex.two[[2]string{parts[0], parts[1]}] = m
				lex.heads[parts[0]] = true
			}
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(lex.two), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		lex.phrases = append(lex.phrases, phrase{numbered(k[0]), numbered(k[1]), lex.two[k]})
	}
	return lex
})

// fieldWords are the words of children's services that say one thing, one meaning to a line, with
// the usual short forms. A mark after the meaning puts it in a class of words that tell apart.
const fieldWords = `
male gender: boy, lad, male, young men
female gender: girl, female, young women
dad gender: dad, father, fatherhood, male carer
mum gender: mum, mother, maternal, motherhood
unborn age: antenatal, prenatal, pregnancy, pregnant, expectant, bump
baby age: baby, infant, newborn, under 1, under 2, postnatal, perinatal
toddler age: toddler, under 3, under 4
preschool age: preschool, pre school, early year, eyfs, under 5, nursery age
primary age: primary, junior school, key stage 1, ks, 5 to 11
teen age: teen, teenage, teenager, adolescent, adolescence, secondary, youth, young people, young person, yp, youngster
youngadult age: young adult, 18 to 25, school leaver
leaver whom: care leaver, leaving care, leave care, leaver
north compass: north, northern, ngl
south compass: south, southern
east compass: east, eastern
west compass: west, western
central compass: central
start rank: beginner, introductory, introduction, intro, starter, basic, foundation
further rank: intermediate, advanced, follow on, followon, refresher, higher, next step
junior rank: junior
senior rank: senior
universal rank: universal, open access, open all
targeted rank: targeted, early help, additional support
intensive rank: intensive, specialist, edge of care, acute
morning time: morning, am, breakfast, before school
afternoon time: afternoon, afterschool, after school, out of school, tea time, pm
evening time: evening, night, twilight
weekend time: weekend
weekday time: weekday, midweek
summer time: summer
easter time: easter
winter time: winter, christmas
halfterm time: half term
carer whom: young carer, carer, sibling
care whom: looked after, lac, cla, in care, care experienced, foster, fostering, fostered, foster carer, foster family, corporate parent
disabled whom: disability, disabled, send, sen, aln, additional need, special need, additional learning, special educational, learning difficulty, complex need
autism whom: autism, autistic, asd, asc, neurodiverse, neurodivergent, adhd
deaf whom: deaf, hearing, deafness
sight whom: sight, visual, visually, blind
refugee whom: refugee, asylum, asylum seeker, migrant, newly arrived, sanctuary
traveller whom: traveller, gypsy, roma, romany, grt
lgbt whom: lgbt, lgbtq, gay, trans
offend whom: offend, offending, offender, reoffend, crime, antisocial, youth justice, yot, criminal
homeless whom: homeless, homelessness, rough sleep, temporary accommodation
bereaved whom: bereave, bereaved, bereavement, grief, grieving, loss
teenparent whom: teenage parent, teen parent, teen mum, teen dad, teenage mother, teenage mum, young parent, teenage pregnancy, young mum, young dad, young mother, young father
adopt whom: adopt, adopted, adoption, adoptive
kinship whom: kinship, special guardian, guardianship, grandparent
online mode: online, virtual, digital, web, remote, telephone, phone, helpline
home mode: home visit, home, in home, homebased, home based, doorstep
residential mode: residential, overnight
loneparent whom: lone parent, single parent
military whom: military, armed force, service family
bilingual whom: bilingual
bronze rank: bronze
silver rank: silver
gold rank: gold
plus rank: plus, enhanced, extra
upper compass: upper, outer
lower compass: lower, inner
monday day: monday, mon
tuesday day: tuesday, tue, tues
wednesday day: wednesday, wed
thursday day: thursday, thu, thur
friday day: friday, fri
saturday day: saturday, sat
sunday day: sunday, sun
autumn time: autumn
spring time: spring
welsh tongue: welsh, cymraeg
english tongue: english
eal whom: esol, eal
family: family, household
child: child, children, kid, pupil, kids
parent: parent, parents, parenting, parentcraft, mums dads, caregiver
group mode: group, grp, groupwork, group work
club: club, session, meeting, circle, gathering, network
course: course, class, workshop, training, lesson, tuition, module, seminar
programme: programme, program, prog, project, proj, scheme, initiative, pathway
service: service, svc, provision, offer, team, serv, unit
support: support, supporting, supp, help, helping, assistance, aid, assist
advice: advice, advise, guidance, information, info, signposting, iag, adviser, advisor, advisory
centre: centre, center, ctr, hub, base
school mode: school, sch, academy, college
mentor: mentor, mentoring, befriend, befriending, buddy, coach, coaching, role model
counsel: counselling, counsellor, counseling, talking therapy, listening, psychotherapy
therapy: therapy, therapeutic, therapist, treatment
mental: mental health, camhs, emotional wellbeing, emotional health, wellbeing, psychological, mental wellbeing, emotional, mh
play: play, playing, playful, playwork
holiday: holiday, playscheme, play scheme, vacation
stayplay: stay play, play together, parent toddler, drop play
dropin mode: drop in, drop, dropin, walk, walk in, open door
childcare: childcare, day care, daycare, nursery, creche, playgroup, child care, childmind, childminding, childminder, wraparound
speech: speech language, speech, language communication, salt, slt, communication, talk, talking, early language, slc
read: reading, literacy, book, storytime, story, rhyme, rhymetime, library, read
maths: maths, numeracy, mathematics, number skill
homework: homework, study support, study, revision, catch up
attend: attendance, attend, truancy, truant, absence, school attendance, persistent absence, absentee
exclude: exclusion, excluded, alternative provision, pru, expelled
transition: transition, transfer, move up
employ: employment, employability, job, work, career, vocational, apprenticeship, into work
neet whom: neet, not education
drugs: drug, alcohol, substance, substance misuse, drug alcohol, addiction, misuse
smoke: smoking, smoke, tobacco, vaping
abuse: domestic abuse, domestic violence, dv, violence, abuse, refuge, idva
sexual: sexual, relationship, sex, rse, contraception, contraceptive, sexual health
exploit: exploitation, cse, missing, trafficked
sport: sport, physical activity, exercise, football, fitness, leisure, active, athletics, physical
swim: swim, swimming, aquatic
arts: art, arts, music, drama, dance, creative, theatre, craft, creativity
outdoor: outdoor, forest, adventure, nature, woodland, garden, gardening
food: food, cook, cooking, nutrition, nutritional, healthy eating, diet, meal, feeding, kitchen
obesity: obesity, weight, weight management, overweight
breastfeed: breastfeeding, breast feeding, infant feeding, lactation
sleep: sleep, sleeping, bedtime
toilet: toilet, potty, continence
behave: behaviour, behavior, conduct, anger, challenging behaviour
safe: safe, safety, protect, protection, safeguarding, safeguard
accident: accident, injury, home safety
respite: respite, short break, shortbreak, sitting
youthwork: youth work, youth club, detached, street work, streetwork, youth centre, youth provision
participate: participation, voice, consultation, forum, council, advocacy, advocate, heard
volunteer mode: volunteer, volunteering, voluntary, peer
outreach mode: outreach, community based, peripatetic, mobile
visit: visiting, visit, visitor
onetoone mode: onetoone, individual, one one, 1 1, key work, keywork, casework, case work
mediate: mediation, conflict, family group, reconciliation, contact
money: money, debt, benefit, welfare right, financial, budgeting, budget, poverty
house: housing, accommodation, tenancy, supported lodging
attach: attachment, bonding, bond
massage: massage, baby massage
nurture: nurture, nurturing
resilience: resilience, confidence, self esteem, confident, esteem
assess: assessment, assess, screening, diagnostic, diagnosis
early: early, earliest, prevention, preventative, preventive
intervene: intervention, intervene
health: health, healthy, nurse, nursing, clinic
learn: learning, education, educational, learn, achievement
community: community, comm, neighbourhood, local, locality
provide: provide, provides, offering, deliver, delivers, delivering, delivery, run, runs, gives, giving
improve: improve, improving, better, raise, increase, boost, strengthen, build, promote, develop, develops, building
need: need, vulnerable, disadvantaged, risk, struggling
weekly: weekly, every week, regular, once week
skill: skill, ability, technique, strategy
transport: transport, travel, minibus, bus
toy: toy, toy library, equipment, resource
`
