package check

import (
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
)

// termsBook is one award of £100,000 with one term, and two services.
const termsBook = `
	# areas
	id,name,parent,tags
	all,All,,
	north,North,all,priority
	south,South,all,
	# objectives
	id,name
	safe,Safe from harm
	heard,Heard
	# streams
	id,name,permanence,starts,ends,2025-26,2026-27
	cf,Children's Fund,multi-year,2025-04-01,2027-03-31,100000,100000
	core,Core budget,base budget,2020-04-01,,900000,900000
	# terms
	id,stream,rule,value,when,clause
	t,cf,RULE,VALUE,,The clause.
	core-areas,core,areas,all,,
	# services
	id,name,areas,ages,level,objectives,cost_type,role,starts,ends
	hubs,Family support hubs,north,0-4,early help,safe,delivery,direct,,
	play,Play scheme,south,5-13,universal,heard,delivery,direct,,
	# allocations
	award,service,objective,area,element,cost_type,match_for,year,amount
	cf,hubs,safe,north,care,,,2026-27,60000
	cf,play,heard,south,,,,2026-27,40000`

func TestConditions(t *testing.T) {
	const hubs, play = "cf,hubs,safe,north,care,,,2026-27,60000", "cf,play,heard,south,,,,2026-27,40000"
	breach := func(rule string) string { return "condition/" + rule + "/cf/play/2026-27 | £40,000 |  |  | high" }
	perhaps := func(rule, fact string) string {
		return "condition/" + rule + "/cf/play | £40,000 |  |  | low | unknown: " + fact
	}
	for _, c := range []struct {
		name, rule, value string
		changes           []string
		want              string
	}{
		{"ages outside", "ages", "0-4", nil, breach("ages")},
		{"ages inside", "ages", "0-13", nil, ""},
		{"ages not recorded", "ages", "0-4", []string{"south,5-13", "south,"}, perhaps("ages", "ages")},
		{"area outside", "areas", "north", nil, breach("areas")},
		{"area by tag", "areas", "tag:priority", nil, breach("areas")},
		{"money for the whole area, of which some is inside", "areas", "north", []string{"heard,south", "heard,all"}, perhaps("areas", "area")},
		{"objective outside", "objectives", "safe", nil, breach("objectives")},
		{"cost type outside", "cost-type", "delivery", []string{play, strings.Replace(play, "south,,,", "south,,premises,", 1)}, breach("cost-type")},
		{"element not recorded", "elements", "care", nil, perhaps("elements", "element")},
		{"level outside", "level", "early help;targeted", nil, breach("level")},
		{"spent too late", "spend-by", "2026-03-31", []string{hubs, ""}, breach("spend-by")},
		{"spent in time", "spend-by", "2027-03-31", []string{hubs, ""}, ""},
		{"a service that runs on beyond is spent in time", "spend-by", "2027-03-31", []string{hubs, "", "delivery,direct,,\n\t# alloc", "delivery,direct,2020-01-01,2029-12-31\n\t# alloc"}, ""},
		{"after the award's own end", "ages", "0-17", []string{play, strings.Replace(play, "2026-27", "2027-28", 1)}, "condition/period/cf/play/2027-28 | £40,000 |  |  | high"},
		{"a service that begins after the award's end", "ages", "0-17", []string{"2027-03-31,100000", "2026-12-31,100000", "delivery,direct,,\n\t# alloc", "delivery,direct,2027-01-10,\n\t# alloc"}, breach("period")},
		{"after the award's own end, by exception", "ages", "0-17", []string{play, strings.Replace(play, "2026-27", "2027-28", 1), "# allocations", "# exceptions\nid,award,service,term,ground\nx,cf,play,award-period,letter of the funder\n# allocations"}, ""},
		{"an exception for another service does not count", "ages", "0-17", []string{play, strings.Replace(play, "2026-27", "2027-28", 1), "# allocations", "# exceptions\nid,award,service,term,ground\nx,cf,hubs,award-period,letter of the funder\n# allocations"}, "condition/period/cf/play/2027-28 | £40,000 |  |  | high"},
		{"after the end, where it may be carried forward", "carry-forward", "permitted", []string{play, strings.Replace(play, "2026-27", "2027-28", 1)}, ""},
		{"an exception keeps quiet", "ages", "0-4", []string{"# allocations", "# exceptions\nid,award,service,term,ground\nx,cf,play,t,letter of the funder\n# allocations"}, ""},
		{"of unknown amount", "ages", "0-4", []string{"play,heard,south,,,,2026-27,40000", "play,heard,south,,,,2026-27,?"}, "condition/ages/cf/play/2026-27 | not known |  |  | high"},
		{"no terms", "ages", "0-17", []string{"core-areas,core,areas,all,,\n", ""}, "condition/no-terms/core |  |  |  | low | unknown: terms"},

		{"administration over its cap", "admin-cap", "10%", []string{play, strings.Replace(play, "south,,,", "south,,admin,", 1)}, "condition/admin-cap/cf/t/2026-27 | £30,000 |  |  | high"},
		{"administration at its cap", "admin-cap", "40%", []string{play, strings.Replace(play, "south,,,", "south,,admin,", 1)}, ""},
		{"administration not told apart", "admin-cap", "10%", []string{"heard,delivery", "heard,"}, "condition/admin-cap/cf/t/2026-27 |  |  |  | low | unknown: amounts"},
		{"overheads are administration", "admin-cap", "10%", []string{"heard,delivery,direct", "heard,,overhead"}, "condition/admin-cap/cf/t/2026-27 | £30,000 |  |  | high"},
		{"at most a share", "max-share", "25% objective:heard", nil, "condition/max-share/cf/t/2026-27 | £15,000 |  |  | high"},
		{"at least a share, and nothing is left", "min-share", "50% area:south", nil, "condition/min-share/cf/t/2026-27 | £10,000 |  |  | high"},
		{"at least a share, and what is left can meet it", "min-share", "50% area:south", []string{"60000", "50000"}, "condition/min-share/cf/t/2026-27 | £10,000 |  |  | low"},
		{"at least a share for ages", "min-share", "65% age:0-4", nil, "condition/min-share/cf/t/2026-27 | £5,000 |  |  | high"},
		{"at least a share, met", "min-share", "40% area:south", nil, ""},
		{"a share of a figure nobody knows", "max-share", "25% objective:heard", []string{"2027-03-31,100000,100000", "2027-03-31,100000,"}, "condition/max-share/cf/t/2026-27 |  |  |  | low | unknown: figure"},
		{"match not found", "match", "50%", nil, "condition/match/cf/t/2026-27 | £50,000 |  |  | high"},
		{"match found in part", "match", "50%", []string{play, play + "\ncore,hubs,safe,north,,,cf,2026-27,20000"}, "condition/match/cf/t/2026-27 | £30,000 |  |  | high"},
		{"match found", "match", "50%", []string{play, play + "\ncore,hubs,safe,north,,,cf,2026-27,50000"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := in(termsBook, "RULE", c.rule, "VALUE", c.value)
			want(t, find(t, in(book, c.changes...), "condition/terms"), c.want)
		})
	}
}

// A grant must add to what core paid: £50,000 in 2025-26, £51,000 at 2% a year.
func TestAdditional(t *testing.T) {
	const base = "cf,hubs,safe,north,care,,,2026-27,60000"
	core := func(before, now string) []string {
		add := base
		if before != "" {
			add += "\ncore,hubs,safe,north,,,,2025-26," + before
		}
		return []string{base, add + "\ncore,hubs,safe,north,,,,2026-27," + now}
	}
	for _, c := range []struct {
		name, value string
		changes     []string
		want        string
	}{
		{"core falls in cash", "2025-26; £50,000", core("", "40000"), "condition/additional/cf/t/2026-27 | £11,000 |  |  | high"},
		{"core stands still, and so falls in real terms", "2025-26; £50,000", core("", "50000"), "condition/additional/cf/t/2026-27 | £1,000 |  |  | medium"},
		{"core keeps pace", "2025-26; £50,000", core("", "51000"), ""},
		{"what the ledger holds for the base year", "2025-26", core("50000", "40000"), "condition/additional/cf/t/hubs/2026-27 | £11,000 |  |  | high"},
		{"nothing held for the base year", "2024-25", core("50000", "40000"), `
			condition/additional/cf/t/hubs/2026-27 |  |  |  | low | unknown: the base year, and what core budget paid in it
			condition/additional/cf/t/play/2026-27 |  |  |  | low | unknown: the base year, and what core budget paid in it`},
		{"the grant falls too", "2025-26; £50,000", append(core("", "40000"), "cf,play", "cf,hubs,safe,north,,,,2025-26,100000\ncf,play"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, find(t, in(in(termsBook, "RULE", "additional", "VALUE", `"`+c.value+`"`), c.changes...), "condition/terms"), c.want)
		})
	}
}

func TestCarriedForward(t *testing.T) {
	for value, expected := range map[string]string{
		"refused":   "condition/carry-forward/cf/t/2025-26 | £20,000 |  |  | high",
		"asked":     "condition/carry-forward/cf/t/2025-26 | £20,000 |  |  | low | unknown: permission",
		"permitted": "",
		"20%":       "",
		"10%":       "condition/carry-forward/cf/t/2025-26 | £20,000 |  |  | high",
	} {
		b := ledgertest.Book(t, in(termsBook, "RULE", "carry-forward", "VALUE", value))
		d := b.Draft(ledger.Intent{Author: "test", Reason: "test", AsFound: true})
		if err := d.CarryForward("cf", "", 2025, 2026, ledger.Move{Amount: 20_000_00, Line: "carry", Effective: fiscal.MustDate("2026-04-01")}); err != nil {
			t.Fatal(err)
		}
		_, b = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
		want(t, findIn(t, b, DefaultPolicy(), "condition/terms"), expected)
	}
}

// Money taken off a service again is no breach.
func TestAReversedBreachIsGone(t *testing.T) {
	b := ledgertest.Book(t, in(termsBook, "RULE", "ages", "VALUE", "0-4"))
	d := b.Draft(ledger.Intent{Author: "test", Reason: "test"})
	for _, f := range findIn(t, b, DefaultPolicy(), "condition/terms") {
		for _, p := range f.Proof() {
			if err := d.Reverse(b.EntryID(p.Index), fiscal.MustDate("2026-12-01")); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, b = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
	want(t, findIn(t, b, DefaultPolicy(), "condition/terms"), "")
}
