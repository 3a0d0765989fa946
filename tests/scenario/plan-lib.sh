# SPDX-License-Identifier: MIT
# A street of three homes and two shelters, and how to import it.  At 30 N a
# thousandth of a degree of longitude is 96.5 m.
put_rows() { # KIND ROWS: an import from opening to its result in BODY
	local id
	api POST /v1/imports "{\"kind\":\"$1\",\"crs\":\"wgs84\",\"files\":[\"street\"]}"
	id=$(field .id)
	api POST "/v1/imports/$id/rows" "{\"seq\":0,\"rows\":$2}"
	api POST "/v1/imports/$id/commit" '{}'
	[ "$STATUS" = 202 ] || api POST "/v1/imports/$id/commit"
	job_done
	[ "$(field '(.job // .).state')" = done ] || diag "import: $BODY"
}
put_street() {
	put_rows shelters '[
	{"file":0,"line":1,"register_id":"S1","name":"one","places":12,"x":120.0005,"y":30.0},
	{"file":0,"line":2,"register_id":"S2","name":"two","places":10,"x":120.0025,"y":30.0}]'
	put_rows homes '[
	{"file":0,"line":1,"register_id":"H1","people":10,"x":120.000,"y":30.0},
	{"file":0,"line":2,"register_id":"H2","people":20,"x":120.002,"y":30.0},
	{"file":0,"line":3,"register_id":"H3","people":5,"x":120.020,"y":30.0},
	{"file":0,"line":4,"register_id":"H0","people":0,"x":120.001,"y":30.0}]'
}
# Two ways that do not meet: H1 and S1 on one, H2 and S2 on the other.
put_ways() {
	put_rows network '[
	{"file":0,"line":1,"name":"west","class":"footway","steps":false,
		"lines":[[119.999,30.0,120.001,30.0]]},
	{"file":0,"line":2,"name":"east","class":"footway","steps":false,
		"lines":[[120.0015,30.0,120.003,30.0]]}]'
}
make_plan() { # BODY: the plan of BODY's job
	api POST /v1/plans "$1"
	[ "$STATUS" = 202 ] || return 1
	job_done
	BODY=$(field '(.job // .).result')
}
