#!/bin/bash
# SPDX-License-Identifier: MIT
# The story of a district from its register to the report of its drill, told
# with the clients alone: shelterctl, shelter-field, curl.
#
#	BUILD=build SIZE=1200 SEED=1 [DATA=folder] [DEMO_EXIT=1] [DEMO_DIR=folder]
#
# Leaves the daemon serving unless DEMO_EXIT is set; any step that fails ends
# it all with a message and a code that is not 0.
cd "$(dirname "$0")/../.."
. etc/demo/lib.sh
. etc/demo/wardens.sh
SIZE=${SIZE:-1200} SEED=${SEED:-1} SPEED=${DEMO_SPEED:-$((${SIZE:-1200} > 5000 ? 30 : 120))}
DIR=${DEMO_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/shelter-demo.XXXXXX")}
OUT=$DIR/out
mkdir -p "$OUT"
trap finish EXIT
trap 'exit 130' INT TERM
for tool in shelterd shelterctl shelter-field district curl jq awk; do
	command -v $tool >/dev/null || die "$tool is missing: make demo builds and installs it"
done

start_daemon() {
	setsid shelterd -c etc/shelterd.conf \
		-o listen="${DEMO_LISTEN:-127.0.0.1:0}" -o store="$DIR/store.db" \
		-o admin-token-file="$DIR/admin.token" -o rules-dir=etc/rules \
		-o backup-dir="$DIR/backup" -o web-root=build/web \
		>"$OUT/daemon.out" 2>"$OUT/daemon.err" </dev/null &
	DAEMON=$!
	serving() { grep -qs '^shelterd: ready ' "$OUT/daemon.out" || gone "$DAEMON"; }
	wait_for 30 serving || die 'the daemon does not get ready'
	gone "$DAEMON" && die "the daemon did not start: $(cat "$OUT/daemon.err")"
	SHELTER_URL=$(sed -n 's/^shelterd: ready //p' "$OUT/daemon.out")
	SHELTER_TOKEN=$(cat "$DIR/admin.token")
}

# name, role, organisation: a user with a password drawn now.
LOGINS=()
add_user() {
	local password
	password=$(head -c 12 /dev/urandom | base64 | tr '+/' 'xy')
	ctl "user-$1" user add "$1" --role "$2" --org "$3" --password <<<"$password"
	ctl "login-$1" login "$1" <<<"$password"
	LOGINS+=("$(printf '%-12s %-12s %s' "$1" "$2" "$password")")
}

step 开张 'a new store, a daemon, five people'
start_daemon
tell "serving 服务于 $SHELTER_URL, store in $DIR"
ORG='示范维护队 (synthetic)'
add_user coordinator coordinator ''
add_user inspector-li inspector ''
add_user inspector-wu inspector ''
add_user unit unit "$ORG"
add_user viewer viewer ''
as coordinator

ONLY=() # the shelters that the plan may use
step 导入 'import the register, the homes, the streets'
if [ -n "${DATA:-}" ]; then
	[ -d "$DATA/shelters" ] || die "no folder $DATA/shelters"
	tell "real data 真实数据: $DATA"
	BOX=(--bbox 121.5225,25.0225,121.5485,25.0395)
	ctl shelters import shelters "$DATA"/shelters/*.csv "${BOX[@]}" \
		--rejects "$OUT/rejects.csv"
	ctl homes import homes "$DATA"/population/*.geojson "${BOX[@]}" \
		--population "$DATA"/population/population_2017_06.csv \
		--key CODEBASE --people P_CNT
	ctl network import network "$DATA/roads.geojson" \
		--exclude name=建國快速道路
	ONLY=(--where "kind != '一般住宅'")
else
	mkdir -p "$DIR/district"
	district -n "$SIZE" -s "$SEED" -o "$DIR/district" >"$OUT/district.json"
	tell "SYNTHETIC district at sea 海上虚构示范区: $(get district \
		'"\(.homes) homes, \(.people) people, \(.shelters) shelters, seed '"$SEED"'"')"
	ctl shelters import shelters "$DIR/district/shelters.csv" \
		--rejects "$OUT/rejects.csv"
	ctl homes import homes "$DIR/district/homes.geojson" --people people
	ctl network import network "$DIR/district/streets.geojson"
fi
ACCOUNT='"read \(.read) = accepted \(.accepted) + updated \(.updated) + unchanged \(.unchanged) + rejected \(.rejected) + outside \(.outside); duplicates \(.duplicates), warnings \(.warnings)"'
for kind in shelters homes network; do
	tell "$kind: $(get $kind "$ACCOUNT")"
	same "$(get $kind '.accepted+.updated+.unchanged+.rejected+.outside')" \
		"$(get $kind .read)" "$kind are not all accounted for"
done
tell "people 人口 $(get homes .people); streets $(get network \
	'"\(.nodes) nodes, \(.edges) edges, \(.components) parts, \(.metres/1000|floor) km"')"
for kind in shelters homes; do
	get $kind '[.rows[]?|select(.outcome=="rejected")]|.[0:3][]|"refused 被拒: '$kind' line \(.line), \(.field): \(.reason)"' |
		while read -r line; do tell "$line"; done
done
[ "$(get shelters .rejected)" = 0 ] ||
	tell "all of them with reasons 全部原因: $OUT/rejects.csv"

# The register states places only; doors come from the coordinator's survey.
if [ -z "${DATA:-}" ]; then
	ctl list shelter list --all
	jq -r --slurpfile doors "$DIR/district/entrances.json" \
		--arg url "$SHELTER_URL" '
		($doors[0] | map({(.register_id): .entrances}) | add) as $e
		| [(.items? // .)[] | select($e[.register_id] != null)]
		| to_entries[] | (if .key > 0 then "next" else empty end), (.value
		| "url = \"\($url)/v1/shelters/\(.id)\"", "request = PATCH",
		  "header = \"If-Match: \\\"\(.version)\\\"\"",
		  "header = \"Content-Type: application/json\"",
		  "header = \"Authorization: Bearer '"$SHELTER_TOKEN"'\"",
		  "data = \({entrances: $e[.register_id]} | tojson | tojson)",
		  "output = /dev/null", "write-out = \"%{http_code}\\n\"",
		  "silent")' "$OUT/list.json" >"$DIR/doors.curl"
	curl -K "$DIR/doors.curl" >"$OUT/doors.txt" 2>"$OUT/doors.err" ||
		die "doors: $(cat "$OUT/doors.err")"
	same "$(sort -u "$OUT/doors.txt" | tr -d '\n')" 200 'doors were refused'
	tell "entrances surveyed 出入口登记: $(wc -l <"$OUT/doors.txt") shelters"
fi

step 覆盖 'who has a usable place, who not, and why'
LINE='"covered \(.covered) of \(.people) by distance alone, placed \(.placed), too far \(.too_far), full \(.full); \(.usable_shelters) usable shelters, \(.places) places"'
ctl radius coverage --radius 200 --capacity --gaps "$OUT/gaps.geojson"
tell "200 m: $(get radius "$LINE")"
ctl minutes coverage --minutes 8 --capacity
tell "8 min on foot 步行: $(get minutes "$LINE")"
if [ ${#ONLY[@]} -gt 0 ]; then
	ctl public coverage --radius 200 --capacity "${ONLY[@]}" \
		--gaps "$OUT/gaps.geojson"
	tell "200 m, ${ONLY[1]}: $(get public "$LINE")"
fi
tell "gaps 缺口: $(jq '.features|length' "$OUT/gaps.geojson") areas in gaps.geojson"

step 方案 'every home to a shelter, optimal and proved'
ctl plan plan make --radius 200 "${ONLY[@]}" --title '疏散掩蔽方案 plan'
PLAN=$(get plan .id)
tell "$(get plan '"sheltered \(.sheltered) of \(.people); left over: too far \(.left_over.too_far), full \(.left_over.full), no path \(.left_over.no_path)"')"
tell "$(get plan '"person-metres \(.person_metres) = proved bound \(.bound), \(.arcs) arcs, \(.seconds) s"')"
same "$(get plan .person_metres)" "$(get plan .bound)" 'the plan is not proved'
ctl approved plan approve "$PLAN"
ctl assignments plan assignments "$PLAN"
# The shelter most people depend on.
SHELTER=$(get assignments '[(.items? // .)[]]|group_by(.shelter)|max_by(map(.people)|add)[0].shelter')
ctl works shelter show "$SHELTER"
AT=$(get works '.at|"\(.[0]+0.0004),\(.[1]+0.0002)"')
ctl explain shelter explain "$AT"
tell "explain 说明 $AT: $(get explain '[.nearest[]|"\([.name,.address,.id]|map(select(. != null and . != ""))[0]): \(.metres|floor) m \(.reason // "")"]|.[0:3]|join("; ")')"

step 检查 'a task is pushed, worked on offline, sent exactly once'
[ -z "${DATA:-}" ] || ctl org shelter set "$SHELTER" --field "org=$ORG"
INSPECTOR=$(get user-inspector-li .id)
as inspector-li
FIELD=(shelter-field --db "$DIR/field.db")
streams() { curl -sS "$SHELTER_URL/metrics" | awk '$1 == "shelterd_streams" { print $2 }'; }
"${FIELD[@]}" watch --count 1 --json >"$OUT/watch.json" 2>"$OUT/watch.err" &
WATCH=$!
HELPERS+=("$WATCH")
listening() { [ "$(streams)" -ge 1 ]; }
wait_for 15 listening || die "no open stream: $(cat "$OUT/watch.err")"
tell 'inspector Li listens; her stream is open 检查员在线'
as coordinator
ctl task task create "$SHELTER" --due 2099-12-31 --assignee "$INSPECTOR" \
	--note '逐项检查人防门 look at every door'
TASK=$(get task .id)
wait_for 15 gone "$WATCH" || die 'the task was not pushed'
tell "task $TASK pushed 已推送: $(get works '[.name,.address]|map(select(. != ""))[0]')"

ENTRANCE=$(get works '.entrances[0].id')
FINDINGS=(--fail door-closes --note '门扇关不严 the leaf does not shut'
	--entrance "$ENTRANCE")
as inspector-li
call sync0 "${FIELD[@]}" sync
HERE=$SHELTER_URL
SHELTER_URL=http://127.0.0.1:9 # no signal in the basement
call accept "${FIELD[@]}" accept "$TASK"
call inspect "${FIELD[@]}" inspect "$TASK" "${FINDINGS[@]}"
if "${FIELD[@]}" sync --json >"$OUT/offline.json" 2>/dev/null; then
	die 'a sync without a line claims to have worked'
fi
tell "offline 离线: unsent 未发送 $(get offline .unsent)"
SHELTER_URL=$HERE
as coordinator
ctl before coverage --radius 200 --capacity "${ONLY[@]}"
ctl works-before shelter show "$SHELTER"
as inspector-li
call sync1 "${FIELD[@]}" sync
call sync2 "${FIELD[@]}" sync
as coordinator
ctl inspections inspection list --shelter "$SHELTER"
same "$(get inspections '[(.items? // .)[]]|length')" 1 'the inspection is not there exactly once'
tell "back online 恢复联网: sent $(get sync1 .sent), then $(get sync2 .sent); the server has it once"

ctl works-after shelter show "$SHELTER"
ctl after coverage --radius 200 --capacity "${ONLY[@]}"
tell "usable places 可用容量 $(get works-before .usable) -> $(get works-after .usable) ($(get works-after .binding_rule)); placed $(get before .placed) -> $(get after .placed), covered $(get before .covered) -> $(get after .covered)"
[ "$(get works-after .usable)" -lt "$(get works-before .usable)" ] ||
	die 'a failing door did not lower the capacity'
ctl notices notice list --shelter "$SHELTER"
NOTICE=$(get notices '[(.items? // .)[]][0].id')
tell "notice 整改通知书 $NOTICE: $(get notices '[(.items? // .)[]][0].state')"
ctl issued notice issue "$NOTICE"
as unit
ctl answered notice reply "$NOTICE" '已更换铰页 hinge replaced'
as inspector-wu
ctl rechecked notice recheck "$NOTICE" --pass --text '启闭正常 shuts tight'
as coordinator
ctl closed notice close "$NOTICE"
ctl works-closed shelter show "$SHELTER"
tell "$(get issued .number): issued 签发 -> answered 答复 -> re-checked by another 他人复查 -> $(get closed .state) 销号"
same "$(get works-closed .usable)" "$(get works-before .usable)" 'capacity did not return'
tell "usable places again 容量恢复 $(get works-closed .usable)"

step 演练 'EXERCISE: the approved plan as a drill, signals on the clock'
ctl drill drill create "$PLAN" --title '演练 exercise' --speed "$SPEED"
DRILL=$(get drill .id)
tell "$(get drill '"drill \(.id), exercise \(.exercise), \(.planned) people expected at \(.expected|length) shelters, speed \(.speed)"')"
walking_times "$OUT/assignments.json" "$SEED" | reports_of_wardens >"$DIR/wardens.tsv"
follow_stream 0
ctl started drill start "$DRILL"
play_wardens "$DIR/wardens.tsv"
for signal in pre-alarm air-raid all-clear; do
	sounded() { announce && [[ $ANNOUNCED == *" $signal "* ]]; }
	wait_for 120 sounded || die "no $signal on the stream"
done
ctl ended drill end "$DRILL"
over() { grep -q '"kind":"drill.ended"' "$OUT/stream"; }
wait_for 60 over || die 'the stream does not tell of the end'
ctl report drill report "$DRILL"
ctl report-again drill report "$DRILL"
cmp -s "$OUT/report.json" "$OUT/report-again.json" || die 'the report is not the same twice'
tell "$(get report '"planned 应到 \(.planned), arrived 实到 \(.actual); 50 % after \(.t50) s, 90 % after \(.t90) s, 100 % \(.t100 // "never")"')"
tell "$(get report '.bottleneck|"bottleneck 瓶颈: \(.name // .shelter), \(.entrance.name // .entrance.id), \(.entrance.people) people, \(.entrance.per_minute // "-") a minute"')"
same "$(jq -s "[.[]|select(.kind==\"drill.arrival\" and .noun_id==$DRILL).body.arrivals[].people]|add" "$OUT/stream")" \
	"$(get report .actual)" 'report and stream disagree'

step 审计 'the log holds together'
SHELTER_TOKEN=$(cat "$DIR/admin.token")
ctl backup backup demo
ctl audit audit verify
same "$(get audit .ok)" true 'the chain of events'
ctl stats stats
tell "$(get audit '"events 事件 \(.events), head \(.head)"')"
code=$(curl -sS -o "$OUT/page.html" -w '%{http_code}' "$SHELTER_URL/")
if [ "$code" = 200 ]; then
	tell "the page follows all this live 网页实时显示: $SHELTER_URL/"
else
	tell 'no web page here: it needs npm (make setup-web web)'
fi

FAILED=0
if [ -n "${DEMO_EXIT:-}" ]; then
	printf '\ndone 完成\n'
	exit 0
fi
printf '\nThe daemon goes on serving 继续服务: %s/   (pid %s, kill %s ends it)\n' \
	"$SHELTER_URL" "$DAEMON" "$DAEMON"
printf 'logins 登录 (name, role, password):\n'
printf '    %s\n' "${LOGINS[@]}"
disown -a
