#!/bin/bash
# SPDX-License-Identifier: MIT
# The life of a rectification notice: from the failing door to the capacity
# that returns, who may do what, and the deadline.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
people
two_works
import_home

submit "$LI" 1 "$A" '[{"item":"door-closes","result":"fail"}]'
N=$(field .notice)
is "$(usable "$A")" '100 derating 1' 'a failing door'
notice() { # TOKEN ACTION [JSON]
	as "$1" POST "/v1/notices/$N/$2" "${3-}"
}
said() { field '"\(.state) \(.steps|map(.action)|join(","))"'; }

notice "$JIA" reply '{"text":"fixed"}'
is "$STATUS" 404 'the unit does not know of a draft'
notice "$CHEN" reply '{"text":"fixed"}'
is "$STATUS" 409 'a draft takes no answer'
like "$(field .detail)" 'draft.*reply' 'the refusal names both'
notice "$LI" issue '{}'
is "$STATUS" 403 'an inspector does not issue'
notice "$CHEN" issue '{"deadline":"2020-01-01T00:00:00Z"}'
is "$STATUS $(field .field)" '422 deadline' 'a deadline in the future'
notice "$CHEN" issue '{"deadline":"2099-01-01T00:00:00Z","text":"限期整改"}'
is "$STATUS $(said)" '200 issued draft,issue' 'issued'
like "$(field .number)" '^ZG-20[0-9][0-9]-0001$' 'and numbered'
is "$(field '"\(.late) \(.deadline) \(.text) \(.org)"')" \
	'false 2099-01-01T00:00:00Z 限期整改 甲物业' 'with deadline and text'
notice "$CHEN" issue
is "$STATUS" 409 'not twice'

as "$YI" GET "/v1/notices/$N"
is "$STATUS" 404 "another unit's notice does not exist"
as "$YI" GET /v1/notices
is "$(field '.items|length')" 0 'nor is it listed'
notice "$YI" reply '{"text":"x"}'
is "$STATUS" 404 'nor can it be answered'
as "$JIA" GET /v1/notices
is "$(field '[.items[].id]|tojson')" "[$N]" 'the unit sees its own'
as "$JIA" GET '/v1/notices?state=closed'
is "$(field '.items|length')" 0 'by state'
notice "$JIA" reply '{"text":"door repaired","evidence":["bad"]}'
is "$STATUS $(field .field)" '422 evidence[0]' 'evidence is a hash'
sha=$(printf photo | sha256sum | cut -d' ' -f1)
notice "$JIA" reply "{\"text\":\"door repaired\",\"evidence\":[\"$sha\"]}"
is "$STATUS $(said) $(field '.steps[2].evidence[0]')" \
	"200 answered draft,issue,reply $sha" 'answered with a photo'

notice "$LI" recheck '{"pass":true}'
is "$STATUS" 403 'who found it may not re-check it'
like "$(field .detail)" 'found' 'and is told why'
notice "$JIA" recheck '{"pass":true}'
is "$STATUS" 403 'nor the unit'
notice "$WANG" recheck '{"pass":false,"text":"still stuck"}'
is "$STATUS $(field .state)" '200 issued' 'not good enough: back to the unit'
notice "$CHEN" close
is "$STATUS" 409 'nothing to close yet'
notice "$JIA" reply '{"text":"now it is"}'
notice "$WANG" recheck '{"pass":true}'
is "$STATUS $(field '"\(.state) \(.defects[0].state)"')" \
	'200 rechecked verified' 'another inspector passes it'
is "$(usable "$A")" '100 derating 1' 'places return with the close, not before'
is "$(placed)" '150 100' 'in coverage too'
notice "$CHEN" close
is "$STATUS $(said)" \
	'200 closed draft,issue,reply,recheck-fail,reply,recheck-pass,close' 'closed'
is "$(usable "$A")" '200 unit_limit 0' 'capacity is back'
is "$(placed)" '150 150' 'and coverage'
api GET "/v1/defects?shelter=$A&state=closed"
is "$(field '.items|length')" 1 'the defect is closed'
api GET '/v1/events?since=0'
is "$(field '[.items[]|select(.noun=="notice").kind]|join(" ")')" \
	'notice.issued notice.answered notice.rechecked notice.answered notice.rechecked notice.closed' \
	'each step is an event'
is "$(field '[.items[]|select(.kind=="notice.closed")][0].body.capacity|tojson')" \
	'{"before":100,"after":200,"binding_rule":"unit_limit"}' \
	'the last one says what came back'

# Found again after that: a new defect and a new notice; who joins a defect
# has found it too.
submit "$LI" 2 "$A" '[{"item":"door-closes","result":"fail"}]'
is "$(field '"\(.defects[0].joined) \(.notice)"')" "false $((N + 1))" \
	'found again: a new defect, a new notice'
submit "$WANG" 3 "$A" '[{"item":"door-closes","result":"fail"}]'
N=$(field .notice)
is "$(field .defects[0].joined)" true 'wang joins it'
due=$(date -u -d '+1 second' +%FT%TZ)
notice "$CHEN" issue "{\"deadline\":\"$due\"}"
[ "$STATUS" = 200 ] || notice "$CHEN" issue "{\"deadline\":\"$(date -u -d '+2 seconds' +%FT%TZ)\"}"
like "$(field .number)" '0002$' 'the next number'
late() {
	api GET "/v1/notices/$N"
	[ "$(field .late)" = true ]
}
ok wait_for 10 late -- 'late when its deadline has gone by'
told() {
	api GET '/v1/events?since=0'
	[ "$(field '[.items[]|select(.kind=="notice.late")]|length')" = 1 ]
}
kill_daemon
restart_daemon
ok wait_for 10 told -- 'which is told once'
stop_daemon
restart_daemon
notice "$JIA" reply '{"text":"x"}'
notice "$WANG" recheck '{"pass":true}'
is "$STATUS" 403 'who joined the finding may not re-check it'
ok told -- 'still told once after another start'
api GET /v1/audit
is "$(field .ok)" true 'the chain holds'
ok stop_daemon -- 'a clean stop'
done_testing
