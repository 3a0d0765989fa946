#!/bin/bash
# SPDX-License-Identifier: MIT
# Durable check-ins a second (arrivals at a drill's door, with idempotency keys)
# over HTTP with 1, 16 and 64 clients on kept connections, each waiting for its
# answer, by TCP and by the Unix socket, which is how PostgreSQL is asked.  Two
# peers: a bare SQLite loop (WAL, synchronous=FULL, same folder)
# that commits the same rows in batches of the size the daemon's commits had
# (a door's sum once a batch, as the daemon does), which is what is left when
# HTTP, JSON, checks and the hash chain cost nothing; and PostgreSQL with as
# many clients, the same rows in one transaction each, fsync and
# synchronous_commit on (pgbench, prepared, unix socket).  Then the same with 64
# clients that send eight arrivals in a request (what gathered while a device
# was offline): eight counts, one event and one kept answer, for PostgreSQL in
# one transaction.  Beside the rates it says what processor time a check-in
# costs: rates depend on who else is busy.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres.sh"
. tests/scenario/drill-lib.sh
seconds=${SECONDS_EACH:-5}
make_tables() {
	[ -n "$bin" ] || { echo 'no PostgreSQL: no peer' >&2; return; }
	start_postgres
	sql <<-'SQL' || exit 1
	CREATE TABLE drill_arrival (drill_id bigint, op text, shelter_id bigint, entrance_id bigint, people bigint, at_s bigint, shelter_people bigint, overfull bigint, PRIMARY KEY (drill_id, op));
	CREATE TABLE drill_door (drill_id bigint, shelter_id bigint, entrance_id bigint, shelter_name text, entrance_name text, clear_width float8, expected bigint, arrived bigint, PRIMARY KEY (drill_id, shelter_id, entrance_id));
	CREATE TABLE event (id bigserial PRIMARY KEY, at bigint, user_id bigint, user_name text, kind text, noun text, noun_id bigint, roles bigint, scope_user bigint, scope_org text, hidden bigint, body text, hash bytea);
	CREATE INDEX ON event (noun, noun_id, id);
	CREATE TABLE idempotency (account_id bigint, key text, request bytea, at bigint, status text, type text, body bytea, headers text, PRIMARY KEY (account_id, key));
	CREATE INDEX ON idempotency (at);
	CREATE SEQUENCE op;
	SQL
}
# Every client counts at a door of its own, so that none waits for another's
# row, which the daemon need not grant itself.
give_postgres() { # ARRIVALS; the bytes of the daemon's newest check-in
	local event answer i
	event=$(sqlite3 "$DIR/store.db" "SELECT body FROM event
		WHERE kind = 'drill.arrival' ORDER BY id DESC LIMIT 1")
	answer=$(sqlite3 "$DIR/store.db" "SELECT body FROM idempotency LIMIT 1")
	# pgbench takes a colon for a variable's name.
	event=${event//:/\\072} answer=${answer//:/\\072}
	{
		cat <<-SQL
		BEGIN;
		INSERT INTO drill_door VALUES (1, 1, :client_id, 'shelter', 'door', 1, 0, $1) ON CONFLICT (drill_id, shelter_id, entrance_id) DO UPDATE SET arrived = drill_door.arrived + $1;
		SQL
		for ((i = 0; i < $1; i++)); do
			echo "INSERT INTO drill_arrival VALUES (1, '64-' || lpad(nextval('op')::text, 10, '0'), 1, :client_id, 1, 9, 99, 0);"
		done
		cat <<-SQL
		INSERT INTO event (at, user_id, user_name, kind, noun, noun_id, roles, scope_user, scope_org, hidden, body, hash) VALUES (1, 1, 'admin', 'drill.arrival', 'drill', 1, 31, 0, '', 0, E'$event', '\\x$(printf '%064d' 7)');
		INSERT INTO idempotency VALUES (1, '1-64-' || lpad(nextval('op')::text, 10, '0'), '\\x$(printf '%064d' 7)', 1, 'ok', 'application/json', E'$answer', '');
		COMMIT;
		SQL
	} >"$pg/check-in.sql"
}

threads() { # nanoseconds of the daemon's loop and of its writer
	local t loop=0 writer=0
	for t in /proc/"$PID"/task/*; do
		case $(<"$t/comm") in
		writer) writer=$(cut -d' ' -f1 "$t/schedstat") ;;
		shelterd) [ "${t##*/}" != "$PID" ] ||
			loop=$(cut -d' ' -f1 "$t/schedstat") ;;
		esac
	done
	echo "$loop $writer"
}
# What a check-in cost: the daemon's threads from before and after, the rest
# from the tool.
tell_times() { # LOOP_BEFORE WRITER_BEFORE LOOP WRITER
	jq -r "\"   mean batch \(.batch * 10 | round / 10); processor us a check-in: loop \" +
		\"\(($3 - $1) / .writes / 100 | round / 10), writer \" +
		\"\(($4 - $2) / .writes / 100 | round / 10), clients \" +
		\"\(.client_us * 10 | round / 10); bare loop \" +
		\"\(.bare_us * 10 | round / 10)\"" <<<"$OUT" >&2
}

ask_postgres() { # CLIENTS ARRIVALS; sets THEIRS, arrivals a second
	give_postgres "$2"
	THEIRS=$(as "$bin/pgbench" -h "$pg" -U bench -n -M prepared -c "$1" \
		-j $(($1 < 2 ? 1 : 2)) -T "$seconds" -f "$pg/check-in.sql" \
		postgres 2>"$DIR/pgbench" | awk -v k="$2" '/^tps/ {print $3 * k}')
	[ -n "$THEIRS" ] || { cat "$DIR/pgbench" >&2; exit 1; }
}
beside_postgres() { # CLIENTS NAME RATE
	[ -z "$pg" ] || figure "$2, PostgreSQL" "$1" "$3" 1/s \
		"PostgreSQL, as many clients" "$THEIRS" "$(jq -n "$3 / $THEIRS")"
}
measure() { # CLIENTS ARRIVALS NAME PORT|SOCKET; sets MINE
	local shelter entrance before
	make_drill
	drill start
	api GET "/v1/drills/$DRILL"
	read -r shelter entrance <<<"$(place 0)"
	before=$(threads)
	OUT=$("$BUILD/bench/tool_writes" "$4" "$SHELTER_TOKEN" "$DRILL" \
		"$shelter" "$entrance" "$1" "$seconds" "$DIR" "$2") || exit 1
	MINE=$(jq .per_second <<<"$OUT")
	figure "$3" "$1" "$MINE" 1/s "bare SQLite, same batches" \
		"$(jq .bare_per_second <<<"$OUT")" \
		"$(jq '.per_second / .bare_per_second' <<<"$OUT")"
	# shellcheck disable=SC2046,SC2086
	tell_times $before $(threads)
	drill end
}
both() { # CLIENTS ARRIVALS NAME
	measure "$1" "$2" "$3" "$(HOSTPORT | cut -d' ' -f2)"
	[ -z "$pg" ] || ask_postgres "$1" "$2"
	beside_postgres "$1" "$3" "$MINE"
	measure "$1" "$2" "$3, Unix socket" "$DIR/http.sock"
	beside_postgres "$1" "$3, Unix socket" "$MINE"
}

start_daemon -o log-level=warn -o local-socket="$DIR/http.sock"
small_district
approved_plan
make_tables
for n in ${BENCH_CLIENTS:-1 16 64}; do
	both "$n" 1 "durable check-ins"
done
both 64 8 "durable check-ins, 8 a request"
