/* SPDX-License-Identifier: MIT */
/* Shelters in chunks, and the index over their entrances. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/room.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"

enum { NTEXTS = 8 };

static size_t
text_bytes(const struct shelter_full *f)
{
	const struct shelter_row *r = &f->row;
	size_t n = strlen(r->register_id) + strlen(r->name) +
		   strlen(r->address) + strlen(r->kind) + strlen(r->precinct) +
		   strlen(r->org) + strlen(r->floors) + strlen(r->note) +
		   NTEXTS;
	for (size_t i = 0; i < f->nunits; i++)
		n += strlen(f->units[i].name) + 1;
	for (size_t i = 0; i < f->nentrances; i++)
		n += strlen(f->entrances[i].name) + 1;
	return n;
}

static const char *
put(char **text, const char *s)
{
	char *at = *text;
	*text = stpcpy(at, s) + 1;
	return at;
}

static void
put_texts(struct snap_shelter *s, const struct shelter_row *r, char **text)
{
	s->register_id = put(text, r->register_id);
	s->name = put(text, r->name);
	s->address = put(text, r->address);
	s->kind = put(text, r->kind);
	s->precinct = put(text, r->precinct);
	s->org = put(text, r->org);
	s->floors = put(text, r->floors);
	s->note = put(text, r->note);
}

static void
put_capacity(struct snap_shelter *s, struct snap_unit *units,
    const struct shelter_full *f, const struct snap_load *l,
    struct capacity *scratch)
{
	struct shelter_capacity c =
	    shelter_capacity_of(f, &l->rules->capacity, scratch);
	s->usable = c.usable;
	s->without_defects = c.without_defects;
	s->binding = c.binding;
	for (size_t i = 0; i < f->nunits; i++) {
		units[i].capacity = scratch[i];
		units[i].open_defects =
		    (int64_t)shelter_unit_defects(f, f->units[i].id);
	}
}

static void
put_entrance(struct snap_entrance *e, const struct entrance_row *r,
    const struct snap_load *l, char **text)
{
	*e = (struct snap_entrance){
		.id = r->id,
		.unit_id = r->unit_id,
		.lonlat = r->lonlat,
		.plane = r->lonlat,
		.place = { .edge = UINT32_MAX },
		.clear_width = r->clear_width,
		.usable = r->usable,
		.name = put(text, r->name),
	};
	gis_crs_from_lonlat(l->plane, &e->plane, 1);
	if (l->network)
		e->place = gis_network_snap(
		    l->network, e->plane, l->rules->snap_reach);
}

static struct snap_box *
box_new(const struct shelter_full *f, const struct snap_load *l)
{
	size_t units_at = sizeof(struct snap_box);
	size_t entrances_at = units_at + f->nunits * sizeof(struct snap_unit);
	size_t text_at =
	    entrances_at + f->nentrances * sizeof(struct snap_entrance);
	char *bytes = malloc(text_at + text_bytes(f));
	struct capacity *scratch = calloc(f->nunits + 1, sizeof(*scratch));
	if (!bytes || !scratch) {
		free(bytes);
		free(scratch);
		return NULL;
	}
	struct snap_box *box = (void *)bytes;
	struct snap_unit *units = (void *)(bytes + units_at);
	struct snap_entrance *entrances = (void *)(bytes + entrances_at);
	char *text = bytes + text_at;
	*box = (struct snap_box){ .refs = 1 };
	struct snap_shelter *s = &box->shelter;
	*s = (struct snap_shelter){
		.id = f->row.id,
		.version = f->row.version,
		.area = f->row.area,
		.places = f->row.places,
		.hidden = f->row.hidden,
		.closed = f->row.closed,
		.lonlat = f->row.lonlat,
		.plane = f->row.lonlat,
		.key = gis_world_key(gis_world_from_lonlat(f->row.lonlat)),
		.units = units,
		.nunits = f->nunits,
		.entrances = entrances,
		.nentrances = f->nentrances,
		.open_defects = (int64_t)f->ndefects,
	};
	gis_crs_from_lonlat(l->plane, &s->plane, 1);
	put_texts(s, &f->row, &text);
	for (size_t i = 0; i < f->nunits; i++) {
		units[i].id = f->units[i].id;
		units[i].name = put(&text, f->units[i].name);
	}
	for (size_t i = 0; i < f->nentrances; i++)
		put_entrance(&entrances[i], &f->entrances[i], l, &text);
	put_capacity(s, units, f, l, scratch);
	free(scratch);
	return box;
}

static void
box_unref(struct snap_box *b)
{
	if (b && atomic_fetch_sub(&b->refs, 1) == 1)
		free(b);
}

static void
chunk_unref(struct snap_chunk *c)
{
	if (!c || atomic_fetch_sub(&c->refs, 1) != 1)
		return;
	for (size_t i = 0; i < c->n; i++)
		box_unref(c->box[i]);
	free(c);
}

void
snap_shelters_unref(struct snap_shelters *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	for (size_t i = 0; i < s->nchunks; i++)
		chunk_unref(s->chunks[i]);
	free(s->chunks);
	free(s);
}

static struct snap_chunk *
chunk_add(struct snap_shelters *s)
{
	struct snap_chunk **chunks = room_for_one(
	    s->chunks, &s->cap, s->nchunks, sizeof(struct snap_chunk *));
	if (!chunks)
		return NULL;
	s->chunks = chunks;
	struct snap_chunk *c = calloc(1, sizeof(*c));
	if (c) {
		c->refs = 1;
		s->chunks[s->nchunks++] = c;
	}
	return c;
}

/* Takes the box; its id is larger than all before. */
static int
append(struct snap_shelters *s, struct snap_box *b)
{
	struct snap_chunk *c = NULL;
	if (b && s->n == s->nchunks * SNAP_CHUNK)
		c = chunk_add(s);
	else if (b)
		c = s->chunks[s->nchunks - 1];
	if (!c) {
		box_unref(b);
		return -1;
	}
	c->box[c->n++] = b;
	s->n++;
	return 0;
}

static struct snap_shelters *
shelters_new(void)
{
	struct snap_shelters *s = calloc(1, sizeof(*s));
	if (s)
		s->refs = 1;
	return s;
}

struct snap_shelters *
snap_shelters_load(const struct snap_load *l)
{
	const struct shelter_full *full = NULL;
	int result = DB_ERROR;
	struct snap_shelters *s = shelters_new();
	struct shelter_reader *r = shelter_reader_new(l->db, 0, INT64_MAX);

	while (s && r && (result = shelter_reader_next(r, &full)) == DB_ROW)
		if (append(s, box_new(full, l)) < 0) {
			result = DB_ERROR;
			break;
		}
	if (result != DB_OK) {
		snap_fail(l, "shelters");
		snap_shelters_unref(s);
		s = NULL;
	}
	shelter_reader_free(r);
	return s;
}

const struct snap_shelter *
snap_shelters_at(const struct snap_shelters *s, size_t i)
{
	return &s->chunks[i / SNAP_CHUNK]->box[i % SNAP_CHUNK]->shelter;
}

void
snap_shelters_soon(const struct snap_shelters *s, size_t i, bool whole)
{
	enum { LINE = 64, LINES = 10 }; /* most boxes are no larger */
	struct snap_box *const *at =
	    &s->chunks[i / SNAP_CHUNK]->box[i % SNAP_CHUNK];

	if (!whole) {
		__builtin_prefetch(at);
		return;
	}
	for (int line = 0; line < LINES; line++)
		__builtin_prefetch((const char *)*at + (ptrdiff_t)LINE * line);
}

size_t
snap_shelters_position(const struct snap_shelters *s, int64_t id)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (snap_shelters_at(s, mid)->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A list that shares every chunk of `old`. */
static struct snap_shelters *
share(const struct snap_shelters *old)
{
	struct snap_shelters *s = shelters_new();
	if (!s)
		return NULL;
	s->cap = old->nchunks + 1;
	s->chunks = malloc(s->cap * sizeof(struct snap_chunk *));
	if (!s->chunks) {
		free(s);
		return NULL;
	}
	s->n = old->n;
	s->nchunks = old->nchunks;
	for (size_t i = 0; i < s->nchunks; i++) {
		s->chunks[i] = old->chunks[i];
		atomic_fetch_add(&s->chunks[i]->refs, 1);
	}
	return s;
}

/* Makes chunk i of a shared list the list's own. */
static struct snap_chunk *
own_chunk(struct snap_shelters *s, size_t i)
{
	struct snap_chunk *old = s->chunks[i], *c = malloc(sizeof(*c));
	if (!c)
		return NULL;
	c->refs = 1;
	c->n = old->n;
	for (size_t k = 0; k < c->n; k++) {
		c->box[k] = old->box[k];
		atomic_fetch_add(&c->box[k]->refs, 1);
	}
	chunk_unref(old);
	return s->chunks[i] = c;
}

/* Whether both lists have the same chunk next. */
static bool
same_chunk(const struct snap_shelters *a, size_t i,
    const struct snap_shelters *b, size_t k)
{
	return i % SNAP_CHUNK == 0 && k % SNAP_CHUNK == 0 && i < a->n &&
	       k < b->n &&
	       a->chunks[i / SNAP_CHUNK] == b->chunks[k / SNAP_CHUNK];
}

int
snap_shelters_changed(const struct snap_shelters *a,
    const struct snap_shelters *b, snapshot_change *each, void *arg)
{
	size_t i = 0, k = 0;
	int rc = 0;

	while (rc == 0 && (i < a->n || k < b->n)) {
		if (same_chunk(a, i, b, k)) {
			size_t n = a->chunks[i / SNAP_CHUNK]->n;
			i += n;
			k += n;
			continue;
		}
		const struct snap_shelter *x =
		    i < a->n ? snap_shelters_at(a, i) : NULL;
		const struct snap_shelter *y =
		    k < b->n ? snap_shelters_at(b, k) : NULL;
		bool gone = x && (!y || x->id < y->id);
		bool came = y && (!x || y->id < x->id);
		i += !came;
		k += !gone;
		if (x != y)
			rc = each(arg, came ? NULL : x, gone ? NULL : y);
	}
	return rc;
}

static bool
same_places(const struct snap_shelter *a, const struct snap_shelter *b)
{
	if (a->nentrances != b->nentrances)
		return false;
	for (size_t i = 0; i < a->nentrances; i++)
		if (a->entrances[i].plane.x != b->entrances[i].plane.x ||
		    a->entrances[i].plane.y != b->entrances[i].plane.y)
			return false;
	return true;
}

/* Takes the box into a shared list: in its place, or at the end. */
static int
replace(struct snap_shelters *s, struct snap_box *b, bool *moved)
{
	size_t i = snap_shelters_position(s, b->shelter.id);
	struct snap_chunk *c = NULL;

	if (i == s->n) {
		*moved = true;
		if (s->n % SNAP_CHUNK != 0 && !own_chunk(s, s->nchunks - 1)) {
			box_unref(b);
			return -1;
		}
		return append(s, b);
	}
	c = own_chunk(s, i / SNAP_CHUNK);
	if (!c || snap_shelters_at(s, i)->id != b->shelter.id) {
		box_unref(b);
		return -1;
	}
	*moved = !same_places(snap_shelters_at(s, i), &b->shelter);
	box_unref(c->box[i % SNAP_CHUNK]);
	c->box[i % SNAP_CHUNK] = b;
	return 0;
}

struct snap_shelters *
snap_shelters_with(const struct snap_shelters *old, const struct snap_load *l,
    int64_t id, bool *moved)
{
	const struct shelter_full *full = NULL;
	struct snap_shelters *s = share(old);
	struct shelter_reader *r = shelter_reader_new(l->db, id, id);
	struct snap_box *b = NULL;
	int result = DB_ERROR;

	if (s && r)
		result = shelter_reader_next(r, &full);
	if (result == DB_ROW)
		b = box_new(full, l);
	if (!b || replace(s, b, moved) < 0) {
		snap_fail(l, "a shelter that changed");
		snap_shelters_unref(s);
		s = NULL;
	}
	shelter_reader_free(r);
	return s;
}

struct snap_places *
snap_shelters_places(const struct snap_shelters *s)
{
	struct snap_place *place = malloc((s->n + 1) * sizeof(*place));
	struct snap_places *places = NULL;
	for (size_t i = 0; place && i < s->n; i++)
		place[i] = (struct snap_place){ snap_shelters_at(s, i)->key,
			(uint32_t)i };
	if (place)
		places = snap_places_make(place, s->n);
	free(place);
	return places;
}
