package plant

import (
	"math/rand/v2"
	"strings"
)

// Terse is the third style: short names as in a finance system, in capitals as often as not, with
// few descriptions, and kinds and words of its own.
func Terse() Style {
	return Style{kinds: readKinds(terseKinds), name: terseName, text: terseText, rewritten: terseRewritten, audiences: terseAudiences, sisters: terseSisters}
}

func terseName(r *rand.Rand, k *kind, d *draft, variant int) string {
	n := nameOf(k, variant)
	if aud := terseAudiences[d.audience]; aud != "" {
		n += pick(r, []string{" - ", " ", " / "}) + aud
	}
	switch r.IntN(8) {
	case 0:
		n = "{place} " + n
	case 1:
		n += " ({place})"
	case 2:
		n = d.Provider + " - " + n
	case 3:
		n = strings.ToUpper(n)
	case 4:
		if d.brand != "" {
			n = d.brand + " " + n
		}
	}
	return n
}

func terseText(r *rand.Rand, k *kind, d *draft, variant int) string {
	return pick(r, []string{"", "", "SLA with ", "Grant to "}) + nameOf(k, (variant+1)%len(k.names)) + pick(r, []string{"", " via " + d.Provider, ", core hours", ", spot purchase"})
}

func terseRewritten(r *rand.Rand, s, _ string, _ bool) string {
	if r.IntN(2) == 0 {
		return strings.ToUpper(s)
	}
	return s
}

var terseAudiences = []string{"", "LAC", "SEND", "Yng carers", "EAL", "Dads", "ASD", "NEET", "Teen parents", "Asylum"}

var terseSisters = [][2]string{{"+I", "+II"}, {"+Yr 1", "+Yr 2"}, {"Male", "Female"}, {"+AM", "+PM"}, {"+Tier 2", "+Tier 3"}, {"+cohort 4", "+cohort 5"}, {"Inner", "Outer"}, {"+Sat", "+Sun"}}

const terseKinds = `
A01|2|0-4 0-10|0|Triple P;Triple P Level 4 groups;Positive Parenting Prog (PPP)|Calm homes|x
A01|2 3|0-4 5-12|0|Strengthening Families;Strengthening Families 10 wk;SF parent/child skills|Stronger kin|x
A02|2|0-1 0-2|0|Baby massage;Infant massage classes;Postnatal bonding massage|Tiny touch|x
A02|1|0-3|0|Bumps & Babies;Antenatal drop in;Expectant parents group|Waiting room|x
A03|1|0-4 3-4|1|Creche places;Sessional childcare;Nursery sessions (spot)|Cubs corner|x
A03|1|2-4|1|Forest school EY;Outdoor nursery;Woodland pre-school|Mud pies|x
A04|2|3-7 4-8|1|WellComm screening;Language link;Speech screening in schools|Sound steps|x
A05|2|5-11|2|Breakfast club;Morning club with food;Before-school care|Toast time|x
A05|1|5-11 7-14|2|After school club;Out of school care;Twilight childcare|Late bell|x
A06|2 3|7-14|2|Behaviour support;Anger management groups;Conduct improvement work|Cool down|x
A06|3|11-16|2|EWO team;Attendance officers;Absence casework|Bums on seats|x
A07|1|11-18|3|Duke of Edinburgh;DofE award;Expedition award for youth|Boots on|x
A07|1 2|11-18|3|Boxing gym;Youth boxing;Pugilism for teens|Ring craft|x
A07|1|8-15|3|Skate park sessions;BMX and skate coaching;Wheels on ramps|Half pipe|x
A08|3|10-17|3|Appropriate adult scheme;AA service police station;Adult at interview|At the desk|x
A08|3 4|10-17|3|Reparation placements;YOT reparation;Payback for young offenders|Put it right|x
A09|2|5-16|4|Play therapy;Therapeutic play;Filial therapy|Sand tray|x
A09|2 3|11-18|4|Self harm pathway;Crisis counselling;Suicide prevention therapy|Lifeline|x
A10|1|0-5|4|Healthy Start vitamins;Vitamin drops;Supplements for infants|Drops|x
A10|1|4-11|4|Tooth brushing scheme;Designed to Smile;Oral health in schools|Pearly whites|x
A11|3|12-18|4|Cannabis clinic;Weed and vape cessation;Substance brief intervention|Clear air|x
A12|3|0-17|5|Refuge children's worker;Child worker in refuge;IDVA for kids|Safe corner|x
A12|4|8-17|5|NSPCC Protect & Respect;Exploitation casework;Grooming prevention|Street wise|x
A13|3|4-18|5|Link carers;Family link respite;Short break foster carers|Second sofa|x
A14|2|0-17|5|Food parcels;Holiday hunger;Meals in school breaks|Full plate|x
A14|2 3|0-17|5|Tenancy sustainment;Floating support;Eviction prevention|Keep the key|x
A15|1|5-17|3|Dial-a-ride to clubs;Youth transport;Minibus for activities|Wheels|x
A15|1|5-11|3|Swimming lessons;Free swims;Aquatic sessions juniors|Splash|x
`
