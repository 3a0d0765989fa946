# SPDX-License-Identifier: MIT
# The simulated wardens of the drill, one at each entrance.  Everybody sets
# off some minutes after the pre-alarm and walks the plan's metres; the seed
# decides how long they take and that a few stay at home.  They count in
# groups and report each group once, with an operation id of its own.

# lines of SECOND SHELTER ENTRANCE PEOPLE, by second
walking_times() { # ASSIGNMENTS.json SEED
	jq -r '(.items? // .)[]|[.shelter,.entrance,.people,.metres]|@tsv' "$1" |
		awk -v seed="$2" '
		function draw() { # Park and Miller
			state = (state * 48271) % 2147483647
			return state / 2147483647
		}
		BEGIN { state = seed % 2147483646 + 1; draw() }
		{
			setting_off = 45 + 240 * draw() * draw()
			speed = 0.8 + 0.6 * draw()
			home = int($3 * 0.06 * draw() + 0.5)
			left = $3 - home
			for (group = 0; left > 0; group++) {
				n = left < 25 ? left : 25
				printf "%d %d %d %d\n", setting_off + \
					$4 / speed + group * 4 * draw(), $1, $2, n
				left -= n
			}
		}' | sort -n
}

# The same in requests: SECOND and a body of up to 500 counts, every 20
# drill seconds.
reports_of_wardens() {
	awk '
	function flush() {
		if (n) printf "%d\t{\"arrivals\":[%s]}\n", slot * 20 + 20, rows
		n = 0; rows = ""
	}
	{
		if (int($1 / 20) != slot || n == 500) flush()
		slot = int($1 / 20)
		rows = rows (n++ ? "," : "") sprintf( \
			"{\"op\":\"warden-%d-%d-%d\",\"shelter\":%d,\"entrance\":%d,\"people\":%d}", \
			$2, $3, NR, $2, $3, $4)
	}
	END { flush() }'
}

drill_second() { # SECOND: has the drill got there?
	api clock GET "/v1/drills?limit=1&after=$((DRILL - 1))"
	[ "$(get clock '.items[0].elapsed_s >= '"$1")" = true ]
}

# Says each signal of the stream once, as it comes.
ANNOUNCED=' '
announce() {
	local word line
	while IFS=$'\t' read -r word line; do
		[[ $ANNOUNCED == *" $word "* ]] && continue
		ANNOUNCED="$ANNOUNCED$word "
		tell "$line"
	done < <(jq -r 'select(.noun_id == '"$DRILL"')
		| .body | "\(.signal)\t警报 \(.zh) \(.signal): planned \(.planned_s) s, sounded \(.fired_at_s) s, \(.on_s)/\(.off_s) s x\(.cycles)"' \
		"$OUT/signals" 2>/dev/null)
}

# Sends each report when its second has come; the first one twice, as a
# device does that has lost the answer.
play_wardens() { # FILE
	local second body first=1
	while IFS=$'\t' read -r second body; do
		wait_for 120 drill_second "$second" ||
			die "the drill's clock stands still"
		announce
		api counted POST "/v1/drills/$DRILL/arrivals" "$body"
		[ -z "$first" ] || {
			cp "$OUT/counted.json" "$OUT/counted-first.json"
			api counted-again POST "/v1/drills/$DRILL/arrivals" "$body"
			cmp -s "$OUT/counted-first.json" "$OUT/counted-again.json" ||
				die 'a repeated count got another answer'
		}
		first=
	done <"$1"
}
