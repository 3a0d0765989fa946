#!/bin/bash
# SPDX-License-Identifier: MIT
# Streets of OpenStreetMap with a flight of steps and a passage with hours: who
# gets where on foot, without steps, by day and by night.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

# H in the west, S in the east of one latitude (a thousandth of a degree is
# 96.5 m): over the steps 193 m, through the passage 293 m, round the block by
# the street 492 m.
cat >"$DIR/a.osm" <<'EOF'
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="30.0" lon="120.000"/><node id="2" lat="30.0" lon="120.002"/>
<node id="3" lat="30.0004503" lon="120.000"/>
<node id="4" lat="30.0004503" lon="120.002"/>
<node id="5" lat="29.9986490" lon="120.000"/>
<node id="6" lat="29.9986490" lon="120.002"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="steps"/></way>
<way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way>
<way id="3"><nd ref="3"/><nd ref="4"/><tag k="highway" v="footway"/>
<tag k="name" v="passage &amp; gate"/>
<tag k="opening_hours" v="06:00-22:00"/></way>
<way id="4"><nd ref="4"/><nd ref="2"/><tag k="highway" v="footway"/></way>
<way id="5"><nd ref="1"/><nd ref="5"/><nd ref="6"/><nd ref="2"/>
<tag k="highway" v="residential"/><tag k="opening_hours" v="Mo-Fr"/></way>
<way id="6"><nd ref="5"/><nd ref="6"/><tag k="highway" v="motorway"/></way>
</osm>
EOF
start_daemon
put_rows shelters '[{"file":0,"line":1,"register_id":"S","name":"s",
	"places":50,"x":120.002,"y":30.0}]'
put_rows homes '[{"file":0,"line":1,"register_id":"H","people":10,
	"x":120.0,"y":30.0}]'
shelterctl import network "$DIR/a.osm" --json >"$DIR/out"
is "$(jq -c '[.accepted,.excluded,.nodes,.edges,.warnings]' "$DIR/out")" \
	'[5,1,6,7,1]' 'streets, and one with hours that are not understood'
is "$(jq -r '.rows[0]|"\(.line) \(.field) \(.reason)"' "$DIR/out")" \
	"5 hours 'Mo-Fr' is not understood: taken as always open" 'told where'
api GET /v1/map/network
is "$(field '[.features[].properties|"\(.steps) \(.hours)"]|join(", ")')" \
	'true , false , false 06:00-22:00, false , false ' 'hours on the map'
shelterctl import network "$DIR/a.osm" --json >"$DIR/out"
is "$(jq -c '[.accepted,.unchanged,.removed]' "$DIR/out")" '[0,5,0]' \
	'read again, nothing changes'

metres() { # OPTIONS of plan make: metres of the way, or why there is none
	shelterctl plan make "$@" --json >"$DIR/plan" || return
	api GET "/v1/plans/$(jq .id "$DIR/plan")/assignments"
	case $(field '.items|length') in
	0) jq -r '.left_over|to_entries[]|select(.value>0).key' "$DIR/plan" ;;
	*) field '.items[0].metres' ;;
	esac
}
is "$(metres --minutes 20)" 193 'on foot: over the steps'
is "$(metres --minutes 20 --profile wheelchair)" 293 \
	'without steps: through the passage'
is "$(jq -c '[.limit.minutes,.limit.profile,.limit.at]' "$DIR/plan")" \
	'[20,"wheelchair",null]' 'said in the plan'
is "$(metres --minutes 20 --profile wheelchair --at 22:00)" 492 \
	'without steps at night: round by the street'
is "$(jq -c '[.limit.profile,.limit.at]' "$DIR/plan")" \
	'["wheelchair","22:00"]' 'and kept with it'
is "$(metres --minutes 20 --at 23:30)" 193 'steps have no hours'
is "$(metres --minutes 20 --profile wheelchair --at 06:00)" 293 \
	'it opens at six'
is "$(metres --minutes 10 --profile wheelchair --at 03:00)" too_far \
	'ten minutes by wheelchair are 414 m'
is "$(metres --radius 200 --profile wheelchair)" 293 \
	'by radius the way counts as well'

covered() { shelterctl coverage --json "$@" | jq -c '[.covered,.limit.at]'; }
is "$(covered --minutes 3)" '[10,null]' 'covered on foot'
is "$(covered --minutes 3 --profile wheelchair)" '[0,null]' \
	'not by wheelchair'
is "$(covered --minutes 8 --profile wheelchair --at 12:00)" '[10,"12:00"]' \
	'covered by day'
is "$(covered --minutes 8 --profile wheelchair --at 00:30)" '[0,"00:30"]' \
	'not by night'
hash() { shelterctl coverage --json "$@" | jq -r .hash; }
ok test "$(hash --minutes 8)" != "$(hash --minutes 8 --at 12:00)" -- \
	'another question, another hash'

api GET '/v1/coverage?minutes=8&profile=bicycle'
is "$STATUS" 400 'no such profile'
api GET '/v1/coverage?minutes=8&at=25:00'
is "$STATUS $(field .field)" '400 at' 'no such time'
api GET '/v1/coverage?radius=200&profile=wheelchair'
is "$STATUS $(field .field)" '400 minutes' 'a straight line has no steps'
api POST /v1/plans '{"minutes":8,"at":"8:00"}'
is "$STATUS $(field .field)" '422 at' 'nor in a plan'
stop_daemon
restart_daemon
api GET /v1/plans/3
is "$(field '.limit|[.profile,.at]|join(" ")')" 'wheelchair 22:00' \
	'kept over a restart'
stop_daemon
done_testing
