/* SPDX-License-Identifier: MIT */
/* What a what-if and a siting have in common as JSON. */
#ifndef SHELTERD_WHATIF_JSON_H
#define SHELTERD_WHATIF_JSON_H

#include <cjson/cJSON.h>
#include "shelterd/map/whatif.h"

/* Null when it is not known. */
void whatif_add_count(cJSON *, const char *name, bool known, int64_t n);
/* people, limit, before, after, and what is lost and gained. */
void
whatif_add_effect(cJSON *, const struct coverage_ask *, const struct whatif *);

#endif
