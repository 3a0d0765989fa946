#!/bin/bash
# SPDX-License-Identifier: MIT
# shelterctl against a daemon of its own, on a small made-up district: imports
# in every encoding, wrong usage, every noun once, JSON that is one value.
. "$(dirname "$0")/lib.sh"
start_daemon
out=$DIR/out err=$DIR/err

ctl() { # runs shelterctl; CODE, OUT, ERR
	shelterctl "$@" >"$out" 2>"$err"
	CODE=$?
	OUT=$(cat "$out") ERR=$(cat "$err")
}
ctl_for() { # SECONDS …: a stream whose daemon is gone waits for ever
	timeout "$1" shelterctl "${@:2}" >"$out" 2>"$err"
	CODE=$?
}
get() { jq -r "$1" "$out"; }

# Wrong usage is 2 and says what; nothing goes to stdout.
ctl
is $CODE 2 'no words: usage'
ctl nonsense verb
is "$CODE/$OUT" 2/ 'an unknown noun'
like "$ERR" "no noun 'nonsense'" 'is named'
ctl plan nonsense
is "$CODE/$OUT" 2/ 'an unknown verb'
like "$ERR" 'shelterctl plan make' 'shows the verbs there are'
ctl import shelters
is $CODE 2 'an operand is missing'
ctl coverage --radius 10 --minutes 2
is $CODE 2 'two limits exclude another'
ctl coverage --radius wide
like "$CODE $ERR" '^2 .*wide' 'a radius that is no number'
ctl import shelters x.csv --bbox 1,2,0,3
like "$CODE $ERR" '^2 .*bbox' 'a box inside out'
ctl import shelters x.csv --crs mars
like "$CODE $ERR" '^2 .*crs' 'an unknown system'
ctl inspection draw --shelters few --inspectors 1
like "$CODE $ERR" '^2 .*few' 'a draw of no number'
ctl help plan
like "$CODE $OUT" '^0 .*plan make.*方案' 'help tells in two languages'

# A refusal is 1: problem details on stdout with --json, a sentence beside it.
ctl import shelters "$DIR/none.csv" --json
like "$CODE $ERR" '^1 .*none.csv: No such file' 'a file that is not there'
is "$(get .detail | grep -c none.csv)" 1 'as JSON too'
ctl shelter show 99 --json
is "$CODE $(get .status)" '1 404' 'an unknown shelter'
SHELTER_TOKEN=wrong ctl stats --json
is "$CODE $(get .status)" '1 401' 'a wrong token'
SHELTER_URL=http://127.0.0.1:1 ctl stats
like "$CODE $ERR" '^1 .*127.0.0.1:1' 'a daemon that is not there'

# One register in four encodings; a line inside a quoted field counts.
cat >"$DIR/a.csv" <<'CSV'
類別,電腦編號,地址,緯經度,可容納人數,備註
公有建築物,A1,"路一段
一號","25.0300,121.5300","  1,041 ",
一般住宅,A2,路二號,"25.0310, 121.5310",88人,

一般住宅,A3,路三號,,50,
一般住宅,A4,路四號,"25.0320,121.5320",不明,
,,,,,
一般住宅,A5,路五號,"121.5330,25.0330",70.0,
CSV
iconv -t BIG5 "$DIR/a.csv" >"$DIR/big5.csv"
iconv -t GB18030 "$DIR/a.csv" >"$DIR/gb.csv"
{ printf '\xef\xbb\xbf'; cat "$DIR/a.csv"; } >"$DIR/bom.csv"
for f in big5 gb bom; do
	ctl import shelters "$DIR/$f.csv" --dry-run --json
	is "$CODE $(jq -c '[.read,.accepted,.rejected,.blank]' "$out")" \
		'0 [5,3,2,2]' "a dry run of $f"
done
is "$(get '.files[0].encoding')" UTF-8 'the encoding is told'
ctl stats --json
is "$(get .shelters)" 0 'a dry run stores nothing'

ctl import shelters "$DIR/a.csv" --rejects "$DIR/rejects.csv" --json
is "$(jq -c '[.read,.accepted,.updated,.unchanged,.rejected,.outside,.swapped]' \
	"$out")" '[5,3,0,0,2,0,1]' 'every record is accounted for'
is "$(jq -c '[.rows[]|select(.outcome=="rejected")|[.line,.field]]' "$out")" \
	'[[6,"latlon"],[7,"places"]]' 'refusals name the line in the file'
like "$(grep -a ',7,' "$DIR/rejects.csv")" \
	"^rejected,.*a.csv,7,places,'不明' is not a number .*,一般住宅,A4,路四號" \
	'the rejects stand beside their reason'
ctl import shelters "$DIR/big5.csv" --json
is "$(jq -c '[.unchanged,.accepted,.rejected]' "$out")" '[3,0,2]' \
	'the same register in Big5 is unchanged'
sed -i 's/88人/99人/' "$DIR/a.csv"
ctl import shelters "$DIR/a.csv" --json
is "$(jq -c '[.unchanged,.updated,.rejected]' "$out")" '[2,1,2]' \
	'one number changed is one update'
is "$(shelterctl shelter list --all --json | jq 'map(.places)|add')" 1210 \
	'places are counted'
ctl import shelters "$DIR/a.csv"
like "$CODE $OUT" '^0 read +5.*拒' 'people read a table and the refusals'

# Tables without a header, without rows, and with columns that are named.
printf 'B1,路,25.0341,121.5341,9\n' >"$DIR/bare.csv"
ctl import shelters "$DIR/bare.csv" --json
is "$(jq -c '[.read,.rejected]' "$out")" '[1,1]' 'a bare table is refused whole'
like "$(get '.rows[0].reason')" 'no header' 'and says how to read it'
ctl import shelters "$DIR/bare.csv" --field id=#1 --field y=#3 --field x=#4 \
	--field places=#5 --json
is "$(jq -c '[.read,.accepted]' "$out")" '[1,1]' 'unless its columns are named'
: >"$DIR/empty.csv"
ctl import shelters "$DIR/empty.csv" --json
is "$CODE $(get .read)" '0 0' 'an empty file has no rows'
ctl import shelters "$DIR/a.csv" --field places=nowhere
like "$CODE $ERR" "^1 .*no column 'nowhere'" 'a column that is not there'
ctl import shelters "$DIR/a.csv" --mapping nowhere
like "$CODE $ERR" "^1 .*no mapping 'nowhere'" 'a mapping that is not there'
printf '\0\1\2' >"$DIR/binary.csv"
ctl import shelters "$DIR/binary.csv"
like "$CODE $ERR" '^1 .*not a text' 'a file that is no text'

# Homes with people from another table, and streets with tags.
jq -n '{type:"FeatureCollection",features:[
	["H1",121.530,25.030],["H2",121.531,25.031]]|.}
	| .features |= map({type:"Feature",properties:{CODE:.[0]},geometry:
	{type:"Polygon",coordinates:[[[.[1],.[2],7],[.[1]+.001,.[2],7],
	[.[1]+.001,.[2]+.001,7],[.[1],.[2],7]]]}})' >"$DIR/homes.geojson"
printf 'CODE,P_CNT,H_CNT\nH1,30.0,9\nH9,4,1\n' >"$DIR/people.csv"
ctl import homes "$DIR/homes.geojson" --population "$DIR/people.csv" \
	--key CODE --people P_CNT --json
is "$(jq -c '[.read,.accepted,.people,.population.without_area]' "$out")" \
	'[2,2,30,1]' 'homes joined with their people'
ctl import homes "$DIR/homes.geojson" --population "$DIR/people.csv" --key NO
like "$CODE $ERR" "^1 .*no column 'NO'" 'a key that is not there'
jq -n '{type:"FeatureCollection",features:[
	{type:"Feature",properties:{highway:"residential",name:"甲路"},geometry:
	{type:"LineString",coordinates:[[121.529,25.029],[121.53,25.03]]}},
	{type:"Feature",properties:{highway:"steps",name:null},geometry:
	{type:"LineString",coordinates:[[121.53,25.03],[121.534,25.034]]}},
	{type:"Feature",properties:{highway:"motorway",name:"國道"},geometry:
	{type:"LineString",coordinates:[[121.5,25.0],[121.6,25.1]]}},
	{type:"Feature",properties:{highway:"path",name:"乙"},geometry:
	{type:"MultiLineString",coordinates:[]}}]}' >"$DIR/ways.geojson"
ctl import network "$DIR/ways.geojson" --profile walk --json
is "$(jq -c '[.read,.accepted,.rejected,.excluded,.nodes,.edges]' "$out")" \
	'[3,2,1,1,3,2]' 'streets by their tags, an empty one refused'

# Coverage, plans and what they write.
ctl coverage --radius 300 --capacity --json --gaps "$DIR/gaps.geojson"
is "$(jq -c '[.people,.limit.radius,(.covered+.too_far)]' "$out")" \
	'[30,300,30]' 'coverage adds up'
is "$(jq -r .type "$DIR/gaps.geojson")" FeatureCollection 'gaps are GeoJSON'
ctl plan make --radius 300 --title 甲 --json
is "$(get '.person_metres == .bound')" true 'a plan meets its bound'
plan=$(get .id)
is "$(get '.sheltered + .left_over.too_far + .left_over.full +
	.left_over.no_path')" 30 'nobody is dropped'
ctl plan problem "$plan" --out "$DIR/problem" --json
is "$CODE $(get '.cost == .bound')" '0 true' 'the summary has cost and bound'
is "$(head -qn1 "$DIR"/problem/{homes,shelters,arcs,answer}.csv | paste -sd' ')" \
	'home,people shelter,places home,shelter,metres home,shelter,people' \
	'the problem is four tables'
is "$(awk -F, 'NR>1{n+=$3}END{print n+0}' "$DIR/problem/answer.csv")" \
	"$(jq .sheltered "$DIR/problem/summary.json")" 'whose answer adds up'
ctl plan approve "$plan" --json
is "$(get .state)" approved 'a plan is approved'
ctl shelter near 121.5301,25.0301 -k 2 --json
is "$(get 'length')" 2 'the nearest two'
is "$(get '.[0]|keys-["address","at","entrance"]|sort|join(" ")')" \
	'binding_rule free id metres name usable walk_metres' 'with their keys'
ctl shelter explain 121.5301,25.0301 --json
is "$CODE $(get type)" '0 object' 'a place is explained'
ctl shelter set 1 --field note=新 --field places=7 --json
is "$(jq -c '[.id,.note,.places]' "$out")" '[1,"新",7]' 'a field is set'
ctl shelter list --where "places = 7" --json
is "$(get length)" 1 'and found by a filter'
ctl shelter list --where "places ="
is $CODE 1 'a broken filter is refused'

# People, tasks, findings, notices.
printf 'a long password 1\n' >"$DIR/pw"
ctl user add 檢查員 --role inspector --password --json <"$DIR/pw"
is $CODE 0 'an inspector'
ctl user add other --role inspector --json
ctl token add 檢查員 --json
inspector=$(get .token)
ctl token add other --json
other=$(get .token)
ctl login 檢查員 --json <"$DIR/pw"
like "$CODE $(get .token)" '^0 ...' 'logs in with the password'
ctl login 檢查員 </dev/null
is $CODE 1 'not without one'
ctl user set other --org 甲處 --json
is "$(get .org)" 甲處 'a user is changed by name'
ctl task create 1 --due 2030-01-31 --assignee 2 --json
is "$CODE $(get .due)" '0 2030-01-31T23:59:59Z' 'a task ends with its day'
task=$(get .id)
SHELTER_TOKEN=$inspector ctl task accept "$task" --json
is "$(get .state)" accepted 'is accepted'
item=$(shelterctl inspection checklist --json |
	jq -r '[.[]|select(.effect=="close")][0].id')
SHELTER_TOKEN=$inspector ctl inspection submit 1 --task "$task" \
	--finding "$item=fail:壞" --json
is "$CODE $(jq -c '[.capacity.before,.capacity.after]' "$out")" '0 [7,0]' \
	'a finding lowers the capacity'
notice=$(shelterctl notice list --json | jq '.[0].id')
ctl notice issue "$notice" --json
is "$(get .state)" issued 'the notice is issued'
ctl notice reply "$notice" 修好 --json
SHELTER_TOKEN=$other ctl notice recheck "$notice" --pass --json
is "$(get .state)" rechecked 're-checked by another'
ctl notice close "$notice" --json
is "$(get .state)" closed 'and closed'
is "$(shelterctl shelter show 1 --json | jq .usable)" 7 'capacity returns'
ctl notice recheck "$notice"
is $CODE 2 'a recheck says pass or fail'

# A drill, the log, the files.
ctl drill create "$plan" --speed 1000 --title 演練 --json
drill=$(get .id)
for verb in start pause resume; do
	ctl drill "$verb" "$drill" --json
	is $CODE 0 "drill $verb"
done
ctl drill arrive "$drill" 1 --people 3 --op x --json
ctl drill arrive "$drill" 1 --people 3 --op x --json
ctl drill end "$drill" --json
is "$(get .state)" ended 'drill end'
ctl drill report "$drill" --json
is "$(jq -c '[.exercise,.actual]' "$out")" '[true,3]' \
	'an arrival told twice counts once'
ctl audit verify --json
is "$(get .ok)" true 'the chain holds'
ctl events --json
is "$(get 'map(.id) == [range(1;length+1)]')" true 'every event, in order'
ctl_for 30 events --follow --since 2 --count 3 --json
is "$(jq -sc 'map(.id)' "$out")" '[3,4,5]' 'the stream resumes after an id'
ctl backup one.db --json
is "$(sha256sum "$(get .path)" | cut -d' ' -f1)" "$(get .sha256)" \
	'a backup has the hash it tells'
for end in csv xlsx geojson gpkg; do
	ctl export shelters --out "$DIR/e.$end" --json
	is "$CODE $(get .items)" '0 4' "export as $end"
done
ctl import shelters "$DIR/e.geojson" --dry-run --json
is "$(jq -c '[.read,.rejected]' "$out")" '[4,0]' 'an export can be imported'
ctl import shelters "$DIR/e.xlsx" --dry-run --json
is "$(jq -c '[.read,.rejected]' "$out")" '[4,0]' 'from a sheet too'

for line in "shelter list" "plan list" "task list" "notice list" "drill list" \
	"user list" "inspection list" "inspection checklist" "defect list" \
	"inspection schedule" \
	"repair list" "street list" "job list" "rule list" "events"; do
	ctl $line --json
	is "$CODE $(jq -s 'length' "$out") $(jq -r type "$out")" '0 1 array' \
		"$line is one array"
	ctl $line
	is $CODE 0 "$line as a table"
done
ok stop_daemon -- 'the daemon is well to the end'
done_testing
