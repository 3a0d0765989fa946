/* SPDX-License-Identifier: MIT */
/*
 * Passwords, tokens and the log-in limit: see auth.h.
 *
 * The limit is a table of fixed size indexed by a keyed hash of user and
 * address; two callers that fall together share their attempts, a caller
 * cannot choose whom to fall together with, and no flood makes it grow.
 */
#include "shelterd/net/auth.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 4096,
	TRIES = 10,
	REFILL = 30 /* seconds for one try */
};

static char dummy[crypto_pwhash_STRBYTES];

int
auth_init(void)
{
	static const char unguessable[] = "no user has this password";

	_Static_assert(AUTH_PASSWORD >= crypto_pwhash_STRBYTES, "room");
	if (sodium_init() < 0)
		return -1;
	if (dummy[0] != '\0')
		return 0;
	return auth_password_hash(unguessable, dummy);
}

/* Bit i of the role mask is word i. */
const char *const auth_role_words[] = { "admin", "coordinator", "inspector",
	"unit", "viewer", NULL };

const char *
auth_role_word(int role)
{
	for (int i = 0; auth_role_words[i] != NULL; i++)
		if (role == 1 << i)
			return auth_role_words[i];
	return "";
}

int
auth_role(const char *word)
{
	for (int i = 0; auth_role_words[i] != NULL; i++)
		if (strcmp(auth_role_words[i], word) == 0)
			return 1 << i;
	return 0;
}

void
auth_token_new(char text[AUTH_TOKEN_TEXT])
{
	unsigned char random[32];

	randombytes_buf(random, sizeof(random));
	memcpy(text, "shl_", 4);
	sodium_bin2base64(text + 4, AUTH_TOKEN_TEXT - 4, random, sizeof(random),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof(random));
}

void
auth_token_hash(const char *text, unsigned char hash[AUTH_TOKEN])
{
	crypto_generichash(hash, AUTH_TOKEN, (const unsigned char *)text,
	    strlen(text), NULL, 0);
}

int
auth_password_hash(const char *password, char out[AUTH_PASSWORD])
{
	return crypto_pwhash_str_alg(out, password, strlen(password),
	    crypto_pwhash_OPSLIMIT_INTERACTIVE,
	    crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
}

bool
auth_password_check(const char *hash, const char *password)
{
	bool known = hash != NULL && hash[0] != '\0';
	int rc = crypto_pwhash_str_verify(
	    known ? hash : dummy, password, strlen(password));

	return known && rc == 0;
}

/* The limit. */

struct tries {
	int64_t full_at; /* when all tries are back */
};

struct auth_limit {
	pthread_mutex_t lock;
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct tries slots[SLOTS];
};

struct auth_limit *
auth_limit_new(void)
{
	struct auth_limit *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	pthread_mutex_init(&l->lock, NULL);
	randombytes_buf(l->key, sizeof(l->key));
	return l;
}

void
auth_limit_free(struct auth_limit *l)
{
	if (l == NULL)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static struct tries *
slot(struct auth_limit *l, const char *user, const char *peer)
{
	unsigned char a[crypto_shorthash_BYTES], b[crypto_shorthash_BYTES];
	uint64_t x, y;

	crypto_shorthash(a, (const unsigned char *)user, strlen(user), l->key);
	crypto_shorthash(b, (const unsigned char *)peer, strlen(peer), l->key);
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return &l->slots[(x * 31 + y) % SLOTS];
}

bool
auth_limit_take(struct auth_limit *l, const char *user, const char *peer,
    int64_t now, int64_t *wait)
{
	struct tries *t;
	int64_t after;

	pthread_mutex_lock(&l->lock);
	t = slot(l, user, peer);
	after = (t->full_at > now ? t->full_at : now) + REFILL;
	*wait = after - now - (int64_t)TRIES * REFILL;
	if (*wait <= 0)
		t->full_at = after;
	pthread_mutex_unlock(&l->lock);
	return *wait <= 0;
}

void
auth_limit_forget(struct auth_limit *l, const char *user, const char *peer)
{
	pthread_mutex_lock(&l->lock);
	slot(l, user, peer)->full_at = 0;
	pthread_mutex_unlock(&l->lock);
}
