/* SPDX-License-Identifier: MIT */
/*
 * Stored rows stand in two orders, (content, source) and (identity, source);
 * a row's candidates are a range of one of them, found by bisection, and
 * rows already found are jumped over by a path that shortens itself, so that
 * ten thousand equal rows cost no more than ten thousand different ones.
 */
#include "shelterd/import/import_match.h"
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
	return by == BY_CONTENT || k->identity[0] != '\0';
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

/* What no row may find any more: used claims, and for the rules about other
 * files, claims of owners that were found and of the past. */
struct found {
	bool *claim, *owner;
};

static bool
gone(const struct order *o, const struct found *f, bool others, size_t i)
{
	const struct match_key *k = &o->keys[o->item[i]];
	if (f->claim[o->item[i]])
		return true;
	return others &&
	       (f->owner[k->owner] || (o->by == BY_CONTENT && !k->latest));
}

/* First place at or after `i` that may still be found. */
static size_t
next_left(struct order *o, const struct found *f, bool others, size_t i)
{
	size_t end = i;
	while (end < o->n && gone(o, f, others, end))
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
pass(struct order *o, bool others, struct found *f,
    const struct match_key *rows, size_t nrows, struct match *out)
{
	for (size_t i = 0; i <= o->n; i++)
		o->skip[i] = i + 1;
	for (size_t i = 0; i < nrows; i++) {
		if (out[i].how != MATCH_NEW || !has_key(o->by, &rows[i]))
			continue;
		size_t at =
		    next_left(o, f, others, lower_bound(o, !others, &rows[i]));
		if (at >= o->n ||
		    compare(o->by, !others, &o->keys[o->item[at]], &rows[i]))
			continue;
		out[i].claim = o->item[at];
		out[i].how = o->by == BY_CONTENT ? MATCH_SAME : MATCH_CHANGED;
		f->claim[out[i].claim] = true;
		f->owner[o->keys[out[i].claim].owner] = true;
	}
}

int
match_rows(const struct match_claims *c, const struct match_key *rows,
    size_t nrows, struct match *out)
{
	int result = -1;
	struct order content = { 0 }, identity = { 0 };
	struct found f = { calloc(c->n + 1, sizeof(bool)),
		calloc(c->nowners + 1, sizeof(bool)) };

	memset(out, 0, nrows * sizeof(*out));
	if (!f.claim || !f.owner ||
	    order_init(&content, BY_CONTENT, c->keys, c->n) < 0 ||
	    order_init(&identity, BY_IDENTITY, c->keys, c->n) < 0)
		goto out;
	pass(&content, false, &f, rows, nrows, out);
	if (c->others)
		pass(&content, true, &f, rows, nrows, out);
	pass(&identity, false, &f, rows, nrows, out);
	if (c->others)
		pass(&identity, true, &f, rows, nrows, out);
	result = 0;
out:
	order_release(&content);
	order_release(&identity);
	free(f.claim);
	free(f.owner);
	return result;
}

static bool
same(const struct match_bytes *a, const struct match_bytes *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static uint64_t
hash_bytes(const struct match_bytes *k)
{
	const unsigned char *p = k->bytes;
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < k->len; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

/* By a table of positions + 1, half full at most. */
int
match_first(const struct match_bytes *keys, size_t n, size_t *first)
{
	size_t mask = 15, *slot;

	while (mask < 2 * n)
		mask = mask * 2 + 1;
	if (!(slot = calloc(mask + 1, sizeof(*slot))))
		return -1;
	for (size_t i = 0; i < n; i++) {
		first[i] = i;
		if (!keys[i].bytes)
			continue;
		size_t at = hash_bytes(&keys[i]) & mask;
		while (slot[at] && !same(&keys[slot[at] - 1], &keys[i]))
			at = (at + 1) & mask;
		if (slot[at])
			first[i] = slot[at] - 1;
		else
			slot[at] = i + 1;
	}
	free(slot);
	return 0;
}
