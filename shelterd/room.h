/* SPDX-License-Identifier: MIT */
/* Arrays that grow by doubling.  Pure. */
#ifndef SHELTERD_ROOM_H
#define SHELTERD_ROOM_H

#include <stddef.h>

/* The array with room for one more than its n elements of `size` bytes, moved
 * perhaps, and *cap what it holds then.  NULL when memory is out; the array
 * is as it was then. */
void *room_for_one(void *array, size_t *cap, size_t n, size_t size);

#endif
