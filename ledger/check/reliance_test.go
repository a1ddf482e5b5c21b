package check

import "testing"

func TestShortTermReliance(t *testing.T) {
	f := find(t, `
		# streams
		id,name,permanence,money,starts,ends,fate,2026-27,amount
		core,Core,base budget,,,,,1000,
		fs,Flying Start,recurring,,,2028-03-31,unknown,1000,
		cf,Children's Fund,multi-year,,,2027-03-31,stops,1000,
		pilot,Pilot,one-off,,,,,1000,
		unsaid,Unsaid,,,,,,1000,
		renewed,Renewed,,,,2027-03-31,renewed,1000,
		building,Building,one-off,capital,,2027-03-31,,1000,
		term,Term,multi-year,,2025-04-01,2028-03-31,,,900
		# services
		id,name
		hubs,Hubs
		play,Play
		lasting,Lasting
		works,Works
		part,Part
		# allocations
		award,service,2026-27
		core,hubs,200
		fs,hubs,100
		cf,hubs,60
		pilot,hubs,40
		pilot,play,80
		unsaid,lasting,70
		renewed,lasting,30
		core,works,10
		building,works,500
		cf,part,10
		# allocations
		award,service,year,amount
		term,part,term,900`, "expiry/short-term-reliance")
	want(t, f, `
		expiry/short-term-reliance/play/2026-27 | £80 | 100% | service | medium
		expiry/short-term-reliance/2026-27 | at least £190 |  | whole | low
		expiry/short-term-reliance/hubs/2026-27 | £100 | 25% | service | low
		expiry/short-term-reliance/part/2026-27 | at least £10 |  | service | low`)
	if title, because := f[2].Words(); title != "Hubs relies on time-limited money for £100 (25%)" ||
		because != "Of £400 in 2026-27, £200 (50%) has no end, £100 (25%) recurs or waits for renewal, and £100 (25%) is time-limited." {
		t.Error(title, because)
	}
	if title := f[1].Title(); title != "All services together rely on time-limited money for at least £190" {
		t.Error(title)
	}
}
