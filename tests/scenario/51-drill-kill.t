#!/bin/bash
# SPDX-License-Identifier: MIT
# A running drill survives kill -9: each entry of the timetable fires exactly
# once, what fell due meanwhile is marked late, every acknowledged count stays.
. "$(dirname "$0")/lib.sh"
. tests/scenario/drill-lib.sh
start_daemon

small_district
approved_plan
# Every 30 drill seconds an entry, 3 a second of the wall's clock.
entries=$(jq -cn '[range(40)|{at_s:(.*30),text:"entry \(.)"}]')
make_drill "\"speed\":90,\"injects\":$entries"
is "$STATUS" 201 'a drill with forty entries'
read -r A A1 <<<"$(place 0)"
drill start

count() { # OP: one person; remembers what was acknowledged
	drill arrivals "{\"arrivals\":[{\"op\":\"$1\",\"shelter\":$A,\"entrance\":$A1,\"people\":1}]}"
	[ "$STATUS" != 200 ] || acknowledged=$((acknowledged + 1))
}
acknowledged=0
for i in 1 2 3 4 5; do count "before-$i"; done
ok wait_for 20 fired 3 -- 'some have fired'
kill_daemon
before=$(date +%s%3N)
overdue() { [ $(($(date +%s%3N) - before)) -gt 3000 ]; }
ok wait_for 10 overdue -- 'some fall due while the daemon is dead'
restart_daemon
for i in 1 2 3 4 5; do count "before-$i"; done
count after-1
ok wait_for 20 fired 20 -- 'it goes on by itself'
for round in 1 2 3; do
	kill_daemon
	restart_daemon
	count "round-$round"
done
ok wait_for 30 fired 40 -- 'all have fired'
drill end
is "$(field .state)" ended 'and it ends'

drill_events
is "$(field '[.[]|select(.kind=="drill.inject").body.inject]|[length,(unique|length)]|tojson')" \
	'[40,40]' 'each entry fired exactly once'
is "$(field '[.[]|select(.kind=="drill.inject").body|select(.fired_at_s<.planned_s)]|length')" \
	0 'none before its time'
ok test "$(field '[.[]|select(.body.late==true)]|length')" -gt 0 -- \
	'what fell due meanwhile is marked late'
is "$(field '[.[]|select(.kind=="drill.inject").body.planned_s]|.==sort')" true \
	'in the order of the timetable'
api GET "/v1/drills/$DRILL/report"
is "$(field .actual)" $((acknowledged - 5)) 'every acknowledged count, once'
api GET /v1/audit
is "$(field '[.ok,.first_bad]|tojson')" '[true,null]' 'the chain verifies'
stop_daemon
done_testing
