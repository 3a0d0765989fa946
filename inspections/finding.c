/* SPDX-License-Identifier: MIT */
/*
 * Joining findings to defects; see finding.h.  Knows no store and no clock.
 */
#include <string.h>
#include "inspections/finding.h"

static const char *const result_names[FINDING_RESULTS] = {
	[FINDING_PASS] = "pass",
	[FINDING_FAIL] = "fail",
	[FINDING_NA] = "na",
};

enum finding_result
finding_result_parse(const char *word)
{
	for (int i = 0; word && i < FINDING_RESULTS; i++)
		if (strcmp(word, result_names[i]) == 0)
			return (enum finding_result)i;
	return FINDING_RESULTS;
}

const char *
finding_result_name(enum finding_result r)
{
	return (unsigned)r < FINDING_RESULTS ? result_names[r] : "none";
}

static int
same_trouble(const struct finding *f, const struct finding_defect *d)
{
	return d->unit_id == f->unit_id && strcmp(d->item, f->item->id) == 0;
}

size_t
finding_joins(
    const struct finding *f, const struct finding_defect *open, size_t n)
{
	size_t loose = n;

	for (size_t i = 0; i < n; i++) {
		if (!same_trouble(f, &open[i]))
			continue;
		if (open[i].entrance_id == f->entrance_id)
			return i;
		if (loose == n && (!open[i].entrance_id || !f->entrance_id))
			loose = i;
	}
	return loose;
}

struct capacity_defect
finding_effect(const struct finding *f)
{
	struct capacity_defect d = {
		.effect = f->item->effect,
		.factor = f->item->factor,
		.entrance_id = f->entrance_id,
	};

	if (f->factor < 0 || d.effect == DERATE_ENTRANCE ||
	    d.effect == DERATE_CLOSE)
		return d;
	d.effect = DERATE_FACTOR;
	d.factor = f->factor < 1 ? f->factor : 1;
	return d;
}
