-- SPDX-License-Identifier: MIT
-- A drill, its timetable, its clock, its doors and what was counted there.
-- Seconds (…_s) are the drill's, wall_ms is UTC in milliseconds.  There is no
-- column that could make a drill anything but an exercise.

CREATE TABLE drill (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	clock INTEGER NOT NULL DEFAULT 1,	-- counts up when times change
	title TEXT NOT NULL,
	plan_id INTEGER NOT NULL REFERENCES plan (id),
	state TEXT NOT NULL CHECK
	    (state IN ('planned', 'running', 'paused', 'ended')),
	speed INTEGER NOT NULL CHECK (speed BETWEEN 100 AND 3600000),
	planned INTEGER NOT NULL DEFAULT 0,	-- people expected
	hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
	created_by INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	started_at INTEGER,
	ended_at INTEGER
) STRICT;
CREATE INDEX drill_state ON drill (state);

-- The clock: at each start, pause and resume, how far the drill was.
CREATE TABLE drill_mark (
	drill_id INTEGER NOT NULL REFERENCES drill (id),
	seq INTEGER NOT NULL,
	wall_ms INTEGER NOT NULL,
	drill_us INTEGER NOT NULL,
	running INTEGER NOT NULL CHECK (running IN (0, 1)),
	PRIMARY KEY (drill_id, seq)
) STRICT;

-- The timetable: planned_s as first written, at_s after postponements.
CREATE TABLE drill_inject (
	id INTEGER PRIMARY KEY,
	drill_id INTEGER NOT NULL REFERENCES drill (id),
	kind TEXT NOT NULL CHECK (kind IN ('signal', 'order', 'info')),
	signal TEXT NOT NULL DEFAULT '',
	text TEXT NOT NULL DEFAULT '',
	planned_s INTEGER NOT NULL,
	at_s INTEGER NOT NULL,
	fired_s INTEGER,			-- NULL: still open
	late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1))
) STRICT;
CREATE INDEX drill_inject_drill ON drill_inject (drill_id, at_s, id);

-- Doors as the plan has them when the drill is made, and unplanned ones as
-- people come; entrance_id 0: the door was not said.
CREATE TABLE drill_door (
	drill_id INTEGER NOT NULL REFERENCES drill (id),
	shelter_id INTEGER NOT NULL,
	entrance_id INTEGER NOT NULL,
	shelter_name TEXT NOT NULL,
	entrance_name TEXT NOT NULL,
	clear_width REAL,
	expected INTEGER NOT NULL,
	arrived INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (drill_id, shelter_id, entrance_id)
) STRICT;

CREATE TABLE drill_arrival (
	drill_id INTEGER NOT NULL REFERENCES drill (id),
	op TEXT NOT NULL,
	shelter_id INTEGER NOT NULL,
	entrance_id INTEGER NOT NULL,
	people INTEGER NOT NULL CHECK (people > 0),
	at_s INTEGER NOT NULL,
	shelter_people INTEGER NOT NULL,	-- in the shelter, with these
	overfull INTEGER NOT NULL CHECK (overfull IN (0, 1)),
	PRIMARY KEY (drill_id, op)
) STRICT;
