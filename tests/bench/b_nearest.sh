#!/bin/bash
# SPDX-License-Identifier: MIT
# Nearest ten shelters over HTTP, wrk with 64 connections, at three register
# sizes.  The peer is the same daemon answering /healthz: what HTTP alone costs.
. "$(dirname "$0")/lib.sh"
seconds=${BENCH_SECONDS:-4}

script=$DIR/near.lua
cat >"$script" <<'LUA'
local n = 0
request = function()
	n = n + 1
	local lon = 119 + (n * 7919 % 20000) / 20000 * 0.5
	local lat = 26 + (n * 104729 % 20000) / 20000 * 0.5
	return wrk.format("GET", string.format(
		"/v1/shelters/near?lon=%.6f&lat=%.6f&k=10", lon, lat))
end
LUA
rows() { # N shelters spread over half a degree, as GeoJSON-free CSV
	awk -v n="$1" 'BEGIN { srand(7); print "register_id,name,x,y,places"
		for (i = 0; i < n; i++) printf "B%d,shelter %d,%.6f,%.6f,%d\n",
			i, i, 119 + rand() / 2, 26 + rand() / 2, 100 + i % 900 }'
}
rate() { # PATH-SCRIPT-OR-URL…
	wrk -t1 -c64 -d"${seconds}s" -H "Authorization: Bearer $SHELTER_TOKEN" "$@" |
		awk '/Requests\/sec/ {print $2}'
}
for n in 1000 10000 100000; do
	start_daemon -o log-level=warn
	rows $n >"$DIR/rows.csv"
	shelterctl import shelters "$DIR/rows.csv" --json >"$DIR/import.json" ||
		exit 1
	[ "$(jq .accepted "$DIR/import.json")" = $n ] || exit 1
	rate "$SHELTER_URL/healthz" >/dev/null
	http=$(rate "$SHELTER_URL/healthz")
	near=$(for _ in 1 2 3; do rate -s "$script" "$SHELTER_URL"; done | median)
	figure "nearest-10 over HTTP" $n "$near" "requests/s" "healthz" "$http" \
		"$(jq -n "$near / $http")"
	kill_daemon
	rm -f "$DIR"/store.db* "$DIR/admin.token"
done
