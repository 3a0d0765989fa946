#!/bin/bash
# SPDX-License-Identifier: MIT
# usage: run.sh PATTERN: runs build/bench/b_PATTERN and tests/bench/b_PATTERN.sh
# one after the other, keeps their figures in $BUILD/bench.jsonl and prints them
# as a table; then how each figure grows with its size (the exponent between
# the smallest and the largest).
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
export BUILD PATH=$PWD/$BUILD:$PATH
out=$BUILD/bench.jsonl
: >"$out"
failed=0
for b in "$BUILD"/bench/b_$1 tests/bench/b_$1.sh; do
	[ -x "$b" ] || continue
	[[ $b == *.o || $b == *.d ]] && continue
	echo "== ${b##*/b_}" >&2
	"$b" | tee -a "$out" | jq -r '"   \(.name) \(.size): \(.value) \(.unit)"' >&2
	[ "${PIPESTATUS[0]}" = 0 ] || { echo "$b failed" >&2; failed=1; }
done

{
	printf 'figure\tsize\tvalue\tunit\tpeer\tpeer value\tratio\n'
	jq -r 'def r: if . == null then "-" elif type == "number" then
			(. * 1000 | round / 1000 | tostring) else tostring end;
		[.name, (.size | tostring), (.value | r), .unit, (.peer // "-"),
		(.peer_value | r), (.ratio | r)] | @tsv' "$out"
} | column -t -s $'\t'

echo
echo "growth (exponent of value over size, smallest to largest):"
jq -rs 'map(select((.size | type) == "number")) | group_by(.name)[] |
	sort_by(.size) | select(length > 1 and .[0].size > 0 and
		.[0].value > 0 and .[-1].value > 0) |
	(.[-1].size / .[0].size | log) as $s | select($s > 0) |
	"  \(.[0].name): \(((.[-1].value / .[0].value | log) / $s * 100 | round) / 100) (\(.[0].unit))"' \
	"$out"
exit $failed
