// Package decide is what people decide about the money: each verb takes the
// book, who acts and what is asked, and gives a draft to post or a refusal that
// says what to do instead. Forms, the JSON interface and imports pass the same
// rules because the rules are here and nowhere else.
//
//	outcome, err := decide.Reallocate(book, actor, cells, reason)
//
// An Outcome holds the draft and, in data ready for words, every step it takes
// and what it leaves each award with. A Request is what one person asks and
// another may approve: a Reallocation, an Allocation, a Virement, a Delegation,
// a Statement of a figure, a Reopening, or several changes that stand or fall
// Together, as a scenario's do. Do performs it where one person may
// act alone, Ask leaves it for another, and Approve performs it by the same
// rules on the book as it is then; who asked never approves.
//
// Limits say how much a role may do alone, by move and over the financial year,
// so that one move cannot be made as several. A board's Proposal is decided by
// the board within its limit, or by the council on its recommendation.
//
// What is refused is a typed refusal with a Code and the facts. Nothing here
// knows a database, a page or a clock: the actor says which day it is.
package decide
