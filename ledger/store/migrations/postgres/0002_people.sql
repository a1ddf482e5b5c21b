-- People, their roles, and what goes with signing in. Of passwords, sessions,
-- links and tokens only hashes are kept. Instants are UTC text of one width.

-- +goose Up
CREATE TABLE people (
	id            TEXT PRIMARY KEY CHECK (id <> ''),
	email         TEXT NOT NULL UNIQUE CHECK (email <> ''),
	name          TEXT NOT NULL CHECK (name <> ''),
	language      TEXT NOT NULL CHECK (language IN ('en', 'cy')),
	tenures       TEXT NOT NULL CHECK (tenures::json IS NOT NULL),
	password_hash TEXT NOT NULL,
	secret        TEXT NOT NULL,
	second_factor INTEGER NOT NULL CHECK (second_factor IN (0, 1)),
	code_step     BIGINT NOT NULL,
	shortcuts     INTEGER NOT NULL CHECK (shortcuts IN (0, 1)),
	ended         INTEGER NOT NULL CHECK (ended IN (0, 1)),
	logins        TEXT NOT NULL CHECK (logins::json IS NOT NULL),
	feed_key      TEXT NOT NULL,
	version       BIGINT NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX people_feed ON people (feed_key) WHERE feed_key <> '';

CREATE TABLE logins (
	login  TEXT PRIMARY KEY CHECK (login <> ''),
	person TEXT NOT NULL REFERENCES people (id)
);
CREATE INDEX logins_person ON logins (person);

-- (A session that was ended stays until it would have run out, so that a
-- request under way cannot bring it back.)
CREATE TABLE sessions (
	hash   TEXT PRIMARY KEY CHECK (length(hash) = 64),
	person TEXT NOT NULL,
	data   BYTEA NOT NULL,
	began  TEXT NOT NULL,
	until  TEXT NOT NULL,
	ended  INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
);
CREATE INDEX sessions_person ON sessions (person, began);

CREATE TABLE links (
	hash    TEXT PRIMARY KEY CHECK (length(hash) = 64),
	person  TEXT REFERENCES people (id), -- none: whoever sets Braid up
	purpose TEXT NOT NULL CHECK (purpose <> ''),
	until   TEXT NOT NULL,
	used_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX links_person ON links (person, purpose);

CREATE TABLE tokens (
	id         TEXT PRIMARY KEY CHECK (id <> ''),
	hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
	person     TEXT NOT NULL REFERENCES people (id),
	name       TEXT NOT NULL CHECK (name <> ''),
	made_at    TEXT NOT NULL,
	until      TEXT NOT NULL,
	revoked_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX tokens_person ON tokens (person);

CREATE TABLE attempts (
	key      TEXT PRIMARY KEY CHECK (length(key) = 64),
	failures INTEGER NOT NULL CHECK (failures >= 0),
	last_at  TEXT NOT NULL,
	known    INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1))
);

CREATE TABLE drawer (
	owner   TEXT NOT NULL,
	kind    TEXT NOT NULL CHECK (kind <> ''),
	id      TEXT NOT NULL CHECK (id <> ''),
	data    BYTEA NOT NULL CHECK (length(data) <= 10485760),
	kept_at TEXT NOT NULL,
	until   TEXT NOT NULL,
	PRIMARY KEY (owner, kind, id)
);

CREATE TABLE events (
	n      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at     TEXT NOT NULL,
	who    TEXT NOT NULL,
	what   TEXT NOT NULL CHECK (what <> ''),
	about  TEXT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX events_at ON events (at);

-- Nobody is removed, and what was noted stays noted.
-- +goose StatementBegin
CREATE FUNCTION people_and_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'people are ended and events stay as they are: % of % is refused', lower(TG_OP), TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER people_kept BEFORE DELETE OR TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION people_and_events_stay();
CREATE TRIGGER events_kept BEFORE DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION people_and_events_stay();
CREATE TRIGGER events_unchanged BEFORE UPDATE ON events FOR EACH STATEMENT EXECUTE FUNCTION people_and_events_stay();
