#!/bin/bash
# SPDX-License-Identifier: MIT
# Nearest ten shelters over HTTP (wrk, 64 connections, one loop thread) at three
# register sizes, beside PostGIS's KNN on the same places (pgbench, 8 clients,
# prepared statements, unix socket).  Two peers: geography asks our question
# (degrees in, metres out); geometry is asked on a plane with the point already
# projected, which spares PostGIS a part of the work.  The same places must be
# found.  Then the 99th percentile of the answers while a plan for 200,000
# homes (PLAN_HOMES) is being made on the worker, beside the idle daemon's.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres.sh"
seconds=${BENCH_SECONDS:-4}
sizes=${BENCH_SIZES:-1000 10000 100000}
homes=${PLAN_HOMES:-200000}

near() { # WEST SOUTH WIDTH: the script for wrk
	cat >"$DIR/near.lua" <<LUA
local n = 0
request = function()
	n = n + 1
	local lon = $1 + (n * 7919 % 20000) / 20000 * $3
	local lat = $2 + (n * 104729 % 20000) / 20000 * $3
	return wrk.format("GET", string.format(
		"/v1/shelters/near?lon=%.6f&lat=%.6f&k=10", lon, lat))
end
LUA
}
rows() { # N shelters spread over half a degree
	awk -v n="$1" 'BEGIN { srand(7); print "register_id,name,x,y,places"
		for (i = 0; i < n; i++) printf "B%d,shelter %d,%.6f,%.6f,%d\n",
			i, i, 119 + rand() / 2, 26 + rand() / 2, 100 + i % 900 }'
}
load() { # WRK-ARGUMENTS…: prints "RATE P99", requests/s and ms
	wrk -t1 -c64 -d"${seconds}s" --latency \
		-H "Authorization: Bearer $SHELTER_TOKEN" "$@" >"$DIR/wrk"
	! grep -q 'Non-2xx' "$DIR/wrk" || { cat "$DIR/wrk" >&2; exit 1; }
	awk '$1 == "99%" {v = $2; p = v + 0
			if (v ~ /us$/) p /= 1000; else if (v !~ /ms$/) p *= 1000}
		/Requests\/sec/ {r = $2} END {print r, p}' "$DIR/wrk"
}

start_postgis() {
	if ! have_postgis; then
		echo "no PostGIS on this machine: no peer" >&2
		return
	fi
	start_postgres fsync=off jit=off
	sql -c 'CREATE EXTENSION postgis' || exit 1
}
give_postgis() { # rows.csv as table s: g on a plane, gg as geography
	sql -c 'DROP TABLE IF EXISTS r, s' -c 'CREATE TABLE r(rid text, name text,
		x float8, y float8, places int)' 2>/dev/null
	sql -c '\copy r FROM STDIN CSV HEADER' <"$DIR/rows.csv"
	sql -c "CREATE TABLE s AS SELECT row_number() OVER () id, rid, name, '' address,
		x, y, places, ST_Transform(p, 32650) g, p::geography gg
		FROM (SELECT *, ST_SetSRID(ST_MakePoint(x, y), 4326) p FROM r) t" \
		-c 'CREATE INDEX ON s USING gist(g)' \
		-c 'CREATE INDEX ON s USING gist(gg)' -c 'VACUUM ANALYZE s'
	cat >"$pg/geography.sql" <<-'SQL'
	\set x random(0, 500000)
	\set y random(0, 500000)
	SELECT id, name, address, x, y, places, gg <-> ST_SetSRID(ST_MakePoint(119 + :x / 1e6, 26 + :y / 1e6), 4326)::geography AS metres FROM s ORDER BY gg <-> ST_SetSRID(ST_MakePoint(119 + :x / 1e6, 26 + :y / 1e6), 4326)::geography LIMIT 10;
	SQL
	cat >"$pg/geometry.sql" <<-'SQL'
	\set x random(700000, 748000)
	\set y random(2878000, 2932000)
	SELECT id, name, address, x, y, places, g <-> ST_SetSRID(ST_MakePoint(:x, :y), 32650) AS metres FROM s ORDER BY g <-> ST_SetSRID(ST_MakePoint(:x, :y), 32650) LIMIT 10;
	SQL
}
knn() { # geography|geometry: queries a second
	as "$bin/pgbench" -h "$pg" -U bench -n -M prepared -c 8 -j 1 \
		-T "$seconds" -f "$pg/$1.sql" postgres | awk '/^tps/ {print $3}'
}
# 40 points: ours, measured by PostGIS on the ellipsoid, are as near as its own.
# Its <-> goes by the sphere, which swaps places a few metres apart, so of the
# 50 nearest by that the ten nearest on the ellipsoid are taken.
same_places() {
	local lon lat mine off
	for _ in {1..40}; do
		lon=119.$((RANDOM % 40 + 10))$((RANDOM % 9000 + 1000))
		lat=26.$((RANDOM % 40 + 10))$((RANDOM % 9000 + 1000))
		api GET "/v1/shelters/near?lon=$lon&lat=$lat&k=10"
		mine=$(field '[.items[].name]|join(",")')
		off=$(sql -c "WITH q AS (SELECT ST_SetSRID(ST_MakePoint($lon, $lat),
			4326)::geography p),
			c AS (SELECT gg, p FROM s, q ORDER BY gg <-> p LIMIT 50),
			t AS (SELECT ST_Distance(gg, p) d FROM c ORDER BY d LIMIT 10),
			o AS (SELECT ST_Distance(gg, p) d FROM s, q
				WHERE name = ANY (string_to_array('$mine', ',')))
			SELECT CASE WHEN (SELECT count(*) FROM o) = 10 AND abs(
				(SELECT sum(d) FROM o) / (SELECT sum(d) FROM t) - 1)
				< 1e-4 THEN 0 ELSE 1 END")
		[ "$off" = 0 ] || {
			echo "nearest of $lon,$lat differ: $mine" >&2
			exit 1
		}
	done
}

start_postgis
near 119 26 0.5
for n in $sizes; do
	start_daemon -o log-level=warn
	rows "$n" >"$DIR/rows.csv"
	shelterctl import shelters "$DIR/rows.csv" --json >"$DIR/import.json" ||
		exit 1
	[ "$(jq .accepted "$DIR/import.json")" = "$n" ] || exit 1
	load "$SHELTER_URL/healthz" >/dev/null
	read -r http _ < <(load "$SHELTER_URL/healthz")
	rate=$(for _ in 1 2 3; do load -s "$DIR/near.lua" "$SHELTER_URL"; done |
		cut -d' ' -f1 | median)
	figure "nearest-10 over HTTP" "$n" "$rate" requests/s healthz "$http" \
		"$(jq -n "$rate / $http")"
	if [ -n "$pg" ]; then
		give_postgis
		same_places
		for kind in geography geometry; do
			theirs=$(for _ in 1 2 3; do knn $kind; done | median)
			figure "nearest-10, PostGIS $kind" "$n" "$rate" \
				requests/s "PostGIS KNN" "$theirs" \
				"$(jq -n "$rate / $theirs")"
		done
	fi
	kill_daemon
	rm -f "$DIR"/store.db* "$DIR/admin.token"
done

# While a plan is being made.  The streets are left out: what counts here is
# the worker's load.
"$BUILD/district" -n "$homes" -s 1 -o "$DIR" >/dev/null || exit 1
start_daemon -o log-level=warn
shelterctl import shelters "$DIR/shelters.csv" --json >/dev/null
shelterctl import homes "$DIR/homes.geojson" --people people --json >/dev/null
near 123.3 29.8 0.15
load -s "$DIR/near.lua" "$SHELTER_URL" >/dev/null
read -r _ idle < <(load -s "$DIR/near.lua" "$SHELTER_URL")
for _ in 1 2 3 4; do
	api POST /v1/plans '{"radius":1000}'
	[ "$STATUS" = 202 ] || exit 1
done
first=$(field .job.id)
read -r rate busy < <(load -s "$DIR/near.lua" "$SHELTER_URL")
api GET "/v1/jobs/$first"
[[ $(field .state) =~ queued|running ]] || {
	echo 'the plans ended before the load did' >&2
	exit 1
}
figure "nearest-10 p99 while planning" "$homes" "$busy" ms "the idle daemon" \
	"$idle" "$(jq -n "$idle / $busy")"
figure "nearest-10 while planning" "$homes" "$rate" requests/s
