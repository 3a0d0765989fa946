#!/bin/bash
# SPDX-License-Identifier: MIT
# The connection itself: what is no request is refused in our own words, what
# may not be sent is refused before it is read, nothing is lost or mixed up
# however bytes are cut, kept back or not fetched, and nobody waits for ever.
. "$(dirname "$0")/lib.sh"
start_daemon -o max-body=4096 -o request-timeout=2 -o max-connections=200
HOST=${SHELTER_URL#http://}
export DAEMON=$PID DAEMON_LOG=$DIR/daemon.err

while read -r line; do
	case $line in
	'ok '*) result 0 "${line#* - }" ;;
	'not ok '*) result 1 "${line#* - }" ;;
	'#'*) echo "$line" ;;
	esac
done < <(perl tests/scenario/wire.pl "$HOST" "$SHELTER_TOKEN" 2>&1 ||
	echo 'not ok - the talk ended badly')
wait "$PID"
is $? 0 'it stopped well, with an answer half fetched'
PID=
is "$(grep -cE ' error |AddressSan|runtime error|ThreadSan' "$DIR/daemon.err")" 0 \
	'and complained of nothing'
done_testing
