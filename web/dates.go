package web

import (
	"cmp"
	"slices"

	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/words"
)

// due is a day on which something ends, or is to be done.
type due struct {
	ID   string // stable: the same thing keeps it when its day moves
	On   fiscal.Date
	Kind string // end, decide, claim, meeting, review
	Text string
	Path string // within Braid, without the language
}

// dates lists what a person should have in mind, by day: ends of grants, the
// last days of free decisions, claims, meetings and reviews.
func (r *reading) dates(w *words.Reader, p *people.Person) []due {
	var all []due
	add := func(kind, id string, on fiscal.Date, path, text string) {
		if on != 0 {
			all = append(all, due{kind + "/" + id, on, kind, text, path})
		}
	}
	see, boards := p.May(people.See, r.Today), p.May(people.SeeBoard, r.Today)
	streams := see.All || len(see.Areas) > 0
	if streams {
		for id, a := range r.Awards {
			name := w.NameOf(r.Book, "awards", id).Text
			if last, ends := a.LastDay(); ends {
				add("end", id, last, pathOf("streams", a.Stream), w.T("dates.end", "Award", name))
			}
			add("claim", id, a.ClaimBy, pathOf("streams", a.Stream), w.T("dates.claim", "Award", name))
		}
		for id, c := range r.Records("claims") {
			on, _ := fiscal.ParseDate(c.Get("due"))
			a, _ := r.Award(c.Get("award"))
			add("claim", "row/"+id, on, pathOf("streams", a.Stream), w.T("dates.claim-period", "Award", w.NameOf(r.Book, "awards", c.Get("award")).Text, "Period", c.Get("period")))
		}
		for id, j := range r.Records("judgements") {
			on, _ := fiscal.ParseDate(j.Get("review_on"))
			add("review", id, on, "/checks/finding?id="+queryEscape(id), w.T("dates.review", "Verdict", j.Get("verdict")))
		}
	}
	for _, e := range report.Endings(r.View, r.Findings()) {
		for _, l := range e.Losses {
			if l.Decide == nil || e.Band != report.Bands[0] || !r.sees(see, l.Service) {
				continue
			}
			add("decide", l.Service+"/"+e.Date.String(), l.Decide.Date, pathOf("services", l.Service),
				w.T("dates.decide", "Service", w.NameOf(r.Book, "services", l.Service).Text, "Amount", w.Sum(l.Amount), "Date", w.Date(e.Date)))
		}
	}
	for id, m := range r.Records("meetings") {
		if board := m.Get("board"); boards.OnBoard(board) || len(boards.Areas) > 0 {
			on, _ := fiscal.ParseDate(m.Get("held_on"))
			add("meeting", id, on, pathOf("boards", board), w.T("dates.meeting", "Board", w.NameOf(r.Book, "boards", board).Text))
		}
	}
	for _, f := range r.Open(check.Expiry, "use-or-lose") {
		if streams && !f.Unknown && f.Date != 0 {
			title, _ := w.Finding(r.View, f)
			add("spend", f.ID, f.Date, "/checks/finding?id="+queryEscape(f.ID), title)
		}
	}
	slices.SortFunc(all, func(a, b due) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID)) })
	return all
}
