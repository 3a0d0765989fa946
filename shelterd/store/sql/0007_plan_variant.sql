-- SPDX-License-Identifier: MIT
-- What a plan minded beside people and metres (an earlier plan, queues at the
-- doors, late people) and what came of it; no row: nothing.

CREATE TABLE plan_variant (
	plan_id INTEGER PRIMARY KEY REFERENCES plan (id),
	told TEXT NOT NULL			-- JSON
) STRICT;
