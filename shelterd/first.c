/* SPDX-License-Identifier: MIT */
/*
 * The first administrator: see first.h.  The file is put in place before the
 * account is committed: a crash between leaves a file that opens nothing and
 * is replaced at the next start, never an account nobody can enter.
 */
#include "shelterd/first.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shelterd/net/auth.h"
#include "shelterd/log.h"
#include "shelterd/net/route.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/token.h"
#include "shelterd/store/user.h"

static int
write_token(const char *path, const char *text)
{
	char fresh[PATH_MAX], line[AUTH_TOKEN_TEXT + 1];
	int fd, n;
	bool written;

	n = snprintf(fresh, sizeof(fresh), "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof(fresh)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	unlink(fresh);
	fd = open(
	    fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	n = snprintf(line, sizeof(line), "%s\n", text);
	written = write(fd, line, (size_t)n) == n && fsync(fd) == 0;
	close(fd);
	if (written && rename(fresh, path) == 0)
		return 0;
	unlink(fresh);
	return -1;
}

static int
note_event(struct db *db, const struct user *u)
{
	struct event *e = event_make();
	int rc = DB_ERROR;

	if (e == NULL)
		return rc;
	e->at = u->created_at;
	snprintf(e->user, sizeof(e->user), "system");
	snprintf(e->kind, sizeof(e->kind), "user.changed");
	snprintf(e->noun, sizeof(e->noun), "user");
	e->noun_id = u->id;
	e->roles = ROLE_ADMIN;
	e->body = strdup("{\"name\":\"admin\",\"role\":\"admin\","
			 "\"first\":true}");
	if (e->body != NULL)
		rc = event_append(db, e, NULL);
	event_unref(e);
	return rc;
}

static int
add_admin(struct db *db, const char *text)
{
	struct user u = { .role = ROLE_ADMIN, .name = "admin" };
	struct token t = { .label = "first" };
	unsigned char hash[AUTH_TOKEN];
	int rc = db_begin(db);

	if (rc == DB_OK)
		rc = user_add(db, &u, NULL, (int64_t)time(NULL));
	t.account_id = u.id;
	t.created_at = u.created_at;
	auth_token_hash(text, hash);
	if (rc == DB_OK)
		rc = token_add(db, &t, hash);
	if (rc == DB_OK)
		rc = note_event(db, &u);
	if (rc == DB_OK)
		rc = db_commit(db);
	if (rc != DB_OK)
		db_rollback(db);
	return rc;
}

int
first_admin(struct db *db, const char *token_file, char *err, size_t errsize)
{
	char text[AUTH_TOKEN_TEXT];
	int64_t n = user_count(db);

	if (n > 0)
		return 0;
	if (n < 0) {
		snprintf(err, errsize, "accounts: %s", db_error(db));
		return -1;
	}
	auth_token_new(text);
	if (write_token(token_file, text) != 0) {
		snprintf(err, errsize, "%s: %s", token_file, strerror(errno));
		return -1;
	}
	if (add_admin(db, text) != DB_OK) {
		snprintf(err, errsize, "first admin: %s", db_error(db));
		return -1;
	}
	log_line(LOG_INFO, "auth", "user=admin token-file=%s", token_file);
	return 0;
}
