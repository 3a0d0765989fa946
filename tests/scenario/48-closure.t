#!/bin/bash
# SPDX-License-Identifier: MIT
# A street is closed and opened again: explanations, the nearest shelters,
# coverage and plans on foot know of it at once, also after a kill and after
# the streets were imported anew; straight lines do not care.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

# Two ways from H to S (both 96.5 m a thousandth of a degree): straight, and
# around by the north.  A second home stands on the straight one.
start_daemon
api GET /v1/closures
is "$STATUS $BODY" '200 {"items":[],"next":null}' 'nothing is closed'
api POST /v1/closures '{"at":[120.001,30.0]}'
is "$STATUS $(field .field)" '409 at' 'no network, nothing to close'
put_rows shelters '[{"file":0,"line":1,"register_id":"S","name":"one","places":50,
	"x":120.003,"y":30.0}]'
put_rows homes '[{"file":0,"line":1,"register_id":"H","people":10,"x":120.0,"y":30.0},
	{"file":0,"line":2,"register_id":"M","people":7,"x":120.0012,"y":29.9999}]'
ways() {
	put_rows network '[{"file":0,"line":1,"name":"main","class":"footway","steps":false,
		"lines":[[120.0,30.0,120.001,30.0,120.002,30.0,120.003,30.0]]},
		{"file":0,"line":2,"name":"around","class":"footway","steps":false,
		"lines":[[120.001,30.0,120.001,30.002,120.002,30.002,120.002,30.0]]}]'
}
ways
walk() { # of H to S by explain, in whole metres
	api GET '/v1/explain?lon=120.0&lat=30.0&minutes=30'
	field '.nearest[0].walk_metres|if . then round else . end'
}
near() {
	api GET '/v1/shelters/near?lon=120.0&lat=30.0&k=1'
	field '.items[0].walk_metres|if . then round else . end'
}
cover() { # MINUTES
	api GET "/v1/coverage?minutes=$1"
	field .covered
}
is "$(walk)" 290 'straight, as long as all is open'
is "$(near)" 290 'for those who look for the nearest, too'
is "$(cover 5)" 17 'everybody is within five minutes'
api GET /v1/stats
version=$(field .data_version)

api POST /v1/closures '{"at":[120.0015,30.00001],"reason":"塌方"}'
is "$STATUS" 201 'a piece of it is closed'
C=$(field .id)
is "$(field '[(.metres|round),(.off|round)]|map(tostring)|join(" ")')" '97 1' 'the one that is meant'
is "$(field '[.ends[][0]]|sort|map(.*1000|round)|join(" ")')" '120001 120002' \
	'from vertex to vertex'
is "$(walk)" 733 'around'
is "$(near)" 733 'the nearest is around, too'
is "$(cover 5)" 0 'too far for both'
is "$(cover 10)" 7 'the home on the closed piece walks from the next street'
api GET '/v1/coverage?radius=300'
is "$(field .covered)" 17 'a straight line does not care'
api GET /v1/stats
ok [ "$(field .data_version)" -gt "$version" ] -- 'the data is of another version'
make_plan '{"minutes":12}'
is "$(field '[.sheltered,.left_over.too_far,.left_over.no_path]|join(" ")')" '17 0 0' \
	'a plan walks around'
like "$(field .person_metres)" '^[0-9]+$' 'and says how far'
metres=$(field .person_metres)
ok [ "$metres" -gt 7000 ] -- 'which is far'
api POST /v1/coverage/whatif '{"minutes":10,"open":[{"lon":120.0005,"lat":30.0,"places":30}]}'
is "$(field '[.before.covered,.after.covered]|join(" ")')" '7 17' \
	'what-if knows the closed street'
api POST /v1/siting '{"n":1,"minutes":5,"places":20}'
[ "$STATUS" = 202 ] && job_done
is "$(field '(.job // .).result|[.reached,.after.covered]|join(" ")')" '17 17' \
	'siting, too'

# Both ways: no path at all.
api POST /v1/closures '{"at":[120.0015,30.002]}'
is "$STATUS" 201 'the way around is closed, too'
D=$(field .id)
is "$(walk)" null 'no path'
make_plan '{"radius":400}'
is "$(field '[.sheltered,.left_over.no_path]|join(" ")')" '0 17' 'nobody gets there'
api GET '/v1/explain?lon=120.0&lat=30.0&radius=400'
is "$(field '.nearest[0].reason')" no_path 'which is said to who asks'
api POST /v1/closures '{"at":[120.0015,30.002]}'
is "$STATUS" 201 'the next one that is open'
E=$(field .id)
ok [ "$E" != "$D" ] -- 'is another'
api DELETE "/v1/closures/$E"
is "$STATUS" 204 'opened again'
api DELETE "/v1/closures/$E"
is "$STATUS $(field .field)" '404 id' 'once'
api POST /v1/closures '{"at":[121.0,30.0]}'
is "$STATUS $(field .field)" '409 at' 'no street there'
api POST /v1/closures '{"at":[120.0]}'
is "$STATUS" 422 'no place'

# It is in the store and in the log.
kill_daemon
restart_daemon
is "$(walk)" null 'still closed after a kill'
api GET /v1/closures
is "$(field '[.items[]|"\(.id) \(.reason) \(.closed_by) \(.in_network)"]|join(", ")')" \
	"$C 塌方 admin true, $D  admin true" 'the list'
api GET '/v1/events?since=0&limit=1000'
is "$(field '[.items[]|select(.noun == "closure")|"\(.kind) \(.noun_id)"]|join(", ")')" \
	"street.closed $C, street.closed $D, street.closed $E, street.opened $E" 'the log'
api GET /v1/audit
is "$(field .ok)" true 'whose chain holds'
api GET /v1/stats
version=$(field .data_version)
kill_daemon
restart_daemon
api GET /v1/stats
is "$(field .data_version)" "$version" 'the version is the same after a start'

# Imported anew, the streets are closed where they were.
ways
is "$(walk)" null 'still closed after an import'
put_rows network '[{"file":0,"line":1,"name":"other","class":"footway","steps":false,
	"lines":[[120.0,30.0,120.003,30.0]]}]'
# ('street' is the one file: its new lines take the place of the old ones.)
is "$(walk)" 290 'a piece that is not in the network closes nothing'
api GET /v1/closures
is "$(field '[.items[].in_network]|unique|tojson')" '[false]' 'which the list says'
ways
is "$(walk)" null 'until it is back'
api DELETE "/v1/closures/$D"
is "$(walk)" 733 'the way around is open'
api DELETE "/v1/closures/$C"
is "$(walk) $(cover 5)" '290 17' 'all as it was'

# By the command line.
is "$(shelterctl street close 120.0015,30.0 --reason 塌方 --json |
	jq -r '"\(.reason) \(.metres|round)"')" '塌方 97' 'closed by command'
is "$(walk)" 733 'as by any other client'
like "$(shelterctl street list)" 塌方 'the list for people'
id=$(shelterctl street list --json | jq '.[0].id')
is "$(shelterctl street open "$id" --json)" '[]' 'opened by command'
is "$(walk)" 290 'and walked over'
shelterctl street close here 2>/dev/null
is $? 2 'wrong usage'

office=$SHELTER_TOKEN
SHELTER_TOKEN=$(as_user reader viewer)
api POST /v1/closures '{"at":[120.0015,30.0]}'
is "$STATUS" 403 'readers close nothing'
api GET /v1/closures
is "$STATUS" 200 'but see what is closed'
SHELTER_TOKEN=$office
ok stop_daemon -- 'stopped'
done_testing
