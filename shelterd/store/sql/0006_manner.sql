-- SPDX-License-Identifier: MIT
-- When a way may be walked, as gis/hours.h reads it; '': always.  The index
-- over sources served no query and cost every import.

ALTER TABLE way ADD COLUMN hours TEXT NOT NULL DEFAULT '';
DROP INDEX way_source;

-- In which manner a plan's people go: 'walk', or 'wheelchair' without steps;
-- at which minute of the day, NULL: any.
ALTER TABLE plan ADD COLUMN profile TEXT NOT NULL DEFAULT 'walk'
    CHECK (profile IN ('walk', 'wheelchair'));
ALTER TABLE plan ADD COLUMN minute INTEGER CHECK (minute BETWEEN 0 AND 1439);
