#!/bin/bash
# SPDX-License-Identifier: MIT
# All real registers in one command: every data row accounted for, every
# refusal readable, nothing changed by a second run.
. "$(dirname "$0")/lib.sh"
need_data registers
start_daemon

counts='[.read,.accepted+.updated+.unchanged+.rejected,.outside]'
shelterctl import shelters "$DATA"/registers/* --json \
	--rejects "$DIR/rejects.csv" >"$DIR/first" 2>"$DIR/err"
is $? 0 '83 files in one command'
is "$(jq -c "$counts" "$DIR/first")" '[44063,44063,0]' \
	'every data row is accounted for'
is "$(jq '.files|length' "$DIR/first")" 83 'every file is told of'
rejected=$(jq .rejected "$DIR/first")
is "$(jq '[.rows[]|select(.outcome=="rejected")]|length' "$DIR/first")" \
	"$rejected" 'every refusal is listed'
is "$(jq '[.rows[]|select(.outcome=="rejected")
	|select((.field|length)==0 or (.reason|length)<8 or .line<1)]|length' \
	"$DIR/first")" 0 'with line, field and reason'
is "$(grep -ac '^rejected,' "$DIR/rejects.csv")" "$rejected" \
	'and written with its record'
ok [ "$rejected" -lt 600 ] -- 'what has a place is taken'

shelterctl import shelters "$DATA"/registers/* --json >"$DIR/second"
is "$(jq -c '[.accepted,.updated,.unchanged,.rejected]' "$DIR/second")" \
	"[0,0,$((44063 - rejected)),$rejected]" 'a second run changes nothing'
is "$(shelterctl shelter list --all --json | jq length)" \
	$((44063 - rejected)) 'the register has them once'
is "$(shelterctl audit verify --json | jq .ok)" true 'the chain holds'
stop_daemon
done_testing
