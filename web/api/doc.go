// Package api is Braid for programs: JSON under /api/v1 for everything that
// pages read and do, by the same rules.
//
// A program carries a token that acts for its owner: Authorization: Bearer …
// (never a cookie). What it may do and see is what its owner may, at that
// moment.
//
//	api.go     the door: tokens, rights, strict JSON, problems in both languages
//	types.go   money, dates and years as design section 8 writes them
//	read.go    what can be read: positions, entries, findings, registers, batches
//	do.go      what can be done, through ledger/decide
//
// What is done carries an Idempotency-Key. The key names the batch, whose
// source holds the fingerprint of the request, and the answer is made from the
// batch alone: the same request again gives the same bytes, another under the
// same key is refused, and no second table has to agree with the ledger.
//
// Errors are problem+json (RFC 9457). The OpenAPI document is made from the
// code.
package api
