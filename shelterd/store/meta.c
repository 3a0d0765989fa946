/* SPDX-License-Identifier: MIT */
/*
 * SQL of the table meta.
 */
#include <stdio.h>
#include "shelterd/store/db.h"
#include "shelterd/store/meta.h"

int
meta_get(struct db *db, const char *key, char *value, size_t size)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT value FROM meta WHERE key = $1");
	int result;

	db_bind_text(s, 1, key);
	result = db_step(s);
	if (result == DB_ROW) {
		snprintf(value, size, "%s", db_text(s, 0));
		db_done(s);
	}
	return result;
}

int
meta_put(struct db *db, const char *key, const char *value)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO meta (key, value) VALUES ($1, $2)"
	    " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	db_bind_text(s, 1, key);
	db_bind_text(s, 2, value);
	return db_run(s);
}
