-- The map: shelters (works) with their units and entrances, homes, ways.
-- Positions are WGS84 degrees; what is not known is NULL. home.shape and
-- way.lines are WKB.
--
-- A claim is what one file of an import last said of a shelter or a home:
-- `identity` is register id, address and unit name joined by U+001F (of a
-- home: its register id), `content` a hash of the row as it was published.
-- `latest` is 0 once another file said something else since.

CREATE TABLE claim (
	id INTEGER PRIMARY KEY,
	noun TEXT NOT NULL CHECK (noun IN ('shelter', 'home')),
	noun_id INTEGER NOT NULL,
	source TEXT NOT NULL,
	identity TEXT NOT NULL,
	content BLOB NOT NULL CHECK (length(content) = 16),
	latest INTEGER NOT NULL DEFAULT 1 CHECK (latest IN (0, 1))
) STRICT;
CREATE INDEX claim_noun ON claim (noun, noun_id);

CREATE TABLE shelter (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 1,
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
