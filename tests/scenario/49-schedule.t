#!/bin/bash
# SPDX-License-Identifier: MIT
# The schedule of inspections: due dates from what was looked at, tasks from
# due dates, once each, told to whom they are for, also by the daemon itself.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
people
two_works

ago() { date -u -d "$1 days ago" +%FT%TZ; }
day() { date -u -d "$1" +%F; }
due_of() { # SHELTER ITEM WORK: state, last and missed periods
	api GET "/v1/schedule?shelter=$1&item=$2"
	field ".items[0].items[]?|select(.work==\"$3\")|\"\(.state) \(.last) \(.missed)\""
}
inspect() { # OP SHELTER AT WORK JQ: the whole checklist, as the filter says
	api GET /v1/checklist
	local findings
	findings=$(field "[.items[]|{item:.id,result:\"pass\"}]|$5|tojson")
	as "$LI" POST /v1/inspections "{\"op\":\"$(op "$1")\",\"shelter\":$2,
		\"at\":\"$3\",\"work\":\"$4\",\"findings\":$findings}"
}

# Nobody was ever anywhere: all is due, but replacements nobody told of.
api GET /v1/schedule
is "$(field '[.items[].shelter]|tojson')" "[$A,$B,$H]" 'every shelter has a schedule'
is "$(field '[.items[0].items[]|.state]|unique|tojson')" '["never","unknown"]' \
	'nothing was ever done'
is "$(field '[.items[0].items[]|select(.item=="doors")|"\(.work) \(.cycle) \(.clause) \(.unit_name)"]|tojson')" \
	'["routine month 5.1.1(4) / 5.2.1 一单元","special year 5.1.1(4) / 5.2.1 一单元","replace 10y 5.1.1(4) / 5.2.1 一单元"]' \
	'doors by their clause, of the unit'
is "$(field '[.items[0].items[]|select(.state=="unknown")|.work]|unique|tojson')" \
	'["replace"]' 'a replacement nobody told of is unknown'
is "$(field '.items[0].items|map(.item)|unique|length')" \
	"$(($(wc -l <etc/rules/cycles.csv) - 1))" 'every item of the cycles'
as "$KAN" GET /v1/schedule
is "$(field '[.items[].shelter]|tojson')" "[$A,$B]" 'hidden works are absent for a viewer'
as "$JIA" GET /v1/schedule
is "$(field '[.items[].shelter]|tojson')" "[$A]" 'a unit sees its own'
api GET '/v1/schedule?item=lifts'
is "$STATUS $(field .field)" '400 item' 'an item that is not in the cycles'
api GET '/v1/schedule?from=monday'
is "$STATUS $(field .field)" '400 from' 'a day that is none'
api GET '/v1/schedule?limit=2'
is "$(field '"\([.items[].shelter]|tojson) \(.next)"')" "[$A,$B] $B" 'a page'
api GET "/v1/schedule?limit=2&after=$B"
is "$(field '"\([.items[].shelter]|tojson) \(.next)"')" "[$H] null" 'and the next'

# Forty days ago the whole works were walked, but for one thing, which the
# unit has not, and one door that would not close.
at=$(ago 40)
inspect 1 "$A" "$at" routine 'map(if .item=="fan-runs" then .result="na"
	elif .item=="door-closes" then .result="fail" else . end)'
is "$STATUS" 201 'an inspection'
is "$(due_of "$A" doors routine)" "overdue $at 1" 'a month has gone by for doors'
is "$(due_of "$A" entrances routine)" "current $at 0" 'a quarter has not'
is "$(due_of "$A" doors special)" 'never null 0' 'a look is no repair'
is "$(due_of "$A" fans routine)" '' 'what is not there is not due'
api GET "/v1/schedule?shelter=$A&overdue=true&item=doors"
is "$(field '[.items[0].items[]|"\(.work) \(.state)"]|tojson')" \
	'["routine overdue","special never"]' 'what is late'
api GET "/v1/schedule?shelter=$A&item=entrances&until=$(ago 0)"
is "$(field '.items|length')" 0 'nothing by now'
api GET "/v1/schedule?shelter=$A&item=entrances&from=$(ago 0)"
is "$(field '[.items[0].items[]|.state]|tojson')" '["current"]' 'but from now on'

# Special work counts for the look, a failed one does not count as work; a
# phone whose clock runs ahead puts nothing off.
inspect 2 "$A" "$(date -u -d '+3 years' +%FT%TZ)" special \
	'map(select(.item|test("^door|^threshold"))|if .item=="door-seal" then .result="fail" else . end)'
like "$(due_of "$A" doors routine)" "^current 20.* 0" 'a look it was'
is "$(due_of "$A" doors special)" 'never null 0' 'the seal is not in order'
inspect 3 "$A" "$(ago 1)" special 'map(select(.item=="door-seal"))'
like "$(due_of "$A" doors special)" "^current $(ago 1 | cut -c1-10)" 'now it is'
due_of "$A" doors routine >"$DIR/due"
last=$(cut -d' ' -f2 "$DIR/due")
ok test "$(date -d "$last" +%s)" -le "$(date +%s)" -- 'no look is in the future'
inspect 4 "$A" "$(ago 5000)" replace 'map(select(.item|test("^door|^threshold")))'
like "$(due_of "$A" doors replace)" '^overdue 20.* 1' 'a replacement of long ago'
as "$LI" GET "/v1/inspections?shelter=$A"
is "$(field '[.items[].work]|tojson')" '["routine","special","special","replace"]' \
	'each with its kind'

# A unit of two is looked at by itself.
api POST /v1/shelters '{"name":"两单元","at":[123.33,29.8],
	"units":[{"name":"甲","stated_places":10},{"name":"乙","stated_places":10}],
	"entrances":[{"name":"口","at":[123.33,29.8]}]}'
C=$(field .id)
api GET "/v1/shelters/$C"
U=$(field '.units[1].id')
as "$LI" POST /v1/inspections "{\"op\":\"$(op 5)\",\"shelter\":$C,\"unit\":$U,
	\"at\":\"$(ago 2)\",\"findings\":[{\"item\":\"entrance-free\",\"result\":\"pass\"}]}"
api GET "/v1/schedule?shelter=$C&item=entrances"
is "$(field '[.items[0].items[]|"\(.unit_name) \(.state)"]|tojson')" \
	'["甲 never","乙 current"]' 'records are of a unit'
as "$LI" POST /v1/inspections "{\"op\":\"$(op 6)\",\"shelter\":$C,
	\"at\":\"$(ago 1)\",\"findings\":[{\"item\":\"entrance-free\",\"result\":\"pass\"}]}"
api GET "/v1/schedule?shelter=$C&item=entrances"
is "$(field '[.items[0].items[]|.state]|tojson')" '["current","current"]' \
	'the works as a whole are every unit'
api GET "/v1/shelters/$C"
api PATCH "/v1/shelters/$C" '{"closed":true}' -H "If-Match: \"$(field .version)\""
api GET "/v1/schedule?shelter=$C"
is "$(field '.items|length')" 0 'a closed shelter has no schedule'

# Tasks: one for each shelter, once.
as "$LI" POST /v1/schedule/tasks '{}'
is "$STATUS" 403 'an inspector makes no tasks'
as "$CHEN" POST /v1/schedule/tasks "{\"shelter\":$C}"
is "$STATUS $(field .field)" '422 shelter' 'nor anybody for closed works'
as "$CHEN" POST /v1/schedule/tasks "{\"shelter\":$A,\"item\":\"entrances\"}"
is "$STATUS $(field '"\(.made) \(.waiting)"')" '200 0 0' 'nothing of it is due within the horizon'
as "$CHEN" POST /v1/schedule/tasks
is "$STATUS $(field '"\(.made) \(.waiting)"')" '201 3 0' 'a task for each shelter'
as "$CHEN" POST /v1/schedule/tasks
is "$STATUS $(field '"\(.made) \(.waiting)"')" '200 0 3' 'and no second one'
api GET /v1/tasks
is "$(field '[.items[]|"\(.shelter) \(.state) \(.origin)"]|tojson')" \
	"[\"$A open schedule\",\"$B open schedule\",\"$H open schedule\"]" 'open to all'
T=$(field '.items[0].id') TB=$(field '.items[1].id') TH=$(field '.items[2].id')
is "$(field '.items[0].items|map(select(.item=="doors")|.work)|tojson')" '["replace"]' \
	'with what is due of it'
is "$(field ".items[0].items|map(.units)|unique|length")" 1 'of its one unit'
like "$(field '.items[1].note')" '^到期检查 [0-9]+ 项 / [0-9]+ items due: shafts canopy ' \
	'in words'
ok test "$(field '.items[0].due')" \< "$(ago 1000)" -- 'due when its oldest item was'
told() {
	api GET '/v1/events?since=0&limit=10000'
	[ "$(field '[.items[]|select(.kind=="task.assigned")]|length')" = "$1" ]
}
ok wait_for 10 told 3 -- 'each is told of'
is "$(field '[.items[]|select(.kind=="schedule.made").body|.made,(.tasks|length)]|tojson')" \
	'[3,3]' 'and what made them, once'
as "$WANG" GET '/v1/events?since=0&limit=10000'
is "$(field '[.items[]|select(.kind=="task.assigned").body.shelter]|tojson')" \
	"[$A,$B]" 'an inspector does not hear of hidden works'
is "$(field '[.items[]|select(.kind=="schedule.made")]|length')" 0 'nor of the list'
as "$CHEN" POST "/v1/tasks/$TH/assign" "{\"assignee\":$WANG_ID}"
as "$WANG" GET '/v1/tasks?assignee=me'
is "$(field '.items[0]|"\(.shelter) \(.items|length>10)"')" "$H true" \
	'unless it is hers'
as "$WANG" POST "/v1/tasks/$TB/accept"
as "$WANG" POST "/v1/tasks/$TB/decline" '{"reason":"ill"}'
as "$CHEN" POST /v1/schedule/tasks
is "$(field '"\(.made) \(.waiting)"')" '0 3' 'declined is not done'
inspect 7 "$A" "$(ago 0)" special "." # not for the task
as "$LI" POST "/v1/tasks/$T/accept"
inspect 8 "$A" "$(ago 0)" replace "."
as "$LI" POST "/v1/tasks/$T/done"
as "$CHEN" POST /v1/schedule/tasks
is "$(field '"\(.made) \(.waiting)"')" '0 2' 'all was done: no new task'
until=$(date -u -d '+40 days' +%FT%TZ)
as "$CHEN" POST /v1/schedule/tasks "{\"until\":\"$until\",\"assignee\":$LI_ID}"
is "$(field '"\(.made) \(.waiting)"')" '1 2' 'but for those who look further ahead'
api GET "/v1/tasks?assignee=$LI_ID"
is "$(field '.items[-1]|"\(.state) \([.items[]|"\(.item)/\(.work)"]|tojson)"')" \
	'assigned ["doors/routine","heaters/routine","airtight-valves/routine","fans/routine"]' \
	'to one inspector: what is due monthly'

# By itself; what a killed daemon did not tell, the next one tells.
stop_daemon
ok restart_daemon -o schedule-every=1 -- 'a daemon that looks by itself'
api POST /v1/shelters '{"name":"新","at":[123.34,29.8],
	"units":[{"name":"一","stated_places":10}],
	"entrances":[{"name":"口","at":[123.34,29.8]}]}'
D=$(field .id)
kill_daemon
DAEMON_OPTIONS+=(-o schedule-every=1)
restart_daemon
by_itself() {
	api GET /v1/tasks
	[ "$(field "[.items[]|select(.shelter==$D)|.origin]|tojson")" = '["schedule"]' ]
}
ok wait_for 10 by_itself -- 'makes a task for a new shelter'
ok wait_for 10 told 6 -- 'tells of it'
is "$(field '[.items[]|select(.kind=="schedule.made")][-1]|"\(.user) \(.body.made)"')" \
	'system 1' 'under its own name'
kill_daemon
restart_daemon
ok by_itself -- 'and does not make it again'
api GET /v1/audit
is "$(field .ok)" true 'the chain holds'

# The client.
SHELTER_TOKEN=$ADMIN
shelterctl inspection schedule --shelter "$A" --item doors --json >"$DIR/out"
is "$(jq -c '[.[]|[.shelter,.item,.work,.state]]' "$DIR/out")" \
	"[[$A,\"doors\",\"routine\",\"current\"],[$A,\"doors\",\"special\",\"current\"],[$A,\"doors\",\"replace\",\"current\"]]" \
	'one row for each'
shelterctl inspection schedule --overdue --until "$(day today)" >"$DIR/out"
like "$(cat "$DIR/out")" '地下室乙 .* doors .*人防门 .*month .*never' 'a table for people'
shelterctl inspection schedule --from "$(day '+80 days')" --until "$(day '+100 days')" \
	--shelter "$A" --json >"$DIR/out"
is "$(jq -r '[.[]|.cycle]|unique|join(" ")' "$DIR/out")" quarter 'between two days'
shelterctl inspection schedule --make-tasks --json >"$DIR/out"
is "$? $(jq -c '[.made,.waiting]' "$DIR/out")" '0 [0,4]' 'tasks are there'
shelterctl inspection schedule --assignee 2 2>"$DIR/err"
like "$? $(cat "$DIR/err")" '^2 .*goes with --make-tasks' 'an assignee of no task'
shelterctl inspection schedule --item lifts --json >"$DIR/out" 2>&1
is $? 1 'no such item'

# What is due stands beside the items an inspector is asked for.
SHELTER_TOKEN=$LI shelter-field --db "$DIR/li.db" sync >/dev/null
T=$(shelter-field --db "$DIR/li.db" --json tasks |
	jq "[.[]|select(.origin==\"schedule\" and .shelter==$A)][0].id")
{ printf 'pppppppppp'; echo q; } | script -qec \
	"shelter-field --db '$DIR/li.db' inspect $T" /dev/null >"$DIR/walk" 2>&1
is "$(grep -c '5.1.1(4)].*due 到期: routine' "$DIR/walk")" 1 'doors are due'
is "$(grep -c '4.1.4].*due' "$DIR/walk")" 0 'entrances are not'
like "$(cat "$DIR/walk")" '4\.1\.4\]' 'but asked for, too'

# Many: some at a time, until all have one.
api POST /v1/imports '{"kind":"shelters","crs":"wgs84","files":["t"]}'
id=$(field .id)
api POST "/v1/imports/$id/rows" "$(jq -nc '{seq:0,rows:[range(450)|{file:0,line:.,
	register_id:"M\(.)",places:10,x:(123.4+./10000),y:29.8}]}')"
api POST "/v1/imports/$id/commit"
job_done
is "$(field .result.accepted)" 450 'many shelters'
stop_daemon
restart_daemon
all_made() {
	api GET '/v1/tasks?limit=10000'
	[ "$(field '[.items[]|select(.origin=="schedule" and .state!="done").shelter]|"\(length) \(unique|length)"')" = '454 454' ]
}
ok wait_for 30 all_made -- 'have a task each'
api GET '/v1/events?since=0&limit=10000'
is "$(field '[.items[]|select(.kind=="schedule.made").body.made]|.[-3:]|tojson')" \
	'[196,200,54]' 'in three writes'
ok wait_for 60 told 456 -- 'and each is told of'
ok stop_daemon -- 'a clean stop'
done_testing
