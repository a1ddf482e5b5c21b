package check

import (
	"strings"
	"testing"
)

// paidTwiceBook is a service of £100,000 with £10,000 of income, paid by two awards.
func paidTwiceBook(first, second, cost, income string) string {
	return `
		# streams
		id,name,ends,2026-27
		cf,Children's Fund,2028-03-31,900000
		nrf,NRF,2028-03-31,900000
		# services
		id,name,income,2026-27
		hubs,Family support hubs,` + income + `,` + cost + `
		# allocations
		award,service,2026-27
		cf,hubs,` + first + `
		nrf,hubs,` + second
}

func TestPaidTwice(t *testing.T) {
	for _, c := range []struct{ name, first, second, cost, income, want string }{
		{"two awards pay more than it costs net of income", "60000", "40000", "100000", "10000", "duplication/paid-twice/hubs/2026-27 | £10,000 |  |  | high"},
		{"two awards braided: no more than it costs", "60000", "40000", "100000", "", ""},
		{"exactly £1,000 over keeps quiet", "60000", "41000", "100000", "", ""},
		{"a penny more speaks", "60000", "41000.01", "100000", "", "duplication/paid-twice/hubs/2026-27 | £1,000 |  |  | high"},
		{"£1,500 over, and not over 1%", "160000", "41500", "200000", "", ""},
		{"over, from one award", "120000", "0", "100000", "", ""},
		{"cost not known", "60000", "60000", "", "", "duplication/paid-twice/cost-not-known/2026-27 |  |  |  | low | unknown: planned cost and income for 2026-27"},
		{"income not known", "60000", "60000", "100000", "?", "duplication/paid-twice/cost-not-known/2026-27 |  |  |  | low | unknown: planned cost and income for 2026-27"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := paidTwiceBook(c.first, c.second, c.cost, c.income)
			if c.second == "0" {
				book = strings.TrimSuffix(book, "\n\t\tnrf,hubs,0")
			}
			want(t, find(t, book, "duplication/paid-twice"), c.want)
		})
	}
}

func TestPaidTwiceUnderTwoAgreements(t *testing.T) {
	book := strings.TrimSuffix(paidTwiceBook("120000", "0", "100000", ""), "\n\t\tnrf,hubs,0")
	one := "\n# agreements\nid,service,kind\ncontract,hubs,contract\n"
	want(t, find(t, book+one, "duplication/paid-twice"), "")
	want(t, find(t, book+one+"sla,hubs,SLA\n", "duplication/paid-twice"), "duplication/paid-twice/hubs/2026-27 | £20,000 |  |  | high")
}

// twins is a book of two services that are one thing bought twice in the North;
// a test changes a fact of it.
const twinsBook = `
	# areas
	id,name,parent
	all,All,
	north,North,all
	south,South,all
	# objectives
	id,name,parent,agreed_on
	family,Family life,,2025-06-01
	parents,Confident parents,family,2025-06-01
	homes,Happy homes,family,2025-06-01
	jobs,Good jobs,,2025-06-01
	# streams
	id,name,starts,ends,2026-27
	cf,Children's Fund,2024-04-01,2028-03-31,900000
	nrf,NRF,2024-04-01,2028-03-31,900000
	# services
	id,name,description,activity,provider,areas,ages,level,objectives,capacity,starts,ends
	prog,Parenting programme,courses,parenting support,council,north,0-4,early help,parents,100,,
	hubs,Family support hubs,visits,parenting support,harbour,north,0-5,early help,parents,60,,
	# allocations
	award,service,objective,area,match_for,2026-27
	cf,prog,parents,north,,60000
	nrf,hubs,parents,north,,40000`

const twinsFound = "duplication/commissioned-twice/hubs/prog/2026-27 | £100,000 |  |  | medium"

// in gives the book with some facts changed: old, new, old, new …
func in(book string, changes ...string) string {
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(book, changes[i]) {
			panic("the book has no " + changes[i])
		}
		book = strings.Replace(book, changes[i], changes[i+1], 1)
	}
	return book
}

func TestCommissionedTwice(t *testing.T) {
	const prog, hubs = "council,north,0-4,early help,parents,100,,", "harbour,north,0-5,early help,parents,60,,"
	unknown := func(service, fact string) string {
		return "duplication/commissioned-twice/" + service + "/2026-27 |  |  |  | low | unknown: " + fact
	}
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"shared objective, activity, level, place and ages", nil, twinsFound},
		{"another activity", []string{"courses,parenting support", "courses,childcare"}, ""},
		{"a targeted service on top of a universal one", []string{"0-4,early help", "0-4,universal"}, ""},
		{"another place", []string{prog, "council,south,0-4,early help,parents,100,,", "cf,prog,parents,north", "cf,prog,parents,south"}, ""},
		{"another objective", []string{"cf,prog,parents", "cf,prog,jobs", "early help,parents,100", "early help,jobs,100"}, ""},
		{"ages overlap by half of the narrower band", []string{"0-4,early", "4-7,early"}, twinsFound},
		{"ages overlap by less than half", []string{"0-4,early", "5-8,early"}, ""},
		{"ages do not meet", []string{"0-4,early", "6-9,early"}, ""},
		{"exactly £10,000 on one side", []string{",60000", ",10000"}, "duplication/commissioned-twice/hubs/prog/2026-27 | £50,000 |  |  | medium"},
		{"a penny less", []string{",60000", ",9999.99"}, ""},
		{"one for the whole authority: how much of it is in the North is not known", []string{"cf,prog,parents,north", "cf,prog,parents,all"},
			"duplication/commissioned-twice/hubs/prog/2026-27 | at least £40,000 |  |  | medium"},
		{"money not split over two areas", []string{"cf,prog,parents,north", "cf,prog,parents,", "council,north", "council,north;south"},
			"duplication/commissioned-twice/hubs/prog/2026-27 | at least £40,000 |  |  | medium"},
		{"money not labelled, of a service with one objective and area, is on it", []string{"cf,prog,parents,north", "cf,prog,,"}, twinsFound},
		{"match funding for the award that pays the other", []string{"cf,prog,parents,north,", "cf,prog,parents,north,nrf"}, ""},
		{"a successor beside its forerunner", []string{prog, "council,north,0-4,early help,parents,100,,2026-09-30", hubs, "harbour,north,0-5,early help,parents,60,2026-10-01,"}, ""},
		{"services that run on together for a month", []string{prog, "council,north,0-4,early help,parents,100,,2026-10-31", hubs, "harbour,north,0-5,early help,parents,60,2026-10-01,"}, twinsFound},
		{"an activity is missing", []string{"visits,parenting support", "visits,"}, unknown("hubs", "activity")},
		{"a level is missing", []string{"0-4,early help", "0-4,"}, unknown("prog", "level")},
		{"ages are missing", []string{"0-4,early help", ",early help"}, unknown("prog", "ages")},
		{"a sister objective under other names", []string{"cf,prog,parents", "cf,prog,homes", "early help,parents,100", "early help,homes,100"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(twinsBook, c.changes...), "duplication/commissioned-twice"), c.want)
		})
	}
}

func TestCommissionedTwiceWithinNeed(t *testing.T) {
	need := func(people string) string {
		return in(twinsBook, "# streams", "# needs\nid,objective,area,ages,year,people\nn,parents,north,0-4,2026-27,"+people+"\n# streams")
	}
	want(t, find(t, need("160"), "duplication/commissioned-twice"), "")
	want(t, find(t, need("159"), "duplication/commissioned-twice"), twinsFound)
	want(t, find(t, need("?"), "duplication/commissioned-twice"), twinsFound)
}

// Services that read alike are shown although a fact differs or is missing.
func TestCommissionedTwiceNearlyTheSame(t *testing.T) {
	alike := in(twinsBook, "Parenting programme,courses", "Incredible Years parenting groups,Twelve week groups for parents of toddlers who struggle with behaviour",
		"Family support hubs,visits", "Incredible years parenting group,A twelve week group for parents of toddlers who struggle with behaviour")
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"a sister objective", []string{"cf,prog,parents", "cf,prog,homes", "early help,parents,100", "early help,homes,100"}, twinsFound},
		{"an activity is missing", []string{"behaviour,parenting support,council", "behaviour,,council"}, twinsFound},
		{"another age edge", []string{"0-4,early", "3-9,early"}, twinsFound},
		{"another level stays two services", []string{"0-4,early help", "0-4,universal"}, ""},
		{"another place stays two services", []string{"council,north", "council,south", "cf,prog,parents,north", "cf,prog,parents,south"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(alike, c.changes...), "duplication/commissioned-twice"), c.want)
		})
	}
}

// The likeliest comes first, whatever the money.
func TestLikenessComesBeforeMoney(t *testing.T) {
	book := in(twinsBook, "prog,Parenting programme", "third,Family support hub,visits,parenting support,council,north,0-5,early help,parents,60,,\n prog,Parenting programme",
		"cf,prog,parents,north,,60000", "cf,prog,parents,north,,600000\ncf,third,parents,north,,20000")
	found := find(t, book, "duplication/commissioned-twice")
	if len(found) != 3 || found[0].Subjects[0].ID != "hubs" || found[0].Subjects[1].ID != "third" {
		t.Errorf("found:\n%s", lines(found))
	}
}

// Where no service has an activity, it is said once.
func TestNoActivityAnywhere(t *testing.T) {
	book := strings.ReplaceAll(twinsBook, "parenting support", "")
	want(t, find(t, book, "duplication/commissioned-twice"), "duplication/commissioned-twice/activity-not-known/2026-27 |  |  |  | low | unknown: activity")
}

func TestRecordedTwice(t *testing.T) {
	const book = `
		# organisations
		id,name,org_id
		harbour,Harbour Families,
		harbor,Harbour Familes,
		voices,Young Voices,
		# streams
		id,name,funder
		cf,Children's Fund,gov
		cf2,Childrens Fund,gov
		# awards
		id,stream,reference,starts,ends,2026-27
		cf,cf,,2026-04-01,2027-03-31,900000
		cf2,cf2,,2026-04-01,2027-03-31,900000
		# services
		id,name,description,provider,ages,2026-27
		hubs,Family support hubs,home visits,harbour,0-4,100000
		hub,Family Support Hub,home visits,harbour,0-4,100000`
	const organisations, awards, services = "duplication/recorded-twice/organisation/harbor/harbour |  |  |  | low",
		"duplication/recorded-twice/award/cf/cf2 |  |  |  | medium", "duplication/recorded-twice/service/hub/hubs |  |  |  | low"
	for _, c := range []struct {
		name    string
		changes []string
		gone    string
	}{
		{"an award, a service and an organisation", nil, ""},
		{"the second half-year is an instalment", []string{"2026-04-01,2027-03-31,900000", "2026-04-01,2026-09-30,900000", "cf2,cf2,,2026-04-01", "cf2,cf2,,2026-10-01"}, awards},
		{"organisations with numbers of their own", []string{"Harbour Families,", "Harbour Families,GB-COH-1", "Harbour Familes,", "Harbour Familes,GB-COH-2"}, organisations},
		{"a service for other ages", []string{"harbour,0-4,100000", "harbour,5-11,100000"}, services},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]bool{}
			for line := range strings.SplitSeq(strings.TrimSpace(lines(find(t, in(book, c.changes...), "duplication/recorded-twice"))), "\n") {
				got[line] = true
			}
			for _, line := range []string{organisations, awards, services} {
				if got[line] != (line != c.gone) {
					t.Errorf("%s: found %v", line, got[line])
				}
			}
		})
	}
}
