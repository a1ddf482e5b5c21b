package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/seed"
)

// saidBy is the text beneath a node, on one line.
func saidBy(n *html.Node) string {
	var out []string
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out = append(out, strings.TrimSpace(c.Data))
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

// drawn lists the texts of a page's pictures; tabled what its tables say.
func (p *page) drawn() []string {
	var all []string
	for n := range p.root.Descendants() {
		if n.Data == "text" && n.Type == html.ElementNode {
			all = append(all, saidBy(n))
		}
	}
	return all
}

func (p *page) tabled(id string) string {
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Table && attr(n, "id") == id {
			return saidBy(n)
		}
	}
	p.t.Fatalf("%s has no table %s", p.url, id)
	return ""
}

// TestTimelineTwinSaysWhatThePictureSays is check 6 of the design of screens.
func TestTimelineTwinSaysWhatThePictureSays(t *testing.T) {
	s := demoServer(t)
	for lang, want := range map[string]struct {
		lead    string
		streams []string
		days    []string
	}{
		"en": {"Two ends in the next 15 months: £900,000, then £1,910,000.", []string{"Children's Fund", "NRF", "Families First", "Flying Start", "Core budget"}, []string{"31 Mar 2027", "31 Mar 2028"}},
		"cy": {"Daw arian i ben ar dau ddyddiad yn y 15 mis nesaf: £900,000, yna £1,910,000.", []string{"Children's Fund", "NRF", "Teuluoedd yn Gyntaf", "Dechrau'n Deg", "Cyllideb graidd"}, []string{"31 Maw 2027", "31 Maw 2028"}},
	} {
		p := s.as("priya").in(lang).get("/timeline").is(http.StatusOK).says(want.lead)
		drawn, awards, ends := p.drawn(), p.tabled("awards"), p.tabled("ends")
		for _, name := range want.streams {
			if !slices.Contains(drawn, name) || !strings.Contains(awards, name) {
				t.Errorf("%s: %s is not in both: %q, %q", lang, name, drawn, awards)
			}
		}
		for i, day := range want.days {
			amount := []string{"£900,000", "£1,910,000"}[i]
			for _, text := range []string{day, amount} {
				if !slices.Contains(drawn, text) || !strings.Contains(ends, text) {
					t.Errorf("%s: %s is not in both: %q, %q", lang, text, drawn, ends)
				}
			}
			if !strings.Contains(ends[strings.Index(ends, day):], amount) {
				t.Errorf("%s: %s is not beside %s: %s", lang, amount, day, ends)
			}
		}
	}
}

func TestTimelineByServiceAndDay(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/timeline?by=service&years=6").is(http.StatusOK).says("Family support hubs", "2031-32")
	if row := p.tabled("services"); !strings.Contains(row, "Family support hubs £900,000 31 Mar 2027 £180,000 No end date £300,000") {
		t.Errorf("the service's row: %s", row)
	}
	if drawn := p.drawn(); !slices.Contains(drawn, "33%") {
		t.Errorf("no share is drawn: %q", drawn)
	}
	priya.get("/timeline/2028-03-31").is(http.StatusOK).says("What stops on 31 March 2028?", "5 services lose £1,910,000 on 31 March 2028, in 444 days.", "£1,190,000", "£720,000", "£280,000")
	priya.get("/timeline/2027-04-01").is(http.StatusOK).says("None of the money you see stops on 1 April 2027.")
	priya.get("/timeline/soon").is(http.StatusNotFound)
	priya.get("/timeline/soon").is(http.StatusNotFound)
}

func TestTimelineOfAPlaceAndOfNothing(t *testing.T) {
	s := demoServer(t)
	// What Children's Fund and NRF put in the North, to the penny.
	s.as("sue").get("/timeline?place=north").is(http.StatusOK).says("then")
	empty := emptyServer(t, s.web.AsAt)
	empty.populate([]seed.Person{{ID: "priya", Name: "Priya Shah", Email: "priya@demo.example", Language: "en", Role: "commissioner"}})
	empty.as("priya").get("/timeline").is(http.StatusOK).says("No grant that pays for a service has an end date.", "No grant runs in these years.")
}
