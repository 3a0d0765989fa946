# SPDX-License-Identifier: MIT
# For scenarios: TAP, a private daemon on a free port in a folder of its own,
# and requests by curl.  Source it first; end with done_testing.
#
#	start_daemon [-o KEY=VALUE …]	sets DIR PID SHELTER_URL SHELTER_TOKEN
#	stop_daemon			graceful; checks that it ended well
#	kill_daemon			kill -9
#	restart_daemon			on the same store
#	api METHOD PATH [JSON] [curl options]	sets STATUS BODY HEADERS
#	field JQ			of BODY
#	is GOT WANTED NAME · ok COMMAND… -- NAME · like GOT REGEX NAME
#	wait_for SECONDS COMMAND…	until it succeeds
#	skip_all REASON
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BUILD=${BUILD:-build}
DATA=${SHELTER_DATA:-../shared/data}
case $BUILD in /*) PATH=$BUILD:$PATH ;; *) PATH=$PWD/$BUILD:$PATH ;; esac
DIR=$(mktemp -d "${TMPDIR:-/tmp}/shelterd-test.XXXXXX")
PID= TESTS=0 FAILED=0 DAEMON_OPTIONS=()
export SHELTER_URL= SHELTER_TOKEN= XDG_DATA_HOME=$DIR/xdg

finish() {
	local code=$?
	[ -z "$PID" ] || { kill -9 "$PID" 2>/dev/null; wait "$PID" 2>/dev/null; }
	local p
	for p in $(jobs -p); do kill "$p" 2>/dev/null; done
	[ "$FAILED" = 0 ] || sed 's/^/# daemon: /' "$DIR/daemon.err" 2>/dev/null |
		tail -n 40
	rm -rf "$DIR"
	exit $code
}
trap finish EXIT

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}
diag() { printf '%s\n' "$*" | sed 's/^/# /'; }
result() { # STATUS NAME
	TESTS=$((TESTS + 1))
	if [ "$1" = 0 ]; then
		echo "ok $TESTS - $2"
	else
		FAILED=$((FAILED + 1))
		echo "not ok $TESTS - $2"
	fi
	return "$1"
}
is() {
	if [ "$1" = "$2" ]; then
		result 0 "$3"
	else
		result 1 "$3"
		diag "got:    $1" "wanted: $2"
		return 1
	fi
}
like() {
	if [[ $1 =~ $2 ]]; then
		result 0 "$3"
	else
		result 1 "$3"
		diag "got: $1" "no match for: $2"
		return 1
	fi
}
ok() { # COMMAND… -- NAME
	local cmd=()
	while [ "$1" != -- ]; do cmd+=("$1"); shift; done
	shift
	"${cmd[@]}"
	result $? "$1"
}
done_testing() {
	echo "1..$TESTS"
	[ "$FAILED" = 0 ] || exit 1
}

wait_for() { # SECONDS COMMAND…
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		read -rt 0.05 <> <(:) || :
	done
}

daemon_ready() {
	if ! kill -0 "$PID" 2>/dev/null; then
		return 0
	fi
	grep -q '^shelterd: ready ' "$DIR/daemon.out" 2>/dev/null
}
start_daemon() {
	DAEMON_OPTIONS=("$@")
	restart_daemon
	SHELTER_TOKEN=$(cat "$DIR/admin.token")
}
restart_daemon() {
	: >"$DIR/daemon.out"
	shelterd -c etc/shelterd.conf -o listen=127.0.0.1:0 \
		-o store="$DIR/store.db" -o admin-token-file="$DIR/admin.token" \
		-o backup-dir="$DIR/backup" -o rules-dir=etc/rules \
		-o web-root=build/web "${DAEMON_OPTIONS[@]}" \
		>"$DIR/daemon.out" 2>>"$DIR/daemon.err" &
	PID=$!
	if ! wait_for 30 daemon_ready || ! kill -0 "$PID" 2>/dev/null; then
		echo "Bail out! the daemon did not start"
		sed 's/^/# /' "$DIR/daemon.err"
		exit 1
	fi
	SHELTER_URL=$(sed -n 's/^shelterd: ready //p' "$DIR/daemon.out")
}
stop_daemon() {
	kill -TERM "$PID"
	wait "$PID"
	local code=$?
	PID=
	return $code
}
kill_daemon() {
	kill -9 "$PID"
	wait "$PID" 2>/dev/null
	PID=
}

api() { # METHOD PATH [JSON] [curl options]
	local method=$1 path=$2 body=${3-}
	shift $(($# > 2 ? 3 : 2))
	local args=(-sS -X "$method" -D "$DIR/headers" -o "$DIR/body"
		-w '%{http_code}' -H "Authorization: Bearer $SHELTER_TOKEN")
	[ "$method" != HEAD ] || args=(-I "${args[@]:2}")
	[ -z "$body" ] || args+=(-H 'Content-Type: application/json'
		--data-binary "$body")
	: >"$DIR/body"
	STATUS=$(curl "${args[@]}" "$@" "$SHELTER_URL$path")
	BODY=$(tr -d "\0" <"$DIR/body")
	HEADERS=$(cat "$DIR/headers")
}
field() { jq -r "$1" <<<"$BODY"; }
header() { sed -n "s/^$1: *\(.*\)\r\$/\1/Ip" <<<"$HEADERS"; }
etag() { header etag | tr -d '"'; }
as_user() { # NAME ROLE [ORG]: a new user; prints its token
	local id
	api POST /v1/users "{\"name\":\"$1\",\"role\":\"$2\",\"org\":\"${3-}\"}"
	id=$(field .id)
	api POST "/v1/users/$id/tokens" '{"label":"test"}'
	field .token
}
need_data() { # PATH below the data folder, or the scenario is skipped
	[ -e "$DATA/$1" ] || skip_all "no real data at $DATA/$1"
}
job_done() { # the job of BODY: waits for its end, BODY is the job
	local id
	id=$(field .job.id)
	api GET "/v1/jobs/$id?wait=30"
	while [[ $(field .state) =~ queued|running ]]; do
		api GET "/v1/jobs/$id?wait=30"
	done
}
