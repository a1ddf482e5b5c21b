// Package funding is where the money comes from, and what may be done with it.
//
// A Stream is a programme, such as Flying Start. An Award is one grant of a
// stream for a term, to one body. A Figure is one statement of an award's
// amount for a financial year, with how certain it is, who said so and when.
// A Term is one rule of a stream or award that can be checked.
//
// Four questions are answered here, each by a verb on the thing that knows:
//
//	Stand(figures, day)    what is the award worth on a day: the secured money,
//	                       and beside it, never netted, what else has been said
//	Steps(figures)         the days on which the secured money changes
//	Judge(terms, use)      may the award pay for this use: allowed, refused, or
//	                       not known, because a fact is missing
//	award.Continues(...)   does the money stop when the award ends
//
// Nothing is worth more than its paper: an assurance that has run out is only
// assumed, a blank certainty secures nothing, and a rule that lacks a fact
// answers "not known", never "allowed".
//
// The package knows nothing of services or of the ledger. Whoever asks it to
// judge states the use in plain facts.
package funding
