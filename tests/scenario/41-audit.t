#!/bin/bash
# SPDX-License-Identifier: MIT
# The event log as the audit trail: an export verified with cut and sha256sum
# alone, tampering and a cut tail noticed, who may see which event.
. "$(dirname "$0")/lib.sh"

start_daemon
ann=$(as_user ann viewer)
api POST /v1/users '{"name":"quote\" \\ 防護團","role":"unit","org":"甲 團"}'
is "$STATUS" 201 "a name with a quote, a backslash and Chinese"
api GET '/v1/events?limit=2'
is "$(field .next)" 2 "a page says where the next begins"
api GET '/v1/events?since=2&limit=10000'
is "$(field '.items[0].id')|$(field .next)" "3|null" "the rest"

# An outsider's check: bytes of the export and standard tools only.
api GET '/v1/events?limit=10000'
events=$(field '.items | length')
prev=$(printf '0%.0s' {1..64})
good=0
while IFS= read -r line || [ -n "$line" ]; do
	hash=${line##*,\"hash\":\"}
	hash=${hash%%\"*}
	sum=$({ printf %s "$prev" | tr a-f A-F | basenc --base16 -d
		printf '%s}' "${line%,\"hash\":*}"; } | sha256sum)
	[ "${sum%% *}" = "$hash" ] && good=$((good + 1))
	prev=$hash
done < <(sed -e 's/^{"items":\[//' -e 's/\],"next":null}$//' "$DIR/body" |
	sed 's/"},{"id":/"}\n{"id":/g')
is "$good" "$events" "all $events hashes follow from the exported bytes"

api GET /v1/audit
is "$(field '[.ok, .events, .head, .first_bad] | tostring')" \
	"[true,$events,$events,null]" "the audit agrees"
is "$(field .head_hash)" "$prev" "and ends at the same hash"

SHELTER_TOKEN=$ann api GET /v1/events
is "$STATUS $(field '.items | length')" "200 0" \
	"a viewer sees no event about accounts"
SHELTER_TOKEN=$ann api GET /v1/audit
is "$STATUS" 403 "nor the audit"

stop_daemon
is "$(tail -n 1 "$DIR/store.db.heads" | cut -d' ' -f1,2)" "$events $prev" \
	"stopping signs the head"
is "$(stat -c %a "$DIR/store.db.key")" 600 "with a key for the owner only"

# Somebody with the file in hand.
cp "$DIR/store.db" "$DIR/good.db"
tamper() {
	cp "$DIR/good.db" "$DIR/store.db"
	sqlite3 "$DIR/store.db" "DROP TRIGGER event_no_update;
		DROP TRIGGER event_no_delete; $1"
	restart_daemon
	SHELTER_TOKEN=$(cat "$DIR/admin.token")
	api GET /v1/audit
	stop_daemon
	is "$(field '[.ok, .first_bad] | tostring')" "$2" "$3"
}
tamper "UPDATE event SET body = replace(body, 'viewer', 'admin') WHERE id = 2" \
	'[false,2]' "a changed event is found"
tamper "DELETE FROM event WHERE id = 3" '[false,4]' "a removed one too"
tamper "DELETE FROM event WHERE id = $events" "[false,$events]" \
	"a tail cut off too, by the signed head"
done_testing
