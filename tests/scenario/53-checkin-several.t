#!/bin/bash
# SPDX-License-Identifier: MIT
# Many requests of 1 to 30 arrivals at once, which share operations with each
# other, repeat some of their own and are partly refused: whatever way they are
# written, each operation counts once, everybody is told what the store has of
# it, and doors, log and running sums agree.
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

n=300
RANDOM=7
# An operation always has the same numbers.
arrival() { # OPERATION
	case $(($1 % 4)) in
	0) echo "{\"op\":\"op-$1\",\"shelter\":$A,\"entrance\":$A1,\"people\":1}" ;;
	1) echo "{\"people\":2,\"shelter\":$A,\"entrance\":null,\"op\":\"op-$1\"}" ;;
	2) echo "{\"op\":\"op-$1\",\"shelter\":$B,\"entrance\":$B1,\"people\":3}" ;;
	3) echo "{\"entrance\":$A1,\"op\":\"op-$1\",\"people\":4,\"shelter\":$A}" ;;
	esac
}
# Every second one has operations of its own, like a device that was offline;
# the others take them from those of all, which may be their own, twice; every
# 25th ends with a shelter that there is not.
requests() {
	local i k size op body
	for ((i = 0; i < n; i++)); do
		size=$((1 + RANDOM % 30)) body=
		for ((k = 0; k < size; k++)); do
			op=$((i * 30 + k))
			((i % 2)) || op=$((RANDOM % (n * 30)))
			body+="${body:+,}$(arrival $op)"
		done
		((i % 25)) ||
			body+=",{\"op\":\"bad-$i\",\"shelter\":987654,\"people\":1}"
		((i == 0)) || echo next
		printf '%s\n' "url = $SHELTER_URL/v1/drills/$DRILL/arrivals" \
			"header = \"Authorization: Bearer $SHELTER_TOKEN\"" \
			"header = \"Content-Type: application/json\"" \
			"header = \"Idempotency-Key: key-$1-$i\"" \
			"data = \"{\\\"arrivals\\\":[${body//\"/\\\"}]}\"" \
			"output = $DIR/$1-$i" \
			"write-out = \"%{http_code}\\n\""
	done
}
requests first >"$DIR/config"
play() { # ROUND
	curl -sS -Z --parallel-max 48 -K "$DIR/config" 2>"$DIR/errors" |
		sort | uniq -c | xargs
}
is "$(play)" '288 200 12 422' 'all are answered'
mkdir "$DIR/once"
cp "$DIR"/first-* "$DIR/once"
is "$(play)" '288 200 12 422' 'again, under the same keys'
is "$(cd "$DIR/once" && for f in *; do cmp -s "$f" "../$f" || echo "$f"; done)" \
	'' 'with the same bytes'
sed -i 's/key-first/key-other/' "$DIR/config"
is "$(play)" '288 200 12 422' 'again, under other keys'
is "$(cd "$DIR/once" && for f in *; do cmp -s "$f" "../$f" || echo "$f"; done)" \
	'' 'with the same bytes'

drill end
stop_daemon
query() { sqlite3 "$DIR/store.db" "$1"; }
is "$(query "SELECT count(*) = count(DISTINCT op) AND count(*) > 2000 FROM drill_arrival")" \
	1 'every operation stands once'
is "$(query "SELECT count(*) FROM drill_arrival WHERE op LIKE 'bad-%'")" 0 \
	'of what was refused nothing'
is "$(query "SELECT d.arrived = (SELECT sum(people) FROM drill_arrival a WHERE a.drill_id = d.drill_id AND a.shelter_id = d.shelter_id AND a.entrance_id = d.entrance_id) FROM drill_door d WHERE arrived > 0" | sort | uniq -c | xargs)" \
	'3 1' 'each of three doors has the people of its counts'
is "$(query "SELECT min(one) FROM (SELECT shelter_people = sum(people) OVER (PARTITION BY shelter_id ORDER BY shelter_people) AS one FROM drill_arrival)")" \
	1 'each count was told the people so far, itself included'
row="json_array(op, shelter_id, nullif(entrance_id, 0), people, at_s, shelter_people, overfull)"
query "SELECT $row FROM drill_arrival ORDER BY op" >"$DIR/rows"
told='[.op, .shelter, .entrance, .people, .at_s, .shelter_people, if .overfull then 1 else 0 end]'
jq -c "select(.arrivals) | .arrivals[] | $told" "$DIR"/once/* | LC_ALL=C sort -u |
	jq -sc 'sort_by(.[0])[]' >"$DIR/told"
ok cmp -s "$DIR/told" "$DIR/rows" -- 'the answers tell what the store has'
query "SELECT body FROM event WHERE kind = 'drill.arrival'" |
	jq -c ".arrivals[] | $told" | jq -sc 'sort_by(.[0])[]' >"$DIR/logged"
ok cmp -s "$DIR/logged" "$DIR/rows" -- 'and so does the log, each of them once'
restart_daemon
api GET /v1/audit
is "$(field '[.ok,.first_bad]|tojson')" '[true,null]' 'the chain verifies'
stop_daemon
done_testing
