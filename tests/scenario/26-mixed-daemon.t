#!/bin/bash
# SPDX-License-Identifier: MIT
# Many clients at all lanes at once while the daemon reads its settings again:
# nothing breaks, nothing is lost, and it stops in the middle of it.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon -o jobs-kept=8
two_works
people
import_home
export ADMIN CHEN LI JIA KAN

clients=()
for seed in 1 2 3 4; do
	perl -Itests/scenario tests/scenario/mixed.pl "$SHELTER_URL" $seed 100 &
	clients+=($!)
done
reloads() { [ "$(grep -c 'reload done' "$DIR/daemon.err")" -ge "$1" ]; }
for n in 1 2 3 4 5; do
	kill -HUP "$PID"
	wait_for 20 reloads $n
done
for i in 0 1 2 3; do
	wait "${clients[i]}"
	is $? 0 "client $((i + 1)) always had an answer"
done
ok reloads 5 -- 'settings were read meanwhile'
api GET /v1/audit
is "$(field '[.ok, .events == .head] | tostring')" '[true,true]' \
	'the log is whole'
api POST /v1/plans '{"radius":300}'
api POST /v1/backup '{"name":"last.db"}'
stop_daemon
is $? 0 'it stops while jobs wait'
is "$(grep -c ' error ' "$DIR/daemon.err")" 0 'and had nothing to complain of'
is "$(sqlite3 "$DIR/store.db" 'PRAGMA integrity_check')" ok 'the store is sound'
done_testing
