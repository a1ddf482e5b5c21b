package check

import "testing"

func TestOutlivesAward(t *testing.T) {
	const book = `
		# streams
		id,name,starts,ends,fate,successor,2026-27,2027-28
		next,Next,2027-04-01,2028-03-31,,,,100
		a,A,,2027-03-31,stops,,300,
		core,Core,,,,,300,300
		renewed,Renewed,,2027-03-31,renewed,next,100,
		# services
		id,name,statutory,ends,2027-28
		x,X,,,400
		duty,Duty,Children Act 1989 s.17,,100
		brief,Brief,yes,2027-03-31,
		met,Met,yes,,60
		safe,Safe,yes,,100
		# allocations
		award,service,2026-27,2027-28
		a,x,100,
		core,x,50,50
		a,duty,100,
		a,brief,10,
		a,met,60,
		core,met,,60
		renewed,safe,50,`
	const duty = "expiry/outlives-award/duty/duty/2027-03-31 | £100 |  |  | high\n"
	for _, c := range []struct{ name, more, want string }{
		{"a statutory duty has no money in the next year; one that has is quiet", ``, duty},
		{"an agreement that ends with the money", `
			# agreements
			id,service,ends
			g,x,2027-03-31`, duty},
		{"an agreement a day longer, without a break clause, worth £200 of which £50 has money", `
			# agreements
			id,service,ends,2027-28
			g,x,2027-04-01,200`, `
			expiry/outlives-award/agreement/g/2027-03-31 | £150 |  |  | high
			` + duty},
		{"its value not stated: what the service is to cost", `
			# agreements
			id,service,ends
			g,x,2028-03-31`, `
			expiry/outlives-award/agreement/g/2027-03-31 | £350 |  |  | high
			` + duty},
		{"worth no more than other money pays", `
			# agreements
			id,service,ends,2027-28
			g,x,2028-03-31,50`, duty},
		{"a break clause that can be used", `
			# agreements
			id,service,ends,break_clause,notice_months
			g,x,2028-03-31,yes,3`, duty},
		{"a break clause that comes to nothing: 15 months' notice", `
			# agreements
			id,service,ends,break_clause,notice_months
			g,x,2028-03-31,yes,15`, `
			expiry/outlives-award/agreement/g/2027-03-31 | £350 |  |  | high
			` + duty},
		{"a break clause without its notice period", `
			# agreements
			id,service,ends,break_clause,notice_months
			g,x,2028-03-31,yes,`, duty + `
			expiry/outlives-award/agreement/g/2027-03-31 | £350 |  |  | low | unknown: notice period`},
		{"an agreement without an end is ended by notice", `
			# agreements
			id,service,notice_months
			g,x,3`, duty},
		{"a post with no end, 40% on the award", `
			# posts
			id,service,annual_cost,awards
			p,x,30000,a:40;core:60`, `
			expiry/outlives-award/post/p/2027-03-31 | £12,000 |  |  | high
			` + duty},
		{"a post that ends with its award; a post on other money", `
			# posts
			id,service,contract_end,annual_cost,awards
			p,x,2027-03-31,30000,a
			q,x,,30000,core`, duty},
		{"a post whose cost is not known", `
			# posts
			id,service,contract_end,annual_cost,awards
			p,x,2027-09-30,?,a`, duty + `
			expiry/outlives-award/post/p/2027-03-31 | not known |  |  | high`},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, find(t, book+c.more, "expiry/outlives-award"), c.want) })
	}
}

func TestOutlivesAwardWords(t *testing.T) {
	f := find(t, `
		# streams
		id,name,ends,2026-27
		a,A,2027-03-31,300
		# services
		id,name,2027-28
		x,Hubs,
		# agreements
		id,service,ends
		g,x,2028-03-31
		# allocations
		award,service,2026-27
		a,x,100`, "expiry/outlives-award")
	want(t, f, `expiry/outlives-award/agreement/g/2027-03-31 | not known |  |  | high`)
	if title, because := f[0].Words(); title != "Hubs: agreement g outlives its money, which ends on 31 March 2027" ||
		because != "A ends on 31 March 2027, in 78 days; agreement g runs to 31 March 2028 without a break clause. What it will be short of in 2027-28 is not known: record cost for 2027-28." {
		t.Error(title, because)
	}
}
