/* SPDX-License-Identifier: MIT */
/*
 * Homes in an order in which those stand together who would go the same ways:
 * by the shelter that costs them least at the prices of now, then by the second
 * and the third.  So one home can speak for a few that follow each other, and a
 * block of homes has few shelters in sight.
 */
#ifndef DRILLS_ASSIGN_ORDER_H
#define DRILLS_ASSIGN_ORDER_H

#include "drills/assign_lists.h"

/* All homes into order[homes], and each one's cheapest shelter (as many as
 * there are shelters: none) into cheapest[homes].  Where there are lists, they
 * become those of all homes at these prices.  0 or ASSIGN_NO_MEMORY. */
int assign_order(const struct assign_layout *, const int64_t *price,
    struct assign_lists *, uint32_t *order, uint32_t *cheapest);

#endif
