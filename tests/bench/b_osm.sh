#!/bin/bash
# SPDX-License-Identifier: MIT
# Streets of OpenStreetMap at three sizes, PBF and XML: from the start of
# shelterctl to the durable commit and the daemon's new snapshot, with the peak
# memory of both; then the daemon's start with these streets.  The peer is
# ogr2ogr bringing the same file's lines into a GeoPackage: no nodes joined, no
# checks, no other process.
. "$(dirname "$0")/lib.sh"
command -v osmium >/dev/null || { echo "no osmium" >&2; exit 0; }

# COMMAND…: sets SECS and MB, the peak of its largest process
timed() {
	/usr/bin/time -f '%e %M' -o "$DIR/time" "$@" >"$DIR/out" || exit 1
	SECS=$(cut -d' ' -f1 "$DIR/time")
	MB=$(awk '{ print $2 / 1024 }' "$DIR/time")
}
daemon_peak() { awk '/VmHWM/ { print $2 / 1024 }' "/proc/$PID/status"; }
forget() {
	[ -z "$PID" ] || kill_daemon
	rm -f "$DIR"/store.db* "$DIR/admin.token"
}
ours() { # FILE: sets SECS MB PEAK
	forget
	start_daemon -o log-level=warn
	timed shelterctl import network "$1" --json
	PEAK=$(daemon_peak)
}
peer() { # FILE
	rm -f "$DIR/peer.gpkg"
	timed ogr2ogr -q -f GPKG "$DIR/peer.gpkg" "$1" lines
	sync "$DIR/peer.gpkg"
}
compare() { # NAME VALUE UNIT PEER_VALUE
	figure "$1" "$n" "$2" "$3" "ogr2ogr to GeoPackage" "$4" \
		"$(jq -n "$4 / $2")"
}

for n in 10000 100000 1000000; do
	"$BUILD/bench/tool_osm" $n >"$DIR/streets.osm"
	osmium cat -O -o "$DIR/streets.osm.pbf" "$DIR/streets.osm"
	runs=$([ $n = 1000000 ] && echo 3 || echo 5)
	for kind in osm.pbf osm; do
		: >"$DIR/ours" >"$DIR/theirs"
		for _ in $(seq "$runs"); do
			peer "$DIR/streets.$kind"
			echo "$SECS" >>"$DIR/theirs"
			theirs=$MB
			ours "$DIR/streets.$kind"
			echo "$SECS" >>"$DIR/ours"
			jq -e ".nodes > $n * 0.9 and .components < 99" \
				"$DIR/out" >/dev/null || exit 1
		done
		what=$([ $kind = osm ] && echo XML || echo PBF)
		compare "osm $what import" "$(median <"$DIR/ours")" s \
			"$(median <"$DIR/theirs")"
		compare "osm $what import, client memory" "$MB" MB "$theirs"
		compare "osm $what import, daemon memory" "$PEAK" MB "$theirs"
	done
	stop_daemon
	from=$EPOCHREALTIME
	restart_daemon
	figure "osm daemon start" $n "$(awk -v a="$from" -v b="$EPOCHREALTIME" \
		'BEGIN { print b - a }')" s
	figure "osm daemon start, memory" $n "$(daemon_peak)" MB
done
