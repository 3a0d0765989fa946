#!/bin/bash
# SPDX-License-Identifier: MIT
# Plans on a street small enough to do by hand: what is counted, who is left
# and why, whole homes, comparison, approval, explanation, and who may see what.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

start_daemon
put_street
api GET '/v1/shelters?where=name=%27one%27'
one=$(field '.items[0].id')
api GET '/v1/shelters?where=name=%27two%27'
two=$(field '.items[0].id')

# H1 10 -> S1 at 48 m; H2 10 -> S2 at 48 m and 2 -> S1 at 145 m.
make_plan '{"radius":200,"title":"street"}'
is "$(field '[.id,.people,.sheltered,.left_over.too_far,.left_over.full,.left_over.no_path]|join(" ")')" \
	'1 35 22 5 8 0' 'everybody is sheltered or left over with a reason'
is "$(field '[.person_metres,.bound,.homes,.shelters,.arcs]|join(" ")')" \
	'1250 1250 3 2 3' 'the least metres, proved; only what took part counts'
is "$(field .whole)" null 'homes were not asked to stay whole'

api GET /v1/plans/1/assignments
is "$(field '[.items[]|[.people,.metres]|join("@")]|sort|join(" ")')" \
	'10@48 10@48 2@145' 'who goes how far'
api GET "/v1/plans/1/assignments?shelter=$one"
is "$(field '[.items[].people]|add')" 12 'the first shelter is full'
api GET /v1/plans/1/assignments?limit=2
is "$(field '[(.items|length),(.next!=null)]|join(" ")')" '2 true' 'a page'
api GET "/v1/plans/1/assignments?after=$(field .next)"
is "$(field '[(.items|length),.next]|join(" ")')" '1 ' 'and the rest'
api GET /v1/plans/1/left
is "$(field '[.items[]|"\(.people) \(.reason)"]|join(", ")')" \
	'8 full, 5 too_far' 'who is left and why'

mkdir -p "$DIR/problem"
api GET /v1/plans/1/problem
is "$(field '[(.homes,.shelters,.arcs,.answer|length)]|join(" ")')" \
	'3 2 3 3' 'the problem as it was solved'
is "$(field .summary.bound)" 1250 'with its proof'
{ echo home,people; field '.homes[]|@csv'; } >"$DIR/problem/homes.csv"
{ echo shelter,places; field '.shelters[]|@csv'; } >"$DIR/problem/shelters.csv"
{ echo home,shelter,metres; field '.arcs[]|@csv'; } >"$DIR/problem/arcs.csv"
{ echo home,shelter,people; field '.answer[]|@csv'; } >"$DIR/problem/answer.csv"
is "$("$BUILD/peers/assign_peer" "$DIR/problem" | jq .same)" true \
	'LEMON finds nothing better'

# Whole: H1 in S1, H2 (20) fits nowhere.
make_plan '{"radius":200,"whole_homes":true}'
is "$(field '[.sheltered,.whole.sheltered,.whole.left_over,.whole.split,.whole.gap_people]|join(" ")')" \
	'22 10 25 1 12' 'homes kept whole, with the gap to the bound'
api GET /v1/plans/2/assignments
is "$(field '[.items[].people]|join(" ")')" 10 'and seated whole'
like "$(shelterctl plan show 2)" 'people below the bound +12' \
	'and the gap is shown to people'

make_plan "{\"radius\":200,\"where\":\"name = 'two'\"}"
is "$(field '[.sheltered,.left_over.too_far,.left_over.full]|join(" ")')" \
	'10 15 10' 'where picks the shelters'
api GET /v1/plans/1/diff/3
is "$(field '[.moved[]|.people]|add')" 12 'those of the first shelter move'
is "$(field '[.moved[]|.to]|unique|join(" ")')" '' 'out'
is "$(field .same)" 10 'the others stay'

api GET "/v1/shelters/near?lon=120.0&lat=30.0&k=2"
is "$(field '[.items[].free]|join(" ")')" '12 10' 'a draft gives no place away'
api POST /v1/plans/1/approve
is "$STATUS $(field .state)" '200 approved' 'approved'
api POST /v1/plans/1/approve
is "$STATUS $(field .field)" '409 state' 'only once'
api GET "/v1/shelters/near?lon=120.0&lat=30.0&k=2"
is "$(field '[.items[].free]|join(" ")')" '0 0' 'an approved plan does'
api GET '/v1/explain?lon=120.002&lat=30.0&radius=200'
is "$(field '[.plan.id,.home.people,.left_over,(.assigned|length)]|join(" ")')" \
	'1 20 8 2' 'an address explained: home, seats, left'
is "$(field '[.nearest[]|.reason]|join(" ")')" 'assigned assigned' 'both are its place'
api GET '/v1/explain?lon=120.000&lat=30.0&radius=200'
is "$(field '[.nearest[]|.why]|join(", ")')" \
	'assigned by the plan, beyond 200 m' 'and another'
api POST /v1/plans/3/approve
is "$(field .supersedes)" 1 'another supersedes it'
api GET /v1/plans
is "$(field '[.items[].state]|join(" ")')" 'superseded draft approved' 'the list'

# On foot: the two ways do not meet.
api POST /v1/plans '{"minutes":5}'
is "$STATUS $(field .field)" '409 minutes' 'no network, no minutes'
put_ways
make_plan '{"minutes":2}'
is "$(field '[.sheltered,.left_over.too_far,.left_over.full,.left_over.no_path,.arcs]|join(" ")')" \
	'20 5 10 0 2' 'nobody walks where there is no way'
make_plan "{\"radius\":200,\"where\":\"name = 'one'\"}"
is "$(field '[.sheltered,.left_over.too_far,.left_over.full,.left_over.no_path]|join(" ")')" \
	'10 5 0 20' 'near, but no path'

# A hidden work exists for the office only.
api GET "/v1/shelters/$one"
api PATCH "/v1/shelters/$one" '{"hidden":true}' -H "If-Match: \"$(field .version)\""
is "$STATUS" 200 'one is hidden'
api GET /v1/coverage?radius=200
office=$(field .usable_shelters)
SHELTER_TOKEN=$(as_user vera viewer)
api GET /v1/plans/1/assignments
is "$(field '[.items[].shelter]|unique|join(" ")')" "$two" 'no seat in a hidden work'
api GET /v1/plans/1/problem
is "$STATUS" 403 'nor the whole problem'
api POST /v1/plans '{}'
is "$STATUS" 403 'nor an order'
api GET '/v1/explain?lon=120.0&lat=30.0'
is "$(field '[.nearest[].id]|join(" ")')" "$two" 'nor in an explanation'
api GET /v1/coverage?radius=200
is "$office $(field .usable_shelters)" '2 1' 'nor in a coverage'
ok stop_daemon -- 'stopped'
done_testing
