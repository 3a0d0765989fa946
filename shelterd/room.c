/* SPDX-License-Identifier: MIT */
/* Growing by doubling; see room.h. */
#include <stdlib.h>
#include "shelterd/room.h"

enum { FIRST = 16 };

void *
room_for_one(void *array, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? *cap * 2 : FIRST;
	void *grown = array;

	if (n < *cap)
		return array;
	grown = realloc(array, more * size);
	if (grown != NULL)
		*cap = more;
	return grown;
}
