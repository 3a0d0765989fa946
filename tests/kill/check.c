/* SPDX-License-Identifier: MIT */
/*
 * The reckoning: the daemon's log and rows against what clients were told and
 * streams were sent; and what is left of a store whose journal was torn.
 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kill/kill.h"
#include "tests/wire.h"

static int tests, failures;

bool
tap(bool good, const char *fmt, ...)
{
	va_list ap;

	failures += !good;
	printf("%sok %d - ", good ? "" : "not ", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	return good;
}

void
tap_end(void)
{
	printf("1..%d\n", tests);
}

static cJSON *
get(struct world *w, const char *path)
{
	struct wire wire = { 0 };
	struct wire_answer a = { 0 };
	cJSON *json;

	if (wire_open(&wire, world_port(w, NULL)))
		a = wire_call(&wire, "GET", path, w->token, "", NULL);
	json = a.status == 200 ? cJSON_ParseWithLength(a.body, a.len) : NULL;
	if (json == NULL)
		die("GET %s: %d %s", path, a.status, a.body ? a.body : "");
	wire_close(&wire);
	return json;
}

static int64_t
number(const cJSON *o, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : -1;
}

static const char *
text(const cJSON *o, const char *name)
{
	const char *s =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

	return s != NULL ? s : "";
}

/* How often each operation of each client is in the log. */
struct tally {
	struct client *clients;
	uint8_t *made[CLIENTS], *ended[CLIENTS];
	int64_t wrong;
};

static void
tally_event(struct tally *t, const cJSON *event)
{
	const cJSON *body = cJSON_GetObjectItem(event, "body");
	const char *label = text(body, "label");
	bool ended = cJSON_IsTrue(cJSON_GetObjectItem(body, "ended"));
	int64_t n;
	int c;

	if (strcmp(text(event, "kind"), "token.changed") != 0)
		return;
	if (sscanf(label, "c%d-%" SCNd64, &c, &n) != 2 || c < 0 ||
	    c >= CLIENTS || n < 0 || n >= t->clients[c].n ||
	    number(event, "noun_id") != t->clients[c].ids[n]) {
		t->wrong++;
		return;
	}
	(ended ? t->ended : t->made)[c][n]++;
}

static int64_t
read_log(struct world *w, struct tally *t, struct log_copy *copy)
{
	int64_t since = 0, holes = 0;
	char path[80];

	for (bool more = true; more;) {
		const cJSON *e;
		cJSON *page;

		snprintf(path, sizeof(path),
		    "/v1/events?limit=2000&since=%" PRId64, since);
		page = get(w, path);
		cJSON_ArrayForEach(e, cJSON_GetObjectItem(page, "items"))
		{
			holes += number(e, "id") != ++since;
			copy->hashes = realloc(copy->hashes,
			    ((size_t)since + 1) * sizeof(uint64_t));
			if (copy->hashes == NULL)
				die("out of memory");
			sscanf(text(e, "hash"), "%16" SCNx64,
			    &copy->hashes[since]);
			if (t != NULL)
				tally_event(t, e);
		}
		more = number(page, "next") > 0;
		cJSON_Delete(page);
	}
	copy->head = since;
	return holes;
}

static bool
check_tally(const struct tally *t)
{
	int64_t lost = 0, twice = 0, total = 0;

	for (int c = 0; c < CLIENTS; c++)
		for (int64_t n = 0; n < t->clients[c].n; n++) {
			total += 2;
			lost += !t->made[c][n] + !t->ended[c][n];
			twice += (t->made[c][n] > 1) + (t->ended[c][n] > 1);
		}
	tap(lost == 0, "%" PRId64 " acknowledged writes, %" PRId64 " lost",
	    total, lost);
	tap(twice == 0, "%" PRId64 " applied twice", twice);
	tap(t->wrong == 0, "%" PRId64 " nobody asked for", t->wrong);
	return total > 0 && lost == 0 && twice == 0 && t->wrong == 0;
}

static bool
check_audit(struct world *w, int64_t head)
{
	cJSON *audit = get(w, "/v1/audit");
	bool good = cJSON_IsTrue(cJSON_GetObjectItem(audit, "ok")) &&
		    number(audit, "events") == head &&
		    number(audit, "head") == head;

	tap(good, "the chain of %" PRId64 " events verifies", head);
	cJSON_Delete(audit);
	return good;
}

bool
check_log(struct world *w, struct client *clients, struct log_copy *copy)
{
	struct tally t = { .clients = clients };
	char path[64];
	cJSON *left;
	bool good;

	for (int c = 0; c < CLIENTS; c++) {
		t.made[c] = calloc((size_t)clients[c].n + 1, 1);
		t.ended[c] = calloc((size_t)clients[c].n + 1, 1);
	}
	good = tap(read_log(w, &t, copy) == 0, "event ids have no hole");
	good &= check_tally(&t);
	good &= check_audit(w, copy->head);
	snprintf(
	    path, sizeof(path), "/v1/users/%" PRId64 "/tokens", w->account);
	left = get(w, path);
	good &= tap(cJSON_GetArraySize(cJSON_GetObjectItem(left, "items")) == 0,
	    "the rows are those the log tells of");
	cJSON_Delete(left);
	for (int c = 0; c < CLIENTS; c++) {
		free(t.made[c]);
		free(t.ended[c]);
	}
	return good;
}

bool
check_streams(struct stream *streams, const struct log_copy *copy)
{
	bool good = true;

	for (int i = 0; i < STREAMS; i++) {
		const struct stream *s = &streams[i];
		int64_t other = 0;

		for (int64_t id = 1; id <= s->last && id <= copy->head; id++)
			other += s->hashes[id] != copy->hashes[id];
		good &= tap(s->last == copy->head && other == 0,
		    "stream %d saw events 1 to %" PRId64
		    " once and in order over %d connections",
		    i, s->last, s->connections);
	}
	return good;
}

/* Torn journals. */

static void
copy_file(const char *dir, const char *from, const char *to, int64_t limit)
{
	char a[128], b[128], block[4096];
	FILE *in, *out;
	size_t n;

	snprintf(a, sizeof(a), "%s/%s", dir, from);
	snprintf(b, sizeof(b), "%s/%s", dir, to);
	remove(b);
	in = fopen(a, "re");
	if (in == NULL)
		return;
	out = fopen(b, "we");
	if (out == NULL)
		die("%s cannot be written", b);
	while (limit != 0 && (n = fread(block, 1, sizeof(block), in)) > 0) {
		if (limit > 0 && (int64_t)n > limit)
			n = (size_t)limit;
		fwrite(block, 1, n, out);
		limit -= limit > 0 ? (int64_t)n : 0;
	}
	fclose(in);
	fclose(out);
}

static int64_t
file_size(const char *dir, const char *name)
{
	char path[128];
	int64_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	if (f != NULL) {
		fseek(f, 0, SEEK_END);
		size = ftell(f);
		fclose(f);
	}
	return size;
}

static void
append_garbage(const char *dir, const char *name)
{
	char path[128];
	int n = 1 + rand() % 9000;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "ae");
	while (f != NULL && n-- > 0)
		putc(rand() & 0xff, f);
	if (f != NULL)
		fclose(f);
}

/* The daemon on the torn copy: its log must be the start of the whole one,
 * and the audit must say so when a signed head is beyond it. */
static bool
sound_start(struct world *w, const struct log_copy *whole, int64_t *head)
{
	struct log_copy torn = { 0 };
	cJSON *audit;
	int64_t bad;
	bool good;

	good = read_log(w, NULL, &torn) == 0 && torn.head <= whole->head;
	for (int64_t id = 1; good && id <= torn.head; id++)
		good = torn.hashes[id] == whole->hashes[id];
	audit = get(w, "/v1/audit");
	bad = number(audit, "first_bad");
	good &= bad == -1 || bad == torn.head + 1;
	cJSON_Delete(audit);
	free(torn.hashes);
	*head = torn.head;
	return good;
}

bool
check_torn(
    struct world *w, const char *store, const struct log_copy *whole, int cuts)
{
	char from[40];
	int64_t size, head, least = whole->head;
	int bad = 0, lost = 0;

	snprintf(from, sizeof(from), "%s-wal", store);
	size = file_size(w->dir, from);
	for (int i = 0; i < cuts; i++) {
		bool cut = i % 2 == 0 && size > 0;
		int64_t limit = cut ? rand() % size : -1;
		pid_t pid;

		copy_file(w->dir, store, "torn.db", -1);
		copy_file(w->dir, from, "torn.db-wal", limit);
		copy_file(w->dir, "store.db.key", "torn.db.key", -1);
		copy_file(w->dir, "store.db.heads", "torn.db.heads", -1);
		copy_file(w->dir, "none", "torn.db-shm", -1);
		if (!cut)
			append_garbage(w->dir, "torn.db-wal");
		pid = daemon_start(w, "torn.db");
		bad += !sound_start(w, whole, &head);
		lost += !cut && head != whole->head;
		least = head < least ? head : least;
		daemon_kill(w, pid);
	}
	tap(bad == 0,
	    "%d torn journals (%" PRId64 " bytes): a sound start of the log"
	    " each time, down to %" PRId64 " of %" PRId64 " events",
	    cuts, size, least, whole->head);
	tap(lost == 0, "an unfinished tail costs nothing committed");
	return bad == 0 && lost == 0;
}
