#!/bin/bash
# SPDX-License-Identifier: MIT
# Durable writes a second over HTTP with 1, 16 and 64 clients on kept
# connections, each waiting for its answer.  The peer is a bare SQLite loop
# (WAL, synchronous=FULL, same folder) that commits the same rows in batches
# of the size the daemon's commits had: what is left when HTTP, JSON, checks
# and the hash chain cost nothing.
. "$(dirname "$0")/lib.sh"
start_daemon -o log-level=warn
as_user bench viewer >/dev/null
account=$(field .user)
for n in 1 16 64; do
	# shellcheck disable=SC2046
	OUT=$("$BUILD/bench/tool_writes" "$(HOSTPORT | cut -d' ' -f2)" \
		"$SHELTER_TOKEN" "$account" $n "${SECONDS_EACH:-5}" "$DIR") ||
		exit 1
	figure "durable writes" $n "$(jq .per_second <<<"$OUT")" 1/s \
		"bare SQLite, same batches" "$(jq .bare_per_second <<<"$OUT")" \
		"$(jq '.per_second / .bare_per_second' <<<"$OUT")"
done
