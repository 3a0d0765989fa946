/* SPDX-License-Identifier: MIT */
/* Reads a population table once and answers by binary search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/clean.h"
#include "clients/shelterctl/population.h"
#include "clients/shelterctl/source.h"

enum { POPULATION_MAX = 5000000 };

struct where { /* columns */
	int key, people, households;
};

static int
by_key(const void *a, const void *b)
{
	const struct population_row *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
refuse(struct population *p, const struct record *r, const char *reason)
{
	if (p->refused++ == 0)
		snprintf(p->first_refusal, sizeof(p->first_refusal),
		    "line %lld: %s", (long long)r->line, reason);
}

static const char *
value(const struct record *r, int column)
{
	return column >= 0 && (size_t)column < r->n && r->value[column]
		   ? r->value[column]
		   : "";
}

/* false: no memory */
static bool
take(struct population *p, size_t *room, const struct record *r,
    const struct where *w)
{
	struct population_row row = { .households = -1 };
	char why[CLEAN_WHY];

	if (r->problem || clean_blank(value(r, w->key))) {
		refuse(p, r, r->problem ? r->problem : "the key is empty");
		return true;
	}
	if (!clean_count(value(r, w->people), &row.people, why)) {
		refuse(p, r, why);
		return true;
	}
	if (!clean_count(value(r, w->households), &row.households, why))
		row.households = -1;
	if (p->n == *room) {
		size_t more = *room ? *room * 2 : 1024;
		struct population_row *grown =
		    realloc(p->row, more * sizeof(*grown));
		if (!grown)
			return false;
		p->row = grown;
		*room = more;
	}
	if (!(row.key = strdup(value(r, w->key))))
		return false;
	p->row[p->n++] = row;
	return true;
}

static bool
find_columns(struct where *w, const struct source *s, const char *key,
    const char *people, const struct mappings *m, char *why, size_t size)
{
	const struct mapping *which;
	struct columns c = mappings_fit(m, "homes", s->header, s->n, &which);

	w->key = key ? mapping_column(key, s->header, s->n) : c.at[MAP_ID];
	w->people =
	    people ? mapping_column(people, s->header, s->n) : c.at[MAP_PEOPLE];
	w->households = c.at[MAP_HOUSEHOLDS];
	if (w->key >= 0 && w->people >= 0)
		return true;
	snprintf(why, size, "%s: no column '%s'", s->name,
	    w->key < 0 ? (key ? key : "id") : (people ? people : "people"));
	return false;
}

/* Two rows of one key cannot both be right. */
static bool
check_unique(struct population *p, const char *path, char *why, size_t size)
{
	qsort(p->row, p->n, sizeof(*p->row), by_key);
	for (size_t i = 1; i < p->n; i++)
		if (!strcmp(p->row[i - 1].key, p->row[i].key)) {
			snprintf(why, size, "%s: the key '%.60s' stands twice",
			    path, p->row[i].key);
			return false;
		}
	return true;
}

bool
population_load(struct population *p, const char *path, const char *key,
    const char *people, const struct mappings *m, char *why, size_t size)
{
	struct source *s =
	    source_open(path, NULL, SOURCE_AREAS, false, why, size);
	struct record r;
	struct where w;
	size_t room = 0;
	bool ok = false;

	memset(p, 0, sizeof(*p));
	if (!s || !find_columns(&w, s, key, people, m, why, size))
		goto out;
	ok = true;
	while (ok && s->next(s, &r)) {
		ok = p->n < POPULATION_MAX && take(p, &room, &r, &w);
		if (!ok)
			snprintf(why, size, "%s: too many rows", path);
	}
	ok = ok && (p->n == 0 || check_unique(p, path, why, size));
out:
	source_close(s);
	if (!ok)
		population_release(p);
	return ok;
}

void
population_release(struct population *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->row[i].key);
	free(p->row);
	memset(p, 0, sizeof(*p));
}

const struct population_row *
population_find(struct population *p, const char *key)
{
	struct population_row wanted = { .key = (char *)(uintptr_t)key };
	struct population_row *row =
	    p->n ? bsearch(&wanted, p->row, p->n, sizeof(*p->row), by_key)
		 : NULL;

	if (row)
		row->used = true;
	return row;
}

size_t
population_unused(const struct population *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += !p->row[i].used;
	return n;
}
