/* SPDX-License-Identifier: MIT */
/*
 * Looking up checklist items.  The table itself is read by whoever starts the
 * program; this file only searches it.
 */
#include <string.h>
#include "inspections/checklist.h"

const struct checklist_item *
checklist_find(const struct checklist_item *items, size_t n, const char *id)
{
	for (size_t i = 0; id && i < n; i++)
		if (strcmp(items[i].id, id) == 0)
			return &items[i];
	return NULL;
}
