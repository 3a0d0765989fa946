/* SPDX-License-Identifier: MIT */
/* The store as a file: is it sound, and a copy of it while others write. */
#include "shelterd/store/db_sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
db_check(struct db *db, char *err, size_t errsize)
{
	struct db_stmt *s = db_prepare(db, "PRAGMA integrity_check(1)");
	int rc = db_step(s);
	bool sound = rc == DB_ROW && strcmp(db_text(s, 0), "ok") == 0;

	if (!sound)
		snprintf(err, errsize, "%s",
		    rc == DB_ROW ? db_text(s, 0) : db_error(db));
	db_done(s);
	if (!sound)
		return DB_ERROR;
	s = db_prepare(db, "PRAGMA foreign_key_check");
	rc = db_step(s);
	if (rc == DB_ROW)
		snprintf(err, errsize, "a row of %s refers to nothing",
		    db_text(s, 0));
	else if (rc < 0)
		snprintf(err, errsize, "%s", db_error(db));
	db_done(s);
	return rc == DB_OK ? DB_OK : DB_ERROR;
}

int
db_retire(struct db *db)
{
	return db_script(db, "PRAGMA journal_mode=DELETE");
}

static int
sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

static int
copy_pages(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (copy == NULL)
		return sqlite3_errcode(to);
	rc = sqlite3_backup_step(copy, -1);
	sqlite3_backup_finish(copy);
	/* A copy is one file: no journal beside it. */
	if (rc == SQLITE_DONE)
		rc = sqlite3_exec(
		    to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	return rc;
}

int
db_backup(struct db *db, const char *path, char *err, size_t errsize)
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(
	    path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	if (rc == SQLITE_OK)
		rc = copy_pages(to, db_sqlite_handle(db));
	if (rc != SQLITE_OK)
		snprintf(err, errsize, "%s: %s", path, sqlite3_errstr(rc));
	sqlite3_close(to);
	if (rc == SQLITE_OK && sync_file(path) != 0) {
		snprintf(err, errsize, "%s: cannot sync", path);
		rc = SQLITE_IOERR;
	}
	return db_sqlite_result(rc);
}
