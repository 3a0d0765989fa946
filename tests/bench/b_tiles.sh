#!/bin/bash
# SPDX-License-Identifier: MIT
# Vector tiles over HTTP (wrk, 64 connections) of 100,000 shelters spread over
# half a degree, random tiles of zoom 10, 13 and 16, beside PostGIS's ST_AsMVT
# making the same features of the same places (pgbench, 8 clients, prepared
# statements, unix socket), joined in the same cells below zoom 14.  Of some
# tiles both must have the very same shelters.  Then the 99th percentile (8 connections) while a plan for
# 200,000 homes (PLAN_HOMES) is being made, beside the idle daemon's.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres.sh"
seconds=${BENCH_SECONDS:-4}
n=${BENCH_SIZE:-100000}
homes=${PLAN_HOMES:-200000}
west=119 south=26 width=0.5

column() { awk -v l="$1" -v z="$2" 'BEGIN {print int((l + 180) / 360 * 2 ^ z)}'; }
row() {
	awk -v l="$1" -v z="$2" 'BEGIN { pi = 3.14159265358979
		s = sin(l * pi / 180); m = log((1 + s) / (1 - s)) / (4 * pi)
		print int((0.5 - m) * 2 ^ z) }'
}
area() { # Z: sets x0 x1 y0 y1
	x0=$(column $west "$1") x1=$(column "$(jq -n "$west + $width")" "$1")
	y1=$(row $south "$1") y0=$(row "$(jq -n "$south + $width")" "$1")
}
load() { # Z [CONNECTIONS]: prints "RATE P99 BYTES": tiles/s, ms, of one tile
	area "$1"
	cat >"$DIR/tile.lua" <<-LUA
	local n = 0
	request = function()
		n = n + 1
		return wrk.format("GET", string.format("/v1/map/tiles/$1/%d/%d",
			$x0 + n * 7919 % ($x1 - $x0 + 1),
			$y0 + n * 104729 % ($y1 - $y0 + 1)))
	end
	LUA
	wrk -t1 -c"${2:-64}" -d"${seconds}s" --latency -s "$DIR/tile.lua" \
		-H "Authorization: Bearer $SHELTER_TOKEN" "$SHELTER_URL" >"$DIR/wrk"
	! grep -q 'Non-2xx' "$DIR/wrk" || { cat "$DIR/wrk" >&2; exit 1; }
	awk '$1 == "99%" {p = $2 + 0
			if ($2 ~ /us$/) p /= 1000; else if ($2 !~ /ms$/) p *= 1000}
		/Requests\/sec/ {r = $2}
		/requests in/ {b = $5 + 0; u = $5 ~ /GB/ ? 1e9 : $5 ~ /MB/ ? 1e6 : 1e3
			c = $1} END {print r, p, int(b * u / c)}' "$DIR/wrk"
}
start_postgis() { # the same rows as table s, g in Web Mercator
	have_postgis || { echo "no PostGIS on this machine: no peer" >&2; return; }
	start_postgres fsync=off jit=off
	sql -c 'CREATE EXTENSION postgis' || exit 1
	sql -c 'CREATE TABLE r(rid text, name text, x float8, y float8, places int)'
	sql -c '\copy r FROM STDIN CSV HEADER' <"$DIR/rows.csv"
	sql -c "CREATE TABLE s AS SELECT row_number() OVER () id, name, places,
		ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), 3857) g FROM r" \
		-c 'CREATE INDEX ON s USING gist(g)' -c 'VACUUM ANALYZE s'
}
one_tile() { # Z X Y, numbers or pgbench's variables [AND MORE]: the query
	local in="SELECT id, name, places, ST_AsMVTGeom(g,
		ST_TileEnvelope($1, $2, $3), 4096, 0, true) p FROM s
		WHERE g && ST_TileEnvelope($1, $2, $3) ${4-}"
	if [ "$1" -ge 14 ]; then
		echo "SELECT ST_AsMVT(t, 'shelters', 4096, 'p', 'id') FROM (SELECT id,
			name, 'open' state, places usable, 1 shelters, p FROM ($in) i) t;"
	else
		echo "SELECT ST_AsMVT(t, 'shelters', 4096, 'p', 'id') FROM (SELECT
			CASE WHEN count(*) = 1 THEN min(id) END id,
			CASE WHEN count(*) = 1 THEN min(name) END AS name,
			CASE WHEN count(*) = 1 THEN 'open' END state,
			sum(places) usable, count(*) shelters,
			ST_MakePoint(round(avg(ST_X(p))), round(avg(ST_Y(p)))) p
			FROM ($in) i WHERE p IS NOT NULL
			GROUP BY floor(ST_X(p) / 32), floor(ST_Y(p) / 32)) t;"
	fi | tr '\n\t' '  '
}
theirs() { # Z: tiles a second
	area "$1"
	{
		echo "\\set x random($x0, $x1)"
		echo "\\set y random($y0, $y1)"
		one_tile "$1" :x :y
	} >"$pg/tile.sql"
	as "$bin/pgbench" -h "$pg" -U bench -n -M prepared -c 8 -j 1 \
		-T "$seconds" -f "$pg/tile.sql" postgres | awk '/^tps/ {print $3}'
}
# By itself PostGIS takes more than lies in the tile: && compares boxes in single
# precision, a metre here, and ST_AsMVTGeom rounds to the nearest unit and takes
# the units 0 to 4096 with both rims, half a unit on each side.  These are the
# places that are in this tile and in no other, as ours has them.
in_this_tile() { # Z X Y
	local e="ST_TileEnvelope($1, $2, $3)"
	echo "AND ST_X(g) >= ST_XMin($e) AND ST_X(g) < ST_XMax($e)
		AND ST_Y(g) > ST_YMin($e) AND ST_Y(g) <= ST_YMax($e)"
}
in_tile() { # FILE Z: shelters in it, their places, and who is alone in a point
	[ -s "$1" ] || { echo nothing; return; }
	ogr2ogr -f GeoJSON /vsistdout/ "$1" shelters | jq -r --argjson z "$2" '
		[.features[].properties] | [(map(.shelters) | add),
		(map(.usable) | add)] + (if $z < 14 then [] else
		map(.name) | sort end) | join(" ")'
}
same_tiles() { # Z
	local x y mine their
	area "$1"
	mkdir -p "$DIR/a/$1" "$DIR/b/$1"
	for _ in {1..20}; do
		x=$((x0 + RANDOM % (x1 - x0 + 1))) y=$((y0 + RANDOM % (y1 - y0 + 1)))
		mkdir -p "$DIR/a/$1/$x" "$DIR/b/$1/$x"
		curl -sS -o "$DIR/a/$1/$x/$y.mvt" \
			-H "Authorization: Bearer $SHELTER_TOKEN" \
			"$SHELTER_URL/v1/map/tiles/$1/$x/$y"
		sql -c "SELECT encode(b, 'hex') FROM (
			$(one_tile "$1" "$x" "$y" "$(in_this_tile "$1" "$x" "$y")" |
				sed 's/ST_AsMVT(t[^)]*)/& b/; s/;//')
			) q" | xxd -r -p >"$DIR/b/$1/$x/$y.mvt"
		mine=$(in_tile "$DIR/a/$1/$x/$y.mvt" "$1")
		their=$(in_tile "$DIR/b/$1/$x/$y.mvt" "$1")
		[ "$mine" = "$their" ] || {
			echo "tile $1/$x/$y: $mine, PostGIS $their" >&2
			exit 1
		}
	done
}

awk -v n="$n" -v w=$west -v s=$south -v d=$width 'BEGIN { srand(7)
	print "register_id,name,x,y,places"
	for (i = 0; i < n; i++) printf "B%d,shelter %d,%.6f,%.6f,%d\n",
		i, i, w + rand() * d, s + rand() * d, 100 + i % 900 }' >"$DIR/rows.csv"
start_daemon -o log-level=warn
shelterctl import shelters "$DIR/rows.csv" --json >"$DIR/import.json" || exit 1
[ "$(jq .accepted "$DIR/import.json")" = "$n" ] || exit 1
start_postgis
for z in 10 13 16; do
	[ -z "$pg" ] || same_tiles $z
	load $z >/dev/null
	rate=$(for _ in 1 2 3; do load $z; done | cut -d' ' -f1 | median)
	read -r _ _ bytes < <(load $z)
	if [ -n "$pg" ]; then
		peer=$(for _ in 1 2 3; do theirs $z; done | median)
		figure "tiles of zoom $z" "$n" "$rate" tiles/s "ST_AsMVT" "$peer" \
			"$(jq -n "$rate / $peer")"
	else
		figure "tiles of zoom $z" "$n" "$rate" tiles/s
	fi
	figure "bytes of a tile of zoom $z" "$n" "$bytes" bytes
done
kill_daemon
rm -f "$DIR"/store.db* "$DIR/admin.token"

"$BUILD/district" -n "$homes" -s 1 -o "$DIR" >/dev/null || exit 1
start_daemon -o log-level=warn
shelterctl import shelters "$DIR/shelters.csv" --json >/dev/null
shelterctl import homes "$DIR/homes.geojson" --people people --json >/dev/null
west=123.3 south=29.8 width=0.15
load 15 8 >/dev/null
read -r _ idle _ < <(load 15 8)
for _ in 1 2 3 4; do
	api POST /v1/plans '{"radius":1000}'
	[ "$STATUS" = 202 ] || exit 1
done
first=$(field .job.id)
read -r rate busy _ < <(load 15 8)
api GET "/v1/jobs/$first"
[[ $(field .state) =~ queued|running ]] || {
	echo 'the plans ended before the load did' >&2
	exit 1
}
figure "tile p99 while planning" "$homes" "$busy" ms "the idle daemon" \
	"$idle" "$(jq -n "$idle / $busy")"
figure "tiles while planning" "$homes" "$rate" tiles/s
