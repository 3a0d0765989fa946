#!/bin/bash
# SPDX-License-Identifier: MIT
# usage: run.sh DIR SECONDS FUZZER…: two fuzzers at a time, each on a corpus of
# its own grown from its seeds.  Prints TAP; a finding is kept in DIR.
set -u
dir=$1 seconds=$2
shift 2

one() {
	local name=$1 seeds=tests/fuzz/seeds/${1#f_} corpus
	corpus=$(mktemp -d)
	mkdir -p "$seeds"
	"$dir/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$dir/$name-" \
		"$corpus" "$seeds" >"$dir/$name.log" 2>&1
	echo $? >"$dir/$name.rc"
	rm -rf "$corpus"
}

running=0
for f in "$@"; do
	rm -f "$dir/$f.rc"
	one "$f" &
	running=$((running + 1))
	[ $running -lt 2 ] || { wait -n; running=$((running - 1)); }
done
wait

echo "1..$#"
n=0 failed=0
for f in "$@"; do
	n=$((n + 1))
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/$f.log")
	if [ "$(cat "$dir/$f.rc" 2>/dev/null)" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
		echo "ok $n - $f: $runs inputs in $seconds s"
	else
		failed=1
		echo "not ok $n - $f"
		tail -n 30 "$dir/$f.log" | sed 's/^/# /'
	fi
done
exit $failed
