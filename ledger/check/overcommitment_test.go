package check

import (
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/seed"
)

// TestOvercommitmentOfTheDemoCouncil: NRF was cut after it was allocated.
func TestOvercommitmentOfTheDemoCouncil(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	f := findIn(t, ledgertest.Folder(t, folder), DefaultPolicy(), "overcommitment")
	want(t, f, `overcommitment/award/nrf/2026-27 | £20,000 |  |  | high`)
	if title, because := f[0].Words(); title != "NRF is over-allocated by £20,000 in 2026-27" ||
		because != "£20,000 more is allocated or set aside for 2026-27 than is secured. Its figure was revised to £180,000 on 12 October 2026. Take money off a service, or find more." {
		t.Error(title, because)
	}
}

func TestOvercommitment(t *testing.T) {
	for _, c := range []struct{ name, book, want string }{
		{"to the penny, year by year", `
			# streams
			id,name,2026-27,2027-28
			a,A,100,100
			b,B,100,
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27,2027-28
			a,x,100.01,50
			b,x,100,`, `overcommitment/award/a/2026-27 | £0 |  |  | high`},
		{"a figure for the whole term and allocations by year are taken together", `
			# streams
			id,name,2026-27,2027-28,amount
			a,A,,,100
			b,B,,,100
			c,C,60,40,
			d,D,60,,
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27,2027-28
			a,x,60,40
			b,x,60,50
			# allocations
			award,service,year,amount
			c,x,term,100
			d,x,term,100`, `
			overcommitment/award/d/term | £40 |  |  | high
			overcommitment/award/b/term | £10 |  |  | high`},
		{"a figure that nobody knows", `
			# streams
			id,name,owner,2026-27
			a,A,,?
			b,B,Head of finance,
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,60
			b,x,60`, `
			overcommitment/award/a/2026-27 | not known |  |  | low | unknown: its figure for 2026-27
			overcommitment/award/b/2026-27 | not known |  |  | low | unknown: its figure for 2026-27`},
		{"a figure that is only announced secures nothing", `
			# streams
			id,name,certainty,2026-27
			a,A,announced,100
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,60`, `overcommitment/award/a/2026-27 | £60 |  |  | high`},
		{"a board beyond its delegated budget", `
			# streams
			id,name,2026-27
			a,A,1000
			# boards
			id,name
			north,North board
			# delegations
			award,board,2026-27
			a,north,40
			# services
			id,name
			x,X
			# allocations
			award,service,board,2026-27
			a,x,north,55`, `overcommitment/board/north/a/2026-27 | £15 |  |  | high`},
		{"agreements worth more than income and allocations", `
			# streams
			id,name,2026-27
			a,A,1000
			# services
			id,name,income,paid_elsewhere
			x,X,20,
			y,Y,,
			z,Z,,the health board
			w,W,?,
			# agreements
			id,service,2026-27
			g,x,100
			h,x,50
			i,y,100
			j,z,100
			k,w,100
			# allocations
			award,service,2026-27
			a,x,100
			a,y,100
			a,w,50`, `
			overcommitment/agreement/x/2026-27 | £30 |  |  | medium
			overcommitment/agreement/w/2026-27 | not known |  |  | low | unknown: its income`},
		{"spent beyond what is allocated", `
			# streams
			id,name,2026-27
			a,A,1000
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,100
			# payments
			award,service,date,amount
			a,x,2026-06-01,90
			a,x,2026-07-01,25
			,x,2026-07-01,500`, `overcommitment/at-risk/a/x/2026-27 | £15 |  | spent | high`},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, find(t, c.book, "overcommitment"), c.want) })
	}
}

// TestCommittedAtRisk: a commitment before its money is secured, under an
// approval, and after the approval has run out.
func TestCommittedAtRisk(t *testing.T) {
	for _, c := range []struct {
		ceiling, until string
		severity, says string
	}{
		{"50", "2027-03-31", "medium", "Director approved it at risk until 31 March 2027; the council bears the loss."},
		{"50", "2027-01-11", "high", "does not cover it: it is for £50.00 until 11 January 2027."},
		{"40", "2027-03-31", "medium", "Director approved it at risk until 31 March 2027"},
		{"39.99", "2027-03-31", "high", "does not cover it: it is for £39.99 until 31 March 2027."},
	} {
		b := ledgertest.Book(t, `
			# streams
			id,name,2026-27
			a,A,1000
			# services
			id,name
			x,X
			# allocations
			award,service,2026-27
			a,x,100
			# approvals
			id,award,service,ceiling,until,by,bears_loss
			p,a,x,`+c.ceiling+`,`+c.until+`,Director,the council`)
		d := b.Draft(ledger.Intent{Author: "test", Reason: "contract", AsFound: true})
		if err := d.Commit("a", "x", "", fiscal.Year(2026), ledger.Move{Amount: 140_00, Line: "c", Effective: fiscal.MustDate("2027-01-05")}); err != nil {
			t.Fatal(err)
		}
		_, b = d.Seal(time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC))
		found := findIn(t, b, DefaultPolicy(), "overcommitment")
		want(t, found, "overcommitment/at-risk/a/x/2026-27 | £40 |  | committed | "+c.severity)
		if because := found[0].Because(); !strings.Contains(because, c.says) {
			t.Errorf("an approval of %s until %s: %q does not say %q", c.ceiling, c.until, because, c.says)
		}
	}
}
