#!/bin/bash
# SPDX-License-Identifier: MIT
# Import of a register, from the start of shelterctl to the durable commit, at
# three sizes: new rows, and the same rows again.  The peer is ogr2ogr writing
# the same table into a GeoPackage with a spatial index: no checks, no account,
# no other process.
. "$(dirname "$0")/lib.sh"

rows() { # N shelters over half a degree
	awk -v n="$1" 'BEGIN { srand(11)
		print "電腦編號,地址,緯經度,可容納人數,類別"
		for (i = 0; i < n; i++)
			printf "B%d,第%d路%d號,\"%.6f, %.6f\",\" %d \",%s\n", i,
				i / 100, i % 100, 26 + rand() / 2,
				119 + rand() / 2, 100 + i % 900,
				i % 9 ? "一般住宅" : "公有建築物" }'
}
seconds() { # COMMAND…: its wall time
	local from=$EPOCHREALTIME
	"$@" >/dev/null || exit 1
	awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}
ours() { shelterctl import shelters "$DIR/rows.csv" --json; }
peer() {
	rm -f "$DIR/peer.gpkg"
	ogr2ogr -f GPKG "$DIR/peer.gpkg" "$DIR/flat.csv" -a_srs EPSG:4326 \
		-oo X_POSSIBLE_NAMES=x -oo Y_POSSIBLE_NAMES=y
	sync "$DIR/peer.gpkg"
}
flat() { # the peer reads one coordinate a column
	awk 'NR == 1 { print "id,address,y,x,places,kind"; next }
		{ gsub(/[" ]/, ""); print }' "$DIR/rows.csv"
}

for n in 1000 10000 100000; do
	start_daemon -o log-level=warn
	rows $n >"$DIR/rows.csv"
	flat >"$DIR/flat.csv"
	new=$(seconds ours)
	again=$(for _ in 1 2 3; do seconds ours; done | median)
	if command -v ogr2ogr >/dev/null; then
		other=$(for _ in 1 2 3; do seconds peer; done | median)
		rate=$(jq -n "$n / $other")
	else
		rate=null
	fi
	for what in new again; do
		value=$(jq -n "$n / ${!what}")
		if [ "$rate" = null ]; then
			figure "import, $what rows" $n "$value" "rows/s"
		else
			figure "import, $what rows" $n "$value" "rows/s" \
				"ogr2ogr to GeoPackage" "$rate" \
				"$(jq -n "$value / $rate")"
		fi
	done
	kill_daemon
	rm -f "$DIR"/store.db* "$DIR/admin.token"
done
