#!/bin/bash
# SPDX-License-Identifier: MIT
# Backups of a running store, restored offline; bad ones refused.
. "$(dirname "$0")/lib.sh"

start_daemon
ann=$(as_user ann viewer)
api POST /v1/backup '{"name":"one.db"}'
is "$STATUS" 202 "a backup is a job"
job_done
is "$(field .state)" done "that ends well"
is "$(field .result.sha256)" "$(sha256sum <"$DIR/backup/one.db" | cut -d' ' -f1)" \
	"the file has the hash the job tells"
is "$(field .result.bytes)" "$(stat -c %s "$DIR/backup/one.db")" "and the size"
is "$(stat -c %a "$DIR/backup/one.db")" 600 "only its owner may read it"
is "$(sqlite3 "$DIR/backup/one.db" 'PRAGMA integrity_check')" ok "it is sound"
is "$(ls "$DIR/backup")" one.db "one file, nothing beside it"
api GET '/v1/events?limit=10000'
is "$(field '.items[-1].kind')" backup.made "the log tells of it"
events=$(field '.items | length')

api POST /v1/backup '{"name":"one.db"}'
job_done
is "$(field '[.state, .problem.status] | tostring')" '["failed",409]' \
	"nothing is overwritten"
for name in ../x.db .hidden 'a b' '' a/b; do
	api POST /v1/backup "{\"name\":\"$name\"}"
	is "$STATUS $(field .field)" "422 name" "'$name' is no file name"
done
SHELTER_TOKEN=$ann api POST /v1/backup '{"name":"two.db"}'
is "$STATUS" 403 "only administrators"

restore() { shelterd -o store="$DIR/store.db" -r "$1" >"$DIR/out" 2>&1; }
ok eval '! restore "$DIR/backup/one.db"' -- "no restore while the daemon runs"
like "$(cat "$DIR/out")" "in use" "which it says"
api GET /v1/me
is "$STATUS" 200 "and does not disturb it"
ok stop_daemon -- "stopped"

sqlite3 "$DIR/backup/one.db" .dump >/dev/null
cp "$DIR/backup/one.db" "$DIR/bad.db"
sqlite3 "$DIR/bad.db" "DROP TRIGGER event_no_update;
	UPDATE event SET body = '{}' WHERE id = 2"
ok eval '! restore "$DIR/bad.db"' -- "a backup with a changed event is refused"
like "$(cat "$DIR/out")" "event 2 breaks the chain" "which it says"
head -c 100000 "$DIR/backup/one.db" >"$DIR/bad.db"
ok eval '! restore "$DIR/bad.db"' -- "so is half a backup"
echo nonsense >"$DIR/bad.db"
ok eval '! restore "$DIR/bad.db"' -- "and a file of another kind"
ok eval '! restore "$DIR/none.db"' -- "and none at all"
ok [ -e "$DIR/store.db" ] -- "the store is still there"

ok restore "$DIR/backup/one.db" -- "restored"
ok [ -e "$DIR/store.db.replaced-"* ] -- "the old store is put aside"
restart_daemon
api GET /v1/audit
is "$(field '[.ok, .events] | tostring')" "[true,$((events - 1))]" \
	"the log is that of the backup, and sound"
SHELTER_TOKEN=$ann api GET /v1/me
is "$(field .name)" ann "tokens of then still open"

# The journal of a store that is gone must not be played into the copy.
as_user bob viewer >/dev/null
kill_daemon
ok [ -s "$DIR/store.db-wal" ] -- "a killed daemon leaves a journal"
rm "$DIR/store.db"
ok restore "$DIR/backup/one.db" -- "restored where the store was lost"
restart_daemon
api GET /v1/audit
is "$(field '[.ok, .events] | tostring')" "[true,$((events - 1))]" \
	"and only that"
done_testing
