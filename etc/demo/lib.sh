# SPDX-License-Identifier: MIT
# What the story's steps share: saying things, calling the clients, waiting
# for conditions, and stopping what was started.
# Every answer is kept as $OUT/NAME.json.
set -euo pipefail
BUILD=${BUILD:-build}
PATH=$PWD/$BUILD:$BUILD:$PATH
STEP=0 DAEMON='' HELPERS=() FAILED=1
export SHELTER_URL='' SHELTER_TOKEN=''

step() { # 中文 English
	STEP=$((STEP + 1))
	printf '\n[%d] %s · %s\n' "$STEP" "$1" "$2"
}
tell() { printf '    %s\n' "$*"; }
die() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

# One end for all roads: helpers always, the daemon when it failed or was
# asked for; the folder stays when somebody else named it.
finish() {
	local code=$? pid
	for pid in "${HELPERS[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || :
	done
	if [ "$FAILED" = 1 ] || [ -n "${DEMO_EXIT:-}" ]; then
		[ -z "$DAEMON" ] || stop_daemon
		[ -n "${DEMO_DIR:-}" ] || rm -rf "$DIR"
	fi
	[ "$FAILED" = 0 ] || [ "$code" != 0 ] || code=1
	exit "$code"
}
stop_daemon() {
	kill "$DAEMON" 2>/dev/null || return 0
	wait_for 15 gone "$DAEMON" || kill -9 "$DAEMON" 2>/dev/null
	DAEMON=''
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# Tries until it succeeds or so many seconds are over.
wait_for() { # SECONDS COMMAND…
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		read -rt 0.05 <> <(:) || :
	done
}

# A client's command with its answer in $OUT/NAME.json; ends the story when
# it is refused.
call() { # NAME PROGRAM ARGUMENT…
	local name=$1
	shift
	if ! "$@" --json >"$OUT/$name.json" 2>"$OUT/$name.err"; then
		cat "$OUT/$name.err" "$OUT/$name.json" >&2
		die "step $STEP failed: $*"
	fi
}
ctl() { local name=$1; shift; call "$name" shelterctl "$@"; }
as() { # USER: from here on
	SHELTER_TOKEN=$(jq -r .token "$OUT/login-$1.json")
}
get() { # NAME JQ
	jq -r "$2" "$OUT/$1.json"
}
api() { # NAME METHOD PATH [JSON] [HEADER…]: what has no verb of its own
	local name=$1 method=$2 path=$3 body=${4-} code args=() h
	shift $(($# > 3 ? 4 : 3))
	for h in "$@"; do args+=(-H "$h"); done
	[ -z "$body" ] || args+=(-H 'Content-Type: application/json'
		--data-binary "$body")
	code=$(curl -sS -X "$method" -o "$OUT/$name.json" -w '%{http_code}' \
		-H "Authorization: Bearer $SHELTER_TOKEN" "${args[@]}" \
		"$SHELTER_URL$path") || die "step $STEP: no answer to $path"
	[ "$code" -lt 300 ] ||
		die "step $STEP: $method $path: $code $(cat "$OUT/$name.json")"
}
same() { # GOT WANTED WHAT
	[ "$1" = "$2" ] || die "step $STEP: $3: got $1, wanted $2"
}

# The event stream, in the background: one event a line in $OUT/stream, the
# alarm signals also in $OUT/signals.
follow_stream() {
	: >"$OUT/signals"
	curl -sN -H "Authorization: Bearer $SHELTER_TOKEN" \
		-H 'Accept: text/event-stream' "$SHELTER_URL/v1/events?since=$1" \
		> >(stdbuf -oL sed -n 's/^data: //p' | tee "$OUT/stream" |
			grep --line-buffered '"kind":"drill.signal"' >"$OUT/signals") &
	HELPERS+=("$!")
}
