#!/bin/bash
# SPDX-License-Identifier: MIT
# usage: spatialite.sh DATA W,S,E,N RADIUS
# Asks SpatiaLite for the coverage of the Da'an district, from the published
# files themselves (nothing of ours has touched them): UTM zone 51, buffers of
# 64 segments a quadrant, their union, and each area's share in it.  A feature
# counts when its centroid is in the box.  Prints one JSON object:
#	{"records","places","homes","people","covered_public","covered_all"}
# Exit 77 when there is no sqlite3 with mod_spatialite.
set -u
data=$1/daan radius=$3
IFS=, read -r w s e n <<<"$2"
export SPATIALITE_SECURITY=relaxed
sqlite3 :memory: "SELECT load_extension('mod_spatialite')" >/dev/null 2>&1 ||
	exit 77

# One row a record; the header variants differ in where the position stands.
shelters() {
	local f lat lon kind
	for f in "$data"/shelters/*.csv; do
		kind="''"
		head -n 1 "$f" | grep -q 類別 && kind='"類別"'
		lat='substr("緯經度", 1, instr("緯經度", '"','"') - 1)'
		lon='substr("緯經度", instr("緯經度", '"','"') + 1)'
		if ! head -n 1 "$f" | grep -q 緯經度; then
			lat='"緯度"' lon='"經度"'
		fi
		cat <<-SQL
		DROP TABLE IF EXISTS t;
		.import --csv '$f' t
		INSERT INTO record SELECT $kind, CAST("可容納人數" AS REAL),
			CAST($lon AS REAL), CAST($lat AS REAL) FROM t;
		SQL
	done
}

areas() {
	local f i=0
	for f in "$data"/population/*.geojson; do
		i=$((i + 1))
		cat <<-SQL
		SELECT ImportGeoJSON('$f', 'area$i', 'geometry');
		INSERT INTO area SELECT codebase, CastToXY(geometry) FROM area$i;
		SQL
	done
	for f in "$data"/population/*.csv; do
		echo ".import --csv '$f' population"
	done
}

covered() { # WHERE
	cat <<-SQL
	(WITH u AS MATERIALIZED (SELECT ST_UnaryUnion(ST_Collect(
		ST_Buffer(g, $radius, 64))) AS g FROM shelter WHERE $1)
	SELECT sum(people * coalesce(ST_Area(ST_Intersection(home.g, u.g)), 0)
		/ ST_Area(home.g)) FROM home, u)
	SQL
}

{
	cat <<-SQL
	SELECT load_extension('mod_spatialite');
	SELECT InitSpatialMetaDataFull(1);
	CREATE TABLE record(kind TEXT, places REAL, lon REAL, lat REAL);
	CREATE TABLE area(code TEXT, g BLOB);
	SQL
	shelters
	areas
	cat <<-SQL
	CREATE TABLE shelter AS SELECT kind, places,
		ST_Transform(MakePoint(lon, lat, 4326), 32651) AS g
		FROM record WHERE lon BETWEEN $w AND $e AND lat BETWEEN $s AND $n;
	CREATE TABLE home AS SELECT coalesce(p.P_CNT, 0) + 0.0 AS people,
		ST_Transform(SetSRID(a.g, 4326), 32651) AS g
		FROM area a LEFT JOIN population p ON p.CODEBASE = a.code
		WHERE ST_X(ST_Centroid(a.g)) BETWEEN $w AND $e
		AND ST_Y(ST_Centroid(a.g)) BETWEEN $s AND $n;
	SELECT 'answer', json_object(
		'records', (SELECT count(*) FROM shelter),
		'places', (SELECT sum(places) FROM shelter),
		'homes', (SELECT count(*) FROM home),
		'people', (SELECT sum(people) FROM home),
		'covered_public', $(covered "kind != '一般住宅'"),
		'covered_all', $(covered 1));
	SQL
} | sqlite3 -separator ' ' :memory: 2>/dev/null | sed -n 's/^answer //p'
