/* SPDX-License-Identifier: MIT */
/*
 * Where-expressions from outside.  What parses must answer for a shelter of
 * which nothing is known, and its negation must answer the contrary.
 */
#include "shelterd/net/where.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct snap_shelter blank = {
	.id = 1,
	.register_id = "",
	.name = "",
	.address = "",
	.kind = "",
	.precinct = "",
	.org = "",
	.floors = "",
	.note = "",
	.area = -1,
	.places = -1,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct where_wrong wrong;
	char *text = malloc(size + 1), *negated = malloc(size + 8);
	memcpy(text, data, size);
	text[size] = '\0';
	sprintf(negated, "not (%s)", text);
	struct where *w = where_parse(text, &wrong);
	struct where *n = where_parse(negated, &wrong);
	bool empty = text[strspn(text, " \t\r\n")] == '\0';
	if (w && n && !empty &&
	    where_picks(w, &blank) == where_picks(n, &blank))
		abort();
	if (!w) {
		struct where_wrong why;
		where_parse(text, &why);
		if (why.byte > strlen(text) || !why.why[0])
			abort();
	}
	where_free(w);
	where_free(n);
	free(text);
	free(negated);
	return 0;
}
