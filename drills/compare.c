/* SPDX-License-Identifier: MIT */
/*
 * Two rounds side by side: number by number, shelter by shelter, signal by
 * signal.  What is better stands in one table; nothing is weighed against
 * anything else.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "drills/compare.h"
#include "drills/compare_part.h"

enum wish { MORE, LESS, NEITHER };

static const struct {
	const char *name;
	enum wish wish;
} measures[COMPARE_MEASURES] = {
	[COMPARE_SHARE] = { "share", MORE },
	[COMPARE_FIRST] = { "first_s", LESS },
	[COMPARE_T50] = { "t50_s", LESS },
	[COMPARE_T90] = { "t90_s", LESS },
	[COMPARE_LAST] = { "last_s", LESS },
	[COMPARE_IN_TIME] = { "in_time_share", MORE },
	[COMPARE_DELAY] = { "signal_delay_s", LESS },
	[COMPARE_DONE] = { "injects_done_share", MORE },
	[COMPARE_LATE] = { "injects_late", LESS },
	[COMPARE_OBSERVED] = { "observations", NEITHER },
};

static const char *const verdicts[] = {
	[COMPARE_NONE] = NULL,
	[COMPARE_SAME] = "same",
	[COMPARE_BETTER] = "better",
	[COMPARE_WORSE] = "worse",
	[COMPARE_MIXED] = "mixed",
};

const char *
compare_verdict_name(enum compare_verdict v)
{
	return verdicts[v];
}

const char *
compare_measure_name(enum compare_measure m)
{
	return measures[m].name;
}

static struct compare_pair
pair(double a, double b, enum wish wish)
{
	struct compare_pair p = { a, b, COMPARE_NONE };

	if (wish == NEITHER || isnan(a) || isnan(b))
		return p;
	if (a == b)
		p.verdict = COMPARE_SAME;
	else
		p.verdict =
		    (b > a) == (wish == MORE) ? COMPARE_BETTER : COMPARE_WORSE;
	return p;
}

static enum compare_verdict
both(enum compare_verdict x, enum compare_verdict y)
{
	if (x == y || y == COMPARE_NONE)
		return x;
	if (x == COMPARE_NONE || x == COMPARE_SAME)
		return y;
	return y == COMPARE_SAME ? x : COMPARE_MIXED;
}

static double
share(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

static double
delay(const struct compare_round *r)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < r->nsignals; i++) {
		const struct compare_signal *s = &r->signals[i];

		if (isinf(s->told_s))
			continue;
		sum += s->told_s > s->due_s ? s->told_s - s->due_s
					    : s->due_s - s->told_s;
		n++;
	}
	return share(sum, (double)n);
}

static double
value(const struct compare_round *r, enum compare_measure m)
{
	double planned = (double)r->report->planned;

	switch (m) {
	case COMPARE_SHARE:
		return share((double)r->report->actual, planned);
	case COMPARE_FIRST:
		return r->times.first_s;
	case COMPARE_T50:
		return r->times.t50_s;
	case COMPARE_T90:
		return r->times.t90_s;
	case COMPARE_LAST:
		return r->times.last_s;
	case COMPARE_IN_TIME:
		return share(r->in_time, planned);
	case COMPARE_DELAY:
		return delay(r);
	case COMPARE_DONE:
		return share((double)r->done, (double)r->injects);
	case COMPARE_LATE:
		return (double)r->late;
	case COMPARE_OBSERVED:
		return (double)r->observations;
	case COMPARE_MEASURES:
		break;
	}
	return NAN;
}

/* A last arrival that is earlier because fewer came is no better. */
static void
judge_last(struct compare_pair *last, const struct compare_pair *came)
{
	if ((last->verdict == COMPARE_BETTER && !(came->b >= came->a)) ||
	    (last->verdict == COMPARE_WORSE && !(came->b <= came->a)))
		last->verdict = COMPARE_NONE;
}

static void
compare_totals(const struct compare_round *a, const struct compare_round *b,
    struct compare *c)
{
	struct compare_pair *m = c->measures;

	for (int i = 0; i < COMPARE_MEASURES; i++)
		m[i] = pair(value(a, (enum compare_measure)i),
		    value(b, (enum compare_measure)i), measures[i].wish);
	judge_last(&m[COMPARE_LAST], &m[COMPARE_SHARE]);
	c->verdict =
	    both(both(m[COMPARE_SHARE].verdict, m[COMPARE_T50].verdict),
		m[COMPARE_T90].verdict);
}

static struct compare_times
times_of(const struct compare_round *r, const struct report_shelter *s)
{
	if (s == NULL)
		return (struct compare_times){ NAN, NAN, NAN, NAN };
	return compare_times_of(r, &s->curve, s->planned);
}

static double
share_of(const struct report_shelter *s)
{
	return s == NULL ? NAN : share((double)s->actual, (double)s->planned);
}

static void
compare_shelter(const struct compare_round *a, const struct compare_round *b,
    struct compare_shelter *s)
{
	const struct report_shelter *one = s->a != NULL ? s->a : s->b;

	s->id = one->id;
	s->name = one->name != NULL || s->b == NULL ? one->name : s->b->name;
	s->times_a = times_of(a, s->a);
	s->times_b = times_of(b, s->b);
	s->share = pair(share_of(s->a), share_of(s->b), MORE);
	s->verdict = both(s->share.verdict,
	    both(pair(s->times_a.t50_s, s->times_b.t50_s, LESS).verdict,
		pair(s->times_a.t90_s, s->times_b.t90_s, LESS).verdict));
}

/* Both lists are sorted by id. */
static int
compare_shelters(const struct compare_round *a, const struct compare_round *b,
    struct compare *c)
{
	const struct report *x = a->report, *y = b->report;
	size_t i = 0, k = 0;

	c->shelters =
	    calloc(x->nshelters + y->nshelters + 1, sizeof(*c->shelters));
	if (c->shelters == NULL)
		return -1;
	while (i < x->nshelters || k < y->nshelters) {
		struct compare_shelter *s = &c->shelters[c->nshelters++];
		int64_t ia = i < x->nshelters ? x->shelters[i].id : INT64_MAX;
		int64_t ib = k < y->nshelters ? y->shelters[k].id : INT64_MAX;

		if (ia <= ib)
			s->a = &x->shelters[i++];
		if (ib <= ia)
			s->b = &y->shelters[k++];
		compare_shelter(a, b, s);
	}
	return 0;
}

static int
compare_soundings(const struct compare_round *a, const struct compare_round *b,
    struct compare *c)
{
	char *used = calloc(b->nsignals + 1, 1);

	c->soundings =
	    calloc(a->nsignals + b->nsignals + 1, sizeof(*c->soundings));
	if (used == NULL || c->soundings == NULL) {
		free(used);
		return -1;
	}
	for (size_t i = 0; i < a->nsignals; i++) {
		struct compare_sounding *s = &c->soundings[c->nsoundings++];
		size_t k = 0;

		while (k < b->nsignals &&
		       (used[k] ||
			   strcmp(b->signals[k].word, a->signals[i].word) != 0))
			k++;
		s->a = &a->signals[i];
		if (k < b->nsignals) {
			s->b = &b->signals[k];
			used[k] = 1;
		}
	}
	for (size_t k = 0; k < b->nsignals; k++)
		if (!used[k])
			c->soundings[c->nsoundings++].b = &b->signals[k];
	free(used);
	return 0;
}

int
compare_make(const struct compare_round *a, const struct compare_round *b,
    struct compare *c)
{
	memset(c, 0, sizeof(*c));
	compare_totals(a, b, c);
	if (compare_shelters(a, b, c) != 0 || compare_soundings(a, b, c) != 0)
		return -1;
	return 0;
}

void
compare_release(struct compare *c)
{
	free(c->shelters);
	free(c->soundings);
	memset(c, 0, sizeof(*c));
}
