/* SPDX-License-Identifier: MIT */
/*
 * The rows of a planner's table beside the entries that a drill has: first by
 * the planner's numbers, then by what they say.  Both sides are looked up in
 * sorted lists; must not know how either is stored.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drills/msel.h"
#include "drills/state.h"

#define NOBODY SIZE_MAX

/* One entry or row in a sorted list. */
struct note {
	const struct msel_entry *e;
	size_t at; /* its index */
};

struct match {
	const struct msel_entry *entries, *rows;
	size_t n, nrows;
	int64_t now_s;
	struct msel_step *steps;
	size_t *taker; /* of each entry: the row that is it, NOBODY */
	struct note *by_ref, *by_words; /* of entries */
	struct note *seen;		/* the rows by what they say */
	struct note *numbered;		/* the rows by number */
};

static int
sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Of a signal only its word and second count: there is one at a time. */
static int
words_compare(const struct msel_entry *a, const struct msel_entry *b)
{
	int c = sign(a->planned_s, b->planned_s);

	if (c == 0)
		c = sign(a->kind, b->kind);
	if (c == 0)
		c = strcmp(a->signal, b->signal);
	if (c == 0 && a->kind != MSEL_SIGNAL)
		c = strcmp(a->text, b->text);
	if (c == 0 && a->kind != MSEL_SIGNAL)
		c = strcmp(a->who, b->who);
	return c;
}

static int
by_words(const void *va, const void *vb)
{
	const struct note *a = va, *b = vb;
	int c = words_compare(a->e, b->e);

	return c != 0 ? c : (a->at > b->at) - (a->at < b->at);
}

static int
by_ref(const void *va, const void *vb)
{
	const struct note *a = va, *b = vb;
	int c = strcmp(a->e->ref, b->e->ref);

	return c != 0 ? c : (a->at > b->at) - (a->at < b->at);
}

static struct note *
sorted(const struct msel_entry *e, size_t n,
    int (*order)(const void *, const void *))
{
	struct note *notes = malloc((n + 1) * sizeof(*notes));

	if (notes == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		notes[i] = (struct note){ &e[i], i };
	qsort(notes, n, sizeof(*notes), order);
	return notes;
}

/* The first of the notes that is not before `e`. */
static size_t
first_of(const struct note *notes, size_t n, const struct msel_entry *e,
    int (*order)(const void *, const void *))
{
	struct note key = { e, 0 };
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (order(&notes[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void refuse(struct msel_step *, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
refuse(struct msel_step *s, const char *field, const char *fmt, ...)
{
	va_list ap;

	s->outcome = MSEL_REFUSE;
	s->wrong.field = field;
	va_start(ap, fmt);
	vsnprintf(s->wrong.why, sizeof(s->wrong.why), fmt, ap);
	va_end(ap);
}

static int
equal(const struct msel_entry *a, const struct msel_entry *b)
{
	return words_compare(a, b) == 0 && strcmp(a->text, b->text) == 0 &&
	       strcmp(a->who, b->who) == 0;
}

/* Row r is entry i. */
static void
meet(struct match *m, size_t r, size_t i)
{
	const struct msel_entry *row = &m->rows[r], *e = &m->entries[i];
	struct msel_step *s = &m->steps[r];

	m->taker[i] = r;
	s->at = i;
	s->at_s = e->at_s;
	if (equal(row, e) && (row->ref[0] == '\0' || e->fired_s >= 0 ||
				 strcmp(row->ref, e->ref) == 0)) {
		s->outcome = MSEL_SAME;
		return;
	}
	s->outcome = MSEL_CHANGE;
	if (e->fired_s >= 0) {
		refuse(s, row->planned_s == e->planned_s ? "text" : "at",
		    "was told at second %lld and cannot be changed",
		    (long long)e->fired_s);
		return;
	}
	if (row->planned_s == e->planned_s)
		return;
	s->at_s = row->planned_s + (e->at_s - e->planned_s);
	if (s->at_s < m->now_s)
		refuse(s, "at", "lies before the drill's clock, now at %lld s",
		    (long long)m->now_s);
	else if (s->at_s > DRILL_MAX_SECONDS)
		refuse(s, "at", "lies more than a week in, as postponed");
}

/* A number, or a signal at its second, that an earlier row has. */
static int
said_before(struct match *m, size_t r)
{
	const struct msel_entry *row = &m->rows[r];
	struct msel_step *s = &m->steps[r];
	size_t k = first_of(m->seen, m->nrows, row, by_words);

	*s = (struct msel_step){ .twin = m->seen[k].at };
	if (row->kind == MSEL_SIGNAL && s->twin != r)
		refuse(s, "signal", "sounds at this second in an earlier row");
	k = first_of(m->numbered, m->nrows, row, by_ref);
	if (row->ref[0] != '\0' && m->numbered[k].at != r)
		refuse(s, "id", "stands in an earlier row, too");
	return s->outcome == MSEL_REFUSE;
}

static int
meet_by_ref(struct match *m, size_t r)
{
	const struct msel_entry *row = &m->rows[r];
	size_t k;

	if (row->ref[0] == '\0')
		return 0;
	k = first_of(m->by_ref, m->n, row, by_ref);
	if (k == m->n || strcmp(m->by_ref[k].e->ref, row->ref) != 0)
		return 0;
	meet(m, r, m->by_ref[k].at);
	return 1;
}

/* An entry that says the same and is nobody's yet; one that has a number of
 * its own is not another number's. */
static int
meet_by_words(struct match *m, size_t r)
{
	const struct msel_entry *row = &m->rows[r];
	size_t k = first_of(m->by_words, m->n, row, by_words);

	for (; k < m->n && words_compare(m->by_words[k].e, row) == 0; k++) {
		const struct note *note = &m->by_words[k];

		if (m->taker[note->at] != NOBODY ||
		    (row->ref[0] != '\0' && note->e->ref[0] != '\0'))
			continue;
		meet(m, r, note->at);
		return 1;
	}
	return 0;
}

/* Is there an entry of this signal and second that stays as it is? */
static int
sounds_already(const struct match *m, const struct msel_entry *row)
{
	size_t k = first_of(m->by_words, m->n, row, by_words);

	for (; k < m->n && words_compare(m->by_words[k].e, row) == 0; k++) {
		size_t taker = m->taker[m->by_words[k].at];

		if (taker == NOBODY || m->steps[taker].outcome == MSEL_REFUSE)
			return row->kind == MSEL_SIGNAL;
	}
	return 0;
}

static void
add(struct match *m, size_t r)
{
	struct msel_step *s = &m->steps[r];

	s->outcome = MSEL_ADD;
	s->at_s = m->rows[r].planned_s;
	if (sounds_already(m, &m->rows[r]))
		refuse(s, "signal", "sounds at this second already");
	else if (s->at_s < m->now_s)
		refuse(s, "at", "lies before the drill's clock, now at %lld s",
		    (long long)m->now_s);
}

static void
match_rows(struct match *m, char *open)
{
	for (size_t i = 0; i < m->n; i++)
		m->taker[i] = NOBODY;
	for (size_t r = 0; r < m->nrows; r++)
		open[r] = !said_before(m, r) && !meet_by_ref(m, r);
	for (size_t r = 0; r < m->nrows; r++)
		if (open[r] && !meet_by_words(m, r))
			add(m, r);
}

int
msel_match(const struct msel_entry *entries, size_t n,
    const struct msel_entry *rows, size_t nrows, int64_t now_s,
    struct msel_step *steps, char *taken)
{
	struct match m = { .entries = entries,
		.rows = rows,
		.n = n,
		.nrows = nrows,
		.now_s = now_s,
		.steps = steps };
	char *open = malloc(nrows + 1); /* rows nothing was said of yet */
	int result = -1;

	m.taker = malloc((n + 1) * sizeof(*m.taker));
	m.by_ref = sorted(entries, n, by_ref);
	m.by_words = sorted(entries, n, by_words);
	m.seen = sorted(rows, nrows, by_words);
	m.numbered = sorted(rows, nrows, by_ref);
	if (open != NULL && m.taker != NULL && m.by_ref != NULL &&
	    m.by_words != NULL && m.seen != NULL && m.numbered != NULL) {
		match_rows(&m, open);
		for (size_t i = 0; i < n; i++)
			taken[i] = m.taker[i] != NOBODY;
		result = 0;
	}
	free(open);
	free(m.taker);
	free(m.by_ref);
	free(m.by_words);
	free(m.seen);
	free(m.numbered);
	return result;
}
