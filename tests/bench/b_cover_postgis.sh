#!/bin/bash
# SPDX-License-Identifier: MIT
# The coverage engine beside PostGIS on the same places: ST_Union of buffers,
# and homes that some shelter is within reach of (ST_DWithin, indexed).  A
# server of its own in a temporary folder, on a socket there, durable for
# nobody; PostgreSQL does not run as root, so root lends it to "nobody".
# BENCH_SIZES for other sizes.  Needs postgresql-15 and postgresql-15-postgis-3.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres.sh"
sizes=${BENCH_SIZES:-1000 10000 100000}
us=$BUILD/bench/b_cover
have_postgis || { echo "no PostGIS on this machine" >&2; exit 0; }
start_postgres fsync=off jit=off work_mem=256MB
timed() { # SQL: prints "SECONDS ANSWER"
	sql -c '\timing on' -c "$1" | awk '/^Time:/ {s = $2 / 1000; next}
		NF {a = $1} END {print s, a}'
}
sql -c 'CREATE EXTENSION postgis' || exit 1

for n in $sizes; do
	sql -c 'DROP TABLE IF EXISTS p, h, shelter, home' \
		-c 'CREATE TABLE p(x float8, y float8)' \
		-c 'CREATE TABLE h(x float8, y float8)' 2>/dev/null
	"$us" points "$n" | sql -c '\copy p FROM STDIN'
	"$us" homes "$n" | sql -c '\copy h FROM STDIN'
	sql -c 'CREATE TABLE shelter AS SELECT ST_MakePoint(x, y) g FROM p' \
		-c 'CREATE TABLE home AS SELECT ST_MakePoint(x, y) g FROM h' \
		-c 'CREATE INDEX ON shelter USING gist(g)' \
		-c 'CREATE INDEX ON home USING gist(g)' -c 'ANALYZE'
	for r in 200 500; do
		read -r theirs area < <(timed "SELECT ST_Area(ST_Union(
			ST_Buffer(g, $r))) FROM shelter")
		read -r ours exact drawn < <("$us" union "$n" $r)
		figure "union of discs $r m, PostGIS" "$n" "$ours" s \
			"PostGIS ST_Union" "$theirs" \
			"$(jq -n "$theirs / $ours")"
		echo "   area $r m: arcs $exact, drawn $drawn, PostGIS $area" >&2
	done
	read -r theirs count < <(timed "SELECT count(*) FROM home h WHERE EXISTS
		(SELECT 1 FROM shelter s WHERE ST_DWithin(h.g, s.g, 500))")
	read -r ours mine < <("$us" reach "$n" 500)
	[ "$mine" = "$count" ] || { echo "covered: $mine, PostGIS $count" >&2; exit 1; }
	figure "homes within 500 m, PostGIS" $((2 * n)) "$ours" s \
		"PostGIS ST_DWithin" "$theirs" "$(jq -n "$theirs / $ours")"
done
