// Package store keeps a ledger in a database: one SQLite file, or PostgreSQL.
//
// Open loads all batches into a Book and Book gives the current one, with what
// other programs have posted since. Post is the only writer. It takes the
// ledger's one lock, catches the book up, lets the domain decide on it, appends
// the batch with its hash, and returns only once the disk has it. Nothing that
// Post has answered for is ever lost; nothing it has not is half there.
//
// The tables (migrations/) hold batches, their entries and their records,
// under triggers that refuse to change or delete. Text keys, ISO dates and
// whole pence make them readable with plain SQL, on both engines alike; the
// views balances and journal are there for that. Sums and rules are not: they
// live in package ledger, and a stored row passes through the same
// constructors as a typed one, so that a bad row is seen and never served.
//
// People keeps, in the same database and beside the ledger, those who use it:
// their roles, sessions, links, tokens and drafts, and the security events.
//
// On PostgreSQL, postgres_role.sql describes a role that may append and nothing
// else.
//
// Verify replays everything and names the first batch that is not as it was
// posted; VerifyFile does the same for an exported ledger. Backup and Restore
// copy a ledger whole.
//
// Reads and small posts go through gorm. Long batches and loading, where a
// million rows must take seconds, use statements of many rows on gorm's own
// connection.
package store
