/* SPDX-License-Identifier: MIT */
/*
 * Which item of which unit is due when; see cycle.h.
 */
#include <stdio.h>
#include <string.h>
#include "inspections/cycle.h"

static const char *const work_names[WORKS] = {
	[WORK_ROUTINE] = "routine",
	[WORK_SPECIAL] = "special",
	[WORK_REPLACE] = "replace",
};

static const char *const state_names[CYCLE_STATES] = {
	[CYCLE_CURRENT] = "current",
	[CYCLE_OVERDUE] = "overdue",
	[CYCLE_NEVER] = "never",
	[CYCLE_UNKNOWN] = "unknown",
	[CYCLE_ABSENT] = "absent",
};

enum cycle_work
cycle_work_parse(const char *word)
{
	for (int i = 0; word && i < WORKS; i++)
		if (strcmp(word, work_names[i]) == 0)
			return (enum cycle_work)i;
	return WORKS;
}

const char *
cycle_work_name(enum cycle_work w)
{
	return (unsigned)w < WORKS ? work_names[w] : "unknown";
}

const char *
cycle_state_name(enum cycle_state s)
{
	return (unsigned)s < CYCLE_STATES ? state_names[s] : "unknown";
}

static const char *
add_check(struct cycle_item *item, const struct checklist_item *all, size_t n,
    const char *id, char *why, size_t whysize)
{
	const struct checklist_item *found = checklist_find(all, n, id);

	if (found && item->nchecks < CYCLE_CHECKS) {
		item->check[item->nchecks++] = (size_t)(found - all);
		return NULL;
	}
	if (found)
		snprintf(why, whysize, "%s has more than %d checks", item->id,
		    CYCLE_CHECKS);
	else
		snprintf(why, whysize, "%s: the checklist has no '%s'",
		    item->id, id);
	return why;
}

const char *
cycle_resolve(struct cycle_item *item, const struct checklist_item *all,
    size_t n, char *why, size_t whysize)
{
	char words[sizeof(item->checks)], *rest = NULL;
	const char *wrong = NULL;

	snprintf(words, sizeof(words), "%s", item->checks);
	item->nchecks = 0;
	for (char *id = strtok_r(words, " ", &rest); id && !wrong;
	     id = strtok_r(NULL, " ", &rest))
		wrong = add_check(item, all, n, id, why, whysize);
	if (!wrong && item->nchecks == 0) {
		snprintf(why, whysize, "%s has no checks", item->id);
		wrong = why;
	}
	return wrong;
}

const struct cycle_item *
cycle_find(const struct cycle_item *items, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].id, id) == 0)
			return &items[i];
	return NULL;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct cycle_look
cycle_look_join(const struct cycle_look *a, const struct cycle_look *b)
{
	struct cycle_look both;

	for (int w = 0; w < WORKS; w++)
		both.done[w] = later(a->done[w], b->done[w]);
	both.absent = later(a->absent, b->absent);
	return both;
}

/* Of this work or one that includes it. */
static int64_t
last_done(const struct cycle_look *l, enum cycle_work w)
{
	int64_t last = 0;

	for (int i = w; i < WORKS; i++)
		last = later(last, l->done[i]);
	return last;
}

static bool
is_absent(const struct cycle_look *l)
{
	return l->absent > last_done(l, WORK_ROUTINE);
}

/* The check left longest; false: none of them is there. */
static bool
oldest(const struct cycle_item *item, enum cycle_work work,
    const struct cycle_look *looks, int64_t *last)
{
	bool any = false;

	for (size_t i = 0; i < item->nchecks; i++) {
		const struct cycle_look *l = &looks[item->check[i]];
		int64_t done = last_done(l, work);

		if (is_absent(l))
			continue;
		*last = any && *last < done ? *last : done;
		any = true;
	}
	return any;
}

struct cycle_due
cycle_due(const struct cycle_item *item, enum cycle_work work,
    const struct cycle_look *looks, int64_t now)
{
	struct cycle_due d = { .state = CYCLE_ABSENT, .due = INT64_MAX };
	enum schedule_cycle cycle = item->cycle[work];

	if (cycle == CYCLE_NONE || !oldest(item, work, looks, &d.last))
		return d;
	if (d.last == 0 && work == WORK_REPLACE) {
		d.state = CYCLE_UNKNOWN;
		return d;
	}
	if (d.last == 0) {
		d.state = CYCLE_NEVER;
		d.due = now;
		return d;
	}
	d.due = schedule_next(d.last, cycle);
	d.missed = schedule_missed(d.last, cycle, now);
	d.state = d.due <= now ? CYCLE_OVERDUE : CYCLE_CURRENT;
	return d;
}

static bool
is_late(const struct cycle_due *d)
{
	return d->state == CYCLE_OVERDUE || d->state == CYCLE_NEVER;
}

bool
cycle_calls(const struct cycle_due *d, const struct cycle_window *w)
{
	return (is_late(d) || d->state == CYCLE_CURRENT) &&
	       (is_late(d) || !w->overdue) && d->due >= w->from &&
	       d->due <= w->until;
}

bool
cycle_in_window(const struct cycle_due *d, const struct cycle_window *w)
{
	bool whole = w->from == 0 && w->until == INT64_MAX && !w->overdue;

	return cycle_calls(d, w) || (d->state == CYCLE_UNKNOWN && whole);
}
