#!/bin/bash
# SPDX-License-Identifier: MIT
# The stream: whoever listens gets what it may see, once and in order, while
# writers run, over slowness, leaving, revocation and the daemon's death.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon -o stream-ping=1 -o stream-buffer=32768
two_works
people
export ADMIN CHEN LI WANG JIA YI KAN A B H LI_ID WANG_ID
api GET /v1/users
KAN_ID=$(field '.items[]|select(.name=="kan").id')
export KAN_ID

part() { # NAME: one part of stream-parts.pl, whose TAP joins ours
	local line
	while read -r line; do
		case $line in
		'ok '*) result 0 "$1: ${line#* - }" ;;
		'not ok '*) result 1 "$1: ${line#* - }" ;;
		'#'*) echo "$line" ;;
		esac
	done < <(perl -Itests/scenario tests/scenario/stream-parts.pl \
		"$1" "$SHELTER_URL" "$DIR" 2>&1 || echo "not ok - $1 ended badly")
}
for name in live resume many slow ahead past roles revoked ping; do
	part "$name"
done

# The daemon dies while writers run; readers resume where they were.
perl -Itests/scenario tests/scenario/stream-parts.pl death "$SHELTER_URL" "$DIR" \
	>"$DIR/death.tap" 2>&1 &
reader=$!
wait_for 30 test -e "$DIR/halfway"
listen=${SHELTER_URL#http://}
kill_daemon
DAEMON_OPTIONS+=(-o listen="$listen")
restart_daemon
wait $reader
is $? 0 'a reader and its writers survive the death of the daemon' ||
	diag "$(cat "$DIR/death.tap")"
stop_daemon
is $? 0 'and it stops well'
done_testing
