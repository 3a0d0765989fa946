#!/bin/bash
# SPDX-License-Identifier: MIT
# The web page in a real browser (tests/browser/page.mjs), on a made-up district:
# what it shows is what the command line says, and it follows what others do.
. "$(dirname "$0")/lib.sh"
WEB=clients/web
CHROMIUM=${CHROMIUM:-$(command -v chromium || :)}
command -v node >/dev/null || skip_all 'no node on this machine'
[ -d $WEB/node_modules/playwright-core ] ||
	skip_all "no $WEB/node_modules (make web)"
[ -f build/web/index.html ] || skip_all 'the page is not built (make web)'
[ -x "$CHROMIUM" ] || skip_all 'no chromium on this machine'
command -v district >/dev/null || skip_all 'no district generator in the build'

start_daemon
ADMIN=$SHELTER_TOKEN
PORT=${SHELTER_URL##*:}
PASSWORD='a reader of maps 1'
api POST /v1/users "{\"name\":\"reader\",\"role\":\"viewer\",\"password\":\"$PASSWORD\"}"
READER=$(field .id)
api POST /v1/users "{\"name\":\"keeper\",\"role\":\"coordinator\",\"password\":\"$PASSWORD\"}"
api POST "/v1/users/$READER/tokens" '{"label":"same eyes"}'
SAME_EYES=$(field .token)
INSPECTOR=$(as_user inspector inspector)
mkdir "$DIR/district"
district -n 300 -s 7 -o "$DIR/district" >/dev/null
{
	shelterctl import shelters "$DIR/district/shelters.csv" &&
		shelterctl import homes "$DIR/district/homes.geojson" --people people &&
		shelterctl import network "$DIR/district/streets.geojson"
} >"$DIR/import.out" 2>&1
result $? 'a district of 300 homes is imported'

# The largest shelter whose middle no other circle of the map hides.
choose_target() {
	api GET /v1/map/shelters
	TARGET=$(field '[.features[] | {id, at: .geometry.coordinates,
		usable: .properties.usable, name: .properties.name}] as $all
		| [$all[] | . as $s | select(.usable > 0 and ([$all[]
			| select(.id != $s.id and (.at[0] - $s.at[0] | fabs) < 0.0006
			and (.at[1] - $s.at[1] | fabs) < 0.0006)] == []))]
		| max_by(.usable)')
	api GET '/v1/coverage/gaps?radius=200&capacity=true'
	local gap street
	gap=$(field '[.features[].properties.people] | max')
	# The middle of some piece of street, in the middle of the district.
	api GET /v1/map/network
	street=$(field '[.features[].geometry.coordinates[]] | .[length / 2 | floor]
		| [.[0], .[1]] | [(.[0][0] + .[1][0]) / 2, (.[0][1] + .[1][1]) / 2]')
	jq -c --argjson gap "$gap" --argjson street "$street" \
		'.gap = $gap | .street = $street' <<<"$TARGET"
}
coverage() { # [RADIUS]; the hash tells who may see hidden works, so the reader asks
	SHELTER_TOKEN=$SAME_EYES shelterctl coverage --radius "${1:-200}" --capacity \
		--json | jq -c '{coverage: .}'
}
last_event() {
	api GET /v1/stats
	field .last_event
}
inspect() {
	SHELTER_TOKEN=$INSPECTOR
	api POST /v1/inspections "$(jq -nc --argjson s "$(jq .id <<<"$TARGET")" \
		--arg op "$(cat /proc/sys/kernel/random/uuid)" \
		--arg at "$(date -u +%FT%TZ)" '{$op, shelter: $s, $at,
		findings: [{item: "structure-flooded", result: "fail"}]}')"
	SHELTER_TOKEN=$ADMIN
	echo "{\"event\":$(last_event)}"
}
drill() {
	local plan
	plan=$(shelterctl plan make --radius 200 --json | jq .id)
	shelterctl plan approve "$plan" >/dev/null
	DRILL=$(shelterctl drill create "$plan" --title 演练 --json | jq .id)
	shelterctl drill start "$DRILL" --json | jq -c '{state}'
}
arrive() {
	api GET "/v1/drills/$DRILL"
	api POST "/v1/drills/$DRILL/arrivals" "$(field '.expected[0]
		| {arrivals: [{op: "first", shelter, people: 7}]}')"
	api GET "/v1/drills/$DRILL/report"
	field '{arrived: .actual}' | jq -c .
}
# A second drill, to which more people come.
again() {
	local one=$DRILL shelter
	shelterctl drill end "$one" >/dev/null
	api GET "/v1/drills/$one"
	shelter=$(field '.expected[0].shelter')
	DRILL=$(shelterctl drill create "$(field .plan)" --title 再演 --json |
		jq .id)
	shelterctl drill start "$DRILL" >/dev/null
	wait_for 20 sounded
	shelterctl drill arrive "$DRILL" "$shelter" --people 50 >/dev/null
	shelterctl drill compare "$one" "$DRILL" --json | jq -c '{other: .a.drill,
		verdict, better: (.better | length), share: (.measures[0].b * 1000
		| "\(. / 10 | floor).\(. % 10)" | sub("\\.0$"; "")) }'
}
sounded() {
	api GET "/v1/drills/$DRILL"
	[ "$(field '.injects[0].fired_at_s')" != null ]
}
note() { # TEXT: a change of the target; prints its event
	shelterctl shelter set "$(jq .id <<<"$TARGET")" --field note="$1" >/dev/null
	last_event
}
burst() { # of changes that the map does not show, of a shelter elsewhere
	local id i v
	id=$(jq '.id % 3 + 1' <<<"$TARGET")
	api GET "/v1/shelters/$id"
	v=$(field .version)
	for i in {1..40}; do
		api PATCH "/v1/shelters/$id" "{\"note\":\"$i\"}" -H "If-Match: \"$v\""
		v=$((v + 1))
	done
	echo '{}'
}
# The page is not told: it finds out, and comes back to the same address.
restart() {
	stop_daemon || diag 'the daemon did not end well'
	DAEMON_OPTIONS=(-o "listen=127.0.0.1:$PORT")
	restart_daemon
	echo "{\"events\":[$(note one),$(note two)]}"
}
revoke() {
	local id
	api GET "/v1/users/$READER/tokens"
	for id in $(field '.items[].id'); do api DELETE "/v1/tokens/$id"; done
	note three >/dev/null
	echo '{}'
}

coproc PAGE { exec node tests/browser/page.mjs "$SHELTER_URL" "$PASSWORD" \
	"$PWD/$WEB" "$CHROMIUM" 2>"$DIR/page.err"; }
exec {FROM}<&"${PAGE[0]}" {TO}>&"${PAGE[1]}"
NODE=$PAGE_PID
while read -r verb rest <&$FROM; do
	case $verb in
	do)
		case $rest in
		target) choose_target ;;
		note) echo "{\"event\":$(note any)}" ;;
		*) $rest ;;
		esac >"$DIR/outcome"
		cat "$DIR/outcome" >&$TO
		;;
	ok) result 0 "$rest" ;;
	not) result 1 "${rest#ok }" ;;
	esac
done
wait "$NODE"
is $? 0 'the browser ended well'
[ ! -s "$DIR/page.err" ] || diag "$(cat "$DIR/page.err")"
done_testing
