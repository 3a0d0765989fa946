/* SPDX-License-Identifier: MIT */
/*
 * The memory of writes that were done under an Idempotency-Key: the answer a
 * caller got, kept in the transaction that did the work, so that a retry
 * after a lost answer or a crash is answered and not done again.  Only
 * successes are kept; a refused write may be tried again.
 */
#ifndef SHELTERD_STORE_IDEMPOTENCY_H
#define SHELTERD_STORE_IDEMPOTENCY_H

#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/status.h"

struct db;

enum { IDEMPOTENCY_HASH = 32, IDEMPOTENCY_DAYS = 30 };

enum idempotency {
	IDEM_NEW,
	IDEM_DONE,  /* the same request: here is its answer */
	IDEM_OTHER, /* the key was used for another request */
	IDEM_ERROR
};

struct idempotency_answer {
	enum status status;
	char *type; /* content type; "" without a body */
	char *body;
	size_t len;
	char *headers; /* "Name: value\n" lines */
};

/* With IDEM_DONE `out` is filled; free with idempotency_release(). */
enum idempotency idempotency_find(struct db *, int64_t account, const char *key,
    const unsigned char *request_hash, struct idempotency_answer *out);
/* DB_CONSTRAINT, and nothing changed, when the key has an answer. */
int idempotency_keep(struct db *, int64_t account, const char *key,
    const unsigned char *request_hash, int64_t now,
    const struct idempotency_answer *);
/* Several together. DB_CONSTRAINT: not all are kept, as one of their keys has
 * an answer already. */
struct idempotency_row {
	int64_t account;
	const char *key;
	const unsigned char *request_hash;
	int64_t at;
	struct idempotency_answer answer;
};
int idempotency_keep_all(struct db *, const struct idempotency_row *, size_t n);
/* Drops answers older than that many days; 0: IDEMPOTENCY_DAYS. */
int idempotency_sweep(struct db *, int64_t now, int64_t days);
void idempotency_release(struct idempotency_answer *);

#endif
