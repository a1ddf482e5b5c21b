-- A role for Braid that can append to the ledger and do nothing else to it.
-- (What goes with people and signing in, it may change; events it may only add.)
-- Run this as the database's owner, once, after Braid has been opened there for
-- the first time (which makes the tables); then give Braid the address of
-- braid_app. A newer Braid that brings a newer schema is opened once as the
-- owner, and this is run again.

GRANT USAGE ON SCHEMA public TO braid_app;
GRANT SELECT, INSERT ON batches, entries, records TO braid_app;
GRANT SELECT ON balances, journal, goose_db_version TO braid_app;
GRANT SELECT, UPDATE ON ledger_lock TO braid_app; -- to take the lock, not to change it
REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON batches, entries, records FROM braid_app, PUBLIC;
GRANT SELECT, INSERT ON events TO braid_app;
GRANT SELECT, INSERT, UPDATE ON people, tokens TO braid_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON logins, sessions, links, attempts, drawer TO braid_app;
REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON events FROM braid_app, PUBLIC;
REVOKE DELETE, TRUNCATE, TRIGGER, REFERENCES ON people, tokens FROM braid_app, PUBLIC;
