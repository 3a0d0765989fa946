#!/bin/bash
# SPDX-License-Identifier: MIT
# The life of a drill over HTTP: what is legal, the timetable on the clock,
# counts at doors, the report from the log.
. "$(dirname "$0")/lib.sh"
. tests/scenario/drill-lib.sh
start_daemon

small_district
api POST /v1/plans '{"radius":200}'
job_done
PLAN=$(field '(.job // .).result.id')
make_drill
is "$STATUS" 409 'no drill from a draft'
like "$(field .detail)" 'not approved' 'and it says why'
api POST "/v1/plans/$PLAN/approve"
PLAN=99 make_drill
is "$STATUS $(field .field)" '422 plan' 'no drill without a plan'
make_drill '"injects":[{"at_s":1,"signal":"war"}]'
is "$STATUS $(field .field)" '422 injects[0].signal' 'a signal must be known'
make_drill '"injects":[{"at_s":1,"kind":"info","signal":"air-raid"}]'
is "$STATUS $(field .field)" '422 injects[0].signal' 'an info has no signal'

make_drill '"speed":200'
is "$STATUS $(field '[.exercise,.state,.planned]|@csv')" \
	'201 true,"planned",430' 'a drill from the approved plan'
is "$(field '[.injects[]|[.at_s,.signal]]|tojson')" \
	'[[0,"pre-alarm"],[480,"air-raid"],[960,"all-clear"]]' \
	'the gaps of the published timetable'
is "$(field '[.expected[].people]|tojson')" '[170,200,60]' \
	'people expected per shelter'
is "$(field '[.expected[]|.entrances|map(.people)|add]|tojson')" \
	'[170,200,60]' 'and per entrance'
ok test "$(field '.expected[0].entrances[0].id')" != null -- 'entrances have ids'
read -r A A1 <<<"$(place 0)"
read -r C C1 <<<"$(place 2)"

drill pause
is "$STATUS" 409 'a planned drill cannot be paused'
like "$(field .detail)" 'planned.*pause' 'the refusal names both'
drill arrivals "{\"arrivals\":[{\"op\":\"x\",\"shelter\":$A,\"people\":1}]}"
is "$STATUS" 409 'nobody arrives before the start'
drill postpone '{"seconds":20}'
is "$(field '[.injects[].at_s]|tojson')" '[20,500,980]' 'postponed before it begins'
drill postpone '{"seconds":604800}'
is "$STATUS $(field .field)" '422 seconds' 'not beyond a week'
api POST /v1/drills/77/start
is "$STATUS" 404 'no such drill'
for d in 0 77; do
	api POST "/v1/drills/$d/arrivals" "{\"arrivals\":[{\"op\":\"x\",\"shelter\":$A,\"people\":1}]}"
	is "$STATUS $(field .field)" '404 id' "nobody arrives at drill $d"
done

drill start
is "$STATUS $(field .state)" '200 running' 'started'
drill start
is "$STATUS" 409 'not twice'
ok wait_for 10 fired 1 -- 'the first signal falls on the clock'
drill pause
is "$(field .state)" paused 'paused'
stood=$(field .elapsed_s)
drill postpone '{"seconds":1000}'
is "$(field '[.injects[]|select(.fired_at_s==null).at_s]|tojson')" \
	'[1500,1980]' 'postponing moves what is still open'

one="{\"op\":\"a1\",\"shelter\":$A,\"entrance\":$A1,\"people\":40}"
two="{\"op\":\"c1\",\"shelter\":$C,\"entrance\":$C1,\"people\":55}"
drill arrivals "{\"arrivals\":[$one,$two,$one]}"
is "$STATUS $(field '[.arrivals[]|[.op,.people,.shelter_people]]|tojson')" \
	'200 [["a1",40,40],["c1",55,55],["a1",40,40]]' 'people are counted while paused'
first=$BODY
drill arrivals "{\"arrivals\":[$one,$two,$one]}"
is "$BODY" "$first" 'the same again gets the same answer'
drill arrivals "{\"arrivals\":[{\"op\":\"a1\",\"shelter\":$A,\"people\":41}]}"
is "$STATUS $(field .field)" '409 arrivals[0].op' 'an op with other numbers'
drill arrivals "{\"arrivals\":[{\"op\":\"n1\",\"shelter\":$A,\"people\":1},{\"op\":\"n2\",\"shelter\":987654,\"people\":1}]}"
is "$STATUS $(field .field)" '422 arrivals[1].shelter' 'an unknown shelter'
drill arrivals "{\"arrivals\":[{\"op\":\"n3\",\"shelter\":$A,\"entrance\":$C1,\"people\":1}]}"
is "$STATUS $(field .field)" '422 arrivals[0].entrance' 'an entrance of another'
drill arrivals "{\"arrivals\":[{\"op\":\"n4\",\"shelter\":$A,\"people\":1,\"at\":\"2001-01-01T00:00:00Z\"}]}"
is "$STATUS $(field .field)" '422 arrivals[0].at' 'counted before the start'
drill arrivals "{\"arrivals\":[{\"op\":\"c2\",\"shelter\":$C,\"entrance\":$C1,\"people\":9}]}"
is "$(field '.arrivals[0]|[.shelter_people,.overfull]|tojson')" '[64,true]' \
	'a full shelter takes them and is flagged'
api GET "/v1/drills/$DRILL"
is "$(field '[.arrived,.elapsed_s]|tojson')" "[104,$stood]" \
	'refused requests counted nobody and the clock stood'

drill resume
is "$(field .state)" running 'resumed'
drill inject '{"text":"道路阻断 road blocked"}'
is "$STATUS $(field '[.injects[]|select(.kind=="info").fired_at_s]|.[0]!=null')" \
	'200 true' 'an inject without a time is told now'
drill inject '{"text":"late","at_s":1}'
is "$STATUS $(field .field)" '422 at_s' 'an inject cannot be in the past'
drill signal '{"signal":"air-raid"}'
is "$(field '[.injects[]|select(.signal=="air-raid")|.fired_at_s!=null]|tojson')" \
	'[true]' 'a signal by hand uses up the open one'
drill observe "{\"text\":\"门口拥挤 crowded\",\"shelter\":$A}"
is "$STATUS" 200 'an observation'
drill arrivals "{\"arrivals\":[{\"op\":\"a2\",\"shelter\":$A,\"entrance\":$A1,\"people\":130}]}"
ok wait_for 20 fired 4 -- 'the last signal falls on the clock'
drill end
is "$(field .state)" ended 'ended'
drill resume
is "$STATUS" 409 'an ended drill stays ended'
drill arrivals "{\"arrivals\":[$one]}"
is "$STATUS" 200 'a repeat after the end still gets its answer'
drill arrivals "{\"arrivals\":[{\"op\":\"z\",\"shelter\":$A,\"people\":1}]}"
is "$STATUS" 409 'a new count does not'

drill_events
is "$(field '[.[].kind]|unique|length')" 10 'each kind of event once or more'
is "$(field '[.[]|select(.body.exercise!=true)]|length')" 0 \
	'every event says it is an exercise'
is "$(field '[.[]|select(.kind=="drill.signal").body|[.signal,.planned_s,.fired_at_s>=.planned_s]]|sort|tojson')" \
	'[["air-raid",1500,false],["all-clear",1980,true],["pre-alarm",20,true]]' \
	'planned and actual second of each signal'
is "$(field '[.[]|select(.kind=="drill.signal").body|[.on_s,.off_s,.cycles,.total_s]]|sort|tojson')" \
	'[[6,6,15,180],[36,24,3,180],[180,0,1,180]]' 'and its pattern'
sums=$(field '[.[]|select(.kind=="drill.arrival").body.arrivals[]]|
	[(map(.people)|add),(group_by(.shelter)|map(map(.people)|add)),(map(.op)|unique|length)]|tojson')

api GET "/v1/drills/$DRILL/report"
report=$BODY
is "$STATUS $(field '[.planned,.actual,.exercise]|tojson')" '200 [430,234,true]' \
	'planned against actual'
is "$(field '[.actual,[.shelters[]|select(.actual>0).actual],4]|tojson')" \
	"$sums" 'the sums are those of the log'
is "$(field '[.signals[].signal]|tojson')" \
	'["pre-alarm","air-raid","all-clear"]' 'the signals in order'
is "$(field '.shelters[]|select(.name=="甲")|[.planned,.actual,(.t100!=null),.curve[-1][1]]|tojson')" \
	'[170,170,true,170]' 'a shelter that was complete'
is "$(field '.shelters[]|select(.name=="乙")|[.t50,.curve,.entrances[0].per_minute]|tojson')" \
	'[null,[],null]' 'a shelter nobody came to'
is "$(field '[.t50!=null,.t90]|tojson')" '[true,null]' 'half came, nine tenths never'
is "$(field '.bottleneck.name')" 甲 'the bottleneck'
is "$(field '.shelters[]|select(.name=="甲").entrances[0]|.per_minute==((.people*600/(.last_s-.first_s)|round)/10)')" \
	true 'persons per minute between first and last count'
api GET "/v1/drills/$DRILL/report"
is "$BODY" "$report" 'a second run gives the same bytes'
stop_daemon
restart_daemon
api GET "/v1/drills/$DRILL/report"
is "$BODY" "$report" 'also after a restart'

admin=$SHELTER_TOKEN
viewer=$(as_user vera viewer) inspector=$(as_user ina inspector)
SHELTER_TOKEN=$viewer
api GET "/v1/drills/$DRILL/report"
is "$STATUS" 200 'a viewer reads the report'
drill start
is "$STATUS" 403 'but leads no drill'
drill arrivals "{\"arrivals\":[$one]}"
is "$STATUS" 403 'and counts nobody'
SHELTER_TOKEN=$admin
api GET "/v1/shelters/$C"
api PATCH "/v1/shelters/$C" '{"hidden":true}' -H "If-Match: \"$(field .version)\""
is "$STATUS" 200 'a shelter becomes hidden'
make_drill
is "$(field '[.expected[].people]|tojson')" '[170,200,60]' 'the coordinator sees all'
drill start
drill arrivals "{\"arrivals\":[{\"op\":\"h\",\"shelter\":$C,\"people\":7},{\"op\":\"i\",\"shelter\":$A,\"people\":5}]}"
is "$STATUS" 200 'and counts there'
ok wait_for 10 fired 1 -- 'the first signal sounds'
SHELTER_TOKEN=$viewer
api GET "/v1/drills/$DRILL"
is "$(field '[[.expected[].people],.planned,.arrived]|tojson')" '[[170,200],370,5]' \
	'of a hidden shelter a viewer is shown nothing'
api GET "/v1/drills/$DRILL/report"
is "$(field '[[.shelters[].planned],.planned,.actual]|tojson')" '[[170,200],370,5]' \
	'nor in the report'
drill_events
is "$(field '[.[].kind]|tojson')" '["drill.started","drill.signal"]' \
	'nor by the events that name it'
SHELTER_TOKEN=$inspector
drill arrivals "{\"arrivals\":[{\"op\":\"k\",\"shelter\":$C,\"people\":7}]}"
is "$STATUS $(field .field)" '422 arrivals[0].shelter' 'nor may an inspector count there'
SHELTER_TOKEN=$admin
make_drill
api GET '/v1/drills?limit=1'
is "$(field '[(.items|length),.next]|tojson')" '[1,1]' 'a list in pieces'
api GET '/v1/drills?after=1'
is "$(field '[[.items[].id],.next]|tojson')" '[[2,3],null]' 'its rest'
api GET /v1/audit
is "$(field .ok)" true 'the chain of events verifies'
ok stop_daemon -- 'the daemon stops in order'
done_testing
