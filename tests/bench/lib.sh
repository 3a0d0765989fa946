# SPDX-License-Identifier: MIT
# For bench scripts: the scenario library's daemon, without its TAP.
. "$(dirname "${BASH_SOURCE[0]}")/../scenario/lib.sh"

HOSTPORT() { # "HOST PORT" of the running daemon
	local at=${SHELTER_URL#http://}
	echo "${at%:*} ${at##*:}"
}
figure() { # NAME SIZE VALUE UNIT [PEER PEER_VALUE RATIO]
	jq -cn --arg name "$1" --argjson size "$2" --argjson value "$3" \
		--arg unit "$4" --arg peer "${5-}" \
		--argjson peer_value "${6:-null}" --argjson ratio "${7:-null}" \
		'{name: $name, size: $size, value: $value, unit: $unit,
		peer: (if $peer == "" then null else $peer end),
		peer_value: $peer_value, ratio: $ratio}'
}
median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
