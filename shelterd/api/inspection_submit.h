/* SPDX-License-Identifier: MIT */
/*
 * One inspection on its way from body to rows, shared by the three files that
 * treat it: api_inspection.c (routes, answers), inspection_decode.c (is it
 * about things that exist) and inspection_apply.c (defects, notice, task).
 */
#ifndef SHELTERD_INSPECTION_SUBMIT_H
#define SHELTERD_INSPECTION_SUBMIT_H

#include <cjson/cJSON.h>
#include "inspections/finding.h"
#include "shelterd/net/request.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/inspection.h"
#include "shelterd/store/task.h"

enum { FINDINGS_MAX = 500, DEFECTS_MAX = 10000 };

/* An open defect as joining sees it, with what it needs kept beside it. */
struct known {
	int64_t notice_id;
	char item[32];
};

struct submission {
	struct request *req;
	const struct snap_shelter *shelter;
	struct inspection_row row;
	const cJSON *findings; /* the body's */
	struct finding found[FINDINGS_MAX];
	size_t nfound;
	struct finding_defect *open; /* unclosed ones of the shelter */
	struct known *known;	     /* beside them */
	size_t nopen, room;
	int64_t notice_id;
	cJSON *defects; /* of the answer */
};

/* Fills req's submission and its task (id 0: none); 422 names the field. */
enum status submission_decode(struct submission *, struct task_row *);
/* Keeps every finding; failed ones open defects or join open ones. */
enum status submission_keep(struct submission *);
/* The task is done, if it is still the inspector's to finish. */
enum status submission_finish_task(struct submission *, struct task_row *);

#endif
