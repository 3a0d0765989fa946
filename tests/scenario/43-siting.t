#!/bin/bash
# SPDX-License-Identifier: MIT
# Siting on a street done by hand: one home without cover, one with too few
# places, and what is left of an area.
. "$(dirname "$0")/lib.sh"
. tests/scenario/plan-lib.sh

start_daemon
put_street
siting() { # BODY: the result of the job
	api POST /v1/siting "$1"
	[ "$STATUS" = 202 ] || return 1
	job_done
	[ "$(field '.job.state // .state')" = done ] || diag "$BODY"
	BODY=$(field '(.job // .).result')
}
is "$(api GET /v1/coverage; field .covered)" 30 'five people are too far'
siting '{}'
is "$(field '[.sites[]|.adds]|tojson')" '[5]' 'one shelter more'
is "$(field '[.without,.reached,.bound,.proved,.gap]|tojson')" '[5,5,5,true,0]' 'proved best'
is "$(field '[.before.covered,.after.covered]|tojson')" '[30,35]' 'and its effect'
is "$(field '.sites[0].home == null')" false 'at a home'
siting '{"n":3}'
is "$(field '[(.sites|length),.bound]|tojson')" '[1,5]' 'no more than help'

siting '{"n":2,"radius":40,"candidates":[{"lon":120.0201,"lat":30.0},
	{"lon":120.0019,"lat":30.0},{"lon":120.0021,"lat":30.0},{"lon":121,"lat":30}]}'
is "$(field '[.sites[]|[.adds,.candidate]]|tojson')" '[[20,1],[5,0]]' \
	'among sites of a file, the one that adds most first'
is "$(field '[.candidates,.before.covered,.after.covered]|tojson')" '[4,0,25]' \
	'those that exist stay'

# With capacity: 35 people, 22 places, 20 of them used within 100 m.
siting '{"radius":100,"capacity":true,"places":7,"candidates":[{"lon":120.0021,"lat":30.0}]}'
is "$(field '[.without,.reached,.bound,.before.placed,.after.placed]|tojson')" \
	'[15,7,7,20,27]' 'a shelter takes its places'
api POST /v1/siting '{"capacity":true}'
is "$STATUS $(field .field)" '422 places' 'how many places must be said'
siting '{"radius":100,"capacity":true,"places":100}'
is "$(field '[.sites[0].adds,.after.placed]|tojson')" '[10,30]' 'or the people in reach'

put_ways
siting '{"minutes":2,"n":2}'
is "$(field '[.without,.reached,.after.covered]|tojson')" '[5,0,30]' \
	'on foot, a home no way leads to'
siting '{"minutes":1,"n":2}'
is "$(field '[.proved,.after.covered-.before.covered == .reached]|tojson')" '[true,true]' \
	'on foot'

viewer=$(as_user kan viewer)
SHELTER_TOKEN=$viewer api POST /v1/siting '{}'
is "$STATUS" 403 'for the office'
printf 'lon,lat,places\n120.0201,30.0,4\n120.0019,30.0,\n' >"$DIR/c.csv"
is "$(shelterctl siting -n 2 --radius 40 --candidates "$DIR/c.csv" --json |
	jq -c '[.sites[].candidate]')" '[1,0]' 'asked by shelterctl'
like "$(shelterctl siting --radius 50)" 'proved bound' 'as a table'
printf 'lon,lat\n1,2\nx,y\n' >"$DIR/c.csv"
shelterctl siting --candidates "$DIR/c.csv" 2>"$DIR/err"
like "$? $(cat "$DIR/err")" '^1 .*c.csv:3' 'a line that is no place'
ok stop_daemon -- 'stopped'
done_testing
