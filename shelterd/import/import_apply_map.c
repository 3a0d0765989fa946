/* SPDX-License-Identifier: MIT */
/* Homes and the network of an import into the store. */
#include <string.h>
#include "shelterd/import/import_apply.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"
#include "shelterd/store/way.h"

static int
store_home(struct import *im, struct db *db, struct import_row *r,
    enum match_how how, int64_t *id)
{
	int result = DB_OK;
	struct home_row row = {
		.id = *id,
		.register_id = r->text[TEXT_REGISTER_ID],
		.name = r->text[TEXT_NAME],
		.people = r->people < 0 ? 0 : r->people,
		.households = r->households,
		.lonlat = r->lonlat,
		.shape = r->wkb,
		.shape_len = r->wkb_len,
	};
	im->people += row.people;
	if (how == MATCH_SAME) {
		r->outcome = OUT_UNCHANGED;
		im->unchanged++;
		return DB_OK;
	}
	im->changed = true;
	if (how == MATCH_NEW) {
		r->outcome = OUT_ACCEPTED;
		im->accepted++;
		result = home_insert(db, &row);
		*id = row.id;
		return result;
	}
	r->outcome = OUT_UPDATED;
	r->field = "";
	r->reason = import_text(im, "changed home %lld", (long long)*id);
	im->updated++;
	return home_update(db, &row);
}

int
import_apply_homes(struct import *im, struct db *db)
{
	struct apply a = { .im = im };
	int result = claim_each(db, "home", apply_claim, &a);
	if (result == DB_OK)
		result = apply_match(&a, true);
	for (size_t i = 0; i < a.nrows && result >= 0; i++) {
		int64_t id = apply_owner(&a, i);
		result = store_home(im, db, a.rows[i], a.match[i].how, &id);
		if (result >= 0)
			result = apply_say(&a, db, "home", i, id);
	}
	apply_release(&a);
	return result;
}

/* Only ways of the files at hand are looked at. */
static int
add_way(void *arg, const struct way_row *r)
{
	struct apply *a = arg;
	const struct claim_row way = { .noun_id = r->id,
		.source = r->source,
		.identity = "",
		.content = r->content };
	for (size_t i = 0; r->content && i < a->im->nfiles; i++)
		if (strcmp(a->im->files[i], r->source) == 0)
			return apply_claim(a, &way);
	return DB_OK;
}

static int
store_way(struct import *im, struct db *db, struct import_row *r)
{
	struct way_row row = {
		.source = im->files[r->file],
		.name = r->text[TEXT_NAME],
		.class = r->text[TEXT_CLASS],
		.hours = r->text[TEXT_HOURS],
		.steps = r->steps,
		.content = r->content,
	};
	row.lines = import_lines_wkb(im, r, &row.lines_len);
	if (!row.lines)
		return DB_ERROR;
	r->outcome = OUT_ACCEPTED;
	im->accepted++;
	im->changed = true;
	return way_insert(db, &row);
}

/* Stored ways of these files that no row was equal to. */
static int
remove_others(struct apply *a, struct db *db)
{
	int result = DB_OK;
	bool *kept = rowtext_room(&a->text, a->nclaims * sizeof(*kept) + 1);
	if (!kept)
		return DB_ERROR;
	memset(kept, 0, a->nclaims * sizeof(*kept));
	for (size_t i = 0; i < a->nrows; i++)
		if (a->match[i].how == MATCH_SAME)
			kept[a->match[i].claim] = true;
	for (size_t i = 0; i < a->nclaims && result >= 0; i++)
		if (!kept[i]) {
			result = way_delete(db, a->owners[a->claims[i].owner]);
			a->im->removed++;
			a->im->changed = true;
		}
	return result;
}

/* A way has no identity: a row is equal to one of its own file or new. */
int
import_apply_network(struct import *im, struct db *db)
{
	struct apply a = { .im = im };
	for (size_t i = 0; i < im->nrows; i++)
		im->rows[i].identity = "";
	int result = way_each(db, add_way, &a);
	if (result == DB_OK)
		result = apply_match(&a, false);
	for (size_t i = 0; i < a.nrows && result >= 0; i++) {
		struct match *m = &a.match[i];
		if (m->how == MATCH_SAME) {
			a.rows[i]->outcome = OUT_UNCHANGED;
			im->unchanged++;
		} else
			result = store_way(im, db, a.rows[i]);
	}
	if (result >= 0)
		result = remove_others(&a, db);
	rowtext_release(&im->lines);
	apply_release(&a);
	return result;
}
