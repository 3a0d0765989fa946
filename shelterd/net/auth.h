/* SPDX-License-Identifier: MIT */
/*
 * Passwords, tokens and log-in attempts.  Passwords are kept as argon2id
 * text, tokens as a 32-byte hash of their text; neither can be read back.
 * It must not know HTTP or SQL.
 */
#ifndef SHELTERD_AUTH_H
#define SHELTERD_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AUTH_TOKEN = 32,      /* bytes of a token's hash */
	AUTH_TOKEN_TEXT = 56, /* room for a token's text with its NUL */
	AUTH_PASSWORD = 128,  /* room for an argon2id text */
	AUTH_PASSWORD_MIN = 8 /* bytes */
};

/* libsodium and the dummy hash; once, before the rest. -1 on failure. */
int auth_init(void);

/* "admin coordinator inspector unit viewer", ends with NULL. */
extern const char *const auth_role_words[];
const char *auth_role_word(int role); /* enum role */
int auth_role(const char *word);      /* 0: no such role */

/* A new random token: "shl_" and 43 characters of base64url. */
void auth_token_new(char text[AUTH_TOKEN_TEXT]);
void auth_token_hash(const char *text, unsigned char hash[AUTH_TOKEN]);

/* Slow on purpose (tens of ms, 64 MiB): workers only. -1 without memory. */
int auth_password_hash(const char *password, char out[AUTH_PASSWORD]);
/* hash NULL or empty (unknown user, no password): takes as long, false. */
bool auth_password_check(const char *hash, const char *password);

/*
 * Attempts at the log-in, by user name and address; a wrong password costs
 * one of ten, one comes back every 30 s.  Any thread.
 */
struct auth_limit;
struct auth_limit *auth_limit_new(void);
void auth_limit_free(struct auth_limit *);
/* Takes one; false: none left, *wait says for how many seconds. */
bool auth_limit_take(struct auth_limit *, const char *user, const char *peer,
    int64_t now, int64_t *wait);
/* After a right password: as if never tried. */
void auth_limit_forget(struct auth_limit *, const char *user, const char *peer);

#endif
