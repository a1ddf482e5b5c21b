package web

import (
	"slices"

	"braid/web/words"
)

var helpRoutes = []Route{
	{Method: "GET", Path: "/help", Right: Anyone, Do: help},
	{Method: "GET", Path: "/accessibility", Right: Anyone, Do: accessibility},
	{Method: "GET", Path: "/glossary", Right: Anyone, Do: glossary},
}

// topics are what people come to do, each a paragraph of the help page.
var topics = []string{"start", "attention", "figures", "change", "undo", "import", "boards", "checks", "reminders", "excel", "keys", "sign-in"}

type topic struct{ ID, Title, Text string }

func help(v *Visit) (Answer, error) {
	var list []topic
	for _, id := range topics {
		list = append(list, topic{id, v.T("help." + id), v.T("help." + id + ".text")})
	}
	return Page{Template: "help", Title: v.T("help.title"), Data: list}, nil
}

func accessibility(v *Visit) (Answer, error) {
	return Page{Template: "accessibility", Title: v.T("accessibility.title")}, nil
}

// terms are the words Braid uses, each with one meaning (design.md section 2).
var terms = []string{"agreement", "aligned", "allocation", "award", "base-budget", "board", "carry-forward", "certainty", "claim", "clawback", "commitment",
	"decide-by", "delegation", "duplication", "exit-plan", "figure", "finding", "funder", "gap", "hand-back", "indicator", "judgement", "lapse", "left",
	"match", "need", "objective", "outcome", "outturn", "payment", "period", "pooled", "posting", "proposal", "provider", "ring-fenced", "secured", "service",
	"short-term", "stream", "term", "variance", "virement"}

// Term is a word with what it means, and what else people call it.
type Term struct{ ID, Word, Means string }

func termOf(r *words.Reader, id string) Term {
	return Term{id, r.T("glossary." + id), r.T("glossary." + id + ".means")}
}

// glossary says what the words mean, in the order of the reader's alphabet.
func glossary(v *Visit) (Answer, error) {
	var list []Term
	for _, id := range terms {
		list = append(list, termOf(v.Reader, id))
	}
	compare := v.Sort()
	slices.SortFunc(list, func(a, b Term) int { return compare(a.Word, b.Word) })
	return Page{Template: "glossary", Title: v.T("glossary.title"), Data: list}, nil
}
