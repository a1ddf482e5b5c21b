package plant

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// Register is the first style: names as in a register of services, with descriptions.
func Register() Style {
	return Style{kinds: readKinds(registerKinds), name: registerName, text: registerText, rewritten: rewritten,
		audiences: registerAudiences, sisters: registerSisters}
}

func readKinds(table string) []kind {
	var out []kind
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		f := strings.Split(line, "|")
		k := kind{activity: f[0], levels: strings.Fields(f[1]), names: trimmed(f[4], ";"), strange: trimmed(f[5], ";")}
		for a := range strings.FieldsSeq(f[2]) {
			from, to, _ := strings.Cut(a, "-")
			x, _ := strconv.Atoi(from)
			y, _ := strconv.Atoi(to)
			k.ages = append(k.ages, [2]int8{int8(x), int8(y)})
		}
		k.outcome, _ = strconv.Atoi(f[3])
		if len(f) > 6 {
			k.texts = trimmed(f[6], " / ")
		}
		out = append(out, k)
	}
	return out
}

func trimmed(s, by string) []string {
	var out []string
	for part := range strings.SplitSeq(s, by) {
		out = append(out, strings.TrimSpace(part))
	}
	return out
}

func nameOf(k *kind, variant int) string {
	if variant >= 100 {
		return k.strange[(variant-100)%len(k.strange)]
	}
	return k.names[variant%len(k.names)]
}

func registerName(r *rand.Rand, k *kind, d *draft, variant int) string {
	n := nameOf(k, variant)
	if aud := registerAudiences[d.audience]; aud != "" {
		if r.IntN(2) == 0 {
			n += " for " + aud
		} else {
			n = strings.ToUpper(aud[:1]) + aud[1:] + " " + strings.ToLower(n[:1]) + n[1:]
		}
	}
	if d.brand != "" {
		n = pick(r, []string{d.brand + " " + n, d.brand + ": " + n, n + " (" + d.brand + ")"})
	}
	switch r.IntN(6) {
	case 0:
		n = "{place} " + n
	case 1:
		n += " - {place}"
	case 2:
		if r.IntN(2) == 0 {
			n = d.Provider + " " + n
		}
	}
	return n
}

func registerText(r *rand.Rand, k *kind, d *draft, variant int) string {
	t := k.texts[d.text%len(k.texts)]
	aud := registerAudiences[d.audience]
	if aud == "" {
		aud = pick(r, []string{"children", "families", "children and families"})
	}
	t = strings.ReplaceAll(t, "{aud}", aud)
	return strings.Join(append([]string{fill(r, t)}, d.extra...), " ")
}

// rewritten puts other words for some of those of a text; for the audience as a whole.
func rewritten(r *rand.Rand, s, audience string, strange bool) string {
	const mark = "@"
	if audience != "" {
		s = replaceFold(s, audience, mark)
	}
	w := strings.Fields(s)
	for i := range w {
		bare := strings.ToLower(strings.Trim(w[i], ".,:;()"))
		others := synonyms[bare]
		if strange {
			if o := strangeWords[bare]; o != nil {
				others = o
			}
		}
		if others != nil && r.IntN(10) < 7 {
			w[i] = strings.Replace(strings.ToLower(w[i]), bare, pick(r, others), 1)
		}
	}
	as := audience
	if others := audienceWords[audience]; others != nil && r.IntN(2) == 0 {
		as = pick(r, others)
	}
	return strings.ReplaceAll(strings.Join(w, " "), mark, as)
}

func replaceFold(s, old, by string) string {
	lower := strings.ToLower(s)
	for {
		i := strings.Index(lower, strings.ToLower(old))
		if i < 0 {
			return s
		}
		s = s[:i] + by + s[i+len(old):]
		lower = strings.ToLower(s)
	}
}

var audienceWords = map[string][]string{"fathers": {"dads"}, "dads": {"fathers"}, "mothers": {"mums"}, "looked after children": {"children in care", "LAC"},
	"children in care": {"looked after children"}, "disabled children": {"children with additional needs", "SEND"}, "children with disabilities": {"disabled young people"},
	"autistic children": {"children with autism"}, "refugee families": {"asylum seekers and refugees"}, "young parents": {"teenage parents"},
	"teenage mothers": {"young mums"}, "lone parents": {"single parents"}, "military families": {"armed forces families"}, "homeless families": {"families without a home"},
	"bereaved children": {"children who have lost someone"}, "excluded pupils": {"children out of school"}, "young people leaving care": {"care leavers"}}

var registerAudiences = []string{"", "young carers", "fathers", "mothers", "looked after children", "disabled children", "autistic children", "refugee families",
	"young parents", "Traveller families", "care leavers", "lone parents", "military families", "bilingual families", "bereaved children", "homeless families"}

var registerSisters = [][2]string{{"Boys'", "Girls'"}, {"+1", "+2"}, {"+stage 1", "+stage 2"}, {"+(morning)", "+(afternoon)"}, {"Junior", "Senior"},
	{"+Phase 2", "+Phase 3"}, {"North", "South"}, {"Summer", "Easter"}, {"+group A", "+group B"}, {"+Monday", "+Thursday"}, {"Welsh-medium", "English-medium"},
	{"+part one", "+part two"}, {"Bronze", "Silver"}, {"+for beginners", "+advanced"}, {"Inner", "Outer"}, {"Dads'", "Mums'"}, {"Online", "Residential"}}

type slot struct {
	mark  string
	words []string
}

var slots = []slot{
	{"{venue}", []string{"children's centres", "schools", "community halls", "libraries", "family homes", "health centres", "the youth centre", "village halls", "the leisure centre"}},
	{"{often}", []string{"weekly", "every week", "twice a week", "fortnightly", "each month", "in term time", "in the school holidays", "on weekday evenings"}},
	{"{weeks}", []string{"six", "eight", "ten", "twelve", "sixteen", "twenty"}},
	{"{who}", []string{"health visitors", "schools", "social workers", "GPs", "midwives", "the early help team", "parents themselves", "the police", "youth workers"}},
	{"{staff}", []string{"trained volunteers", "qualified staff", "family workers", "youth workers", "therapists", "play workers", "sessional tutors", "outreach workers"}},
}

var extraSentences = []string{
	"Sessions take place {often} in {venue}.", "Referrals come from {who} and {who}.", "Delivered by {staff} over {weeks} weeks.",
	"Families may refer themselves.", "Places are free and transport can be arranged.", "Outcomes are measured with a star chart at start and end.",
	"Priority goes to those on a child protection plan.", "The service works closely with {who}.", "A creche is available.",
	"It builds confidence and reduces isolation.", "Run by {staff} from {venue}.", "There is a waiting list and places are allocated monthly.",
	"Each family has a plan that is reviewed after {weeks} weeks.", "It is part of the local early help offer.", "Interpreters are available on request.",
	"Support continues for up to {weeks} weeks after the last session.", "The aim is to prevent family breakdown.", "Feedback from {who} is good.",
}

// synonyms are general words of the field.
var synonyms = map[string][]string{
	"support": {"help", "assistance"}, "families": {"households", "parents and children"}, "children": {"kids", "pupils", "young people"},
	"weekly": {"every week", "once a week"}, "sessions": {"groups", "meetings", "workshops"}, "group": {"club", "session"}, "groups": {"sessions", "clubs"},
	"course": {"workshop", "class"}, "programme": {"scheme", "project", "initiative"}, "parents": {"mums and dads", "parents and carers"},
	"trained": {"qualified"}, "confidence": {"self-esteem"}, "advice": {"guidance", "information"}, "service": {"provision", "team"},
	"delivered": {"provided", "run"}, "run": {"provided", "delivered"}, "fathers": {"dads"}, "mothers": {"mums"}, "schools": {"academies", "local schools"},
	"referrals": {"requests"}, "free": {"at no charge"},
	"project": {"programme", "scheme"}, "club": {"group"}, "helps": {"supports", "assists"}, "learn": {"find out about"}, "skills": {"abilities"},
}

// HeldOut are other words for a word that the matcher must not know to mean the same.
func HeldOut() map[string][]string { return strangeWords }

var strangeWords = map[string][]string{
	"support": {"backing", "scaffolding"}, "families": {"kinfolk", "folk at home"}, "children": {"little ones", "minors"},
	"weekly": {"on Tuesdays", "regularly scheduled"}, "sessions": {"get-togethers", "slots"}, "group": {"gang", "cohort"}, "groups": {"cohorts"},
	"course": {"sequence", "set of evenings"}, "programme": {"undertaking", "venture"}, "parents": {"grown-ups", "guardians"}, "trained": {"seasoned", "accredited"},
	"confidence": {"self-belief"}, "advice": {"pointers", "steer"}, "service": {"arrangement"}, "delivered": {"laid on"}, "run": {"laid on", "hosted"},
	"referrals": {"nominations"}, "project": {"venture"}, "club": {"gang"}, "helps": {"equips", "enables"}, "skills": {"know-how"}, "fathers": {"men raising families"},
}

// A kind: activity | levels | ages | outcome | names (two usual, then others) | strange names | texts.
const registerKinds = `
parenting|2 3|0-4 0-8 5-11|0|Parenting programme;Positive parenting course;Classes for parents;Workshops on being a parent;Mums and dads programme|Raising little ones together;Grown-ups growing|A structured course for {aud} on praise, boundaries and routines. / Parents learn to set limits, praise and keep to routines with {aud}. / Teaches mums and dads of {aud} consistent rules and calm responses.
parenting|2 3|0-4 0-11|0|Incredible Years groups;Webster-Stratton parenting;Evidence-based parent training (Incredible Years);IY parent groups|Dinosaur school evenings|Video-based groups for {aud} to reduce conduct problems. / Parents watch vignettes and practise play and praise; for {aud}. / Twelve meetings using film clips to cut behaviour problems among {aud}.
home visiting|2 3|0-3 0-4|0|Home-Start volunteer visiting;Family home visiting;Volunteers visiting families at home;Befriending at home for families|Doorstep companions;A neighbour at the table|Volunteers visit {aud} at home and offer friendship and practical help. / Trained parents call weekly on {aud} under stress. / A befriender goes to the house of {aud} to lend an ear and a hand.
family support|2 3 4|0-11 0-17 5-17|0|Family support team;Team around the family;Family help service;Household support workers;Intensive family casework|Folk beside you;Sorting it out together|A key worker draws up one plan with {aud} and visits at home. / {aud} with several problems get a lead worker and a joint plan. / One worker, one plan for {aud} who struggle with debts, school and housing.
early learning|1 2|2-4 3-5 0-4|1|Nursery places;Flying Start childcare;Day care places;Pre-school childcare sessions;Playgroup places|Little desks;First steps to big school|Part-time quality childcare for {aud} in registered settings. / Free nursery sessions for {aud} before school. / Sessions of day care, five mornings a week, for {aud}.
early learning|1|0-3 0-4|1|Stay and Play;Parent and toddler group;Play together drop-in;Toddler stay & play sessions;Drop-in play for under 5s|Rug time;Tiny explorers meet|Drop-in play with songs and snacks for {aud}. / {aud} come together to play, sing and meet others. / Open-access sessions where {aud} share toys, rhymes and a snack.
early learning|1 2|0-3 0-4|1|Bookstart and rhyme time;Early reading scheme;Storytime and rhymes;Books for babies;Library rhymetime|Pages and lullabies|Free books and rhyme sessions for {aud}. / Encourages {aud} to share books and songs from birth. / Gifts of picture books with singing in the library for {aud}.
speech|2 3|0-4 2-7 4-11|1|Speech and language therapy;Early language development;SLT for young children;Communication and talking skills;Let's talk language groups|Finding my words;Chatter ladders|Therapists assess and treat delayed speech in {aud}. / Screening and therapy for {aud} slow to talk. / Helps {aud} whose communication is behind to find words and sentences.
study|1 2|5-11 8-13 11-16|2|Homework club;Study support;After-school homework group;Catch-up tuition;Learning support after school|Pens and peace;Brain hour|Quiet space, computers and tutors for {aud} after school. / Tutors assist {aud} to finish coursework and revise. / Somewhere calm to do school work with an adult to ask, for {aud}.
study|2|5-11 7-14|2|Reading buddies;Literacy mentors;Paired reading volunteers;Catch up with reading|Books aloud|Volunteers hear {aud} read twice a week in school. / One-to-one reading with {aud} who are behind. / Adults give time to listen to {aud} reading aloud.
attendance|2 3|5-11 5-16 11-16|2|School attendance project;Education welfare officers;Truancy reduction;Tackling absence from school;Attendance improvement workers|Every day counts;Desk filled|Workers meet {aud} missing lessons and remove what keeps them away. / Home calls on first day of absence for {aud}. / Reduces truancy by work with {aud} and their parents.
attendance|3 4|11-16 11-17|2|Alternative education;Exclusion prevention;PRU outreach;Keeping pupils in school|Second chance classroom|Vocational learning for {aud} out of mainstream. / Part-time timetables and practical courses for {aud} at risk of exclusion. / Keeps {aud} who face permanent exclusion in learning.
transition|2|9-12 10-12|2|Moving up transition support;Primary to secondary transition;Transfer to big school mentoring;Year 6 to 7 support|Bridge builders|Eases the move to secondary school for anxious {aud}. / Summer activities and a named adult for {aud} changing school. / Prepares {aud} for the jump from primary.
youth work|1 2|8-13 11-17 13-19|3|Youth club;Open access youth work;Evening club for young people;Youth centre sessions;Teenage drop-in|Somewhere to be;The den|Open nights with sport, music and someone to talk to for {aud}. / Centre-based evenings for {aud} with games, cooking and advice. / A warm safe building where {aud} meet under the eye of youth workers.
youth work|1 2 3|11-17 13-19|3|Detached youth work;Street-based youth workers;Streetwork with young people;Mobile youth outreach|Out and about;Kerb crew|Workers go to parks and streets to meet {aud} where they are. / Engages {aud} on estates who use no building. / A van and two workers meet {aud} hanging about at night.
youth work|1 2|11-17 11-25|3|Youth forum;Young people's council;Participation and voice project;Shadow youth cabinet|Sit at our table|{aud} meet monthly to shape local decisions. / Gives {aud} a say on budgets and services. / Elected {aud} question councillors and run campaigns.
offending|3 4|10-17 8-13|3|Youth inclusion and support panel;Crime prevention mentoring;Diverting young people from offending;Antisocial behaviour prevention|Straight paths|Panel and key worker for {aud} on the edge of crime. / {aud} at risk of offending get an action plan and a mentor. / Turns {aud} known to the police away from trouble.
offending|2 3|8-13 11-17|3|Positive activities;Midnight football;Diversionary sport;Evening sports for young people|Kick it about|Sport on estates at peak times for trouble, for {aud}. / Coaches run football and boxing to divert {aud}. / Late leisure for {aud} when streets get noisy.
mentoring|2 3|8-14 11-17|3|Mentoring scheme;Befriending project;One to one mentors;Buddy scheme;Role models for young people|Someone on your side;Walk alongside|Adult mentors meet {aud} weekly for a year. / Matches {aud} with a volunteer to build trust and goals. / A steady grown-up spends time with {aud} each week.
counselling|2 3|5-11 11-18|4|School counselling;Counselling for young people;Talking therapy in schools;Listening service|Heads above water;The quiet chair|Confidential one-to-one counselling for {aud}. / {aud} talk in private with a qualified counsellor about worries. / Up to ten private meetings with a therapist for anxious {aud}.
counselling|3 4|5-17 11-18|4|CAMHS outreach;Primary mental health workers;Emotional wellbeing team;Child mental health early intervention|Mind menders|Mental health workers advise schools and see {aud} briefly. / Early treatment of anxiety and low mood in {aud}. / Consultation and short work for {aud} with emotional problems.
counselling|2 3|5-11 5-16|4|Nurture groups;Emotional resilience groups;Building self-esteem sessions;ELSA groups|Inner sunshine|Small groups that teach {aud} to name feelings and cope. / Structured sessions for withdrawn or angry {aud}. / Helps {aud} manage worry and make friends.
health|1 2|0-1 0-3|4|Breastfeeding support;Infant feeding peer supporters;Breast feeding buddies;Baby feeding help|Milk and company|Peers visit and run cafes for {aud} who nurse their babies. / Mothers trained as supporters assist {aud} with latching and feeding. / Keeps {aud} breastfeeding beyond six weeks.
health|1 2|5-11 7-13|4|Healthy weight programme;MEND weight management;Active and healthy families;Childhood obesity scheme|Fit for fun|Exercise and food lessons for overweight {aud}. / Ten weeks of games and nutrition to bring down weight of {aud}. / Whole-family lessons on eating and moving for {aud}.
health|1 2|0-5 5-11|4|Cook and eat;Healthy eating classes;Family cooking course;Nutrition workshops|Stir it up;Pans and pals|Parents and {aud} cook cheap meals together. / Practical kitchen sessions on a budget for {aud}. / Teaches {aud} to prepare good food.
health|2 3|11-19 13-19|4|Sexual health clinic;Relationships and sex education outreach;Contraception advice for young people;C-card scheme|Straight talk|Confidential contraception and testing for {aud}. / Drop-in nurse offers condoms and advice to {aud}. / Workers teach {aud} about consent and protection.
substance|2 3 4|11-18 13-25|4|Young people's substance misuse service;Drug and alcohol team;Help with drugs and drink for teenagers;Addiction counselling|Clear heads|Harm reduction and treatment for {aud} using drugs or alcohol. / Structured work with {aud} on cannabis and drink. / Stops {aud} coming to harm from drink and other substances.
safety|2 3 4|0-17 5-17|5|Domestic abuse recovery;Children affected by domestic violence;DV family programme;Support after violence at home|Calm after the storm|Groups for {aud} who have lived with violence. / Parallel sessions for mothers and {aud} to recover from abuse. / {aud} make sense of frightening times at home.
safety|1 2|0-4 0-5|5|Home safety equipment;Accident prevention scheme;Safe at home;Child injury prevention|Bumps and bruises|Fits stair gates and alarms for {aud}. / Free safety checks and gates to keep {aud} from injury. / Checks houses of {aud} for hazards and lends fireguards.
safety|3 4|11-17 10-18|5|Child sexual exploitation project;Missing and exploited young people;CSE workers;Return home interviews|Found and safe|Workers build trust with {aud} at risk of exploitation. / {aud} who run away are met within 72 hours. / Protects {aud} groomed on the street or on line.
respite|3 4|5-17 8-18 0-17|5|Short breaks;Respite care;Saturday breaks club;Overnight breaks for families;Sitting service|A breather;Days out from caring|Days and nights away for {aud} so that parents can rest. / Clubs and sitters give {aud} fun and carers relief. / Time off for those who look after {aud}.
play|1|5-11 5-13|3|Holiday playscheme;Summer play scheme;School holiday activities;Vacation play sessions|Six weeks of mud;Free range fun|Games, trips and crafts in the holidays for {aud}. / Supervised play each day of the break for {aud}. / {aud} enjoy sports, art and outings when school is shut.
play|1|5-11 8-14|3|Adventure playground;Open access play rangers;Play rangers in parks;Outdoor play sessions|Ropes and dens|Staffed adventure play free to {aud}. / Rangers bring loose parts to parks for {aud}. / {aud} build dens and climb with playworkers near.
arts|1 2|5-11 8-16 11-19|3|Community arts project;Music and drama workshops;Creative arts for young people;Dance and theatre club|Make some noise|Artists lead music, film and dance with {aud}. / {aud} put on a show with professional artists. / Weekly creative sessions for {aud} leading to a performance.
money|2 3|0-17 0-11|5|Welfare rights for families;Debt and benefits advice;Money advice outreach;Benefit take-up project|Pennies in place|Advisers help {aud} claim benefits and deal with debt. / Casework on tax credits and arrears for {aud}. / Raises the income of {aud} by checking what they are due.
employment|2 3|16-24 14-19|5|NEET re-engagement;Employability for young people;Into work coaching;Routes to apprenticeships|Next rung|Coaches bring {aud} out of work back to training. / Work tasters and job clubs for {aud}. / Gets {aud} ready for interviews and first jobs.
housing|3 4|16-21 16-25|5|Supported lodgings;Tenancy support for young people;Housing support for teenagers;Youth homelessness mediation|A roof and a key|Hosts give {aud} a room and daily help. / Floating support for {aud} in a first tenancy. / Stops {aud} sleeping rough by finding rooms.
participation|1 2|0-17 5-17|3|Advocacy service;Independent advocates for children;Voice of the child project|Speak up, stand up|Advocates help {aud} be heard in meetings. / {aud} get an independent adult to put their view. / Someone outside the council speaks for {aud}.
`

var placeHeads = strings.Fields("Ash Oak Mill Wood Hart Brook Stan Clay Thorn Elm Fern Hazel Holm Kings Lang Marsh Nether Over Pen Rad Sand Tan Up Wal Whit Win Bram Cold Dun Ever")
var placeTails = strings.Fields("field ton ley ford ham wick by worth bridge dale hill mere stead combe church gate moor well burn side")
var placeFronts = []string{"North", "South", "East", "West", "Great", "Little", "Upper", "Lower", "Old", "St Mary's"}
var nationals = []string{"Barnardo's", "Action for Children", "NSPCC", "The Children's Society", "Home-Start", "YMCA", "Groundwork", "Catch22", "Relate", "Citizens Advice"}
var brandFirst = strings.Fields("Bright Little Golden Rainbow Stepping Open Sunny Silver Green Blue First New Rising Steady Brave Kind Happy Hidden Singing Quiet")
var brandSecond = strings.Fields("Sparks Acorns Stones Doors Futures Horizons Hands Steps Roots Wings Minds Voices Paths Harbour Beacon Lanterns Bridges Seeds Stars Anchors")
var addedWords = strings.Fields("new local joint pilot community town-wide extended annual free additional continuing borough the our integrated core 2026")
