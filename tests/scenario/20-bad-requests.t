#!/bin/bash
# SPDX-License-Identifier: MIT
# Every route of the table is sent a bad request of every kind that its row
# can refuse; a new route cannot be forgotten, because the list is the table.
. "$(dirname "$0")/lib.sh"
start_daemon -o max-body=65536

for role in coordinator inspector unit viewer; do
	token=$(as_user "bad-$role" "$role" "Org of $role")
	export "TOKEN_$role=$token"
done
export TOKEN_admin=$SHELTER_TOKEN
api POST /v1/shelters '{"name":"target","at":[120.1,30.2],"places":10}'
export TARGET_shelters=$(field .id)
api POST /v1/users '{"name":"target","role":"viewer"}'
export TARGET_users=$(field .id)
exec 3>"$DIR/routes"
shelterd -R >&3
perl tests/scenario/bad-requests.pl "$SHELTER_URL" "$DIR/routes"
