# SPDX-License-Identifier: MIT
# For the inspection, notice and field scenarios, after lib.sh: two works with
# doors, a home beside the first, and who acts.

import_home() {
	local id
	api POST /v1/imports '{"kind":"homes","crs":"wgs84","files":["t"]}'
	id=$(field .id)
	api POST "/v1/imports/$id/rows" '{"seq":0,"rows":[{"file":0,"line":2,
		"register_id":"1","people":150,"x":123.3005,"y":29.8}]}'
	api POST "/v1/imports/$id/commit"
	job_done
}
# Sets A (200 places, doors A1 and A2, org 甲物业), B (50 places, one door,
# other org), H (hidden).
two_works() {
	api POST /v1/shelters '{"name":"地下室甲","at":[123.3,29.8],
		"org":"甲物业","places":200,
		"units":[{"name":"一单元","stated_places":200}],
		"entrances":[{"name":"东口","at":[123.3,29.8]},
			{"name":"西口","at":[123.3001,29.8]}]}'
	A=$(field .id)
	api GET "/v1/shelters/$A"
	A1=$(field '.entrances[0].id')
	A2=$(field '.entrances[1].id')
	api POST /v1/shelters '{"name":"地下室乙","at":[123.31,29.8],
		"org":"乙物业","units":[{"name":"一","stated_places":50}],
		"entrances":[{"name":"口","at":[123.31,29.8]}]}'
	B=$(field .id)
	api POST /v1/shelters '{"name":"指挥所","at":[123.32,29.8],
		"hidden":true,"org":"甲物业",
		"units":[{"name":"一","stated_places":30}],
		"entrances":[{"name":"口","at":[123.32,29.8]}]}'
	H=$(field .id)
}
# Sets ADMIN and the tokens and ids of li, wang, chen (coordinator), jia and
# yi (units), kan (viewer).
people() {
	ADMIN=$SHELTER_TOKEN
	LI=$(as_user li inspector)
	WANG=$(as_user wang inspector)
	CHEN=$(as_user chen coordinator)
	JIA=$(as_user jia unit 甲物业)
	YI=$(as_user yi unit 乙物业)
	KAN=$(as_user kan viewer)
	api GET /v1/users
	LI_ID=$(field '.items[]|select(.name=="li").id')
	WANG_ID=$(field '.items[]|select(.name=="wang").id')
}
as() { # TOKEN METHOD PATH [JSON]
	local SHELTER_TOKEN=$1
	shift
	api "$@"
}
op() { # N: an operation id
	printf '00000000-0000-4000-8000-%012d' "$1"
}
submit() { # TOKEN OP-NUMBER SHELTER FINDINGS [more members]
	as "$1" POST /v1/inspections "{\"op\":\"$(op "$2")\",\"shelter\":$3,
		\"at\":\"2026-01-05T08:00:00Z\",\"findings\":$4${5:+,$5}}"
}
usable() { # SHELTER
	api GET "/v1/shelters/$1"
	field '"\(.usable) \(.binding_rule) \(.open_defects)"'
}
placed() {
	api GET '/v1/coverage?radius=200&capacity=true'
	field '"\(.covered) \(.placed)"'
}
