/* SPDX-License-Identifier: MIT */
/*
 * From a finding (检查发现) to a defect (缺陷): does a failed item open a new
 * defect or join one that is open already, and what does it cost the unit.
 * Pure; the open defects are handed in.  Invariant: one trouble is one
 * defect, however often it is found.
 */
#ifndef INSPECTIONS_FINDING_H
#define INSPECTIONS_FINDING_H

#include "inspections/capacity.h"
#include "inspections/checklist.h"

enum finding_result {
	FINDING_PASS,
	FINDING_FAIL,
	FINDING_NA,
	FINDING_RESULTS /* not a result */
};
enum finding_result finding_result_parse(const char *word);
const char *finding_result_name(enum finding_result);

struct finding {
	const struct checklist_item *item;
	enum finding_result result;
	int64_t unit_id;     /* 0: the works as a whole */
	int64_t entrance_id; /* 0: not said */
	double factor;	     /* what is left, 0 … 1; < 0: as the checklist */
};

/* An open defect, as far as joining needs it. */
struct finding_defect {
	int64_t id, unit_id, entrance_id;
	const char *item;
};

/*
 * Position of the open defect this finding joins, or n when it opens a new
 * one.  Same unit and item; of several the one at the same entrance, and an
 * entrance that one side leaves open contradicts none.
 */
size_t
finding_joins(const struct finding *, const struct finding_defect *, size_t n);

/* The effect on the unit: the checklist's, where the inspector's own factor
 * replaces the checklist's and gives one to an item that has none. */
struct capacity_defect finding_effect(const struct finding *);

#endif
