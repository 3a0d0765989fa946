/* SPDX-License-Identifier: MIT */
/* What the files of drills/compare.h share. */
#ifndef DRILLS_COMPARE_PART_H
#define DRILLS_COMPARE_PART_H

#include "drills/compare.h"

/* The times of a curve from the alarm of its round; `planned` people. */
struct compare_times compare_times_of(
    const struct compare_round *, const struct report_curve *, int64_t planned);

#endif
