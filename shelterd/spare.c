/* SPDX-License-Identifier: MIT */
/*
 * A stack under a lock.  Sanitizers watch malloc(), so under them nothing is
 * kept: see spare.h.
 */
#include "shelterd/spare.h"

#include <stdbool.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifndef WATCHED
#define WATCHED 0
#endif

void *
spare_take(struct spare *s)
{
	void **block;

	pthread_mutex_lock(&s->lock);
	block = s->first;
	if (block != NULL) {
		s->first = *block;
		s->n--;
	}
	pthread_mutex_unlock(&s->lock);
	return block != NULL ? block : malloc(s->size);
}

void
spare_give(struct spare *s, void *block)
{
	void **link = block;
	bool kept;

	pthread_mutex_lock(&s->lock);
	kept = s->n < s->most && !WATCHED;
	if (kept) {
		*link = s->first;
		s->first = block;
		s->n++;
	}
	pthread_mutex_unlock(&s->lock);
	if (!kept)
		free(block);
}
