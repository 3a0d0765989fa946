#!/bin/bash
# SPDX-License-Identifier: MIT
# The inspector's terminal client: pushed tasks, work without a line, and
# every operation exactly once, also when it is killed on the way.
. "$(dirname "$0")/lib.sh"
. tests/scenario/inspection-lib.sh
command -v perl >/dev/null || skip_all 'no perl for the cutting proxy'
start_daemon
people
two_works

# shelter-field as li; OUT and CODE.
f() {
	OUT=$(SHELTER_TOKEN=$LI shelter-field --db "$DIR/li.db" --json "$@" \
		2>"$DIR/field.err")
	CODE=$?
}
out() { jq -r "$1" <<<"$OUT"; }
task() { # SHELTER: a new one for li, prints its id
	as "$CHEN" POST /v1/tasks "{\"kind\":\"inspection\",\"shelter\":$1,
		\"assignee\":$LI_ID,\"due\":\"2030-01-0$1T00:00:00Z\"}"
	field .id
}
inspections() {
	as "$LI" GET /v1/inspections
	COUNT=$(field ".items|length")
}

# A task pushed over the open stream.
f sync
is "$CODE $(out '"\(.online) \(.tasks)"')" '0 true 0' 'no task yet'
SHELTER_TOKEN=$LI shelter-field --db "$DIR/li.db" --json watch --count 1 \
	>"$DIR/watch.out" 2>"$DIR/watch.err" &
WATCH=$!
open_stream() {
	curl -s "$SHELTER_URL/metrics" | grep -Eq '^shelterd_streams(_open)? 1'
}
wait_for 5 open_stream || diag 'the metrics do not show the stream'
T=$(task "$A")
ok wait "$WATCH" -- 'watch ends when the task has come'
is "$(jq -r '"\(.kind) \(.body.id) \(.body.shelter_name)"' "$DIR/watch.out")" \
	"task.assigned $T 地下室甲" 'it shows what was pushed'
f tasks
is "$(out '[.[]|[.id,.state]]|tojson')" "[[$T,\"assigned\"]]" 'and keeps it'
f sync
is "$(out .tasks)" 1 'a sync brings the works with it'

# Without a line.
kill_daemon
f accept "$T"
is "$CODE $(out .unsent)" '0 1' 'accepted in the basement'
f inspect "$T" --fail door-closes --note '铰链断' --entrance "$A1" --na mode-signal
is "$CODE $(out '"\(.failed) \(.unsent)"')" '0 1 2' 'inspected in the basement'
INSPECTED=$(out .op)
f tasks
is "$(out '.[0].unsent')" inspection 'the task shows what is unsent'
f inspect "$T" --fail no-such-item
is "$CODE" 1 'an item of the checklist'
f inspect "$T" --fail door-closes --entrance 999
is "$CODE" 1 'an entrance of those works'
f inspect "$T" --nonsense 1
is "$CODE" 2 'wrong usage'
f inspect "$T"
is "$CODE" 2 'without a terminal it must be told'
f inspect 999 --all-pass
is "$CODE" 1 'a task it knows'
f sync
is "$CODE $(out '"\(.online) \(.sent) \(.unsent)"')" '1 false 0 2' \
	'a sync without a line keeps everything'
f status
is "$(out '[.queue[].kind]|join(" ")')" 'accept inspection' 'in order'
restart_daemon
f sync
is "$CODE $(out '"\(.sent) \(.unsent) \(.refused)"')" '0 2 0 0' 'back above: all sent'
inspections
is "$COUNT" 1 'it arrived once'
is "$(field '.items[0]|"\(.op) \(.failed) \(.inspector)"')" "$INSPECTED 1 li" \
	'under its own operation id'
is "$(field '[.items[0].findings[]|select(.item=="door-closes")][0].note')" \
	'铰链断' 'with her words'
is "$(usable "$A")" '100 derating 1' 'and lowers the capacity'
f sync
is "$CODE $(out .sent)" '0 0' 'nothing is sent again'

# Killed when the server has it and she does not know.
cat >"$DIR/cut.pl" <<'PERL'
# Passes requests on; on the first whose path matches, lets the server do it,
# then kills the client instead of answering.
use strict; use warnings; use IO::Socket::INET; use IO::Select;
my ($upstream, $what, $dir) = @ARGV;
my $l = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die;
open my $p, '>', "$dir/cut.port.new"; print $p $l->sockport; close $p;
rename "$dir/cut.port.new", "$dir/cut.port";
while (my $c = $l->accept) {
	next if fork;
	my $s = IO::Socket::INET->new(PeerAddr => $upstream) or die;
	my $sel = IO::Select->new($c, $s);
	my $cut = 0;
	while (my @ready = $sel->can_read) {
		for my $r (@ready) {
			exit unless sysread $r, my $b, 65536;
			if ($r == $c) {
				$cut = 1 if $b =~ m{^POST $what };
				syswrite $s, $b;
			} elsif ($cut) {
				open my $f, '<', "$dir/victim" or die;
				kill 9, scalar <$f>;
				exit;
			} else {
				syswrite $c, $b;
			}
		}
	}
	exit;
}
PERL
cut_sync() { # PATH at which the client is killed
	rm -f "$DIR/cut.port"
	perl "$DIR/cut.pl" "${SHELTER_URL#http://}" "$1" "$DIR" &
	local proxy=$!
	wait_for 5 test -s "$DIR/cut.port"
	SHELTER_TOKEN=$LI SHELTER_URL=http://127.0.0.1:$(cat "$DIR/cut.port") \
		sh -c 'echo $$ >"$0/victim"; exec shelter-field --db "$0/li.db" sync' \
		"$DIR" >/dev/null 2>&1 &
	local code
	{ wait $!; code=$?; } 2>/dev/null
	{ kill "$proxy"; wait "$proxy"; } 2>/dev/null
	return $code
}
T2=$(task "$B")
f sync
f accept "$T2"
f inspect "$T2" --work mending --fail fan-runs
is "$CODE" 2 'a kind of work that is none'
f inspect "$T2" --work special --fail fan-runs
cut_sync "/v1/tasks/$T2/accept"
is $? 137 'killed after the server took the acceptance'
cut_sync /v1/inspections
is $? 137 'killed after the server took the inspection'
inspections
is "$COUNT $(field '.items[1].work')" '2 special' 'the server has it'
f status
is "$(out .unsent)" 1 'she does not know'
f sync
is "$CODE $(out '"\(.sent) \(.unsent) \(.refused)"')" '0 1 0 0' 'the next sync settles it'
inspections
is "$COUNT" 2 'and the server still has it once'
as "$LI" GET "/v1/defects?shelter=$B"
is "$(field '.items|length')" 1 'one defect'

# Killed at random moments while many wait.
for i in 1 2 3 4 5 6 7 8; do
	T3=$(task "$A")
	f sync
	f inspect "$T3" --all-pass
	for n in 1 2 3; do
		SHELTER_TOKEN=$LI shelter-field --db "$DIR/li.db" sync \
			>/dev/null 2>&1 &
		read -rt "0.00$((RANDOM % 9))" <> <(:) || :
		{ kill -9 $!; wait $!; } 2>/dev/null
	done
done
f sync
is "$CODE $(out .unsent)" '0 0' 'after many kills all is sent'
inspections
is "$COUNT" 10 'and arrived once each'
is "$(field '[.items[].op]|unique|length')" 10 'under as many operation ids'

# Poison does not block.
T4=$(task "$A")
f sync
as "$CHEN" POST "/v1/tasks/$T4/assign" "{\"assignee\":$WANG_ID}"
f accept "$T4"
f inspect "$T4" --all-pass
printf '{"shelter":%s,"findings":[{"item":"dor","result":"fail"}]}' "$A" >"$DIR/bad.json"
f submit "$DIR/bad.json"
is "$CODE" 0 'a file is queued as it is'
printf '{"shelter":%s,"findings":[]}' "$A" >"$DIR/good.json"
f submit "$DIR/good.json"
f sync
is "$CODE $(out '"\(.sent) \(.unsent) \(.refused)"')" '1 2 0 2' \
	'what is refused is set aside, the rest goes'
f status
is "$(out '[.refused[]|[.kind,.status]]|tojson')" \
	'[["accept",404],["inspection",422]]' 'with its status'
like "$(out '.refused[1].reason')" "findings\[0\].item.*dor" 'and the reason'
f retry "$(out '.refused[0].op')"
f sync
is "$CODE $(out '"\(.refused) \(.unsent)"')" '1 2 0' 'tried again, refused again'
f status
f forget "$(out '.refused[0].op')"
f status
is "$(out '.refused|length')" 1 'and thrown away'
f submit "$DIR/none.json"
is "$CODE" 1 'a file that is not there'

# Whose store it is.
SHELTER_TOKEN=$WANG shelter-field --db "$DIR/li.db" sync >/dev/null \
	2>"$DIR/field.err"
is $? 1 'her store is not sent in another name'
like "$(cat "$DIR/field.err")" "li's" 'and says whose it is'
SHELTER_TOKEN=nonsense shelter-field --db "$DIR/new.db" sync >/dev/null 2>&1
is $? 1 'a wrong token'
shelter-field nonsense >/dev/null 2>&1
is $? 2 'a wrong word'
api GET /v1/audit
is "$(field .ok)" true 'the chain holds'
ok stop_daemon -- 'a clean stop'
done_testing
