/* SPDX-License-Identifier: MIT */
/*
 * Tokens in the store, by the hash of their text only.  A revoked token is
 * gone; what happened to it is in the event log.
 */
#ifndef SHELTERD_STORE_TOKEN_H
#define SHELTERD_STORE_TOKEN_H

#include <stdint.h>

struct db;

struct token {
	int64_t id, account_id, created_at;
	int64_t expires_at; /* 0: never */
	char label[128];
};

/* Fills id. Negative enum db_result on failure. */
int token_add(struct db *, struct token *, const unsigned char *hash);
/* 1 found, 0 not, negative on failure. */
int token_get(struct db *, int64_t id, struct token *);
int token_find(struct db *, const unsigned char *hash, struct token *);
int token_delete(struct db *, int64_t id);
/* Those of one account with that label; NULL: all. */
int token_delete_of(struct db *, int64_t account_id, const char *label);
/* Expired ones. */
int token_sweep(struct db *, int64_t now);
/* Those with id > after, at most limit, by id. */
int token_list(struct db *, int64_t account_id, int64_t after, int64_t limit,
    void (*fn)(void *, const struct token *), void *arg);

#endif
