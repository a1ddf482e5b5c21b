package web

import (
	"maps"
	"slices"
	"strings"

	"braid/ledger/check"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
)

var homeRoutes = []Route{
	{Method: "GET", Path: "/", Right: SignedIn, Do: home, Kept: true, Rests: restsOnPins},
}

// homeShown is how many services of an ending the page shows before it sums
// up the rest.
const homeShown = 3

type homePage struct {
	Endings []homeEnding
	Empty   bool // nothing is in the ledger yet
	Good    bool // and nothing ends
	Asides  []aside
	Waiting []aside
}

type homeEnding struct {
	Lead   string
	Cuts   []string
	First  bool
	Table  *table.Table
	More   string
	Awards string
}

// aside is a line beneath: what it is about, and what there is, as links.
type aside struct {
	Label string
	Parts []navLink
}

// restsOnPins is what the first page depends on beside the ledger: the views
// that its reader has pinned to it.
func restsOnPins(v *Visit) (string, error) {
	pins, err := v.pins()
	var all strings.Builder
	for _, p := range pins {
		all.WriteString(p.Href + "\n" + p.Text + "\n")
	}
	return all.String(), err
}

// home says what needs attention, the most urgent first. Board members land on
// their board, those without money rights on what they may do.
func home(v *Visit) (Answer, error) {
	if v.May(people.See).Nowhere() || !v.Is(people.Commissioner, people.Finance, people.Auditor) {
		switch {
		case v.Is(people.BoardMember, people.BoardChair):
			return Redirect{To: v.To(v.boardPath())}, nil
		case v.Is(people.Scrutiny):
			return Redirect{To: v.To("/services/risk")}, nil
		case v.Is(people.Administrator):
			return Redirect{To: v.To("/people")}, nil
		}
		return nil, Barred{"barred.no-role"}
	}
	v.Reach = v.May(people.See)
	p := homePage{}
	if len(v.years()) == 1 && v.Len() == 0 {
		p.Empty = true
		return Page{Template: "home", Title: v.T("home.title"), Nav: "home", Data: p}, nil
	}
	var tables []*table.Table
	for _, e := range report.Endings(v.View, v.Findings()) {
		h := v.homeEnding(e)
		if h.Table == nil {
			continue
		}
		h.First = len(p.Endings) == 0
		p.Endings = append(p.Endings, h)
		tables = append(tables, h.Table)
	}
	p.Good = len(p.Endings) == 0
	p.Asides = v.asides()
	p.Waiting = v.waiting()
	pins, err := v.pins()
	if err != nil {
		return nil, err
	}
	if len(pins) > 0 {
		p.Waiting = append(p.Waiting, aside{v.T("home.pins"), pins})
	}
	return Page{Template: "home", Title: v.T("home.title"), Nav: "home", Data: p, Tables: tables, Money: true}, nil
}

// homeEnding says who loses what on a day; without a table where none of it is
// the reader's to see.
func (v *Visit) homeEnding(e report.Ending) homeEnding {
	var losses []report.Loss
	var total money.Sum
	over := 0
	half, _ := money.NewShare(1, 2)
	for _, l := range e.Losses {
		if !v.Sees(l.Service) || v.Place != "" && !v.worksIn(l.Service, v.Place) {
			continue
		}
		losses = append(losses, l)
		total.Merge(l.Amount)
		if l.Share != nil && l.Share.Cmp(half) > 0 {
			over++
		}
	}
	if len(losses) == 0 {
		return homeEnding{}
	}
	band := strings.ReplaceAll(e.Band, " ", "-")
	h := homeEnding{Lead: v.N("home.ending."+band, len(losses), "Amount", v.Sum(total), "Date", v.Date(e.Date), "Away", v.Away(v.Today, e.Date))}
	if over > 0 {
		h.Lead += " " + v.N("home.over-half", over)
	}
	if e.Band == report.Bands[0] {
		for _, c := range e.Cuts {
			name := v.NameOf(v.Book, "awards", c.Award).Text
			id := "home.cut"
			if !c.WasCut {
				id = "home.over"
			}
			h.Cuts = append(h.Cuts, v.T(id, "Amount", c.Amount.Whole(), "Award", name))
		}
	}
	t := table.New("ends-"+e.Date.String()+"-"+band, v.T("home.table", "Date", v.Date(e.Date)))
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("loses", v.T("loses"), table.MoneyColumn)
	t.Column("share", v.T("share"), table.PercentColumn)
	t.Column("money", v.T("money-that-ends"), table.TextColumn)
	t.Column("decide", v.T("decide-by"), table.DateColumn)
	t.Column("late", v.T("how-long"), table.TagColumn)
	// Only a sort, or a file, wants them all.
	all := v.Q("format") != "" || slices.ContainsFunc(slices.Collect(maps.Keys(v.Query)), func(name string) bool { return strings.HasSuffix(name, "sort") })
	var rest money.Sum
	for i, l := range losses {
		if i >= homeShown {
			rest.Merge(l.Amount)
			if !all {
				continue
			}
		}
		v.lossRow(t, l)
	}
	if more := len(losses) - homeShown; more > 0 {
		h.More = v.N("home.more", more, "Amount", v.Sum(rest))
	}
	v.Finish(t)
	t.Show(1, homeShown)
	t.PageLink = nil
	h.Table = t
	return h
}

// lossRow writes what a service loses as a row: service, amount, share, awards,
// decide by, how long that is.
func (v *Visit) lossRow(t *table.Table, l report.Loss) *table.Row {
	name := v.NameOf(v.Book, "services", l.Service)
	cells := []table.Cell{table.Text(name.Text).In(string(name.Lang)).To(v.To(pathOf("services", l.Service)))}
	cells = append(cells, table.Money(l.Amount, v.Style()).To(v.Evidence(l.Finding)))
	if l.Share != nil {
		cells = append(cells, table.Percent(*l.Share).To(v.To(pathOf("services", l.Service))))
	} else {
		cells = append(cells, table.Unknown())
	}
	var awards []string
	for _, id := range l.Awards {
		awards = append(awards, v.NameOf(v.Book, "awards", id).Text)
	}
	cells = append(cells, table.Text(strings.Join(awards, ", ")))
	if l.Decide == nil {
		return t.Row(append(cells, table.Unknown(), table.None())...)
	}
	colour := table.Amber
	if l.Decide.Date < v.Today {
		colour = table.Red
	}
	return t.Row(append(cells, table.Date(l.Decide.Date), table.Tag(v.Away(v.Today, l.Decide.Date), colour))...)
}

// worksIn reports whether a service works in an area or one within it; one
// without areas works everywhere.
func (v *Visit) worksIn(service, area string) bool {
	return v.sees(people.Reach{Areas: []string{area}}, service)
}

// asides are the lines beneath: money to use or lose, what is over-allocated,
// what the checks found.
func (v *Visit) asides() []aside {
	var all []aside
	var lose aside
	for _, f := range v.Open(check.Expiry, "use-or-lose") {
		if f.Unknown || len(lose.Parts) == 5 {
			continue
		}
		if at := v.Evidence(f); at != "" {
			title, _ := v.Reader.Finding(v.View, f)
			lose.Parts = append(lose.Parts, navLink{Href: at, Text: title})
		}
	}
	if len(lose.Parts) > 0 {
		lose.Label = v.T("home.use-or-lose")
		all = append(all, lose)
	}
	over := aside{Label: v.T("home.over-allocated")}
	for _, f := range v.Open(check.Overcommitment, "award") {
		if at := v.Evidence(f); f.Amount != nil && at != "" {
			award := subject(f, "award")
			over.Parts = append(over.Parts, navLink{Href: at, Text: v.T("home.over-by", "Award", v.NameOf(v.Book, "awards", award).Text, "Amount", v.Sum(*f.Amount))})
		}
	}
	if len(over.Parts) > 0 {
		all = append(all, over)
	}
	known := func(list []*check.Finding) (n int) {
		for _, f := range list {
			if !f.Unknown {
				n++
			}
		}
		return n
	}
	pairs, gaps := known(v.Open(check.Duplication, "")), known(v.Open(check.Gap, "no-service"))
	all = append(all, aside{v.T("home.checks"), []navLink{
		{Href: v.To("/checks/duplication"), Text: v.N("home.pairs", pairs)},
		{Href: v.To("/checks/coverage"), Text: v.N("home.gaps", gaps)},
		{Href: v.To("/checks"), Text: v.T("home.all-checks")},
	}})
	return all
}

// waiting are what somebody is waiting for the reader to decide.
func (v *Visit) waiting() []aside {
	line := aside{Label: v.T("home.waiting")}
	proposals := 0
	for _, p := range v.Records("proposals") {
		if p.Get("state") == "proposed" || p.Get("state") == "recommended" {
			proposals++
		}
	}
	if proposals > 0 && v.Can(people.SeeBoard) {
		line.Parts = append(line.Parts, navLink{Href: v.To("/boards"), Text: v.N("home.proposals", proposals)})
	}
	asks := 0
	for _, a := range v.Records("asks") {
		if a.Get("state") == "asked" {
			asks++
		}
	}
	if asks > 0 {
		line.Parts = append(line.Parts, navLink{Href: v.To("/approvals"), Text: v.N("home.asks", asks)})
	}
	if len(line.Parts) == 0 {
		return nil
	}
	return []aside{line}
}
