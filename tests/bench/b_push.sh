#!/bin/bash
# SPDX-License-Identifier: MIT
# Push latency, from sending a write to reading its event, with 10, 100 and
# 1,000 streams at 20 events a second.  The peer is the floor below it: the
# same daemon and disk with a single stream, in the same run.
. "$(dirname "$0")/lib.sh"
start_daemon -o max-streams=2000 -o max-connections=4000 -o log-level=warn

push() { # STREAMS EVENTS: sets OUT
	api GET /v1/stats
	# shellcheck disable=SC2046
	OUT=$("$BUILD/bench/tool_push" $(HOSTPORT) "$SHELTER_TOKEN" \
		"$(field .last_event)" "$1" "$2" 20) || exit 1
}
push 1 100
one_p50=$(jq .p50_ms <<<"$OUT") one_p99=$(jq .p99_ms <<<"$OUT")
for n in 10 100 1000; do
	push $n 100
	for q in p50 p99; do
		v=$(jq ".${q}_ms" <<<"$OUT")
		one=one_$q
		figure "push latency $q" $n "$v" ms "one stream" "${!one}" \
			"$(jq -n "${!one} / $v")"
	done
done
