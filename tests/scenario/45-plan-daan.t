#!/bin/bash
# SPDX-License-Identifier: MIT
# Plans of the real district, public shelters only and all of them, by radius
# and on foot: proved by the program, and found again by LEMON on the problem
# as it is written out.
. "$(dirname "$0")/lib.sh"
need_data daan
box=121.5225,25.0225,121.5485,25.0395
daan=$DATA/daan

judge() { # NAME, plan options…
	local name=$1 id
	shift
	BODY=$(shelterctl plan make "$@" --json)
	id=$(field .id)
	is "$(field '.people')" 181976 "$name: everybody is counted"
	is "$(field '.sheltered + .left_over.too_far + .left_over.full +
		.left_over.no_path')" 181976 "$name: sheltered or left over"
	is "$(field '.bound == .person_metres')" true "$name: proved"
	shelterctl plan problem "$id" --out "$DIR/$id" >"$DIR/ctl.out"
	is "$(jq '.sheltered' "$DIR/$id/summary.json")" "$(field .sheltered)" \
		"$name: written out"
	is "$("$BUILD/peers/assign_peer" "$DIR/$id" |
		jq -c '[.same,.sheltered,.person_metres]')" \
		"$(field '[true,.sheltered,.person_metres]|tojson')" \
		"$name: LEMON finds the same"
}

start_daemon
shelterctl import shelters "$daan"/shelters/*.csv --bbox $box --json >"$DIR/s"
shelterctl import homes "$daan"/population/base_area_*.geojson \
	--population "$daan/population/population_2017_06.csv" --key CODEBASE \
	--people P_CNT --bbox $box --json >"$DIR/h"
public="kind != '一般住宅'"
judge 'all, straight lines' --radius 200
judge 'public, straight lines' --radius 200 --where "$public"
shelterctl import network "$daan/roads.geojson" \
	--exclude name=建國快速道路 --json >"$DIR/n"
judge 'all, 200 m' --radius 200
judge 'public, 200 m' --radius 200 --where "$public"
is "$(field .shelters)" 92 'public: 92 shelters take part'
judge 'public, 8 minutes' --minutes 8 --where "$public"
judge 'public, 30 minutes' --minutes 30 --where "$public" --whole-homes
is "$(field '.whole.sheltered <= .sheltered')" true 'whole homes cannot do better'
ok stop_daemon -- 'stopped'
done_testing
