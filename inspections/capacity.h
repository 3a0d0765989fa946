/* SPDX-License-Identifier: MIT */
/*
 * Usable capacity of a protective unit (防护单元), with the name of the rule
 * that binds.  Pure: numbers in, numbers out; the rule numbers come from
 * etc/rules/capacity.csv.  Invariant: `usable` equals the smallest known
 * term, and `binding` names it; a term that is not known (negative) never
 * binds.
 *
 * Terms (domain rules, section on kinds, grades, capacity):
 *	sheltering_area	area / 1.0 m2 per person
 *	door_width	sum over usable entrances of
 *			min(700, width / 0.30 m * 100)
 *	unit_limit	places stated in the register
 *	derating	smallest of the above times what the open defects leave
 *	conversion	0 while the unit's conversion stage is not reached
 */
#ifndef INSPECTIONS_CAPACITY_H
#define INSPECTIONS_CAPACITY_H

#include <stddef.h>
#include <stdint.h>

struct capacity_rules {
	double area_per_person;	       /* m2 */
	double door_width_per_hundred; /* m of clear width per 100 persons */
	int64_t door_max_persons;      /* per door */
};

enum capacity_rule {
	CAP_NONE, /* nothing known: usable 0 */
	CAP_SHELTERING_AREA,
	CAP_DOOR_WIDTH,
	CAP_UNIT_LIMIT,
	CAP_DERATING,
	CAP_CONVERSION,
	CAP_CLOSED, /* taken out of use by hand */
	CAP_RULES
};

/* "sheltering_area", "door_width", … */
const char *capacity_rule_name(enum capacity_rule);

/* What an open defect does to its unit. */
enum derating_effect {
	DERATE_NOTHING,
	DERATE_ENTRANCE, /* that entrance (or, unknown, one of n) is lost */
	DERATE_FACTOR,	 /* `factor` of the places remain */
	DERATE_CLOSE	 /* the unit cannot be used */
};
enum derating_effect derating_effect_parse(const char *word);
const char *derating_effect_name(enum derating_effect);

struct capacity_door {
	int64_t id;
	double clear_width; /* m; < 0 unknown */
	int usable;	    /* 0: closed by hand */
};

struct capacity_defect {
	enum derating_effect effect;
	double factor;	     /* DERATE_FACTOR */
	int64_t entrance_id; /* DERATE_ENTRANCE; 0: not said which */
};

struct capacity_unit {
	double sheltering_area; /* m2; < 0 unknown */
	int64_t stated_places;	/* < 0 unknown */
	int converted;		/* 0 no, 1 yes, -1 unknown */
	int closed;
	const struct capacity_door *doors;
	size_t ndoors;
	const struct capacity_defect *defects;
	size_t ndefects;
};

struct capacity {
	int64_t term[CAP_RULES]; /* -1 unknown */
	int64_t usable;
	int64_t without_defects; /* usable if every defect were repaired */
	enum capacity_rule binding;
};

struct capacity
capacity_of_unit(const struct capacity_unit *, const struct capacity_rules *);

#endif
