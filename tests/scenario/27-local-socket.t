#!/bin/bash
# SPDX-License-Identifier: MIT
# The Unix socket beside the port: the same answers, for its owner and group;
# gone when the daemon stops, replaced when it was killed, and never anything
# else's path.
. "$(dirname "$0")/lib.sh"
AT=$DIR/http.sock
start_daemon -o local-socket="$AT"

local_api() { api "$1" "$2" "${3-}" --unix-socket "$AT"; }
is "$(stat -c '%F %a' "$AT")" 'socket 660' 'it is there, for owner and group'
local_api GET /v1/me
is "$STATUS $(field .name)" '200 admin' 'it answers who asks with a token'
TOKEN=$SHELTER_TOKEN SHELTER_TOKEN=none
local_api GET /v1/me
is "$STATUS" 401 'and nobody else'
SHELTER_TOKEN=$TOKEN
local_api POST /v1/shelters '{"name":"one","at":[120,30],"places":5}'
ID=$(field .id)
api GET "/v1/shelters/$ID"
is "$STATUS $(field .name)" '200 one' 'what it wrote the port shows'
curl -sSN --max-time 5 --unix-socket "$AT" -H 'Accept: text/event-stream' \
	-H "Authorization: Bearer $SHELTER_TOKEN" \
	"$SHELTER_URL/v1/events?since=0" >"$DIR/stream" 2>/dev/null &
ok wait_for 5 grep -q 'event: shelter' "$DIR/stream" -- 'it streams'

refused() { # WHAT NAME: another daemon with that path does not start
	shelterd -o listen=127.0.0.1:0 -o store="$DIR/other.db" \
		-o admin-token-file="$DIR/other.token" -o rules-dir=etc/rules \
		-o local-socket="$1" >"$DIR/out" 2>"$DIR/err"
	like "$? $(cat "$DIR/err")" "^1 .*local-socket(: $1: | is too long)" "$2"
}
refused "$AT" 'a socket in use is left alone'
local_api GET /v1/me
is "$STATUS" 200 'and goes on answering'
echo precious >"$DIR/file"
refused "$DIR/file" 'so is a file'
is "$(cat "$DIR/file")" precious 'which is not removed'
refused "$DIR/no/such/folder" 'a folder that is missing is named'
refused "$DIR/$(printf '%080d' 0)/$(printf '%010d' 0)" 'so is a path too long'

kill_daemon
is "$(stat -c %F "$AT")" socket 'a kill leaves it behind'
restart_daemon
local_api GET /v1/me
is "$STATUS" 200 'the next start replaces it'
stop_daemon
is "$(ls "$AT" 2>/dev/null)" '' 'a stop removes it'
done_testing
