// Package ledger is the hub of Braid: which award pays for which service, in
// which year, towards which joint objective.
//
// Money is kept as entries. An Entry moves a positive, whole number of pence
// from one Account to another, and never changes; a mistake is reversed. The
// accounts are the stages money passes through:
//
//	funder → award → allocated → committed → paid
//	          └→ handed-back, lapsed, transferred
//
// An account is keyed by award, board (where money is delegated) and year (a
// financial year, or the whole term), and from allocated on by service. What
// the council knows beside money is kept as records of registers (streams,
// awards, services, needs …), versioned by batch.
//
// A Batch is entries and records that stand or fall together. Batches are
// numbered from 1 without holes and each carries the hash of its content and,
// within that content, the hash of the one before.
//
// A Book is an immutable snapshot of all batches up to a number. Reading it
// never blocks and never changes it. A Draft holds the verbs (Allocate, Vire,
// Pay …): it starts from a Book, refuses what the rules refuse with a typed
// reason, and Seal ends it as a Batch with the book that it makes, in time that
// depends on the batch and not on the book. A Loader makes the same book from
// stored batches.
//
// A View is a book as at a date: balances count entries effective on or before
// it. Positions and explanations come from the same function over the same
// entries, so every figure opens to the entries that add up to it.
//
// The package knows no database, no HTTP, no file format and no clock.
package ledger
