#!/bin/bash
# SPDX-License-Identifier: MIT
# What-if on the street of 40-coverage.t: said in advance, then really done.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

after='[.after|.covered,.placed,.too_far,.full,.usable_shelters,.places]|map(tostring)|join(" ")'
counts='[.covered,.placed,.too_far,.full,.usable_shelters,.places]|map(tostring)|join(" ")'
start_daemon
api POST /v1/coverage/whatif '{"capacity":true,"open":[{"lon":120,"lat":30,"places":5}]}'
is "$STATUS $(field '[.people,.after.placed,.after.places]|tojson')" '200 [0,0,5]' \
	'an empty district'
put_street
api GET /v1/shelters
one=$(field '.items[]|select(.name=="one").id')
two=$(field '.items[]|select(.name=="two").id')
api GET '/v1/coverage?capacity=true'
now=$(field "$counts") data=$(field .data_version)
api POST /v1/coverage/whatif '{"capacity":true}'
is "$STATUS $(field "$after")" "200 $now" 'nothing changes, nothing changes'

api POST /v1/coverage/whatif "{\"radius\":200,\"close\":[$two]}"
is "$(field '[.after.covered,.after.placed,.covered_lost,.covered_gained]|map(tostring)|join(" ")')" \
	'30 null 0 0' 'without capacity no places are told'
api POST /v1/coverage/whatif "{\"radius\":100,\"capacity\":true,\"close\":[$two]}"
is "$(field '[.covered_lost,.placed_lost,.placed_gained,.homes_changed]|map(tostring)|join(" ")')" \
	'20 10 0 1' 'who loses a place'
is "$(field '.homes[0]|[.people,.before,.after]|map(tostring)|join(" ")')" '20 20 0' 'and at which home'

ask="{\"radius\":100,\"capacity\":true,\"close\":[$two],
	\"open\":[{\"lon\":120.0201,\"lat\":30.0,\"places\":4},
	{\"lon\":120.0018,\"lat\":30.0,\"places\":9}]}"
api POST /v1/coverage/whatif "$ask"
said=$(field "$after")
is "$(field '[.placed_lost,.placed_gained]|map(tostring)|join(" ")')" '10 13' \
	'what closing takes and opening gives'
api GET '/v1/coverage?radius=100&capacity=true'
is "$(field .data_version)" "$data" 'nothing was stored'

# Now really.
api GET "/v1/shelters/$two"
api PATCH "/v1/shelters/$two" '{"closed":true}' -H "If-Match: \"$(field .version)\""
for p in '120.0201 4' '120.0018 9'; do
	set -- $p
	api POST /v1/shelters "{\"name\":\"new\",\"at\":[$1,30.0],\"units\":
		[{\"name\":\"u\",\"stated_places\":$2}],\"entrances\":[{\"name\":\"e\",\"at\":[$1,30.0]}]}"
	[ "$STATUS" = 201 ] || diag "$BODY"
done
api GET '/v1/coverage?radius=100&capacity=true'
is "$(field "$counts")" "$said" 'done as said'
api POST /v1/coverage/whatif "{\"radius\":100,\"capacity\":true,\"close\":[$two]}"
is "$(field "$after")" "$said" 'what is closed already changes nothing'

# On foot: H1 and S1 on one way, H2 and S2 on the other.
put_ways
api POST /v1/coverage/whatif "{\"minutes\":2,\"capacity\":true,\"close\":[$one]}"
is "$(field '[.before.covered,.after.covered]|map(tostring)|join(" ")')" '30 20' \
	'on foot'

# What cannot be asked.
api POST /v1/coverage/whatif '{"close":[999]}'
is "$STATUS $(field .field)" '422 close[0]' 'an unknown shelter'
api POST /v1/coverage/whatif '{"radius":9,"minutes":3}'
is "$STATUS $(field .field)" '422 minutes' 'one limit, not two'
api POST /v1/coverage/whatif '{"open":[{"lon":120,"lat":30,"places":0}]}'
is "$STATUS $(field .field)" '422 open[0].places' 'a shelter without places'

# A hidden work is nobody's to ask about but the office's.
api POST /v1/shelters '{"name":"h","hidden":true,"at":[120.0,30.0],"units":
	[{"name":"u","stated_places":5}],"entrances":[{"name":"e","at":[120.0,30.0]}]}'
hidden=$(field .id)
viewer=$(as_user kan viewer)
SHELTER_TOKEN=$viewer api POST /v1/coverage/whatif "{\"close\":[$hidden]}"
is "$STATUS $(field .detail)" "422 no shelter has the id $hidden" 'hidden is absent'
api POST /v1/coverage/whatif "{\"close\":[$hidden]}"
is "$STATUS" 200 'but to the office'

is "$(shelterctl coverage whatif --radius 100 --capacity --close "$one" \
	--open 120.02,30,3 --json | jq -c '[.after.usable_shelters-.before.usable_shelters,.placed_gained]')" \
	'[0,1]' 'asked by shelterctl'
like "$(shelterctl coverage whatif --radius 100 --close "$one")" \
	'people who lose that' 'as a table'
shelterctl coverage whatif --open 120,30 2>"$DIR/err"
is $? 2 'a planned shelter without places is wrong usage'
ok stop_daemon -- 'stopped'
done_testing
