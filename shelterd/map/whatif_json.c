/* SPDX-License-Identifier: MIT */
/* Before and after as JSON: see whatif_json.h. */
#include "shelterd/map/whatif_json.h"

void
whatif_add_count(cJSON *o, const char *name, bool known, int64_t n)
{
	if (known)
		cJSON_AddNumberToObject(o, name, (double)n);
	else
		cJSON_AddNullToObject(o, name);
}

static void
add_side(cJSON *o, const char *name, const struct whatif_side *side,
    int64_t people, bool capacity)
{
	cJSON *s = cJSON_AddObjectToObject(o, name);

	whatif_add_count(s, "covered", true, side->covered);
	whatif_add_count(s, "placed", capacity, side->placed);
	whatif_add_count(s, "too_far", true, people - side->covered);
	whatif_add_count(s, "full", capacity, side->covered - side->placed);
	whatif_add_count(s, "usable_shelters", true, side->usable_shelters);
	whatif_add_count(s, "places", true, side->places);
}

void
whatif_add_effect(
    cJSON *o, const struct coverage_ask *ask, const struct whatif *w)
{
	bool capacity = ask->capacity;

	whatif_add_count(o, "people", true, w->people);
	cJSON_AddItemToObject(o, "limit", plan_limit_json(&ask->limit));
	add_side(o, "before", &w->before, w->people, capacity);
	add_side(o, "after", &w->after, w->people, capacity);
	whatif_add_count(o, "covered_lost", true, w->covered_lost);
	whatif_add_count(o, "covered_gained", true, w->covered_gained);
	whatif_add_count(o, "placed_lost", capacity, w->placed_lost);
	whatif_add_count(o, "placed_gained", capacity, w->placed_gained);
}
