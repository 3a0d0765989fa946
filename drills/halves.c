/* SPDX-License-Identifier: MIT */
/* See halves.h. */
#include <pthread.h>
#include "drills/halves.h"

enum { WORTH = 1000 * 1000 /* ns; starting a thread takes some 50,000 */ };

struct half {
	halves_fn *fn;
	void *arg;
	size_t from, to;
};

static void *
work(void *arg)
{
	const struct half *h = arg;

	h->fn(h->arg, h->from, h->to);
	return NULL;
}

void
halves(size_t n, halves_fn *fn, void *arg, size_t ns)
{
	struct half other = { fn, arg, n / 2, n };
	pthread_t thread;

	if (n < 2 || ns < WORTH ||
	    pthread_create(&thread, NULL, work, &other) != 0) {
		fn(arg, 0, n);
		return;
	}
	fn(arg, 0, n / 2);
	pthread_join(thread, NULL);
}
