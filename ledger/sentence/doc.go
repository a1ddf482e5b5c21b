// Package sentence holds what Braid says of a council's money as data: which
// sentence, and the facts that go into it. So a finding, a forecast or a plan
// can say the same on a page in Welsh, in a paper, or on the command line in
// English, and a test can ask what was said without reading prose.
//
//	words := sentence.New("plan", english, englishOne)
//	s := words.Say("move.more", "Service", sentence.Name{…}, "Amount", money.Pence(4000000))
//	s.String()   in English
//	s.ID()       "plan.move.more": the message of another language
//
// The package knows no rule: who says a sentence keeps its words.
package sentence
