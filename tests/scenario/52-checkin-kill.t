#!/bin/bash
# SPDX-License-Identifier: MIT
# Many check-ins at once, some of them refused half-way, among other writes,
# and a kill -9 in the middle: whoever got an answer gets the same one again,
# and doors, arrivals, log and answers agree to the person.
. "$(dirname "$0")/lib.sh"
. tests/scenario/drill-lib.sh
start_daemon

small_district
approved_plan
make_drill
drill start
api GET "/v1/drills/$DRILL"
read -r A A1 <<<"$(place 0)"
read -r B B1 <<<"$(place 1)"

n=1200
# The round's requests as curl's config: every 15th names a shelter that there
# is not after one that there is, every 40th is no check-in.
requests() { # ROUND
	local i what body
	for ((i = 0; i < n; i++)); do
		what=arrivals
		body="{\"op\":\"op-$i\",\"shelter\":$A,\"entrance\":$A1,\"people\":1}"
		case $((i % 3)) in
		1) body="{\"op\":\"op-$i\",\"shelter\":$A,\"people\":2}" ;;
		2) body="{\"op\":\"op-$i\",\"shelter\":$B,\"entrance\":$B1,\"people\":3}" ;;
		esac
		((i % 15)) || body+=",{\"op\":\"bad-$i\",\"shelter\":987654,\"people\":1}"
		body="{\"arrivals\":[$body]}"
		((i % 40)) || what=observe body="{\"text\":\"seen $i\"}"
		((i == 0)) || echo next
		printf '%s\n' "url = $SHELTER_URL/v1/drills/$DRILL/$what" \
			"header = \"Authorization: Bearer $SHELTER_TOKEN\"" \
			"header = \"Content-Type: application/json\"" \
			"header = \"Idempotency-Key: key-$i\"" \
			"data = \"${body//\"/\\\"}\"" \
			"output = $DIR/$1-$i" \
			"write-out = \"$i %{http_code}\\n\""
	done
}
play() { # ROUND
	requests "$1" >"$DIR/config"
	curl -sS -Z --parallel-max 32 -K "$DIR/config" >"$DIR/$1.codes" \
		2>"$DIR/$1.errors"
}
answered() { [ "$(find "$DIR" -name 'first-*' | wc -l)" -ge "$1" ]; }

play first &
player=$!
ok wait_for 20 answered 150 -- 'check-ins are answered'
kill_daemon
wait $player
restart_daemon
play second

codes() { # ROUND: how many requests got which status
	cut -d' ' -f2 "$DIR/$1.codes" | sort | uniq -c | awk '{print $2 ":" $1}' |
		paste -sd' '
}
diag "first round: $(codes first)"
ok grep -q ' 000' "$DIR/first.codes" -- 'the kill came in the middle'
# 80 name no shelter, but 10 of them (every 120th) are among 30 observations.
is "$(codes second)" '200:1130 422:70' 'in the end all have an answer'
differ=0
while read -r i code; do
	[ "$code" != 200 ] || cmp -s "$DIR/first-$i" "$DIR/second-$i" ||
		differ=$((differ + 1))
done <"$DIR/first.codes"
is $differ 0 'who had an answer gets the same one again'

drill end
stop_daemon
query() { sqlite3 "$DIR/store.db" "$1"; }
is "$(query "SELECT count(*), count(DISTINCT op) FROM drill_arrival WHERE op LIKE 'op-%'")" \
	'1100|1100' 'every count stands once'
is "$(query "SELECT count(*) FROM drill_arrival WHERE op LIKE 'bad-%' OR substr(op, 4) % 15 = 0")" \
	0 'of a refused request nothing'
is "$(query "SELECT d.arrived = (SELECT sum(people) FROM drill_arrival a WHERE a.drill_id = d.drill_id AND a.shelter_id = d.shelter_id AND a.entrance_id = d.entrance_id) FROM drill_door d WHERE arrived > 0" | sort | uniq -c | xargs)" \
	'3 1' 'each of three doors has the people of its counts'
is "$(query "SELECT min(one) FROM (SELECT shelter_people = sum(people) OVER (PARTITION BY shelter_id ORDER BY shelter_people) AS one FROM drill_arrival)")" \
	1 'each count was told the people so far, itself included'
is "$(query "SELECT count(*) FROM event, json_each(body, '\$.arrivals') WHERE kind = 'drill.arrival'")" \
	1100 'the log tells of each once'
is "$(query "SELECT count(*) FROM idempotency WHERE key LIKE 'key-%'")" 1130 \
	'and each answer is kept'
restart_daemon
api GET /v1/audit
is "$(field '[.ok,.first_bad]|tojson')" '[true,null]' 'the chain verifies'
stop_daemon
done_testing
