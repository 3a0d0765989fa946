/* SPDX-License-Identifier: MIT */
/*
 * Checklist items (检查项), one per row of etc/rules/checklists.csv: what the
 * inspector looks at, the clause it comes from, and what a failure does to
 * the unit's capacity.
 */
#ifndef INSPECTIONS_CHECKLIST_H
#define INSPECTIONS_CHECKLIST_H

#include <stddef.h>
#include "inspections/capacity.h"

struct checklist_item {
	char id[32];	     /* "door-closes" */
	char discipline[24]; /* structure, openings, doors, ventilation, … */
	char zh[160], en[160];
	char clause[64]; /* "DBJ33/T 1309-2023 5.1.1(4)" */
	char clause_zh[240];
	char severity[16]; /* minor, major, critical: our own scale */
	enum derating_effect effect;
	double factor;
	char trust[4];
};

/* NULL if there is no such item. */
const struct checklist_item *
checklist_find(const struct checklist_item *, size_t n, const char *id);

#endif
