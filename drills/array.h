/* SPDX-License-Identifier: MIT */
/* Arrays that grow; libc only. */
#ifndef DRILLS_ARRAY_H
#define DRILLS_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Room for n elements in the array whose address this is (as a void pointer to
 * a pointer); false: memory is short and the array as it was. */
static inline bool
array_grow(void *array, size_t n, size_t size)
{
	void **at = array, *more = realloc(*at, n * size);

	if (more != NULL)
		*at = more;
	return more != NULL;
}

#endif
