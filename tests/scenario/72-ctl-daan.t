#!/bin/bash
# SPDX-License-Identifier: MIT
# The three layers of a real district, counted, and the hard files beside it.
. "$(dirname "$0")/lib.sh"
need_data daan
need_data osm
start_daemon
box=121.5225,25.0225,121.5485,25.0395

shelterctl import shelters "$DATA"/daan/shelters/* --json >"$DIR/out"
is "$(jq -c '[.read,.accepted+.rejected]' "$DIR/out")" '[6255,6255]' \
	'all shelter records are accounted for'
stop_daemon
rm -f "$DIR"/store.db*
restart_daemon
SHELTER_TOKEN=$(cat "$DIR/admin.token")

shelterctl import shelters "$DATA"/daan/shelters/* --bbox $box --json \
	>"$DIR/out"
is "$(jq -c '[.read,.accepted,.outside]' "$DIR/out")" '[6255,2250,4005]' \
	'with a box, those inside'
is "$(shelterctl shelter list --all --json | jq 'map(.places)|add')" 897075 \
	'and their places'
is "$(shelterctl shelter list --all --where "kind != '一般住宅'" --json |
	jq -c '[length,(map(.places)|add)]')" '[92,202232]' 'public ones'

shelterctl import homes "$DATA"/daan/population/base_area_*.geojson \
	--population "$DATA/daan/population/population_2017_06.csv" \
	--key CODEBASE --people P_CNT --bbox $box --json >"$DIR/out"
is "$(jq -c '[.read,.accepted,.people]' "$DIR/out")" '[2931,721,181976]' \
	'areas and their residents'

shelterctl import network "$DATA/daan/roads.geojson" --dry-run --json \
	>"$DIR/out"
is "$(jq -c '[.read,.nodes,.edges,.components]' "$DIR/out")" \
	'[1149,4312,5538,8]' 'streets, before anything is left out'
shelterctl import network "$DATA/daan/roads.geojson" --json \
	--exclude name=建國快速道路 >"$DIR/out"
is "$(jq -c '[.read,.excluded,.accepted]' "$DIR/out")" '[1143,6,1143]' \
	'the expressway is left out'

shelterctl import network "$DATA/daan/roads_with_empty_features.geojson" \
	--dry-run --json >"$DIR/out"
is "$(jq -c '[.read,.accepted,.rejected]' "$DIR/out")" '[21054,1797,19257]' \
	'empty features are refused one by one'
shelterctl import network "$DATA/osm/beijing_tsinghua_map.osm" \
	--profile walk --dry-run --json >"$DIR/out"
# Counted in the file's own text: streets that are lines, and those of them
# that are not for walking.
counted=$(perl -0777 -ne 'while (/<way\b.*?<\/way>/gs) {
	my %t = $& =~ /<tag k="([^"]*)" v="([^"]*)"/g;
	next if !$t{highway} || ($t{area} // "") eq "yes";
	$t{highway} =~ /^(motorway|platform|construction)/ ||
		($t{access} // "") =~ /^(no|private)$/ && !$t{foot}
		? $out++ : $in++;
} print "[", $in + 0, ",0,", $out + 0, "]"' \
	"$DATA/osm/beijing_tsinghua_map.osm")
is "$(jq -c '[.accepted,.rejected,.excluded]' "$DIR/out")" "$counted" \
	'raw OpenStreetMap by the walking profile, every street counted'
stop_daemon
done_testing
