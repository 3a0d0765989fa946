/* SPDX-License-Identifier: MIT */
/*
 * A new plan near an old one: everybody sheltered elsewhere than in the old
 * plan pays a price in metres on top of the way, so that nobody is moved for
 * less than it.  First as many people as possible, then the least of
 * person-metres + price x moved people; exact, proved by the core's prices.
 * Also all prices at once: the trade-off between moved people and
 * person-metres.  Pure; libc only.
 *
 * Who was left over in the old plan and has a shelter now counts as moved.
 *
 * How: the people of a home fall into groups, one for each old shelter, as
 * large as the old flow there; only a group's own shelter is free of the price.
 * Any flow of the home has a division among the groups that pays for just
 * those beyond the old flows.  Where a home has fewer people than its several
 * groups together, the difference sits in a shelter of its own, at 0 metres.
 */
#ifndef DRILLS_ASSIGN_KEEP_H
#define DRILLS_ASSIGN_KEEP_H

#include <stdbool.h>
#include "drills/assign.h"

struct assign_keep {
	int64_t *flow; /* [arcs] */
	int64_t people, sheltered, moved, person_metres;
	int64_t cost;  /* person_metres + price x moved */
	int64_t bound; /* of the prices, equal: proved */
};

/* stay: [arcs] people who had this arc in the old plan, >= 0.  The price is at
 * most ASSIGN_MAX_METRES less the longest arc.  0, enum assign_error or
 * ASSIGN_NOT_PROVED; release also after an error. */
int assign_keep(const struct assign_problem *, const int64_t *stay,
    int64_t price, struct assign_keep *out, assign_progress *, void *arg);
void assign_keep_release(struct assign_keep *);

/* A plan that no other one beats at the price `at`; of the listed ones it is
 * the cheapest for every whole price from … to, and of all where the list is
 * complete. */
struct assign_choice {
	int64_t at;
	int64_t from, to; /* the last one's: INT64_MAX */
	int64_t moved, person_metres;
};

struct assign_tradeoff {
	struct assign_choice *choice; /* by price; moved falls */
	size_t n;
	int64_t people, sheltered;
	bool complete; /* no whole price has a cheaper plan, and no plan
			  beyond the ends moves fewer or walks less */
};

/* At most `most` choices (>= 2), those that matter most first. */
int assign_tradeoff(const struct assign_problem *, const int64_t *stay,
    size_t most, struct assign_tradeoff *out, assign_progress *, void *arg);
void assign_tradeoff_release(struct assign_tradeoff *);

#endif
