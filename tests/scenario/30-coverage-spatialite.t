#!/bin/bash
# SPDX-License-Identifier: MIT
# Coverage at 200 m on the real district, public shelters only and all of them,
# through import and daemon, within 0.1 % of what SpatiaLite answers to the
# same question from the same published files.
. "$(dirname "$0")/lib.sh"
need_data daan
box=121.5225,25.0225,121.5485,25.0395

peer=$(tests/peers/spatialite.sh "$DATA" $box 200)
[ $? != 77 ] || skip_all "no sqlite3 with mod_spatialite"
of_peer() { jq -r ".$1" <<<"$peer"; }

import() { # NAME FILES AND OPTIONS…
	local what=$1
	shift
	shelterctl import "$what" "$@" --bbox $box --json \
		>"$DIR/$what.json" 2>"$DIR/$what.err"
	ok test $? = 0 -- "import $what"
	diag "$(head -c 300 "$DIR/$what.json")"
}
coverage() { # [OPTIONS]
	BODY=$(shelterctl coverage --radius 200 --json "$@")
}
within() { # OURS THEIRS: 0.1 % of theirs
	jq -en --argjson a "${1:-null}" --argjson b "${2:-null}" \
		'$b > 0 and (($a - $b) | fabs) <= 0.001 * $b' >/dev/null
}
close() { # OURS THEIRS NAME
	diag "here $1, SpatiaLite $2"
	ok within "$1" "$2" -- "$3"
}

start_daemon
import shelters "$DATA"/daan/shelters/*.csv
import homes "$DATA"/daan/population/*.geojson \
	--population "$DATA/daan/population/population_2017_06.csv" \
	--key CODEBASE --people P_CNT

is "$(jq -r .people "$DIR/homes.json")" "$(of_peer people | cut -d. -f1)" \
	"the same people live in the box"
coverage --where "kind != '一般住宅'"
close "$(field .covered)" "$(of_peer covered_public)" "public shelters only"
is "$(field .people)" 181976 "of all the people"
coverage
close "$(field .covered)" "$(of_peer covered_all)" "all shelters"
is "$(field '.covered + .too_far == .people')" true \
	"covered and too far make all"
ok stop_daemon -- "the daemon ends well"
done_testing
