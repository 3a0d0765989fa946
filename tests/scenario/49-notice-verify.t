#!/bin/bash
# SPDX-License-Identifier: MIT
# A notice as a chain of evidence: verified at every stage, and every way to
# change its past afterwards is found.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
people
two_works
notice() { # TOKEN ACTION [JSON]
	as "$1" POST "/v1/notices/$N/$2" "${3-}"
}
verified() { # ok, steps, how many events, first bad step
	api GET "/v1/notices/$N/verify"
	field '"\(.ok) \(.steps) \(.events|length) \(.first_bad)"'
}

submit "$LI" 1 "$A" '[{"item":"door-closes","result":"fail"},
	{"item":"door-seal","result":"fail"}]'
N=$(field .notice)
is "$(verified)" 'true 2 1 null' 'a draft: two steps of one inspection'
submit "$WANG" 2 "$A" '[{"item":"fan-runs","result":"fail"}]'
is "$(verified)" 'true 3 2 null' 'another adds to it'
as "$JIA" GET "/v1/notices/$N/verify"
is "$STATUS" 404 'the unit does not know of a draft'
due=$(date -u -d '+2 seconds' +%FT%TZ)
notice "$CHEN" issue "{\"deadline\":\"$due\",\"text\":\"限期整改\"}"
is "$STATUS $(verified)" '200 true 4 3 null' 'issued'
late() { [ "$(verified)" = 'true 5 4 null' ]; }
kill_daemon
sleep_until() { [ "$(date -u +%FT%TZ)" \> "$due" ]; }
wait_for 10 sleep_until
restart_daemon
ok wait_for 10 late -- 'late, as the daemon says'
sha=$(printf photo | sha256sum | cut -d' ' -f1)
notice "$JIA" reply "{\"text\":\"修好\",\"evidence\":[\"$sha\"]}"
is "$STATUS $(verified)" '200 true 6 5 null' 'answered'
SUN=$(as_user sun inspector)
notice "$SUN" recheck '{"pass":false,"text":"不行"}'
notice "$JIA" reply '{"text":"真的修好"}'
notice "$SUN" recheck '{"pass":true}'
submit "$SUN" 3 "$A" '[{"item":"fan-runs","result":"fail"}]'
notice "$CHEN" close
is "$STATUS $(verified)" '200 true 10 9 null' 'closed, though found again since'
api GET "/v1/notices/$N/verify"
is "$(field '"\(.number) \(.state)"')" "ZG-$(date -u +%Y)-0001 closed" 'with its number'
ID=$(field '.events[-1]')
as "$JIA" GET "/v1/notices/$N/verify"
is "$(field .ok)" true 'the unit may ask, too'
as "$YI" GET "/v1/notices/$N/verify"
is "$STATUS" 404 'another unit may not'
api GET "/v1/events?since=$((ID - 1))&limit=1"
is "$(field '.items[0].body.step|"\(.seq) \(.action)"')" '10 close' 'events hold the steps'
shelterctl notice verify "$N" --json >"$DIR/out"
is "$? $(jq .ok "$DIR/out")" '0 true' 'one command'
shelterctl notice verify "$N" >"$DIR/out"
like "$(cat "$DIR/out")" 'ZG-.*-0001' 'for people, too'
shelterctl notice verify 99 --json >/dev/null 2>&1
is $? 1 'a notice that is not there'
ok stop_daemon -- 'a clean stop'

# What somebody with the store's file may try.
cp "$DIR/store.db" "$DIR/good.db"
cp "$DIR/store.db.heads" "$DIR/good.heads"
try() { # NAME WHY STEP SQL
	cp "$DIR/good.db" "$DIR/store.db"
	cp "$DIR/good.heads" "$DIR/store.db.heads"
	sqlite3 "$DIR/store.db" "DROP TRIGGER event_no_update;
		DROP TRIGGER event_no_delete; $4"
	restart_daemon
	like "$(verified) $(api GET "/v1/notices/$N/verify"; field .why)" \
		"^false [0-9]+ [0-9]+ $3 .*$2" "$1"
	kill_daemon
	rm -f "$DIR"/store.db-*
}
S="notice_step SET"
W="WHERE notice_id = $N AND seq ="
try 'a nicer answer' 'log' 6 "UPDATE $S text = '早已修好' $W 6"
try 'another photo' 'log' 6 "UPDATE $S evidence = '[]' $W 6"
try 'an earlier answer' 'earlier' 6 "UPDATE $S at = at - 100 $W 6"
try 'a re-check that never was' 'log' 7 "UPDATE $S action = 'recheck-pass',
	to_state = 'rechecked' $W 7; DELETE FROM notice_step WHERE seq IN (8, 9);
	UPDATE $S seq = 8 $W 10"
try 'a re-check by who found it' 'found' 9 "UPDATE $S account_id = $LI_ID $W 9"
try 'a step that is gone' 'missing' 7 "DELETE FROM notice_step $W 6"
try 'the last step gone' 'state' null "DELETE FROM notice_step $W 10"
try 'it opened again' 'log tells' null "DELETE FROM notice_step $W 10;
	UPDATE notice SET state = 'rechecked' WHERE id = $N"
try 'another number' 'log' 4 "UPDATE notice SET number_seq = 7 WHERE id = $N"
try 'more time' 'log' 4 "UPDATE notice SET deadline = deadline + 9000 WHERE id = $N"
try 'a defect nobody found' 'log' 3 "UPDATE $S text = 'door-paint' $W 3"
try 'log and step agree, but not the chain' 'log' 6 \
	"UPDATE $S text = 'x' $W 6; UPDATE event SET body =
	replace(body, '修好', 'x') WHERE noun = 'notice'"
try 'an event before it all' 'not whole' null \
	"UPDATE event SET body = '{}' WHERE id = 1"
try 'a tail cut off' '' '(null|[0-9]+)' "DELETE FROM event WHERE id >= $ID"
done_testing
