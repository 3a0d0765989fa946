#!/bin/bash
# SPDX-License-Identifier: MIT
# A hostile user of every role: each route of the table with values nobody
# means, and attacks by name.  Whatever is sent, the answer is a refusal or a
# result in words, never a failure of the daemon.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon -o import-max-bytes=1M
two_works
people
import_home
api POST /v1/plans '{"radius":200}'
job_done
PLAN=$(field .result.id)
api POST "/v1/plans/$PLAN/approve" ''
api POST /v1/drills "{\"title\":\"t\",\"plan\":$PLAN}"
DRILL=$(field .id)
api POST "/v1/drills/$DRILL/start" ''
export ADMIN CHEN LI JIA KAN A H PLAN DRILL
while read -r line; do
	case $line in
	'ok '*) result 0 "${line#* - }" ;;
	'not ok '*) result 1 "${line#* - }" ;;
	'#'*) echo "$line" ;;
	esac
done < <(perl -Itests/scenario tests/scenario/hostile.pl "$SHELTER_URL" 2>&1 ||
	echo 'not ok - the attack ended badly')

is "$(ls -A "$DIR" | grep -c 'evil')" 0 'no backup left its folder'
ok kill -0 "$PID" -- 'the daemon lives'
api GET /v1/audit
is "$(field .ok)" true 'its log is whole'
is "$(grep -cE ' error |AddressSan|runtime error|ThreadSan' "$DIR/daemon.err")" 0 \
	'and complains of nothing' || grep ' error ' "$DIR/daemon.err" | diag
stop_daemon
is $? 0 'and it stops well'
is "$(sqlite3 "$DIR/store.db" 'PRAGMA integrity_check')" ok 'the store is sound'
done_testing
