#!/bin/bash
# SPDX-License-Identifier: MIT
# An import's conversation: refused, checked, stored whole, read again; files
# that overlap; a hand's change that survives; hidden works.
. "$(dirname "$0")/lib.sh"
start_daemon

import() { # OPEN ROWS: BODY is the job
	api POST /v1/imports "$1"
	local id
	id=$(field .id)
	api POST "/v1/imports/$id/rows" "{\"seq\":0,\"rows\":$2}"
	[ "$STATUS" = 200 ] || { diag "$BODY"; return; }
	api POST "/v1/imports/$id/commit"
	id=$(field .job.id)
	BODY='{"state":"queued"}'
	while [[ $(field .state) =~ queued|running ]]; do
		api GET "/v1/jobs/$id?wait=30"
		BODY=$(field '.job // .')
	done
}
counts() {
	field '.result | "\(.read) \(.accepted) \(.updated) \(.unchanged) \(.rejected) \(.outside) \(.duplicates)"'
}

A='{"file":0,"line":2,"register_id":"W1","address":"one road 1","kind":"公共","places":100,"x":121.53,"y":25.03}'
B='{"file":0,"line":3,"register_id":"W1","address":"one road 2","kind":" 一般住宅","places":40,"x":121.531,"y":25.03}'
C='{"file":0,"line":4,"address":"one road 3","places":7,"x":25.03,"y":121.532}'
D='{"file":0,"line":5,"address":"far","places":7,"x":120,"y":23}'
E='{"file":0,"line":6,"reject":{"field":"places","reason":"no number"}}'
F='{"file":0,"line":7,"address":"nowhere","places":7}'
G='{"file":0,"line":8,"register_id":"W1","address":"one road 1","kind":"公共","places":100,"x":121.53,"y":25.03}'
ALL="[$A,$B,$C,$D,$E,$F,$G]"
OPEN='{"kind":"shelters","files":["a.csv"],"bbox":[121.5,25,121.6,25.1]}'

import "${OPEN%\}},\"dry_run\":true}" "$ALL"
is "$(counts)" '7 4 0 0 2 1 2' 'a dry run counts'
api GET /v1/stats
is "$(field .shelters)" 0 'and stores nothing'

import "$OPEN" "$ALL"
is "$(counts)" '7 4 0 0 2 1 2' 'every row is accounted for'
is "$(field '.result.swapped')" 1 'swapped coordinates are noticed'
is "$(field '[.result.rows[]|select(.outcome=="rejected")|.line]|@csv')" \
	'6,7' 'refused rows are named'
is "$(field '[.result.rows[]|select(.outcome=="duplicate")|"\(.line) \(.field)"]|join(";")')" \
	'3 register_id;8 ' 'duplicates by id and by row'
like "$(field '[.result.rows[]|select(.field=="kind")|.reason]|@csv')" \
	'blank' 'a blank is warned of and kept'
api GET /v1/shelters
is "$(field '[.items[].kind]|unique|@csv')" '""," 一般住宅","公共"' \
	'text is kept as published'
is "$(field '.items|length')" 4 'two equal rows are two shelters'
is "$(field '.items[2].at|@csv')" '121.532,25.03' 'put right'

import "$OPEN" "$ALL"
is "$(counts)" '7 0 0 4 2 1 2' 'read again: unchanged'
api GET /v1/stats
VERSION=$(field .data_version)
is "$(field '.last_event - .data_version')" 1 'which is no new data version'

# The same row in another file, and a file that disagrees.
B2=${B/40/50}
import "${OPEN/a.csv/b.csv}" "[$A,$B2]"
is "$(counts)" '2 0 1 1 0 0 1' 'another file: one known, one changed'
is "$(field '.result.rows[]|select(.outcome=="updated")|.field')" places \
	'what changed is named'
import "$OPEN" "$ALL"
is "$(counts)" '7 0 0 4 2 1 2' 'the first file does not fight back'
import "${OPEN/a.csv/b.csv}" "[$A,$B2]"
is "$(counts)" '2 0 0 2 0 0 1' 'nor the second'
BOTH='{"kind":"shelters","files":["a.csv","b.csv"]}'
import "$BOTH" "[$A,$B,$G,${A/\"file\":0/\"file\":1},${B2/\"file\":0/\"file\":1}]"
is "$(counts)" '5 0 0 5 0 0 4' 'together: unchanged'
api GET /v1/shelters/2
is "$(field .places)" 50 'what was said last stands'
is "$(field .units[0].stated_places)" 50 'and the unit followed'

# By hand.
api PATCH /v1/shelters/1 '{"closed":true}'
is "$STATUS" 428 'a change needs If-Match'
api PATCH /v1/shelters/1 '{"closed":true}' -H 'If-Match: "1"'
is "$STATUS" 200 'closed'
api GET /v1/shelters/1
is "$(field '"\(.usable) \(.binding_rule) \(.version)"')" '0 closed 2' \
	'a closed shelter takes nobody'
api GET '/v1/events?since=0&limit=100'
is "$(field '.items[-1]|"\(.kind) \(.body.capacity.before) \(.body.capacity.after)"')" \
	'shelter.changed 100 0' 'the event tells what it cost'
import "$OPEN" "[$A]"
api GET /v1/shelters/1
is "$(field .closed)" true 'an import does not open it again'
api PATCH /v1/shelters/1 '{"hidden":true,"units":[]}' -H 'If-Match: "2"'
is "$STATUS $(field .field)" '422 units' 'a shelter has at least one unit'
api PATCH /v1/shelters/1 '{"hidden":true}' -H 'If-Match: "2"'
is "$STATUS" 200 'hidden'

ADMIN=$SHELTER_TOKEN
SHELTER_TOKEN=$(as_user vera viewer)
api GET /v1/shelters/1
is "$STATUS" 404 'a viewer finds no hidden work'
api GET /v1/shelters
is "$(field '[.items[].id]|@csv')" '2,3,4' 'nor in the list'
api GET '/v1/shelters/near?lon=121.53&lat=25.03&k=1'
is "$(field .items[0].id)" 4 'nor near'
api GET /v1/map/shelters
is "$(field '.features|length')" 3 'nor on the map'
api GET /v1/stats
is "$(field .shelters)" 3 'nor in the counts'
api POST /v1/imports "$OPEN"
is "$STATUS" 403 'nor does a viewer import'
SHELTER_TOKEN=$ADMIN

# Homes and the network.
SQUARE='{"type":"Polygon","coordinates":[[[121.53,25.03],[121.531,25.03],[121.531,25.031],[121.53,25.03]]]}'
import '{"kind":"homes","files":["h"]}' "[{\"file\":0,\"line\":1,\"register_id\":\"H\",\"people\":30,\"geometry\":$SQUARE},{\"file\":0,\"line\":2,\"register_id\":\"I\",\"people\":5,\"x\":121.53,\"y\":25.03}]"
is "$(counts) $(field .result.people)" '2 2 0 0 0 0 0 35' 'homes'
api GET /v1/homes/1
is "$(field .geometry.type)" Polygon 'a home shows its shape'
N='{"file":0,"line":1,"name":"x","lines":[[121.53,25.03,121.531,25.03,121.532,25.03]]}'
import '{"kind":"network","files":["n"]}' "[$N,${N/25.03,/25.04,}]"
is "$(field '.result|"\(.nodes) \(.edges) \(.components) \(.removed)"')" \
	'4 3 1 0' 'a network by shared vertices, doubled edges once'
import '{"kind":"network","files":["n"]}' "[$N]"
is "$(counts) $(field '.result|"\(.nodes) \(.edges) \(.removed)"')" \
	'1 0 0 1 0 0 0 3 2 1' 'a file replaces its own lines'

# Refusals.
api POST /v1/imports '{"kind":"shelters","files":["a"],"crs":"EPSG:x"}'
is "$STATUS $(field .field)" '422 crs' 'unknown system'
import '{"kind":"shelters","files":["a"]}' '[{"file":0,"line":1,"x":302000,"y":2770000}]'
is "$(field '. | "\(.state) \(.problem.field)"')" 'failed crs' \
	'metres are not guessed to be degrees'
api POST /v1/imports '{"kind":"homes","files":["a"]}'
ID=$(field .id)
api POST "/v1/imports/$ID/rows" '{"seq":0,"rows":[{"file":0,"line":1,"places":1}]}'
is "$STATUS $(field .field)" '422 rows[0].places' 'a field of another kind'
api POST "/v1/imports/$ID/rows" '{"seq":0,"rows":[{"file":3,"line":1}]}'
is "$STATUS $(field .field)" '422 rows[0].file' 'a file that was not named'
api POST "/v1/imports/$ID/rows" '{"seq":1,"rows":[]}'
is "$STATUS" 409 'a piece out of turn'
api DELETE "/v1/imports/$ID"
is "$STATUS" 204 'forgotten'
api POST "/v1/imports/$ID/commit"
is "$STATUS" 404 'and gone'
api GET '/v1/shelters?where=places%20%3E'
is "$STATUS $(field .field)" '400 where' 'a broken expression'

api GET /v1/stats
BEFORE=$BODY
ok stop_daemon -- 'the daemon stops'
restart_daemon
api GET /v1/stats
is "$BODY" "$BEFORE" 'and comes back with the same map and version'
done_testing
