package web

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var askRoutes = []Route{
	{Method: "GET", Path: "/approvals", Right: people.See, Do: approvals},
	{Method: "GET", Path: "/approvals/:id", Right: people.See, Do: approval},
	{Method: "POST", Path: "/approvals/:id", Right: people.ApproveAllocation, Do: answerAsk},
	{Method: "POST", Path: "/approvals/:id/withdraw", Right: people.See, Do: withdrawAsk},
}

type approvalsPage struct {
	Lead      string
	Waiting   *table.Table
	Decided   *table.Table
	Told      *table.Table
	Roles     []parts.Task // that the reader may approve
	RolesAt   string
	RolesSaid string
}

// mayApprovals lets in those who ask, approve or audit.
func (v *Visit) mayApprovals() error {
	if !v.Is(people.Commissioner, people.Finance, people.Auditor) {
		return Barred{"asks.barred"}
	}
	v.Reach = v.May(people.See)
	return nil
}

// seesAsk reports whether an ask is the reader's own or about services they see.
func (v *Visit) seesAsk(r ledger.Record) bool {
	if v.Reach.All || r.Get("by") == v.Who.ID {
		return true
	}
	req, err := decide.Requested(r)
	if err != nil {
		return false
	}
	switch q := req.(type) {
	case decide.Reallocation:
		return !slices.ContainsFunc(q.Cells, func(c decide.Cell) bool { return !v.Sees(c.Service) })
	case decide.Together:
		return !slices.ContainsFunc(q.Cells, func(c decide.Cell) bool { return !v.Sees(c.Service) }) &&
			!slices.ContainsFunc(q.Records, func(a decide.Amendment) bool { return a.Register == "services" && !v.Sees(a.ID) })
	case decide.Allocation:
		return v.Sees(q.Service)
	case decide.Virement:
		return v.Sees(q.From) && v.Sees(q.To)
	}
	return false
}

// asks are those the reader sees, the latest first.
func (v *Visit) asks() []ledger.Record {
	var all []ledger.Record
	for _, r := range v.Records("asks") {
		if v.seesAsk(r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b ledger.Record) int { return cmp.Compare(askNumber(b.ID), askNumber(a.ID)) })
	return all
}

func askNumber(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "ask-"))
	return n
}

// approvals says what waits for approval, roles too where the reader approves
// those, what became of the rest, and what officers did alone.
func approvals(v *Visit) (Answer, error) {
	if err := v.mayApprovals(); err != nil {
		return nil, err
	}
	p := approvalsPage{}
	waiting := table.New("waiting", v.T("asks.waiting"))
	waiting.Empty = v.T("asks.none-waiting")
	decided := table.New("decided", v.T("asks.decided"))
	decided.Empty = v.T("asks.none-decided")
	for _, t := range []*table.Table{waiting, decided} {
		t.Column("what", v.T("asks.what"), table.TextColumn)
		t.Column("amount", v.T("moves.amount-label"), table.MoneyColumn)
		t.Column("by", v.T("asks.by"), table.TextColumn)
		t.Column("on", v.T("asks.on"), table.DateColumn)
	}
	waiting.Column("reason", v.T("moves.reason"), table.TextColumn)
	decided.Column("state", v.T("status"), table.TagColumn)
	decided.Column("decider", v.T("asks.decided-by"), table.TextColumn)
	decided.Column("answer", v.T("asks.answer"), table.TextColumn)
	var sum money.Sum
	count := 0
	for _, r := range v.asks() {
		lines := v.requestLines(r)
		what := lines[0]
		if more := len(lines) - 1; more > 0 {
			what = v.N("asks.and-more", more, "First", what)
		}
		amount := table.None()
		if p, err := money.ParsePence(r.Get("amount")); err == nil && p != 0 {
			amount = table.Pence(p, table.Pounds).To(v.To(pathOf("approvals", r.ID)))
			if r.Get("state") == "asked" {
				sum.AddPence(p)
			}
		}
		on, _ := fiscal.ParseDate(r.Get("asked_on"))
		cells := []table.Cell{table.Text(what).To(v.To(pathOf("approvals", r.ID))), amount, table.Text(v.personName(r.Get("by"))), table.Date(on)}
		if r.Get("state") == "asked" {
			count++
			waiting.Row(append(cells, table.Text(r.Get("reason")))...)
			continue
		}
		decided.Row(append(cells, v.askState(r.Get("state")), table.Text(v.personName(r.Get("decided_by"))), table.Text(r.Get("decided_reason")))...)
	}
	p.Lead = v.T("asks.lead-none")
	if count > 0 {
		p.Lead = v.N("asks.lead", count, "Amount", v.Sum(sum))
	}
	if v.Can(people.ApproveUsers) {
		all, err := v.Server.People.All(v.Context())
		if err != nil {
			return nil, err
		}
		for _, who := range all {
			p.Roles = append(p.Roles, v.waitingRoles(who)...)
		}
		if n := len(p.Roles); n > 0 {
			p.RolesSaid, p.RolesAt = v.N("people.lead-waiting", n), v.To("/people")
			if count == 0 {
				p.Lead = ""
			}
		}
	}
	p.Waiting, p.Decided, p.Told = v.Finish(waiting), v.Finish(decided), v.Finish(v.toldTable())
	return Page{Template: "approvals", Title: v.T("asks.title"), Nav: "ledger/approvals", Data: p, Tables: []*table.Table{p.Waiting, p.Decided, p.Told}}, nil
}

func (v *Visit) askState(state string) table.Cell {
	colour := map[string]table.Colour{"asked": table.Blue, "approved": table.Green, "refused": table.Red, "withdrawn": table.Grey}[state]
	return table.Tag(v.T("asks.state."+state), colour)
}

type toldKey struct{}

// told is a move that one person made alone.
type told struct {
	seq    int
	amount money.Pence
}

// toldTable lists this year's moves that officers made alone: finance is told of
// them and need do nothing.
func (v *Visit) toldTable() *table.Table {
	t := table.New("told", v.T("asks.told", "Year", fiscal.YearOf(v.Today).String()))
	t.Empty = v.T("asks.none-told")
	t.Column("when", v.T("asks.when"), table.DateColumn)
	t.Column("who", v.T("asks.who"), table.TextColumn)
	t.Column("moved", v.T("asks.moved"), table.MoneyColumn)
	t.Column("reason", v.T("moves.reason"), table.TextColumn)
	for _, m := range worked(v.reading, toldKey{}, func() []told { return toldOf(v.Book, fiscal.YearOf(v.Today)) }) {
		if !v.Reach.All && !v.mayReadBatch(m.seq) {
			continue
		}
		head, _ := v.Head(m.seq)
		to := v.To("/history/" + strconv.Itoa(m.seq))
		t.Row(table.Date(fiscal.FromTime(head.PostedAt.In(v.Server.london))).To(to), table.Text(v.actor(head)), table.Pence(m.amount, table.Pounds).To(to), table.Text(head.Reason))
	}
	return t
}

// toldOf finds the batches of a year in which an officer moved money without
// another's approval, the latest first.
func toldOf(b *ledger.Book, year fiscal.Year) []told {
	var all []told
	for seq := b.Sequence(); seq >= 1; seq-- {
		head, _ := b.Head(seq)
		if head.AsFound || head.Role != string(people.Commissioner) {
			continue
		}
		if slices.ContainsFunc(b.Batch(seq).Records, func(r ledger.Record) bool { return r.Register == "asks" }) {
			continue
		}
		var on, off money.Pence
		for i, end := b.Span(seq); i < end; i++ {
			e := b.Entry(i)
			if e.Kind != ledger.Allocation && e.Kind != ledger.Virement || fiscal.YearOf(e.Effective) != year || !b.InForce(i) {
				continue
			}
			if e.To.Stage == ledger.Allocated {
				on += e.Amount
			}
			if e.From.Stage == ledger.Allocated {
				off += e.Amount
			}
		}
		if moved := max(on, off); moved > 0 {
			all = append(all, told{seq, moved})
		}
	}
	return all
}

// requestLines says what was asked, a line for each change.
func (v *Visit) requestLines(r ledger.Record) []string {
	req, err := decide.Requested(r)
	if err != nil {
		return []string{v.T("asks.unreadable")}
	}
	cells := func(lines []string, of []decide.Cell) []string {
		for _, c := range of {
			lines = append(lines, v.T("asks.cell", "Cell", v.cellName(c), "Year", v.Reader.Year(c.Year), "Was", pounds(c.Was), "To", pounds(c.To)))
		}
		return lines
	}
	switch q := req.(type) {
	case decide.Reallocation:
		return cells(nil, q.Cells)
	case decide.Together:
		lines := cells([]string{v.T("scenario.ask", "Scenario", v.scenarioName(q.Scenario).Text)}, q.Cells)
		for _, c := range q.Carries {
			lines = append(lines, v.T("scenario.ask-carry", "Amount", pounds(c.Amount), "Award", v.NameOf(v.Book, "awards", c.Award).Text, "From", v.Reader.Year(c.From), "To", v.Reader.Year(c.To)))
		}
		for _, a := range q.Records {
			if a.Register == "scenarios" { // said above
				continue
			}
			for _, column := range slices.Sorted(maps.Keys(a.Cells)) {
				lines = append(lines, v.T("scenario.ask-record", "Name", v.NameOf(v.Book, a.Register, a.ID).Text, "What", v.columnName(column), "Value", v.valueWords(a.Register, column, a.Cells[column])))
			}
		}
		return lines
	case decide.Allocation:
		return []string{v.T("asks.allocation", "Amount", pounds(q.Amount), "Award", v.awardName(q.Award, q.Year), "Service", v.serviceName(q.Service), "Year", v.Reader.Year(q.Year))}
	case decide.Virement:
		return []string{v.T("asks.virement", "Amount", pounds(q.Amount), "Award", v.awardName(q.Award, q.Year), "From", v.serviceName(q.From), "To", v.serviceName(q.To), "Year", v.Reader.Year(q.Year))}
	case decide.Delegation:
		return []string{v.T("asks.delegation", "Amount", pounds(q.Amount), "Award", v.awardName(q.Award, q.Year), "Board", v.NameOf(v.Book, "boards", q.Board).Text, "Year", v.Reader.Year(q.Year))}
	case decide.Statement:
		return []string{v.T("asks.statement", "Award", v.NameOf(v.Book, "awards", q.Award).Text, "Year", v.Reader.Year(q.Year), "Amount", v.Amount(q.Amount), "Certainty", v.surely(q.Certainty))}
	case decide.Reopening:
		return []string{v.T("asks.reopening", "Month", v.Reader.Month(q.Month))}
	}
	return []string{v.T("asks.unreadable")}
}

type approvalPage struct {
	Lead     string
	Lines    []string
	Rows     []parts.Row
	Now      string // why it could not be done today, or ""
	Moves    *movesPage
	Mine     string
	Answer   *form.Field // the reason of an answer; nil where the reader gives none
	Approve  bool
	Withdraw string
	Key      string
	At       string
	History  []change
}

// theAsk reads the ask of the address.
func (v *Visit) theAsk() (ledger.Record, error) {
	if err := v.mayApprovals(); err != nil {
		return ledger.Record{}, err
	}
	r, ok := v.Book.Record("asks", v.Param("id"))
	if !ok || !v.seesAsk(r) {
		return r, Missing{}
	}
	return r, nil
}

// approval shows one ask and what it would do on the ledger as it is.
func approval(v *Visit) (Answer, error) {
	r, err := v.theAsk()
	if err != nil {
		return nil, err
	}
	return v.approvalPage(r, "", nil), nil
}

func (v *Visit) approvalPage(r ledger.Record, reason string, errs form.Errors) Page {
	state := r.Get("state")
	on, _ := fiscal.ParseDate(r.Get("asked_on"))
	p := approvalPage{Lines: v.requestLines(r), Key: NewKey(), At: v.Base() + pathOf("approvals", r.ID), History: v.askHistory(r.ID)}
	p.Lead = v.T("asks.one-lead."+state, "Who", v.personName(r.Get("by")), "Date", v.Date(on), "Decider", v.personName(r.Get("decided_by")))
	p.Rows = []parts.Row{{Key: v.T("asks.by"), Value: v.personName(r.Get("by")) + ", " + v.roleName(r.Get("role"))}, {Key: v.T("asks.on"), Value: v.Date(on)}, {Key: v.T("moves.reason"), Value: r.Get("reason")}}
	if state != "asked" {
		if decided, err := fiscal.ParseDate(r.Get("decided_on")); err == nil {
			p.Rows = append(p.Rows, parts.Row{Key: v.T("asks.decided-on"), Value: v.Date(decided)})
		}
		p.Rows = append(p.Rows, parts.Row{Key: v.T("asks.decided-by"), Value: v.personName(r.Get("decided_by"))}, parts.Row{Key: v.T("asks.answer"), Value: cmp.Or(r.Get("decided_reason"), "–")})
	}
	mine := r.Get("by") == v.Who.ID
	if state == "asked" {
		actor := v.Actor()
		actor.Role = string(people.Finance) // what it would do is the same whoever reads it
		o, err := decide.Preview(v.Book, actor, r.ID)
		if err != nil {
			p.Now = v.refusedNow(err)
		} else {
			m := v.moves(o)
			m.Left.Level = 3
			p.Moves = &m
		}
		switch {
		case mine:
			p.Mine = v.T("asks.own")
			p.Withdraw = p.At + "/withdraw"
		case v.Can(people.ApproveAllocation):
			p.Answer = &form.Field{Name: "reason", Label: v.T("asks.reason"), Type: "textarea", Rows: 2, Required: true, Value: reason, Error: errs.Of("reason")}
			p.Approve = p.Now == ""
		default:
			p.Mine = v.T("asks.not-yours")
		}
	}
	page := Page{Template: "approval", Title: v.T("asks.one-title"), Nav: "ledger/approvals", Data: p, Errors: errs}
	if p.Moves != nil && len(p.Moves.Left.Rows) > 0 {
		page.Tables = []*table.Table{p.Moves.Left}
	}
	return page
}

// refusedNow says why an ask could not be done as the ledger is.
func (v *Visit) refusedNow(err error) string {
	var changed *decide.Changed
	if as(err, &changed) {
		return v.T("asks.changed", "Cell", v.cellName(changed.Cell), "Was", pounds(changed.Cell.Was), "Now", pounds(changed.Now))
	}
	return v.Refusal(v.Book, err)
}

// askHistory says what became of an ask, the newest first.
func (v *Visit) askHistory(id string) []change {
	var all []change
	versions, seqs := v.Versions("asks", id)
	for i, r := range versions {
		head, _ := v.Head(seqs[i])
		c := change{What: v.T("asks.was." + r.Get("state")), Why: cmp.Or(r.Get("decided_reason"), r.Get("reason")), When: v.instant(head.PostedAt), Who: v.actor(head)}
		if v.Can(people.Audit) && v.mayReadBatch(seqs[i]) {
			c.Href = v.To("/history/" + strconv.Itoa(seqs[i]))
		}
		all = append(all, c)
	}
	slices.Reverse(all)
	return all
}

type approvalForm struct {
	Do     string `form:"do"`
	Reason string `form:"reason"`
}

// answerAsk approves or refuses what another asked for.
func answerAsk(v *Visit) (Answer, error) {
	r, err := v.theAsk()
	if err != nil {
		return nil, err
	}
	var f approvalForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	approve := f.Do == "approve"
	if !approve && f.Do != "refuse" {
		return nil, &form.Bad{Why: "it neither approves nor refuses"}
	}
	var errs form.Errors
	if f.Reason == "" {
		errs.Add("reason", v.T("asks.no-reason"))
		return v.approvalPage(r, "", errs), nil
	}
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		if approve {
			return decide.Approve(b, a, r.ID, f.Reason)
		}
		return decide.Refuse(b, a, r.ID, f.Reason)
	})
	return v.answered(r, seq, err, map[bool]string{true: "asks.approved", false: "asks.refused"}[approve], f.Reason, approve)
}

// withdrawAsk takes back one's own ask.
func withdrawAsk(v *Visit) (Answer, error) {
	r, err := v.theAsk()
	if err != nil {
		return nil, err
	}
	var f approvalForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	reason := cmp.Or(f.Reason, v.T("asks.withdrawn-by-asker"))
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.Withdraw(b, a, r.ID, reason)
	})
	return v.answered(r, seq, err, "asks.withdrawn", "", false)
}

func (v *Visit) answered(r ledger.Record, seq int, err error, said, reason string, undo bool) (Answer, error) {
	if err == nil {
		to := Redirect{To: v.To("/approvals"), Say: v.T(said)}
		if undo {
			to.Undo = seq
		}
		return to, nil
	}
	var refusal ledger.Refusal
	if !as(err, &refusal) {
		return nil, err
	}
	if err := v.refresh(); err != nil {
		return nil, err
	}
	now, _ := v.Book.Record("asks", r.ID)
	var errs form.Errors
	var own *decide.OwnRequest
	var needs *decide.NeedsApproval
	switch {
	case as(err, &own):
		errs.Add("", v.T("asks.own"))
	case as(err, &needs):
		errs.Add("", v.need(needs.Need))
	default:
		errs.Add("", v.refusedNow(err))
	}
	return v.approvalPage(now, reason, errs), nil
}
