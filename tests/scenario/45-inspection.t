#!/bin/bash
# SPDX-License-Identifier: MIT
# Tasks and inspections: who sees what, what a failed item does to capacity
# and coverage, joining, and the operation id.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
people
two_works
import_home

# The checklist and tasks.
api GET /v1/checklist
ok test "$(field '.items|length')" -ge 30 -- 'a checklist'
is "$(field '.items[]|select(.id=="door-closes")|"\(.effect) \(.clause) \(.trust)"')" \
	'entrance DBJ33/T 1309-2023 5.1.1(4) A' 'with clause, effect and trust'
due='"due":"2030-01-01T00:00:00Z"'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$A,\"assignee\":$LI_ID,$due}"
is "$STATUS $(field '"\(.state) \(.assignee_name) \(.shelter_name)"')" \
	'201 assigned li 地下室甲' 'a task for li'
T=$(field .id)
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$B,$due}"
OPEN=$(field .id)
is "$(field .state)" open 'a task for anybody'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$H,\"assignee\":$LI_ID,$due}"
HT=$(field .id)
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":999,$due}"
is "$STATUS $(field .field)" '422 shelter' 'about works that exist'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$A,\"assignee\":1,$due}"
is "$STATUS $(field .field)" '422 assignee' 'for an inspector'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$A,\"unit\":999,$due}"
is "$STATUS $(field .field)" '422 unit' 'and a unit of those works'
as "$LI" GET '/v1/tasks?assignee=me'
is "$(field '[.items[].id]|tojson')" "[$T,$HT]" 'li sees hers, hidden works included'
as "$WANG" GET /v1/tasks
is "$(field '[.items[].id]|tojson')" "[$OPEN]" 'wang sees the open one only'
as "$KAN" GET /v1/tasks
is "$(field '[.items[].id]|tojson')" "[$T,$OPEN]" 'hidden works are absent for a viewer'
as "$WANG" POST "/v1/tasks/$T/accept"
is "$STATUS" 404 'another inspector has no such task'
as "$LI" POST "/v1/tasks/$T/accept"
is "$STATUS $(field .state)" '200 accepted' 'accepted'
as "$LI" POST "/v1/tasks/$T/accept"
is "$STATUS" 409 'not twice'
like "$(field .detail)" "accepted.*accept" 'the refusal names both'
as "$WANG" POST "/v1/tasks/$OPEN/accept"
is "$(field '"\(.state) \(.assignee_name)"')" 'accepted wang' 'the open one is taken'
as "$WANG" POST "/v1/tasks/$OPEN/decline" '{"reason":"no key"}'
is "$(field '"\(.state) \(.reason)"')" 'declined no key' 'and given back'
as "$CHEN" POST "/v1/tasks/$OPEN/assign" "{\"assignee\":$LI_ID}"
is "$(field '"\(.state) \(.assignee_name)"')" 'assigned li' 'and handed out again'
as "$LI" POST "/v1/tasks/$OPEN/done"
is "$(field .state)" 'done' 'done without an inspection'

# A failing door.
is "$(usable "$A")" '200 unit_limit 0' 'before: all places'
is "$(placed)" '150 150' 'and everybody has one'
submit "$LI" 1 "$A" "[{\"item\":\"door-closes\",\"result\":\"fail\",\"note\":\"rust\",\"entrance\":$A1},{\"item\":\"fan-runs\",\"result\":\"pass\"}]" "\"task\":$T"
is "$STATUS $(field '"\(.capacity|tojson) \(.defects|map(.joined)|tojson)"')" \
	'201 {"before":200,"after":100,"binding_rule":"derating"} [false]' \
	'a door that does not close takes its half'
first=$BODY
D=$(field '.defects[0].id')
is "$(usable "$A")" '100 derating 1' 'the map says so at once'
is "$(placed)" '150 100' 'and coverage'
as "$LI" GET '/v1/tasks?assignee=me&state=done'
is "$(field "[.items[]|select(.id==$T)]|length")" 1 'the task is done'

# Exactly once.
submit "$LI" 1 "$A" "[{\"item\":\"door-closes\",\"result\":\"fail\",\"note\":\"rust\",\"entrance\":$A1},{\"item\":\"fan-runs\",\"result\":\"pass\"}]" "\"task\":$T"
is "$STATUS $BODY" "201 $first" 'the same operation gets the same answer'
submit "$LI" 1 "$A" '[{"item":"door-closes","result":"pass"}]'
is "$STATUS $(field .field)" '409 op' 'with other content it is refused'
submit "$WANG" 1 "$A" "[{\"item\":\"door-closes\",\"result\":\"fail\",\"note\":\"rust\",\"entrance\":$A1},{\"item\":\"fan-runs\",\"result\":\"pass\"}]" "\"task\":$T"
is "$STATUS" 409 'and from another hand'
as "$LI" GET "/v1/inspections?shelter=$A"
is "$(field '.items|length')" 1 'one inspection'

# Joining.
submit "$WANG" 2 "$A" "[{\"item\":\"door-closes\",\"result\":\"fail\",\"entrance\":$A1},{\"item\":\"door-closes\",\"result\":\"pass\",\"entrance\":$A2}]"
is "$(field '[.defects[]|[.id,.joined]]|tojson') $(field .capacity.after)" \
	"[[$D,true]] 100" 'the same trouble joins the open defect'
submit "$WANG" 3 "$A" '[{"item":"fan-runs","result":"fail"}]'
is "$(field '"\(.defects[0].joined) \(.capacity.after)"')" 'false 50' \
	'another item is another defect; a factor on top'
submit "$WANG" 4 "$A" '[{"item":"door-paint","result":"fail","factor":0.5}]'
is "$(field .capacity.after)" 25 "the inspector's own factor"
api GET "/v1/notices?shelter=$A"
is "$(field '[.items[]|[.state,(.defects|length)]]|tojson')" '[["draft",3]]' \
	'one draft notice holds them all'
api GET /v1/repairs
is "$(field '[.items[]|[.item,.places,.shelter_places]]|tojson')" \
	'[["door-closes",25,175],["fan-runs",25,175],["door-paint",25,175]]' \
	'repairs by the places that come back'
submit "$WANG" 5 "$B" '[{"item":"structure-flooded","result":"fail"}]'
is "$(field '"\(.capacity.after)"')" 0 'standing water closes a unit'
api GET /v1/repairs
is "$(field '.items[0]|[.item,.places]|tojson')" '["structure-flooded",50]' \
	'and is the repair to do first'

# Refusals.
submit "$LI" 6 "$A" '[{"item":"dor-closes","result":"fail"}]'
is "$STATUS $(field .field)" '422 findings[0].item' 'an item of the checklist'
like "$(field .detail)" dor-closes 'named'
submit "$LI" 6 "$B" "[{\"item\":\"fan-runs\",\"result\":\"pass\"},{\"item\":\"door-closes\",\"result\":\"fail\",\"entrance\":$A1}]"
is "$STATUS $(field .field)" '422 findings[1].entrance' 'an entrance of those works'
submit "$LI" 6 "$A" '[{"item":"fan-runs","result":"pass"},{"item":"fan-runs","result":"fail"}]'
is "$STATUS $(field .field)" '422 findings[1].item' 'one answer to one question'
submit "$LI" 6 "$A" '[{"item":"fan-runs","result":"fail","evidence":["xyz"]}]'
is "$STATUS $(field .field)" '422 findings[0].evidence[0]' 'a hash as evidence'
submit "$LI" 6 "$A" '[{"item":"fan-runs","result":"maybe"}]'
is "$STATUS $(field .field)" '422 findings[0].result' 'pass, fail or na'
submit "$LI" 6 "$B" '[]' "\"task\":$T"
is "$STATUS $(field .field)" '422 task' 'the task of those works'
submit "$CHEN" 6 "$A" '[]'
is "$STATUS" 403 'inspectors inspect'
submit "$WANG" 6 "$H" '[]'
is "$STATUS $(field .field)" '422 shelter' 'hidden works do not exist for wang'
submit "$LI" 6 "$H" '[{"item":"fan-runs","result":"fail"}]' "\"task\":$HT"
is "$STATUS $(field .capacity.after)" '201 15' 'they do for li, who has the task'
as "$KAN" GET /v1/defects
is "$(field "[.items[]|select(.shelter==$H)]|length")" 0 'but not for a viewer'
as "$KAN" GET '/v1/events?since=0'
is "$(field '[.items[]|select(.kind=="inspection.submitted")]|length')" 5 \
	'nor on the stream'
api GET '/v1/events?since=0'
is "$(field '[.items[]|select(.kind=="inspection.submitted")][0].body|[.shelter,.capacity.before,.capacity.after,.capacity.binding_rule,.notice,(.defects|length)]|tojson')" \
	"[$A,200,100,\"derating\",1,1]" 'the event carries it all'
api GET /v1/audit
is "$(field .ok)" true 'the chain holds'
ok stop_daemon -- 'a clean stop'
done_testing
