// Package api is Braid for programs: JSON under /api/v1 for everything that
// pages read and do, by the same rules.
//
// A program carries a token that acts for its owner: Authorization: Bearer …
// (never a cookie). What it may do and see is what its owner may, at that
// moment: rights are asked of ledger/people, and what somebody sees of the
// pages' own rules (Eyes).
//
//	api.go       the door: tokens, rights, strict JSON, problems in both languages
//	types.go     money, dates and years as design section 8 writes them
//	read.go      what can be read: positions, entries, findings, registers, batches
//	coverage.go  coverage, the timeline, and whom a token acts for
//	forecast.go  the forecast, as the command line prints it
//	scenario.go  ways out, what they come to, and a plan, likewise
//	do.go        what can be done, through ledger/decide
//	ask.go       what one asks and another approves
//	board.go     proposals, interests and decisions
//	record.go    notes, exit plans, exceptions, and rows of registers
//	imports.go   files: a preview, and by its digest the posting
//
// What is done carries an Idempotency-Key. The key names the batch, whose
// source holds the fingerprint of the request, and the answer is made from the
// batch alone: the same request again gives the same bytes, another under the
// same key is refused, and no second table has to agree with the ledger.
//
// Errors are problem+json (RFC 9457). The OpenAPI document is made from the
// code.
package api
