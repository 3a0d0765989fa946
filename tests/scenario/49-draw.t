#!/bin/bash
# SPDX-License-Identifier: MIT
# The double random draw: done again here with sha256sum and sort alone, kept
# secret from whom it surprises, and a draw that was tampered with.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
people
for n in $(seq 12); do
	api POST /v1/shelters "{\"name\":\"工程$n\",\"kind\":\"$((n % 2))\",
		\"at\":[123.$((300 + n)),29.8],\"org\":\"甲物业\",
		\"units\":[{\"name\":\"一\",\"stated_places\":10}],
		\"entrances\":[{\"name\":\"口\",\"at\":[123.$((300 + n)),29.8]}]}"
done
api PATCH /v1/shelters/3 '{"closed":true}' -H 'If-Match: "1"'
api PATCH /v1/shelters/5 '{"hidden":true}' -H 'If-Match: "1"'
for n in zhao qian sun; do as_user $n inspector >/dev/null; done
api GET /v1/users
ALL=$(field '[.items[]|select(.role=="inspector").id]|sort|tojson')
QIAN=$(field '.items[]|select(.name=="qian")|.id')
api PATCH "/v1/users/$QIAN" '{"disabled":true}' -H 'If-Match: "1"'
draw() { as "$CHEN" POST /v1/draws "$1"; }

# What anybody can do with the event: tickets, sorted.
tickets() { # SEED KIND, ids on stdin
	while read -r id; do
		printf '%s %s\n' "$(printf '%s %s %s' "$1" "$2" "$id" |
			sha256sum | cut -d' ' -f1)" "$id"
	done | sort | cut -d' ' -f2
}
again() { # of BODY: the pairs, one a line
	local seed m
	seed=$(field .seed) m=$(field .inspectors)
	field '.from.inspectors[]' | tickets "$seed" inspector | head -n "$m" >"$DIR/by"
	field '.from.shelters[]' | tickets "$seed" shelter |
		head -n "$(field '.drawn|length')" >"$DIR/to"
	awk -v m="$m" 'NR==FNR{by[n++]=$1;next}{print $1, by[(FNR-1)%m]}' \
		"$DIR/by" "$DIR/to"
}
pairs() { field '.drawn[]|"\(.shelter) \(.inspector)"'; }

draw '{"shelters":5,"inspectors":2}'
is "$STATUS $(field '"\(.seed_by) \(.drawn|length) \(.tasks|length)"')" \
	'201 server 5 5' 'five shelters, a seed of the daemon'
like "$(field .seed)" '^[0-9a-f]{64}$' 'of 32 bytes'
FIRST=$(field .draw) SEED=$(field .seed)
is "$(field '.from.shelters|tojson')" '[1,2,4,6,7,8,9,10,11,12]' \
	'works that are closed or hidden are not drawn from'
is "$(field '.from.inspectors|tojson')" "$(jq -c "map(select(. != $QIAN))" <<<"$ALL")" \
	'nor inspectors who cannot log in'
is "$(pairs)" "$(again)" 'sha256sum and sort draw the same'
is "$(field .list_hash)" "$(field '(.from.shelters[]|"shelter \(.)"),(.from.inspectors[]|"inspector \(.)")' |
	sha256sum | cut -d' ' -f1)" 'and hash the same lists'
is "$(field '[.drawn[].shelter]|unique|length')" 5 'nothing twice'
is "$(field '[.drawn[].inspector]|unique|length')" 2 'two inspectors'
DRAWN=$(pairs)
WHO=$(field '.drawn[0].inspector') WHERE=$(field '.drawn[0].shelter')
NOT=$(jq -r "map(select(. != $WHO))[0]" <<<"$ALL")

# Who hears of it.
told() {
	api GET '/v1/events?since=0&limit=1000'
	[ "$(field '[.items[]|select(.kind=="task.assigned")]|length')" = "$1" ]
}
ok wait_for 10 told 5 -- 'each task is told of'
api GET "/v1/tasks?assignee=$WHO"
is "$(field ".items[]|select(.shelter==$WHERE)|\"\(.state) \(.origin) \(.draw) \(.note)\"")" \
	"assigned draw $FIRST 双随机抽查 / random inspection, draw $FIRST" 'the inspector has the task'
for who in "$JIA" "$KAN" "$LI"; do
	as "$who" GET '/v1/events?since=0&limit=1000'
	is "$(field '[.items[]|select(.kind=="inspection.drawn")]|length')" 0 'the draw is the office'"'s"
	as "$who" GET "/v1/draws/$FIRST"
	is "$STATUS" 403 'which cannot be asked for either'
done
as "$JIA" GET '/v1/events?since=0&limit=1000'
is "$(field '[.items[]|select(.noun=="task")]|length')" 0 'the unit hears of no task'
for who in "$JIA" "$KAN" "$LI"; do
	as "$who" GET /v1/tasks
	is "$(field '[.items[]|select(.assignee_name!="li")]|length')" 0 \
		'nor does the list show it to others'
done
api POST "/v1/users/$NOT/tokens" '{"label":"t"}'
as "$(field .token)" GET '/v1/events?since=0&limit=1000'
is "$(field "[.items[]|select(.kind==\"task.assigned\" and .body.assignee==$WHO)]|length")" 0 \
	'nor do other inspectors'

# The same seed draws the same of the same lists; another one others.
draw "{\"shelters\":5,\"inspectors\":2,\"seed\":\"$SEED\"}"
is "$(pairs)" "$DRAWN" 'the same seed, the same draw'
is "$(field .seed_by)" caller 'and it is told whose seed it was'
draw '{"shelters":10,"inspectors":4,"seed":"2026-11-25/1","due":"2031-01-01T00:00:00Z"}'
is "$(pairs)" "$(again)" 'all of them by a given seed'
is "$(field '[.tasks[].due]|unique|tojson')" '["2031-01-01T00:00:00Z"]' 'until a day'
draw '{"shelters":2,"inspectors":1,"where":"kind = '"'1'"'"}'
is "$(field '.from.shelters|tojson')" '[1,7,9,11]' 'of those that are picked'
LAST=$(field .draw)

for wrong in 'shelters {"shelters":11,"inspectors":1}' \
	'inspectors {"shelters":5,"inspectors":5}' \
	'inspectors {"shelters":1,"inspectors":2}' \
	'seed {"shelters":1,"inspectors":1,"seed":"a b"}' \
	'seed {"shelters":1,"inspectors":1,"seed":""}' \
	'shelters {"shelters":0,"inspectors":1}' \
	'where {"shelters":1,"inspectors":1,"where":"x"}'; do
	draw "${wrong#* }"
	like "$STATUS $(field .field)" "^4.. ${wrong%% *}" "refused: $wrong"
done
as "$LI" POST /v1/draws '{"shelters":1,"inspectors":1}'
is "$STATUS" 403 'an inspector draws nobody'

# Checking, by the daemon and by the client.
api GET "/v1/draws/$FIRST"
is "$(field '"\(.ok) \(.why) \(.user)"') $(pairs | cksum)" \
	"true null chen $(cksum <<<"$DRAWN")" 'the event proves the draw'
api GET "/v1/events?since=$((FIRST - 1))&limit=1"
HASH=$(field '.items[0].hash')
shelterctl inspection draw --check "$FIRST" --json >"$DIR/out"
is "$? $(jq -r '"\(.ok) \(.event_hash)"' "$DIR/out")" "0 true $HASH" 'the client asks for it'
shelterctl inspection draw --check "$FIRST" >"$DIR/out"
like "$(cat "$DIR/out")" '工程' 'as a table'
shelterctl inspection draw --check $((FIRST - 1)) --json >"$DIR/out" 2>/dev/null
is "$? $(jq .status "$DIR/out")" '1 404' 'an event that is no draw'
shelterctl inspection draw --shelters 3 --inspectors 2 --seed abc --json >"$DIR/out"
is "$? $(jq -c '[.seed,(.drawn|length),(.tasks|length)]' "$DIR/out")" \
	'0 ["abc",3,3]' 'the client draws'
shelterctl inspection draw --shelters 3 >/dev/null 2>"$DIR/err"
like "$? $(cat "$DIR/err")" '^2 .*--inspectors' 'and says what it needs'
api GET /v1/draws
is "$(field '[.items[]|.draw]|tojson|contains("'"$LAST"'")') $(field '.items|length')" 'true 5' \
	'every draw that was made, also those whose result was not liked'
api GET /v1/draws?limit=2
is "$(field '"\(.items|length) \(.next == .items[1].draw)"')" '2 true' 'in pages'

# Somebody with the store's file puts his own shelter off the list.
ok stop_daemon -- 'a clean stop'
sqlite3 "$DIR/store.db" "DROP TRIGGER event_no_update;
	UPDATE event SET body = replace(body,
		'\"shelter\":$WHERE,', '\"shelter\":5,') WHERE id = $FIRST"
restart_daemon
shelterctl inspection draw --check "$FIRST" --json >"$DIR/out"
is "$? $(jq -r '"\(.ok) \(.why)"' "$DIR/out")" '1 false the seed draws others' \
	'which the seed gives away'
ok stop_daemon -- 'a clean stop'
done_testing
