package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// PlanHeadline says first what a plan comes to.
func PlanHeadline(v *ledger.View, p *align.Plan) string {
	years := p.From.String()
	if p.To != p.From {
		years += " to " + p.To.String()
	}
	if len(p.Moves)+len(p.Carries) == 0 {
		return fmt.Sprintf("Nothing to move in %s: no better use of the same money is known to be within its terms.", years)
	}
	var more, less money.Pence
	for _, m := range p.Moves {
		if by := m.Change(); by > 0 {
			more += by
		} else {
			less -= by
		}
	}
	text := fmt.Sprintf("%s: %s on services", years, more.Whole()+" more")
	if less > 0 {
		text += fmt.Sprintf(" and %s off others", less.Whole())
	}
	for _, r := range p.Value {
		if r.Aim == align.CoverNeed {
			text += fmt.Sprintf("; what is short falls from %s to %s", r.Before.Whole(), r.After.Whole())
		}
	}
	return text + "."
}

// PlanMoves lists what a plan changes, each with its first reason; all of them
// where every is set.
func PlanMoves(v *ledger.View, p *align.Plan, every bool) Table {
	t := Table{Columns: []Column{{Name: "Year"}, {Name: "Award"}, {Name: "Service"}, {Name: "Was", Number: true}, {Name: "To be", Number: true}, {Name: "Why"}}}
	for _, m := range p.Moves {
		t.Add(m.Year.String(), v.AwardName(m.Award), v.ServiceName(m.Service), pounds(m.Was), pounds(m.To), reasons(m.Because, every))
	}
	for _, c := range p.Carries {
		t.Add(c.To.String(), v.AwardName(c.Award), "carried from "+yearWord(c.From), "–", pounds(c.Amount), reasons(c.Because, every))
	}
	return t
}

func yearWord(y fiscal.Year) string {
	if y == fiscal.Term {
		return "the whole term"
	}
	return y.String()
}

// pounds writes a sum for a screen; – for none.
func pounds(p money.Pence) string {
	if p == 0 {
		return "–"
	}
	return p.Whole()
}

func reasons(because []sentence.Sentence, every bool) string {
	if !every && len(because) > 1 {
		because = because[:1]
	}
	var all []string
	for _, s := range because {
		all = append(all, s.String())
	}
	return strings.Join(all, " ")
}

// PlanShort lists the services that stay short, and what binds.
func PlanShort(v *ledger.View, p *align.Plan, every bool) Table {
	t := Table{Columns: []Column{{Name: "Still short"}, {Name: "Year"}, {Name: "Costs", Number: true}, {Name: "Was short", Number: true}, {Name: "Short", Number: true}, {Name: "What binds"}}}
	for _, s := range p.Short {
		name := v.ServiceName(s.Service)
		if s.Statutory {
			name += " (duty)"
		}
		t.Add(name, s.Year.String(), pounds(s.Cost), pounds(s.Was), pounds(s.Short), reasons(s.Because, every))
	}
	return t
}

// PlanUnused lists money that the plan puts nowhere.
func PlanUnused(v *ledger.View, p *align.Plan, every bool) Table {
	t := Table{Columns: []Column{{Name: "Not used"}, {Name: "Year"}, {Name: "Amount", Number: true}, {Name: "Lost?"}, {Name: "Why"}}}
	for _, u := range p.Unused {
		lost := ""
		if u.Lost {
			lost = "ends"
		}
		t.Add(v.AwardName(u.Award), yearWord(u.Year), pounds(u.Amount), lost, reasons(u.Because, every))
	}
	return t
}

// PlanSays gives the rest of a plan in sentences, under headings: its aims,
// where £1 more would go, and what is not known.
func PlanSays(p *align.Plan) []Table {
	of := func(heading string, says func(add func(...sentence.Sentence))) Table {
		t := Table{Title: heading}
		says(func(of ...sentence.Sentence) {
			line := reasons(of, true)
			if line != "" && !slices.Contains(strings.Split(t.Note, "\n"), "  "+line) {
				t.Note += "  " + line + "\n"
			}
		})
		t.Note = strings.TrimSuffix(t.Note, "\n")
		return t
	}
	all := []Table{
		of("Aims, in order:", func(add func(...sentence.Sentence)) {
			for _, r := range p.Value {
				add(r.Says)
			}
		}),
		of("What £1 more would do:", func(add func(...sentence.Sentence)) {
			for _, w := range p.Worth {
				add(w.Says)
			}
		}),
		of("What is not known:", func(add func(...sentence.Sentence)) {
			for _, d := range p.Doubts {
				add(d.Says...)
			}
		}),
	}
	all = slices.DeleteFunc(all, func(t Table) bool { return t.Note == "" })
	if !p.Exact {
		all = append(all, Table{Note: fmt.Sprintf("Shares of one award cross here, so this may not be the best plan: at the aim %q it is within %s of the best.", p.Aim, p.Within.Whole())})
	}
	return all
}

// PlanCSV lists a plan for a spreadsheet: what is moved, carried, still short
// and not used, in pounds and pence.
func PlanCSV(p *align.Plan) Table {
	t := Table{Columns: []Column{{Name: "what"}, {Name: "year"}, {Name: "award"}, {Name: "service"}, {Name: "objective"}, {Name: "area"}, {Name: "was", Number: true}, {Name: "to", Number: true}, {Name: "change", Number: true}, {Name: "because"}}}
	for _, m := range p.Moves {
		t.Add("move", m.Year.String(), m.Award, m.Service, m.Label.Objective, m.Label.Area, m.Was.String(), m.To.String(), m.Change().String(), reasons(m.Because, true))
	}
	for _, c := range p.Carries {
		t.Add("carry", c.From.String()+" to "+c.To.String(), c.Award, "", "", "", "", "", c.Amount.String(), reasons(c.Because, true))
	}
	for _, s := range p.Short {
		t.Add("short", s.Year.String(), "", s.Service, "", "", s.Was.String(), s.Short.String(), (s.Short - s.Was).String(), reasons(s.Because, true))
	}
	for _, u := range p.Unused {
		t.Add("unused", u.Year.String(), u.Award, "", "", "", "", u.Amount.String(), "", reasons(u.Because, true))
	}
	return t
}

// PlanJSON writes a plan:
//
//	{…,"from":"2027-28","to":"2027-28","exact":true,
//	 "moves":[{"award":…,"service":…,"year":…,"was":…,"to":…,"change":…,"objective":…,"area":…,"because":[…]}],
//	 "carries":[{"award":…,"from":"term","to":…,"amount":…,"because":[…]}],
//	 "short":[{"service":…,"year":…,"cost":…,"was":…,"short":…,"statutory":true,"because":[…]}],
//	 "unused":[{"award":…,"year":…,"amount":…,"lost":true,"because":[…]}],
//	 "aims":[{"aim":"cover-need","before":…,"after":…,"before_weighed":…,"after_weighed":…,"says":…}],
//	 "worth":[{"award":…,"year":…,"service":…,"says":…}],
//	 "doubts":[{"award":…,"services":[…],"year":…,"term":…,"missing":…,"gain":…,"says":[…]}]}
//
// Where exact is false, within and at_aim say how far from the best the plan may
// be.
func PlanJSON(w io.Writer, v *ledger.View, p *align.Plan) error {
	doc := head(v)
	doc.add("from", p.From.String())
	doc.add("to", p.To.String())
	doc.add("exact", p.Exact)
	if !p.Exact {
		doc.add("within", p.Within.String())
		doc.add("at_aim", p.Aim.String())
	}
	moves := func(yield func(object) bool) {
		for _, m := range p.Moves {
			o := object{{"award", m.Award}, {"service", m.Service}, {"year", m.Year.String()}, {"was", m.Was.String()}, {"to", m.To.String()}, {"change", m.Change().String()}}
			if m.Label.Objective != "" {
				o.add("objective", m.Label.Objective)
			}
			if m.Label.Area != "" {
				o.add("area", m.Label.Area)
			}
			o.add("because", saidAs(m.Because))
			if !yield(o) {
				return
			}
		}
	}
	carries, short, unused, aims, worth, doubts := []object{}, []object{}, []object{}, []object{}, []object{}, []object{}
	for _, c := range p.Carries {
		carries = append(carries, object{{"award", c.Award}, {"from", c.From.String()}, {"to", c.To.String()}, {"amount", c.Amount.String()}, {"because", saidAs(c.Because)}})
	}
	for _, s := range p.Short {
		o := object{{"service", s.Service}, {"year", s.Year.String()}, {"cost", s.Cost.String()}, {"was", s.Was.String()}, {"short", s.Short.String()}}
		if s.Statutory {
			o.add("statutory", true)
		}
		short = append(short, append(o, member{"because", saidAs(s.Because)}))
	}
	for _, u := range p.Unused {
		unused = append(unused, object{{"award", u.Award}, {"year", u.Year.String()}, {"amount", u.Amount.String()}, {"lost", u.Lost}, {"because", saidAs(u.Because)}})
	}
	for _, r := range p.Value {
		aims = append(aims, object{{"aim", r.Aim.String()}, {"before", r.Before.String()}, {"after", r.After.String()}, {"before_weighed", r.BeforeWeighed}, {"after_weighed", r.AfterWeighed}, {"says", r.Says.String()}})
	}
	for _, one := range p.Worth {
		o := object{{"award", one.Award}, {"year", one.Year.String()}}
		if one.Service != "" {
			o.add("service", one.Service)
			o.add("aim", one.Aim.String())
		}
		worth = append(worth, append(o, member{"says", one.Says.String()}))
	}
	for _, d := range p.Doubts {
		o := object{}
		if d.Award != "" {
			o.add("award", d.Award)
		}
		o.add("services", list(d.Services))
		if d.Year != 0 {
			o.add("year", d.Year.String())
		}
		if d.Term != "" {
			o.add("term", d.Term)
		}
		if d.Missing != "" {
			o.add("missing", d.Missing)
		}
		o.add("gain", d.Gain.String())
		doubts = append(doubts, append(o, member{"says", saidAs(d.Says)}))
	}
	return document(w, doc, "moves", moves, object{{"carries", carries}, {"short", short}, {"unused", unused}, {"aims", aims}, {"worth", worth}, {"doubts", doubts}})
}

func saidAs(of []sentence.Sentence) []string {
	all := make([]string, len(of))
	for i, s := range of {
		all[i] = s.String()
	}
	return all
}

// PlanOf is the part of a plan that is about one service.
func PlanOf(p *align.Plan, service string) *align.Plan {
	of := *p
	of.Moves = slices.DeleteFunc(slices.Clone(p.Moves), func(m align.Move) bool { return m.Service != service })
	of.Short = slices.DeleteFunc(slices.Clone(p.Short), func(s align.Shortfall) bool { return s.Service != service })
	of.Worth = slices.DeleteFunc(slices.Clone(p.Worth), func(w align.Worth) bool { return w.Service != service })
	of.Doubts = slices.DeleteFunc(slices.Clone(p.Doubts), func(d align.Doubt) bool { return !slices.Contains(d.Services, service) })
	of.Carries, of.Unused, of.Value = nil, nil, nil
	return &of
}
