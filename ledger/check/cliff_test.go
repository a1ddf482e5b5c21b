package check

import (
	"strings"
	"testing"

	"braid/ledger/ledgertest"
	"braid/seed"
)

// TestCliffOfTheDemoCouncil: five services lose £900,000 on 31 March 2027.
func TestCliffOfTheDemoCouncil(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	b := ledgertest.Folder(t, folder)
	findings := findIn(t, b, DefaultPolicy(), "expiry/cliff")
	want(t, findings, `
		expiry/cliff/youth-inclusion/2027-03-31 | £350,000 | 87.5% | stops | high
		expiry/cliff/play-holiday/2027-03-31 | £240,000 | 100% | stops | high
		expiry/cliff/family-hubs/2027-03-31 | £180,000 | 20% | stops | high
		expiry/cliff/young-carers/2027-03-31 | £70,000 | 25% | stops | high
		expiry/cliff/parenting/2027-03-31 | £60,000 | 6/49 | stops | high`)
	tally := Summarise(findings)[Expiry]["cliff"]["stops"]
	if tally.Count != 5 || tally.Amount.String() != "900000.00" {
		t.Errorf("in all %d lose %s", tally.Count, tally.Amount)
	}
	f := findings[0]
	if title := f.Title(); title != "Youth inclusion panels loses £350,000 on 31 March 2027" {
		t.Error(title)
	}
	if because := f.Because(); because != "Children's Fund (£240,000) and NRF (£110,000) end on 31 March 2027, in 78 days. Youth inclusion panels loses £350,000, 88% of its money." {
		t.Error(because)
	}
	if len(f.Subjects) != 3 || f.Subjects[0] != (Subject{"service", "youth-inclusion"}) || f.Subjects[1] != (Subject{"award", "childrens-fund"}) || f.Subjects[2] != (Subject{"award", "nrf"}) {
		t.Errorf("about %v", f.Subjects)
	}
	// a longer horizon takes in the ends of 31 March 2028
	far := DefaultPolicy()
	far.HorizonMonths = 15
	all := Summarise(findIn(t, b, far, "expiry/cliff"))[Expiry]["cliff"]["stops"]
	if all.Count != 10 || all.Amount.String() != "2810000.00" {
		t.Errorf("within 15 months %d lose %s; want 10 and 900000.00 + 1910000.00", all.Count, all.Amount)
	}
}

func TestCliff(t *testing.T) {
	for _, c := range []struct{ name, book, want string }{
		{"two awards on one day are one finding; two days are two", `
			# streams
			id,name,ends,2026-27,2027-28
			a,A,2027-03-31,100,
			b,B,2027-03-31,100,
			c,C,2027-08-31,,100
			core,Core,,100,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27,2027-28
			a,x,30,
			b,x,20,
			c,x,,40
			core,x,50,60`, `
			expiry/cliff/x/2027-03-31 | £50 | 50% | stops | high
			expiry/cliff/x/2027-08-31 | £40 | 40% | stops | medium`},
		{"the first and the last day of the horizon count; the days outside do not", `
			# streams
			id,name,ends,2026-27,2027-28
			early,Early,2027-01-11,100,
			first,First,2027-01-12,100,
			last,Last,2028-01-12,,100
			late,Late,2028-01-13,,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27,2027-28
			early,x,10,
			first,x,20,
			last,x,,30
			late,x,,50`, `
			expiry/cliff/x/2027-01-12 | £20 | 2/3 | stops | high
			expiry/cliff/x/2028-01-12 | £30 | 37.5% | stops | medium`},
		{"the money of the year it ends, not of other years, and not made up to a whole year", `
			# streams
			id,name,ends,2025-26,2026-27,2027-28
			a,A,2027-08-31,1200,1200,500
			# services
			id,name
			x,X
			# allocations
			award,service,2025-26,2026-27,2027-28
			a,x,1200,1200,500`, `
			expiry/cliff/x/2027-08-31 | £500 | 100% | stops | high`},
		{"what is spent already counts: paid money is still money of the year", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,1200
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,1200
			# payments
			award,service,date,amount
			a,x,2026-05-01,700`, `
			expiry/cliff/x/2027-03-31 | £1,200 | 100% | stops | high`},
		{"to be renewed, without a paper that says with how much", `
			# streams
			id,name,ends,fate,2026-27
			a,A,2027-03-31,renewed,100
			core,Core,,,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,20
			core,x,80`, `
			expiry/cliff/x/2027-03-31/renewal-awaited | £20 | 20% | renewal awaited | low`},
		{"a successor reaches as far as its secured figure, and the rest stops", `
			# streams
			id,name,starts,ends,fate,successor,2026-27,2027-28
			b,B,2027-04-01,2028-03-31,,,,60
			a,A,,2027-03-31,renamed,b,100,
			# services
			id,name
			x,X
			y,Y
			# allocations
			award,service,2026-27
			a,x,75
			a,y,25`, `
			expiry/cliff/x/2027-03-31 | £30 | 40% | stops | medium
			expiry/cliff/y/2027-03-31 | £10 | 40% | stops | medium
			expiry/cliff/x/2027-03-31/secured-successor | £45 | 60% | secured successor | low
			expiry/cliff/y/2027-03-31/secured-successor | £15 | 60% | secured successor | low`},
		{"what a successor is already allocated to comes first", `
			# streams
			id,name,starts,ends,fate,successor,2026-27,2027-28
			b,B,2027-04-01,2028-03-31,,,,60
			a,A,,2027-03-31,merged into,b,100,
			# services
			id,name
			x,X
			y,Y
			new,New
			# allocations
			award,service,2026-27,2027-28
			a,x,50,
			a,y,50,
			b,x,,50
			b,new,,10`, `
			expiry/cliff/y/2027-03-31 | £50 | 100% | stops | high
			expiry/cliff/x/2027-03-31/secured-successor | £50 | 100% | secured successor | low`},
		{"a successor's announced figure secures nothing", `
			# awards
			id,stream,starts,ends,fate,successor,certainty,2026-27,2027-28
			b,b,2027-04-01,2028-03-31,,,announced,,100
			a,b,,2027-03-31,renewed,b,confirmed,100,
			# streams
			id,name
			b,B
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,100`, `
			expiry/cliff/x/2027-03-31/renewal-awaited | £100 | 100% | renewal awaited | medium`},
		{"a successor whose terms refuse the service, or cannot tell, does not reach it", `
			# streams
			id,name,starts,ends,fate,successor,2026-27,2027-28
			b,B,2027-04-01,2028-03-31,,,,300
			a,A,,2027-03-31,renewed,b,300,
			# terms
			id,stream,rule,value
			young,b,ages,0-3
			# services
			id,name,ages
			babies,Babies,0-3
			teens,Teens,11-17
			anyone,Anyone,
			# allocations
			award,service,2026-27
			a,babies,100
			a,teens,100
			a,anyone,100`, `
			expiry/cliff/anyone/2027-03-31 | £100 | 100% | stops | high
			expiry/cliff/teens/2027-03-31 | £100 | 100% | stops | high
			expiry/cliff/babies/2027-03-31/secured-successor | £100 | 100% | secured successor | low`},
		{"money for the whole term: at least what is split by year", `
			# streams
			id,name,starts,ends,2026-27,amount
			a,A,2025-04-01,2027-03-31,100,900
			# services
			id,name
			x,X
			y,Y
			# allocations
			award,service,year,amount
			a,x,2026-27,100
			a,x,term,500
			a,y,term,400`, `
			expiry/cliff/x/2027-03-31 | at least £100 |  | stops | medium
			expiry/cliff/y/2027-03-31 | not known |  | stops | medium | unknown: how much of A is for 2026-27`},
		{"a whole term that is one year is that year", `
			# streams
			id,name,starts,ends,amount
			a,A,2026-04-01,2027-03-31,900
			# services
			id,name
			x,X
			# allocations
			award,service,year,amount
			a,x,term,500`, `
			expiry/cliff/x/2027-03-31 | £500 | 100% | stops | high`},
		{"an allocation of unknown amount", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,900
			core,Core,,900
			# services
			id,name
			x,X
			y,Y
			z,Z
			# allocations
			id,award,service,state,agreed_on,2026-27
			1,a,x,,2026-04-01,100
			2,a,x,,2026-04-01,?
			3,a,y,,2026-04-01,?
			4,a,z,proposed,2026-04-01,?
			5,core,y,,2026-04-01,50
			6,a,z,,2027-02-01,?`, `
			expiry/cliff/x/2027-03-31 | at least £100 |  | stops | medium
			expiry/cliff/y/2027-03-31 | not known |  | stops | medium | unknown: how much of A is for 2026-27`},
		{"capital and revenue never share a total", `
			# streams
			id,name,money,ends,2026-27
			a,A,revenue,2027-03-31,100
			b,B,capital,2027-03-31,100
			core,Core,revenue,,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,30
			b,x,20
			core,x,70`, `
			expiry/cliff/x/2027-03-31/stops-capital | £20 | 100% | stops, capital | high
			expiry/cliff/x/2027-03-31 | £30 | 30% | stops | medium`},
		{"an award that is part of another ends with it", `
			# streams
			id,name,ends,part_of,2026-27
			ccg,CCG,2027-03-31,,100
			fs,Flying Start,,ccg,50
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			fs,x,50`, `
			expiry/cliff/x/2027-03-31 | £50 | 100% | stops | high`},
		{"a service that is to end by then itself", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,100
			# services
			id,name,ends
			x,X,2027-03-31
			# allocations
			award,service,2026-27
			a,x,50`, `
			expiry/cliff/x/2027-03-31 | £50 | 100% | stops | low`},
		{"nothing ends", `
			# streams
			id,name,2026-27
			core,Core,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			core,x,50`, ``},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, find(t, c.book, "expiry/cliff"), c.want) })
	}
}

// TestCliffWords: what stops, why, and what is not recorded.
func TestCliffWords(t *testing.T) {
	findings := find(t, `
		# streams
		id,name,starts,ends,fate,successor,2026-27,2027-28
		b,B,2027-04-01,2028-03-31,,,,60
		a,A,,2027-03-31,renamed,b,100,
		c,C,,2027-03-31,unknown,,100,
		# services
		id,name
		x,X
		# allocations
		award,service,2026-27
		a,x,100
		c,x,100`, "expiry/cliff")
	var read []string
	for i := range findings {
		read = append(read, findings[i].Title()+": "+findings[i].Because())
	}
	if got, want := strings.Join(read, "\n"), strings.Join([]string{
		"X loses £140 on 31 March 2027: C (£100) and A (£40) end on 31 March 2027, in 78 days. X loses £140, 70% of its money. What follows is not recorded. B does not reach so far.",
		"X: £60 is to come from B after 31 March 2027: A ends on 31 March 2027, in 78 days. B has a secured figure that reaches £60, 30% of its money.",
	}, "\n"); got != want {
		t.Errorf("reads\n%s\nwant\n%s", got, want)
	}
}
