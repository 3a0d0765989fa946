#!/bin/bash
# SPDX-License-Identifier: MIT
# The daemon dies under its clients: the stream goes on without a gap or a
# repeat, and a command that began meanwhile is done once.
. "$(dirname "$0")/lib.sh"
start_daemon
listen=${SHELTER_URL#http://}

add() {
	shelterctl shelter add --field name="$1" --field places=1 \
		--at 121.5,25 --json >/dev/null
}
seen() { [ "$(wc -l <"$DIR/stream")" -ge "$1" ]; }

first=$(shelterctl stats --json | jq .last_event)
: >"$DIR/stream"
timeout 120 shelterctl events --follow --since "$first" --count 6 --json >"$DIR/stream" \
	2>/dev/null &
follower=$!
for name in a b c; do add $name; done
ok wait_for 20 seen 3 -- 'the stream shows what happens'
kill_daemon
shelterctl shelter add --field name=d --field places=1 --at 121.5,25 --json \
	>"$DIR/late" 2>"$DIR/err" &
late=$!
DAEMON_OPTIONS+=(-o listen="$listen")
restart_daemon
wait $late
is $? 0 'a command waits for the daemon to come back'
for name in e f; do add $name; done
wait $follower
is $? 0 'the stream comes back too'
is "$(jq -sc 'map(.id)' "$DIR/stream")" \
	"$(jq -nc --argjson n "$first" '[range($n+1;$n+7)]')" \
	'without a gap or a repeat'
is "$(shelterctl shelter list --all --json | jq -c 'map(.name)')" \
	'["a","b","c","d","e","f"]' 'everything was done once'
kill_daemon
ok [ 1 = "$(shelterctl stats >/dev/null 2>&1; echo $?)" ] -- \
	'without a daemon it gives up'
done_testing
