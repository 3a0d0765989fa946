#!/bin/bash
# SPDX-License-Identifier: MIT
# A disk that is full: writes answer 503 and leave nothing, reads go on, and
# with room again everything acknowledged is there.
. "$(dirname "$0")/lib.sh"

start_daemon
user=$(as_user ann viewer >/dev/null; field .user)
ok stop_daemon -- "a store to begin with"
# No file may grow beyond this; SIGXFSZ ignored, so that write() fails.
limit=$(($(stat -c %s "$DIR/store.db") / 1024 + 150))
trap '' XFSZ
ulimit -S -f $limit
restart_daemon
written=0 refused=0
for i in {1..400}; do
	api POST "/v1/users/$user/tokens" "{\"label\":\"t$i\"}" \
		-H "Idempotency-Key: t$i"
	case $STATUS in
	201) written=$((written + 1)) ;;
	503) refused=$((refused + 1)) ;;
	*) is "$STATUS" "201 or 503" "write $i" ;;
	esac
	[ $refused -lt 5 ] || break
done
is "$refused" 5 "after $written writes the disk is full"
api GET /v1/me
is "$STATUS" 200 "reads go on"
api GET "/v1/users/$user/tokens"
is "$(field '[.items[].label | select(startswith("t"))] | length')" \
	"$((written + 1))" "what was refused is not there"
api GET /v1/audit
is "$(field .ok)" true "the chain is whole"
kill_daemon
ulimit -S -f unlimited
restart_daemon
api GET "/v1/users/$user/tokens"
is "$(field '[.items[].label | select(startswith("t"))] | length')" \
	"$((written + 1))" "everything acknowledged survived"
api POST "/v1/users/$user/tokens" "{\"label\":\"t$i\"}" \
	-H "Idempotency-Key: t$i"
is "$STATUS" 201 "and with room the same request is done"
is "$(header Idempotent-Replay)" "" "for the first time"
api GET /v1/audit
is "$(field .ok)" true "the chain is whole"
done_testing
