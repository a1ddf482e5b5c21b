package ledger

import (
	"slices"
	"strings"
	"sync"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// useKey is what a term's verdict depends on, so that it is worked out once.
type useKey struct {
	award, service string
	label          Label
	year           fiscal.Year
	on             fiscal.Date
}

// awardTerms is an award, and whether any terms are recorded for it.
type awardTerms struct {
	award funding.Award
	any   bool
}

// lawful checks the terms of an award for a use of its money.
func (d *Draft) lawful(award, service string, year fiscal.Year, m Move) error {
	if d.AsFound {
		return nil
	}
	terms, known := d.terms[award]
	if !known {
		terms.award, _ = d.v.Award(award)
		terms.any = len(d.v.TermsOf(award)) > 0
		d.terms[award] = terms
	}
	if !terms.any { // only its dates could stand against it
		s, _ := d.v.services.get(service)
		if terms.award.JudgeYear(year, within(s, year), false).Verdict == funding.Allowed {
			return nil
		}
	}
	key := useKey{award, service, m.Label, year, m.Effective}
	ruling, done := d.rulings[key]
	if !done {
		ruling = d.v.Judge(award, service, m.Label, year, m.Effective)
		d.rulings[key] = ruling
	}
	switch ruling.Verdict {
	case funding.Refused:
		if d.v.Excepted(award, service, TermID(ruling)) {
			return nil
		}
		return &Breach{Award: d.v.AwardName(award), Service: d.v.ServiceName(service), Ruling: ruling}
	case funding.NotKnown:
		d.ask(Asked{Award: award, Service: service, Term: TermID(ruling), Missing: ruling.Missing})
	}
	return nil
}

// Judge answers whether an award allows its money on a service for what the
// label says, by its own dates and by its terms: allowed, refused or unknown,
// with the clause.
func (b *Book) Judge(award, service string, label Label, year fiscal.Year, on fiscal.Date) funding.Ruling {
	a, _ := b.awards.get(award)
	terms := b.TermsOf(award)
	u := b.Use(award, service, label, year, on)
	if r := a.JudgeYear(year, u.Period, funding.MayCarry(terms)); r.Verdict == funding.Refused {
		return r
	}
	return funding.Judge(terms, u)
}

// AwardPeriod is what an exception names where no term but the award's own
// dates stand against a use.
const AwardPeriod = "award-period"

// TermID names what a ruling rests on, as exceptions name it.
func TermID(r funding.Ruling) string {
	if r.Term != nil {
		return r.Term.ID
	}
	return AwardPeriod
}

// Excepted reports whether an officer has recorded the ground for setting a
// term aside for a service.
func (b *Book) Excepted(award, service, term string) bool {
	for _, r := range b.records["exceptions"].all {
		if r.Get("award") == award && r.Get("service") == service && r.Get("term") == term {
			return true
		}
	}
	return false
}

// Use states what money is used for, in the words terms are judged by. The
// label says it where it can; where it is silent the service answers.
func (b *Book) Use(award, service string, label Label, year fiscal.Year, on fiscal.Date) funding.Use {
	s, _ := b.services.get(service)
	u := funding.Use{CostType: label.CostType, Element: label.Element, Level: s.Level, Year: year, On: on, Period: within(s, year)}
	u.Ages = funding.Ages{From: int(s.Ages.From), To: int(s.Ages.To), Known: s.Ages.Known}
	if u.CostType == "" {
		u.CostType = s.CostType
	}
	areas, objectives := s.Areas, s.Objectives
	if label.Area != "" {
		areas = []string{label.Area}
	}
	if label.Objective != "" {
		objectives = []string{label.Objective}
	}
	for _, id := range areas {
		u.Areas = append(u.Areas, b.branch(&b.memo.areaBranch, b.AreaTree(), id))
	}
	for _, id := range objectives {
		u.Objectives = append(u.Objectives, b.branch(&b.memo.objectiveBranch, b.ObjectiveTree(), id))
	}
	return u
}

// within gives the service's own dates where they cut into the year: a year's
// money is for that year, however long the service has run or will run.
func within(s commissioning.Service, year fiscal.Year) fiscal.Period {
	own := fiscal.ThroughTo(s.Starts, s.Ends)
	if year == fiscal.Term || !own.Overlaps(year.Period()) {
		return own
	}
	if own.From <= year.Start() {
		own.From = 0
	}
	if own.To > year.End() {
		own.To = 0
	}
	return own
}

// branch states where an area or objective lies in its tree; worked out once.
func (b *Book) branch(known *sync.Map, tree *commissioning.Tree, id string) funding.Branch {
	if br, ok := known.Load(id); ok {
		return br.(funding.Branch)
	}
	br := funding.Branch{ID: id, Up: tree.Ancestors(id), Down: tree.Descendants(id)}
	if area, ok := b.areas.get(id); ok {
		br.Tags = append(br.Tags, area.Tags...)
		for _, up := range br.Up {
			above, _ := b.areas.get(up)
			br.Tags = append(br.Tags, above.Tags...)
		}
		for _, down := range br.Down {
			below, _ := b.areas.get(down)
			br.TagsBelow = append(br.TagsBelow, below.Tags...)
		}
	}
	known.Store(id, br)
	return br
}

// permitted asks an award's terms whether money may be moved (virement) or
// carried past a year's end, counting what was moved in that year before.
func (d *Draft) permitted(kind Kind, award, what string, year fiscal.Year, amount money.Pence) error {
	if d.AsFound {
		return nil
	}
	for _, t := range d.v.TermsOf(award) {
		permission, speaks := t.Virement()
		if kind == CarryForward {
			permission, speaks = t.CarryForward()
		}
		if !speaks {
			continue
		}
		var moved money.Sum
		moved.AddPence(amount)
		if permission.Answer == funding.PermittedUpTo {
			moved.AddPence(d.movedBefore(kind, award, year))
		}
		secured, _ := funding.Stand(d.v.Figures(award, year), latestDate)
		figure := secured.Amount
		if !secured.Known {
			figure = money.Unknown
		}
		ruling := permission.Judge(figure, moved)
		ruling.Term = &t
		switch ruling.Verdict {
		case funding.Refused:
			if t.Clause != "" {
				ruling.Reason += " The clause reads “" + t.Clause + "”."
			}
			if !d.v.Excepted(award, what, t.ID) {
				return &Breach{Award: d.v.AwardName(award), Service: d.v.ServiceName(what), Ruling: ruling}
			}
		case funding.NotKnown:
			d.ask(Asked{Award: award, Service: what, Term: t.ID, Missing: ruling.Missing})
		}
	}
	return nil
}

// movedBefore adds up what this and earlier batches moved out of a year of an
// award by one kind of decision, less what was reversed.
func (d *Draft) movedBefore(kind Kind, award string, year fiscal.Year) money.Pence {
	ref, _ := d.v.names.find(award)
	var moved money.Pence
	count := func(e *entry) {
		if e.kind != kind {
			return
		}
		from, back := e.from, d.v.takesBack(e)
		if back {
			from = e.to
		}
		if k := d.v.accountKey(from); k.award == ref && k.year == year {
			if back {
				moved -= e.amount
			} else {
				moved += e.amount
			}
		}
	}
	for _, run := range d.v.entries.runs {
		for i := range run {
			count(&run[i])
		}
	}
	for i := range d.v.pending {
		count(&d.v.pending[i])
	}
	return moved
}

// ask notes a use on which a term lacks a fact, once.
func (d *Draft) ask(a Asked) {
	if !d.asked[a] {
		d.asked[a] = true
		d.Unknown = append(d.Unknown, a)
	}
}

// ReferredIDs gives the ids a cell refers to: one, several, or labels with shares.
func ReferredIDs(c *Column, text string) []string {
	switch c.Form {
	case References:
		return splitIDs(text)
	case Labels:
		cells, err := ParseLabels(text)
		if err != nil {
			return []string{text}
		}
		ids := make([]string, len(cells))
		for i, cell := range cells {
			ids[i] = cell.ID
		}
		return ids
	}
	return []string{text}
}

func splitIDs(text string) []string {
	var ids []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			ids = append(ids, part)
		}
	}
	return ids
}

// ParseLabels reads "a", "a:60;b:40" (numbers that come to 100, or fractions
// that come to 1) or "a;b" (shared, not split: the parts have no share).
func ParseLabels(text string) ([]money.Part, error) {
	bad := func(remedy string) ([]money.Part, error) {
		return nil, &Malformed{Register: "labels", Found: text, Remedy: remedy}
	}
	var parts []money.Part
	var plain []int // parts whose shares are bare numbers
	shares := 0
	for _, piece := range splitIDs(text) {
		p := money.Part{ID: piece}
		if i := strings.LastIndexByte(piece, ':'); i > 0 {
			p.ID = strings.TrimSpace(piece[:i])
			share := strings.TrimSpace(piece[i+1:])
			var err error
			if p.Weight, err = money.ParseShare(share); err != nil {
				return nil, err
			}
			if !strings.ContainsAny(share, "%/") {
				plain = append(plain, len(parts))
			}
			shares++
		}
		if slices.ContainsFunc(parts, func(q money.Part) bool { return q.ID == p.ID }) {
			return bad(p.ID + " is named twice; name each once")
		}
		parts = append(parts, p)
	}
	if shares == 0 {
		return parts, nil
	}
	hundredth, _ := money.NewShare(1, 100)
	whole, _ := money.NewShare(1, 1)
	for _, percent := range []bool{true, false} {
		var err error
		var all money.Share
		for i, p := range parts {
			w := p.Weight
			if percent && slices.Contains(plain, i) {
				if w, err = w.Times(hundredth); err != nil {
					return nil, err
				}
			}
			if all, err = all.Add(w); err != nil {
				return nil, err
			}
		}
		if all == whole && shares == len(parts) {
			for _, i := range plain {
				if percent {
					parts[i].Weight, _ = parts[i].Weight.Times(hundredth)
				}
			}
			return parts, nil
		}
	}
	return bad("give each a share, and make the shares add up to 100")
}

// Cells splits an amount over objective and area labels, to the penny: largest
// remainder over the cells of objective × area. Labels without shares, and
// several without shares, are not split.
func Cells(amount money.Pence, objective, area string) ([]Cell, error) {
	objectives, err := labelled(objective)
	if err != nil {
		return nil, err
	}
	areas, err := labelled(area)
	if err != nil {
		return nil, err
	}
	if len(objectives) == 1 && len(areas) == 1 {
		return []Cell{{objectives[0].ID, areas[0].ID, amount}}, nil
	}
	var parts []money.Part
	for _, o := range objectives {
		for _, a := range areas {
			w, err := o.Weight.Times(a.Weight)
			if err != nil {
				return nil, err
			}
			parts = append(parts, money.Part{ID: o.ID + "\x00" + a.ID, Weight: w})
		}
	}
	amounts, err := money.Apportion(amount, parts)
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for i, p := range parts {
		if amounts[i] != 0 {
			o, a, _ := strings.Cut(p.ID, "\x00")
			cells = append(cells, Cell{o, a, amounts[i]})
		}
	}
	return cells, nil
}

// Cell is the part of an amount for one objective and area; blank is not split.
type Cell struct {
	Objective, Area string
	Amount          money.Pence
}

func labelled(text string) ([]money.Part, error) {
	whole, _ := money.NewShare(1, 1)
	if !strings.ContainsAny(text, ";:") {
		return []money.Part{{ID: text, Weight: whole}}, nil
	}
	parts, err := ParseLabels(text)
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		return []money.Part{{ID: parts[0].ID, Weight: whole}}, nil
	}
	if parts[0].Weight.IsZero() && parts[1].Weight.IsZero() { // shared, not split
		return []money.Part{{Weight: whole}}, nil
	}
	return parts, nil
}
