-- SPDX-License-Identifier: MIT
-- Who may act (account, token), what happened (event), which writes were
-- already done (idempotency), and facts about the store itself (meta).
-- The table of users is called account because USER is a reserved word of
-- SQL; times are UTC seconds.

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 63),
	role INTEGER NOT NULL CHECK (role IN (1, 2, 4, 8, 16)),
	org TEXT NOT NULL DEFAULT '',
	password TEXT,			-- argon2id text; NULL: tokens only
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	created_at INTEGER NOT NULL
) STRICT;

-- A revoked token's id is not given again: a repeated revocation must not hit
-- another one.
CREATE TABLE token (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	account_id INTEGER NOT NULL REFERENCES account (id),
	hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	label TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL	-- 0: never
) STRICT;
CREATE INDEX token_account ON token (account_id);

-- Never updated, never deleted; ids are 1, 2, 3 ... without a hole.
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	user_id INTEGER NOT NULL,	-- 0: the daemon itself
	user_name TEXT NOT NULL,
	kind TEXT NOT NULL,
	noun TEXT NOT NULL,
	noun_id INTEGER NOT NULL,	-- 0: none
	roles INTEGER NOT NULL,		-- mask of roles that may see it
	scope_user INTEGER NOT NULL,	-- 0: any inspector
	scope_org TEXT NOT NULL,	-- '': any unit
	hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
	body TEXT NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX event_noun ON event (noun, noun_id, id);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TABLE idempotency (
	account_id INTEGER NOT NULL,
	key TEXT NOT NULL,
	request BLOB NOT NULL CHECK (length(request) = 32),
	at INTEGER NOT NULL,
	status TEXT NOT NULL,		-- word of the status table
	type TEXT NOT NULL,		-- content type, '' without a body
	body BLOB NOT NULL,
	headers TEXT NOT NULL,		-- "Name: value" lines
	PRIMARY KEY (account_id, key)
) STRICT;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;
