package check

import "testing"

func TestEffectiveAtRisk(t *testing.T) {
	const head = `
		# streams
		id,name,ends,2026-27
		a,A,2027-03-31,1000
		core,Core,,1000
		# objectives
		id,name
		play,Play
		safe,Safe
		# allocations
		award,service,2026-27
		a,good,100
		core,other,200
		# services
		id,name,objectives,evidence,role,capacity,unit,2026-27
		`
	for _, c := range []struct{ name, services, want string }{
		{"a proven service loses, an untested one keeps", `
			good,Good,play,proven,,,,
			other,Other,play;safe,untested,,,,`, `expiry/effective-at-risk/good/2027-03-31 | £100 |  |  | medium`},
		{"promising and ineffective", `
			good,Good,play,promising,,,,
			other,Other,play,ineffective,,,,`, `expiry/effective-at-risk/good/2027-03-31 | £100 |  |  | medium`},
		{"another objective", `
			good,Good,play,proven,,,,
			other,Other,safe,untested,,,,`, ``},
		{"both proven, the other dearer a head", `
			good,Good,play,proven,,10,children,100
			other,Other,play,proven,,10,children,200`, `expiry/effective-at-risk/good/2027-03-31 | £100 |  |  | medium`},
		{"both proven, the same a head", `
			good,Good,play,proven,,10,children,100
			other,Other,play,proven,,20,children,200`, ``},
		{"both proven, the other cheaper a head", `
			good,Good,play,proven,,10,children,100
			other,Other,play,proven,,40,children,200`, ``},
		{"dearer, but families are not children", `
			good,Good,play,proven,,10,children,100
			other,Other,play,proven,,10,families,200`, ``},
		{"the other was never assessed", `
			good,Good,play,proven,,,,
			other,Other,play,,,,,`, `expiry/effective-at-risk/good/2027-03-31 | £100 |  |  | low | unknown: evidence of Other`},
		{"the loser was never assessed", `
			good,Good,play,,,,,
			other,Other,play,untested,,,,`, `expiry/effective-at-risk/good/2027-03-31 | £100 |  |  | low | unknown: evidence of Good`},
		{"an untested service loses: no matter", `
			good,Good,play,untested,,,,
			other,Other,play,ineffective,,,,`, ``},
		{"an overhead is not a rival", `
			good,Good,play,proven,,,,
			other,Other,play,untested,overhead,,,`, ``},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, find(t, head+c.services, "expiry/effective-at-risk"), c.want) })
	}

	// both lose: there is nobody to compare with
	want(t, find(t, `
		# streams
		id,name,ends,2026-27
		a,A,2027-03-31,1000
		# objectives
		id,name
		play,Play
		# services
		id,name,objectives,evidence
		good,Good,play,proven
		other,Other,play,untested
		# allocations
		award,service,2026-27
		a,good,100
		a,other,200`, "expiry/effective-at-risk"), ``)

	f := find(t, head+`
		good,Good,play,proven,,10,children,100
		other,Other,play,untested,,10,children,200`, "expiry/effective-at-risk")
	if title, because := f[0].Words(); title != "Good, proven, loses £100 while Other keeps its money" ||
		because != "Good (proven, £10 each for 10 children) loses £100 on 31 March 2027. On the same objective Other (untested, £20 each for 10 children) keeps £200." {
		t.Error(title, because)
	}
}
