/* SPDX-License-Identifier: MIT */
/*
 * Finding the row of a request.  Rows are bucketed by their number of path
 * segments and a literal segment beats a {parameter}, so "/shelters/near" is
 * found before "/shelters/{id}".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/route.h"
#include "shelterd/net/route_find.h"

enum { SEGMENTS = 10 };

struct entry {
	const struct route *route;
	struct route_text segments[SEGMENTS];
	unsigned literal; /* bit i: segment i is no parameter; compared as a
			   * number with the first segment highest */
};

struct route_set {
	struct entry *entries[SEGMENTS + 1];
	size_t counts[SEGMENTS + 1];
};

static bool
is_param(struct route_text t)
{
	return t.len > 2 && t.s[0] == '{' && t.s[t.len - 1] == '}';
}

/* Segments of "/a/b"; "/" has none.  -1: too many or no leading slash. */
static int
split(const char *path, size_t len, struct route_text *out)
{
	const char *p = path, *end = path + len, *slash;
	int n = 0;

	if (len == 0 || *p != '/')
		return -1;
	if (len == 1)
		return 0;
	while (p < end) {
		p++;
		slash = memchr(p, '/', (size_t)(end - p));
		if (slash == NULL)
			slash = end;
		if (n == SEGMENTS)
			return -1;
		out[n++] = (struct route_text){ p, (size_t)(slash - p) };
		p = slash;
	}
	return n;
}

static int
by_literal(const void *a, const void *b)
{
	unsigned x = ((const struct entry *)a)->literal;
	unsigned y = ((const struct entry *)b)->literal;

	return (x < y) - (x > y);
}

static bool
add(struct route_set *set, const struct route *route)
{
	struct entry e = { .route = route }, *grown;
	int n = split(route->path, strlen(route->path), e.segments);

	if (n < 0)
		return false;
	for (int i = 0; i < n; i++)
		if (!is_param(e.segments[i]))
			e.literal |= 1u << (SEGMENTS - i);
	grown = realloc(set->entries[n], (set->counts[n] + 1) * sizeof(*grown));
	if (grown == NULL)
		return false;
	set->entries[n] = grown;
	grown[set->counts[n]++] = e;
	return true;
}

struct route_set *
route_set_new(const struct route *const *arrays)
{
	struct route_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		return NULL;
	for (; *arrays != NULL; arrays++)
		for (const struct route *r = *arrays; r->path != NULL; r++)
			if (!add(set, r)) {
				route_set_free(set);
				return NULL;
			}
	for (int i = 0; i <= SEGMENTS; i++)
		if (set->counts[i] > 1)
			qsort(set->entries[i], set->counts[i],
			    sizeof(struct entry), by_literal);
	return set;
}

void
route_set_free(struct route_set *set)
{
	if (set == NULL)
		return;
	for (int i = 0; i <= SEGMENTS; i++)
		free(set->entries[i]);
	free(set);
}

static bool
text_is(struct route_text t, const char *s, size_t len)
{
	return t.len == len && memcmp(t.s, s, len) == 0;
}

/* From the end, where paths differ. */
static bool
fits(const struct entry *e, const struct route_text *segments, int n)
{
	for (int i = n; i-- > 0;) {
		struct route_text want = e->segments[i];

		if (is_param(want)
			? segments[i].len == 0
			: !text_is(want, segments[i].s, segments[i].len))
			return false;
	}
	return true;
}

static void
take_args(const struct entry *e, const struct route_text *segments, int n,
    struct route_match *match)
{
	match->route = e->route;
	match->nargs = 0;
	for (int i = 0; i < n && match->nargs < ROUTE_ARGS; i++)
		if (is_param(e->segments[i])) {
			struct route_arg *arg = &match->args[match->nargs++];

			arg->name.s = e->segments[i].s + 1;
			arg->name.len = e->segments[i].len - 2;
			arg->value = segments[i];
		}
}

static void
allow(struct route_match *match, const char *method)
{
	size_t n = strlen(match->allow);

	if (strstr(match->allow, method) == NULL)
		snprintf(match->allow + n, sizeof(match->allow) - n, "%s%s",
		    n > 0 ? ", " : "", method);
}

/* HEAD is answered by the GET row. */
static bool
method_fits(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 &&
		   strcmp(route->method, "GET") == 0);
}

enum status
route_find(const struct route_set *set, const char *method, const char *path,
    size_t len, struct route_match *match)
{
	struct route_text segments[SEGMENTS];
	int n = split(path, len, segments);
	const struct entry *e, *end, *hit = NULL;

	memset(match, 0, sizeof(*match));
	if (n < 0 || set->counts[n] == 0)
		return ST_NOT_FOUND;
	for (e = set->entries[n], end = e + set->counts[n]; e < end; e++) {
		if (!fits(e, segments, n))
			continue;
		/* A literal path does not fall back to a parameter. */
		if (hit != NULL && hit->literal != e->literal)
			break;
		hit = e;
		if (method_fits(e->route, method)) {
			take_args(e, segments, n, match);
			return ST_OK;
		}
		allow(match, e->route->method);
		if (strcmp(e->route->method, "GET") == 0)
			allow(match, "HEAD");
	}
	return hit == NULL ? ST_NOT_FOUND : ST_BAD_METHOD;
}

bool
route_arg_is_id(const struct route_arg *arg)
{
	struct route_text t = arg->name;

	return text_is(t, "id", 2) || t.len == 1 ||
	       (t.len > 3 && memcmp(t.s + t.len - 3, "_id", 3) == 0);
}
