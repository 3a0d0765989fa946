/* SPDX-License-Identifier: MIT */
/*
 * Migrations: see migrate.h.  Knows the table `migration` and nothing of what
 * the files create.
 */
#include "shelterd/store/migrate.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shelterd/store/db.h"

enum { HEX = crypto_hash_sha256_BYTES * 2 + 1 };

static void
hash_of(const char *sql, char hex[HEX])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)sql, strlen(sql));
	sodium_bin2hex(hex, HEX, hash, sizeof(hash));
}

static int
refuse(char *err, size_t errsize, const char *name, const char *why)
{
	snprintf(err, errsize, "migration %s: %s", name, why);
	return DB_ERROR;
}

static int
record(struct db *db, const struct migration *m)
{
	struct db_stmt *s =
	    db_prepare(db, "INSERT INTO migration (number, name, hash, at)"
			   " VALUES ($1, $2, $3, $4)");
	char hex[HEX];

	hash_of(m->sql, hex);
	db_bind_int(s, 1, atoi(m->name));
	db_bind_text(s, 2, m->name);
	db_bind_text(s, 3, hex);
	db_bind_int(s, 4, (int64_t)time(NULL));
	return db_run(s);
}

static int
apply(struct db *db, const struct migration *m, char *err, size_t errsize)
{
	int rc = db_begin(db);

	if (rc == DB_OK)
		rc = record(db, m);
	if (rc == DB_OK) /* last: it may outdate statements that are kept */
		rc = db_script(db, m->sql);
	if (rc == DB_OK)
		rc = db_commit(db);
	if (rc == DB_OK)
		return DB_OK;
	refuse(err, errsize, m->name, db_error(db));
	db_rollback(db);
	return rc;
}

/* Compares what the store has with the start of our list; *next becomes the
 * first one to apply. */
static int
compare(struct db *db, const struct migration *list,
    const struct migration **next, char *err, size_t errsize)
{
	struct db_stmt *s = db_prepare(
	    db, "SELECT number, name, hash FROM migration ORDER BY number");
	const struct migration *m = list;
	const char *why = NULL;
	char hex[HEX];
	int rc;

	while (why == NULL && (rc = db_step(s)) == DB_ROW) {
		if (m->name == NULL) {
			why = "the store is newer than this program";
		} else if (db_int(s, 0) != atoi(m->name)) {
			why = "not what this program expects at this place";
		} else {
			hash_of(m->sql, hex);
			if (strcmp(hex, db_text(s, 2)) != 0)
				why = "was edited after it had been applied";
			m++;
		}
		if (why != NULL)
			refuse(err, errsize, db_text(s, 1), why);
	}
	*next = m;
	if (why == NULL && rc < 0)
		return refuse(err, errsize, "table", db_error(db));
	db_done(s);
	return why == NULL ? DB_OK : DB_ERROR;
}

int
migrate_list(
    struct db *db, const struct migration *list, char *err, size_t errsize)
{
	const struct migration *m = list;
	int rc =
	    db_script(db, "CREATE TABLE IF NOT EXISTS migration ("
			  " number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
			  " hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT");

	if (rc != DB_OK)
		return refuse(err, errsize, "table", db_error(db));
	rc = compare(db, list, &m, err, errsize);
	for (; rc == DB_OK && m->name != NULL; m++)
		rc = apply(db, m, err, errsize);
	return rc;
}

int
migrate(struct db *db, char *err, size_t errsize)
{
	return migrate_list(db, migrations, err, errsize);
}

int
migrate_check(struct db *db, char *err, size_t errsize)
{
	const struct migration *next;

	return compare(db, migrations, &next, err, errsize);
}
