/* SPDX-License-Identifier: MIT */
/*
 * Request targets: the path against the real route table, what follows the
 * '?' against the row that was found, or a row with every type.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/query.h"
#include "shelterd/net/route_find.h"
#include "shelterd/net/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const words[] = { "one", "two", NULL };
static const struct field every[] = {
	{ .name = "k", .type = F_INTEGER, .min = 1, .max = 50 },
	{ .name = "lon", .type = F_NUMBER, .min = -180, .max = 180 },
	{ .name = "all", .type = F_BOOL },
	{ .name = "at", .type = F_TIME },
	{ .name = "word", .type = F_STRING, .oneof = words },
	{ .name = "text", .type = F_STRING, .maxlen = 20 },
	{ .name = NULL },
};

static void
check_values(const struct query *q)
{
	for (size_t i = 0; i < q->n; i++) {
		const char *value = q->pairs[i].value;

		if (query_get(q, q->pairs[i].name) != value ||
		    utf8_check(value, strlen(value)) != strlen(value))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct route_set *set;
	char *s = strndup((const char *)data, size);
	size_t path = strcspn(s, "?#");
	struct query_wrong wrong = { .why = NULL };
	struct route_match match;
	struct query q;
	const struct field *fields = every;
	const char *query = s[path] == '?' ? s + path + 1 : NULL;

	if (set == NULL)
		set = route_set_new(route_arrays);
	if (route_find(set, "GET", s, path, &match) == ST_OK)
		fields = match.route->query;
	if (query_parse(&q, query, query != NULL ? strlen(query) : 0, &wrong)) {
		check_values(&q);
		if (!query_check(&q, fields, &wrong) && wrong.why == NULL)
			abort();
		query_release(&q);
	} else if (wrong.why == NULL ||
		   utf8_check(wrong.name, strlen(wrong.name)) !=
		       strlen(wrong.name)) {
		abort();
	}
	free(s);
	return 0;
}
