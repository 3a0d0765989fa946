/* SPDX-License-Identifier: MIT */
/*
 * Blocks of one size that are used again, the newest first.  What one thread
 * makes and another one ends, thousands of times a second, malloc() gives and
 * takes the long way, through an arena both must lock; and a block just left
 * is still in the processor's cache.
 */
#ifndef SHELTERD_SPARE_H
#define SHELTERD_SPARE_H

#include <pthread.h>
#include <stddef.h>

struct spare {
	pthread_mutex_t lock;
	void *first; /* each begins with a pointer to the next */
	size_t n, most, size;
};

/* Blocks of `size` bytes; no more than `most` are kept. */
#define SPARE(size, most)                                          \
	{                                                          \
		PTHREAD_MUTEX_INITIALIZER, NULL, 0, (most), (size) \
	}

/* Any thread; with whatever was in it.  NULL: memory is out. */
void *spare_take(struct spare *);
/* Any thread. */
void spare_give(struct spare *, void *block);

#endif
