# SPDX-License-Identifier: MIT
# For bench scripts with PostgreSQL as a peer: a server of its own in a
# temporary folder, on a socket there.  It does not run as root, so root lends
# the folder to "nobody".  Sourced after lib.sh; whatever runs stops at the end.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
pg= # the folder, empty while no server runs
as() { "$@"; }
sql() { psql -h "$pg" -U bench -d postgres -XqAt "$@"; }

have_postgis() {
	[ -n "$bin" ] &&
		ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1
}
start_postgres() { # SETTING=VALUE…
	local options="-c listen_addresses= -c shared_buffers=512MB" set
	pg=$(mktemp -d)
	if [ "$(id -u)" = 0 ]; then
		chown nobody "$pg"
		as() { (cd "$pg" && runuser -u nobody -- "$@"); }
	fi
	for set; do options+=" -c $set"; done
	as "$bin/initdb" -D "$pg/data" -A trust -U bench >/dev/null 2>&1 || exit 1
	as "$bin/pg_ctl" -w -D "$pg/data" -l "$pg/log" -o "-k $pg $options" \
		start >/dev/null || exit 1
}
end() {
	local code=$?
	if [ -n "$pg" ]; then
		as "$bin/pg_ctl" -D "$pg/data" -m immediate stop >/dev/null 2>&1
		rm -rf "$pg"
	fi
	[ -z "$PID" ] || kill -9 "$PID" 2>/dev/null
	rm -rf "$DIR"
	exit $code
}
trap end EXIT
