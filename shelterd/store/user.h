/* SPDX-License-Identifier: MIT */
/*
 * Accounts in the store.  Invariant kept by user_update(): a store that had
 * an enabled admin keeps one.
 */
#ifndef SHELTERD_STORE_USER_H
#define SHELTERD_STORE_USER_H

#include <stdbool.h>
#include <stdint.h>

struct db;

struct user {
	int64_t id, version, created_at;
	int role; /* enum role */
	bool disabled, has_password;
	char name[64], org[128];
};

enum user_result {
	USER_OK,
	USER_ERROR = -1,
	USER_UNKNOWN = -2,
	USER_STALE = -3,     /* another version */
	USER_TAKEN = -4,     /* name */
	USER_LAST_ADMIN = -5 /* would leave no admin */
};

/* NULL: leave as it is. */
struct user_change {
	const int *role;
	const char *org;
	const char *password; /* argon2id text */
	const bool *disabled;
};

/* Fills id, version, created_at. password may be NULL. */
int user_add(struct db *, struct user *, const char *password, int64_t now);
int user_get(struct db *, int64_t id, struct user *);
/* Refuses another version than `version`; fills *out with the new state. */
int user_update(struct db *, int64_t id, int64_t version,
    const struct user_change *, struct user *out);
/* Calls fn for each with id > after, at most limit; by id. */
int user_list(struct db *, int64_t after, int64_t limit,
    void (*fn)(void *, const struct user *), void *arg);
int64_t user_count(struct db *);
/* The enabled user of that name and its password hash ("" if none). */
int
user_login(struct db *, const char *name, struct user *, char password[128]);

#endif
