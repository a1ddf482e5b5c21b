package exchange_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
)

// files is a folder of registers, in the users' own notation.
type files map[string]string

func (f files) with(name, text string) files {
	g := maps.Clone(f)
	g[name] = text
	return g
}

func (f files) swap(name, from, to string) files {
	if !strings.Contains(f[name], from) {
		panic(name + " has no " + from)
	}
	return f.with(name, strings.Replace(f[name], from, to, 1))
}

type fatal interface {
	Helper()
	Fatal(...any)
}

func read(t fatal, f files, opt exchange.Options) *exchange.Import {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range f {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	opt.Author = "test"
	im, err := exchange.ReadFS(fsys, opt)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func planOf(t fatal, f files, b *ledger.Book, opt exchange.Options) *exchange.Plan {
	t.Helper()
	p, err := read(t, f, opt).Plan(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// post imports a folder that must be good.
func post(t fatal, f files, b *ledger.Book, opt exchange.Options) *ledger.Book {
	t.Helper()
	p := planOf(t, f, b, opt)
	if p.Draft == nil {
		t.Fatal(p.Problems)
	}
	_, next := p.Draft.Seal(posted)
	if err := next.CheckBalances(); err != nil {
		t.Fatal(err)
	}
	return next
}

// council is small and has one of everything that posts.
var council = files{
	"areas.csv":         "id,name,parent\ncouncil,Council,\nnorth,North,council\neast,East,council\n",
	"organisations.csv": "id,name\nwg,Welsh Government\nneighbour,Neighbour Council\n",
	"objectives.csv":    "id,name\nready,Ready for school\nsafe,Safe from harm\n",
	"streams.csv":       "id,name,funder,starts,ends,certainty,stated_on,2026-27\nff,Families First,Welsh Government,2026-04-01,2028-03-31,confirmed,2026-03-01,\"£1,000\"\n",
	"awards.csv":        "id,stream,starts,ends\nff-old,ff,2023-04-01,2026-03-31\n",
	"figures.csv":       "award,year,amount,certainty,stated_on\nff-old,term,?,confirmed,2023-03-01\n",
	"services.csv":      "id,name,areas,2026-27\nhubs,Family hubs,north,700\npanels,Youth panels,north; east,?\n",
	"boards.csv":        "id,name,area\nnorth,North board,north\n",
	"delegations.csv":   "board,award,agreed_on,2026-27\nnorth,ff,2026-04-01,200\n",
	"transfers.csv":     "award,to,agreed_on,bears_over,2026-27\nff,Neighbour Council,2026-04-01,us,100\n",
	"allocations.csv": "id,award,service,objective,area,board,agreed_on,state,year,amount\n" +
		"a1,Families First,Family hubs,ready:60;safe:40,,,2026-04-01,,2026-27,500.01\n" +
		"a2,ff,panels,safe,east,north,2026-04-01,agreed,2026-27,150\n" +
		"a3,ff,panels,safe,east,north,2026-04-01,proposed,2026-27,50\n" +
		"a4,ff-old,hubs,,,,2025-04-01,agreed,term,?\n",
	"payments.csv": "id,date,amount,award,service,cost_centre,reference\np1,2026-05-31,200,ff,hubs,,INV-1\np2,2026-06-30,(20.00),ff,hubs,,\np3,2026-06-30,90,,,C100,\n",
	"codes.csv":    "cost_centre,service,award,share\nC100,hubs,ff,60%\nC100,panels,ff,30%\n",
}

func TestCouncilStandsAsWritten(t *testing.T) {
	b := post(t, council, ledger.Empty(), exchange.Options{})
	p := b.View(fiscal.MustDate("2026-12-31")).Position([]ledger.Dimension{ledger.ByAward, ledger.ByYear}, ledger.Filter{ledger.ByYear: "2026-27"})
	r := p.Rows[slices.IndexFunc(p.Rows, func(r ledger.PositionRow) bool { return r.Key[0] == "ff" })]
	got := fmt.Sprint(r.Sums[ledger.AwardedTo], r.Sums[ledger.DelegatedTo], r.Sums[ledger.AllocatedTo], r.Sums[ledger.PaidOut], r.Sums[ledger.TransferredOf], r.Sums[ledger.LeftOf])
	if want := "1000.00 200.00 650.01 261.00 100.00 249.99"; got != want {
		t.Errorf("awarded, delegated, allocated, paid, passed on, left: %s, want %s", got, want)
	}
	var cells []string
	for _, i := range b.Standing(ledger.Allocation, "a1") {
		e := b.Entry(i)
		cells = append(cells, e.Label.Objective+"@"+e.Label.Area+" "+e.Amount.String())
	}
	slices.Sort(cells)
	if d := cmp.Diff([]string{"ready@north 300.01", "safe@north 200.00"}, cells); d != "" {
		t.Errorf("split to the penny over 60:40, in the service's one area:\n%s", d)
	}
	lines := map[string]string{}
	for id, l := range b.Lines {
		if !l.Silent() {
			lines[id] = l.State + " " + l.Amount.String()
		}
	}
	if d := cmp.Diff(map[string]string{"a3": "proposed 50.00", "a4": "agreed ?"}, lines); d != "" {
		t.Errorf("what entries cannot say:\n%s", d)
	}
	if s, _ := b.Stream("ff"); s.Funder != "wg" {
		t.Errorf("a funder known by name is known by id: %q", s.Funder)
	}
	if uncharged := b.Balance(ledger.Account{Stage: ledger.Uncharged, Year: 2026}); uncharged != -9_00 {
		t.Errorf("the tenth that no code claims is not charged to a grant: %s", uncharged)
	}
	first := planOf(t, council, ledger.Empty(), exchange.Options{})
	for register, want := range map[string]string{"figures": "at least 1000.00", "allocations": "at least 700.01", "payments": "270.00", "delegations": "200.00"} {
		if got := first.In[register].String(); got != want {
			t.Errorf("%s in: %s, want %s", register, got, want)
		}
	}
	for register, want := range map[string]string{"figures": "at least 1000.00", "allocations": "at least 650.01", "payments": "270.00", "delegations": "200.00"} {
		if got := first.Posted[register].String(); got != want {
			t.Errorf("%s posted: %s, want %s", register, got, want)
		}
	}
	again := planOf(t, council, b, exchange.Options{})
	if again.Draft == nil || !again.Empty() || !strings.HasPrefix(again.Summary(), "Already imported") {
		t.Errorf("the same again: %s %v %v %v", again.Summary(), again.Changed, again.Differences, again.Problems)
	}
}

func TestOrderOfRowsAndFilesDoesNotMatter(t *testing.T) {
	content := func(b *ledger.Book) []string {
		batch := b.Batch(1)
		var of []string
		for _, r := range batch.Records {
			of = append(of, fmt.Sprint(r))
		}
		for n := 1; n <= batch.Len(); n++ {
			e := batch.Entry(n)
			e.Row = 0
			of = append(of, fmt.Sprintf("%+v", e))
		}
		return of
	}
	nameless := council.with("allocations.csv", "award,service,objective,area,board,agreed_on,year,amount\n"+
		"ff,hubs,ready,,,2026-04-01,2026-27,300\nff,hubs,ready,,,2026-04-01,2026-27,200\nff,hubs,ready,,,2026-04-01,2026-27,200\nff,panels,safe,east,north,,2026-27,150\n")
	for name, f := range map[string]files{"ids": council, "no ids": nameless} {
		want := content(post(t, f, ledger.Empty(), exchange.Options{}))
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, 1))
			shuffled := files{}
			for file, text := range f {
				lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
				lines[len(lines)-1] += "\n"
				rows := lines[1:]
				random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				shuffled[fmt.Sprintf("%s %d.csv", strings.TrimSuffix(file, ".csv"), random.IntN(1000))] = strings.Join(lines, "")
			}
			if d := cmp.Diff(want, content(post(t, shuffled, ledger.Empty(), exchange.Options{}))); d != "" {
				t.Fatalf("%s, shuffle %d:\n%s", name, seed, d)
			}
		}
	}
}

func TestAChangedRowNeedsAReasonAndIsHeldToWhatIsSpent(t *testing.T) {
	b := post(t, council, ledger.Empty(), exchange.Options{})
	for _, c := range []struct {
		name    string
		f       files
		reason  string
		problem string
		differs string
	}{
		{"less, no reason", council.swap("allocations.csv", "500.01", "400"), "", "row 2: found \"a1\"; this row changes what stands, and a change needs a reason", ""},
		{"less", council.swap("allocations.csv", "500.01", "400"), "cut", "", "[{allocations a1 amount 500.01 400.00}]"},
		{"undercuts what is spent", council.swap("allocations.csv", "500.01", "200"), "cut", "row 2, column \"amount\": the change takes back £34.00 that is already promised or spent", ""},
		{"more than is left", council.swap("allocations.csv", "500.01", "700.01"), "more", "left for 2026-27; enter £700.00 or less", ""},
		{"all that is left", council.swap("allocations.csv", "500.01", "700"), "more", "", "[{allocations a1 amount 500.01 700.00}]"},
		{"withdrawn", council.swap("allocations.csv", "a2,ff,panels,safe,east,north,2026-04-01,agreed", "a2,ff,panels,safe,east,north,2026-04-01,withdrawn"), "no longer", "takes back £27.00", ""},
		{"a proposal agreed", council.swap("allocations.csv", "proposed", "agreed"), "", "", "[{allocations a3 state proposed agreed}]"},
		{"a figure revised", council.swap("streams.csv", "\"£1,000\"", "900"), "letter", "", "[{figures ff/2026-27/2026-03-01 amount 1000.00 900.00}]"},
		{"a new statement", council.swap("streams.csv", "2026-03-01,\"£1,000\"", "2026-09-01,900").swap("streams.csv", "confirmed", "revised"), "", "", "[]"},
		{"a payment", council.swap("payments.csv", "2026-05-31,200", "2026-05-31,201"), "typing", "", "[{payments p1 amount 200.00 201.00}]"},
		{"a name", council.swap("areas.csv", "north,North,", "north,The North,"), "", "", "[{areas north name North The North}]"},
		{"another transfer", council.swap("transfers.csv", "us,100", "us,120"), "more", "", "[{transfers ff/neighbour 2026-27 100.00 120.00}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := planOf(t, c.f, b, exchange.Options{Reason: c.reason})
			if c.problem != "" {
				if p.Draft != nil || !strings.Contains(strings.ReplaceAll(p.Problems.Error(), " — ", "; "), c.problem) {
					t.Errorf("got %v, want %q", p.Problems, c.problem)
				}
				return
			}
			if p.Draft == nil {
				t.Fatal(p.Problems)
			}
			if got := fmt.Sprint(p.Differences); got != c.differs {
				t.Errorf("differences %s, want %s", got, c.differs)
			}
			_, next := p.Draft.Seal(posted)
			if err := next.CheckBalances(); err != nil {
				t.Error(err)
			}
			if again := planOf(t, c.f, next, exchange.Options{}); again.Draft == nil || !again.Empty() {
				t.Errorf("the changed files again: %s %v %v", again.Summary(), again.Differences, again.Problems)
			}
		})
	}
}

func TestWhatALaterFileLacksStandsAndIsListed(t *testing.T) {
	b := post(t, council, ledger.Empty(), exchange.Options{})
	p := planOf(t, files{"allocations.csv": "id,award,service,board,agreed_on,year,amount,area,objective\na2,ff,panels,north,2026-04-01,2026-27,150,east,safe\n", "areas.csv": "id,name\nnorth,North\n"}, b, exchange.Options{})
	if p.Draft == nil || !p.Empty() {
		t.Fatalf("%s %v", p.Summary(), p.Problems)
	}
	if d := cmp.Diff(map[string][]string{"allocations": {"a1", "a3", "a4"}, "areas": {"council", "east"}}, p.Absent); d != "" {
		t.Error(d)
	}
}

func TestAllocationsInYearColumnsAndByYearAreTheSameLines(t *testing.T) {
	wide := files{"streams.csv": "id,name,certainty,2026-27,2027-28\nff,Families First,confirmed,1000,1000\n", "services.csv": "name\nHubs\n",
		"allocations.csv": "id,award,service,2026-27,2027/28\na1,ff,Hubs,300,200\n"}
	b := post(t, wide, ledger.Empty(), exchange.Options{})
	long := files{"allocations.csv": "id,award,service,year,amount\na1,ff,Hubs,2026-27,300\n"}
	if p := planOf(t, long, b, exchange.Options{}); p.Draft == nil || !p.Empty() {
		t.Errorf("by year: %s %v %v", p.Summary(), p.Differences, p.Problems)
	}
	blank := wide.swap("allocations.csv", "300,200", "300,")
	p := planOf(t, blank, b, exchange.Options{Reason: "it stops"})
	if p.Draft == nil || p.Draft.Len() != 1 {
		t.Errorf("a year left blank takes away what stood: %s %v", p.Summary(), p.Problems)
	}
}

func TestPercentIsWorkedOutOnce(t *testing.T) {
	f := files{"streams.csv": "id,name,certainty,stated_on,2026-27\nff,Families First,confirmed,2026-03-01,1000.01\n", "services.csv": "id,name\nhubs,Hubs\n",
		"allocations.csv": "id,award,service,year,percent,agreed_on\na1,ff,hubs,2026-27,25%,2026-04-01\n"}
	b := post(t, f, ledger.Empty(), exchange.Options{})
	if got := b.Entry(b.Standing(ledger.Allocation, "a1")[0]).Amount; got != 250_00 {
		t.Errorf("a quarter of £1,000.01 is %s", got)
	}
	f = f.swap("streams.csv", "2026-03-01,1000.01", "2026-09-01,2000").swap("streams.csv", "confirmed", "revised")
	b = post(t, f, b, exchange.Options{})
	if p := planOf(t, f, b, exchange.Options{}); p.Draft == nil || !p.Empty() || b.Entry(b.Standing(ledger.Allocation, "a1")[0]).Amount != 250_00 {
		t.Errorf("a later figure does not change it: %s %v", p.Summary(), p.Problems)
	}
}

func TestTermOfSeveralYearsIsNotSplit(t *testing.T) {
	f := files{"streams.csv": "id,name,certainty,amount\ncf,Children's Fund,confirmed,£2.7m\n", "services.csv": "id,name\nhubs,Hubs\n",
		"allocations.csv": "id,award,service,starts,ends,amount\na1,cf,hubs,01/04/2005,31/03/2008,900000\na2,cf,hubs,01/04/2006,31/12/2006,1000\n"}
	b := post(t, f, ledger.Empty(), exchange.Options{})
	if y := b.Entry(b.Standing(ledger.Allocation, "a1")[0]).To.Year; y != fiscal.Term {
		t.Errorf("three years' money is in %s", y)
	}
	if y := b.Entry(b.Standing(ledger.Allocation, "a2")[0]).To.Year; y != 2006 {
		t.Errorf("one year's money is in %s", y)
	}
}

func TestFirstImportIsAsFoundAndLaterOnesAreHeld(t *testing.T) {
	over := council.swap("allocations.csv", "a2,ff,panels,safe,east,north,2026-04-01,agreed,2026-27,150", "a2,ff,panels,safe,east,north,2026-04-01,agreed,2026-27,999")
	if p := planOf(t, over, ledger.Empty(), exchange.Options{}); p.Draft == nil || !p.Draft.AsFound {
		t.Fatal("how things are is recorded")
	}
	b := post(t, council, ledger.Empty(), exchange.Options{})
	more := files{"allocations.csv": "id,award,service,board,year,amount\nb1,ff,hubs,north,2026-27,50.01\nb2,ff,hubs,,2026-27,199.99\n"}
	p := planOf(t, more, b, exchange.Options{})
	if want := "has left for 2026-27 — enter £50.00 or less"; p.Draft != nil || p.Problems.Total != 1 || !strings.HasSuffix(p.Problems.Error(), want) {
		t.Errorf("got  %v\nwant %s", p.Problems, want)
	}
	if p := planOf(t, more, b, exchange.Options{AsFound: true}); p.Draft == nil {
		t.Error(p.Problems)
	}
}

func TestBadRowsAreSetAsideToMend(t *testing.T) {
	f := council.with("services.csv", "id,name,areas,2026-27\nhubs,Family hubs,north,700\npanels,Youth panels,nroth,\n").
		with("codes.csv", "cost_centre,service\n")
	p := planOf(t, f, ledger.Empty(), exchange.Options{SetAside: true})
	if p.Draft == nil || p.Kept != 3 {
		t.Fatalf("kept out %d: %v", p.Kept, p.Problems)
	}
	_, b := p.Draft.Seal(posted)
	if len(b.Standing(ledger.Allocation, "a1")) != 2 || b.Has("services", "panels") || len(b.Standing(ledger.Allocation, "a2")) != 0 {
		t.Error("the good rows stand, and nothing of the bad ones")
	}
	folder := t.TempDir()
	if err := p.WriteSetAside(filepath.Join(folder, "mend.csv")); err == nil || !strings.Contains(err.Error(), ".xlsx") {
		t.Errorf("two registers do not go into one CSV: %v", err)
	}
	mend := filepath.Join(folder, "mend.xlsx")
	if err := p.WriteSetAside(mend); err != nil {
		t.Fatal(err)
	}
	im, err := exchange.Read([]string{mend}, exchange.Options{Author: "test"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := im.Plan(b)
	if err != nil {
		t.Fatal(err)
	}
	if again.Draft != nil || !strings.Contains(again.Problems.Error(), `mend.xlsx, sheet "services", row 2, column "areas": found "nroth"; areas have no row of this id or name — perhaps North?`) {
		t.Errorf("the file to mend is an import: %v", again.Problems)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsStoredOfABadFile(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, want string }{
		{"unknown service", "allocations.csv", "Family hubs", "Family hub", `allocations.csv, row 2, column "service": found "Family hub"; services have no row of this id or name — perhaps Family hubs?`},
		{"unknown award", "allocations.csv", "a2,ff,", "a2,nrf,", `row 3, column "award": found "nrf"; awards have no row`},
		{"unknown objective in a split", "allocations.csv", "ready:60", "redy:60", `column "objective": found "redy:60;safe:40"`},
		{"shares of 99.99", "allocations.csv", "safe:40", "safe:39.99", "with shares that come to 100"},
		{"a negative share", "allocations.csv", "safe:40", "safe:-40", "with shares that come to 100"},
		{"a negative allocation", "allocations.csv", "500.01", "-500.01", "an amount here cannot be below nought"},
		{"three places", "allocations.csv", "500.01", "500.011", "an amount has at most two decimals"},
		{"exponent", "allocations.csv", "500.01", "1e2147483647", `row 2, column "amount": found "1e2147483647"`},
		{"too much", "allocations.csv", "500.01", "99999999999999999999", "amount"},
		{"amount and years", "allocations.csv", "year,amount", "2026-27,amount", "says its amount twice"},
		{"no amount", "allocations.csv", ",500.01", ",", "the row has no amount"},
		{"no year", "allocations.csv", "2026-27,150", ",150", "write a year such as 2026-27"},
		{"calendar year", "allocations.csv", "2026-27,150", "2026,150", "a financial year spans two"},
		{"a state that is none", "allocations.csv", "proposed", "propose", "perhaps proposed"},
		{"id twice", "allocations.csv", "a2,", "a1,", `column "id": found "a1"; an id names one row, and row 2 has it already`},
		{"id twice in other letters", "allocations.csv", "a2,", "A1,", `found "A1"; an id names one row`},
		{"service twice", "services.csv", "panels,", "Hubs,", `found "Hubs"; an id names one row, and row 2 has it already`},
		{"unknown parent", "areas.csv", "east,East,council", "east,East,counsel", `areas.csv, row 4, column "parent": found "counsel"; areas have no row of this id or name — perhaps Council?`},
		{"its own parent", "areas.csv", "council,Council,", "council,Council,council", "a loop: council → council"},
		{"a loop of three", "areas.csv", "council,Council,", "council,Council,north", "a loop: council → north → council"},
		{"a day that is none", "payments.csv", "2026-05-31", "2026-02-30", "there is no such day"},
		{"month first", "payments.csv", "2026-05-31", "03/31/2026", "month first"},
		{"both orders", "payments.csv", "2026-05-31", "31/05/2026", "the dates of one file are written one way"},
		{"a serial", "payments.csv", "2026-05-31", "38443", "spreadsheet's number"},
		{"no date", "payments.csv", "p1,2026-05-31", "p1,", "a payment has a date"},
		{"unknown payment", "payments.csv", ",200,", ",?,", "a payment is a fact"},
		{"ends before it starts", "streams.csv", "2028-03-31", "2025-03-31", "the last day comes before the first"},
		{"a word for a number", "services.csv", ",700", ",lots", `services.csv, row 2, column "2026-27": found "lots"`},
		{"no name", "services.csv", "hubs,Family hubs", "hubs,", `column "name": services need a name in every row`},
		{"no column", "services.csv", "id,name", "id,title", `services.csv, row 1, column "name": services need the column name`},
		{"a column twice", "services.csv", "id,name,areas", "id,name,Name", "two columns are headed name and Name"},
		{"a transfer to nobody known", "transfers.csv", "Neighbour Council", "Nobody", `transfers.csv, row 2, column "to": found "Nobody"`},
		{"codes that share out too much", "codes.csv", "60%", "80%", "share out more than the whole"},
		{"a bare fraction", "codes.csv", "60%", "0.6", "write 25% for a quarter"},
		{"a figure twice", "figures.csv", "ff-old,term,?", "ff,2026-27,900", ""},
		{"an id of several", "areas.csv", "north,North,council", "no;rth,North,council", "a semicolon separates several"},
		{"unquoted commas", "payments.csv", "2026-05-31,200,ff,hubs", "2026-05-31,1,200.00,ff,hubs", "an unquoted comma"},
	} {
		if c.want == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			f := council.swap(c.file, c.from, c.to)
			p := planOf(t, f, ledger.Empty(), exchange.Options{})
			if p.Draft != nil || !strings.Contains(p.Problems.Error(), c.want) {
				t.Errorf("got %v\nwant %q", p.Problems, c.want)
			}
			for _, x := range p.Problems.List {
				if x.File == "" || x.Code == "" || x.Rule == "" || x.Remedy == "" {
					t.Errorf("no place, code, rule or remedy: %+v", x)
				}
			}
		})
	}
}

func TestWhatLoadsExactly(t *testing.T) {
	f := files{
		"Areas.csv": "\ufeffOur areas,,\n,,\nID, Name ,Name CY,Colour\n007,Tŷ Ŵyn,Tŷ,red\n1E5,\"Say \"\"hello\"\", now\",,\nMAR-05,'=SUM(A1),,\nRTL,שלום,,\nTotal,,,\nexample-1,Ours to ignore,,\n",
	}
	p := planOf(t, f, ledger.Empty(), exchange.Options{})
	if p.Draft == nil {
		t.Fatal(p.Problems)
	}
	_, b := p.Draft.Seal(posted)
	got := map[string]string{}
	for id, a := range b.Areas {
		got[id] = a.Name
	}
	if d := cmp.Diff(map[string]string{"007": "Tŷ Ŵyn", "1E5": `Say "hello", now`, "MAR-05": "=SUM(A1)", "RTL": "שלום"}, got); d != "" {
		t.Error(d)
	}
	var notes []string
	for _, n := range p.Notes {
		notes = append(notes, n.Code)
	}
	if d := cmp.Diff([]string{"unknown-column", "total-row"}, notes); d != "" {
		t.Errorf("what is kept out is said: %s", d)
	}
}

func TestCertaintyIsReadAsWritten(t *testing.T) {
	award := func(f files) string {
		b := post(t, f, ledger.Empty(), exchange.Options{})
		return b.Balance(ledger.Account{Stage: ledger.Awarded, Award: "ff", Year: 2026}).String()
	}
	without := files{"streams.csv": "id,name,2026-27\nff,Families First,1000\n"}
	if got := award(without); got != "1000.00" {
		t.Errorf("a file without the column: %s", got)
	}
	if p := planOf(t, without, ledger.Empty(), exchange.Options{}); !strings.Contains(strings.Join(p.Offers, " "), "No certainty is given") {
		t.Error("and it says so")
	}
	if got := award(files{"streams.csv": "id,name,certainty,2026-27\nff,Families First,,1000\n"}); got != "0.00" {
		t.Errorf("a blank secures nothing: %s", got)
	}
}

func TestEveryRegisterSurvivesALongFile(t *testing.T) {
	var rows strings.Builder
	w := csv.NewWriter(&rows)
	_ = w.Write([]string{"id", "name"})
	for i := range 10_000 {
		_ = w.Write([]string{"x", fmt.Sprint("area ", i)})
	}
	w.Flush()
	p := planOf(t, files{"areas.csv": rows.String()}, ledger.Empty(), exchange.Options{})
	if p.Draft != nil || p.Problems.Total != 9_999 || len(p.Problems.List) != 200 {
		t.Errorf("%d problems, %d listed", p.Problems.Total, len(p.Problems.List))
	}
}

// Books made of any allocations, payments and proposals go out and come back whole.
func TestAnyBookGoesOutAndComesBack(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var allocations, payments strings.Builder
		allocations.WriteString("id,award,service,objective,area,board,agreed_on,state,year,amount\n")
		payments.WriteString("id,date,amount,award,service,reference\n")
		pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
		for i := range rapid.IntRange(0, 12).Draw(t, "lines") {
			fmt.Fprintf(&allocations, "l%d,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i, pick("award", "ff", "ff-old"), pick("service", "hubs", "panels"),
				pick("objective", "", "ready", "safe:1/3;ready:2/3", "ready;safe"), pick("area", "", "east", "north:33.33;east:66.67"), pick("board", "", "north"),
				pick("date", "", "2026-04-01", "2026-09-30"), pick("state", "", "proposed", "withdrawn"), pick("year", "2026-27", "2027-28", "term"),
				pick("amount", "?", "0", "0.01", "99.99", "1000"))
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "payments") {
			fmt.Fprintf(&payments, "p%d,%s,%s,%s,%s,%s\n", i, pick("paid", "2026-05-01", "2027-01-31"), pick("sum", "12.34", "(5)", "800"), pick("of", "", "ff"), pick("on", "", "hubs", "panels"), pick("reference", "", "INV"))
		}
		f := council.with("allocations.csv", allocations.String()).with("payments.csv", payments.String())
		b := post(t, f, ledger.Empty(), exchange.Options{})
		if p := planOf(t, f, b, exchange.Options{}); p.Draft == nil || !p.Empty() {
			t.Fatalf("the same again: %s %v %v", p.Summary(), p.Differences, p.Problems)
		}
		if err := exchange.Export(b, folder); err != nil {
			t.Fatal(err)
		}
		im, err := exchange.Read([]string{folder}, exchange.Options{Author: "test"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := im.Plan(ledger.Empty())
		if err != nil || p.Draft == nil {
			t.Fatal(err, p.Problems)
		}
		_, again := p.Draft.Seal(posted)
		if d := cmp.Diff(said(b), said(again)); d != "" {
			t.Fatalf("-was +is:\n%s", d)
		}
		for _, name := range []string{"allocations.csv", "payments.csv"} { // the next book may have none
			_ = os.Remove(filepath.Join(folder, name))
		}
	})
}

func TestAClosedMonthTakesNoMore(t *testing.T) {
	closed := council.with("periods.csv", "id,state\n2026-05,closed\n")
	b := post(t, closed, ledger.Empty(), exchange.Options{}) // what is in it comes with it
	p := planOf(t, files{"payments.csv": "id,date,amount,award,service\nlate,2026-05-30,10,ff,hubs\n"}, b, exchange.Options{})
	if p.Draft != nil || p.Problems.Total != 1 || p.Problems.List[0].Code != "period-closed" {
		t.Errorf("got %v", p.Problems)
	}
}

func TestVirementsGoOutAsAllocations(t *testing.T) {
	b := post(t, council, ledger.Empty(), exchange.Options{})
	d := b.Draft(ledger.Intent{Author: "test", Reason: "more for panels"})
	m := ledger.Move{Amount: 120_00, Line: "v1", Effective: fiscal.MustDate("2026-07-01"), Label: ledger.Label{Objective: "safe", Area: "east"}}
	if err := d.Vire("ff", "hubs", "panels", "", 2026, m); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	folder := t.TempDir()
	if err := exchange.Export(b, folder); err != nil {
		t.Fatal(err)
	}
	im, err := exchange.Read([]string{folder}, exchange.Options{Author: "test"})
	if err != nil {
		t.Fatal(err)
	}
	_, again := good(t, im, ledger.Empty()).Draft.Seal(posted)
	for _, a := range []ledger.Account{{Stage: ledger.Allocated, Award: "ff", Year: 2026, Service: "hubs"}, {Stage: ledger.Allocated, Award: "ff", Year: 2026, Service: "panels"}, {Stage: ledger.Awarded, Award: "ff", Year: 2026}} {
		if was, is := b.Balance(a), again.Balance(a); was != is {
			t.Errorf("%s held %s and holds %s", a, was, is)
		}
	}
}

func TestNoCellIsLost(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"streams.csv", "id,name,2026-27\na,A,5,6,7\n", "row-too-long"},
		{"allocations.csv", "award,service,2026-27\na,b,1,234,567.00\n", "row-too-long"},
		{"streams.csv", "id,name,,2026-27\na,A,x,5\n", "no-heading"},
		{"streams.csv", "id,name,FY2026\na,A,5\n", "year-heading"},
		{"streams.csv", "id,name,2026-7\na,A,5\n", "year-heading"},
		{"streams.csv", "id,name,26/27\na,A,5\n", "year-heading"},
		{"services.csv", "name,2026-27\nYouth club,5\nYouth  Club,6\n", "name-twice"},
	} {
		im, err := exchange.ReadBytes(c.name, []byte(c.text), exchange.Options{Author: "test", AsFound: true})
		if err != nil {
			t.Fatal(err)
		}
		plan, err := im.Plan(ledger.Empty())
		if err != nil {
			t.Fatal(err)
		}
		if plan.Draft != nil || !slices.ContainsFunc(plan.Problems.List, func(p sheet.Problem) bool { return p.Code == c.code }) {
			t.Errorf("%q: want %s, got %v", c.text, c.code, plan.Problems)
		}
	}
}
