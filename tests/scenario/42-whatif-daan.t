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
ok stop_daemon -- 'stopped'
done_testing
