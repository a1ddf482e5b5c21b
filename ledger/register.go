package ledger

// Form says how a column's cells are read and kept.
type Form uint8

// The forms of column. What is kept is canonical: ISO dates, pounds with two
// decimals, "?" for unknown, yes or no, lists joined by ";".
const (
	Text       Form = iota // words, kept letter for letter
	Code                   // the row's own id
	Reference              // the id of a row of the register named by Of
	References             // several, separated by ";"
	Labels                 // "a", "a:60;b:40" or "a;b": ids of Of, with shares or not split
	Choice                 // one of Words
	List                   // words separated by ";"
	Day                    // a civil date
	Money                  // pounds, not negative; "?" unknown
	Signed                 // pounds, negative allowed
	Count                  // a whole number, not negative; "?" unknown
	Percent                // "25%"
	Rate                   // a percentage a year: "2.5%", "-1%"
	Hundredths             // a number with at most two decimals: "0.6"; "?" unknown
	Year                   // a financial year
	YearOrTerm             // a financial year, or "term"
	AgeRange               // "0-3", inclusive
	YesNo                  // yes or no; other words are kept as an explanation of yes
	Place                  // an area's id or "tag:…"
)

// Column is one column of a register.
type Column struct {
	Name     string
	Form     Form
	Required bool
	Of       string   // register referred to
	Words    []string // choices, first the default
	Help     string   // one line for the template
	Example  string
}

// Register is one table of what the council knows beside money: its columns in
// canonical order, the design's own (section 4).
type Register struct {
	Name    string
	About   string // what a row is, for the template
	Columns []Column
	Years   string // what a column headed by a financial year holds; "" when there are none
	Posts   bool   // rows become entries; records are kept only of what entries cannot say
	Place   bool   // its place is kept: rows are stored and given back, nothing reads them yet
}

// Column gives a column by name.
func (r *Register) Column(name string) *Column {
	for i := range r.Columns {
		if r.Columns[i].Name == name {
			return &r.Columns[i]
		}
	}
	return nil
}

// RegisterNamed gives a register by name, nil if there is none.
func RegisterNamed(name string) *Register {
	for i := range Registers {
		if Registers[i].Name == name {
			return &Registers[i]
		}
	}
	return nil
}

var certainties = []string{"", "assumed", "applied", "indicative", "provisional", "announced", "confirmed", "revised", "clawed back"}

// Registers lists every register, in an order in which each refers only to
// itself and those before it.
var Registers = []Register{
	{Name: "areas", About: "a place, within its parent", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Help: "your own short code", Example: "north"},
		{Name: "name", Required: true, Example: "North"},
		{Name: "name_cy", Help: "the name in Welsh"},
		{Name: "kind", Help: "region, authority, locality, ward, LSOA or catchment", Example: "locality"},
		{Name: "parent", Form: Reference, Of: "areas"},
		{Name: "gss_code", Help: "the official code, like W06000013"},
		{Name: "population", Form: Count, Help: "children and young people aged 0 to 17"},
		{Name: "tags", Form: List, Help: "priority; flying-start"},
	}},
	{Name: "organisations", About: "a funder, provider or partner", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "welsh-government"},
		{Name: "name", Required: true, Example: "Welsh Government"},
		{Name: "kind", Help: "funder, council, health, voluntary, private"},
		{Name: "org_id", Help: "an org-id.guide identifier"},
	}},
	{Name: "objectives", About: "an outcome, or a joint objective under one", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "confident-parents"},
		{Name: "name", Required: true, Example: "Confident parents"},
		{Name: "name_cy"},
		{Name: "parent", Form: Reference, Of: "objectives"},
		{Name: "kind", Form: Choice, Words: []string{"objective", "outcome"}},
		{Name: "agreed_by", Form: List, Help: "the partners who agreed it", Example: "Council; Health board"},
		{Name: "agreed_on", Form: Day},
		{Name: "agreed_ref", Help: "the paper or minute"},
		{Name: "weight", Form: Count, Help: "how much it matters beside the others"},
	}},
	{Name: "streams", About: "a funding programme; with an award's columns it is also its one award", Years: "the award's amount for the year", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "families-first"},
		{Name: "name", Required: true, Example: "Families First"},
		{Name: "name_cy"},
		{Name: "funder", Help: "who gives; an organisation's id or name"},
		{Name: "permanence", Form: Choice, Words: []string{"", "base budget", "settlement", "recurring", "multi-year", "annual", "one-off"}},
		{Name: "ring_fence", Help: "ring-fenced, blocks, hypothecated, un-ring-fenced"},
		{Name: "arrangement", Form: Choice, Words: []string{"aligned", "pooled"}},
		{Name: "objectives", Form: References, Of: "objectives", Help: "the joint objectives it works to"},
		{Name: "legal_basis"},
		{Name: "source", Help: "the paper that says so"},
	}},
	{Name: "awards", About: "one grant of a stream for a term", Years: "the award's amount for the year", Columns: append([]Column{
		{Name: "id", Form: Code, Required: true, Example: "ff-2026"},
		{Name: "stream", Form: Reference, Of: "streams", Required: true}}, awardColumns...)},
	{Name: "figures", About: "one stated amount of an award", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "year", Form: YearOrTerm, Required: true, Help: "a financial year, or term for the whole term"},
		{Name: "amount", Form: Money, Required: true, Help: "the new total, not the change"},
		{Name: "certainty", Form: Choice, Words: certainties},
		{Name: "stated_on", Form: Day},
		{Name: "said_by"},
		{Name: "valid_until", Form: Day, Help: "an assurance that has run out falls back to assumed"},
		{Name: "source"},
		{Name: "state", Form: Choice, Words: []string{"stated", "withdrawn"}, Help: "withdrawn where it was entered by mistake"},
	}},
	{Name: "terms", About: "a condition of a stream or an award that Braid can check", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "fs-ages"},
		{Name: "stream", Form: Reference, Of: "streams"},
		{Name: "award", Form: Reference, Of: "awards"},
		{Name: "rule", Form: Choice, Required: true, Words: []string{"", "ages", "areas", "objectives", "cost-type", "elements", "level", "min-share", "max-share", "match", "admin-cap", "additional", "carry-forward", "virement", "spend-by"}},
		{Name: "value", Required: true, Example: "0-3"},
		{Name: "when", Help: "when it applies, like area=tag:fs-phase-2"},
		{Name: "clause", Help: "the words of the condition"},
		{Name: "source"},
		{Name: "from", Form: Day},
		{Name: "to", Form: Day},
	}},
	{Name: "boards", About: "a board that recommends, or decides, on a devolved budget", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "north"},
		{Name: "name", Required: true},
		{Name: "area", Form: Reference, Of: "areas"},
		{Name: "kind", Form: Choice, Words: []string{"recommends", "decides"}},
		{Name: "decided_by", Help: "who decides on its recommendation"},
		{Name: "quorum", Form: Count},
		{Name: "call_in_days", Form: Count},
	}},
	{Name: "services", About: "what is provided", Years: "planned cost in the year", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "youth-inclusion"},
		{Name: "name", Required: true, Example: "Youth inclusion panels"},
		{Name: "name_cy"},
		{Name: "description"},
		{Name: "activity", Help: "what is done: parenting groups, home visits, childcare …"},
		{Name: "provider", Help: "who does it; an organisation's id or name"},
		{Name: "areas", Form: References, Of: "areas"},
		{Name: "ages", Form: AgeRange, Help: "whole years, inclusive", Example: "5-13"},
		{Name: "level", Help: "level of need, from your own list"},
		{Name: "statutory", Form: YesNo},
		{Name: "duty", Help: "the law that requires it"},
		{Name: "role", Form: Choice, Words: []string{"direct", "strategic", "management", "overhead"}},
		{Name: "evidence", Form: Choice, Words: []string{"not assessed", "proven", "promising", "untested", "ineffective"}},
		{Name: "evidence_on", Form: Day},
		{Name: "objectives", Form: References, Of: "objectives"},
		{Name: "capacity", Form: Count, Help: "people it can serve in a year"},
		{Name: "unit"},
		{Name: "owner", Help: "a post, not a person"},
		{Name: "board", Form: Reference, Of: "boards"},
		{Name: "paid_elsewhere", Form: YesNo, Help: "yes if another body pays and its money is not in Braid"},
		{Name: "starts", Form: Day},
		{Name: "ends", Form: Day},
		{Name: "cost_type"},
		{Name: "price_base", Help: "cash, or the year whose prices the costs are in"},
		{Name: "income", Form: Money, Help: "fees and charges a year"},
	}},
	{Name: "needs", About: "people who need an objective met in a place", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "objective", Form: Reference, Of: "objectives", Required: true},
		{Name: "area", Form: Reference, Of: "areas", Required: true},
		{Name: "ages", Form: AgeRange},
		{Name: "year", Form: Year},
		{Name: "people", Form: Count, Required: true},
		{Name: "unit"},
		{Name: "source"},
	}},
	{Name: "agreements", About: "what secures a service: contract, SLA, grant agreement, in-house", Years: "its value in the year", Columns: []Column{
		{Name: "id", Form: Code, Required: true},
		{Name: "service", Form: Reference, Of: "services", Required: true},
		{Name: "provider"},
		{Name: "kind", Help: "contract, SLA, grant agreement, in-house"},
		{Name: "starts", Form: Day},
		{Name: "ends", Form: Day},
		{Name: "break_clause", Form: YesNo},
		{Name: "notice_months", Form: Count},
		{Name: "lead_months", Form: Count, Help: "months to arrange what follows"},
		{Name: "value", Form: Money, Help: "for the whole term"},
		{Name: "returns"},
	}},
	{Name: "delegations", About: "award money set aside for a board", Years: "the amount set aside", Posts: true, Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "board", Form: Reference, Of: "boards", Required: true},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "agreed_on", Form: Day},
	}},
	{Name: "allocations", About: "award money put on a service", Years: "the amount for the year", Posts: true, Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "service", Form: Reference, Of: "services", Required: true},
		{Name: "objective", Form: Labels, Of: "objectives"},
		{Name: "area", Form: Labels, Of: "areas"},
		{Name: "element"},
		{Name: "cost_type"},
		{Name: "match_for", Help: "the award this money matches"},
		{Name: "board", Form: Reference, Of: "boards"},
		{Name: "agreed_on", Form: Day},
		{Name: "state", Form: Choice, Words: []string{"agreed", "proposed", "withdrawn"}},
		{Name: "year", Form: YearOrTerm},
		{Name: "amount", Form: Money},
		{Name: "starts", Form: Day},
		{Name: "ends", Form: Day},
		{Name: "percent", Form: Percent, Help: "of the award's figure for the year, worked out once"},
	}},
	{Name: "payments", About: "actual spend", Posts: true, Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "date", Form: Day},
		{Name: "period", Help: "an accounting month like 2026-04, where there is no date"},
		{Name: "amount", Form: Signed, Required: true, Help: "negative is a refund"},
		{Name: "award", Form: Reference, Of: "awards"},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "cost_centre"},
		{Name: "account"},
		{Name: "objective", Form: Reference, Of: "objectives"},
		{Name: "area", Form: Reference, Of: "areas"},
		{Name: "reference"},
	}},
	{Name: "codes", About: "how finance's codes map to Braid", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "cost_centre", Required: true},
		{Name: "account"},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "award", Form: Reference, Of: "awards"},
		{Name: "share", Form: Percent},
		{Name: "from", Form: Day},
		{Name: "to", Form: Day},
	}},
	{Name: "limits", About: "how much a role may decide alone", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "role", Required: true},
		{Name: "action", Required: true},
		{Name: "amount", Form: Money, Required: true},
		{Name: "inclusive", Form: YesNo},
		{Name: "per", Form: Choice, Words: []string{"move", "year"}},
		{Name: "permanent", Form: YesNo},
		{Name: "from", Form: Day},
		{Name: "to", Form: Day},
	}},
	{Name: "transfers", About: "award money passed to another body or pool", Years: "the amount passed", Posts: true, Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "to", Required: true, Help: "an organisation, or a pooled award"},
		{Name: "bears_over", Help: "who bears an overspend"},
		{Name: "bears_under", Help: "who keeps an underspend"},
		{Name: "agreed_on", Form: Day},
	}},

	// What officers decide in Braid itself; kept, exported and read back like the rest.
	{Name: "judgements", About: "an officer's recorded answer to a finding", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Help: "the finding's id"},
		{Name: "verdict", Form: Choice, Required: true, Words: []string{"", "duplication", "both needed", "accepted", "not sure"}},
		{Name: "facts", Help: "the fingerprint of the facts it rests on"},
		{Name: "reason", Required: true},
		{Name: "review_on", Form: Day},
		{Name: "asked", Help: "who was asked, when not sure"},
		{Name: "by"},
	}},
	{Name: "exceptions", About: "the ground on which a term was set aside for one service", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "service", Form: Reference, Of: "services", Required: true},
		{Name: "term", Required: true, Help: "the term's id, or award-period for the award's own dates"},
		{Name: "ground", Required: true},
		{Name: "by"},
	}},
	{Name: "approvals", About: "leave to commit money before it is secured", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "award", Form: Reference, Of: "awards", Required: true},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "ceiling", Form: Money, Required: true},
		{Name: "until", Form: Day, Required: true},
		{Name: "by", Required: true},
		{Name: "bears_loss", Required: true},
	}},
	{Name: "periods", About: "an accounting month: open, finance-only or closed", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Help: "the month, like 2026-04", Example: "2026-04"},
		{Name: "state", Form: Choice, Required: true, Words: []string{"open", "finance-only", "closed"}},
		{Name: "reason"},
		{Name: "by"},
	}},
	{Name: "asks", About: "what waits for another person's approval", Columns: []Column{
		{Name: "id", Form: Code, Required: true},
		{Name: "kind", Form: Choice, Required: true, Words: []string{"", "reallocate", "allocate", "vire", "delegate", "reopen", "state", "apply"}},
		{Name: "what", Required: true, Help: "the request itself, as Braid writes it"},
		{Name: "amount", Form: Money},
		{Name: "year", Form: YearOrTerm},
		{Name: "reason", Required: true},
		{Name: "by", Required: true, Help: "who asked"},
		{Name: "role"},
		{Name: "asked_on", Form: Day},
		{Name: "state", Form: Choice, Words: []string{"asked", "approved", "refused", "withdrawn"}},
		{Name: "decided_by"},
		{Name: "decided_on", Form: Day},
		{Name: "decided_reason"},
	}},
	{Name: "proposals", About: "what a board is asked to pay for", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "dads-group"},
		{Name: "board", Form: Reference, Of: "boards", Required: true},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "award", Form: Reference, Of: "awards"},
		{Name: "objective", Form: Labels, Of: "objectives"},
		{Name: "area", Form: Labels, Of: "areas"},
		{Name: "year", Form: Year, Required: true},
		{Name: "title", Required: true},
		{Name: "amount", Form: Money, Required: true},
		{Name: "people", Form: Count, Help: "how many it is for"},
		{Name: "what", Help: "what will happen"},
		{Name: "why", Help: "what will be better"},
		{Name: "asked_by"},
		{Name: "asked_on", Form: Day},
		{Name: "state", Form: Choice, Words: []string{"proposed", "draft", "recommended", "approved", "part", "deferred", "in principle", "refused", "withdrawn"}},
		{Name: "line", Help: "the proposed allocation that stands for its money"},
	}},
	{Name: "interests", About: "whether someone who decides has a stake in a proposal", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "proposal", Form: Reference, Of: "proposals", Required: true},
		{Name: "person", Required: true},
		{Name: "name"},
		{Name: "interest", Form: YesNo, Required: true},
		{Name: "what"},
		{Name: "declared_on", Form: Day},
	}},
	{Name: "decisions", About: "what a board, or the council, decided on a proposal", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "proposal", Form: Reference, Of: "proposals", Required: true},
		{Name: "body", Required: true, Help: "who decided"},
		{Name: "outcome", Form: Choice, Required: true, Words: []string{"", "pay", "part", "defer", "in principle", "refuse"}},
		{Name: "kind", Form: Choice, Words: []string{"decides", "recommends"}},
		{Name: "amount", Form: Money},
		{Name: "held_on", Form: Day},
		{Name: "present", Form: Count},
		{Name: "votes_for", Form: Count},
		{Name: "votes_against", Form: Count},
		{Name: "abstained", Form: Count},
		{Name: "reason", Required: true},
		{Name: "by", Required: true, Help: "who recorded it"},
		{Name: "second", Help: "the second member, who agrees the record"},
		{Name: "until", Form: Day, Help: "until when it is deferred, or agreed in principle"},
	}},
	{Name: "meetings", About: "when a board meets", Columns: []Column{
		{Name: "id", Form: Code, Required: true},
		{Name: "board", Form: Reference, Of: "boards", Required: true},
		{Name: "held_on", Form: Day, Required: true},
		{Name: "place"},
		{Name: "papers", Help: "where they are"},
	}},
	{Name: "notes", About: "what an officer noted about a row of any register", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "about", Required: true, Help: "the register and the row's id", Example: "services/youth-inclusion"},
		{Name: "text", Required: true},
		{Name: "link"},
		{Name: "by"},
		{Name: "on", Form: Day},
	}},
	{Name: "exits", About: "how a service ends, or goes on, when its money does", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "service", Form: Reference, Of: "services", Required: true},
		{Name: "state", Form: Choice, Words: []string{"none", "draft", "agreed"}},
		{Name: "option", Form: Choice, Words: []string{"", "end", "mainstream", "other grant", "charge", "merge", "hand over"}},
		{Name: "owner", Help: "a post, not a person"},
		{Name: "exit_cost", Form: Money},
		{Name: "agreed_on", Form: Day},
		{Name: "people", Form: Count, Help: "how many people it touches"},
		{Name: "after", Help: "what happens to them"},
		{Name: "note"},
	}},
	{Name: "settings", About: "the council's own settings", Columns: []Column{
		{Name: "id", Form: Code, Required: true},
		{Name: "value", Required: true},
	}},

	{Name: "posts", About: "a post on a service (no names; finance only)", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "service", Form: Reference, Of: "services", Required: true},
		{Name: "fte", Form: Hundredths, Help: "full-time equivalent", Example: "0.6"},
		{Name: "employer"},
		{Name: "contract_end", Form: Day, Help: "blank is no end"},
		{Name: "service_band", Help: "years of service, as your own scheme bands them", Example: "2 to 5 years"},
		{Name: "annual_cost", Form: Money, Help: "with on-costs"},
		{Name: "exit_cost", Form: Money, Help: "notice, redundancy and pension strain"},
		{Name: "tupe", Form: YesNo, Help: "whether it would transfer; blank is not known"},
		{Name: "awards", Form: Labels, Of: "awards", Help: "what pays for it"},
	}},
	{Name: "savings", About: "a saving or a pressure", Years: "the saving in the year", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "kind", Form: Choice, Words: []string{"", "cashable", "non-cashable", "avoided", "pressure"}, Help: "only cashable money can be taken out of a budget"},
		{Name: "protects"},
		{Name: "gains", Help: "the organisation whose budget gains"},
		{Name: "confidence"},
		{Name: "deadweight_percent", Form: Percent, Help: "what would have happened anyway"},
		{Name: "status", Help: "found, agreed or made; anything else is not found yet"},
	}},

	// What is assumed, and what is tried out.
	{Name: "assumptions", About: "what is assumed of the years to come", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "kind", Form: Choice, Required: true, Words: []string{"", "price", "pay", "renewal", "timing"}},
		{Name: "cost_type", Help: "blank is every cost"},
		{Name: "year", Form: Year, Help: "blank is every year"},
		{Name: "award", Form: Reference, Of: "awards", Help: "for a renewal: which award"},
		{Name: "percent", Form: Rate, Help: "a rise a year, or how likely a renewal is", Example: "2%"},
		{Name: "low", Help: "the least it may be: a percentage or, of timing, a number of months"},
		{Name: "high", Help: "the most it may be"},
		{Name: "source"},
		{Name: "stated_on", Form: Day},
	}},
	{Name: "scenarios", About: "a list of changes to try out on the money", Columns: []Column{
		{Name: "id", Form: Code, Required: true, Example: "use-money-left"},
		{Name: "name", Required: true},
		{Name: "name_cy"},
		{Name: "note"},
		{Name: "state", Form: Choice, Words: []string{"draft", "shared", "applied", "withdrawn"}},
		{Name: "by", Help: "who made it"},
		{Name: "year", Form: Year, Help: "the year it is looked at in"},
		{Name: "years", Form: Count, Help: "how many years it shows"},
		{Name: "applied", Form: Day, Help: "when its decisions were posted"},
	}},
	{Name: "changes", About: "one change of a scenario", Columns: []Column{
		{Name: "id", Form: Code},
		{Name: "scenario", Form: Reference, Of: "scenarios", Required: true},
		{Name: "n", Form: Count, Help: "its place in the list"},
		{Name: "kind", Form: Choice, Required: true, Words: []string{"", "award-cut", "award-ends", "award-renewed", "award-delayed", "award-moved", "stream-merged",
			"service-stops", "service-resized", "service-protected", "service-merged", "money-moved", "money-put", "core-added", "prices"}},
		{Name: "award", Form: Reference, Of: "awards"},
		{Name: "to_award", Form: Reference, Of: "awards"},
		{Name: "service", Form: Reference, Of: "services"},
		{Name: "to_service", Form: Reference, Of: "services"},
		{Name: "objective", Form: Reference, Of: "objectives", Help: "what more money is for, where the service does not say it"},
		{Name: "area", Form: Reference, Of: "areas"},
		{Name: "year", Form: Year},
		{Name: "to_year", Form: Year},
		{Name: "amount", Form: Money},
		{Name: "percent", Form: Count, Help: "a whole per cent: of the cut, of the size that is left, of the saving"},
		{Name: "date", Form: Day},
		{Name: "cost_type"},
		{Name: "rate", Form: Rate, Help: "a rise in prices a year"},
		{Name: "why"},
		{Name: "state", Form: Choice, Words: []string{"stands", "withdrawn"}},
	}},

	// Their place is kept: later work reads them.
	{Name: "claims", Place: true, About: "a claim on an award", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "award", Form: Reference, Of: "awards", Required: true}, {Name: "period"}, {Name: "due", Form: Day}, {Name: "estimate", Form: Money},
		{Name: "claimed", Form: Money}, {Name: "received", Form: Money}, {Name: "disallowed", Form: Money}}},
	{Name: "outturns", Place: true, About: "forecast outturn of a service on an award", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "service", Form: Reference, Of: "services", Required: true}, {Name: "award", Form: Reference, Of: "awards"}, {Name: "period"},
		{Name: "budget_to_date", Form: Signed}, {Name: "forecast", Form: Signed}, {Name: "comment"}}},
	{Name: "indicators", Place: true, About: "what measures an objective or a service", Columns: []Column{
		{Name: "id", Form: Code, Required: true}, {Name: "name", Required: true}, {Name: "name_cy"}, {Name: "objective", Form: Reference, Of: "objectives"}, {Name: "service", Form: Reference, Of: "services"},
		{Name: "question"}, {Name: "unit"}, {Name: "wanted"}, {Name: "baseline"}, {Name: "baseline_on", Form: Day}, {Name: "source"}}},
	{Name: "measurements", Place: true, About: "one value of an indicator", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "indicator", Form: Reference, Of: "indicators", Required: true}, {Name: "period", Required: true}, {Name: "target"}, {Name: "value"},
		{Name: "area", Form: Reference, Of: "areas"}, {Name: "source"}, {Name: "quality"}}},
	{Name: "views", Place: true, About: "what people said", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "about", Required: true}, {Name: "group"}, {Name: "people", Form: Count}, {Name: "said"}, {Name: "on", Form: Day}, {Name: "answer"}}},
	{Name: "requests", Place: true, About: "what a body asked for", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "body", Required: true}, {Name: "asked_on", Form: Day}, {Name: "text"}, {Name: "due", Form: Day}, {Name: "owner"}, {Name: "answer"}, {Name: "evidence"}, {Name: "done_on", Form: Day}}},
	{Name: "actions", Place: true, About: "an action in a plan", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "title", Required: true}, {Name: "objective", Form: Reference, Of: "objectives"}, {Name: "owner"}, {Name: "due", Form: Day}, {Name: "done_on", Form: Day}, {Name: "indicator", Form: Reference, Of: "indicators"}}},
	{Name: "returns", Place: true, About: "a return owed on a stream or agreement", Columns: []Column{
		{Name: "id", Form: Code}, {Name: "stream", Form: Reference, Of: "streams"}, {Name: "agreement", Form: Reference, Of: "agreements"}, {Name: "title"}, {Name: "period"}, {Name: "due", Form: Day}, {Name: "measures"}, {Name: "certifier"}}},
}

// awardColumns are an award's own; a stream's row may carry them too.
var awardColumns = []Column{
	{Name: "reference", Help: "the funder's own reference"},
	{Name: "recipient", Help: "the body the money is paid to"},
	{Name: "part_of", Form: Reference, Of: "awards"},
	{Name: "money", Form: Choice, Words: []string{"revenue", "capital"}},
	{Name: "starts", Form: Day},
	{Name: "ends", Form: Day, Help: "the last day; blank is no end"},
	{Name: "claim_by", Form: Day},
	{Name: "accepted_on", Form: Day},
	{Name: "owner", Help: "a post, not a person"},
	{Name: "fate", Form: Choice, Words: []string{"", "stops", "renewed", "merged into", "renamed", "into settlement", "unknown"}},
	{Name: "successor", Form: Reference, Of: "awards"},
	{Name: "renewal_percent", Form: Percent, Help: "how likely renewal is"},
	{Name: "certainty", Form: Choice, Words: certainties},
	{Name: "stated_on", Form: Day},
	{Name: "said_by"},
	{Name: "valid_until", Form: Day},
	{Name: "source"},
	{Name: "amount", Form: Money, Help: "for the whole term, where it is not stated by year"},
}

// AwardColumns are the columns of an award that a stream's row may carry when
// the stream has just one award, under the same id.
func AwardColumns() []Column { return awardColumns }

// StatementColumns are the columns of an award's row that state its figures;
// they become figures and are not kept on the award.
var StatementColumns = []string{"certainty", "stated_on", "said_by", "valid_until", "amount"}
