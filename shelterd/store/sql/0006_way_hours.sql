-- SPDX-License-Identifier: MIT
-- When a way may be walked, as gis/hours.h reads it; '': always.  The index
-- over sources served no query and cost every import.

ALTER TABLE way ADD COLUMN hours TEXT NOT NULL DEFAULT '';
DROP INDEX way_source;
