package forecast

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"braid/ledger"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

func seeded(t testing.TB, name string) *ledger.View {
	t.Helper()
	folder, err := seed.FS(name)
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, folder).View(seed.AsAt(name))
}

func rate(t testing.TB, text string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDemo holds the demo council's forecast to the penny.
func TestDemo(t *testing.T) {
	v := seeded(t, "demo")
	p := Project(v, Recorded(v).At(rate(t, "2%")), 4)
	for _, row := range []struct {
		line Line
		want [4]string
	}{
		{Cost, [4]string{"3660000.00", "3660000.00", "3660000.00", "3660000.00"}},
		{Prices, [4]string{"0.00", "73200.00", "147864.00", "224021.28"}},
		{TotalCost, [4]string{"3660000.00", "3733200.00", "3807864.00", "3884021.28"}},
		{Secured, [4]string{"2790000.00", "1910000.00", "0.00", "0.00"}},
		{Core, [4]string{"850000.00", "850000.00", "850000.00", "850000.00"}},
		{Gap, [4]string{"20000.00", "973200.00", "2957864.00", "3034021.28"}},
		{Likely, [4]string{"0.00", "0.00", "1910000.00", "1910000.00"}},
		{GapAfterLikely, [4]string{"20000.00", "973200.00", "1047864.00", "1124021.28"}},
		{SavingsFound, [4]string{"0.00", "0.00", "0.00", "0.00"}},
		{SavingsNotFound, [4]string{"20000.00", "973200.00", "1047864.00", "1124021.28"}},
		{OverAllocated, [4]string{"20000.00", "0.00", "0.00", "0.00"}},
		{Unallocated, [4]string{"690000.00", "490000.00", "300000.00", "300000.00"}},
		{UnallocatedGoingOn, [4]string{"490000.00", "300000.00", "300000.00", "300000.00"}},
		{UnallocatedEnding, [4]string{"200000.00", "190000.00", "0.00", "0.00"}},
		{Unsecured, [4]string{"0.00", "0.00", "0.00", "0.00"}},
		{WithoutMatch, [4]string{"0.00", "0.00", "0.00", "0.00"}},
		{SecuredSuccessor, [4]string{"0.00", "0.00", "0.00", "0.00"}},
		{Surplus, [4]string{"0.00", "0.00", "0.00", "0.00"}},
		{Proposed, [4]string{"22000.00", "0.00", "0.00", "0.00"}},
		{ExitCost, [4]string{"35200.00", "0.00", "0.00", "0.00"}},
		{Ending, [4]string{"900000.00", "1910000.00", "0.00", "0.00"}},
	} {
		for i, y := range p.Years {
			if got := p.Total(row.line, y).String(); got != row.want[i] {
				t.Errorf("%s in %s is %s, want %s", row.line, y, got, row.want[i])
			}
		}
	}
	if short := p.Short(2027); len(short) != 7 || slices.Contains(short, "dads-group") {
		t.Errorf("short in 2027-28: %v", short)
	}
	if got := p.Change(Gap, 2027).String(); got != "953200.00" {
		t.Errorf("the gap grows by %s", got)
	}
	if recorded := Project(v, Recorded(v), 4); recorded.Total(Gap, 2027) != p.Total(Gap, 2027) {
		t.Errorf("by the assumptions recorded the gap is %s", recorded.Total(Gap, 2027))
	}
	var backed []string
	for _, b := range append(p.Backings(2026), p.Backings(2028)...) {
		backed = append(backed, b.Band.String()+" "+b.Permanence.String()+" "+b.Amount.String())
	}
	if want := []string{"secured base budget 850000.00", "secured recurring 1910000.00", "secured multi-year 900000.00", "secured base budget 850000.00", "likely recurring 1910000.00", "unlikely multi-year 880000.00"}; !slices.Equal(backed, want) {
		t.Errorf("backed by %v", backed)
	}
	still := p.With(p.Assumptions.At(money.Rate{}))
	if got := still.Total(Gap, 2027).String(); got != "900000.00" {
		t.Errorf("with prices at 0%% the gap is %s", got)
	}
	for _, n := range p.Notes {
		t.Errorf("notes %s", n)
	}
}

// TestOrderDoesNotMatter: rows in the other order make the same forecast, the
// same draws and the same words.
func TestOrderDoesNotMatter(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	turned := fstest.MapFS{}
	names, err := fs.Glob(folder, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
		slices.Reverse(rows[1:])
		turned[name] = &fstest.MapFile{Data: []byte(strings.Join(rows, "\n") + "\n")}
	}
	half, _ := money.NewShare(1, 2)
	said := func(v *ledger.View) string {
		p := Project(v, Recorded(v), 4)
		var b strings.Builder
		for _, l := range Lines() {
			for _, y := range p.Years {
				fmt.Fprintln(&b, l, y, p.Total(l, y))
				for _, part := range p.Explain(l, "", y) {
					fmt.Fprintln(&b, part.Amount, part.Sentence)
				}
			}
		}
		for _, s := range p.Services {
			fmt.Fprintln(&b, s)
		}
		fmt.Fprintln(&b, p.Notes, p.Draw(5, 1000, half))
		return b.String()
	}
	if one, other := said(seeded(t, "demo")), said(ledgertest.Folder(t, turned).View(seed.AsAt("demo"))); one != other {
		t.Errorf("in the other order\n%s\nnot\n%s", other, one)
	}
}
