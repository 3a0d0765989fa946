-- SPDX-License-Identifier: MIT
-- Plans: who goes where, who is left and why, and the problem exactly as it
-- was solved (plan_problem.packed; shelterd/plan_pack.c says how).  Homes,
-- shelters and entrances are kept by number without a reference: a plan is
-- the record of a day and outlives what later imports change.

CREATE TABLE plan (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	title TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'superseded')),
	limit_kind TEXT NOT NULL CHECK (limit_kind IN ('radius', 'minutes')),
	limit_value REAL NOT NULL,	-- m or min
	limit_metres REAL NOT NULL,
	where_text TEXT NOT NULL DEFAULT '',
	data_version INTEGER NOT NULL,
	people INTEGER NOT NULL,
	sheltered INTEGER NOT NULL,
	too_far INTEGER NOT NULL,
	full INTEGER NOT NULL,
	no_path INTEGER NOT NULL,
	person_metres INTEGER NOT NULL,
	bound INTEGER NOT NULL,
	homes INTEGER NOT NULL,
	shelters INTEGER NOT NULL,
	arcs INTEGER NOT NULL,
	seconds REAL NOT NULL,
	whole TEXT,			-- JSON; NULL: homes may be split
	created_by INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	approved_by INTEGER,
	approved_at INTEGER
) STRICT;
CREATE INDEX plan_state ON plan (state, id);

CREATE TABLE assignment (
	id INTEGER PRIMARY KEY,
	plan_id INTEGER NOT NULL REFERENCES plan (id),
	home_id INTEGER NOT NULL,
	shelter_id INTEGER NOT NULL,
	entrance_id INTEGER NOT NULL,
	people INTEGER NOT NULL CHECK (people > 0),
	metres INTEGER NOT NULL
) STRICT;
CREATE INDEX assignment_home ON assignment (plan_id, home_id);
CREATE INDEX assignment_shelter ON assignment (plan_id, shelter_id);

CREATE TABLE plan_left (
	plan_id INTEGER NOT NULL REFERENCES plan (id),
	home_id INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason IN ('too_far', 'full', 'no_path')),
	people INTEGER NOT NULL CHECK (people > 0),
	PRIMARY KEY (plan_id, home_id, reason)
) STRICT;

CREATE TABLE plan_problem (
	plan_id INTEGER PRIMARY KEY REFERENCES plan (id),
	packed BLOB NOT NULL
) STRICT;
