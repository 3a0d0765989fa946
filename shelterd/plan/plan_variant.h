/* SPDX-License-Identifier: MIT */
/*
 * What a plan may mind beside people and metres: an earlier plan, queues at
 * the doors, or late people and the last arrival.  One of them at a time;
 * each is exact and proved (drills/assign_keep.h, assign_queue.h,
 * assign_late.h).
 */
#ifndef SHELTERD_PLAN_VARIANT_H
#define SHELTERD_PLAN_VARIANT_H

#include "shelterd/plan/plan_arcs.h"
#include "shelterd/net/request.h"

struct db;
struct rules;

enum plan_mind { MIND_METRES, MIND_PLAN, MIND_DOORS, MIND_LATE };

struct plan_variant {
	enum plan_mind mind;
	int64_t keep, price;	 /* MIND_PLAN: its id, metres a moved person */
	double door_flow, speed; /* persons/s a metre, m/s */
	double in_time;		 /* s */
};

/* From the body of an order, and the rules. */
enum status
plan_variant_read(struct request *, const cJSON *body, struct plan_variant *);

/* Fields of that body. */
#define PLAN_VARIANT_FIELDS                                              \
	{ .name = "keep",                                                \
		.type = F_INTEGER,                                       \
		.min = 1,                                                \
		.max = 9007199254740991.0,                               \
		.help = "an earlier plan to stay near to" },             \
	    { .name = "move_price",                                      \
		    .type = F_INTEGER,                                   \
		    .min = 0,                                            \
		    .max = PLAN_MOVE_PRICE_MAX,                          \
		    .help = "metres that moving a person must save" },   \
	    { .name = "door_queue",                                      \
		    .type = F_BOOL,                                      \
		    .help = "waiting at the doors counts as walking" },  \
	{                                                                \
		.name = "order", .type = F_STRING, .oneof = plan_orders, \
		.help = "what comes first among equally many sheltered"  \
	}
enum { PLAN_MOVE_PRICE_MAX = 1000000 };
extern const char *const plan_orders[];

/* Solves; the answer's bound is that of its person-metres among the plans that
 * are as good in what else is minded, and it has no prices.  *json: what came
 * of it, malloc'd.  `seats` of the earlier plan.  0 or an error of assign.h or
 * ASSIGN_NOT_PROVED; release the answer always. */
int plan_variant_solve(const struct plan_variant *, const struct plan_arcs *,
    struct assignment_row *seats, size_t nseats, struct assign_answer *,
    char **json, assign_progress *, void *arg);

/* People that all open doors of a shelter pass in an hour; 0: a width is not
 * known. */
int64_t plan_variant_doors(const struct snap_shelter *, double door_flow);

#endif
