/* SPDX-License-Identifier: MIT */
/*
 * Usable capacity of a protective unit.  The first three terms come from the
 * building (floor area, doors, the register's own figure); the smallest known
 * one is the base.  Open defects take away from the base, a unit not yet
 * converted or closed by hand has none.
 *
 * No text grades what a defect costs; the scale is our own:
 *	- an entrance that cannot be used takes its persons away from the door
 *	  term; where widths are unknown each lost entrance takes an equal part
 *	  of the base; a defect that does not say which entrance takes the
 *	  average one.  Losses add up, one entrance is lost only once.
 *	- factors multiply, so that each repair gives something back.
 *	- a closing defect leaves nothing.
 */
#include <string.h>
#include "inspections/capacity.h"

enum { UNKNOWN = -1 };

static const char *const rule_names[CAP_RULES] = {
	[CAP_NONE] = "none",
	[CAP_SHELTERING_AREA] = "sheltering_area",
	[CAP_DOOR_WIDTH] = "door_width",
	[CAP_UNIT_LIMIT] = "unit_limit",
	[CAP_DERATING] = "derating",
	[CAP_CONVERSION] = "conversion",
	[CAP_CLOSED] = "closed",
};

static const char *const effect_names[] = {
	[DERATE_NOTHING] = "nothing",
	[DERATE_ENTRANCE] = "entrance",
	[DERATE_FACTOR] = "factor",
	[DERATE_CLOSE] = "close",
};

enum { EFFECTS = sizeof(effect_names) / sizeof(effect_names[0]) };

const char *
capacity_rule_name(enum capacity_rule rule)
{
	return (unsigned)rule < CAP_RULES ? rule_names[rule] : "none";
}

enum derating_effect
derating_effect_parse(const char *word)
{
	for (int i = 0; word && i < EFFECTS; i++)
		if (strcmp(word, effect_names[i]) == 0)
			return (enum derating_effect)i;
	return DERATE_NOTHING;
}

const char *
derating_effect_name(enum derating_effect effect)
{
	return (unsigned)effect < EFFECTS ? effect_names[effect] : "nothing";
}

/* Whole persons; a grain of rounding is forgiven, so that 2.1 m / 0.30 m per
 * 100 are 700 and not 699. */
static int64_t
persons(double x)
{
	if (!(x > 0))
		return 0;
	return x < 1e15 ? (int64_t)(x + 1e-6) : (int64_t)1e15;
}

static int64_t
door_persons(const struct capacity_door *door, const struct capacity_rules *r)
{
	int64_t n = 0;

	if (r->door_width_per_hundred <= 0)
		return UNKNOWN;
	n = persons(door->clear_width / r->door_width_per_hundred * 100);
	return n < r->door_max_persons ? n : r->door_max_persons;
}

static int64_t
area_term(const struct capacity_unit *u, const struct capacity_rules *r)
{
	if (!(u->sheltering_area >= 0) || r->area_per_person <= 0)
		return UNKNOWN;
	return persons(u->sheltering_area / r->area_per_person);
}

static int64_t
door_term(const struct capacity_unit *u, const struct capacity_rules *r)
{
	int64_t sum = 0;

	if (u->ndoors == 0 || r->door_width_per_hundred <= 0)
		return UNKNOWN;
	for (size_t i = 0; i < u->ndoors; i++) {
		if (!u->doors[i].usable)
			continue;
		if (!(u->doors[i].clear_width >= 0))
			return UNKNOWN;
		sum += door_persons(&u->doors[i], r);
	}
	return sum;
}

static const struct capacity_door *
door_find(const struct capacity_unit *u, int64_t id)
{
	for (size_t i = 0; id > 0 && i < u->ndoors; i++)
		if (u->doors[i].id == id)
			return &u->doors[i];
	return NULL;
}

/* Is defect k the first to take its entrance? */
static int
first_on_door(const struct capacity_unit *u, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (u->defects[i].effect == DERATE_ENTRANCE &&
		    u->defects[i].entrance_id == u->defects[k].entrance_id)
			return 0;
	return 1;
}

struct loss {
	int64_t doors;	 /* how many entrances */
	int64_t persons; /* their part of the door term, where known */
};

static struct loss
entrance_loss(const struct capacity_unit *u, const struct capacity_rules *r,
    int64_t door_sum, int64_t ndoors)
{
	struct loss lost = { 0, 0 };
	const struct capacity_door *door = NULL;

	for (size_t i = 0; i < u->ndefects; i++) {
		if (u->defects[i].effect != DERATE_ENTRANCE)
			continue;
		door = door_find(u, u->defects[i].entrance_id);
		if (door && (!door->usable || !first_on_door(u, i)))
			continue;
		lost.doors++;
		if (door_sum >= 0)
			lost.persons += door ? door_persons(door, r)
					     : (door_sum + ndoors - 1) / ndoors;
	}
	return lost;
}

static int64_t
usable_doors(const struct capacity_unit *u)
{
	int64_t n = 0;

	for (size_t i = 0; i < u->ndoors; i++)
		n += u->doors[i].usable != 0;
	return n > 0 ? n : 1;
}

static double
factor_left(const struct capacity_unit *u)
{
	double left = 1, f = 0;

	for (size_t i = 0; i < u->ndefects; i++) {
		if (u->defects[i].effect == DERATE_CLOSE)
			return 0;
		if (u->defects[i].effect != DERATE_FACTOR)
			continue;
		f = u->defects[i].factor;
		left *= !(f > 0) ? 0 : f < 1 ? f : 1;
	}
	return left;
}

static int64_t
derating_term(const struct capacity_unit *u, const struct capacity_rules *r,
    int64_t base, int64_t door_sum)
{
	int64_t n = usable_doors(u), left = base;
	struct loss lost = { 0, 0 };
	double factor = factor_left(u);

	if (u->ndefects == 0)
		return UNKNOWN;
	if (factor <= 0)
		return 0;
	if (base < 0)
		return UNKNOWN;
	lost = entrance_loss(u, r, door_sum, n);
	if (lost.doors >= n)
		return 0;
	if (door_sum < 0)
		left = persons(
		    (double)base * (double)(n - lost.doors) / (double)n);
	else if (door_sum - lost.persons < left)
		left =
		    door_sum - lost.persons > 0 ? door_sum - lost.persons : 0;
	return persons((double)left * factor);
}

/* The smallest known term binds; of equal ones the first, but a unit that is
 * closed or not converted says so before anything else. */
static void
bind_smallest(struct capacity *c)
{
	c->usable = 0;
	c->binding = CAP_NONE;
	for (int i = CAP_NONE + 1; i < CAP_RULES; i++) {
		if (c->term[i] < 0)
			continue;
		if (c->binding != CAP_NONE && c->term[i] > c->usable)
			continue;
		if (c->binding != CAP_NONE && c->term[i] == c->usable &&
		    i < CAP_CONVERSION)
			continue;
		c->usable = c->term[i];
		c->binding = (enum capacity_rule)i;
	}
}

struct capacity
capacity_of_unit(const struct capacity_unit *u, const struct capacity_rules *r)
{
	struct capacity c = { .usable = 0 };
	int64_t base = 0;

	for (int i = 0; i < CAP_RULES; i++)
		c.term[i] = UNKNOWN;
	c.term[CAP_SHELTERING_AREA] = area_term(u, r);
	c.term[CAP_DOOR_WIDTH] = door_term(u, r);
	c.term[CAP_UNIT_LIMIT] =
	    u->stated_places >= 0 ? u->stated_places : UNKNOWN;
	bind_smallest(&c);
	base = c.binding == CAP_NONE ? UNKNOWN : c.usable;
	c.term[CAP_CONVERSION] = u->converted == 0 ? 0 : UNKNOWN;
	c.term[CAP_CLOSED] = u->closed ? 0 : UNKNOWN;
	bind_smallest(&c);
	c.without_defects = c.usable;
	c.term[CAP_DERATING] =
	    derating_term(u, r, base, c.term[CAP_DOOR_WIDTH]);
	bind_smallest(&c);
	return c;
}
