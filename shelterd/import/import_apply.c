/* SPDX-License-Identifier: MIT */
/*
 * Shelters of an import into the store.  A row that changed overwrites what
 * the register says and nothing else: what was set by hand (closed, hidden,
 * units, entrances that were moved or added) stays.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/import/import_apply.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"

static int
room(struct apply *a)
{
	if (a->nclaims < a->cap)
		return DB_OK;
	size_t cap = a->cap ? a->cap * 2 : 1024;
	struct match_key *k = realloc(a->claims, cap * sizeof(*k));
	if (k)
		a->claims = k;
	int64_t *ids = realloc(a->ids, cap * sizeof(*ids));
	if (ids)
		a->ids = ids;
	int64_t *owners = realloc(a->owners, cap * sizeof(*owners));
	if (owners)
		a->owners = owners;
	if (!k || !ids || !owners)
		return DB_ERROR;
	a->cap = cap;
	return DB_OK;
}

int
apply_claim(void *arg, const struct claim_row *r)
{
	struct apply *a = arg;
	unsigned char *content = rowtext_room(&a->text, CONTENT_HASH);
	if (room(a) != DB_OK || !content)
		return DB_ERROR;
	memcpy(content, r->content, CONTENT_HASH);
	a->ids[a->nclaims] = r->id;
	a->owners[a->nclaims] = r->noun_id;
	a->claims[a->nclaims++] = (struct match_key){
		.identity = rowtext_add(&a->text, r->identity),
		.source = rowtext_add(&a->text, r->source),
		.content = content,
		.latest = r->latest,
	};
	return DB_OK;
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* From owner ids beside the claims to positions in a list of them. */
static int
number_owners(struct apply *a)
{
	int64_t *list = malloc((a->nclaims + 1) * sizeof(*list));
	if (!list)
		return DB_ERROR;
	if (a->nclaims > 0)
		memcpy(list, a->owners, a->nclaims * sizeof(*list));
	if (a->nclaims > 1)
		qsort(list, a->nclaims, sizeof(*list), by_id);
	for (size_t i = 0; i < a->nclaims; i++)
		if (i == 0 || list[i] != list[a->nowners - 1])
			list[a->nowners++] = list[i];
	for (size_t i = 0; i < a->nclaims; i++) {
		const int64_t *at = bsearch(
		    &a->owners[i], list, a->nowners, sizeof(*list), by_id);
		a->claims[i].owner = (size_t)(at - list);
	}
	free(a->owners);
	a->owners = list;
	return DB_OK;
}

int
apply_match(struct apply *a, bool others)
{
	struct import *im = a->im;
	int result = DB_ERROR;
	struct match_key *keys = calloc(im->nrows + 1, sizeof(*keys));
	a->rows = calloc(im->nrows + 1, sizeof(struct import_row *));
	a->match = calloc(im->nrows + 1, sizeof(*a->match));
	if (!keys || !a->rows || !a->match || rowtext_failed(&a->text) ||
	    number_owners(a) != DB_OK)
		goto out;
	for (size_t i = 0; i < im->nrows; i++) {
		struct import_row *r = &im->rows[i];
		if (r->outcome != OUT_PENDING)
			continue;
		keys[a->nrows] = (struct match_key){ .identity = r->identity,
			.source = im->files[r->file],
			.content = r->content };
		a->rows[a->nrows++] = r;
	}
	struct match_claims claims = { a->claims, a->nclaims, a->nowners,
		others };
	if (match_rows(&claims, keys, a->nrows, a->match) == 0)
		result = DB_OK;
out:
	free(keys);
	return result;
}

int64_t
apply_owner(const struct apply *a, size_t i)
{
	const struct match *m = &a->match[i];
	return m->how == MATCH_NEW ? 0 : a->owners[a->claims[m->claim].owner];
}

int
apply_say(const struct apply *a, struct db *db, const char *noun, size_t i,
    int64_t owner)
{
	const struct match *m = &a->match[i];
	const struct import_row *r = a->rows[i];
	const struct match_key *was =
	    m->how == MATCH_NEW ? NULL : &a->claims[m->claim];
	struct claim_row claim = { .noun_id = owner,
		.source = a->im->files[r->file],
		.identity = r->identity,
		.content = r->content };
	bool own = was && strcmp(was->source, claim.source) == 0;
	int result = DB_OK;
	if (own && m->how == MATCH_SAME)
		return DB_OK;
	if (own)
		claim.id = a->ids[m->claim];
	if (m->how == MATCH_CHANGED)
		result = claim_supersede(db, noun, owner);
	return result < 0 ? result : claim_put(db, noun, &claim);
}

void
apply_release(struct apply *a)
{
	free(a->claims);
	free(a->ids);
	free(a->owners);
	free(a->rows);
	free(a->match);
	rowtext_release(&a->text);
}

const char *
apply_changed(struct import *im, const char *so_far, const char *field)
{
	return *so_far ? import_text(im, "%s, %s", so_far, field) : field;
}

static struct shelter_row
new_row(const struct import_row *r)
{
	return (struct shelter_row){
		.register_id = r->text[TEXT_REGISTER_ID],
		.name = r->text[TEXT_NAME],
		.address = r->text[TEXT_ADDRESS],
		.kind = r->text[TEXT_KIND],
		.precinct = r->text[TEXT_PRECINCT],
		.org = r->text[TEXT_ORG],
		.floors = r->text[TEXT_FLOORS],
		.note = r->text[TEXT_NOTE],
		.area = r->area,
		.places = r->places,
		.lonlat = r->lonlat,
		.hidden = r->hidden > 0,
	};
}

static int
insert(struct import *im, struct db *db, struct import_row *r, int64_t *id)
{
	struct shelter_row row = new_row(r);
	int result = shelter_insert(db, &row);
	*id = row.id;
	if (result < 0)
		return result;
	struct unit_row unit = { .name = r->text[TEXT_UNIT],
		.sheltering_area = r->area,
		.stated_places = r->places,
		.converted = -1 };
	result = unit_insert(db, row.id, &unit);
	if (result < 0)
		return result;
	struct entrance_row door = { .unit_id = unit.id,
		.lonlat = r->lonlat,
		.clear_width = -1,
		.usable = true };
	r->outcome = OUT_ACCEPTED;
	im->accepted++;
	im->changed = true;
	return entrance_insert(db, row.id, &door);
}

static const char *
changed_fields(struct import *im, const struct shelter_row *old,
    const struct shelter_row *now)
{
	const char *list = "";
	const struct {
		const char *name, *was, *is;
	} texts[] = {
		{ "register_id", old->register_id, now->register_id },
		{ "name", old->name, now->name },
		{ "address", old->address, now->address },
		{ "kind", old->kind, now->kind },
		{ "precinct", old->precinct, now->precinct },
		{ "org", old->org, now->org },
		{ "floors", old->floors, now->floors },
		{ "note", old->note, now->note },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strcmp(texts[i].was, texts[i].is) != 0)
			list = apply_changed(im, list, texts[i].name);
	if (old->area != now->area)
		list = apply_changed(im, list, "area");
	if (old->places != now->places)
		list = apply_changed(im, list, "places");
	if (old->hidden != now->hidden)
		list = apply_changed(im, list, "hidden");
	if (old->lonlat.x != now->lonlat.x || old->lonlat.y != now->lonlat.y)
		list = apply_changed(im, list, "at");
	return list;
}

static int
overwrite(struct import *im, struct db *db, struct import_row *r,
    const struct shelter_full *old)
{
	struct shelter_row row = new_row(r);
	row.id = old->row.id;
	row.closed = old->row.closed;
	if (r->hidden < 0)
		row.hidden = old->row.hidden;
	r->field = changed_fields(im, &old->row, &row);
	r->reason = import_text(im, "changed shelter %lld", (long long)row.id);
	int result = shelter_follow(db, old, &row, r->text[TEXT_UNIT]);
	if (result >= 0)
		result = shelter_update(db, &row);
	r->outcome = OUT_UPDATED;
	im->updated++;
	im->changed = true;
	return result;
}

static int
update(struct import *im, struct db *db, struct import_row *r, int64_t id)
{
	const struct shelter_full *old = NULL;
	struct shelter_reader *reader = shelter_reader_new(db, id, id);
	int result = DB_ERROR;
	if (reader)
		result = shelter_reader_next(reader, &old);
	if (result == DB_ROW)
		result = overwrite(im, db, r, old);
	shelter_reader_free(reader);
	return result;
}

static int
apply_shelter(struct apply *a, struct db *db, size_t i)
{
	struct import *im = a->im;
	struct import_row *r = a->rows[i];
	int64_t id = apply_owner(a, i);
	int result = DB_OK;
	switch (a->match[i].how) {
	case MATCH_NEW:
		result = insert(im, db, r, &id);
		break;
	case MATCH_CHANGED:
		result = update(im, db, r, id);
		break;
	case MATCH_SAME:
		r->outcome = OUT_UNCHANGED;
		im->unchanged++;
		break;
	}
	return result < 0 ? result : apply_say(a, db, "shelter", i, id);
}

static int
apply_shelters(struct import *im, struct db *db)
{
	struct apply a = { .im = im };
	int result = claim_each(db, "shelter", apply_claim, &a);
	if (result == DB_OK)
		result = apply_match(&a, true);
	for (size_t i = 0; i < a.nrows && result >= 0; i++)
		result = apply_shelter(&a, db, i);
	apply_release(&a);
	return result;
}

int
import_apply(struct import *im, struct db *db)
{
	switch (im->kind) {
	case IMPORT_SHELTERS:
		return apply_shelters(im, db);
	case IMPORT_HOMES:
		return import_apply_homes(im, db);
	case IMPORT_NETWORK:
		return import_apply_network(im, db);
	}
	return DB_ERROR;
}
