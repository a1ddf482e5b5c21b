package check

import (
	"strings"
	"testing"
)

// needsBook is a need for safety in the West, of two localities, and one service.
const needsBook = `
	# areas
	id,name,parent
	all,All,
	west,West,all
	ward,Ward 1,west
	east,East,all
	# objectives
	id,name,parent,agreed_by,agreed_on
	safe,Safe from harm,,council;police,2025-09-18
	# streams
	id,name,starts,ends,2026-27
	cf,Children's Fund,2024-04-01,2028-03-31,900000
	# needs
	id,objective,area,ages,year,people,unit
	n,safe,west,0-17,2026-27,140,children
	# services
	id,name,areas,ages,objectives,capacity,unit,paid_elsewhere,2026-27
	play,Play scheme,west;east,0-17,safe,200,children,,50000
	# allocations
	award,service,objective,area,2026-27
	cf,play,safe,east,50000`

const noServiceWest = "gap/no-service/safe/west/2026-27 |  |  |  | high"

func TestNoService(t *testing.T) {
	const need, money = "n,safe,west,0-17,2026-27,140,children", "cf,play,safe,east,50000"
	perhaps := func(fact string) string { return "gap/no-service/safe/west/2026-27 |  |  |  | low | unknown: " + fact }
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"money for the East leaves the West with nothing", nil, noServiceWest},
		{"money labelled to the West", []string{"safe,east", "safe,west"}, ""},
		{"money labelled to the whole authority", []string{"safe,east", "safe,all"}, ""},
		{"money labelled to a ward of the West", []string{"safe,east", "safe,ward"}, ""},
		{"for other ages", []string{"safe,east", "safe,west", "west;east,0-17", "west;east,18-25"}, noServiceWest},
		{"for some of the ages", []string{"safe,east", "safe,west", "west;east,0-17", "west;east,5-11"}, ""},
		{"ages not recorded", []string{"safe,east", "safe,west", "west;east,0-17", "west;east,"}, perhaps("the ages of Play scheme")},
		{"money not split over areas", []string{"safe,east", "safe,"}, perhaps("how the money of Play scheme is split over objectives and areas")},
		{"money not split over areas, of a service elsewhere", []string{"safe,east", "safe,", "west;east", "east"}, noServiceWest},
		{"a service paid elsewhere", []string{"children,,50000", "children,the health board,50000"}, ""},
		{"an allocation of unknown amount", []string{money, "cf,play,safe,west,?"}, ""},
		{"a proposal is no money", []string{"award,service", "state,award,service", money, "proposed,cf,play,safe,west,50000\n,cf,play,safe,east,100"}, noServiceWest},
		{"a need of nobody", []string{",140,", ",0,"}, ""},
		{"a need of nobody, and no money at all", []string{",140,", ",0,", "\n\t# allocations\n\taward,service,objective,area,2026-27\n\tcf,play,safe,east,50000", ""}, ""},
		{"a need of unknown size", []string{",140,", ",?,"}, noServiceWest},
		{"last year's need stands until another is stated", []string{"2026-27,140", "2025-26,140"}, noServiceWest},
		{"last year's need was met since", []string{"2026-27,140", "2025-26,140", "# services", "n2,safe,west,0-17,2026-27,0,children\n# services"}, ""},
		{"next year's need is not this year's", []string{"2026-27,140", "2027-28,140"}, ""},
		{"an objective nobody agreed has a need all the same", []string{"council;police,2025-09-18", ","}, noServiceWest},
		{"a ward within is not said again", []string{"# services", "n2,safe,ward,0-17,2026-27,20,children\n# services"}, noServiceWest},
		{"two bands in one area are one finding", []string{need, "n,safe,west,0-4,2026-27,40,children\nn2,safe,west,5-17,2026-27,100,children"}, noServiceWest},
		{"of two bands, one is met", []string{need, "n,safe,west,0-4,2026-27,40,children\nn2,safe,west,5-17,2026-27,100,children", "safe,east", "safe,west", "west;east,0-17", "west;east,5-17"}, noServiceWest},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(needsBook, c.changes...), "gap/no-service"), c.want)
		})
	}
}

func TestNoServiceOfAnAgreedObjectiveWithoutNeed(t *testing.T) {
	book := in(needsBook, "n,safe,west,0-17,2026-27,140,children", "", "safe,Safe from harm", "heard,Heard,,council,2025-09-18\nsafe,Safe from harm")
	book = in(book, "# needs\n\tid,objective,area,ages,year,people,unit\n", "")
	want(t, find(t, book, "gap/no-service"), "gap/no-service/heard/2026-27 |  |  |  | medium")
	want(t, find(t, in(book, "heard,Heard,,council,2025-09-18", "heard,Heard,,,"), "gap"), "gap/unaligned/heard |  |  |  | low")
	want(t, find(t, in(book, "heard,Heard,,council,2025-09-18", "heard,Heard,,council,2027-09-18"), "gap/no-service"), "")
	want(t, find(t, in(book, "0-17,safe,200", "0-17,safe;heard,200", "play,safe,east", "play,,east"), "gap/no-service"), `
		gap/no-service/heard/2026-27 |  |  |  | low | unknown: how the money of Play scheme is split over objectives and areas
		gap/no-service/safe/2026-27 |  |  |  | low | unknown: how the money of Play scheme is split over objectives and areas`)
}

// A count so small that a child might be known by it is not printed.
func TestSmallNumbersAreNotPrinted(t *testing.T) {
	for people, says := range map[string]string{"4": "fewer than 5 children", "5": "5 children", "1400": "1,400 children", "?": "an unknown number of children"} {
		found := find(t, in(needsBook, ",140,", ","+people+","), "gap/no-service")
		if _, because := found[0].Words(); !strings.HasPrefix(because, "Needed by "+says+" aged 0 to 17 (2026-27). ") {
			t.Errorf("%s: %s", people, because)
		}
	}
}

func TestUnderProvided(t *testing.T) {
	met := in(needsBook, "safe,east", "safe,west") // need 140, capacity 200
	const short = "gap/under-provided/safe/west/2026-27 |  |  |  | medium"
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"room for all", nil, ""},
		{"room for exactly as many", []string{",140,", ",200,"}, ""},
		{"one too many", []string{",140,", ",201,"}, short},
		{"two bands that do not overlap count together", []string{"n,safe,west,0-17,2026-27,140,children", "n,safe,west,0-4,2026-27,140,children\nn2,safe,west,5-17,2026-27,140,children"}, short},
		{"two bands that overlap do not", []string{"n,safe,west,0-17,2026-27,140,children", "n,safe,west,0-9,2026-27,140,children\nn2,safe,west,5-17,2026-27,140,children"}, ""},
		{"capacity not recorded", []string{"safe,200", "safe,"}, "gap/under-provided/capacity-not-known/2026-27 |  |  |  | low | unknown: capacity, in the unit of the need"},
		{"another unit", []string{"200,children", "20,families"}, "gap/under-provided/capacity-not-known/2026-27 |  |  |  | low | unknown: capacity, in the unit of the need"},
		{"nothing at all is no-service's", []string{"safe,west,50000", "safe,east,50000", ",140,", ",999,"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(met, c.changes...), "gap/under-provided"), c.want)
		})
	}
}

const fundedBook = `
	# streams
	id,name,starts,ends,fate,certainty,2026-27,2027-28,amount
	cf,Children's Fund,2024-04-01,2027-03-31,stops,confirmed,900000,,
	core,Core budget,2024-04-01,,,confirmed,900000,900000,
	ff,Families First,2024-04-01,2029-03-31,,indicative,900000,900000,
	# services
	id,name,income,2026-27,2027-28
	hubs,Family support hubs,10000,100000,
	# allocations
	award,service,year,amount
	core,hubs,2026-27,60000`

func TestUnderFunded(t *testing.T) {
	const now = "gap/under-funded/hubs/2026-27 | "
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"cost net of income is more than the money", nil, now + "£30,000 | 1/3 |  | high"},
		{"paid to the penny", []string{"60000", "90000"}, ""},
		{"a penny short", []string{"60000", "89999.99"}, now + "£0 | 1/9000000 |  | high"},
		{"cost not known says nothing", []string{"100000,", ","}, ""},
		{"income not known says nothing", []string{"10000,100000", "?,100000"}, ""},
		{"indicative money is not netted", []string{",60000", ",60000\nff,hubs,2026-27,30000"}, now + "£30,000 | 1/3 |  | high"},
		{"money whose certainty nobody stated leaves it open", []string{"indicative", "", ",60000", ",60000\nff,hubs,2026-27,30000"},
			"gap/under-funded/certainty/ff/2026-27 |  |  |  | low | unknown: certainty of the figure for 2026-27"},
		{"an allocation of unknown amount leaves it open", []string{",60000", ",60000\ncf,hubs,2026-27,?"},
			"gap/under-funded/hubs/2026-27 |  |  |  | low | unknown: the amount allocated to Family support hubs"},
		{"money for a whole term may be enough", []string{"indicative,900000,900000,", "confirmed,,,900000", ",60000", ",60000\nff,hubs,term,30000"},
			"gap/under-funded/hubs/2026-27 |  |  |  | low | unknown: how the money for the whole term is split by year"},
		{"or not: then it is short of at least the rest", []string{"indicative,900000,900000,", "confirmed,,,900000", ",60000", ",60000\nff,hubs,term,20000"},
			now + "at least £10,000 |  |  | high"},
		{"the year a grant has ended is the cliff's to say", []string{"100000,", "100000,100000", ",60000", ",60000\ncf,hubs,2026-27,30000\ncore,hubs,2027-28,60000"}, ""},
		{"short beyond what the cliff says", []string{"100000,", "100000,110000", ",60000", ",60000\ncf,hubs,2026-27,30000\ncore,hubs,2027-28,60000"},
			"gap/under-funded/hubs/2027-28 | £40,000 | 40% |  | medium"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(fundedBook, c.changes...), "gap/under-funded"), c.want)
		})
	}
}

func TestUnaligned(t *testing.T) {
	const book = `
		# objectives
		id,name,parent,kind
		well,Well-being,,outcome
		safe,Safe from harm,well,objective
		heard,Heard,well,objective
		# streams
		id,name,objectives,2026-27
		cf,Children's Fund,safe,900000
		# services
		id,name,objectives,role
		play,Play scheme,safe,direct
		carers,Young carers,heard,direct
		hubs,Family support hubs,,direct
		desk,Programme desk,,overhead
		# allocations
		award,service,objective,2026-27
		cf,play,safe,50000
		cf,carers,heard,30000
		cf,hubs,,20000
		cf,desk,,10000`
	want(t, find(t, book, "gap/unaligned"), `
		gap/unaligned/cf/heard/2026-27 | £30,000 |  |  | medium
		gap/unaligned/hubs |  |  |  | low`)
	want(t, find(t, in(book, "Fund,safe", "Fund,well", "hubs,,20000", "hubs,safe,20000"), "gap/unaligned"), "")
	want(t, find(t, in(book, "Fund,safe", "Fund,"), "gap/unaligned"), "gap/unaligned/hubs |  |  |  | low")
	want(t, find(t, in(book, "cf,carers,heard,30000\n", ""), "gap/unaligned"), `
		gap/unaligned/heard |  |  |  | low
		gap/unaligned/hubs |  |  |  | low`)
	want(t, find(t, fundedBook, "gap/unaligned"), "gap/unaligned/objectives |  |  |  | low | unknown: objectives")
}

func TestAgeEdge(t *testing.T) {
	book := in(needsBook, "safe,east", "safe,west")
	const edge = "gap/age-edge/safe/west/2026-27 |  |  |  | medium"
	for _, c := range []struct {
		name    string
		changes []string
		want    string
		says    string
	}{
		{"all ages served", nil, "", ""},
		{"5 to 13 beside under 4 leaves age 4", []string{"west;east,0-17", "west;east,5-17", "# allocations", "baby,Baby clinic,west,0-3,safe,50,children,,1000\n# allocations", "cf,play,", "cf,baby,safe,west,1000\ncf,play,"}, edge,
			"Safe from harm in West: nothing for age 4"},
		{"the ages at one end", []string{"west;east,0-17", "west;east,8-17"}, edge, "Safe from harm in West: nothing for age 0 to 7"},
		{"nothing served is no-service's", []string{"west;east,0-17", "west;east,18-25"}, "", ""},
		{"a service whose ages are not known may serve them", []string{"west;east,0-17", "west;east,5-17", "# allocations", "baby,Baby clinic,west,,safe,50,children,,1000\n# allocations", "cf,play,", "cf,baby,safe,west,1000\ncf,play,"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := find(t, in(book, c.changes...), "gap/age-edge")
			want(t, found, c.want)
			if len(found) == 1 {
				if title, _ := found[0].Words(); title != c.says {
					t.Errorf("reads %q", title)
				}
			}
		})
	}
	between := in(needsBook, "# needs\n\tid,objective,area,ages,year,people,unit\n\tn,safe,west,0-17,2026-27,140,children\n", "", "west;east,0-17", "west;east,5-13",
		"# allocations", "baby,Baby clinic,east,0-3,safe,50,children,,1000\n# allocations", "cf,play,", "cf,baby,safe,east,1000\ncf,play,")
	want(t, find(t, between, "gap/age-edge"), "gap/age-edge/safe/east/2026-27 |  |  |  | low")
}
