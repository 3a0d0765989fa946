-- SPDX-License-Identifier: MIT
-- Pieces of street that were closed to everybody: between two vertices of the
-- network, told by their positions, since ways change with every import.  A
-- row stays when it is opened again.

CREATE TABLE closure (
	id INTEGER PRIMARY KEY,
	lon_a REAL NOT NULL,
	lat_a REAL NOT NULL,
	lon_b REAL NOT NULL,
	lat_b REAL NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	closed_by INTEGER NOT NULL,
	closed_at INTEGER NOT NULL,
	opened_by INTEGER,
	opened_at INTEGER
) STRICT;
CREATE UNIQUE INDEX closure_closed ON closure (lon_a, lat_a, lon_b, lat_b)
    WHERE opened_at IS NULL;
