# SPDX-License-Identifier: MIT
# For the drill scenarios, after lib.sh: a district of three shelters and four
# homes at sea, an approved plan, and drills on it.

import_rows() { # KIND ROWS-JSON
	local id
	api POST /v1/imports "{\"kind\":\"$1\",\"crs\":\"wgs84\",\"files\":[\"t\"]}"
	id=$(field .id)
	api POST "/v1/imports/$id/rows" "{\"seq\":0,\"rows\":$2}"
	api POST "/v1/imports/$id/commit"
	job_done
}
# Places 300, 200 and 60; people 120, 200, 80 and 50: the third shelter fills.
small_district() {
	import_rows shelters '[
	{"file":0,"line":2,"register_id":"A","name":"甲","places":300,"x":123.3000,"y":29.8000},
	{"file":0,"line":3,"register_id":"B","name":"乙","places":200,"x":123.3100,"y":29.8000},
	{"file":0,"line":4,"register_id":"C","name":"丙","places":60,"x":123.3200,"y":29.8000}]'
	import_rows homes '[
	{"file":0,"line":2,"register_id":"1","people":120,"x":123.3005,"y":29.8000},
	{"file":0,"line":3,"register_id":"2","people":200,"x":123.3105,"y":29.8000},
	{"file":0,"line":4,"register_id":"3","people":80,"x":123.3205,"y":29.8000},
	{"file":0,"line":5,"register_id":"4","people":50,"x":123.2995,"y":29.8000}]'
}
approved_plan() { # sets PLAN
	api POST /v1/plans '{"radius":200}'
	job_done
	PLAN=$(field '(.job // .).result.id')
	api POST "/v1/plans/$PLAN/approve"
}
make_drill() { # JSON members besides title and plan; sets DRILL
	api POST /v1/drills "{\"title\":\"演练 exercise\",\"plan\":$PLAN${1:+,$1}}"
	DRILL=$(field .id)
}
drill() { api POST "/v1/drills/$DRILL/$1" "${2-}"; }
# The shelter and first entrance of a row of the expected people.
place() { # INDEX
	field ".expected[$1] | \"\\(.shelter) \\(.entrances[0].id)\""
}
fired() { # NUMBER of entries of the timetable, or more
	api GET "/v1/drills/$DRILL"
	[ "$(field '[.injects[]|select(.fired_at_s!=null)]|length')" -ge "$1" ]
}
drill_events() { # all events of the drill, as an array in BODY
	api GET "/v1/events?since=0&limit=10000"
	BODY=$(jq -c "[.items[]|select(.noun==\"drill\" and .noun_id==$DRILL)]" \
		<<<"$BODY")
}
