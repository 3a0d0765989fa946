/* SPDX-License-Identifier: MIT */
/* Slots as homes that give way: see assign_queue.h. */
#include <stdbool.h>
#include <stdlib.h>
#include "drills/assign_made.h"
#include "drills/assign_queue.h"

struct slot {
	int64_t people, metres;
};

/* Seconds of one slot at this shelter. */
static int64_t
slot_seconds(const struct assign_doors *d, int64_t per_hour, int64_t places)
{
	int64_t all = places * 3600 / per_hour;
	int64_t longer = all / ASSIGN_QUEUE_SLOTS + 1;

	return d->slot_s > longer ? d->slot_s : longer;
}

/* The k-th slot, from 0; false when all places are used up before it. */
static bool
slot_at(const struct assign_problem *p, const struct assign_doors *d, size_t s,
    int64_t k, struct slot *out)
{
	int64_t rate = d->per_hour[s], seconds, from, to;

	if (rate == 0) {
		*out = (struct slot){ p->places[s], 0 };
		return k == 0;
	}
	seconds = slot_seconds(d, rate, p->places[s]);
	from = (int64_t)((__int128)k * seconds * rate / 3600);
	to = (int64_t)((__int128)(k + 1) * seconds * rate / 3600);
	to = to < p->places[s] ? to : p->places[s];
	*out = (struct slot){ to - from,
		(k * seconds * d->speed_mm + 500) / 1000 };
	return from < p->places[s];
}

static bool
good(const struct assign_problem *p, const struct assign_doors *d)
{
	if (d->slot_s < 1 || d->slot_s > 3600 || d->speed_mm < 1 ||
	    d->speed_mm > 100000)
		return false;
	for (size_t s = 0; s < p->shelters; s++)
		if (d->per_hour[s] < 0 || d->per_hour[s] > INT32_MAX ||
		    p->places[s] < 0 || p->places[s] > INT32_MAX)
			return false;
	return true;
}

struct queue {
	const struct assign_problem *p;
	const struct assign_doors *d;
	struct assign_made m;
	__int128 resting; /* what all slots pay while nobody takes them */
};

/* The slots of a shelter behind the first one, as homes. */
static int
add_slots(struct queue *q, size_t s, int64_t *endless)
{
	struct slot slot;
	int64_t n = 0, top = 0;

	while (slot_at(q->p, q->d, s, n, &slot)) {
		top = slot.metres;
		n++;
	}
	if (top > ASSIGN_MAX_METRES)
		return ASSIGN_BAD_PROBLEM;
	for (int64_t k = 1; k < n; k++) {
		slot_at(q->p, q->d, s, k, &slot);
		assign_made_arc(
		    &q->m, (uint32_t)s, top - slot.metres, SIZE_MAX);
		assign_made_arc(&q->m, (uint32_t)q->p->shelters, top, SIZE_MAX);
		assign_made_home(&q->m, slot.people);
		q->resting += (__int128)slot.people * (top - slot.metres);
		*endless += slot.people;
	}
	return 0;
}

static size_t
count_slots(const struct assign_problem *p, const struct assign_doors *d)
{
	struct slot slot;
	size_t n = 0;

	for (size_t s = 0; s < p->shelters; s++)
		for (int64_t k = 1; slot_at(p, d, s, k, &slot); k++)
			n++;
	return n;
}

static int
queue_init(struct queue *q)
{
	const struct assign_problem *p = q->p;
	size_t slots = count_slots(p, q->d);
	int64_t endless = 0;
	int r = assign_made_init(
	    &q->m, p->homes + slots, p->shelters + 1, p->arcs + 2 * slots);

	if (r < 0)
		return r;
	for (size_t h = 0; h < p->homes; h++) {
		for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
			assign_made_arc(&q->m, p->shelter[a], p->metres[a], a);
		assign_made_home(&q->m, p->people[h]);
	}
	for (size_t s = 0; s < p->shelters; s++) {
		q->m.places[s] = p->places[s];
		if ((r = add_slots(q, s, &endless)) < 0)
			return r;
	}
	q->m.places[p->shelters] = endless;
	return endless > INT32_MAX ? ASSIGN_OVERFLOW : 0;
}

static int
read_flows(const struct queue *q, const struct assign_answer *a,
    struct assign_queue *out)
{
	const struct assign_problem *p = q->p;
	__int128 metres = 0;

	for (size_t i = 0; i < p->arcs; i++) {
		out->flow[i] = a->flow[i];
		out->sheltered += a->flow[i];
		metres += (__int128)a->flow[i] * p->metres[i];
	}
	for (size_t h = 0; h < p->homes; h++)
		out->people += p->people[h];
	if (metres > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)metres;
	out->waiting = (int64_t)(a->person_metres - q->resting - metres);
	out->bound = (int64_t)(a->bound - q->resting);
	return 0;
}

int
assign_queue(const struct assign_problem *p, const struct assign_doors *d,
    struct assign_queue *out, assign_progress *progress, void *arg)
{
	struct queue q = { .p = p, .d = d };
	struct assign_answer a = { 0 };
	int r;

	*out = (struct assign_queue){ 0 };
	if (!good(p, d))
		return ASSIGN_BAD_PROBLEM;
	out->flow = calloc(p->arcs + 1, sizeof(*out->flow));
	r = out->flow != NULL ? queue_init(&q) : ASSIGN_NO_MEMORY;
	if (r == 0)
		r = assign_made_solve(&q.m, NULL, &a, progress, arg);
	if (r == 0)
		r = read_flows(&q, &a, out);
	assign_release(&a);
	assign_made_release(&q.m);
	return r;
}

void
assign_queue_release(struct assign_queue *q)
{
	free(q->flow);
	*q = (struct assign_queue){ 0 };
}

int64_t
assign_queue_waiting(const struct assign_problem *p,
    const struct assign_doors *d, size_t shelter, int64_t load)
{
	struct slot slot;
	int64_t sum = 0;

	for (int64_t k = 0; load > 0 && slot_at(p, d, shelter, k, &slot); k++) {
		int64_t n = load < slot.people ? load : slot.people;

		sum += n * slot.metres;
		load -= n;
	}
	return sum;
}
