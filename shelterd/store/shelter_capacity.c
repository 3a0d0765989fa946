/* SPDX-License-Identifier: MIT */
/*
 * From rows to inspections/capacity.h and back.  A defect counts for the unit
 * it names, else for the unit of its entrance, else for every unit; an
 * entrance that names no unit is the door of the only unit, and of none when
 * there are several, because a width that several units share is not known
 * to be theirs.
 */
#include "shelterd/store/shelter.h"
#include "shelterd/rules.h"
#include "shelterd/store/db.h"
#include <stdlib.h>

struct scratch {
	struct capacity_door *doors;
	struct capacity_defect *defects;
};

static int64_t
unit_of_entrance(const struct shelter_full *f, int64_t entrance)
{
	for (size_t i = 0; i < f->nentrances; i++)
		if (f->entrances[i].id == entrance)
			return f->entrances[i].unit_id;
	return 0;
}

static bool
concerns(const struct shelter_full *f, const struct defect_row *d, int64_t unit)
{
	int64_t of = d->unit_id;
	if (of == 0 && d->entrance_id != 0)
		of = unit_of_entrance(f, d->entrance_id);
	return of == 0 || of == unit;
}

static size_t
doors_of(
    const struct shelter_full *f, int64_t unit, struct capacity_door *doors)
{
	size_t n = 0;
	for (size_t i = 0; i < f->nentrances; i++) {
		const struct entrance_row *e = &f->entrances[i];
		if (e->unit_id == unit || (e->unit_id == 0 && f->nunits == 1))
			doors[n++] = (struct capacity_door){ e->id,
				e->clear_width, e->usable };
	}
	return n;
}

static size_t
defects_of(
    const struct shelter_full *f, int64_t unit, struct capacity_defect *defects)
{
	size_t n = 0;
	for (size_t i = 0; i < f->ndefects; i++) {
		const struct defect_row *d = &f->defects[i];
		if (concerns(f, d, unit))
			defects[n++] = (struct capacity_defect){ d->effect,
				d->factor, d->entrance_id };
	}
	return n;
}

size_t
shelter_unit_defects(const struct shelter_full *f, int64_t unit)
{
	size_t n = 0;
	for (size_t i = 0; i < f->ndefects; i++)
		n += concerns(f, &f->defects[i], unit);
	return n;
}

static struct capacity
unit_capacity(const struct shelter_full *f, const struct unit_row *u,
    const struct capacity_rules *rules, struct scratch *scratch)
{
	struct capacity_unit in = {
		.sheltering_area = u->sheltering_area,
		.stated_places = u->stated_places,
		.converted = u->converted,
		.closed = u->closed || f->row.closed,
		.doors = scratch->doors,
		.ndoors = doors_of(f, u->id, scratch->doors),
		.defects = scratch->defects,
		.ndefects = defects_of(f, u->id, scratch->defects),
	};
	return capacity_of_unit(&in, rules);
}

/* How many places the binding rule takes from the best known term. */
static int64_t
loss(const struct capacity *c)
{
	int64_t best = 0;
	for (int i = 0; i < CAP_RULES; i++)
		if (c->term[i] > best)
			best = c->term[i];
	return best - c->usable;
}

struct shelter_capacity
shelter_capacity_of(const struct shelter_full *f,
    const struct capacity_rules *rules, struct capacity *units)
{
	struct shelter_capacity sum = { .binding = CAP_NONE };
	struct scratch scratch = {
		calloc(f->nentrances + 1, sizeof(*scratch.doors)),
		calloc(f->ndefects + 1, sizeof(*scratch.defects)),
	};
	int64_t worst = -1;

	for (size_t i = 0; scratch.doors && scratch.defects && i < f->nunits;
	     i++) {
		struct capacity c =
		    unit_capacity(f, &f->units[i], rules, &scratch);
		sum.usable += c.usable;
		sum.without_defects += c.without_defects;
		if (loss(&c) > worst) {
			worst = loss(&c);
			sum.binding = c.binding;
		}
		if (units)
			units[i] = c;
	}
	free(scratch.doors);
	free(scratch.defects);
	return sum;
}

int
store_shelter_capacity(struct db *db, const struct rules *rules,
    int64_t shelter_id, struct shelter_capacity *out)
{
	const struct shelter_full *full = NULL;
	struct shelter_reader *r =
	    shelter_reader_new(db, shelter_id, shelter_id);
	if (!r)
		return DB_ERROR;
	int result = shelter_reader_next(r, &full);
	if (result == DB_ROW)
		*out = shelter_capacity_of(full, &rules->capacity, NULL);
	shelter_reader_free(r);
	return result;
}
