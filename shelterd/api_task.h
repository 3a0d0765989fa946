/* SPDX-License-Identifier: MIT */
/*
 * What the inspection's handler needs of tasks.
 */
#ifndef SHELTERD_API_TASK_H
#define SHELTERD_API_TASK_H

#include <cjson/cJSON.h>
#include "shelterd/request.h"
#include "shelterd/store/task.h"

cJSON *task_json(const struct request *, const struct task_row *);

#endif
