#!/bin/bash
# SPDX-License-Identifier: MIT
# The story of `make demo` in small, and what its answers must say.
. "$(dirname "$0")/lib.sh"
for program in shelterctl shelter-field district; do
	command -v "$program" >/dev/null || skip_all "$program is not built"
done

play() { # NAME [VARIABLE=VALUE…]
	D=$DIR/$1 OUT=$DIR/$1/out
	mkdir -p "$D"
	shift
	env SIZE=200 SEED=7 DEMO_SPEED=240 DEMO_EXIT=1 DEMO_DIR="$D" "$@" \
		etc/demo/story.sh >"$D/said" 2>"$D/complained"
}
get() { jq -c "$2" "$OUT/$1.json"; }

play story
is $? 0 'the story runs to its end' || diag "$(tail -n 5 "$D/said" "$D/complained")"
is "$(grep -c '^\[[1-7]\] ' "$D/said")" 7 'seven steps'
like "$(cat "$D/said")" 'SYNTHETIC' 'it says that the district is made up'

is "$(get shelters '.read == .accepted+.updated+.unchanged+.rejected+.outside')" \
	true 'every record of the register accounted for'
is "$(get shelters '[.rejected,.swapped]')" '[3,1]' \
	'the three wrong rows refused, the swapped one put right'
is "$(get homes '[.accepted,.rejected]')" '[200,2]' 'homes too'
is "$(get network '.components')" 2 'the quay without a bridge is a part of its own'
is "$(jq .people "$OUT/district.json")" "$(get homes .people)" 'no one lost on the way'

is "$(get radius '.people == .covered + .too_far and .covered == .placed + .full')" \
	true 'coverage adds up'
is "$(get plan '.person_metres == .bound')" true 'the plan is proved'
is "$(get plan '.people == .sheltered + ([.left_over[]]|add)')" true \
	'everybody has a shelter or a reason'
is "$(get approved .state)" '"approved"' 'approved'

is "$(jq -c '[.noun,.body.assignee_name]' "$OUT/watch.json")" \
	'["task","inspector-li"]' 'the task came over the open stream'
is "$(get offline .unsent)" 2 'offline both words waited'
is "$(get sync1 '[.sent,.unsent]')" '[2,0]' 'then both were sent'
is "$(get sync2 .sent)" 0 'and not again'
before=$(get works-before .usable) after=$(get works-after .usable)
ok test "$after" -lt "$before" -- 'the failing door lowers the capacity'
ok test "$(get after .placed)" -lt "$(get before .placed)" -- \
	'fewer people have a place'
is "$(get works-closed .usable)" "$before" 'closed: the capacity returns'
is "$(get issued .state) $(get answered .state) $(get rechecked .state) $(get closed .state)" \
	'"issued" "answered" "rechecked" "closed"' 'the notice went its way'

is "$(get report '[.exercise,.signals[].signal]')" \
	'[true,"pre-alarm","air-raid","all-clear"]' 'three signals of an exercise'
is "$(get report '[.signals[]|.at_s - .planned_s|. >= 0 and . < 120]|all')" true \
	'on the clock'
is "$(get report .planned)" "$(get plan .sheltered)" 'the drill expects whom the plan shelters'
is "$(get report '.actual == ([.shelters[].actual]|add) and .actual == .curve[-1][1]')" \
	true 'the report adds up'
is "$(get report '[.shelters[]|.actual == ([.entrances[].people]|add)]|all')" true \
	'per entrance too'
ok test "$(get report .actual)" -lt "$(get report .planned)" -- 'some stayed at home'
is "$(get audit .ok)" true 'the chain verifies'
port=$(sed -n 's/^shelterd: ready http:.*:\([0-9]*\)$/\1/p' "$OUT/daemon.out")
ok eval "! curl -s -o '$DIR/gone' http://127.0.0.1:$port/healthz" -- \
	'nothing serves any more'

play wrong DATA=/nowhere
ok test $? -ne 0 -- 'a step that fails ends the story'
like "$(cat "$D/complained")" 'demo: no folder /nowhere/shelters' 'and says which'
done_testing
