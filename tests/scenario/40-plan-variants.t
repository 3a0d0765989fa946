#!/bin/bash
# SPDX-License-Identifier: MIT
# What a plan minds beside metres, small enough to do by hand: an earlier plan,
# the trade-off, queues at the doors, late people; and which orders are refused.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

# H1 (10) is 48 m from S1, 145 m from S2; H2 (10) 338 m from S1, 145 m from S2.
start_daemon
put_rows shelters '[
{"file":0,"line":1,"register_id":"S1","name":"one","places":20,"x":120.0005,"y":30.0},
{"file":0,"line":2,"register_id":"S2","name":"two","places":10,"x":120.0025,"y":30.0}]'
put_rows homes '[
{"file":0,"line":1,"register_id":"H1","people":10,"x":120.001,"y":30.0},
{"file":0,"line":2,"register_id":"H2","people":10,"x":120.004,"y":30.0}]'
api GET '/v1/shelters?where=name=%27one%27'
one=$(field '.items[0].id')
api GET '/v1/shelters?where=name=%27two%27'
two=$(field '.items[0].id')

make_plan "{\"radius\":400,\"where\":\"name = 'one'\"}"
is "$(field '[.sheltered,.person_metres,.variant]|join(" ")')" '20 3860 ' \
	'everybody in the first shelter, nothing else minded'
make_plan '{"radius":400}'
is "$(field '[.sheltered,.person_metres]|join(" ")')" '20 1930' \
	'the second one is nearer for ten'

make_plan '{"radius":400,"keep":1,"move_price":192}'
is "$(field '[.person_metres,.bound,.variant.moved,.variant.stayed]|join(" ")')" \
	'1930 1930 10 10' 'ten move to save 193 m each'
make_plan '{"radius":400,"keep":1,"move_price":194}'
is "$(field '[.person_metres,.bound,.variant.moved,.variant.stayed]|join(" ")')" \
	'3860 3860 0 20' 'nobody moves for less than the price'
api POST /v1/plans '{"radius":400,"keep":99,"move_price":1}'
job_done
is "$(field '(.job // .)|[.state,.problem.field]|join(" ")')" 'failed keep' \
	'nobody can be kept near a plan that is not there'

api POST /v1/tradeoffs '{"plan":1,"where":"places > 0"}'
job_done
BODY=$(field '(.job // .).result')
is "$(field '[.limit.radius,.sheltered,.complete]|join(" ")')" '400 20 true' \
	'the trade-off, limit as in the plan'
is "$(field '[.items[]|[.from,.to,.moved,.person_metres]|map(tostring)|join(" ")]|join(", ")')" \
	'0 193 10 1930, 194 null 0 3860' 'moved people against metres'
is "$(shelterctl plan tradeoff 1 --where 'places > 0' | sed -n '2,3p' | xargs)" \
	'0 193 10 1930 194 - 0 3860' 'as a table'
like "$(shelterctl plan tradeoff 1 --radius 400)" complete 'and for people'
like "$(shelterctl plan make --radius 400 --keep 1 --move-price 500)" \
	'people who stay +20' 'ordered and shown by the client'

api POST /v1/plans '{"radius":400,"order":"late,last,walking"}'
job_done
BODY=$(field '(.job // .).result')
is "$(field '[.person_metres,.bound,.variant.in_time_metres,.variant.late,.variant.last_metres]|join(" ")')" \
	'1930 1930 585 0 145' 'nobody late, the last one at 145 m'
make_plan '{"radius":400,"door_queue":true}'
is "$(field '[.person_metres,.bound,.variant.waiting_metres,.variant.doors_unknown]|join(" ")')" \
	'1930 1930 0 2' 'no width known, nobody waits'
api GET /v1/plans/2/queues
is "$(field '[.items[]|"\(.people) \(.seconds)"]|join(", ")')" \
	'10 null, 10 null' 'and no queue is told'

# S1's door is 1 m wide, S2's so narrow that it passes 140 an hour: who comes
# n-th waits 2, 5, 7, 10, 12, 15, 17 … slots of 10 s, 12.2 m each.  The seventh
# would rather walk 193 m more and wait one slot.
width() { # SHELTER METRES
	api GET "/v1/shelters/$1"
	api PATCH "/v1/shelters/$1" \
		"{\"entrances\":[{\"id\":$(field '.entrances[0].id'),\"clear_width\":$2}]}" \
		-H "If-Match: \"$(field .version)\""
	is "$STATUS" 200 "a door of $2 m"
}
width "$one" 1
width "$two" 0.03
make_plan '{"radius":400,"door_queue":true}'
is "$(field '[.sheltered,.person_metres,.bound,.variant.waiting_metres,.variant.longest_s,.variant.doors_unknown]|join(" ")')" \
	'20 2702 2702 633 154 0' 'six through the narrow door, four farther'
queued=$(field .id)
api GET "/v1/plans/$queued/queues"
is "$(field '[.items[]|"\(.people) \(.seconds)"]|join(", ")')" \
	'6 154, 14 11' 'how long each queue is'
like "$(shelterctl plan queues "$queued")" seconds 'and for people'
like "$(shelterctl plan show "$queued")" 'longest queue, seconds +154' \
	'shown with the plan'

for body in '{"keep":1}' '{"move_price":5}' \
	'{"keep":1,"move_price":5,"door_queue":true}' \
	'{"door_queue":true,"whole_homes":true}' '{"order":"fastest"}'; do
	api POST /v1/plans "$body"
	is "$STATUS" 422 "refused: $body"
done
ok stop_daemon -- 'stopped'
done_testing
