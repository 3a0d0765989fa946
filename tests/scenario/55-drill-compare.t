#!/bin/bash
# SPDX-License-Identifier: MIT
# Two drills on one plan: replayed from the log in order and pace, and compared;
# every number of the comparison against one counted from the events by jq.
. "$(dirname "$0")/lib.sh"
. tests/scenario/drill-lib.sh
start_daemon
out=$DIR/out err=$DIR/err

ctl() { # runs shelterctl; CODE
	shelterctl "$@" >"$out" 2>"$err"
	CODE=$?
}
get() { jq -r "$1" "$out"; }
count() { # OP SHELTER PEOPLE
	drill arrivals "{\"arrivals\":[{\"op\":\"$1\",\"shelter\":$2,\"people\":$3}]}"
}

small_district
approved_plan
make_drill '"speed":30'
one=$DRILL
read -r A _ <<<"$(place 0)"
read -r B _ <<<"$(place 1)"
read -r C _ <<<"$(place 2)"
make_drill '"speed":30'
two=$DRILL
make_drill
three=$DRILL

printf '序号,时间,类型,对象,内容\n1,2:00,情况,社区,道路阻断\n2,200:00,命令,消防,不会到来\n' >"$DIR/t.csv"
for DRILL in $one $two; do
	ctl drill import "$DRILL" "$DIR/t.csv" --json
	is "$CODE $(get .accepted)" '0 2' "a timeline for drill $DRILL"
done

# The first: less than half before the information, two minutes after the
# alarm, more behind it; the signals that follow come by hand, too early.
DRILL=$one
drill postpone '{"seconds":30}'
drill start
ok wait_for 20 fired 1 -- 'the alarm of the first'
count a1 "$A" 80
count b1 "$B" 90
ok wait_for 20 fired 2 -- 'its information'
count b2 "$B" 60
drill signal '{"signal":"air-raid"}'
count a2 "$A" 80
count c1 "$C" 60
drill observe "{\"text\":\"门口拥挤\",\"shelter\":$C}"
drill inject '{"text":"停电"}'
drill signal '{"signal":"all-clear"}'
drill end

# The second: 甲 complete and 乙 nearly at once, 丙 never.
DRILL=$two
drill start
ok wait_for 20 fired 1 -- 'the alarm of the second'
count a1 "$A" 170
count b1 "$B" 190
ok wait_for 20 fired 2 -- 'its information'
drill signal '{"signal":"air-raid"}'
count c1 "$C" 20

# What the log of one drill says, by other means.
figures='
def at($list; $k): [$list | sort_by(.at_s) | foreach .[] as $x
	(0; . + $x.people; [., $x.at_s])] | map(select(.[0] >= $k)) | .[0][1];
def sum($list): [$list[].people] | add // 0;
def from($alarm; $s): if $alarm == null or $s == null then null
	else $s - $alarm end;
def times($list; $n; $alarm): [at($list; 1), at($list; $n * 0.5),
	at($list; $n * 0.9), ([$list[].at_s] | max)] | map(from($alarm; .));
(.[] | select(.kind == "drill.made").body) as $made
| [.[] | select(.kind == "drill.arrival").body.arrivals[]] as $in
| [.[] | select(.kind == "drill.signal").body] as $signals
| ([$signals[] | select(.signal != "all-clear").fired_at_s] | min) as $alarm
| ([$signals[] | select(.signal == "air-raid").fired_at_s] | min) as $raid
| { people: [$made.planned, sum($in)],
    times: times($in; $made.planned; $alarm),
    in_time: sum([$in[] | select(.at_s <= $raid)]),
    delays: [$signals[] | [.signal, .fired_at_s - .planned_s]] | sort,
    told: [.[] | select(.kind == "drill.inject" and
	.body.fired_at_s != null)] | length,
    observations: [.[] | select(.kind == "drill.observed")] | length,
    shelters: ([$made.expected[].shelter] | unique | map(. as $s
	| [$in[] | select(.shelter == $s)] as $here
	| [$made.expected[] | select(.shelter == $s)] as $there
	| [$s, sum($there), sum($here)] + times($here; sum($there); $alarm))) }'
logged() { # DRILL
	DRILL=$1 drill_events
	jq -Sc "$figures" <<<"$BODY"
}
# The same out of one side of the comparison.
said() { # a|b
	jq -Sc --arg s "$1" '.[$s] as $x | { people: [$x.planned, $x.actual],
	times: [$x.first_s, $x.t50_s, $x.t90_s, $x.last_s],
	in_time: $x.in_time,
	delays: [.signals[] | select(.[$s].at_s != null)
		| [.signal, .[$s].delay_s]] | sort,
	told: ($x.injects.done + $x.injects.by_hand),
	observations: $x.observations,
	shelters: [.shelters[] | .[$s] as $h | [.id, $h.planned, $h.actual,
		$h.first_s, $h.t50_s, $h.t90_s, $h.last_s]] }' "$out"
}
ctl drill compare "$one" "$two" --json
is "$CODE $(get '[.a.ended,.b.ended,.exercise]|tojson')" '0 [true,false,true]' \
	'one that runs is compared up to now, and said to run'
ctl drill compare "$one" "$two"
like "$(cat "$out")" "B = $two .*has not ended 尚未结束: up to second" \
	'also to people'
drill signal '{"signal":"all-clear"}'
drill end
ctl drill compare "$one" "$two" --json
is "$CODE" 0 'both have ended'
is "$(said a)" "$(logged "$one")" 'the first is as its log counts it'
is "$(said b)" "$(logged "$two")" 'so is the second'
is "$(get '[.a.people?,.a.planned,.a.actual,.b.actual]|tojson')" \
	'[null,430,370,380]' 'people expected and arrived'
is "$(get '.shelters[]|select(.name=="甲")|[.a.actual,.b.actual,.difference.actual,.verdict]|tojson')" \
	'[160,170,10,"better"]' 'a shelter that did better'
is "$(get '[[.better[].name],[.worse[].name],[.mixed[].name]]|tojson')" \
	'[["甲","乙"],["丙"],[]]' 'and the names of who did, and who worse'
is "$(get '[.a.injects,.b.injects]|map([.planned,.done,.by_hand])|tojson')" \
	'[[2,1,1],[2,1,0]]' 'injects planned, done, and told by hand'
is "$(get '[.measures[]|if .a==null or .b==null then .difference==null
	else (.difference-(.b-.a)|fabs)<1e-9 end]|all')" \
	true 'each difference is that of the two numbers shown'
is "$(get '.measures[]|select(.name=="share")|[.a,.b,.verdict]|tojson')" \
	'[0.86,0.884,"better"]' 'shares of the expected'
is "$(get '[.a.alarm.signal,.a.alarm.at_s==.signals[0].a.at_s,.signals[0].a.planned_s,.signals[0].b.planned_s]|tojson')" \
	'["pre-alarm",true,30,0]' 'a postponed alarm is where the times begin'
is "$(get '[.signals[].signal]|tojson')" \
	'["pre-alarm","air-raid","all-clear"]' 'signal beside signal'
cp "$out" "$DIR/first"
ctl drill compare "$one" "$two" --json
ok cmp -s "$out" "$DIR/first" -- 'a second run gives the same bytes'
ctl drill compare "$two" "$one" --json
is "$(get '[[.better[].name],[.worse[].name]]|tojson')" '[["丙"],["甲","乙"]]' \
	'the other way round, the other way round'
ctl drill compare "$one" "$two"
like "$(cat "$out")" 'EXERCISE 演练.*A = 1.*people planned 应到 +430 +430.*B beside A 总体: .*better 进步: 甲, 乙.*worse 退步: 丙' \
	'a table for people'
ctl drill compare "$one" "$three" --json
is "$CODE $(get '[.status,.field]|tojson')" '1 [409,"b"]' 'one that has not started'
like "$(get .detail)" "drill $three has not started" 'is refused by name'
ctl drill compare "$one" "$one" --json
is "$CODE $(get .status)" '1 422' 'nor is a drill compared with itself'
ctl drill compare 77 "$one" --json
is "$CODE $(get '[.status,.field]|tojson')" '1 [404,"a"]' 'nor one that is not there'
ctl drill compare "$one"
is "$CODE" 2 'wrong usage'

# The replay.
events_before=$(shelterctl events --json | jq length)
ctl drill replay "$one" --speed 0 --json
is "$CODE $(jq -sc 'map(.id)' "$out")" \
	"0 $(DRILL=$one; drill_events; field 'map(.id)|tojson')" \
	'every event of the drill in the order of the log, a line each'
is "$(jq -sc 'map(select(.noun_id!='"$one"'))|length' "$out")" 0 'and of no other'
is "$(jq -sc . "$out")" "$(DRILL=$one; drill_events; jq -c . <<<"$BODY")" \
	'as the log has them'
ctl drill replay "$one" --speed 0
is "$(grep -c '' "$out")" "$(($(DRILL=$one; drill_events; field length) + 2))" \
	'to people a mark, a head and a line each'
like "$(cat "$out")" 'EXERCISE 演练.*made 建立.*timeline 导入时间线: t.csv \+2 ~0 -0.*postponed 推迟: 30 s.*started 开始.*signal 警报: 预先警报 pre-alarm, 36/24 s x3.*arrived 到达: 甲 \+80 = 80; in all 共 80.*info 情况 -> 社区: 道路阻断.*in all 共 370.*observed 观察.*门口拥挤.*ended 结束' \
	'in words'
mid=$(jq -r '.a.alarm.at_s+115' "$DIR/first")
ctl drill replay "$one" --speed 0 --from 1 --to "$mid" --json
is "$(jq -sc "map(.body.at_s)|[all(.>=1 and .<=$mid),length>0,.==sort]" "$out")" \
	'[true,true,true]' 'a part of it'
ctl drill replay "$one" --speed 0 --from "$mid"
like "$(cat "$out")" 'in all 共 230.*in all 共 370' 'whose sums know what was before'
ctl drill replay "$one" --from 9 --to 5
is "$CODE" 2 'a part that ends before it begins'
ctl drill replay 77 --speed 0
is "$CODE" 1 'no such drill'
# At the drill's own speed it takes as long as the drill did, or longer.
took() { # SPEED: milliseconds
	local from=${EPOCHREALTIME/./}
	shelterctl drill replay "$one" --speed "$1" >"$out"
	echo $(((${EPOCHREALTIME/./} - from) / 1000))
}
end=$(DRILL=$one; drill_events; field '.[-1].body.at_s')
ok test "$(took 30)" -ge $((end * 1000 / 30)) -- 'the pace is that of the drill'
ok test "$(took 300)" -ge $((end * 1000 / 300)) -- 'or ten times as fast'
is "$(shelterctl events --json | jq length)" "$events_before" 'nothing was changed'

# Hidden shelters are absent for those who may not see them.
admin=$SHELTER_TOKEN
viewer=$(as_user vera viewer)
api GET "/v1/shelters/$C"
api PATCH "/v1/shelters/$C" '{"hidden":true}' -H "If-Match: \"$(field .version)\""
is "$STATUS" 200 'a shelter becomes hidden'
SHELTER_TOKEN=$viewer
ctl drill compare "$one" "$two" --json
is "$(get '[[.shelters[].name],.a.planned,.a.actual,.b.actual,.a.observations,(.worse|length)]|tojson')" \
	'[["甲","乙"],370,310,360,0,0]' 'neither in the list nor in the sums'
ctl drill replay "$one" --speed 0 --json
is "$CODE" 0 'a viewer sees the replay'
SHELTER_TOKEN=$admin
api GET /v1/audit
is "$(field .ok)" true 'the chain of events verifies'
ok stop_daemon -- 'the daemon stops in order'
done_testing
