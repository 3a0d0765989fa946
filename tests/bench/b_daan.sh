#!/bin/bash
# SPDX-License-Identifier: MIT
# The true pipeline on a real district: register, homes and streets from their
# files into the daemon, arcs on foot, the exact plan; all shelters and the
# public ones, by radius and by minutes, on foot and without steps.  The peer
# is LEMON's NetworkSimplex on the problem as the daemon writes it out: the
# solver alone beside the solver alone, and it must find the same sums.  Needs
# the district's data (SHELTER_DATA), else it says so and measures nothing.
. "$(dirname "$0")/lib.sh"
daan=$DATA/daan
[ -d "$daan" ] || { echo "no real data at $daan: skipped" >&2; exit 0; }
box=121.5225,25.0225,121.5485,25.0395
public="kind != '一般住宅'"

seconds() { # COMMAND…: its wall time, its output in $DIR/out
	local from=$EPOCHREALTIME
	"$@" >"$DIR/out" || exit 1
	awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}
shelters() {
	shelterctl import shelters "$daan"/shelters/*.csv --bbox $box --json
}
homes() {
	shelterctl import homes "$daan"/population/base_area_*.geojson \
		--population "$daan/population/population_2017_06.csv" \
		--key CODEBASE --people P_CNT --bbox $box --json
}
streets() {
	shelterctl import network "$daan/roads.geojson" \
		--exclude name=建國快速道路 --json
}
plan() { # NAME OPTIONS…
	local name=$1 id all
	shift
	all=$(for _ in 1 2 3 4 5; do
		seconds shelterctl plan make "$@" --json
	done | median)
	id=$(jq .id "$DIR/out")
	size=$(jq '"\(.homes)x\(.shelters), \(.arcs) arcs"' "$DIR/out")
	shelterctl plan problem "$id" --out "$DIR/$id" >/dev/null || exit 1
	for _ in 1 2 3 4 5; do
		"$BUILD/peers/assign_peer" "$DIR/$id" || exit 1
	done >"$DIR/peer"
	ours=$(jq .seconds "$DIR/peer" | median)
	theirs=$(jq .peer_seconds "$DIR/peer" | median)
	figure "daan plan, $name" "$size" "$ours" s "LEMON NetworkSimplex" \
		"$theirs" "$(jq -n "$theirs / $ours")"
	figure "daan asked and stored, $name" "$size" "$all" s
}

start_daemon -o log-level=warn
for what in shelters homes streets; do
	took=$(seconds $what)
	figure "daan import, $what" "$(jq .read "$DIR/out")" "$took" s
done
plan 'all, 200 m' --radius 200
plan 'public, 200 m' --radius 200 --where "$public"
plan 'all, 8 minutes' --minutes 8
plan 'public, 8 minutes' --minutes 8 --where "$public"
plan 'public, 30 minutes' --minutes 30 --where "$public"
plan 'public, 15 minutes, wheelchair' --minutes 15 --profile wheelchair \
	--where "$public"
