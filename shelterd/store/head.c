/* SPDX-License-Identifier: MIT */
/*
 * Signed heads: see head.h.  Knows of an event only its number and hash.
 */
#include "shelterd/store/head.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shelterd/log.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"

enum {
	EVERY_EVENTS = 1000,
	EVERY_SECONDS = 600,
	TAIL_BYTES = 256 << 10, /* how much heads_check() looks back */
	LINE = 512,
	HASH_HEX = EVENT_HASH * 2 + 1,
	SIG_HEX = crypto_sign_BYTES * 2 + 1
};

struct heads {
	int fd;
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	int64_t id, signed_id, signed_at;
	unsigned char hash[EVENT_HASH];
};

/* The key. */

static int
write_all(int fd, const void *data, size_t len)
{
	return write(fd, data, len) == (ssize_t)len && fsync(fd) == 0 ? 0 : -1;
}

static int
make_key(const char *path, unsigned char seed[crypto_sign_SEEDBYTES])
{
	char hex[crypto_sign_SEEDBYTES * 2 + 1];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return -1;
	randombytes_buf(seed, crypto_sign_SEEDBYTES);
	sodium_bin2hex(hex, sizeof(hex), seed, crypto_sign_SEEDBYTES);
	rc = write_all(fd, hex, sizeof(hex) - 1);
	sodium_memzero(hex, sizeof(hex));
	close(fd);
	if (rc != 0)
		unlink(path);
	return rc;
}

static int
read_key(const char *path, unsigned char seed[crypto_sign_SEEDBYTES])
{
	char hex[crypto_sign_SEEDBYTES * 2];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, hex, sizeof(hex));
	close(fd);
	errno = EINVAL;
	return n == (ssize_t)sizeof(hex) &&
		       sodium_hex2bin(seed, crypto_sign_SEEDBYTES, hex,
			   sizeof(hex), NULL, NULL, NULL) == 0
		   ? 0
		   : -1;
}

static int
load_key(const char *store, bool make,
    unsigned char secret[crypto_sign_SECRETKEYBYTES],
    unsigned char public[crypto_sign_PUBLICKEYBYTES])
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	char path[PATH_MAX];
	int rc;

	snprintf(path, sizeof(path), "%s.key", store);
	rc = read_key(path, seed);
	if (rc != 0 && errno == ENOENT && make)
		rc = make_key(path, seed);
	if (rc == 0)
		crypto_sign_seed_keypair(public, secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return rc;
}

/* Lines. */

static size_t
statement(char *out, size_t size, int64_t id, const char *hash, int64_t at)
{
	return (size_t)snprintf(out, size, "shelter-head %lld %s %lld",
	    (long long)id, hash, (long long)at);
}

static int
sign_now(struct heads *h)
{
	char line[LINE], hash[HASH_HEX], sig_hex[SIG_HEX];
	off_t size = lseek(h->fd, 0, SEEK_END);
	unsigned char sig[crypto_sign_BYTES];
	int64_t now = (int64_t)time(NULL);
	size_t len;

	sodium_bin2hex(hash, sizeof(hash), h->hash, EVENT_HASH);
	len = statement(line, sizeof(line), h->id, hash, now);
	crypto_sign_detached(sig, NULL, (unsigned char *)line, len, h->secret);
	sodium_bin2hex(sig_hex, sizeof(sig_hex), sig, sizeof(sig));
	len = (size_t)snprintf(line, sizeof(line), "%lld %s %lld %s\n",
	    (long long)h->id, hash, (long long)now, sig_hex);
	h->signed_id = h->id;
	h->signed_at = now;
	if (size >= 0 && write_all(h->fd, line, len) == 0)
		return 0;
	/* Half a line would spoil the next one. */
	(void)!ftruncate(h->fd, size);
	return -1;
}

void
heads_note(struct heads *h, const struct event *e)
{
	h->id = e->id;
	memcpy(h->hash, e->hash, EVENT_HASH);
}

static void
sign_or_log(struct heads *h)
{
	if (sign_now(h) != 0)
		log_line(LOG_ERROR, "heads", "event=%lld error=\"%s\"",
		    (long long)h->id, strerror(errno));
}

void
heads_due(struct heads *h)
{
	int64_t since = (int64_t)time(NULL) - h->signed_at;

	/* A line is synced, which under load costs as much as a commit. */
	if ((h->id - h->signed_id >= EVERY_EVENTS && since != 0) ||
	    (h->id > h->signed_id && since >= EVERY_SECONDS))
		sign_or_log(h);
}

/* A line torn by a crash is closed, so that the next one starts afresh. */
static int
begin_file(struct heads *h, const unsigned char *public)
{
	char line[crypto_sign_PUBLICKEYBYTES * 2 + 8], last = '\n';
	off_t size = lseek(h->fd, 0, SEEK_END);

	if (size > 0)
		return pread(h->fd, &last, 1, size - 1) == 1 &&
			       (last == '\n' || write_all(h->fd, "\n", 1) == 0)
			   ? 0
			   : -1;
	memcpy(line, "key ", 4);
	sodium_bin2hex(
	    line + 4, sizeof(line) - 4, public, crypto_sign_PUBLICKEYBYTES);
	strcat(line, "\n");
	return write_all(h->fd, line, strlen(line));
}

static int
newest(struct heads *h, struct db *db)
{
	struct event *e = NULL;
	int64_t last = event_last(db);
	int n;

	if (last <= 0)
		return (int)last;
	n = event_list(db, last - 1, 1, &e);
	if (n == 1)
		heads_note(h, e);
	event_unref(e);
	return n == 1 ? 0 : -1;
}

struct heads *
heads_open(const char *store, struct db *db, char *err, size_t errsize)
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	struct heads *h = calloc(1, sizeof(*h));
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s.heads", store);
	if (h == NULL)
		goto out;
	h->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (h->fd >= 0 && load_key(store, true, h->secret, public) == 0 &&
	    begin_file(h, public) == 0 && newest(h, db) == 0) {
		if (h->id > 0)
			sign_or_log(h);
		return h;
	}
out:
	snprintf(
	    err, errsize, "signed heads of %s: %s", store, strerror(errno));
	if (h != NULL && h->fd >= 0)
		close(h->fd);
	free(h);
	return NULL;
}

void
heads_close(struct heads *h)
{
	if (h == NULL)
		return;
	if (h->id > h->signed_id)
		sign_or_log(h);
	close(h->fd);
	sodium_memzero(h->secret, sizeof(h->secret));
	free(h);
}

/* Check. */

struct head_line {
	int64_t id, at;
	char hash[HASH_HEX], sig[SIG_HEX];
};

static bool
parse_line(const char *text, struct head_line *l)
{
	long long id, at;

	if (sscanf(text, "%lld %64s %lld %128s", &id, l->hash, &at, l->sig) !=
	    4)
		return false;
	l->id = id;
	l->at = at;
	return strlen(l->hash) == HASH_HEX - 1 && strlen(l->sig) == SIG_HEX - 1;
}

static bool
genuine(const struct head_line *l, const unsigned char *public)
{
	unsigned char sig[crypto_sign_BYTES];
	char text[LINE];
	size_t len = statement(text, sizeof(text), l->id, l->hash, l->at);

	return sodium_hex2bin(sig, sizeof(sig), l->sig, SIG_HEX - 1, NULL, NULL,
		   NULL) == 0 &&
	       crypto_sign_verify_detached(
		   sig, (unsigned char *)text, len, public) == 0;
}

/* Whether the store has that event with that hash. */
static bool
shown(struct db *db, const struct head_line *l)
{
	struct event *e = NULL;
	char hex[HASH_HEX] = "";

	if (event_list(db, l->id - 1, 1, &e) == 1 && e->id == l->id)
		sodium_bin2hex(hex, sizeof(hex), e->hash, EVENT_HASH);
	event_unref(e);
	return strcmp(hex, l->hash) == 0;
}

static int
check_lines(FILE *f, struct db *db, const unsigned char *public, int64_t *last,
    int64_t *bad)
{
	struct head_line l;
	char text[LINE];

	while (fgets(text, sizeof(text), f) != NULL) {
		if (!parse_line(text, &l))
			continue; /* key line, or torn by a crash */
		if (!genuine(&l, public))
			return -1;
		if (*bad == 0 && !shown(db, &l))
			*bad = l.id;
		if (l.id > *last)
			*last = l.id;
	}
	return ferror(f) ? -1 : 0;
}

int
heads_check(const char *store, struct db *db, int64_t *last, int64_t *bad,
    char *err, size_t errsize)
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	char path[PATH_MAX], skip[LINE];
	FILE *f = NULL;
	int rc = -1;

	*last = *bad = 0;
	snprintf(path, sizeof(path), "%s.heads", store);
	if (load_key(store, false, secret, public) == 0)
		f = fopen(path, "re");
	sodium_memzero(secret, sizeof(secret));
	if (f == NULL) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (fseek(f, -TAIL_BYTES, SEEK_END) == 0)
		(void)!fgets(skip, sizeof(skip), f); /* a cut line */
	else
		rewind(f);
	rc = check_lines(f, db, public, last, bad);
	if (rc != 0)
		snprintf(err, errsize, "%s: a signature is false", path);
	fclose(f);
	return rc;
}

int
heads_retire(const char *store, int64_t at)
{
	char from[PATH_MAX], to[PATH_MAX];

	snprintf(from, sizeof(from), "%s.heads", store);
	snprintf(to, sizeof(to), "%s.heads.%lld", store, (long long)at);
	return rename(from, to) == 0 || errno == ENOENT ? 0 : -1;
}
