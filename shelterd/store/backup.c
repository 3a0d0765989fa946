/* SPDX-License-Identifier: MIT */
/*
 * Copies of the store: see backup.h.  Knows files; what is in a store it asks
 * db.h, migrate.h and event.h.
 */
#include "shelterd/store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/head.h"
#include "shelterd/store/migrate.h"

bool
backup_name_ok(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	size_t n = strlen(name);

	return n >= 1 && n <= 64 && name[0] != '.' &&
	       strspn(name, allowed) == n;
}

static int
failed(char *err, size_t errsize, const char *what)
{
	snprintf(err, errsize, "%s: %s", what, strerror(errno));
	return BACKUP_FAILED;
}

static int
sync_folder_of(const char *path)
{
	char dir[PATH_MAX];
	char *slash;
	int fd, rc;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir ? 1 : 0] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -1 : fsync(fd);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Size and hash of the finished file. */
static int
measure(const char *path, struct backup *b)
{
	unsigned char block[65536], hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state st;
	FILE *f = fopen(path, "re");
	size_t n;
	bool whole;

	if (f == NULL)
		return -1;
	b->bytes = 0;
	crypto_hash_sha256_init(&st);
	while ((n = fread(block, 1, sizeof(block), f)) > 0) {
		crypto_hash_sha256_update(&st, block, n);
		b->bytes += (int64_t)n;
	}
	crypto_hash_sha256_final(&st, hash);
	sodium_bin2hex(b->sha256, sizeof(b->sha256), hash, sizeof(hash));
	whole = ferror(f) == 0;
	fclose(f);
	return whole ? 0 : -1;
}

int
backup_make(struct db *db, const char *dir, const char *name, struct backup *b,
    char *err, size_t errsize)
{
	char part[sizeof(b->path) + 8];
	int rc = BACKUP_FAILED;
	int n = snprintf(b->path, sizeof(b->path), "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof(b->path)) {
		errno = ENAMETOOLONG;
		return failed(err, errsize, name);
	}
	snprintf(part, sizeof(part), "%s.part", b->path);
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return failed(err, errsize, dir);
	if (access(b->path, F_OK) == 0) {
		errno = EEXIST;
		failed(err, errsize, b->path);
		return BACKUP_EXISTS;
	}
	unlink(part);
	if (db_backup(db, part, err, errsize) != DB_OK)
		goto out;
	/* link() and not rename(): it does not overwrite. */
	if (chmod(part, 0600) != 0 || measure(part, b) != 0 ||
	    link(part, b->path) != 0 || sync_folder_of(b->path) != 0) {
		rc = errno == EEXIST ? BACKUP_EXISTS : BACKUP_FAILED;
		failed(err, errsize, b->path);
		goto out;
	}
	rc = BACKUP_OK;
out:
	unlink(part);
	return rc;
}

int
backup_verify(const char *path, char *err, size_t errsize)
{
	char hash[EVENT_HASH * 2 + 1], why[200];
	int64_t count, head, bad = 0;
	struct db *db = db_open(path, true, err, errsize);
	int rc = BACKUP_FAILED;

	if (db == NULL)
		return BACKUP_FAILED;
	if (db_check(db, why, sizeof(why)) != DB_OK ||
	    migrate_check(db, why, sizeof(why)) != DB_OK) {
		snprintf(err, errsize, "%s: %s", path, why);
		goto out;
	}
	if (event_verify(db, &count, &head, &bad, hash) < 0) {
		snprintf(err, errsize, "%s: %s", path, db_error(db));
		goto out;
	}
	if (bad != 0) {
		snprintf(err, errsize, "%s: event %lld breaks the chain", path,
		    (long long)bad);
		goto out;
	}
	rc = BACKUP_OK;
out:
	db_close(db);
	return rc;
}

static int
copy_file(const char *from, const char *to, char *err, size_t errsize)
{
	struct db *db = db_open(from, true, err, errsize);
	int rc;

	if (db == NULL)
		return BACKUP_FAILED;
	unlink(to);
	rc = db_backup(db, to, err, errsize);
	db_close(db);
	if (rc == DB_OK && chmod(to, 0600) == 0)
		return BACKUP_OK;
	unlink(to);
	return BACKUP_FAILED;
}

/* The old store, whole and closed, under another name too: link() and not
 * rename(), so that there is a store at every moment. */
static int
put_aside(const char *store, int64_t at, char *err, size_t errsize)
{
	char aside[PATH_MAX];
	struct db *db;
	int rc;

	if (access(store, F_OK) != 0)
		return errno == ENOENT ? 0 : failed(err, errsize, store);
	db = db_open(store, false, err, errsize);
	if (db == NULL)
		return -1;
	rc = db_retire(db);
	if (rc != DB_OK)
		snprintf(err, errsize, "%s is in use: %s", store, db_error(db));
	db_close(db);
	if (rc != DB_OK)
		return -1;
	snprintf(
	    aside, sizeof(aside), "%s.replaced-%lld", store, (long long)at);
	return link(store, aside) == 0 ? 0 : failed(err, errsize, aside);
}

/* A journal left by a store that is gone would be played into the copy. */
static int
drop_journal(const char *store)
{
	static const char *const ends[] = { "-wal", "-shm", "-journal" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(path, sizeof(path), "%s%s", store, ends[i]);
		if (unlink(path) != 0 && errno != ENOENT)
			return -1;
	}
	return 0;
}

int
store_restore(const char *from, const char *store, char *err, size_t errsize)
{
	int64_t at = (int64_t)time(NULL);
	char fresh[PATH_MAX];

	snprintf(fresh, sizeof(fresh), "%s.restoring", store);
	if (backup_verify(from, err, errsize) != BACKUP_OK ||
	    copy_file(from, fresh, err, errsize) != BACKUP_OK)
		return -1;
	if (put_aside(store, at, err, errsize) != 0)
		goto out;
	if (drop_journal(store) != 0 || heads_retire(store, at) != 0 ||
	    rename(fresh, store) != 0 || sync_folder_of(store) != 0) {
		failed(err, errsize, store);
		goto out;
	}
	return 0;
out:
	unlink(fresh);
	return -1;
}
