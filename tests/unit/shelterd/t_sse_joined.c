/* SPDX-License-Identifier: MIT */
/* Joined events: each listener gets what a walk of its own would give it,
 * whoever was served before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <event2/buffer.h>
#include "shelterd/net/sse_joined.h"
#include "shelterd/net/sse_ring.h"
#include "shelterd/store/event.h"

enum { EVENTS = 60, ROUNDS = 4000 };

static struct event *
any_event(int64_t id)
{
	static const unsigned masks[] = { ROLE_ADMIN, ROLE_ANYONE,
		ROLE_ADMIN | ROLE_INSPECTOR, ROLE_ADMIN | ROLE_UNIT };
	struct event *e = event_make();

	e->id = id;
	e->roles = masks[rand() % 4];
	e->scope_user = rand() % 3;
	e->hidden = rand() % 5 == 0;
	snprintf(
	    e->scope_org, sizeof(e->scope_org), "%s", rand() % 2 ? "a" : "");
	snprintf(e->kind, sizeof(e->kind), "test.kind");
	e->body = strdup("{}");
	return e;
}

static void
as_a_walk_alone(void **state)
{
	struct sse_ring *ring = sse_ring_new(EVENTS, 0);
	struct joined j = { 0 };
	char a[] = "a", b[] = "b", *orgs[] = { a, b };

	(void)state;
	for (int64_t id = 1; id <= EVENTS; id++)
		sse_ring_add(ring, any_event(id));
	for (int i = 0; i < ROUNDS; i++) {
		struct listener who = { .id = rand() % 3,
			.role = (enum role)(1 << rand() % 5),
			.org = orgs[rand() % 2] };
		int64_t last = rand() % 3 + EVENTS / 2;
		struct evbuffer *alone = evbuffer_new();

		assert_true(joined_make(&j, ring, &who, last, 3000));
		assert_int_equal(j.from, last);
		assert_true(j.to > last && j.to <= EVENTS);
		for (int64_t id = last + 1; id <= j.to; id++) {
			const struct ring_item *item = sse_ring_get(ring, id);

			if (event_visible(
				item->event, who.id, (int)who.role, who.org))
				evbuffer_add(alone, item->frame, item->len);
		}
		assert_int_equal(
		    evbuffer_get_length(alone), evbuffer_get_length(j.frames));
		if (evbuffer_get_length(alone) > 0)
			assert_memory_equal(evbuffer_pullup(alone, -1),
			    evbuffer_pullup(j.frames, -1),
			    evbuffer_get_length(alone));
		evbuffer_free(alone);
	}
	joined_release(&j);
	sse_ring_free(ring);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_a_walk_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
