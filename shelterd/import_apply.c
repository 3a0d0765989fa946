/* SPDX-License-Identifier: MIT */
/*
 * Shelters of an import into the store.  A row that changed overwrites what
 * the register says and nothing else: what was set by hand (closed, hidden,
 * units, entrances that were moved or added) stays.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/import_apply.h"
#include "shelterd/store/db.h"

int
apply_stored(struct apply *a, int64_t id, const char *identity,
    const char *source, const void *content)
{
	unsigned char *copy = NULL;
	if (a->nstored == a->cap) {
		size_t cap = a->cap ? a->cap * 2 : 1024;
		struct match_key *k = realloc(a->stored, cap * sizeof(*k));
		if (k)
			a->stored = k;
		int64_t *ids = realloc(a->ids, cap * sizeof(*ids));
		if (ids)
			a->ids = ids;
		if (!k || !ids)
			return DB_ERROR;
		a->cap = cap;
	}
	if (content) {
		copy = rowtext_room(&a->text, CONTENT_HASH);
		if (!copy)
			return DB_ERROR;
		memcpy(copy, content, CONTENT_HASH);
	}
	a->ids[a->nstored] = id;
	a->stored[a->nstored++] = (struct match_key){
		.identity = rowtext_add(&a->text, identity),
		.source = rowtext_add(&a->text, source),
		.content = copy,
	};
	return DB_OK;
}

int
apply_match(struct apply *a)
{
	struct import *im = a->im;
	int result = DB_ERROR;
	struct match_key *keys = calloc(im->nrows + 1, sizeof(*keys));
	a->rows = calloc(im->nrows + 1, sizeof(struct import_row *));
	a->match = calloc(im->nrows + 1, sizeof(*a->match));
	if (!keys || !a->rows || !a->match || rowtext_failed(&a->text))
		goto out;
	for (size_t i = 0; i < im->nrows; i++) {
		struct import_row *r = &im->rows[i];
		if (r->outcome != OUT_PENDING)
			continue;
		keys[a->nrows] = (struct match_key){ r->identity,
			im->files[r->file], r->content };
		a->rows[a->nrows++] = r;
	}
	if (match_rows(a->stored, a->nstored, keys, a->nrows, a->match) == 0)
		result = DB_OK;
out:
	free(keys);
	return result;
}

void
apply_release(struct apply *a)
{
	free(a->stored);
	free(a->ids);
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
new_row(const struct import *im, const struct import_row *r)
{
	return (struct shelter_row){
		.identity = r->identity,
		.source = im->files[r->file],
		.content = r->content,
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
insert(struct import *im, struct db *db, struct import_row *r)
{
	struct shelter_row row = new_row(im, r);
	int result = shelter_insert(db, &row);
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
	struct shelter_row row = new_row(im, r);
	row.id = old->row.id;
	row.closed = old->row.closed;
	if (r->hidden < 0)
		row.hidden = old->row.hidden;
	r->field = changed_fields(im, &old->row, &row);
	r->reason =
	    import_text(im, "changed shelter %lld from %.*s", (long long)row.id,
		import_cut(old->row.source, 200), old->row.source);
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
add_stored(void *arg, const struct stored_key *k)
{
	return apply_stored(arg, k->id, k->identity, k->source, k->content);
}

static int
apply_shelters(struct import *im, struct db *db)
{
	struct apply a = { .im = im };
	int result = shelter_key_each(db, add_stored, &a);
	if (result == DB_OK)
		result = apply_match(&a);
	for (size_t i = 0; i < a.nrows && result >= 0; i++) {
		if (a.match[i].how == MATCH_NEW)
			result = insert(im, db, a.rows[i]);
		else if (a.match[i].how == MATCH_CHANGED)
			result =
			    update(im, db, a.rows[i], a.ids[a.match[i].stored]);
		else {
			a.rows[i]->outcome = OUT_UNCHANGED;
			im->unchanged++;
		}
	}
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
