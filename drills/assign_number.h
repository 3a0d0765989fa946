/* SPDX-License-Identifier: MIT */
/*
 * Numbers for shelters such that those near each other have numbers near each
 * other.  Whoever goes through homes and shelters in this order stays in one
 * part of the city for a while, and with that in the cache; and homes in the
 * order of their cheapest shelters have neighbours beside them.
 */
#ifndef DRILLS_ASSIGN_NUMBER_H
#define DRILLS_ASSIGN_NUMBER_H

#include "drills/assign.h"

/* The new number of every shelter, number[shelters].  Homes' arcs must begin
 * where they should; an arc to a shelter that is not there or of metres out of
 * bounds is passed over.  0 or ASSIGN_NO_MEMORY. */
int assign_number(const struct assign_problem *, uint32_t *number);

#endif
