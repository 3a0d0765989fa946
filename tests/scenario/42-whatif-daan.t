#!/bin/bash
# SPDX-License-Identifier: MIT
# What-if on a real district: the five largest shelters closed, in advance and
# then really, by radius and on foot.
. "$(dirname "$0")/lib.sh"
need_data daan
box=121.5225,25.0225,121.5485,25.0395
counts='[.covered,.placed,.too_far,.full,.usable_shelters,.places]|map(tostring)|join(" ")'
start_daemon
shelterctl import shelters "$DATA"/daan/shelters/* --bbox $box --json >/dev/null
shelterctl import homes "$DATA"/daan/population/base_area_*.geojson \
	--population "$DATA/daan/population/population_2017_06.csv" \
	--key CODEBASE --people P_CNT --bbox $box --json >/dev/null
shelterctl import network "$DATA/daan/roads.geojson" --json \
	--exclude name=建國快速道路 >/dev/null
public="kind != '一般住宅'"
mapfile -t five < <(shelterctl shelter list --all --where "$public" --json |
	jq '[.[]|{id,places}]|sort_by(-.places)|.[0:5][].id')
is ${#five[@]} 5 'five shelters to close'

declare -A said
for limit in radius=150 minutes=3; do
	said[$limit]=$(shelterctl coverage whatif "--${limit%=*}" "${limit#*=}" \
		--capacity --where "$public" "${five[@]/#/--close=}" --json |
		jq -r ".after|$counts")
	was=$(shelterctl coverage "--${limit%=*}" "${limit#*=}" --capacity \
		--where "$public" --json | jq -r "$counts")
	ok [ "$was" != "${said[$limit]}" ] -- "closing them matters, $limit"
done
for id in "${five[@]}"; do
	api GET "/v1/shelters/$id"
	api PATCH "/v1/shelters/$id" '{"closed":true}' \
		-H "If-Match: \"$(field .version)\""
done
for limit in radius=150 minutes=3; do
	is "$(shelterctl coverage "--${limit%=*}" "${limit#*=}" --capacity \
		--where "$public" --json | jq -r "$counts")" "${said[$limit]}" \
		"done as said, $limit"
done

# Ten shelters more; on foot homes are points, so what is said is what comes.
for limit in "--minutes 3" "--radius 150"; do
	shelterctl siting -n 10 $limit --where "$public" --json >"$DIR/out"
	is "$(jq '(.sites|length) == 10 and .bound >= .reached and .gap < 0.1' \
		"$DIR/out")" true "ten sites within a tenth of the bound, $limit"
	diag "$(jq -c '[.without,.reached,.bound,.gap,.after.covered-.before.covered]' "$DIR/out")"
	[ "$limit" = "--radius 150" ] || is "$(jq '.after.covered - .before.covered == .reached' \
		"$DIR/out")" true "the effect is what was said, $limit"
	shelterctl siting $limit --where "$public" --json >"$DIR/out"
	is "$(jq -c '[.proved,.gap]' "$DIR/out")" '[true,0]' "one is exact, $limit"
done
shelterctl siting -n 5 --minutes 3 --capacity --places 800 --where "$public" \
	--json >"$DIR/out"
is "$(jq '.after.placed - .before.placed >= .reached and .bound >= .reached' \
	"$DIR/out")" true 'with capacity at least as many get a place'
# What followed the closings is what a daemon computes that knows nothing yet.
hashes() {
	for limit in radius=150 minutes=3; do
		shelterctl coverage "--${limit%=*}" "${limit#*=}" --capacity \
			--where "$public" --json | jq -r .hash
	done
}
followed=$(hashes)
stop_daemon
restart_daemon
is "$(hashes)" "$followed" 'the same anew, to the last seat'
ok stop_daemon -- 'stopped'
done_testing
