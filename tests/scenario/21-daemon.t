#!/bin/bash
# SPDX-License-Identifier: MIT
# The daemon itself: options, starting and refusing to, HTTP's edges, limits,
# keys and versions, jobs, reloading, what it logs, stopping.
. "$(dirname "$0")/lib.sh"

# Options.
run() { # shelterd's options: sets CODE OUT ERR
	shelterd "$@" >"$DIR/out" 2>"$DIR/err" </dev/null
	CODE=$? OUT=$(cat "$DIR/out") ERR=$(cat "$DIR/err")
}
run -n -c etc/shelterd.conf
is "$CODE$OUT" 0 '-n finds the shipped settings good'
run -nv -c etc/shelterd.conf
cp "$DIR/out" "$DIR/again.conf"
run -nv -c "$DIR/again.conf"
is "$CODE $OUT" "0 $(cat "$DIR/again.conf")" '-nv prints what it can read again'
run -nv -o max-body=2M
like "$OUT" 'max-body = 2097152' '-o sets over the defaults'
printf 'max-body = 1\n\nlog-level = loud\nnonsense\nno-such = 1\nmax-streams = 5\nmax-streams = 6\n' \
	>"$DIR/bad.conf"
run -n -c "$DIR/bad.conf"
is "$CODE $(cut -d' ' -f1 "$DIR/err" | tr '\n' ' ')" \
	"1 $(printf "$DIR/bad.conf:%d: " 1 3 4 5 7)" \
	'every wrong line is named with file and line'
run -c "$DIR/bad.conf"
is "$CODE$OUT" 1 'and nothing is served with them'
for wrong in 'max-body=1e6' 'max-body=-1' 'max-body=99999999999999999999' \
	'listen=nowhere' 'listen=127.0.0.1:70000' 'stop-timeout=' 'x'; do
	run -n -o "$wrong"
	is "$CODE ${ERR%%:*}" '1 -o' "-o $wrong is refused"
done
run -n -c "$DIR/none.conf"
like "$CODE $ERR" "^1 .*none.conf: No such file" 'a missing file is named'
run -c /dev/zero -n
like "$CODE $ERR" '^1 .*(64 KiB|NUL)' 'an endless one is not read'
for wrong in -z -v 'extra' '-c'; do
	run $wrong
	like "$CODE $ERR" '^2 .*usage: shelterd' "$wrong is wrong usage"
done
run -R
is "$CODE $(awk '$1 !~ /^(GET|POST|PATCH|PUT|DELETE)$/ || $2 !~ /^\// ||
	$4 !~ /^(loop|reader|tiles|writer|worker)$/ || $5 == ""' "$DIR/out" | wc -l)" \
	'0 0' '-R prints every route with roles, lane and summary'
is "$(awk '$2 ~ /tiles|^.v1.closures$/ {print $1, $4}' "$DIR/out" | sort -u | paste -sd,)" \
	'GET loop,GET tiles,POST writer' 'the right one'

# Starting, and refusing to.
at_store() { # more options: tries to serve the running daemon's store
	run -c etc/shelterd.conf -o listen=127.0.0.1:0 -o store="$DIR/store.db" \
		-o admin-token-file="$DIR/other.token" -o rules-dir=etc/rules "$@"
}
mkdir -p "$DIR/web/assets"
echo '<!doctype html><p>page' >"$DIR/web/index.html"
echo 'x=1' >"$DIR/web/assets/a-1.js"
echo secret >"$DIR/outside"
ln -s "$DIR/outside" "$DIR/web/.hidden"
sed 's/^\(listen\|store\|admin-token-file\|backup-dir\|web-root\|log-level\).*//' \
	etc/shelterd.conf >"$DIR/live.conf"
sed -i 's/^max-body.*/max-body = 4096/; s/^max-streams.*/max-streams = 3/
	s/^max-connections.*/max-connections = 40/' "$DIR/live.conf"
start_daemon -c "$DIR/live.conf" -o web-root="$DIR/web" -o log-level=debug
like "$SHELTER_URL" '^http://127\.0\.0\.1:[1-9][0-9]*$' 'port 0 picks one and says which'
is "$(grep -c . "$DIR/daemon.out")" 1 'one line on standard output'
is "$(stat -c %a "$DIR/admin.token")" 600 "the administrator's token is its owner's"
HOST=${SHELTER_URL#http://}
at_store
like "$CODE $ERR" "^1 .*in use by another shelterd \(process $PID\)" \
	'a second daemon on the store is refused'
run -o store="$DIR/store.db" -r /dev/null
like "$CODE $ERR" '^1 .*in use by another' 'so is a restore'
run -o store="$DIR/two.db" -o listen="$HOST" -o rules-dir=etc/rules \
	-o admin-token-file="$DIR/other.token"
like "$CODE $ERR" "^1 .*listen: $HOST" 'so is a port in use, by name'
run -o store="$DIR/no/such.db" -o listen=127.0.0.1:0 -o rules-dir=etc/rules
is "$CODE" 1 'so is a store that cannot be made'
run -o store="$DIR/three.db" -o rules-dir="$DIR/none"
is "$CODE" 1 'so are missing rules'

# HTTP's edges, byte by byte: TAP of its own.
while read -r line; do
	case $line in
	'ok '*) result 0 "${line#* - }" ;;
	'not ok '*) result 1 "${line#* - }" ;;
	'#'*) echo "$line" ;;
	esac
done < <(perl tests/scenario/raw-http.pl "$HOST" "$SHELTER_TOKEN" 2>&1)

# Health, metrics, the interface.
api GET /healthz
is "$STATUS $(field '[.ok, .store, .writer] | join(" ")')" '200 true ok ok' 'it is well'
metric() { sed -n "s/^shelterd_$1 //p" "$DIR/metrics"; }
metrics() { curl -sS "$SHELTER_URL/metrics" >"$DIR/metrics"; }
metrics
before=$(metric commits_total) head=$(metric event_head)
me='requests_total{method="GET",path="\/v1\/me",status="200"}'
mes=$(metric "$me")
api POST /v1/shelters '{"name":"one","at":[120,30],"places":5}'
ONE=$(field .id)
api GET /v1/me
metrics
is "$(metric commits_total) $(metric event_head) $(metric "$me")" \
	"$((before + 1)) $((head + 1)) $((mes + 1))" 'a write and a read move the counters'
is "$(grep -vc '^#\|^shelterd_[a-z_]*\({.*}\)\? [0-9.e+-]*$' "$DIR/metrics")" 0 \
	'every line of the metrics is one'
is "$(awk '/^# TYPE/ {print $3}' "$DIR/metrics" | sort | uniq -d)" '' \
	'no metric is declared twice'
api GET /openapi.json
is "$(field '[.paths[][] | select((.summary//"")=="" or
	((."x-roles"|length)==0 and .security!=[]) or
	([.responses|keys[]|select(startswith("4"))]|length)==0)] | length')" 0 \
	'every route has summary, roles and refusals'
run -R
is "$(field '[.paths[]|keys[]]|length')" "$(wc -l <"$DIR/out")" 'and all are in it'

# Files.
api GET /
like "$STATUS $BODY $(header Content-Type) $(header Content-Security-Policy)" \
	"^200 .*page text/html.*default-src 'self'" 'the page, with a policy'
tag=$(header ETag)
api GET /index.html '' -H "If-None-Match: $tag"
is "$STATUS$BODY" 304 'unchanged by its tag'
api GET /assets/a-1.js
like "$STATUS $(header Content-Type) $(header Cache-Control)" \
	'200 text/javascript.* public, .*immutable' 'a named file is kept'
for path in /../outside /assets/../../outside /%2e%2e/outside /..%2foutside \
	/.hidden //etc/passwd /assets/%2e%2e%2f%2e%2e%2foutside '/%00' '/a%'; do
	api GET "$path" '' --path-as-is
	is "$STATUS" 404 "$path is not there"
done
api POST / '{}'
is "$STATUS $(header Allow)" '405 GET, HEAD' 'a file is only read'

# Versions and keys.
api PATCH "/v1/shelters/$ONE" '{"places":6}'
is "$STATUS" 428 'a change must say of what'
api PATCH "/v1/shelters/$ONE" '{"places":6}' -H 'If-Match: "999"'
is "$STATUS" 412 'an old version of a shelter is refused'
api PATCH "/v1/shelters/$ONE" '{"places":6}' -H 'If-Match: *'
is "$STATUS" 400 'any version is none'
api GET "/v1/shelters/$ONE"
version=$(etag)
for i in 1 2 3 4 5 6 7 8; do
	curl -s -o /dev/null -w '%{http_code}\n' -X PATCH \
		-H "Authorization: Bearer $SHELTER_TOKEN" -H "If-Match: \"$version\"" \
		-H 'Content-Type: application/json' -d "{\"places\":1$i}" \
		"$SHELTER_URL/v1/shelters/$ONE" &
done >"$DIR/codes"
wait_for 20 eval '[ "$(wc -l <"$DIR/codes")" = 8 ]'
is "$(sort "$DIR/codes" | uniq -c | tr -s ' \n' ' ')" ' 1 200 7 412 ' \
	'of eight changes at once one wins'
USER=$(as_user kim viewer) && api GET /v1/users
kim=$(field '.items[]|select(.name=="kim").id')
api PATCH "/v1/users/$kim" '{"org":"x"}' -H 'If-Match: "99"'
is "$STATUS" 412 'an old version of a user is refused'

keyed() { api "$1" "$2" "$3" -H "Idempotency-Key: $4"; }
keyed POST /v1/shelters '{"name":"keyed","at":[120,30]}' w1
first="$STATUS $BODY"
keyed POST /v1/shelters '{"name":"keyed","at":[120,30]}' w1
is "$STATUS $BODY $(header Idempotent-Replay)" "$first true" 'writer: the same answer again'
keyed POST /v1/shelters '{"name":"other","at":[120,30]}' w1
is "$STATUS $(field .field)" '409 Idempotency-Key' 'writer: another body is refused'
keyed POST /v1/plans '{"radius":200}' k1
first="$STATUS $BODY"
job_done
keyed POST /v1/plans '{"radius":200}' k1
is "$STATUS $BODY $(header Idempotent-Replay)" "$first true" 'worker: the same job again'
keyed POST /v1/plans '{"radius":201}' k1
is "$STATUS" 409 'worker: another body is refused'
keyed POST /v1/backup '{"name":"x.db"}' k1
is "$STATUS" 409 'so is another route'
keyed POST /v1/imports '{"kind":"homes","crs":"wgs84","files":["t"]}' k2
first="$STATUS $BODY"
keyed POST /v1/imports '{"kind":"homes","crs":"wgs84","files":["t"]}' k2
is "$STATUS $BODY" "$first" 'loop or worker: an import is opened once'
for key in 'a b' "$(printf 'k%.0s' {1..129})"; do
	keyed POST /v1/shelters '{"name":"n","at":[120,30]}' "$key"
	is "$STATUS" 400 "a key like '${key:0:5}' is refused"
done

# Jobs.
api POST /v1/backup '{"name":"a.db"}'
is "$STATUS $(header Location)" "202 /v1/jobs/$(field .job.id)" 'a job says where it is'
job=$(field .job.id)
api GET "/v1/jobs/$job?wait=20"
while [[ $(field .state) =~ queued|running ]]; do api GET "/v1/jobs/$job?wait=20"; done
is "$(field .state)" done 'waiting shows its end'
api DELETE "/v1/jobs/$job"
is "$STATUS" 409 'what has ended cannot be cancelled'
api GET /v1/jobs
is "$(field "[.items[]|select(.id==$job).state]|join(\"\")")" done 'the list holds it'
api GET "/v1/jobs?limit=1"
next=$(field .next)
api GET "/v1/jobs?limit=1&after=$next"
ok [ "$(field '.items[0].id')" -gt "$next" ] -- 'page by page'
ADMIN=$SHELTER_TOKEN SHELTER_TOKEN=$USER
api GET /v1/jobs
is "$(field '.items|length')" 0 'a viewer sees none of it'
api DELETE "/v1/jobs/$job"
is "$STATUS" 404 'nor can end it'
SHELTER_TOKEN=$ADMIN
# A job that waits behind others is cancelled before it began.
for i in {1..6}; do
	api POST /v1/backup "{\"name\":\"q$i.db\"}"
	last=$(field .job.id)
done
api DELETE "/v1/jobs/$last"
first=$STATUS
api GET "/v1/jobs/$last?wait=20"
while [[ $(field .state) =~ queued|running ]]; do api GET "/v1/jobs/$last?wait=20"; done
like "$first $(field .state)" '^(200 (cancelled|done)|409 done)$' 'a waiting job can be cancelled'

# Limits: streams, then connections.
stream() {
	curl -sN -o "$1" -D "$1.head" -H "Authorization: Bearer $SHELTER_TOKEN" \
		-H 'Accept: text/event-stream' "$SHELTER_URL/v1/events" &
}
open_streams() { metrics; [ "$(metric streams)" = "$1" ]; }
stream "$DIR/s1"; s1=$!; stream "$DIR/s2"; s2=$!; stream "$DIR/s3"; s3=$!
ok wait_for 10 open_streams 3 -- 'three streams'
api GET /v1/events '' -H 'Accept: text/event-stream'
like "$STATUS $(header Retry-After)" '^503 [0-9]' 'the fourth is asked to wait'
kill $s3; wait $s3 2>/dev/null
ok wait_for 10 open_streams 2 -- 'one that left is noticed'

# Reloading.
sed -i 's/^max-streams.*/max-streams = 2/; s/^max-body.*/max-body = 2000/
	s/^lane-queue.*/lane-queue = 99/' "$DIR/live.conf"
echo '<!doctype html><p>newer' >"$DIR/web/index.html"
kill -HUP "$PID"
ok wait_for 10 grep -q 'reload done' "$DIR/daemon.err" -- 'it reads its settings again'
api GET /
like "$BODY" newer 'and the page'
api GET /v1/events '' -H 'Accept: text/event-stream'
is "$STATUS" 503 'a smaller bound holds at once'
api POST /v1/shelters "{\"note\":\"$(printf 'n%.0s' {1..2500})\",\"at\":[1,2]}"
is "$STATUS" 413 'so does another'
ok grep -q 'setting=lane-queue needs=restart' "$DIR/daemon.err" -- 'what needs a restart is named'
echo 'max-body = many' >>"$DIR/live.conf"
kill -HUP "$PID"
ok wait_for 10 grep -q 'reload refused=.*live.conf:' "$DIR/daemon.err" -- \
	'broken settings are refused with file and line'
api GET /v1/me
is "$STATUS" 200 'and the old ones go on'
sed -i '$d' "$DIR/live.conf"

# What it logs.
api POST /v1/users '{"name":"lo","role":"viewer","password":"Pa55-unlikely-word"}'
SHELTER_TOKEN= api POST /v1/login '{"user":"lo","password":"Pa55-unlikely-word"}'
login=$(field .token)
SHELTER_TOKEN= api POST /v1/login '{"user":"lo\nforged","password":"Pa55-unlikely-w0rd"}'
api GET '/v1/shelters?where=name%3D%27x%0aforged%27'
is "$(grep -c -e Pa55 -e "$login" -e "$ADMIN" -e "$USER" "$DIR/daemon.err")" 0 \
	'no password and no token is in the log'
is "$(grep -vc '^20[0-9T:-]*Z \(error\|warn\|info\|debug\) [a-z]* .' "$DIR/daemon.err")" 0 \
	'every line has time, level and subject'
is "$(grep -c '^forged' "$DIR/daemon.err")" 0 'nobody writes lines of their own'
is "$(grep -cE 'sqlite_|SELECT|0x[0-9a-f]{8}' "$DIR/daemon.err")" 0 'nor the inside of it'

# Stopping: what is under way is answered, streams end, nothing is lost.
for i in {1..20}; do
	curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
		-H "Authorization: Bearer $SHELTER_TOKEN" \
		-d "{\"name\":\"late\",\"at\":[120,30]}" "$SHELTER_URL/v1/shelters" &
done >"$DIR/codes"
wait_for 10 eval '[ -s "$DIR/codes" ]'
ok stop_daemon -- 'a graceful stop ends well'
wait $s1; one=$?; wait $s2
is "$one $?" '0 0' 'streams end whole'
wait_for 10 eval '[ "$(wc -l <"$DIR/codes")" = 20 ]'
answered=$(grep -c 201 "$DIR/codes")
is "$(sort -u "$DIR/codes" | grep -vx '201\|503\|000')" '' 'no write got half an answer'
is "$(sqlite3 "$DIR/store.db" "SELECT count(*) FROM shelter WHERE name='late'")" \
	"$answered" 'what was answered is stored, and nothing else'
ok [ ! -s "$DIR/store.db-wal" ] -- 'the journal is put away'

# Stores that are not ours.
is "$(sqlite3 "$DIR/store.db" 'PRAGMA integrity_check')" ok 'the store is sound'
cp "$DIR/store.db" "$DIR/new.db"
sqlite3 "$DIR/new.db" "INSERT INTO migration VALUES (900,'900-later.sql','00',0)"
run -o store="$DIR/new.db" -o listen=127.0.0.1:0 -o rules-dir=etc/rules
like "$CODE $ERR" '^1 .*900-later.*newer than this program' 'a newer store is refused'
head -c 100000 /dev/urandom >"$DIR/noise.db"
run -o store="$DIR/noise.db" -o listen=127.0.0.1:0 -o rules-dir=etc/rules
like "$CODE $ERR" '^1 .*(not a database|file is encrypted)' 'so is what is no store'
restart_daemon
api GET /v1/me
is "$STATUS" 200 'the token still opens after a restart'
at_store
is "$CODE" 1 'and the lock holds again'
stop_daemon
like "$(cd / && shelterd -nv | grep '^rules-dir')" '^rules-dir = /.*/etc/rules$' \
	'started elsewhere, the rules beside the program are found'

done_testing
