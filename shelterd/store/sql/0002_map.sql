-- The map: shelters (works) with their units and entrances, homes, ways.
-- What an import needs to find a row again stands beside it: `identity` is
-- register id, address and unit name joined by U+001F, `content` a hash of
-- the row as it was published, `source` the file it came from.
-- Positions are WGS84 degrees; what is not known is NULL. home.shape and
-- way.lines are WKB.

CREATE TABLE shelter (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	identity TEXT NOT NULL DEFAULT '',
	content BLOB,
	source TEXT NOT NULL DEFAULT '',
	register_id TEXT NOT NULL DEFAULT '',
	name TEXT NOT NULL DEFAULT '',
	address TEXT NOT NULL DEFAULT '',
	kind TEXT NOT NULL DEFAULT '',
	precinct TEXT NOT NULL DEFAULT '',
	org TEXT NOT NULL DEFAULT '',
	floors TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	area REAL,
	places INTEGER,
	lon REAL NOT NULL,
	lat REAL NOT NULL,
	hidden INTEGER NOT NULL DEFAULT 0,
	closed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE unit (
	id INTEGER PRIMARY KEY,
	shelter_id INTEGER NOT NULL REFERENCES shelter(id),
	name TEXT NOT NULL DEFAULT '',
	sheltering_area REAL,
	stated_places INTEGER,
	converted INTEGER,
	closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX unit_shelter ON unit(shelter_id, id);

CREATE TABLE entrance (
	id INTEGER PRIMARY KEY,
	shelter_id INTEGER NOT NULL REFERENCES shelter(id),
	unit_id INTEGER REFERENCES unit(id),
	name TEXT NOT NULL DEFAULT '',
	lon REAL NOT NULL,
	lat REAL NOT NULL,
	clear_width REAL,
	usable INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX entrance_shelter ON entrance(shelter_id, id);
CREATE INDEX entrance_unit ON entrance(unit_id);

CREATE TABLE home (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
	identity TEXT NOT NULL DEFAULT '',
	content BLOB,
	source TEXT NOT NULL DEFAULT '',
	register_id TEXT NOT NULL DEFAULT '',
	name TEXT NOT NULL DEFAULT '',
	people INTEGER NOT NULL DEFAULT 0,
	households INTEGER,
	lon REAL NOT NULL,
	lat REAL NOT NULL,
	shape BLOB
) STRICT;

CREATE TABLE way (
	id INTEGER PRIMARY KEY,
	content BLOB,
	source TEXT NOT NULL DEFAULT '',
	name TEXT NOT NULL DEFAULT '',
	class TEXT NOT NULL DEFAULT '',
	steps INTEGER NOT NULL DEFAULT 0,
	lines BLOB NOT NULL
) STRICT;
CREATE INDEX way_source ON way(source);
