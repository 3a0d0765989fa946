/* SPDX-License-Identifier: MIT */
/*
 * The JSON of a defect, for everything that shows one.
 */
#ifndef SHELTERD_API_DEFECT_H
#define SHELTERD_API_DEFECT_H

#include <cjson/cJSON.h>
#include "shelterd/net/request.h"
#include "shelterd/store/defect.h"

cJSON *defect_json(const struct request *, const struct defect_record *);
/* "defects":[…] of a query; a negative result of the store when it fails. */
int
defect_add_all(const struct request *, cJSON *, const struct defect_query *);

#endif
