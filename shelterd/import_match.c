/* SPDX-License-Identifier: MIT */
/*
 * Stored rows stand in two orders, (content, source) and (identity, source);
 * a row's candidates are a range of one of them, found by bisection, and
 * rows already found are jumped over by a path that shortens itself, so that
 * ten thousand equal rows cost no more than ten thousand different ones.
 */
#include "shelterd/import_match.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What an order compares: with or without the source. */
enum by { BY_CONTENT, BY_IDENTITY };

struct order {
	enum by by;
	const struct match_key *keys;
	size_t *item; /* positions in that order */
	size_t *skip; /* [n + 1] where to go on when the item is used */
	size_t n;
};

static int
compare(enum by by, bool source, const struct match_key *a,
    const struct match_key *b)
{
	int order = by == BY_CONTENT
			? memcmp(a->content, b->content, CONTENT_HASH)
			: strcmp(a->identity, b->identity);
	if (order == 0 && source)
		order = strcmp(a->source, b->source);
	return order;
}

static int
compare_items(const void *a, const void *b, void *arg)
{
	const struct order *o = arg;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int order = compare(o->by, true, &o->keys[i], &o->keys[k]);
	return order ? order : (i > k) - (i < k);
}

static bool
has_key(enum by by, const struct match_key *k)
{
	return by == BY_CONTENT ? k->content != NULL : k->identity[0] != '\0';
}

static int
order_init(struct order *o, enum by by, const struct match_key *keys, size_t n)
{
	*o = (struct order){ .by = by, .keys = keys };
	o->item = malloc((n + 1) * sizeof(*o->item));
	o->skip = malloc((n + 1) * sizeof(*o->skip));
	if (!o->item || !o->skip)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (has_key(by, &keys[i]))
			o->item[o->n++] = i;
	for (size_t i = 0; i <= o->n; i++)
		o->skip[i] = i + 1;
	if (o->n > 1)
		qsort_r(o->item, o->n, sizeof(*o->item), compare_items, o);
	return 0;
}

static void
order_release(struct order *o)
{
	free(o->item);
	free(o->skip);
}

/* First place at or after `i` whose item is not used. */
static size_t
unused(struct order *o, const bool *used, size_t i)
{
	size_t end = i;
	while (end < o->n && used[o->item[end]])
		end = o->skip[end];
	while (i < end) {
		size_t next = o->skip[i];
		o->skip[i] = end;
		i = next;
	}
	return end;
}

/* First place whose key is not smaller. */
static size_t
lower_bound(const struct order *o, bool source, const struct match_key *key)
{
	size_t low = 0, high = o->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare(o->by, source, &o->keys[o->item[mid]], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* One rule for all rows that no earlier rule found. */
static void
pass(struct order *o, bool source, bool *used, const struct match_key *rows,
    size_t nrows, struct match *out)
{
	for (size_t i = 0; i < nrows; i++) {
		if (out[i].how != MATCH_NEW || !has_key(o->by, &rows[i]))
			continue;
		size_t at = unused(o, used, lower_bound(o, source, &rows[i]));
		if (at >= o->n ||
		    compare(o->by, source, &o->keys[o->item[at]], &rows[i]))
			continue;
		used[o->item[at]] = true;
		out[i].stored = o->item[at];
		out[i].how = o->by == BY_CONTENT ? MATCH_SAME : MATCH_CHANGED;
	}
}

int
match_rows(const struct match_key *stored, size_t nstored,
    const struct match_key *rows, size_t nrows, struct match *out)
{
	int result = -1;
	struct order content = { 0 }, identity = { 0 };
	bool *used = calloc(nstored + 1, sizeof(*used));

	memset(out, 0, nrows * sizeof(*out));
	if (!used || order_init(&content, BY_CONTENT, stored, nstored) < 0 ||
	    order_init(&identity, BY_IDENTITY, stored, nstored) < 0)
		goto out;
	pass(&content, true, used, rows, nrows, out);
	pass(&content, false, used, rows, nrows, out);
	pass(&identity, true, used, rows, nrows, out);
	pass(&identity, false, used, rows, nrows, out);
	result = 0;
out:
	order_release(&content);
	order_release(&identity);
	free(used);
	return result;
}

static int
compare_bytes(const void *a, const void *b, void *arg)
{
	const struct match_bytes *keys = arg;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	size_t len = keys[i].len < keys[k].len ? keys[i].len : keys[k].len;
	int order = memcmp(keys[i].bytes, keys[k].bytes, len);
	if (order == 0)
		order =
		    (keys[i].len > keys[k].len) - (keys[i].len < keys[k].len);
	return order ? order : (i > k) - (i < k);
}

int
match_first(const struct match_bytes *keys, size_t n, size_t *first)
{
	size_t m = 0, head = 0;
	size_t *item = malloc((n + 1) * sizeof(*item));
	if (!item)
		return -1;
	for (size_t i = 0; i < n; i++) {
		first[i] = i;
		if (keys[i].bytes)
			item[m++] = i;
	}
	if (m > 1)
		qsort_r(item, m, sizeof(*item), compare_bytes,
		    (void *)(uintptr_t)keys);
	for (size_t i = 0; i < m; i++) {
		const struct match_bytes *a = &keys[item[head]];
		const struct match_bytes *b = &keys[item[i]];
		if (a->len != b->len || memcmp(a->bytes, b->bytes, a->len) != 0)
			head = i;
		first[item[i]] = item[head];
	}
	free(item);
	return 0;
}
