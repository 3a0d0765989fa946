#!/bin/bash
# SPDX-License-Identifier: MIT
# Accounts, tokens, log-in: what opens, what no longer opens, and that neither
# passwords nor tokens are ever kept in the clear.
. "$(dirname "$0")/lib.sh"

start_daemon
admin=$SHELTER_TOKEN
api GET /v1/me
is "$(field '[.name, .role] | join(" ")')" "admin admin" "the first admin"
is "$(stat -c %a "$DIR/admin.token")" 600 "whose token only the owner reads"

api POST /v1/users '{"name":"ann","role":"inspector","password":"correct horse"}'
is "$STATUS" 201 "an account with a password"
ann=$(field .id)
is "$(field '[.role, .disabled, .has_password] | tostring')" \
	'["inspector",false,true]' "as asked"
api POST /v1/users '{"name":"ann","role":"viewer"}'
is "$STATUS $(field .field)" "409 name" "names are taken once"
api POST /v1/users '{"name":"eve","role":"viewer","password":"short"}'
is "$STATUS $(field .field)" "422 password" "a short password is refused"
api POST /v1/users '{"name":"a\u0007b","role":"viewer"}'
is "$STATUS $(field .field)" "422 name" "so is a bell in a name"

login() { SHELTER_TOKEN='' api POST /v1/login "{\"user\":\"$1\",\"password\":\"$2\"}"; }
login ann 'correct horse'
is "$STATUS $(field '.user.name')" "200 ann" "the password opens"
token=$(field .token)
like "$(header Set-Cookie)" "^shelter_token=$token; .*HttpOnly; SameSite=Strict" \
	"with a cookie"
login ann 'wrong horse'
is "$STATUS" 401 "a wrong one does not"
wrong=$(field 'del(.instance) | tostring')
login nobody 'wrong horse'
is "$STATUS $(field 'del(.instance) | tostring')" "401 $wrong" \
	"an unknown user gets the same answer"
for i in {1..9}; do login ann "wrong $i"; done
login ann 'correct horse'
is "$STATUS" 429 "too many attempts"
like "$(header Retry-After)" '^[0-9]+$' "with how long to wait"

cookie() { # METHOD PATH [curl options]: by cookie alone
	STATUS=$(curl -s -o "$DIR/body" -w '%{http_code}' -X "$1" \
		-b "shelter_token=$token" "${@:3}" "$SHELTER_URL$2")
}
cookie GET /v1/me
is "$STATUS" 200 "the cookie reads"
cookie POST /v1/logout
is "$STATUS" 403 "but does not write without our header"
cookie POST /v1/logout -H 'X-Shelter-Client: web'
is "$STATUS" 204 "with it, it logs out"
cookie GET /v1/me
is "$STATUS" 401 "and is over at once"

api POST "/v1/users/$ann/tokens" '{"label":"tablet"}' -H 'Idempotency-Key: k'
is "$STATUS" 201 "a token"
tablet=$(field .token) id=$(field .id)
api POST "/v1/users/$ann/tokens" '{"label":"tablet"}' -H 'Idempotency-Key: k'
is "$STATUS $(field '[.id, .token] | tostring') $(header Idempotent-Replay)" \
	"201 [$id,null] true" "the same key makes no second, nor shows it again"
api POST "/v1/users/$ann/tokens" '{"label":"other"}' -H 'Idempotency-Key: k'
is "$STATUS $(field .field)" "409 Idempotency-Key" "nor another one"
api GET "/v1/users/$ann/tokens"
is "$(field '[.items[].label] | tostring')" '["tablet"]' "it is listed"
SHELTER_TOKEN=$tablet api GET /v1/me
is "$(field .name)" ann "it opens"
SHELTER_TOKEN=$tablet api GET /v1/users
is "$STATUS" 403 "as far as the role goes"
api DELETE "/v1/tokens/$id"
is "$STATUS" 204 "ended"
SHELTER_TOKEN=$tablet api GET /v1/me
is "$STATUS" 401 "it no longer opens"
api DELETE "/v1/tokens/$id"
is "$STATUS" 404 "nor is there anything more to end"

api POST "/v1/users/$ann/tokens" '{"label":"two"}'
two=$(field .token)
api PATCH "/v1/users/$ann" '{"role":"viewer"}'
is "$STATUS" 428 "a change names the version it changes"
api PATCH "/v1/users/$ann" '{"role":"viewer","org":"甲"}' -H 'If-Match: "1"'
is "$STATUS $(etag) $(field .role)" "200 2 viewer" "the first"
api PATCH "/v1/users/$ann" '{"role":"admin"}' -H 'If-Match: "1"'
is "$STATUS" 412 "the first is stale by now"
SHELTER_TOKEN=$two api GET /v1/me
is "$(field '[.role, .org] | tostring')" '["viewer","甲"]' \
	"the change holds at once"
api PATCH "/v1/users/$ann" '{"disabled":true}' -H 'If-Match: "2"'
is "$STATUS" 200 "disabled"
SHELTER_TOKEN=$two api GET /v1/me
is "$STATUS" 401 "nothing of hers opens"
api POST "/v1/users/$ann/tokens" '{"label":"x"}'
is "$STATUS" 409 "nor is there a new token"
api PATCH /v1/users/1 '{"disabled":true}' -H 'If-Match: "1"'
is "$STATUS $(field .field)" "409 role" "the last administrator stays"
api PATCH /v1/users/99 '{"disabled":true}' -H 'If-Match: "1"'
is "$STATUS" 404 "nobody is nobody"

stop_daemon
for secret in "$admin" "$tablet" "$two" "$token" 'correct horse'; do
	ok eval '! grep -qF "$secret" "$DIR"/store.db* "$DIR/daemon.err"' -- \
		"a secret is neither stored nor logged"
done
done_testing
