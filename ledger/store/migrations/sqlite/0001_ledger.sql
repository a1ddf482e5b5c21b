-- The ledger: batches of entries and records, appended and never changed.
-- Money is whole pence. Dates are ISO text, '' where there is none. Accounts
-- are paths, stage first: allocated:nrf@north:2026-27:youth-inclusion.

-- +goose Up
CREATE TABLE ledger_lock (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
INSERT INTO ledger_lock (id) VALUES (1);

CREATE TABLE batches (
	seq       INTEGER PRIMARY KEY CHECK (seq > 0),
	prev      TEXT NOT NULL CHECK (length(prev) = 64),
	hash      TEXT NOT NULL CHECK (length(hash) = 64),
	author    TEXT NOT NULL,
	role      TEXT NOT NULL,
	reason    TEXT NOT NULL,
	idem_key  TEXT CHECK (idem_key <> ''),
	source    TEXT NOT NULL,
	as_found  INTEGER NOT NULL CHECK (as_found IN (0, 1)),
	posted_at TEXT NOT NULL,
	entries   INTEGER NOT NULL CHECK (entries >= 0),
	records   INTEGER NOT NULL CHECK (records >= 0)
) STRICT;
CREATE UNIQUE INDEX batches_once ON batches (idem_key) WHERE idem_key IS NOT NULL;

-- (The kinds are compared one by one, the commonest first: looking each up in a
-- list would take a quarter of the time of a long import.)
CREATE TABLE entries (
	seq          INTEGER NOT NULL REFERENCES batches (seq),
	n            INTEGER NOT NULL CHECK (n > 0),
	kind         TEXT NOT NULL CHECK (kind = 'allocation' OR kind = 'payment' OR kind = 'commitment' OR kind = 'figure' OR kind = 'virement'
	             OR kind = 'delegation' OR kind = 'carry-forward' OR kind = 'drawing' OR kind = 'hand-back' OR kind = 'lapse' OR kind = 'transfer'),
	amount       INTEGER NOT NULL CHECK (amount > 0 AND amount <= 10000000000000),
	from_account TEXT NOT NULL,
	to_account   TEXT NOT NULL CHECK (to_account <> from_account),
	line         TEXT NOT NULL DEFAULT '',
	objective    TEXT NOT NULL DEFAULT '',
	area         TEXT NOT NULL DEFAULT '',
	element      TEXT NOT NULL DEFAULT '',
	cost_type    TEXT NOT NULL DEFAULT '',
	match_for    TEXT NOT NULL DEFAULT '',
	effective    TEXT NOT NULL DEFAULT '',
	source_row   INTEGER NOT NULL DEFAULT 0,
	reverses_seq INTEGER,
	reverses_n   INTEGER,
	PRIMARY KEY (seq, n),
	CHECK ((reverses_seq IS NULL) = (reverses_n IS NULL)),
	FOREIGN KEY (reverses_seq, reverses_n) REFERENCES entries (seq, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_reversed_once ON entries (reverses_seq, reverses_n) WHERE reverses_seq IS NOT NULL;

CREATE TABLE records (
	seq      INTEGER NOT NULL REFERENCES batches (seq),
	n        INTEGER NOT NULL CHECK (n > 0),
	register TEXT NOT NULL CHECK (register <> ''),
	id       TEXT NOT NULL CHECK (id <> ''),
	body     TEXT NOT NULL,
	PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;

-- What is in the ledger stays. A mistake is reversed by a new entry.
-- +goose StatementBegin
CREATE TRIGGER batches_kept BEFORE DELETE ON batches BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: a batch may not be deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batches_unchanged BEFORE UPDATE ON batches BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: a batch may not be changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER batches_follow BEFORE INSERT ON batches
WHEN NEW.seq <> coalesce((SELECT max(seq) FROM batches), 0) + 1
	OR NEW.prev <> coalesce((SELECT hash FROM batches ORDER BY seq DESC LIMIT 1), NEW.prev) BEGIN
	SELECT RAISE(ABORT, 'a batch takes the next number and carries the hash of the one before');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_kept BEFORE DELETE ON entries BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: an entry may not be deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: an entry may not be changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER records_kept BEFORE DELETE ON records BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: a record may not be deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER records_unchanged BEFORE UPDATE ON records BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: a record may not be changed');
END;
-- +goose StatementEnd

-- For people with plain SQL: what each account holds, and who posted what.
CREATE VIEW balances AS
SELECT account, sum(pence) AS pence
FROM (SELECT to_account AS account, amount AS pence FROM entries
      UNION ALL
      SELECT from_account, -amount FROM entries) AS moves
GROUP BY account;

CREATE VIEW journal AS
SELECT e.seq, e.n, b.posted_at, b.author, b.reason, e.kind, e.amount AS pence, e.from_account, e.to_account,
       e.line, e.objective, e.area, e.effective, b.source, e.source_row, e.reverses_seq, e.reverses_n
FROM entries e JOIN batches b ON b.seq = e.seq;
