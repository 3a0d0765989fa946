-- SPDX-License-Identifier: MIT
-- What inspectors are asked to do (task), what they found (inspection,
-- finding), what is therefore broken (defect), and how it is put right
-- (notice, notice_step).  Times are UTC seconds.

CREATE TABLE task (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	kind TEXT NOT NULL CHECK (kind IN ('inspection')),
	shelter_id INTEGER NOT NULL REFERENCES shelter (id),
	unit_id INTEGER REFERENCES unit (id) ON DELETE SET NULL,
	assignee INTEGER REFERENCES account (id),	-- NULL: nobody yet
	state TEXT NOT NULL CHECK
	    (state IN ('open', 'assigned', 'accepted', 'declined', 'done')),
	due INTEGER NOT NULL,
	note TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',	-- why it was declined
	created_by INTEGER NOT NULL REFERENCES account (id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_assignee ON task (assignee, state);
CREATE INDEX task_shelter ON task (shelter_id);
CREATE INDEX task_unit ON task (unit_id);

CREATE TABLE inspection (
	id INTEGER PRIMARY KEY,
	op TEXT NOT NULL UNIQUE,	-- the client's operation id
	content TEXT NOT NULL,		-- what was sent, to tell a repetition
	answer TEXT NOT NULL DEFAULT '',	-- what was answered, said again
	task_id INTEGER REFERENCES task (id),
	shelter_id INTEGER NOT NULL REFERENCES shelter (id),
	unit_id INTEGER REFERENCES unit (id) ON DELETE SET NULL,
	inspector INTEGER NOT NULL REFERENCES account (id),
	at INTEGER NOT NULL,		-- when it was looked at
	received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_shelter ON inspection (shelter_id);
CREATE INDEX inspection_unit ON inspection (unit_id);
CREATE INDEX inspection_task ON inspection (task_id);

CREATE TABLE notice (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	number_year INTEGER,		-- NULL while it is a draft
	number_seq INTEGER,
	shelter_id INTEGER NOT NULL REFERENCES shelter (id),
	state TEXT NOT NULL CHECK
	    (state IN ('draft', 'issued', 'answered', 'rechecked', 'closed')),
	deadline INTEGER NOT NULL DEFAULT 0,	-- 0: none set
	text TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	late_told INTEGER NOT NULL DEFAULT 0	-- the deadline it was told of
) STRICT;
CREATE UNIQUE INDEX notice_number ON notice (number_year, number_seq);
CREATE UNIQUE INDEX notice_one_draft ON notice (shelter_id)
    WHERE state = 'draft';
CREATE INDEX notice_shelter ON notice (shelter_id);
CREATE INDEX notice_state ON notice (state, deadline);

CREATE TABLE notice_step (
	notice_id INTEGER NOT NULL REFERENCES notice (id),
	seq INTEGER NOT NULL,
	action TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	account_id INTEGER REFERENCES account (id),	-- NULL: the daemon
	at INTEGER NOT NULL,
	text TEXT NOT NULL DEFAULT '',
	evidence TEXT NOT NULL DEFAULT '[]',	-- JSON array of sha256
	PRIMARY KEY (notice_id, seq)
) STRICT;

CREATE TABLE defect (
	id INTEGER PRIMARY KEY,
	shelter_id INTEGER NOT NULL REFERENCES shelter (id),
	unit_id INTEGER REFERENCES unit (id) ON DELETE SET NULL,
	entrance_id INTEGER REFERENCES entrance (id) ON DELETE SET NULL,
	item TEXT NOT NULL,
	effect TEXT NOT NULL CHECK
	    (effect IN ('nothing', 'entrance', 'factor', 'close')),
	factor REAL NOT NULL CHECK (factor BETWEEN 0 AND 1),
	severity TEXT NOT NULL,
	note TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL CHECK (state IN ('open', 'verified', 'closed')),
	opened_by INTEGER NOT NULL REFERENCES account (id),
	opened_at INTEGER NOT NULL,
	notice_id INTEGER REFERENCES notice (id),
	closed_at INTEGER
) STRICT;
CREATE INDEX defect_shelter ON defect (shelter_id, state);
CREATE INDEX defect_unit ON defect (unit_id);
CREATE INDEX defect_entrance ON defect (entrance_id);
CREATE INDEX defect_notice ON defect (notice_id);

CREATE TABLE finding (
	inspection_id INTEGER NOT NULL REFERENCES inspection (id),
	seq INTEGER NOT NULL,
	item TEXT NOT NULL,
	result TEXT NOT NULL CHECK (result IN ('pass', 'fail', 'na')),
	note TEXT NOT NULL DEFAULT '',
	entrance_id INTEGER REFERENCES entrance (id) ON DELETE SET NULL,
	factor REAL,			-- NULL: as the checklist says
	evidence TEXT NOT NULL DEFAULT '[]',
	defect_id INTEGER REFERENCES defect (id),
	PRIMARY KEY (inspection_id, seq)
) STRICT;
CREATE INDEX finding_defect ON finding (defect_id);
CREATE INDEX finding_entrance ON finding (entrance_id);
