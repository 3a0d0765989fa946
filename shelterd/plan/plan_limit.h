/* SPDX-License-Identifier: MIT */
/*
 * What coverage, plans and explanations are asked with: ?radius= or ?minutes=
 * (the rules' radius when neither is given), ?profile=, ?at= and ?where=.
 * Decoded here once; errors name the parameter.
 */
#ifndef SHELTERD_PLAN_LIMIT_H
#define SHELTERD_PLAN_LIMIT_H

#include "shelterd/plan/plan_arcs.h"
#include "shelterd/net/request.h"
#include "shelterd/net/where.h"

enum { LIMIT_MAX_RADIUS = 20000, LIMIT_MAX_MINUTES = 240 };

/* What plan_limit_read() reads, as fields of a query or a body. */
#define PLAN_RADIUS_FIELD                                           \
	{                                                           \
		.name = "radius", .type = F_NUMBER, .min = 1,       \
		.max = LIMIT_MAX_RADIUS, .help = "straight line, m" \
	}
#define PLAN_MINUTES_FIELD                                       \
	{                                                        \
		.name = "minutes", .type = F_NUMBER, .min = 0.1, \
		.max = LIMIT_MAX_MINUTES, .help = "on foot, min" \
	}

#define PLAN_PROFILE_FIELD                                                   \
	{                                                                    \
		.name = "profile", .type = F_STRING, .oneof = plan_profiles, \
		.help = "walk, or wheelchair: without steps"                 \
	}
#define PLAN_AT_FIELD                                                  \
	{                                                              \
		.name = "at", .type = F_STRING, .maxlen = 5,           \
		.help = "HH:MM: without the ways that are closed then" \
	}
#define PLAN_CAPACITY_FIELD                                                \
	{                                                                  \
		.name = "capacity", .type = F_BOOL,                        \
		.help = "also count who can have a place at the same time" \
	}
#define PLAN_WHERE_FIELD                                                \
	{                                                               \
		.name = "where", .type = F_STRING, .maxlen = WHERE_MAX, \
		.help = "which shelters take part"                      \
	}
extern const char *const plan_profiles[]; /* by enum gis_profile; NULL */

/* From the query (body NULL) or from the body. */
enum status
plan_limit_read(struct request *, const cJSON *body, struct plan_limit *);
/* {"radius":m} or {"minutes":t,"metres":m}, with "profile" and "at" where
 * they are not walk and any time. */
cJSON *plan_limit_json(const struct plan_limit *);
/* On foot at any time. */
bool plan_limit_plain(const struct plan_limit *);
/* NULL when the text is empty. */
enum status
plan_where_read(struct request *, const char *text, struct where **);

/* Which shelters take part: those the expression picks, hidden ones only
 * where `hidden` says so.  For plan_sites_init(). */
struct plan_admit {
	const struct where *where;
	bool hidden;
};
bool plan_admits(const void *admit, const struct snap_shelter *);

#endif
