#!/bin/bash
# SPDX-License-Identifier: MIT
# Coverage on a street small enough to do by hand: shares of an area, capacity,
# on foot, gaps with their reason, and a hash that changes with what it counts.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

counts='[.people,.covered,.placed,.too_far,.full]|map(tostring)|join(" ")'
start_daemon
api GET /v1/coverage
is "$STATUS $(field "$counts")" '200 0 0 null 0 null' 'an empty district'
put_street
api GET /v1/coverage
is "$(field "$counts")" '35 30 null 5 null' 'by distance alone, at 200 m by default'
is "$(field '[.usable_shelters,.places,.limit.radius]|join(" ")')" '2 22 200' \
	'what took part'
hash=$(field .hash)
api GET '/v1/coverage?radius=200&capacity=true'
is "$(field "$counts")" '35 30 22 5 8' 'and who can have a place at once'
like "$(field .hash)" '^[0-9a-f]{64}$' 'with a hash'
ok [ "$(field .hash)" != "$hash" ] -- 'another question, another hash'
api GET '/v1/coverage?radius=200'
is "$(field .hash)" "$hash" 'the same question, the same hash'
api GET "/v1/coverage?radius=200&capacity=true&where=name=%27two%27"
is "$(field "$counts")" '35 20 10 15 10' 'only the shelters of an expression'
api GET '/v1/coverage?radius=200&minutes=3'
is "$STATUS $(field .field)" '400 minutes' 'one limit, not two'
api GET '/v1/coverage?minutes=3'
is "$STATUS $(field .field)" '409 minutes' 'no network, no minutes'
# Places a person in reach: S1 has 12 for H1 and H2, S2 has 10 for H2.
api GET '/v1/coverage?radius=180&access=true'
is "$(field '.access|[.mean*35,.people_below_one,.people_without]|map(.*1000|round)|tojson')" \
	'[22000,35000,5000]' 'mean access hands out all places'
api GET '/v1/coverage/homes?radius=180&access=true'
is "$(field '[.features[].properties|.access*1000|round]|tojson')" '[400,900,0]' \
	'places a person in reach of each home'
api GET '/v1/coverage/area?access=true'
is "$STATUS" 400 'an area has no access'

api GET '/v1/coverage?where=name'
is "$STATUS $(field .field)" '400 where' 'an expression cut short'

put_ways
api GET '/v1/coverage?minutes=2&capacity=true'
is "$(field "$counts")" '35 30 20 5 10' 'on foot, where the ways do not meet'
api GET '/v1/coverage/gaps?minutes=2&capacity=true'
is "$(field '[.features[].properties|"\(.people) \(.reason)"]|sort|join(", ")')" \
	'10 full, 5 too_far' 'the gaps on foot'
api GET '/v1/coverage/area?minutes=2'
is "$(field '.features|length')" 2 'the homes within the minutes'

# A strip of 386 m x 22 m whose western half lies within 193 m of S3.
put_rows shelters '[{"file":0,"line":1,"register_id":"S3","name":"three",
	"places":30,"x":120.1,"y":30.0}]'
put_rows homes '[{"file":0,"line":1,"register_id":"H4","people":100,"geometry":
	{"type":"Polygon","coordinates":[[[120.1,29.9999],[120.104,29.9999],
	[120.104,30.0001],[120.1,30.0001],[120.1,29.9999]]]}}]'
api GET "/v1/coverage?radius=193&capacity=true&where=name=%27three%27"
is "$(field "$counts")" '135 50 30 85 20' 'half of an area, less than its places'
api GET "/v1/coverage/homes?radius=193&capacity=true&where=name=%27three%27"
is "$(field '[.features[].properties|select(.people==100)|.covered,.placed]|join(" ")')" \
	'50 30' 'the home by itself'
is "$(field '.features[].properties|select(.people==100)|.share|.>0.49 and .<0.51')" \
	true 'its share'
api GET "/v1/coverage/gaps?radius=193&capacity=true&where=name=%27three%27"
is "$(field '[.features[].properties|select(.reason=="too_far")|.people]|add')" 85 \
	'the gaps hold those too far'
is "$(field '[.features[].properties|select(.reason=="full")|.people]|add')" 20 \
	'and those without a place'
is "$(field '[.features[].geometry.coordinates|flatten|min]|min > 29')" true 'in degrees'
api GET "/v1/coverage/area?radius=193&where=name=%27three%27"
is "$(field '.features[0].properties.area|. > 116900 and . < 117200')" true \
	'a disc of 193 m'

# What an inspector closes is not covered any more; numbers that followed the
# data are those of a daemon that has to compute them anew.
hashes() {
	for q in radius=193 minutes=2 minutes=2\&profile=wheelchair; do
		for c in false true; do
			api GET "/v1/coverage?$q&capacity=$c"
			field '"\(.covered) \(.placed) \(.hash)"'
		done
	done
}
open=$(hashes)
api GET "/v1/shelters?where=name=%27three%27"
api GET "/v1/shelters/$(field '.items[0].id')"
api PATCH "/v1/shelters/$(field .id)" '{"closed":true}' \
	-H "If-Match: \"$(field .version)\""
api GET "/v1/coverage?radius=193&where=name=%27three%27"
is "$(field "$counts")" '135 0 null 135 null' 'a closed shelter covers nobody'
closed=$(hashes)
ok [ "$closed" != "$open" ] -- 'the numbers followed'
stop_daemon
restart_daemon
is "$(hashes)" "$closed" 'as computed by a daemon that knows nothing yet'
ok stop_daemon -- 'stopped'
done_testing
