/* SPDX-License-Identifier: MIT */
/*
 * One drill against its plan: the timetable played through from the log, and
 * the report's times counted from the alarm.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "drills/compare_part.h"

/* An entry of the timetable, by id. */
struct entry {
	int64_t id, due_s, told_s;
	int told, by_hand, late;
	const char *word, *zh;
};

struct played {
	struct entry *e;
	size_t n;
};

/* Where the id is or would stand. */
static size_t
place_of(const struct played *p, int64_t id)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->e[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int
stands(const struct played *p, size_t k, int64_t id)
{
	return k < p->n && p->e[k].id == id;
}

/* The array has room for one entry an event. */
static struct entry *
insert(struct played *p, size_t k, int64_t id)
{
	memmove(&p->e[k + 1], &p->e[k], (p->n - k) * sizeof(*p->e));
	p->n++;
	p->e[k] = (struct entry){ .id = id };
	return &p->e[k];
}

static void
drop(struct played *p, size_t k)
{
	p->n--;
	memmove(&p->e[k], &p->e[k + 1], (p->n - k) * sizeof(*p->e));
}

static void
postpone(struct played *p, int64_t seconds)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->e[i].told)
			p->e[i].due_s += seconds;
}

static void
play_one(struct played *p, const struct compare_event *x)
{
	size_t k = place_of(p, x->inject);
	int there = stands(p, k, x->inject);
	struct entry *e = there ? &p->e[k] : NULL;

	if (x->kind == COMPARE_GONE) {
		if (there && !e->told)
			drop(p, k);
		return;
	}
	if (!there)
		e = insert(p, k, x->inject);
	if (e->told)
		return;
	e->due_s = x->at_s;
	e->word = x->word;
	e->zh = x->zh;
	if (x->kind == COMPARE_TOLD) {
		e->told = 1;
		e->told_s = x->told_s;
		e->late = x->late;
		e->by_hand = !there;
	}
}

static int64_t
when(const struct entry *e)
{
	return e->told ? e->told_s : e->due_s;
}

static int
by_time(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	int64_t x = when(a), y = when(b);

	if (x != y)
		return x < y ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void
count_entries(const struct played *p, struct compare_round *r)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct entry *e = &p->e[i];

		if (e->word != NULL) {
			r->signals[r->nsignals++] =
			    (struct compare_signal){ e->word, e->zh,
				    (double)e->due_s,
				    e->told ? (double)e->told_s : INFINITY };
			continue;
		}
		r->injects += !e->by_hand;
		r->done += e->told && !e->by_hand;
		r->by_hand += e->by_hand;
		r->late += e->told && e->late;
	}
}

static void
find_alarm(struct compare_round *r)
{
	for (size_t i = 0; i < r->nsignals; i++) {
		const struct compare_signal *s = &r->signals[i];

		if (isinf(s->told_s) || strcmp(s->word, "all-clear") == 0 ||
		    (r->alarm != NULL && s->told_s >= r->alarm_s))
			continue;
		r->alarm = s->word;
		r->alarm_zh = s->zh;
		r->alarm_s = s->told_s;
	}
}

/* People who were in by the first air raid signal that sounded. */
static double
in_time(const struct compare_round *r)
{
	const struct report_curve *c = &r->report->curve;
	double until = INFINITY, people = 0;

	for (size_t i = 0; i < r->nsignals; i++)
		if (strcmp(r->signals[i].word, "air-raid") == 0 &&
		    r->signals[i].told_s < until)
			until = r->signals[i].told_s;
	if (isinf(until))
		return NAN;
	for (size_t i = 0; i < c->n; i++)
		if ((double)c->points[i].second <= until)
			people = (double)c->points[i].people;
	return people;
}

/* A second of the drill, -1 for never, from the alarm. */
static double
from_alarm(const struct compare_round *r, int64_t second)
{
	if (r->alarm == NULL)
		return NAN;
	return second < 0 ? INFINITY : (double)second - r->alarm_s;
}

struct compare_times
compare_times_of(const struct compare_round *r, const struct report_curve *c,
    int64_t planned)
{
	struct compare_times t = {
		.first_s = from_alarm(r, c->n > 0 ? c->points[0].second : -1),
		.last_s =
		    from_alarm(r, c->n > 0 ? c->points[c->n - 1].second : -1),
		.t50_s = planned > 0 ? from_alarm(r, c->t50) : NAN,
		.t90_s = planned > 0 ? from_alarm(r, c->t90) : NAN,
	};

	return t;
}

int
compare_round_make(const struct report *report, const struct compare_event *x,
    size_t n, struct compare_round *r)
{
	struct played p = { calloc(n + 1, sizeof(*p.e)), 0 };

	*r = (struct compare_round){ .report = report, .alarm_s = NAN };
	r->signals = calloc(n + 1, sizeof(*r->signals));
	if (p.e == NULL || r->signals == NULL) {
		free(p.e);
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		if (x[i].kind == COMPARE_SEEN)
			r->observations++;
		else if (x[i].kind == COMPARE_POSTPONED)
			postpone(&p, x[i].seconds);
		else
			play_one(&p, &x[i]);
	}
	qsort(p.e, p.n, sizeof(*p.e), by_time);
	count_entries(&p, r);
	free(p.e);
	find_alarm(r);
	r->times = compare_times_of(r, &report->curve, report->planned);
	r->in_time = in_time(r);
	return 0;
}

void
compare_round_release(struct compare_round *r)
{
	free(r->signals);
	memset(r, 0, sizeof(*r));
}
