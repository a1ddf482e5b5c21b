package web

import (
	"cmp"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/table"
)

var boardRoutes = slices.Concat([]Route{
	{Method: "GET", Path: "/boards", Right: people.SeeBoard, Do: boards, Kept: true},
	{Method: "GET", Path: "/boards/:id", Right: people.SeeBoard, Do: board, Kept: true},
	{Method: "GET", Path: "/boards/:id/sum", Right: people.SeeBoard, Do: boardSum, Kept: true},
	{Method: "GET", Path: "/boards/:id/pack", Right: people.SeeBoard, Do: boardPack, Kept: true},
}, proposalRoutes, decisionRoutes, delegationRoutes)

// boardOf gives the board of the address. Another's board is barred in the same
// words whether or not there is one, so that nobody learns which there are.
func (v *Visit) boardOf() (commissioning.Board, error) {
	id := v.Param("id")
	b, ok := v.Board(id)
	switch {
	case !v.SeesBoard(id):
		return b, Barred{"boards.barred"}
	case !ok:
		return b, Missing{}
	}
	return b, nil
}

// overBoard reports whether the reader may take an action for a board: as one of
// it, or as an officer of its area or of all.
func (v *Visit) overBoard(a people.Action, b commissioning.Board) bool {
	return v.reachesBoard(v.May(a), b)
}

func (v *Visit) reachesBoard(r people.Reach, b commissioning.Board) bool {
	return r.OnBoard(b.ID) || slices.ContainsFunc(r.Areas, func(own string) bool { return v.AreaTree().Within(b.Area, own) })
}

type boardPositionKey struct {
	board string
	year  fiscal.Year
}

// boardPosition is what a board has for a year; kept with the reading.
func (v *Visit) boardPosition(board string, year fiscal.Year) decide.Position {
	return worked(v.reading, boardPositionKey{board, year}, func() decide.Position { return decide.BoardPosition(v.View, board, year) })
}

// decider names who decides on what a board recommends.
func (v *Visit) decider(b commissioning.Board) string {
	if b.DecidedBy == "" || b.DecidedBy == b.Name {
		return v.T("boards.council")
	}
	return b.DecidedBy
}

// asked is the amount of a proposal.
func asked(r ledger.Record) money.Sum {
	var s money.Sum
	if p, err := money.ParsePence(r.Get("amount")); err == nil {
		s.AddPence(p)
	} else {
		s.Add(money.Unknown)
	}
	return s
}

// lessAll takes sums from another; what is not wholly known leaves a rest that
// is not known.
func lessAll(from money.Sum, taken ...money.Sum) money.Sum {
	rest := sumOf(from.Pence())
	known := from.State() == money.Exact
	for _, s := range taken {
		rest.AddPence(-s.Pence())
		known = known && s.State() == money.Exact
	}
	if known {
		return rest
	}
	var unknown money.Sum
	unknown.Add(money.Unknown)
	return unknown
}

// nextMeeting is a board's first meeting from today on.
func (v *Visit) nextMeeting(board string) (next ledger.Record, on fiscal.Date) {
	for _, m := range v.Records("meetings") {
		held, err := fiscal.ParseDate(m.Get("held_on"))
		if err == nil && m.Get("board") == board && held >= v.Today && (on.IsZero() || held < on) {
			next, on = m, held
		}
	}
	return next, on
}

type boardsPage struct {
	Lead, Add string
	Table     *table.Table
}

// boards lists those the reader may see.
func boards(v *Visit) (Answer, error) {
	t := table.New("boards", v.T("boards.caption", "Year", v.Year.String()))
	t.Column("board", v.T("by.board"), table.TextColumn)
	t.Column("place", v.T("by.area"), table.TextColumn)
	t.Column("given", v.T("boards.given"), table.MoneyColumn)
	t.Column("promised", v.T("boards.promised"), table.MoneyColumn)
	t.Column("asked", v.T("boards.asked"), table.MoneyColumn)
	t.Column("left", v.T("boards.left"), table.MoneyColumn)
	t.Column("meets", v.T("boards.meets"), table.DateColumn)
	t.Empty = v.T("boards.empty")
	var left money.Sum
	n := 0
	for id, b := range v.Boards {
		if !v.SeesBoard(id) || v.Place != "" && !v.AreaTree().Within(b.Area, v.Place) {
			continue
		}
		n++
		p := v.boardPosition(id, v.Year)
		left.Merge(p.Left)
		meets := table.None()
		if _, on := v.nextMeeting(id); !on.IsZero() {
			meets = table.Date(on)
		}
		t.Row(table.Text(b.Name).In(string(v.NameOf(v.Book, "boards", id).Lang)).To(v.To(pathOf("boards", id))), v.named("areas", b.Area),
			table.Money(p.Given.Sum, v.Style()).To(v.Postings(p.Given.Measure, pairs(p.Given.Filter)...)),
			table.Money(p.Promised.Sum, v.Style()).To(v.Postings(p.Promised.Measure, pairs(p.Promised.Filter)...)),
			table.Money(p.AskedFor.Sum, v.Style()).To(v.To(pathOf("boards", id, "sum"), "of", "asked")),
			table.Money(p.Left, v.Style()).To(v.To(pathOf("boards", id, "sum"), "of", "left")), meets)
	}
	page := boardsPage{Lead: v.N("boards.lead", n, "Left", v.Sum(left), "Year", v.Year.String()), Table: v.Finish(t)}
	if n == 0 {
		page.Lead = v.T("boards.none")
	}
	if v.Can(people.EditRegisters) {
		page.Add = v.Base() + "/registers/boards/new"
	}
	return Page{Template: "boards", Title: v.T("boards.title", "Year", v.Year.String()), Nav: "boards", Data: page, Tables: []*table.Table{t}, Money: true}, nil
}

type boardSumPage struct {
	Back, Board, Lead string
	Table             *table.Table
}

// boardSum shows what a figure of a board that is no sum of entries alone is
// made of: what is asked for, what is left, what would be left of it once a
// proposal is paid or refused, and what ends on a day.
func boardSum(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	p := v.boardPosition(b.ID, v.Year)
	t := table.New("sum", v.T("boards.sum.caption"))
	t.Column("", v.T("boards.sum.part"), table.TextColumn)
	t.Column("", v.T("boards.sum.amount"), table.MoneyColumn)
	t.Empty = v.T("boards.sum.nothing")
	var total money.Sum
	lead := "boards.sum." + v.Q("of")
	row := func(name table.Cell, s money.Sum, link string) {
		total.Merge(s)
		t.Row(name, table.Money(s, table.Pounds).To(link))
	}
	ask := func(r ledger.Record, sign func(money.Sum) money.Sum) {
		name, link := r.Get("title"), v.To(pathOf("boards", b.ID, "proposals", r.ID))
		if r.Register != "proposals" {
			name, link = v.NameOf(v.Book, "services", r.Get("service")).Text, v.To(pathOf("services", r.Get("service")))
		}
		row(table.Text(name), sign(asked(r)), link)
	}
	same := func(s money.Sum) money.Sum { return s }
	taken := func(s money.Sum) money.Sum { return lessAll(money.Sum{}, s) }
	switch v.Q("of") {
	case "asked":
		for _, r := range p.AskedFor.Records {
			ask(r, same)
		}
	case "left":
		row(table.Text(v.T("boards.given")), p.Given.Sum, v.Postings(p.Given.Measure, pairs(p.Given.Filter)...))
		row(table.Text(v.T("boards.promised")), taken(p.Promised.Sum), v.Postings(p.Promised.Measure, pairs(p.Promised.Filter)...))
		paid, refused := v.Q("paid"), v.Q("refused")
		for _, r := range p.AskedFor.Records {
			if r.Register != "proposals" || r.ID != paid && r.ID != refused {
				ask(r, taken)
			}
		}
		if r, ok := v.Record("proposals", cmp.Or(paid, refused)); ok && r.Get("board") == b.ID {
			lead = "boards.sum.paid"
			if paid != "" {
				ask(r, taken)
			} else {
				lead = "boards.sum.refused"
			}
		} else if paid != "" || refused != "" {
			return nil, Missing{}
		}
	case "ends":
		for _, e := range p.Ends {
			if e.On.String() != v.Q("on") {
				continue
			}
			for _, award := range e.Awards {
				given := v.Position([]ledger.Dimension{ledger.ByAward}, ledger.Filter{ledger.ByBoard: b.ID, ledger.ByYear: v.Year.String(), ledger.ByAward: award}).Total.Sums[ledger.DelegatedTo]
				row(table.Text(v.NameOf(v.Book, "awards", award).Text), given, v.Postings(ledger.DelegatedTo, "board", b.ID, "award", award, "year", v.Year.String()))
			}
		}
	default:
		return nil, Missing{}
	}
	if len(t.Rows) > 0 {
		t.Total(table.Text(v.T("total")), table.Money(total, table.Pounds))
	}
	page := boardSumPage{Back: v.To(pathOf("boards", b.ID)), Board: b.Name, Lead: v.T(lead, "Board", b.Name, "Year", v.Year.String()), Table: v.Finish(t)}
	return Page{Template: "boardsum", Title: v.T("boards.sum.title", "Amount", v.Sum(total)), Nav: "boards", Data: page, Tables: []*table.Table{t}}, nil
}

// proposalsOf lists a board's proposals that are in one of the states, the
// oldest first. A draft is its asker's alone.
func (v *Visit) proposalsOf(board string, states ...string) []ledger.Record {
	var list []ledger.Record
	for _, r := range v.Records("proposals") {
		if r.Get("board") == board && slices.Contains(states, proposalState(r)) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b ledger.Record) int { return strings.Compare(a.Get("asked_on"), b.Get("asked_on")) })
	return list
}

func proposalState(r ledger.Record) string { return cmp.Or(r.Get("state"), "proposed") }

type decisionsKey struct{}

// decisionsOn lists what was decided on a proposal, the first first.
func (v *Visit) decisionsOn(proposal string) []ledger.Record {
	return worked(v.reading, decisionsKey{}, func() map[string][]ledger.Record {
		on := map[string][]ledger.Record{}
		for _, r := range v.Book.Records("decisions") {
			on[r.Get("proposal")] = append(on[r.Get("proposal")], r)
		}
		for _, list := range on { // north-1/2 comes before north-1/10
			slices.SortStableFunc(list, func(a, b ledger.Record) int { return cmp.Compare(len(a.ID), len(b.ID)) })
		}
		return on
	})[proposal]
}
