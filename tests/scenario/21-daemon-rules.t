#!/bin/bash
# SPDX-License-Identifier: MIT
# Rules that change while the daemon runs: checked first, told of, and
# everything that rests on them is as if it had started with them.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
cp -r etc/rules "$DIR/rules"
start_daemon -o rules-dir="$DIR/rules"
people
two_works
import_home
api POST /v1/shelters '{"name":"丙","at":[123.3006,29.8],
	"units":[{"name":"一","sheltering_area":100,"stated_places":200}],
	"entrances":[{"name":"口","at":[123.3006,29.8]}]}'
C=$(field .id)

api POST /v1/imports '{"kind":"network","crs":"wgs84","files":["n"]}'
id=$(field .id)
api POST "/v1/imports/$id/rows" '{"seq":0,"rows":[{"file":0,"line":1,
	"lines":[[123.299,29.8001,123.3006,29.8001,123.302,29.8001]]}]}'
api POST "/v1/imports/$id/commit"
job_done

edit() { sed -i "$2" "$DIR/rules/$1"; }
reloads=0
hup() { # waits until it was read
	reloads=$((reloads + 1))
	kill -HUP "$PID"
	wait_for 10 read_again
}
read_again() { [ "$(grep -c 'reload done' "$DIR/daemon.err")" -ge "$reloads" ]; }
changes() {
	api GET '/v1/events?since=0&limit=1000'
	field '[.items[]|select(.kind=="rules.changed")]|length'
}
told() {
	api GET '/v1/events?since=0&limit=1000'
	[ "$(field '[.items[]|select(.kind=="rules.changed")]|length')" = "$1" ]
}
state() { # all that rests on rules
	api GET '/v1/coverage?radius=200&capacity=true'
	field '"\(.placed) \(.places) \(.hash)"'
	api GET '/v1/coverage?minutes=1&capacity=true'
	field '"\(.placed) \(.covered) \(.limit.metres) \(.hash)"'
	api GET "/v1/shelters/$C"
	field '"\(.usable) \(.binding_rule)"'
	api GET /v1/rules
	field .hash
}
api GET /v1/rules
H1=$(field .hash)
like "$H1" '^[0-9a-f]{64}$' 'rules have a hash'
is "$(usable "$C")" '100 sheltering_area 0' 'one square metre a person'
state >"$DIR/one"
like "$(cat "$DIR/one")" ' 73\.2 ' 'a minute at 1.22 m/s'
is "$(changes)" 0 'nothing changed yet'
hup
ok grep -q 'reload rules=unchanged' "$DIR/daemon.err" -- 'the same rules are the same'
is "$(changes)" 0 'which is no event'

# Two square metres.
edit capacity.csv 's/^area_per_person,1.0,/area_per_person,2.0,/'
api GET /v1/stats
before=$(field .data_version)
hup
ok wait_for 10 told 1 -- 'other rules are told of'
EVENT=$(field '[.items[]|select(.kind=="rules.changed")][0]')
is "$(jq -c '[.user,.body.changed,.body.files]' <<<"$EVENT")" \
	'["system",[{"key":"area_per_person","from":"1.0","to":"2.0"}],["capacity.csv"]]' \
	'with the number, from what to what'
is "$(jq -r .body.before <<<"$EVENT")" "$H1" 'and the rules before'
is "$(usable "$C")" '50 sheltering_area 0' 'capacities are computed anew'
api GET /v1/stats
is "$(field .data_version)" "$(jq .id <<<"$EVENT")" 'as another version of the data'
ok test "$before" -lt "$(field .data_version)" -- 'a newer one'
state >"$DIR/two"
api GET '/v1/coverage?radius=200&capacity=true'
is "$(field .places)" "$(($(head -n1 "$DIR/one" | cut -d' ' -f2) - 50))" \
	'coverage is, too'
api GET "/v1/shelters/$C"
api PATCH "/v1/shelters/$C" '{"note":"x"}' -H "If-Match: \"$(etag)\""
is "$(usable "$C")" '50 sheltering_area 0' 'what changes later has them as well'

# What is wrong changes nothing.
edit capacity.csv 's/^area_per_person,2.0,/area_per_person,two,/'
hup
ok grep -q "reload rules=kept why=.*capacity.csv:2: column value: 'two' is no number" \
	"$DIR/daemon.err" -- 'a wrong number is named by file, line and column'
is "$(usable "$C") $(changes)" '50 sheltering_area 0 1' 'and the old rules go on'
edit capacity.csv 's/^area_per_person,two,/area_per_person,2.0,/'
mv "$DIR/rules/cycles.csv" "$DIR/cycles.csv"
edit walking.csv 's/^walking_speed,1.22,/walking_speed,1,/'
hup
ok grep -q 'reload rules=kept why=.*cycles.csv: No such file' "$DIR/daemon.err" -- \
	'so does a file that is gone, with all the others'
api GET /v1/rules
is "$(field '.items[]|select(.key=="walking_speed").value') $(changes)" '1.22 1' \
	'nothing is taken by half'
mv "$DIR/cycles.csv" "$DIR/rules/cycles.csv"
hup
ok wait_for 10 told 2 -- 'once all are good they are taken'
api GET /v1/rules
is "$(field '.items[]|select(.key=="walking_speed").value')" 1 'together'

# Words alone leave the map as it is.
api GET /v1/stats
before=$(field .data_version)
edit cycles.csv 's/^doors,\(.*\),month,/doors,\1,quarter,/'
edit checklists.csv 's/Protective door opens/Every protective door opens/'
hup
ok wait_for 10 told 3 -- 'other cycles are told of'
is "$(field '[.items[]|select(.kind=="rules.changed")][-1].body|[.changed,.files]|tojson')" \
	'[[],["checklists.csv","cycles.csv"]]' 'by their files'
api GET /v1/stats
is "$(field .data_version)" "$before" 'the data are the same'
api GET "/v1/schedule?shelter=$A&item=doors"
is "$(field '.items[0].items[0].cycle')" quarter 'due dates follow'
api GET /v1/checklist
ok test -n "$(field '.items[]|select(.en|startswith("Every prot"))')" -- 'so does the checklist'

# To the place in the streets: homes are looked for anew, too.
state >"$DIR/far"
edit walking.csv 's/^snap_reach,[0-9]*,/snap_reach,5,/'
hup
ok wait_for 10 told 4 -- 'the reach of the streets'
state >"$DIR/near"
is "$(sed -n 's/^\([0-9]*\) \([0-9]*\) 60 .*/\1 \2/p' "$DIR/far" "$DIR/near" | paste -sd,)" \
	'50 150,0 0' 'eleven metres off, nobody is on them any more'

# A daemon that starts with them says the same, to the byte.
state >"$DIR/now"
kill_daemon
restart_daemon
state >"$DIR/again"
is "$(diff "$DIR/now" "$DIR/again")" '' 'a start with them is the same'
is "$(changes)" 4 'and tells of no change'
stop_daemon
edit capacity.csv 's/^area_per_person,2.0,/area_per_person,4.0,/'
restart_daemon
ok wait_for 10 told 5 -- 'rules edited while nobody ran are told of'
is "$(field '[.items[]|select(.kind=="rules.changed")][-1].body|[.changed,.files]|tojson')" \
	'[null,null]' 'as far as it is known'
is "$(usable "$C")" '25 sheltering_area 0' 'and hold'
kill_daemon
restart_daemon
state >/dev/null
is "$(changes)" 5 'once'

# While everybody asks and writes.
clients=()
export ADMIN CHEN LI JIA KAN
for seed in 1 2; do
	perl -Itests/scenario tests/scenario/mixed.pl "$SHELTER_URL" $seed 60 &
	clients+=($!)
done
n=5
for area in 1.0 2.0 3.0 1.5; do
	edit capacity.csv "s/^area_per_person,[0-9.]*,/area_per_person,$area,/"
	kill -HUP "$PID"
	n=$((n + 1))
	wait_for 20 told $n
done
for i in 0 1; do
	wait "${clients[i]}"
	is $? 0 "client $((i + 1)) always had an answer"
done
ok told 9 -- 'each change is told of once'
is "$(usable "$C" | cut -d' ' -f2)" sheltering_area 'the last holds'
state >"$DIR/now"
kill_daemon
restart_daemon
state >"$DIR/again"
is "$(diff "$DIR/now" "$DIR/again")" '' 'as after a start with it'
api GET /v1/audit
is "$(field .ok)" true 'the chain holds'
ok stop_daemon -- 'a clean stop'
done_testing
