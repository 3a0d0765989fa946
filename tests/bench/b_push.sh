#!/bin/bash
# SPDX-License-Identifier: MIT
# Push beside nchan (nginx, one worker), by one client program, with 100, 1,000
# and 10,000 streams: the 99th percentile from sending a write to reading its
# event at PACE events a second, deliveries a second when BURST events come at
# once, and memory a stream.  Our event is committed to the disk before it is
# pushed, nchan's is not.  Needs nginx and libnginx-mod-nchan; without them
# there is no peer.  BENCH_SIZES for other sizes.
. "$(dirname "$0")/lib.sh"
sizes=${BENCH_SIZES:-100 1000 10000}
burst=${BURST:-100}
ulimit -n "$(ulimit -Hn)"
nginx=$(PATH=$PATH:/usr/sbin command -v nginx)
module=/usr/lib/nginx/modules/ngx_nchan_module.so
[ -n "$nginx" ] && [ -e $module ] || { echo 'no nchan: no peer' >&2; nginx=; }

end() {
	local code=$?
	[ ! -s "$DIR/nginx.pid" ] || kill "$(cat "$DIR/nginx.pid")"
	[ -z "$PID" ] || kill -9 "$PID" 2>/dev/null
	rm -rf "$DIR"
	exit $code
}
trap end EXIT
free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
		LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}
start_nchan() {
	port=$(free_port)
	cat >"$DIR/nginx.conf" <<-CONF
	load_module $module;
	worker_processes 1;
	worker_rlimit_nofile 30000;
	pid $DIR/nginx.pid;
	error_log $DIR/nginx.log warn;
	events { worker_connections 25000; }
	http {
		access_log off;
		tcp_nodelay on;
		keepalive_requests 1000000;
		client_body_temp_path $DIR/body;
		proxy_temp_path $DIR/proxy;
		fastcgi_temp_path $DIR/fastcgi;
		uwsgi_temp_path $DIR/uwsgi;
		scgi_temp_path $DIR/scgi;
		nchan_shared_memory_size 128M;
		server {
			listen 127.0.0.1:$port backlog=4096;
			location = /sub {
				nchan_subscriber eventsource;
				nchan_channel_id bench;
				nchan_subscriber_first_message newest;
			}
			location = /pub {
				nchan_publisher;
				nchan_channel_id bench;
				nchan_message_buffer_length 1000;
			}
		}
	}
	CONF
	"$nginx" -p "$DIR" -c "$DIR/nginx.conf" || exit 1
	wait_for 10 test -s "$DIR/nginx.pid"
	wait_for 10 curl -sS -o /dev/null "http://127.0.0.1:$port/pub"
}
stop_nchan() {
	kill "$(cat "$DIR/nginx.pid")"
	wait_for 10 test ! -e "$DIR/nginx.pid"
}
workers() { pgrep -d ' ' -P "$(cat "$DIR/nginx.pid")"; }
ours() { # STREAMS EVENTS PER_SECOND
	api GET /v1/stats
	# shellcheck disable=SC2046
	PUSH_PIDS=$PID "$BUILD/bench/tool_push" $(HOSTPORT) "$SHELTER_TOKEN" \
		"$(field .last_event)" "$@"
}
theirs() { # The same, on an nginx of its own
	start_nchan
	PUSH_PIDS=$(workers) "$BUILD/bench/tool_push" 127.0.0.1 "$port" nchan 0 "$@"
	local code=$?
	stop_nchan
	return $code
}
pair() { # runs both, one after the other; sets MINE and PEER
	MINE=$(ours "$@") || { echo "ours: $MINE" >&2; exit 1; }
	PEER=
	[ -n "$nginx" ] || return 0
	PEER=$(theirs "$@") || echo "nchan lost or mixed: $PEER" >&2
}
tell() { # NAME SIZE FIELD UNIT higher|lower
	local mine peer=null ratio=null
	mine=$(jq ".$3" <<<"$MINE")
	if [ -n "$PEER" ]; then
		peer=$(jq ".$3" <<<"$PEER")
		[ "$5" = higher ] && ratio=$(jq -n "$mine / $peer") ||
			ratio=$(jq -n "if $mine > 0 then $peer / $mine
				else null end") # less than a page of memory
	fi
	figure "$1" "$2" "$mine" "$4" nchan "$peer" "$ratio"
}

for n in $sizes; do
	start_daemon -o max-streams=20000 -o max-connections=25000 \
		-o log-level=warn
	pace=${PACE:-$((n > 2000 ? 5 : 20))}
	pair "$n" $((pace * 5)) "$pace"
	tell 'push p99, paced' "$n" p99_ms ms lower
	tell 'memory a stream' "$n" stream_bytes bytes lower
	pair "$n" "$burst" 0
	tell "deliveries, burst of $burst" "$n" per_second 1/s higher
	kill_daemon
	rm -f "$DIR"/store.db* "$DIR/admin.token"
done
