#!/bin/bash
# SPDX-License-Identifier: MIT
# Hidden works: what viewers, units and inspectors can read anywhere is byte
# for byte the same whether a hidden work and all that happens in it exists
# or not.  The list of what they can read is the route table.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
start_daemon
two_works
people
import_home
MARK=指挥所

plan() { # LIMIT: sets PLAN
	as "$CHEN" POST /v1/plans "{\"radius\":$1}"
	PLAN=$(SHELTER_TOKEN=$CHEN job_done && field .result.id)
}
FAIL='[{"item":"%s","result":"fail","factor":0.5}]'
api GET /v1/checklist
item=$(field '[.items[]|select(.effect!="none")][0].id')
fail() { # TOKEN OP SHELTER: an inspection that finds a defect; NOTICE
	submit "$1" "$2" "$3" "$(printf "$FAIL" "$item")"
	NOTICE=$(field '.notice // empty')
}

# What everybody may know.
fail "$LI" 1 "$A"
[ "$NOTICE" ] && as "$CHEN" POST "/v1/notices/$NOTICE/issue" '{}'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$B,\"due\":\"2027-01-01T00:00:00Z\"}"
# The plans of both works are the same as nobody lives near the hidden one.
plan 200 && P1=$PLAN
as "$CHEN" POST "/v1/plans/$P1/approve" ''
plan 150 && P2=$PLAN
as "$CHEN" POST /v1/drills "{\"title\":\"exercise\",\"plan\":$P1}"
D=$(field .id)
as "$CHEN" POST /v1/drills "{\"title\":\"exercise\",\"plan\":$P1}"
D2=$(field .id)
as "$CHEN" POST "/v1/drills/$D/start" ''
as "$CHEN" POST "/v1/drills/$D/pause" ''

urls() { # every readable route with parameters that reach near H
	cat <<-END
	/v1/checklist
	/v1/closures
	/v1/coverage?radius=200&capacity=true
	/v1/coverage?radius=5000&capacity=true
	/v1/coverage?radius=500&where=places<40
	/v1/coverage/area?radius=500
	/v1/coverage/gaps?radius=200&capacity=true
	/v1/coverage/homes?radius=5000
	/v1/coverage/tiles/10/862/423?radius=500
	/v1/coverage/tiles/16/55217/27080?radius=500
	/v1/defects
	/v1/defects?shelter=$H
	/v1/defects?state=open&limit=1
	/v1/repairs
	/v1/drills
	/v1/drills/$D
	/v1/drills/$D/report
	/v1/drills/$D/compare/$D2
	/v1/explain?lon=123.32&lat=29.8
	/v1/explain?lon=123.3005&lat=29.8&radius=5000
	/v1/homes
	/v1/homes/1
	/v1/inspections
	/v1/inspections?shelter=$H
	/v1/jobs
	/v1/jobs/1
	/v1/me
	/v1/map/shelters
	/v1/map/homes
	/v1/map/network
	/v1/map/tiles/10/862/423
	/v1/map/tiles/16/55217/27080
	/v1/notices
	/v1/notices?shelter=$H
	/v1/notices/1
	/v1/notices/2
	/v1/notices/1/verify
	/v1/notices/2/verify
	/v1/draws
	/v1/draws/1
	/v1/plans
	/v1/plans/$P1
	/v1/plans/$P1/assignments
	/v1/plans/$P1/assignments?shelter=$H
	/v1/plans/$P1/queues
	/v1/plans/$P1/left
	/v1/plans/$P1/diff/$P2
	/v1/plans/$P1/problem
	/v1/rules
	/v1/schedule
	/v1/schedule?shelter=$H
	/v1/schedule?item=doors&limit=1&after=$B
	/v1/shelters
	/v1/shelters?where=id=$H
	/v1/shelters?limit=2
	/v1/shelters?bbox=123.315,29.79,123.325,29.81
	/v1/shelters/near?lon=123.32&lat=29.8&k=5
	/v1/shelters/$H
	/v1/stats
	/v1/tasks
	/v1/tasks?state=open
	/v1/events
	/v1/audit
	/v1/users
	/v1/users/1/tokens
	END
}
# Every GET of the table stands in the list, or tells everybody the same.
shelterd -R | awk '$1=="GET" && $3!="public" {print $2}' |
	sed 's/{[a-z]*}/[0-9]+/g' >"$DIR/routes"
urls | sed 's/?.*//' | sort -u >"$DIR/paths"
is "$(while read -r route; do
	grep -qxE "$route" "$DIR/paths" || echo "$route"
done <"$DIR/routes")" '' 'every route that can be read is looked at'

# Ids of events and versions of data count everything, and are left out.
normal() {
	local text
	text=$(cat)
	jq -cS 'walk(if type=="object" then del(.last_event, .data_version,
		.computed_at, .hash, .events?, .seconds, .head, .elapsed_s)
		else . end)' 2>/dev/null <<<"$text" || printf '%s\n' "$text"
}
look() { # FOLDER: what each role reads now
	local who url n
	mkdir -p "$1"
	for who in LI JIA KAN; do
		n=0
		while read -r url; do
			n=$((n + 1))
			as "${!who}" GET "$url" '' -g
			{ echo "$who $url $STATUS" && normal <<<"$BODY"; } \
				>"$1/$who-$n"
		done < <(urls)
	done
}
compare() { # NAME: `after` is `before`
	local f bad=
	for f in "$DIR"/before/*; do
		cmp -s "$f" "$DIR/after/${f##*/}" && continue
		bad+=" $(head -1 "$f")"
		diag "$(diff "$f" "$DIR/after/${f##*/}" | cut -c1-700)"
	done
	is "$bad" '' "$1"
}
look "$DIR/before"
is "$(grep -l "$MARK" "$DIR"/before/* | wc -l)" 0 'nobody reads its name'

# What happens in the hidden work.
as "$ADMIN" GET "/v1/shelters/$H"
as "$ADMIN" PATCH "/v1/shelters/$H" '{"places":77,"note":"x"}' -H "If-Match: \"$(etag)\""
is "$STATUS" 200 'it changes'
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$H,
	\"assignee\":$WANG_ID,\"due\":\"2027-01-01T00:00:00Z\"}"
is "$STATUS" 201 'another inspector is sent there'
TASK=$(field .id)
as "$WANG" POST "/v1/tasks/$TASK/accept" ''
submit "$WANG" 2 "$H" "$(printf "$FAIL" "$item")" "\"task\":$TASK"
like "$STATUS" '^20[01]$' 'who finds a defect' || diag "$BODY"
N=$(field '.notice // empty')
as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$H,\"due\":\"2027-01-01T00:00:00Z\"}"
is "$STATUS" 201 'a task for nobody yet'
as "$CHEN" POST /v1/schedule/tasks "{\"shelter\":$H}"
is "$STATUS $(field .made)" '201 1' 'a task of the schedule'
as "$CHEN" POST "/v1/notices/${N:-0}/issue" '{}'
is "$STATUS" 200 'a notice of it is issued'
as "$ADMIN" POST /v1/shelters '{"name":"第二指挥所","hidden":true,"org":"甲物业",
	"at":[123.3006,29.8],"places":5000,
	"units":[{"name":"u","stated_places":5000}],
	"entrances":[{"name":"口","at":[123.3006,29.8]}]}'
is "$STATUS" 201 'another is opened beside the homes'
H2=$(field .id)
as "$ADMIN" POST /v1/imports '{"kind":"shelters","crs":"wgs84","files":["t"]}'
id=$(field .id)
as "$ADMIN" POST "/v1/imports/$id/rows" '{"seq":0,"rows":[{"file":0,"line":1,
	"register_id":"R9","name":"指挥所三","hidden":true,"places":9,"x":123.33,"y":29.8}]}'
as "$ADMIN" POST "/v1/imports/$id/commit"
job_done
is "$(field '.result.accepted')" 1 'a third is imported'
look "$DIR/after"
compare 'none of it can be read or deduced'
is "$(grep -l "$MARK" "$DIR"/after/* | wc -l)" 0 'nobody reads their names'

# Plans and drills that use it: their totals are the office's word, but no
# row of theirs names it.
plan 250 && P3=$PLAN
as "$CHEN" GET "/v1/plans/$P3/assignments"
ok [ "$(field "[.items[]|select(.shelter==$H2)]|length")" -gt 0 ] -- 'a plan uses it'
as "$CHEN" POST "/v1/plans/$P3/approve" ''
as "$CHEN" POST /v1/drills "{\"title\":\"exercise 2\",\"plan\":$P3}"
D3=$(field .id)
D4=$(as "$CHEN" POST /v1/drills "{\"title\":\"exercise 3\",\"plan\":$P3}" && field .id)
for d in $D3 $D4; do as "$CHEN" POST "/v1/drills/$d/start" ''; done
as "$CHEN" GET "/v1/drills/$D3"
ok [ "$(field "[.expected[]|select(.shelter==$H2)]|length")" = 1 ] -- 'a drill expects people there'
as "$CHEN" POST "/v1/drills/$D3/arrivals" "{\"arrivals\":[{\"op\":\"a1\",\"shelter\":$H2,\"people\":7}]}"
like "$STATUS" '^20' 'who arrive'
as "$CHEN" POST "/v1/drills/$D3/observe" "{\"text\":\"$MARK\",\"shelter\":$H2}"
like "$STATUS" '^20' 'and are observed'
for who in LI JIA KAN; do
	for url in "/v1/plans/$P3/assignments" "/v1/plans/$P3/queues" "/v1/plans/$P3/diff/$P1" \
		"/v1/plans/$P1/diff/$P3" "/v1/drills/$D3" "/v1/drills/$D3/report" \
		"/v1/drills/$D4/compare/$D3" "/v1/drills/$D3/compare/$D4" \
		"/v1/explain?lon=123.3005&lat=29.8" "/v1/events?since=0&limit=10000" \
		/v1/homes/1 "/v1/plans/$P3/left" /v1/map/homes; do
		as "${!who}" GET "$url"
		printf '%s %s %s\n' "$who" "$url" "$(jq -c "[.. | objects |
			select((.shelter? // .shelter_id? // .to? // .from?) == $H2
				or .id? == $H2 and (has(\"curve\") or has(\"verdict\"))
				or .name? == \"第二指挥所\"
				or .noun? == \"shelter\" and .noun_id? == $H2)]" \
			"$DIR/body" 2>/dev/null)" | grep -v '\[\]$'
		grep -l "$MARK" "$DIR/body"
		[ "$STATUS" = 200 ] || [ "$STATUS" = 403 ] || echo "$url: $STATUS"
	done
done >"$DIR/leaks"
is "$(cat "$DIR/leaks")" '' 'no row names it to anybody else'
as "$KAN" GET "/v1/drills/$D4/compare/$D3"
before="$STATUS $(normal <<<"$BODY")"
as "$CHEN" POST "/v1/drills/$D3/arrivals" "{\"arrivals\":[{\"op\":\"a0\",\"shelter\":$H2,\"people\":3}]}"
as "$CHEN" POST "/v1/drills/$D3/observe" "{\"text\":\"x\",\"shelter\":$H2}"
as "$KAN" GET "/v1/drills/$D4/compare/$D3"
is "$STATUS $(normal <<<"$BODY")" "$before" 'nor does a comparison tell that it is used'
like "$before" '^200 .*"verdict"' 'which there is'
as "$JIA" POST "/v1/drills/$D3/arrivals" "{\"arrivals\":[{\"op\":\"a2\",\"shelter\":$H2,\"people\":7}]}"
hidden="$STATUS $(field 'del(.instance)|tostring' | sed "s/\b$H2\b/ID/g")"
as "$JIA" POST "/v1/drills/$D3/arrivals" "{\"arrivals\":[{\"op\":\"a3\",\"shelter\":424242,\"people\":7}]}"
is "$hidden" "$STATUS $(field 'del(.instance)|tostring' | sed 's/\b424242\b/ID/g')" \
	'arriving there is like arriving nowhere'
for try in "$LI|POST|/v1/inspections|{\"op\":\"$(op 9)\",\"shelter\":ID,\"at\":\"2026-01-05T08:00:00Z\",\"findings\":[{\"item\":\"$item\",\"result\":\"pass\"}]}" \
	"$KAN|GET|/v1/shelters/ID|" "$JIA|POST|/v1/drills/$D3/observe|{\"text\":\"x\",\"shelter\":ID}" \
	"$KAN|GET|/v1/plans/$P3/assignments?shelter=ID|" "$LI|GET|/v1/inspections?shelter=ID|"; do
	IFS='|' read -r who method url body <<<"$try"
	as "$who" "$method" "${url/ID/$H2}" "${body/ID/$H2}"
	hidden="$STATUS $(sed "s/\b$H2\b/ID/g" <<<"$BODY")"
	as "$who" "$method" "${url/ID/424242}" "${body/ID/424242}"
	is "$hidden" "$STATUS ${BODY//424242/ID}" "$method ${url%%\?*}: hidden is unknown"
done

# Notices between orgs, and drafts.
fail "$LI" 3 "$B"
draft=$NOTICE
ok [ -n "$draft" ] -- 'a notice is drafted'
as "$YI" GET "/v1/notices/$draft"
is "$STATUS" 404 'a unit does not see a draft'
as "$YI" GET /v1/notices
is "$(field "[.items[]|select(.state==\"draft\")]|length")" 0 'nor in the list'
as "$YI" POST "/v1/notices/$draft/reply" '{"text":"x"}'
is "$STATUS" 404 'nor answers it'
as "$CHEN" POST "/v1/notices/$draft/issue" '{}'
as "$JIA" GET "/v1/notices/$draft"
is "$STATUS" 404 "nor another org's notice"
as "$JIA" POST "/v1/notices/$draft/reply" '{"text":"done"}'
is "$STATUS" 404 'nor answers that'
for action in issue recheck close; do
	as "$YI" POST "/v1/notices/$draft/$action" '{"pass":true}'
	is "$STATUS" 403 "a unit cannot $action"
done
as "$YI" POST "/v1/notices/$draft/reply" '{"text":"done"}'
is "$STATUS" 200 'its own it answers'
stop_daemon
is $? 0 'and the daemon stops well'
done_testing
