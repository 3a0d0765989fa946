/* SPDX-License-Identifier: MIT */
/*
 * Points of the map in the order of their keys (gis/world.h), so that a tile's
 * are one run of them.  They stand in pages, as shelters stand in chunks: one
 * that comes, goes or moves copies a page and the list of pages.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/snapshot_part.h"

enum { FULL = SNAP_PAGE, FIRST_FILL = SNAP_PAGE * 3 / 4 };

static bool
before(const struct snap_place *a, const struct snap_place *b)
{
	return a->key < b->key || (a->key == b->key && a->at < b->at);
}

static int
in_order(const void *a, const void *b)
{
	return before(a, b) ? -1 : before(b, a);
}

static void
page_unref(struct snap_page *p)
{
	if (p && atomic_fetch_sub(&p->refs, 1) == 1)
		free(p);
}

void
snap_places_unref(struct snap_places *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	for (size_t i = 0; i < s->n; i++)
		page_unref(s->page[i]);
	free(s->page);
	free(s);
}

/* With room for so many pages. */
static struct snap_places *
places_new(size_t cap)
{
	struct snap_places *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->refs = 1;
	s->page = calloc(cap + 1, sizeof(struct snap_page *));
	if (s->page)
		return s;
	free(s);
	return NULL;
}

static struct snap_page *
page_new(const struct snap_place *place, size_t n)
{
	struct snap_page *p = malloc(sizeof(*p));
	if (!p)
		return NULL;
	p->refs = 1;
	p->n = n;
	memcpy(p->place, place, n * sizeof(*place));
	return p;
}

struct snap_places *
snap_places_make(struct snap_place *place, size_t n)
{
	struct snap_places *s = places_new(n / FIRST_FILL + 1);
	qsort(place, n, sizeof(*place), in_order);
	for (size_t i = 0; s && i < n; i += FIRST_FILL) {
		size_t some = n - i < FIRST_FILL ? n - i : FIRST_FILL;
		if (!(s->page[s->n] = page_new(place + i, some))) {
			snap_places_unref(s);
			return NULL;
		}
		s->n++;
	}
	return s;
}

/* The last page that does not begin behind the place; 0 if all do. */
static size_t
page_of(const struct snap_places *s, const struct snap_place *p)
{
	size_t low = 0, high = s->n;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;
		if (before(p, &s->page[mid]->place[0]))
			high = mid;
		else
			low = mid;
	}
	return low;
}

/* How many of a page stand before the place. */
static size_t
rank(const struct snap_page *page, const struct snap_place *p)
{
	size_t low = 0, high = page->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (before(&page->place[mid], p))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* All pages of `old`, and room for one more. */
static struct snap_places *
share(const struct snap_places *old)
{
	struct snap_places *s = places_new(old->n + 1);
	if (!s)
		return NULL;
	for (size_t i = 0; i < old->n; i++) {
		s->page[i] = old->page[i];
		atomic_fetch_add(&s->page[i]->refs, 1);
	}
	s->n = old->n;
	return s;
}

/* Makes page i of a shared list the list's own. */
static struct snap_page *
own(struct snap_places *s, size_t i)
{
	struct snap_page *p = page_new(s->page[i]->place, s->page[i]->n);
	if (!p)
		return NULL;
	page_unref(s->page[i]);
	return s->page[i] = p;
}

static bool
take_out(struct snap_places *s, const struct snap_place *p)
{
	size_t i = page_of(s, p), k;
	struct snap_page *page = own(s, i);
	if (!page || (k = rank(page, p)) == page->n)
		return false;
	page->n--;
	memmove(
	    page->place + k, page->place + k + 1, (page->n - k) * sizeof(*p));
	if (page->n > 0)
		return true;
	page_unref(page);
	s->n--;
	memmove(s->page + i, s->page + i + 1,
	    (s->n - i) * sizeof(struct snap_page *));
	return true;
}

/* The upper half of page i into a page of its own behind it. */
static bool
split(struct snap_places *s, size_t i)
{
	struct snap_page *page = s->page[i];
	struct snap_page *next =
	    page_new(page->place + page->n / 2, page->n - page->n / 2);
	if (!next)
		return false;
	page->n /= 2;
	memmove(s->page + i + 2, s->page + i + 1,
	    (s->n - i - 1) * sizeof(struct snap_page *));
	s->page[i + 1] = next;
	s->n++;
	return true;
}

static bool
put_in(struct snap_places *s, const struct snap_place *p)
{
	size_t i = page_of(s, p), k;
	struct snap_page *page;
	if (s->n == 0)
		return (s->page[s->n++] = page_new(p, 1)) != NULL;
	if (!own(s, i) || (s->page[i]->n == FULL && !split(s, i)))
		return false;
	page = s->page[page_of(s, p)];
	k = rank(page, p);
	memmove(
	    page->place + k + 1, page->place + k, (page->n - k) * sizeof(*p));
	page->place[k] = *p;
	page->n++;
	return true;
}

struct snap_places *
snap_places_with(const struct snap_places *old, const struct snap_place *gone,
    const struct snap_place *come)
{
	struct snap_places *s = share(old);
	if (s && (!gone || take_out(s, gone)) && (!come || put_in(s, come)))
		return s;
	snap_places_unref(s);
	return NULL;
}

int
snap_places_in(const struct snap_places *s, struct gis_tile_at tile,
    int (*each)(void *, const struct snap_place *), void *arg)
{
	struct snap_place from = { .at = 0 };
	uint64_t last;
	gis_tile_keys(tile, &from.key, &last);
	size_t i = page_of(s, &from);
	size_t k = i < s->n ? rank(s->page[i], &from) : 0;
	for (int rc = 0; i < s->n; i++, k = 0)
		for (; k < s->page[i]->n; k++) {
			if (s->page[i]->place[k].key > last)
				return 0;
			if ((rc = each(arg, &s->page[i]->place[k])) != 0)
				return rc;
		}
	return 0;
}
