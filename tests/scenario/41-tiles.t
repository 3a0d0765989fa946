#!/bin/bash
# SPDX-License-Identifier: MIT
# Vector tiles as GDAL reads them: every shelter and home where the map has it,
# in one tile, areas with their area; joined at low zoom with nothing lost;
# hidden works for the office only; a new tag when the data changed, and when an
# older store was put back.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh
command -v ogr2ogr >/dev/null || skip_all 'no ogr2ogr on this machine'

tile() { # Z X Y [PATH]: STATUS HEADERS, the bytes in a place GDAL knows
	local dir=$DIR/tiles/$1/$2 path=${4:-/v1/map/tiles}
	mkdir -p "$dir"
	rm -f "$dir/$3.mvt"
	STATUS=$(curl -sS -D "$DIR/headers" -o "$dir/$3.mvt" -w '%{http_code}' \
		-H "Authorization: Bearer $SHELTER_TOKEN" \
		"$SHELTER_URL$path/$1/$2/$3${5-}")
	HEADERS=$(cat "$DIR/headers")
	TILE=$dir/$3.mvt
}
layer() { # NAME: of TILE, as GeoJSON in degrees on one line
	ogr2ogr -f GeoJSON -t_srs EPSG:4326 /vsistdout/ "$TILE" "$1" \
		2>"$DIR/ogr.err" | jq -c '.features'
}
at() { # LON LAT Z: "X Y" of the tile
	jq -rn --argjson lon "$1" --argjson lat "$2" --argjson z "$3" '
		($lat * 3.14159265358979 / 180) as $f | pow(2; $z) as $n |
		"\(($lon + 180) / 360 * $n | floor) \(((1 - (($f | tan) + 1 /
		($f | cos) | log) / 3.14159265358979) / 2 * $n) | floor)"'
}

start_daemon
tile 3 1 1
is "$STATUS $(wc -c <"$TILE")" '204 0' 'nothing there'
tile 3 8 1
is "$STATUS" 404 'a column that is none'
tile 21 0 0
is "$STATUS" 404 'too deep'
tile 3 1 east
is "$STATUS" 404 'a row that is no number'

# 300 shelters and 400 homes over 3 km, seeded; every seventh home an area of
# some 80 m with a hole, every fifth shelter hidden.
rows=$(awk 'BEGIN { srand(3); for (i = 0; i < 300; i++)
	printf "%s{\"file\":0,\"line\":%d,\"register_id\":\"S%d\",\"name\":\"掩蔽 %d\",\"places\":%d,\"hidden\":%s,\"x\":%.6f,\"y\":%.6f}",
	i ? "," : "", i + 1, i, i, 10 + i, i % 5 ? "false" : "true",
	121.5 + rand() * 0.03, 25.03 + rand() * 0.03 }')
put_rows shelters "[$rows]"
rows=$(awk 'function ring(x, y, r) { return sprintf("[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]",
	x - r, y - r, x + r, y - r, x + r * 1.5, y + r, x - r, y + r * 0.8, x - r, y - r) }
	BEGIN { srand(4); for (i = 0; i < 400; i++) {
	x = 121.5 + rand() * 0.03; y = 25.03 + rand() * 0.03
	printf "%s{\"file\":0,\"line\":%d,\"register_id\":\"H%d\",\"name\":\"里 %d\",\"people\":%d,",
		i ? "," : "", i + 1, i, i % 3, 1 + i
	if (i % 7) printf "\"x\":%.6f,\"y\":%.6f}", x, y
	else printf "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[%s,%s]}}",
		ring(x, y, 0.0004), ring(x, y, 0.0001) } }')
put_rows homes "[$rows]"
api GET /v1/map/shelters
cp "$DIR/body" "$DIR/shelters.json"
api GET /v1/map/homes
cp "$DIR/body" "$DIR/homes.json"
is "$(jq '.features|length' "$DIR/shelters.json")" 300 'a map to compare with'

# Every tile of zoom 15 over the place, and one around it.
read -r x0 y1 < <(at 121.5 25.03 15)
read -r x1 y0 < <(at 121.532 25.062 15)
: >"$DIR/s" >"$DIR/h"
for ((x = x0 - 1; x <= x1 + 1; x++)); do
	for ((y = y0 - 1; y <= y1 + 1; y++)); do
		tile 15 $x $y
		[ "$STATUS" = 200 ] || continue
		layer shelters >>"$DIR/s"
		layer homes >>"$DIR/h"
	done
done
ok [ ! -s "$DIR/ogr.err" ] -- 'GDAL has nothing to complain of'
# A unit of zoom 15 is 2.68e-6 degrees of longitude.
near='def near($a; $b): (($a[0] - $b[0]) | fabs) < 2.7e-6 and
	(($a[1] - $b[1]) | fabs) < 2.7e-6;'
is "$(jq -rs --slurpfile map "$DIR/shelters.json" "$near"'
	add | (map({key: "\(.properties.id)", value: .}) | from_entries) as $of |
	[length, ([$map[0].features[] | . as $s | $of["\(.id)"] |
	select(near(.geometry.coordinates; $s.geometry.coordinates) and
	.properties.name == $s.properties.name and .properties.state == "open" and
	.properties.usable == $s.properties.usable)] | length)] |
	join(" ")' "$DIR/s")" '300 300' 'each shelter once, where it is, as it is'
is "$(jq -rs 'add | map(select(.geometry.type == "Point")) |
	[length, (map(.properties.people) | add)] | join(" ")' "$DIR/h")" \
	"342 $(jq '[.features[] | select(.geometry.type == "Point") |
	.properties.people] | add' "$DIR/homes.json")" 'each home that is a point once'
is "$(jq -rs 'add | map(select(.geometry.type | test("Polygon"))) |
	map(.properties.id) | unique | length' "$DIR/h")" 58 'all that are areas'
# One tile that holds some areas whole: their corners are those of the map.
is "$(jq -rs --slurpfile map "$DIR/homes.json" '
	($map[0].features | map({key: "\(.id)", value: .}) | from_entries) as $of |
	[add[] | select(.geometry.type == "Polygon" and
		(.geometry.coordinates | length) == 2 and
		(.geometry.coordinates[0] | length) == 5) |
	. as $f | $of["\(.properties.id)"].geometry.coordinates as $c |
	([.geometry.coordinates[0][] | .[0]] | min) - ([$c[0][] | .[0]] | min) |
	fabs < 2.7e-6] | [length > 20, all] | join(" ")' "$DIR/h")" 'true true' \
	'areas lie where they lie, with their holes'

# Joined: nothing lost, fewer points.
for z in 13 9 0; do
	read -r x y < <(at 121.5 25.03 $z)
	read -r x1 y1 < <(at 121.53 25.06 $z)
	: >"$DIR/s" >"$DIR/h"
	for ((; x <= x1; x++)); do
		for ((k = y1; k <= y; k++)); do
			tile $z $x $k
			[ "$STATUS" = 200 ] || continue
			layer shelters >>"$DIR/s"
			layer homes >>"$DIR/h"
		done
	done
	is "$(jq -rs 'add | [(map(.properties.shelters) | add),
		(map(.properties.usable) | add)] | join(" ")' "$DIR/s")" \
		'300 47850' "zoom $z: all shelters and their places"
	is "$(jq -rs 'add | unique_by(.properties.id // .) |
		[(map(.properties.homes) | add), (map(.properties.people) | add)] |
		join(" ")' "$DIR/h")" '400 80200' "zoom $z: all homes and people"
done
is "$(jq -rs 'add | length' "$DIR/s")" 1 'in one point at last'

# The office and the others.
read -r x y < <(at 121.515 25.045 9)
tile 9 "$x" "$y"
like "$(header content-type)" vector-tile 'the type'
tag=$(header etag)
office=$SHELTER_TOKEN
viewer=$(as_user reader viewer)
SHELTER_TOKEN=$viewer
tile 9 "$x" "$y"
is "$(layer shelters | jq 'map(.properties.shelters) | add')" 240 \
	'hidden works are not there'
ok [ "$(header etag)" != "$tag" ] -- 'and the tag is another'
SHELTER_TOKEN=$office
tile 9 "$x" "$y"
is "$(header etag)" "$tag" 'the same data, the same tag'

knows() { # TAG: what is sent to a client that has this one
	curl -sS -o /dev/null -w '%{http_code}' -H "If-None-Match: $1" \
		-H "Authorization: Bearer $SHELTER_TOKEN" \
		"$SHELTER_URL/v1/map/tiles/9/$x/$y"
}
is "$(knows "$tag") $(knows '"1"') $(knows "\"1\", $tag")" '304 200 304' \
	'who has this data gets nothing'
is "$(SHELTER_TOKEN=$viewer knows "$tag")" 200 'but not who saw other works'

# A change is seen in the next tile.
api GET "/v1/shelters?where=register_id=%27S1%27"
id=$(field '.items[0].id') v=$(field '.items[0].version')
read -r x y < <(field '.items[0].at|join(" ")')
api PATCH "/v1/shelters/$id" '{"closed":true}' -H "If-Match: \"$v\""
read -r tx ty < <(at "$x" "$y" 16)
tile 16 "$tx" "$ty"
is "$(layer shelters | jq -r ".[]|select(.properties.id == $id)|.properties|
	\"\(.state) \(.usable)\"")" 'closed 0' 'closed'
ok [ "$(header etag)" != "$tag" ] -- 'under another tag'
api PATCH "/v1/shelters/$id" '{"at":[121.6,25.1]}' -H "If-Match: \"$((v + 1))\""
tile 16 "$tx" "$ty"
is "$(layer shelters | jq "map(select(.properties.id == $id))|length")" 0 'gone'
read -r tx ty < <(at 121.6 25.1 16)
tile 16 "$tx" "$ty"
is "$(layer shelters | jq -r '.[].properties.id')" "$id" 'to where it moved'

# The covered area: the part of the whole that lies in the tile (GDAL clips at
# its rim).
square() { # FILE [LAYER] [OPTIONS]: square metres of the web map
	ogr2ogr -f GeoJSON -t_srs EPSG:3857 -nln area "${@:3}" \
		"$DIR/area.json" "$1" ${2:+"$2"}
	ogrinfo -ro -q -sql 'SELECT OGR_GEOM_AREA FROM area' "$DIR/area.json" |
		awk '/OGR_GEOM_AREA/ {sum += $NF} END {printf "%.0f", sum}'
	rm -f "$DIR/area.json"
}
side=40075016.68557849
for z in 12 14 16; do
	read -r tx ty < <(at 121.515 25.045 $z)
	tile $z "$tx" "$ty" /v1/coverage/tiles '?radius=150'
	is "$STATUS" 200 "zoom $z: a tile of a coverage"
	mine=$(square "$TILE" coverage)
	api GET '/v1/coverage/area?radius=150'
	box=$(jq -rn "($side / pow(2; $z)) as \$s | (-$side / 2 + $tx * \$s),
		($side / 2 - ($ty + 1) * \$s), (-$side / 2 + ($tx + 1) * \$s),
		($side / 2 - $ty * \$s)")
	# shellcheck disable=SC2086
	whole=$(square "$DIR/body" '' -clipdst $box)
	is "$(jq -n "$whole > 100000 and ($mine / $whole - 1 | fabs) < 0.003")" true \
		"zoom $z: the covered area in it"
done
: >"$DIR/h"
read -r x y < <(at 121.5 25.03 13)
read -r x1 y1 < <(at 121.53 25.06 13)
for ((; x <= x1; x++)); do
	for ((k = y1; k <= y; k++)); do
		tile 13 $x $k /v1/coverage/tiles '?radius=150'
		[ "$STATUS" = 200 ] && layer homes >>"$DIR/h"
	done
done
api GET '/v1/coverage?radius=150'
is "$(jq -rs 'add | unique_by(.properties.id // .) |
	[(map(.properties.people) | add), (map(.properties.covered) | add)] |
	join(" ")' "$DIR/h")" "$(field '"\(.people) \(.covered)"')" \
	'the homes add up to the people covered'
tile 13 $x1 $y1 /v1/coverage/tiles '?radius=none'
is "$STATUS" 400 'no such radius'

# An older store put back counts the same versions again, for other data.
revise() { # true|false: closes or opens shelter $id
	api GET "/v1/shelters/$id"
	api PATCH "/v1/shelters/$id" "{\"closed\":$1,\"note\":\"$RANDOM\"}" \
		-H "If-Match: $(header etag)"
}
version() {
	api GET /v1/stats
	field .data_version
}
api POST /v1/backup '{"name":"before"}'
job_done
revise true
revise false
revise true
read -r x y < <(at 121.6 25.1 16)
tile 16 "$x" "$y"
tag=$(header etag)
before=$(version)
ok stop_daemon -- 'stopped'
shelterd -c etc/shelterd.conf -o store="$DIR/store.db" -r "$DIR/backup/before" \
	>"$DIR/restore.out" 2>&1
is $? 0 'the older store is put back'
restart_daemon
while [ "$(version)" -lt "$before" ]; do revise false; done
is "$(version)" "$before" 'its data has the same version'
tile 16 "$x" "$y"
is "$(layer shelters | jq -r '.[0].properties.state')" open 'but is another'
is "$(curl -sS -o /dev/null -w '%{http_code}' -H "If-None-Match: $tag" \
	-H "Authorization: Bearer $SHELTER_TOKEN" \
	"$SHELTER_URL/v1/map/tiles/16/$x/$y")" 200 'which who had the other one gets'
ok stop_daemon -- 'stopped'
done_testing
