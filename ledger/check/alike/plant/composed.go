package plant

import (
	"math/rand/v2"
	"strings"
)

// Composed is the second style: a name is put together from what is done, how, for whom and where, so
// that many services differ by one word. Each part has other words for the same, and strange ones.
func Composed() Style {
	var kinds []kind
	for _, w := range composedWork {
		for m, how := range composedHow {
			if (m+len(w.words[0]))%3 == 0 { // not all is done every way
				continue
			}
			k := kind{activity: w.activity, levels: w.levels, ages: w.ages, outcome: w.outcome}
			for v := range 4 {
				k.names = append(k.names, put(v, how.words[v*len(how.words)/4], w.words[v*len(w.words)/4]))
			}
			for v := range 2 {
				k.strange = append(k.strange, put(v, how.strange, w.strange[v]))
			}
			for v, t := range composedTexts {
				t = strings.ReplaceAll(t, "{what}", strings.ToLower(w.words[v%len(w.words)]))
				k.texts = append(k.texts, strings.ReplaceAll(t, "{how}", strings.ToLower(how.words[v%len(how.words)])))
			}
			kinds = append(kinds, k)
		}
	}
	return Style{kinds: kinds, name: composedName, text: composedText, rewritten: rewritten, audiences: composedAudiences, sisters: registerSisters[:len(registerSisters)-2]}
}

func put(v int, how, what string) string {
	if v%2 == 0 {
		return how + " " + strings.ToLower(what[:1]) + what[1:]
	}
	return what + " (" + strings.ToLower(how) + ")"
}

func composedName(r *rand.Rand, k *kind, d *draft, variant int) string {
	n := nameOf(k, variant)
	if aud := composedAudiences[d.audience]; aud != "" {
		n += pick(r, []string{" for " + aud, ": " + aud, " with " + aud})
	}
	switch r.IntN(5) {
	case 0:
		n = "{place} " + n
	case 1:
		n += ", {place}"
	case 2:
		if d.brand != "" {
			n = d.brand + " - " + n
		}
	}
	return n
}

func composedText(r *rand.Rand, k *kind, d *draft, variant int) string {
	aud := composedAudiences[d.audience]
	if aud == "" {
		aud = "those who need it"
	}
	t := strings.ReplaceAll(k.texts[d.text*5%len(k.texts)], "{aud}", aud)
	t = strings.ReplaceAll(t, "{provider}", d.Provider)
	return strings.TrimSpace(fill(r, t) + " " + strings.Join(d.extra, " "))
}

var composedAudiences = []string{"", "new parents", "teenage mothers", "dads", "children in care", "young people leaving care", "children with disabilities", "deaf children",
	"asylum seeking children", "young offenders", "excluded pupils", "grandparents raising children", "siblings of disabled children", "boys", "girls", "rural families"}

var composedHow = []struct {
	words   []string
	strange string
}{
	{[]string{"Drop-in", "Walk-in", "Open door", "No appointment"}, "Turn up"},
	{[]string{"Outreach", "Peripatetic", "Mobile", "Travelling"}, "On wheels"},
	{[]string{"One-to-one", "Individual", "Keyworker", "Personal"}, "Alongside"},
	{[]string{"Home-based", "At home", "In the home", "Home visiting"}, "Kitchen table"},
	{[]string{"School-based", "In schools", "School", "In-school"}, "Bell time"},
	{[]string{"Group", "Groupwork", "Small group", "Group sessions of"}, "Circle of"},
	{[]string{"Online", "Virtual", "Digital", "Web"}, "Screen side"},
	{[]string{"Peer-led", "Peer", "Volunteer-led", "By volunteers"}, "Neighbourly"},
	{[]string{"Intensive", "Specialist", "Intensive", "High-intensity"}, "Deep"},
}

var composedWork = []struct {
	activity string
	levels   []string
	ages     [][2]int8
	outcome  int
	words    []string
	strange  [2]string
}{
	{"parenting", []string{"2", "3"}, [][2]int8{{0, 4}, {0, 8}, {5, 11}}, 0, []string{"Parenting programme", "Parent training", "Course for parents", "Parentcraft"}, [2]string{"Raising well", "Grown-up school"}},
	{"family support", []string{"2", "3"}, [][2]int8{{0, 11}, {0, 17}}, 0, []string{"Family support", "Help for families", "Family casework", "Whole-family help"}, [2]string{"Steadying hands", "Household anchors"}},
	{"family support", []string{"3", "4"}, [][2]int8{{0, 17}, {5, 17}}, 0, []string{"Family mediation", "Family group conferences", "Conflict resolution for families", "Mediation"}, [2]string{"Truce makers", "Talking round"}},
	{"early years", []string{"1", "2"}, [][2]int8{{0, 3}, {2, 4}}, 1, []string{"Childcare", "Nursery sessions", "Day care", "Pre-school places"}, [2]string{"Cub den", "Little nest"}},
	{"early years", []string{"1", "2"}, [][2]int8{{0, 3}, {0, 4}}, 1, []string{"Play and learn", "Early learning through play", "Learning play", "Toddler play"}, [2]string{"Blocks and bubbles", "Rug explorers"}},
	{"early years", []string{"2", "3"}, [][2]int8{{1, 4}, {3, 7}}, 1, []string{"Speech therapy", "Speech and language help", "Communication therapy", "Language support"}, [2]string{"Word finders", "Chatterbox"}},
	{"education", []string{"1", "2"}, [][2]int8{{5, 11}, {11, 16}}, 2, []string{"Homework help", "Study support", "Homework club", "Tuition"}, [2]string{"Pencil case", "Brain gym"}},
	{"education", []string{"2"}, [][2]int8{{5, 11}, {7, 14}}, 2, []string{"Reading support", "Literacy help", "Reading catch-up", "Literacy tuition"}, [2]string{"Page turners", "Spine crackers"}},
	{"education", []string{"2", "3"}, [][2]int8{{5, 16}, {11, 16}}, 2, []string{"Attendance support", "Truancy prevention", "Absence reduction", "Attendance casework"}, [2]string{"Seat fillers", "Every register"}},
	{"youth", []string{"1", "2"}, [][2]int8{{11, 17}, {13, 19}}, 3, []string{"Youth work", "Youth club", "Youth sessions", "Young people's club"}, [2]string{"The shed", "Nights in"}},
	{"youth", []string{"1", "2"}, [][2]int8{{8, 13}, {11, 17}}, 3, []string{"Sports coaching", "Sport sessions", "Football and fitness", "Physical activity"}, [2]string{"Muddy boots", "Fast feet"}},
	{"youth", []string{"1", "2"}, [][2]int8{{8, 14}, {11, 18}}, 3, []string{"Arts workshops", "Creative arts", "Music and drama", "Arts sessions"}, [2]string{"Loud paint", "Stage left"}},
	{"mentoring", []string{"2", "3"}, [][2]int8{{8, 14}, {11, 17}}, 3, []string{"Mentoring", "Befriending", "Mentor scheme", "Buddying"}, [2]string{"Elder ear", "Two chairs"}},
	{"offending", []string{"3", "4"}, [][2]int8{{10, 17}, {8, 13}}, 3, []string{"Crime prevention", "Diversion from offending", "Youth inclusion", "Antisocial behaviour prevention"}, [2]string{"Off the corner", "Straight road"}},
	{"health", []string{"2", "3"}, [][2]int8{{5, 11}, {11, 18}}, 4, []string{"Counselling", "Talking therapy", "Counsellor sessions", "Psychotherapy"}, [2]string{"Quiet room", "Heart to heart"}},
	{"health", []string{"1", "2"}, [][2]int8{{0, 1}, {0, 3}}, 4, []string{"Breastfeeding support", "Infant feeding help", "Feeding support", "Help with breastfeeding"}, [2]string{"Latch club", "Milk moon"}},
	{"health", []string{"1", "2"}, [][2]int8{{0, 5}, {5, 11}}, 4, []string{"Healthy eating", "Cookery classes", "Nutrition advice", "Cooking and nutrition"}, [2]string{"Pots and peas", "Greens"}},
	{"health", []string{"2", "3", "4"}, [][2]int8{{11, 18}, {13, 25}}, 4, []string{"Drug and alcohol support", "Substance misuse help", "Addiction support", "Drugs advice"}, [2]string{"Clean break", "Sober"}},
	{"safety", []string{"2", "3", "4"}, [][2]int8{{0, 17}, {5, 17}}, 5, []string{"Domestic abuse support", "Help after domestic violence", "DV recovery", "Domestic abuse recovery"}, [2]string{"Safe again", "After the storm"}},
	{"safety", []string{"3", "4"}, [][2]int8{{11, 17}, {10, 18}}, 5, []string{"Exploitation prevention", "CSE support", "Protection from exploitation", "Missing children project"}, [2]string{"Eyes open", "Found"}},
	{"respite", []string{"3", "4"}, [][2]int8{{5, 17}, {8, 18}}, 5, []string{"Short breaks", "Respite care", "Respite", "Short break care"}, [2]string{"Breathing space", "Day off"}},
	{"money", []string{"2", "3"}, [][2]int8{{0, 17}, {0, 11}}, 5, []string{"Welfare rights advice", "Benefits advice", "Debt advice", "Money advice"}, [2]string{"Penny wise", "Purse strings"}},
	{"housing", []string{"3", "4"}, [][2]int8{{16, 21}, {16, 25}}, 5, []string{"Supported housing", "Tenancy support", "Supported lodgings", "Housing support"}, [2]string{"Own front door", "Roof"}},
	{"employment", []string{"2", "3"}, [][2]int8{{16, 24}, {14, 19}}, 5, []string{"Employment coaching", "Into work support", "Job coaching", "Employability training"}, [2]string{"Pay day", "First wage"}},
}

var composedTexts = []string{
	"{how} {what} for {aud}.", "Offers {what} ({how}) to {aud} {often}.", "{provider} provides {what} for {aud} in {venue}.",
	"A {how} service giving {aud} access to {what} after referral by {who}.", "Funds {what} so that {aud} do well; {how}.",
	"{aud} receive {what} from {staff}, usually for {weeks} weeks.", "To commission {what}, {how}, reaching {aud} referred by {who} or {who}.",
	"This grant pays for {staff} who carry out {what} with {aud}.", "Early {what} to prevent problems growing among {aud}.",
	"{what}: {how}, {often}, in {venue}, for {aud}.",
}
