package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
)

// postedSum is the number that a page of postings repeats in its first row, and
// what the rows of its file add up to.
func (b *browser) postedSum(link string) (said string, rows money.Pence) {
	b.t.Helper()
	p := b.get(link).is(http.StatusOK)
	said = strings.TrimPrefix(p.first("postings", "Amount"), "at least ")
	join := "?"
	if strings.Contains(link, "?") {
		join = "&"
	}
	file := b.get(link + join + "format=csv&table=postings").is(http.StatusOK)
	for i, line := range strings.Split(strings.TrimSpace(file.body), "\n") {
		if i < 2 { // the heading and the total
			continue
		}
		cells := strings.Split(line, ",")
		p, err := money.ParsePence(amountIn(cells))
		if err != nil {
			b.t.Fatalf("%s: row %q: %v", link, line, err)
		}
		rows += p
	}
	return said, rows
}

// amountIn is the cell of a line that is an amount with pence.
func amountIn(cells []string) string {
	for _, c := range cells {
		if dot := strings.LastIndexByte(c, '.'); dot > 0 && len(c)-dot == 3 && strings.Trim(c, "-0123456789.") == "" {
			return c
		}
	}
	return ""
}

// first is what the first row of a table's body says in a column.
func (p *page) first(table, column string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Table || attr(n, "id") != table {
			continue
		}
		at, i := -1, 0
		for h := range n.Descendants() {
			if h.DataAtom == atom.Th && attr(h, "scope") == "col" {
				if strings.HasPrefix(saidBy(h), column) {
					at = i
				}
				i++
			}
		}
		for body := range n.Descendants() {
			if body.DataAtom != atom.Tbody {
				continue
			}
			for row := range body.ChildNodes() {
				if row.DataAtom != atom.Tr {
					continue
				}
				var cells []*html.Node
				for c := range row.ChildNodes() {
					if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
						cells = append(cells, c)
					}
				}
				if at >= 0 && at < len(cells) {
					return saidBy(cells[at])
				}
			}
		}
	}
	p.t.Fatalf("%s has no table %q with a column %q:\n%s", p.url, table, column, p.text())
	return ""
}

// amounts lists the links of a page that lead from an amount to its postings.
func (p *page) amounts() (list []struct{ text, to string }) {
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.A || !inMain(n) || !strings.Contains(attr(n, "href"), "/ledger/postings?") {
			continue
		}
		shown, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(saidBy(n), "+ "), "*"), " ")
		if strings.HasPrefix(strings.TrimPrefix(shown, "−"), "£") {
			list = append(list, struct{ text, to string }{shown, attr(n, "href")})
		}
	}
	return list
}

// TestPostingsRepeatTheNumberClicked is checks 2 and 3 of the design of screens.
func TestPostingsRepeatTheNumberClicked(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	home := priya.get("/")
	p := priya.get(home.link("£350,000")).is(http.StatusOK)
	p.says("What makes up £350,000.00?", "£350,000.00 ÷ £400,000.00 = 88%", "Youth inclusion panels", "Allocation", "The registers of the demo council", "allocations.csv, row ")
	for _, lang := range []string{"en", "cy"} {
		for _, path := range []string{"/", "/ledger/map", "/services", "/timeline", "/streams", "/ledger/monitoring"} {
			p := priya.in(lang).get(path)
			if p.status == http.StatusNotFound {
				continue
			}
			checked := 0
			for _, link := range p.amounts() {
				said, rows := priya.postedSum(strings.Replace(link.to, "/cy/", "/en/", 1))
				if said != rows.Exact() {
					t.Errorf("%s: %s says %s, its rows come to %s", path, link.to, said, rows.Exact())
				}
				if rows.Whole() != link.text {
					t.Errorf("%s: %s leads to %s", path, link.text, rows.Exact())
				}
				checked++
			}
			if checked == 0 && path != "/timeline" {
				t.Errorf("%s (%s) links no amount", path, lang)
			}
		}
	}
}

func TestEveryFindingOpens(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	r := s.web.readings.of(s.book(), s.web.Today())
	opened := 0
	for _, f := range r.Findings() {
		p := fin.get("/ledger/postings?" + url.Values{"finding": {f.ID}}.Encode()).is(http.StatusOK)
		if f.Amount == nil {
			p.says("What does this rest on?")
			continue
		}
		var sum money.Sum
		if f.Proof != nil {
			for _, one := range f.Proof() {
				sum.AddPence(one.Amount)
			}
		}
		for _, e := range f.Records {
			if e.Amount != nil {
				sum.Add(*e.Amount)
			}
		}
		if f.Amount.State() == money.NotKnown {
			p.says("What is known of this figure?")
			continue
		}
		p.says(f.Amount.Pence().Exact())
		if sum.Pence() != f.Amount.Pence() {
			t.Errorf("%s: its postings and records come to %s, not %s", f.ID, sum, f.Amount)
		}
		opened++
	}
	if opened < 10 {
		t.Errorf("%d findings have amounts", opened)
	}
	fin.get("/ledger/postings?finding=expiry/cliff/nobody/2027-03-31").is(http.StatusNotFound)
}

func TestADifferenceShowsItsSum(t *testing.T) {
	s := demoServer(t)
	p := s.as("priya").get("/ledger/postings?measure=left&award=nrf&year=2026-27").is(http.StatusOK)
	p.says("What makes up −£20,000.00?", "How it is worked out", "less Allocated", "£180,000.00", "−£200,000.00")
	p = s.as("fin").get("/ledger/postings?measure=unspent&stream=childrens-fund&year=2026-27").is(http.StatusOK)
	p.says("less Spent", "£900,000.00")
	if said, rows := s.as("fin").postedSum("/ledger/postings?measure=unspent&stream=childrens-fund&year=2026-27"); said != rows.Exact() {
		t.Errorf("says %s, rows come to %s", said, rows.Exact())
	}
}

func TestAllPostings(t *testing.T) {
	s := demoServer(t)
	seq := s.moved("postings")
	priya := s.as("priya")
	p := priya.get("/ledger/postings").is(http.StatusOK).says("What has been posted?", "the newest first", "More for young carers")
	if first := p.first("postings", "Reference"); !strings.HasPrefix(first, "2/") || seq != 2 {
		t.Errorf("the first posting is %s", first)
	}
	priya.get("/ledger/postings?kind=payment").says("162 postings").silent("More for young carers")
	priya.get("/ledger/postings?kind=payment&service=youth-inclusion").says("27 postings")
	priya.get("/ledger/postings?kind=payment&stream=nrf&from=1/12/2026").says("2 postings", "31 Dec 2026")
	priya.get("/ledger/postings?person=Priya&kind=payment").says("0 postings", "No posting fits.")
	priya.get("/ledger/postings?from=soon").says("There is a problem", "Enter a date like 31/3/2027")
	priya.in("cy").get("/ledger/postings?kind=payment").says("162 trafodyn", "Taliad", "Hybiau cymorth i deuluoedd")
	file := priya.get("/ledger/postings?kind=payment&format=csv").is(http.StatusOK)
	if lines := strings.Count(file.body, "\n"); lines != 163 {
		t.Errorf("the file has %d lines", lines)
	}
	second := priya.get("/ledger/postings?kind=payment&page=2").is(http.StatusOK)
	if second.first("postings", "Reference") == priya.get("/ledger/postings?kind=payment").first("postings", "Reference") {
		t.Error("the second page is the first")
	}
	for _, gone := range []string{"measure=x", "measure=paid&service=nothing", "measure=paid&year=soon", "finding=x"} {
		priya.get("/ledger/postings?" + gone).is(http.StatusNotFound)
	}
}

func TestReversedPostingsSayTheyAre(t *testing.T) {
	s := demoServer(t)
	seq := s.moved("reversed")
	s.changed("priya", "commissioner", "undo", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) { return decide.Undo(b, a, seq) })
	s.as("fin").get("/ledger/postings").says("Reverses 2/", "Reversed by 3/", "Reversal: Virement")
}

func TestPostingsOfABoardAreItsOwn(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	p := sam.get("/ledger/postings?measure=allocated&year=2026-27").is(http.StatusOK).says("Board: North board").silent("East board")
	if said, rows := sam.postedSum("/ledger/postings?measure=allocated&year=2026-27"); said != rows.Exact() || !strings.Contains(p.title(), said) {
		t.Errorf("%s says %s, rows come to %s", p.title(), said, rows.Exact())
	}
	sam.get("/ledger/postings?measure=allocated&board=east").is(http.StatusNotFound)
	sam.get("/ledger/postings?measure=allocated&board=nowhere").is(http.StatusNotFound)
	sam.get("/ledger/postings?measure=allocated&service=early-years").is(http.StatusNotFound)
	sam.get("/ledger/postings?finding=" + url.QueryEscape("expiry/cliff/youth-inclusion/2027-03-31")).is(http.StatusNotFound)
	list := sam.get("/ledger/postings").is(http.StatusOK).says("You see the postings that concern your own services or board.")
	if strings.Contains(list.text(), "Early years centres") {
		t.Error("another's postings are listed")
	}
}

func TestWhatIsNotKnownIsListed(t *testing.T) {
	s := demoServer(t)
	s.changed("priya", "commissioner", "unknown", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, a, ledger.Record{Register: "figures", ID: "ff-unknown", Values: []ledger.Value{
			{Column: "award", Text: "families-first"}, {Column: "year", Text: "2028-29"}, {Column: "amount", Text: "?"}, {Column: "certainty", Text: "confirmed"}, {Column: "stated_on", Text: "2027-01-05"}}}, "", "")
	})
	s.as("priya").get("/ledger/postings?measure=awarded&stream=families-first").is(http.StatusOK).
		says("What makes up at least £1,720,000.00?", "Not known: the figure of Families First for 2028-29 has not been stated.")
	s.as("priya").get("/ledger/postings?measure=left&award=families-first&year=2028-29").is(http.StatusOK).says("What is known of this figure?")
}

func BenchmarkPostingsPage(b *testing.B) {
	s := demoServer(b)
	for _, lang := range []string{"en", "cy"} {
		b.Run(lang, func(b *testing.B) {
			priya := s.as("priya").in(lang)
			for b.Loop() {
				s.web.keep = newKept(keptBytes)
				res, err := priya.http.Get(s.URL + "/" + lang + "/ledger/postings?measure=allocated&year=2026-27")
				if err != nil || res.StatusCode != http.StatusOK {
					b.Fatal(err)
				}
				res.Body.Close()
			}
		})
	}
}
