-- The ledger: batches of entries and records, appended and never changed.
-- Money is whole pence. Dates are ISO text, '' where there is none. Accounts
-- are paths, stage first: allocated:nrf@north:2026-27:youth-inclusion.

-- +goose Up
CREATE TABLE ledger_lock (id INTEGER PRIMARY KEY CHECK (id = 1));
INSERT INTO ledger_lock (id) VALUES (1);

CREATE TABLE batches (
	seq       BIGINT PRIMARY KEY CHECK (seq > 0),
	prev      TEXT NOT NULL CHECK (length(prev) = 64),
	hash      TEXT NOT NULL CHECK (length(hash) = 64),
	author    TEXT NOT NULL,
	role      TEXT NOT NULL,
	reason    TEXT NOT NULL,
	idem_key  TEXT CHECK (idem_key <> ''),
	source    TEXT NOT NULL,
	as_found  INTEGER NOT NULL CHECK (as_found IN (0, 1)),
	posted_at TEXT NOT NULL,
	entries   BIGINT NOT NULL CHECK (entries >= 0),
	records   BIGINT NOT NULL CHECK (records >= 0)
);
CREATE UNIQUE INDEX batches_once ON batches (idem_key) WHERE idem_key IS NOT NULL;

-- (No foreign key to batches: checked row by row it makes a long
-- import take four times as long. Reading holds every entry to its batch.)
CREATE TABLE entries (
	seq          BIGINT NOT NULL,
	n            BIGINT NOT NULL CHECK (n > 0),
	kind         TEXT NOT NULL CHECK (kind IN ('figure', 'delegation', 'allocation', 'commitment', 'payment', 'virement',
	                                           'carry-forward', 'drawing', 'hand-back', 'lapse', 'transfer')),
	amount       BIGINT NOT NULL CHECK (amount > 0 AND amount <= 10000000000000),
	from_account TEXT NOT NULL,
	to_account   TEXT NOT NULL CHECK (to_account <> from_account),
	line         TEXT NOT NULL DEFAULT '',
	objective    TEXT NOT NULL DEFAULT '',
	area         TEXT NOT NULL DEFAULT '',
	element      TEXT NOT NULL DEFAULT '',
	cost_type    TEXT NOT NULL DEFAULT '',
	match_for    TEXT NOT NULL DEFAULT '',
	effective    TEXT NOT NULL DEFAULT '',
	source_row   BIGINT NOT NULL DEFAULT 0,
	reverses_seq BIGINT,
	reverses_n   BIGINT,
	PRIMARY KEY (seq, n),
	CHECK ((reverses_seq IS NULL) = (reverses_n IS NULL)),
	FOREIGN KEY (reverses_seq, reverses_n) REFERENCES entries (seq, n)
);
CREATE UNIQUE INDEX entries_reversed_once ON entries (reverses_seq, reverses_n) WHERE reverses_seq IS NOT NULL;

CREATE TABLE records (
	seq      BIGINT NOT NULL REFERENCES batches (seq),
	n        BIGINT NOT NULL CHECK (n > 0),
	register TEXT NOT NULL CHECK (register <> ''),
	id       TEXT NOT NULL CHECK (id <> ''),
	body     TEXT NOT NULL,
	PRIMARY KEY (seq, n)
);

-- What is in the ledger stays. A mistake is reversed by a new entry.
-- +goose StatementBegin
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the ledger is append-only: % of % is refused', lower(TG_OP), TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION batches_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last batches;
BEGIN
	SELECT * INTO last FROM batches ORDER BY seq DESC LIMIT 1;
	IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev <> coalesce(last.hash, NEW.prev) THEN
		RAISE EXCEPTION 'a batch takes the next number and carries the hash of the one before';
	END IF;
	RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER batches_follow BEFORE INSERT ON batches FOR EACH ROW EXECUTE FUNCTION batches_follow();
CREATE TRIGGER batches_kept BEFORE DELETE OR TRUNCATE ON batches FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER batches_unchanged BEFORE UPDATE ON batches FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER entries_kept BEFORE DELETE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER records_kept BEFORE DELETE OR TRUNCATE ON records FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER records_unchanged BEFORE UPDATE ON records FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

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
