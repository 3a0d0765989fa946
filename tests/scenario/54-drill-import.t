#!/bin/bash
# SPDX-License-Identifier: MIT
# A planner's table into a drill's timetable: headers in two languages, every
# wrong row named and left out, the same file twice adds nothing, sheets.
. "$(dirname "$0")/lib.sh"
. tests/scenario/drill-lib.sh
start_daemon
out=$DIR/out err=$DIR/err

ctl() { # runs shelterctl; CODE
	shelterctl "$@" >"$out" 2>"$err"
	CODE=$?
}
get() { jq -r "$1" "$out"; }
into() { ctl drill import "$DRILL" "$@" --json; }
counts() {
	get '[.read,.accepted,.updated,.unchanged,.rejected,.removed]|tojson'
}
timetable() {
	api GET "/v1/drills/$DRILL"
	field '[.injects[]|[.at_s,.kind,.signal//.text]]|tojson'
}
imports() { # events of them
	drill_events
	field '[.[]|select(.kind=="drill.imported")]|length'
}
three='[[0,"signal","pre-alarm"],[480,"signal","air-raid"],[960,"signal","all-clear"]]'

small_district
approved_plan
make_drill

cat >"$DIR/zh.csv" <<-'END'
	序号,时间,类型,信号,对象,内容
	1,0:00,警报,预先警报,全体,拉响预先警报
	2,5分30秒,情况,,社区,"道路阻断，改走南门"
	3,0:08:00,警报,空袭警报,,
	4,T+9:00,命令,,消防专业队,赴三号楼灭火
	5,-0:30,情况,,,太早
	6,8:75,情况,,,没有这样的时间
	7,600,广播,,,没有这样的类型
	8,601,警报,战争警报,,
	9,,情况,,,没有时间
	4,700,情况,,,序号重复
	11,700,情况,,,
	,,,,,
	12,0:16:00,警报,解除警报,,
END
into "$DIR/zh.csv" --dry-run
is "$CODE $(counts) $(get .dry_run)" '0 [12,2,3,0,7,0] true' 'a dry run counts'
is "$(timetable)" "$three" 'and changes nothing'
into "$DIR/zh.csv" --rejects "$DIR/bad.csv"
is "$CODE $(counts) $(get .blank)" '0 [12,2,3,0,7,0] 1' 'what is right is taken'
is "$(get '[.rows[]|[.line,.outcome,.field]]|sort|tojson')" \
	'[[6,"rejected","at"],[7,"rejected","at"],[8,"rejected","kind"],[9,"rejected","signal"],[10,"rejected","at"],[11,"rejected","id"],[12,"rejected","text"]]' \
	'each wrong row is named with its field'
like "$(get '.rows[]|select(.line==6).reason')" "'-0:30' is negative" 'and why'
is "$(timetable)" '[[0,"signal","pre-alarm"],[330,"info","道路阻断，改走南门"],[480,"signal","air-raid"],[540,"order","赴三号楼灭火"],[960,"signal","all-clear"]]' \
	'the three signals that were there are those of the table'
api GET "/v1/drills/$DRILL"
is "$(field '[.injects[]|[.ref,.who]]|tojson')" \
	'[["1","全体"],["2","社区"],["3",null],["4","消防专业队"],["12",null]]' \
	'with number and recipient'
is "$(head -1 "$DIR/bad.csv")" \
	$'outcome,file,line,field,reason,序号,时间,类型,信号,对象,内容\r' \
	'the file of rejects begins with the reason'
is "$(grep -c '^rejected,' "$DIR/bad.csv")" 7 'and holds each of them'
like "$(sed -n 2p "$DIR/bad.csv")" '6,at,.*5,-0:30,情况,,,太早' 'as it stood'
is "$(imports)" 1 'one event for the whole file'
drill_events
is "$(field '.[-1].body|[.file,(.added|length),(.changed|length),(.removed|length),.exercise]|tojson')" \
	'["zh.csv",2,3,0,true]' 'that tells of every entry'
before=$(timetable)
into "$DIR/zh.csv"
is "$(counts)" '[12,0,0,5,7,0]' 'the same file again adds nothing'
is "$(timetable) $(imports)" "$before 1" 'neither entry nor event'

sed 's/,5分30秒,/,6:00,/; s/南门/北门/; /^12,/d' "$DIR/zh.csv" >"$DIR/zh2.csv"
into "$DIR/zh2.csv"
is "$(counts)" '[11,0,1,3,7,0]' 'a numbered row that changed is found again'
is "$(timetable | jq -c '.[1]')" '[360,"info","道路阻断，改走北门"]' 'and moved'
into "$DIR/zh2.csv" --replace
is "$(counts)" '[11,0,0,4,7,0]' 'with rejected rows nothing is removed'
grep -E '^(序号|[1-4],[^7])' "$DIR/zh2.csv" >"$DIR/clean.csv"
into "$DIR/clean.csv" --replace
is "$(counts)" '[4,0,0,4,0,1]' 'without them what is not in the file goes'
is "$(timetable | jq -c 'map(.[0])')" '[0,360,480,540]' 'the all-clear did'

# Sheets and other spellings.
make_drill '"injects":[]'
cat >"$DIR/en.csv" <<-'END'
	Time,Type,Signal,To,Message
	0,signal,Pre-alarm,,
	2:00,info,,wardens,Open the doors
	0:08:00,signal,air raid,,
	2:00,info,,wardens,Open the doors
END
for end in xlsx ods; do
	command -v ogr2ogr >/dev/null || break
	ogr2ogr "$DIR/en.$end" "$DIR/en.csv"
	into "$DIR/en.$end" --dry-run
	is "$CODE $(counts)" '0 [4,4,0,0,0,0]' "a table as $end"
done
printf 'time,text\n0:08:00,a\n1:30:00,b\n' >"$DIR/cells.csv"
for end in xlsx ods; do # whose cells are times, not texts
	command -v ogr2ogr >/dev/null || break
	ogr2ogr "$DIR/cells.$end" "$DIR/cells.csv" -oo AUTODETECT_TYPE=YES
	into "$DIR/cells.$end"
done
into "$DIR/cells.csv"
is "$(timetable)" '[[480,"info","a"],[5400,"info","b"]]' \
	'times of a sheet are those of the text, in every kind of sheet'
into "$DIR/en.csv"
is "$(counts) $(get .duplicates)" '[4,4,0,0,0,0] 1' \
	'two equal rows are two and told of'
into "$DIR/en.csv"
is "$(counts)" '[4,0,0,4,0,0]' 'also without numbers once is enough'
printf '何时,何事\n30,集合\n' >"$DIR/odd.csv"
into "$DIR/odd.csv"
is "$CODE" 1 'columns nobody knows'
like "$(cat "$err")" "no column is known as 'at'; name it with --field at=" \
	'and how to name them'
into "$DIR/odd.csv" --field at=何时 --field text=何事
is "$CODE $(counts)" '0 [1,1,0,0,0,0]' 'named by hand'
printf 'for = injects\nat = 何时\ntext = 何事\n' >"$DIR/own.conf"
into "$DIR/odd.csv" --mapping "$DIR/own.conf"
is "$CODE $(counts)" '0 [1,0,0,1,0,0]' 'or by a mapping of one'\''s own'
printf 'time,text\n40,"a\n50,b\n' >"$DIR/torn.csv"
into "$DIR/torn.csv" --dry-run
is "$CODE $(counts) $(get '.rows[0]|[.line,.field]|tojson')" \
	'0 [2,1,0,0,1,0] [2,"record"]' 'a torn record is refused'
printf 'time,text\n40,a\n50,b,c\n' >"$DIR/wide.csv"
into "$DIR/wide.csv" --rejects "$DIR/bad.csv"
is "$(counts) $(get '.rows[0]|[.line,.field]|tojson')" \
	'[2,1,0,0,1,0] [3,"record"]' 'and one that is too wide'
like "$(cat "$DIR/bad.csv")" '3,record,.*50,b,c' 'also in the file of rejects'
printf 'time,text\n40,%s\n50,%s\n60,c\n' "$(printf '情%.0s' {1..400})" \
	"$(printf '况%.0s' {1..3000})" >"$DIR/long.csv"
into "$DIR/long.csv" --dry-run
is "$CODE $(counts) $(get '[.rows[]|[.line,.field]]|sort|tojson')" \
	'0 [3,1,0,0,2,0] [[2,"text"],[3,"text"]]' 'texts that are too long'
: >"$DIR/empty.csv"
into "$DIR/empty.csv" --replace
is "$CODE $(counts)" '0 [0,0,0,0,0,0]' 'an empty file removes nothing'
into "$DIR/none.csv"
is "$CODE" 1 'no file'
into "$DIR/en.csv" --field at
is "$CODE" 2 'wrong usage'
ctl drill import "$DRILL" "$DIR/en.csv"
like "$(cat "$out")" 'EXERCISE 演练.*unchanged +4' 'as a table for people'

# All or nothing: one row too many for the timetable and none goes in.
make_drill
{
	echo 'time,text'
	seq 1 9998 | awk '{ print $1 ",情况 " $1 }'
} >"$DIR/many.csv"
into "$DIR/many.csv"
is "$CODE $(get '[.status,.field]|tojson')" '1 [409,"rows"]' 'a timetable has bounds'
is "$(timetable) $(imports)" "$three 0" 'a file that does not fit changes nothing'
sed -i '$d' "$DIR/many.csv"
into "$DIR/many.csv"
is "$CODE $(counts)" '0 [9997,9997,0,0,0,0]' 'as many as fit go in'
into "$DIR/many.csv"
is "$CODE $(counts)" '0 [9997,0,0,9997,0,0]' 'once'
drill start
ctl drill replay "$DRILL" --speed 0
like "$(cat "$out")" 'many.csv \+9997 ~0 -0' 'one line of the replay tells of it'
drill end

# While it runs, and when it is over.
make_drill '"speed":3600'
drill start
ok wait_for 20 fired 3 -- 'the three signals sound'
drill pause
drill postpone '{"seconds":100}'
into "$DIR/zh.csv"
is "$(get '[.accepted,.updated]|tojson')" '[0,0]' 'nothing is added to the past'
is "$(get '.rows[]|select(.line==3)|[.field,(.reason|test("before the drill.s clock"))]|tojson')" \
	'["at",true]' 'and each row says so'
like "$(get '.rows[]|select(.line==2)|.reason')" 'was told at second' \
	'what was told is not changed'
now=$(api GET "/v1/drills/$DRILL"; field .elapsed_s)
printf 'no,time,text\n1,%d,later\n2,%d,later still\n' $((now + 50000)) \
	$((now + 60000)) >"$DIR/later.csv"
into "$DIR/later.csv"
is "$(counts)" '[2,2,0,0,0,0]' 'what is still to come is'
drill postpone '{"seconds":100}'
into "$DIR/later.csv"
is "$(counts)" '[2,0,0,2,0,0]' 'a postponement makes no row another one'
printf 'no,time,text\n1,%d,later\n' $((now + 50005)) >"$DIR/later.csv"
into "$DIR/later.csv"
is "$(get .updated) $(timetable | jq -c '[.[]|select(.[2]=="later")[0]]')" \
	"1 [$((now + 50105))]" 'a row that moved keeps it'
drill end
into "$DIR/later.csv"
is "$CODE $(get .status)" '1 409' 'a drill that has ended takes no timeline'
like "$(get .detail)" 'ended' 'and says so'
DRILL=77 into "$DIR/later.csv"
is "$CODE $(get .status)" '1 404' 'nor one that is not there'

api POST "/v1/drills/1/import" '{"rows":[{"line":2,"at":"1"},{"line":3,"when":"1"}]}'
is "$STATUS $(field .field)" '422 rows[1].when' 'a member that is none'
viewer=$(as_user vera viewer)
SHELTER_TOKEN=$viewer into "$DIR/en.csv"
is "$CODE $(get .status)" '1 403' 'a viewer imports nothing'
restart() { stop_daemon && restart_daemon; }
before=$(DRILL=1 timetable)
restart
is "$(DRILL=1 timetable)" "$before" 'the timetable is there after a restart'
api GET /v1/audit
is "$(field .ok)" true 'the chain of events verifies'
ok stop_daemon -- 'the daemon stops in order'
done_testing
