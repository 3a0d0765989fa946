#!/bin/bash
# SPDX-License-Identifier: MIT
# One shelter of 100,000 (200,000 homes) is changed, and coverage asked again:
# the answer that follows the one before, beside the same question computed
# anew (a radius a hair larger, which nobody asked yet).  Closed, opened again,
# moved; medians of the requests' times.  Both must say the same.  The same for
# the first what-if of the new data.
. "$(dirname "$0")/lib.sh"
n=${BENCH_SIZE:-100000}
homes=${BENCH_HOMES:-200000}

ask() { # RADIUS: ms; the answer in BODY
	local t
	t=$(curl -sS -o "$DIR/body" -w '%{time_total}' \
		-H "Authorization: Bearer $SHELTER_TOKEN" \
		"$SHELTER_URL/v1/coverage?radius=$1")
	BODY=$(cat "$DIR/body")
	jq -n "$t * 1000"
}
whatif() { # RADIUS ID: ms of closing that shelter in thought
	local t
	t=$(curl -sS -o "$DIR/body" -w '%{time_total}' \
		-H "Authorization: Bearer $SHELTER_TOKEN" \
		-H 'Content-Type: application/json' \
		-d "{\"radius\":$1,\"close\":[$2]}" \
		"$SHELTER_URL/v1/coverage/whatif")
	jq -n "$t * 1000"
}
change() { # ID JSON
	api GET "/v1/shelters/$1"
	api PATCH "/v1/shelters/$1" "$2" -H "If-Match: \"$(field .version)\""
	[ "$STATUS" = 200 ] || { echo "$BODY" >&2; exit 1; }
}

awk -v n="$n" -v homes="$homes" -v dir="$DIR" 'BEGIN { srand(7)
	print "register_id,name,x,y,places" >(dir "/s.csv")
	for (i = 0; i < n; i++) printf "B%d,shelter %d,%.6f,%.6f,%d\n",
		i, i, 119 + rand() / 2, 26 + rand() / 2, 100 + i % 900 >(dir "/s.csv")
	print "register_id,name,x,y,people" >(dir "/h.csv")
	for (i = 0; i < homes; i++) printf "H%d,home %d,%.6f,%.6f,%d\n",
		i, i, 119 + rand() / 2, 26 + rand() / 2, 1 + i % 300 >(dir "/h.csv") }'
start_daemon -o log-level=warn
shelterctl import shelters "$DIR/s.csv" --json >"$DIR/import.json" || exit 1
[ "$(jq .accepted "$DIR/import.json")" = "$n" ] || exit 1
shelterctl import homes "$DIR/h.csv" --json >"$DIR/import.json" || exit 1
[ "$(jq .accepted "$DIR/import.json")" = "$homes" ] || exit 1
for radius in 100 300; do
	ask $radius >/dev/null
	: >"$DIR/kept" >"$DIR/cold" >"$DIR/if" >"$DIR/if-cold"
	for i in {1..15}; do
		id=$((RANDOM % n + 1))
		case $((i % 3)) in
		0) change $id '{"closed":true}' ;;
		1) change $id '{"closed":false,"places":5}' ;;
		2) change $id "{\"at\":[119.$((RANDOM % 4000 + 1000)),26.$((RANDOM % 4000 + 1000))]}" ;;
		esac
		ask $radius >>"$DIR/kept"
		kept=$(field '"\(.covered) \(.covered_exact) \(.area)"')
		whatif $radius 77 >>"$DIR/if"
		whatif "$radius.0000001$i" 77 >>"$DIR/if-cold"
		ask "$radius.0000000$i" >>"$DIR/cold"
		cold=$(field '"\(.covered) \(.covered_exact) \(.area)"')
		[ "${kept% *}" = "${cold% *}" ] &&
			[ "$(jq -n "(${kept##* } / ${cold##* } - 1 | fabs) < 1e-8")" = true ] || {
			echo "radius $radius, change $i: $kept, anew $cold" >&2
			exit 1
		}
	done
	figure "coverage after the first change, $radius m" "$n" \
		"$(head -n 1 "$DIR/kept")" ms "computed anew" \
		"$(head -n 1 "$DIR/cold")" "$(paste "$DIR/cold" "$DIR/kept" |
			awk 'NR == 1 {print $1 / $2}')"
	kept=$(tail -n +2 "$DIR/kept" | median) cold=$(median <"$DIR/cold")
	figure "coverage after a change, $radius m" "$n" "$kept" ms \
		"computed anew" "$cold" "$(jq -n "$cold / $kept")"
	kept=$(median <"$DIR/if") cold=$(median <"$DIR/if-cold")
	figure "what-if after a change, $radius m" "$n" "$kept" ms \
		"computed anew" "$cold" "$(jq -n "$cold / $kept")"
done
