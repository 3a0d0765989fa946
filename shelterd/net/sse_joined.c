/* SPDX-License-Identifier: MIT */
/* Joined events: see sse_joined.h. */
#include "shelterd/net/sse_joined.h"
#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>
#include "shelterd/net/sse_ring.h"
#include "shelterd/store/event.h"

bool
listener_sees(const struct listener *who, const struct event *event)
{
	return event_visible(event, who->id, (int)who->role, who->org);
}

/* Do both see the same of every event? As event_visible() decides. */
static bool
see_the_same(const struct listener *a, const struct listener *b)
{
	return a->role == b->role &&
	       (a->role != ROLE_INSPECTOR || a->id == b->id) &&
	       (a->role != ROLE_UNIT || strcmp(a->org, b->org) == 0);
}

void
joined_release(struct joined *j)
{
	if (j->frames != NULL)
		evbuffer_free(j->frames);
	free(j->who.org);
	memset(j, 0, sizeof(*j));
}

static bool
begin(struct joined *j, const struct listener *who, int64_t last, int64_t head)
{
	joined_release(j);
	j->frames = evbuffer_new();
	j->who = *who;
	j->who.org = strdup(who->org);
	j->from = j->to = last;
	j->head = head;
	return j->frames != NULL && j->who.org != NULL;
}

static bool
fits(const struct joined *j, const struct listener *who, int64_t last,
    int64_t head)
{
	return j->frames != NULL && j->from == last && j->head == head &&
	       see_the_same(&j->who, who);
}

bool
joined_make(struct joined *j, struct sse_ring *ring, const struct listener *who,
    int64_t last, size_t room)
{
	const struct ring_item *item;
	int64_t head = sse_ring_head(ring);

	if (fits(j, who, last, head))
		return true;
	if (!begin(j, who, last, head)) {
		joined_release(j);
		return false;
	}
	while (evbuffer_get_length(j->frames) < room &&
	       (item = sse_ring_get(ring, j->to + 1)) != NULL) {
		j->to++;
		if (!listener_sees(who, item->event))
			continue;
		evbuffer_add(j->frames, item->frame, item->len);
		j->n++;
	}
	evbuffer_pullup(j->frames, -1);
	if (j->to > j->from)
		return true;
	joined_release(j); /* the next event could not be printed */
	return false;
}
