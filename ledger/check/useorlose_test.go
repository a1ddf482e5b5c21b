package check

import (
	"testing"

	"braid/ledger/ledgertest"
	"braid/seed"
)

// TestUseOrLoseOfTheDemoCouncil: £200,000 of Children's Fund is not allocated;
// NRF, over-allocated, has nothing to lose.
func TestUseOrLoseOfTheDemoCouncil(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	f := findIn(t, ledgertest.Folder(t, folder), DefaultPolicy(), "expiry/use-or-lose")
	want(t, f, `expiry/use-or-lose/childrens-fund/2027-03-31 | £200,000 |  | not allocated | high`)
	if title, because := f[0].Words(); title != "£200,000 of Children's Fund is not allocated: use it or lose it by 31 March 2027" ||
		because != "Children's Fund is to be used by 31 March 2027, in 78 days; £200,000 of it is allocated to nothing. Apart from that, of £700,000 allocated, £175,000 is not yet spent. "+
			"It may not be carried forward (“Money not spent by 31 March 2027 is returned.”)." {
		t.Error(title, because)
	}
}

func TestUseOrLose(t *testing.T) {
	for _, c := range []struct{ name, book, want string }{
		{"what is left of the years up to the end, delegated or not; nothing left is not listed", `
			# streams
			id,name,ends,2025-26,2026-27,2027-28
			a,A,2027-03-31,10,100,1000
			b,B,2027-03-31,,100,
			later,Later,2028-03-31,,100,
			core,Core,,,100,
			# boards
			id,name
			north,North
			# delegations
			award,board,2026-27
			a,north,40
			# services
			id,name
			x,X
			# allocations
			award,service,board,2026-27
			a,x,,20
			a,x,north,30
			b,x,,100`, `expiry/use-or-lose/a/2027-03-31 | £60 |  | not allocated | medium`},
		{"a spend-by day inside a longer award", `
			# streams
			id,name,ends,2026-27
			a,A,2029-03-31,100
			b,B,2029-03-31,100
			c,C,2029-03-31,100
			# terms
			id,award,rule,value,when
			t1,a,spend-by,2027-06-30,
			t2,b,spend-by,2026-06-30,
			t3,c,spend-by,2027-06-30,element=pilot`, `expiry/use-or-lose/a/2027-06-30 | £100 |  | not allocated | medium`},
		{"carrying forward: permitted, asked, refused, not recorded", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,100
			b,B,2027-03-31,100
			c,C,2027-03-31,100
			d,D,2027-03-31,100
			# terms
			id,award,rule,value
			t1,a,carry-forward,permitted
			t2,b,carry-forward,asked
			t3,c,carry-forward,refused`, `
			expiry/use-or-lose/c/2027-03-31 | £100 |  | not allocated | high
			expiry/use-or-lose/b/2027-03-31 | £100 |  | not allocated | medium
			expiry/use-or-lose/d/2027-03-31 | £100 |  | not allocated | medium
			expiry/use-or-lose/a/2027-03-31 | £100 |  | not allocated | low`},
		{"nothing known of the figure, or of an allocation", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,?
			b,B,2027-03-31,
			c,C,2027-03-31,100
			# services
			id,name
			x,X
			# allocations
			id,award,service,2026-27
			1,c,x,?`, `
			expiry/use-or-lose/a/2027-03-31 | not known |  | not allocated | low | unknown: its figure for 2026-27
			expiry/use-or-lose/b/2027-03-31 | not known |  | not allocated | low | unknown: its figure
			expiry/use-or-lose/c/2027-03-31 | not known |  | not allocated | low | unknown: what is allocated to X`},
		{"money that is not secured cannot be lost", `
			# streams
			id,name,ends,certainty,2026-27
			a,A,2027-03-31,announced,100`, ``},
		{"unspent by the latest forecast, as actuals are recent", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,200
			# services
			id,name
			x,X
			y,Y
			# allocations
			award,service,2026-27
			a,x,100
			a,y,100
			# payments
			award,service,date,amount
			a,x,2026-12-31,40
			# outturns
			id,service,award,period,forecast
			1,x,a,2026-11,95
			2,x,a,2026-12,80
			3,x,a,2027-02,10`, `expiry/use-or-lose/a/2027-03-31/not-spent | £20 |  | not spent | medium`},
		{"not where the last payment is old", `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,100
			# payments
			award,service,date,amount
			a,x,2026-11-27,40
			# outturns
			id,service,award,period,forecast
			1,x,a,2026-11,80`, ``},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, find(t, c.book, "expiry/use-or-lose"), c.want) })
	}
}
