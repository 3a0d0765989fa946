-- SPDX-License-Identifier: MIT
-- When each check of each unit was last looked at: what due dates are counted
-- from.  `work` is the kind of maintenance the look was part of, 'na': it was
-- said not to be there.  unit_id 0 is the works as a whole; a unit that is
-- gone leaves rows that nobody asks for, so it is no reference.

CREATE TABLE looked (
	shelter_id INTEGER NOT NULL REFERENCES shelter (id),
	unit_id INTEGER NOT NULL,
	item TEXT NOT NULL,
	work TEXT NOT NULL CHECK
	    (work IN ('routine', 'special', 'replace', 'na')),
	at INTEGER NOT NULL,
	PRIMARY KEY (shelter_id, unit_id, item, work)
) STRICT;

-- The kind of maintenance an inspection was part of.
ALTER TABLE inspection ADD COLUMN work TEXT NOT NULL DEFAULT 'routine'
    CHECK (work IN ('routine', 'special', 'replace'));

-- A clock that runs ahead does not put off what is due: no look is later than
-- its arrival.
INSERT INTO looked (shelter_id, unit_id, item, work, at)
SELECT inspection.shelter_id,
    COALESCE(entrance.unit_id, inspection.unit_id, 0), finding.item,
    CASE finding.result WHEN 'na' THEN 'na' ELSE 'routine' END,
    MAX(CASE WHEN inspection.at < inspection.received_at
	THEN inspection.at ELSE inspection.received_at END)
FROM finding
JOIN inspection ON inspection.id = finding.inspection_id
LEFT JOIN entrance ON entrance.id = finding.entrance_id
WHERE finding.result <> 'na' OR finding.entrance_id IS NULL
GROUP BY 1, 2, 3, 4;

-- Where a task comes from: the office, the schedule, a draw (then `draw` is
-- its event); what is due (JSON); and whether task.assigned was told.  Of the
-- schedule a shelter has at most one task that is not done.
ALTER TABLE task ADD COLUMN origin TEXT NOT NULL DEFAULT 'office'
    CHECK (origin IN ('office', 'schedule', 'draw'));
ALTER TABLE task ADD COLUMN items TEXT NOT NULL DEFAULT '[]';
ALTER TABLE task ADD COLUMN draw INTEGER;
ALTER TABLE task ADD COLUMN told INTEGER NOT NULL DEFAULT 1
    CHECK (told IN (0, 1));
CREATE INDEX task_untold ON task (id) WHERE told = 0;
CREATE UNIQUE INDEX task_one_scheduled ON task (shelter_id)
    WHERE origin = 'schedule' AND state <> 'done';
