/* SPDX-License-Identifier: MIT */
/* The ring behind the streams: consecutive ids, eviction, gaps, frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/sse_ring.h"
#include "shelterd/store/event.h"

static struct event *
event(int64_t id)
{
	struct event *e = event_make();

	e->id = id;
	e->at = 1795341600;
	snprintf(e->kind, sizeof(e->kind), "test.kind");
	e->body = strdup("{\"n\":1}");
	return e;
}

static void
keeps_the_newest(void **state)
{
	struct sse_ring *ring = sse_ring_new(4, 10);

	(void)state;
	assert_int_equal(sse_ring_head(ring), 10);
	assert_int_equal(sse_ring_first(ring), 11);
	assert_null(sse_ring_get(ring, 10));
	for (int64_t id = 11; id <= 20; id++) {
		assert_true(sse_ring_add(ring, event(id)));
		assert_int_equal(sse_ring_head(ring), id);
		assert_int_equal(sse_ring_first(ring), id < 14 ? 11 : id - 3);
		for (int64_t k = 1; k <= 22; k++) {
			const struct ring_item *item = sse_ring_get(ring, k);

			assert_int_equal(
			    item != NULL, k >= sse_ring_first(ring) && k <= id);
			if (item != NULL)
				assert_int_equal(item->event->id, k);
		}
	}
	sse_ring_free(ring);
}

static void
a_gap_empties_it(void **state)
{
	struct sse_ring *ring = sse_ring_new(4, 0);

	(void)state;
	assert_true(sse_ring_add(ring, event(1)));
	assert_false(sse_ring_add(ring, event(3)));
	assert_int_equal(sse_ring_head(ring), 3);
	assert_int_equal(sse_ring_first(ring), 4);
	assert_null(sse_ring_get(ring, 1));
	assert_true(sse_ring_add(ring, event(4)));
	assert_non_null(sse_ring_get(ring, 4));
	sse_ring_free(ring);
}

static void
frame(void **state)
{
	struct event *e = event(7);
	size_t len;
	char *text = sse_frame(e, &len);
	static const char start[] = "id: 7\nevent: test.kind\ndata: {\"id\":7,";

	(void)state;
	assert_int_equal(strlen(text), len);
	assert_memory_equal(text, start, sizeof(start) - 1);
	assert_string_equal(text + len - 2, "\n\n");
	assert_null(strstr(text + strlen("id: 7\nevent: test.kind\n"), "\nid"));
	free(text);
	event_unref(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_newest),
		cmocka_unit_test(a_gap_empties_it),
		cmocka_unit_test(frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
