package ledger

import (
	"errors"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// reader reads a record's cells into the values of the domain. It keeps the
// first thing that does not read, so that a bad row is seen, never served.
type reader struct {
	r   Record
	err error
}

func (d *reader) fail(column string, err error) {
	if d.err == nil && err != nil {
		d.err = &Malformed{Register: d.r.Register, ID: d.r.ID, Column: column, Found: d.r.Get(column), Remedy: err.Error()}
	}
}

func (d *reader) text(column string) string { return d.r.Get(column) }

func (d *reader) list(column string) []string {
	text := d.r.Get(column)
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (d *reader) date(column string) fiscal.Date {
	text := d.r.Get(column)
	if text == "" {
		return 0
	}
	date, err := fiscal.ParseDate(text)
	d.fail(column, err)
	return date
}

func (d *reader) period(from, to string) fiscal.Period {
	p := fiscal.Period{From: d.date(from)}
	if last := d.date(to); last != 0 {
		p.To = last.AddDays(1)
	}
	if p.To != 0 && p.From >= p.To {
		d.err = &Malformed{Register: d.r.Register, ID: d.r.ID, Column: to, Found: d.r.Get(to), Remedy: "the last day comes before the first; mend one of the two"}
	}
	return p
}

func (d *reader) year(column string) fiscal.Year {
	text := d.r.Get(column)
	if text == "" || text == "term" {
		return fiscal.Term
	}
	y, err := fiscal.ParseYear(text)
	d.fail(column, err)
	return y
}

// amount gives unknown for "?", and for a blank when blank means not stated.
func (d *reader) amount(column string, blank money.Amount) money.Amount {
	text := d.r.Get(column)
	switch text {
	case "":
		return blank
	case "?":
		return money.Unknown
	}
	p, err := money.ParsePence(text)
	d.fail(column, err)
	return money.Known(p)
}

// count gives -1 for a blank or unknown number.
func (d *reader) count(column string) int {
	text := d.r.Get(column)
	if text == "" || text == "?" {
		return -1
	}
	n, err := strconv.Atoi(text)
	d.fail(column, err)
	return n
}

func (d *reader) percent(column string) int {
	text := strings.TrimSuffix(d.r.Get(column), "%")
	if text == "" {
		return -1
	}
	n, err := strconv.Atoi(text)
	d.fail(column, err)
	return n
}

func (d *reader) yes(column string) bool {
	text := d.r.Get(column)
	return text != "" && text != "no"
}

// unlessNo gives the words of a column whose "no" means that there is none.
func (d *reader) unlessNo(column string) string {
	if !d.yes(column) {
		return ""
	}
	return d.r.Get(column)
}

func (d *reader) ages(column string) commissioning.Ages {
	text := d.r.Get(column)
	if text == "" || text == "?" {
		return commissioning.Ages{}
	}
	a, err := commissioning.ParseAges(text)
	d.fail(column, err)
	return a
}

// choice reads an enum; a blank is the enum's zero.
func choice[T any](d *reader, column string, parse func(string) (T, error)) T {
	var zero T
	text := d.r.Get(column)
	if text == "" {
		return zero
	}
	v, err := parse(text)
	d.fail(column, err)
	return v
}

func (d *reader) yearAmounts() map[fiscal.Year]money.Amount {
	var of map[fiscal.Year]money.Amount
	for _, v := range d.r.Values {
		if v.Column[0] < '0' || v.Column[0] > '9' {
			continue
		}
		y, err := fiscal.ParseYear(v.Column)
		d.fail(v.Column, err)
		if of == nil {
			of = make(map[fiscal.Year]money.Amount)
		}
		of[y] = d.amount(v.Column, money.Unknown)
	}
	return of
}

func decodeArea(d *reader) commissioning.Area {
	return commissioning.Area{ID: d.r.ID, Name: d.text("name"), NameCy: d.text("name_cy"), Kind: d.text("kind"), Parent: d.text("parent"),
		GSSCode: d.text("gss_code"), Population: d.count("population"), Tags: d.list("tags")}
}

func decodeOrganisation(d *reader) commissioning.Organisation {
	return commissioning.Organisation{ID: d.r.ID, Name: d.text("name"), Kind: d.text("kind"), OrgID: d.text("org_id")}
}

func decodeObjective(d *reader) commissioning.Objective {
	return commissioning.Objective{ID: d.r.ID, Name: d.text("name"), NameCy: d.text("name_cy"), Parent: d.text("parent"),
		Kind: choice(d, "kind", commissioning.ParseObjectiveKind), AgreedBy: d.list("agreed_by"), AgreedOn: d.date("agreed_on"),
		AgreedRef: d.text("agreed_ref"), Weight: max(d.count("weight"), 0)}
}

func decodeStream(d *reader) funding.Stream {
	return funding.Stream{ID: d.r.ID, Name: d.text("name"), NameCy: d.text("name_cy"), Funder: d.text("funder"),
		Permanence: choice(d, "permanence", funding.ParsePermanence), RingFence: d.text("ring_fence"),
		Arrangement: choice(d, "arrangement", funding.ParseArrangement), Objectives: d.list("objectives"),
		LegalBasis: d.text("legal_basis"), Source: d.text("source")}
}

func decodeAward(d *reader) funding.Award {
	return funding.Award{ID: d.r.ID, Stream: d.text("stream"), Reference: d.text("reference"), Recipient: d.text("recipient"),
		PartOf: d.text("part_of"), Money: choice(d, "money", funding.ParseKind), Term: d.period("starts", "ends"),
		ClaimBy: d.date("claim_by"), AcceptedOn: d.date("accepted_on"), Owner: d.text("owner"),
		Fate: choice(d, "fate", funding.ParseFate), Successor: d.text("successor"), RenewalPercent: d.percent("renewal_percent"), Source: d.text("source")}
}

func decodeFigure(d *reader) funding.Figure {
	return funding.Figure{Award: d.text("award"), Year: d.year("year"), Amount: d.amount("amount", money.Unknown),
		Certainty: choice(d, "certainty", funding.ParseCertainty), StatedOn: d.date("stated_on"), SaidBy: d.text("said_by"),
		ValidUntil: d.date("valid_until"), Source: d.text("source")}
}

func decodeTerm(d *reader) funding.Term {
	t := funding.Term{ID: d.r.ID, Stream: d.text("stream"), Award: d.text("award"), Rule: choice(d, "rule", funding.ParseRule),
		Value: d.text("value"), Clause: d.text("clause"), Source: d.text("source"), InForce: d.period("from", "to")}
	if when := d.text("when"); when != "" {
		var err error
		t.When, err = funding.ParseWhen(when)
		d.fail("when", err)
	}
	t, err := funding.NewTerm(t)
	d.fail("value", err)
	return t
}

func decodeBoard(d *reader) commissioning.Board {
	return commissioning.Board{ID: d.r.ID, Name: d.text("name"), Area: d.text("area"), Kind: choice(d, "kind", commissioning.ParseBoardKind),
		DecidedBy: d.text("decided_by"), Quorum: d.count("quorum"), CallInDays: max(d.count("call_in_days"), 0)}
}

func decodeService(d *reader) commissioning.Service {
	return commissioning.Service{ID: d.r.ID, Name: d.text("name"), NameCy: d.text("name_cy"), Description: d.text("description"),
		Activity: d.text("activity"), Provider: d.text("provider"), Areas: d.list("areas"), Ages: d.ages("ages"), Level: d.text("level"),
		Statutory: d.yes("statutory"), Duty: d.text("duty"), Role: choice(d, "role", commissioning.ParseRole),
		Evidence: choice(d, "evidence", commissioning.ParseEvidence), EvidenceOn: d.date("evidence_on"), Objectives: d.list("objectives"),
		Capacity: d.count("capacity"), Unit: d.text("unit"), Owner: d.text("owner"), Board: d.text("board"), PaidElsewhere: d.unlessNo("paid_elsewhere"),
		Starts: d.date("starts"), Ends: d.date("ends"), CostType: d.text("cost_type"), PriceBase: d.text("price_base"),
		Income: d.amount("income", money.Known(0)), Cost: d.yearAmounts()}
}

func decodeNeed(d *reader) commissioning.Need {
	return commissioning.Need{Objective: d.text("objective"), Area: d.text("area"), Ages: d.ages("ages"), Year: d.year("year"),
		People: d.count("people"), Unit: d.text("unit"), Source: d.text("source")}
}

func decodeAgreement(d *reader) commissioning.Agreement {
	a := commissioning.Agreement{ID: d.r.ID, Service: d.text("service"), Provider: d.text("provider"), Kind: d.text("kind"),
		Starts: d.date("starts"), Ends: d.date("ends"), BreakClause: d.unlessNo("break_clause"), NoticeMonths: d.count("notice_months"),
		LeadMonths: d.count("lead_months"), Value: d.yearAmounts(), Returns: d.text("returns")}
	if d.text("value") != "" {
		if a.Value == nil {
			a.Value = make(map[fiscal.Year]money.Amount)
		}
		a.Value[fiscal.Term] = d.amount("value", money.Unknown)
	}
	return a
}

func decodeLimit(d *reader) commissioning.Limit {
	amount, _ := d.amount("amount", money.Known(0)).Known()
	return commissioning.Limit{Role: d.text("role"), Action: d.text("action"), Amount: amount, Inclusive: d.yes("inclusive"),
		Per: choice(d, "per", commissioning.ParsePer), Permanent: d.yes("permanent"), InForce: d.period("from", "to")}
}

func decodePost(d *reader) commissioning.Post {
	fte, _ := commissioning.ParseFTE(d.text("fte")) // rows stored before the column had a form may say anything
	p := commissioning.Post{ID: d.r.ID, Service: d.text("service"), FTE: fte, Employer: d.text("employer"), ContractEnd: d.date("contract_end"),
		ServiceBand: d.text("service_band"), AnnualCost: d.amount("annual_cost", money.Unknown), ExitCost: d.amount("exit_cost", money.Unknown)}
	switch d.text("tupe") {
	case "", "?":
	case "no":
		p.TUPE = commissioning.DoesNotTransfer
	default:
		p.TUPE = commissioning.Transfers
	}
	if text := d.text("awards"); text != "" {
		var err error
		p.Awards, err = ParseLabels(text)
		d.fail("awards", err)
		if len(p.Awards) == 1 {
			p.Awards[0].Weight, _ = money.NewShare(1, 1)
		}
	}
	return p
}

// Rows stored before kind and deadweight had forms are read as far as they make
// sense.
func decodeSaving(d *reader) commissioning.Saving {
	kind, err := commissioning.ParseSavingKind(d.text("kind"))
	if err != nil {
		kind = commissioning.SavingNotStated
	}
	deadweight, unweighed := money.ParseShare(d.text("deadweight_percent"))
	return commissioning.Saving{ID: d.r.ID, Service: d.text("service"), Kind: kind, Protects: d.text("protects"), Gains: d.text("gains"),
		Confidence: d.text("confidence"), Deadweight: deadweight, Weighed: unweighed == nil, Status: d.text("status"), Amount: d.yearAmounts()}
}

// checkAssumption holds a row to its kind: a renewal is a chance, timing is
// months, the rest are rates.
func checkAssumption(d *reader) {
	kind := d.text("kind")
	for _, column := range []string{"percent", "low", "high"} {
		text := d.text(column)
		if text == "" {
			continue
		}
		switch whole := func(digits string, most int) bool {
			n, err := strconv.Atoi(digits)
			return err == nil && n >= 0 && n <= most
		}; {
		case kind == "timing" && column != "percent":
			if !whole(text, 120) {
				d.fail(column, errors.New("write a number of months, such as 3"))
			}
		case kind == "renewal":
			if !whole(strings.TrimSuffix(text, "%"), 100) {
				d.fail(column, errors.New("write how likely it is as a whole percentage from 0% to 100%"))
			}
		default:
			_, err := money.ParseRate(text)
			d.fail(column, err)
		}
	}
	if (kind == "renewal" || kind == "timing") && d.text("award") == "" {
		d.fail("award", errors.New("write which award this is about"))
	}
	d.year("year")
	d.date("stated_on")
}

// Line is an allocation that entries cannot say: its amount is unknown, or it
// is only proposed, or was withdrawn. It holds no money.
type Line struct {
	ID, Award, Service, Board string
	Year                      fiscal.Year
	Amount                    money.Amount
	State                     string // agreed, proposed or withdrawn
	Objective, Area           string // as written: labels with or without shares
	AgreedOn                  fiscal.Date
}

func decodeLine(d *reader) Line {
	state := d.text("state")
	if state == "" {
		state = "agreed"
	}
	return Line{ID: d.r.ID, Award: d.text("award"), Service: d.text("service"), Board: d.text("board"), Year: d.year("year"),
		Amount: d.amount("amount", money.Unknown), State: state, Objective: d.text("objective"), Area: d.text("area"), AgreedOn: d.date("agreed_on")}
}

// Silent reports whether the line says nothing that entries do not: agreed,
// with a known amount.
func (l Line) Silent() bool { return l.State == "agreed" && !l.Amount.IsUnknown() }

// Check reports the first thing in a record that does not make sense by itself.
// Whether what it refers to exists is for Put to say.
func (r Record) Check() error {
	_, err := nowhere.decode(r)
	return err
}

var nowhere = Empty()

// place puts a record in the registers of a version being made.
func (b *Book) place(r Record) error {
	put, err := b.decode(r)
	if err != nil {
		return err
	}
	put()
	b.records[r.Register].put(r.ID, r)
	return nil
}

// decode reads a record and gives what would put it in the registers.
func (b *Book) decode(r Record) (func(), error) {
	if b.records[r.Register] == nil {
		return nil, &Malformed{Register: r.Register, ID: r.ID, Remedy: "Braid has no register of this name"}
	}
	if r.ID == "" {
		return nil, &Malformed{Register: r.Register, Remedy: "a record needs an id"}
	}
	d := &reader{r: r}
	var put func()
	switch r.Register {
	case "areas":
		put = placing(&b.areas, r.ID, decodeArea(d))
	case "organisations":
		put = placing(&b.organisations, r.ID, decodeOrganisation(d))
	case "objectives":
		put = placing(&b.objectives, r.ID, decodeObjective(d))
	case "streams":
		put = placing(&b.streams, r.ID, decodeStream(d))
	case "awards":
		put = placing(&b.awards, r.ID, decodeAward(d))
	case "figures":
		f := decodeFigure(d)
		put = func() {
			all, _ := b.statements.get(f.Award)
			next := make([]statement, 0, len(all)+1)
			f.Order = len(all)
			for _, s := range all {
				if s.id == r.ID {
					f.Order = s.Order
					continue
				}
				next = append(next, s)
			}
			if d.text("state") != "withdrawn" {
				next = append(next, statement{r.ID, f})
			}
			b.statements.put(f.Award, next)
		}
	case "terms":
		put = placing(&b.terms, r.ID, decodeTerm(d))
	case "boards":
		put = placing(&b.boards, r.ID, decodeBoard(d))
	case "services":
		put = placing(&b.services, r.ID, decodeService(d))
	case "needs":
		put = placing(&b.needs, r.ID, decodeNeed(d))
	case "agreements":
		put = placing(&b.agreements, r.ID, decodeAgreement(d))
	case "limits":
		put = placing(&b.limits, r.ID, decodeLimit(d))
	case "allocations":
		put = placing(&b.lines, r.ID, decodeLine(d))
	case "posts":
		put = placing(&b.posts, r.ID, decodePost(d))
	case "savings":
		put = placing(&b.savings, r.ID, decodeSaving(d))
	case "assumptions":
		checkAssumption(d)
		put = func() {}
	case "periods":
		put = placing(&b.periods, r.ID, r.Get("state"))
	default:
		put = func() {}
	}
	return put, d.err
}

func placing[T any](t *table[T], id string, v T) func() { return func() { t.put(id, v) } }
