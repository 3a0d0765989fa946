/* SPDX-License-Identifier: MIT */
/* Bytes of a solved problem, and JSON of them: see plan_pack.h. */
#include "shelterd/plan/plan_pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORMAT = 1, VARINT_MAX = 10 };

static size_t
put(unsigned char *at, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		at[n++] = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	at[n++] = (unsigned char)v;
	return n;
}

unsigned char *
plan_pack(const struct plan_arcs *a, const int64_t *flow, size_t *len)
{
	size_t numbers = 4 + 3 * a->nhomes + 2 * a->nshelters + 4 * a->narcs;
	unsigned char *out = malloc(numbers * VARINT_MAX), *fit;
	size_t n = 0;

	if (out == NULL)
		return NULL;
	n += put(out + n, FORMAT);
	n += put(out + n, a->nhomes);
	n += put(out + n, a->nshelters);
	n += put(out + n, a->narcs);
	for (size_t h = 0; h < a->nhomes; h++) {
		n += put(out + n, (uint64_t)a->home[h]->id);
		n += put(out + n, (uint64_t)a->people[h]);
		n += put(out + n, a->first[h + 1] - a->first[h]);
	}
	for (size_t s = 0; s < a->nshelters; s++) {
		n += put(out + n, (uint64_t)a->shelter[s]->id);
		n += put(out + n, (uint64_t)a->places[s]);
	}
	for (size_t i = 0; i < a->narcs; i++) {
		n += put(out + n, a->to[i]);
		n += put(out + n, (uint64_t)a->metres[i]);
		n += put(out + n, (uint64_t)a->door[i]->id);
		n += put(out + n, (uint64_t)flow[i]);
	}
	*len = n;
	fit = realloc(out, n);
	return fit != NULL ? fit : out;
}

struct packed {
	const unsigned char *at, *end;
	bool bad;
};

static uint64_t
get(struct packed *p)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		if (p->at == p->end)
			break;
		v |= (uint64_t)(*p->at & 0x7f) << shift;
		if ((*p->at++ & 0x80) == 0)
			return v;
	}
	p->bad = true;
	return 0;
}

struct unpacked {
	size_t homes, shelters, arcs;
	uint64_t *home;	   /* id, people, arcs */
	uint64_t *shelter; /* id, places */
	uint64_t *arc;	   /* shelter, metres, entrance, people */
};

static uint64_t *
get_rows(struct packed *p, size_t rows, size_t width)
{
	uint64_t *v;

	if (rows > (size_t)(p->end - p->at) / width) {
		p->bad = true;
		return NULL;
	}
	if ((v = malloc((rows * width + 1) * sizeof(*v))) == NULL) {
		p->bad = true;
		return NULL;
	}
	for (size_t i = 0; i < rows * width; i++)
		v[i] = get(p);
	return v;
}

static bool
unpack(struct packed *p, struct unpacked *u)
{
	uint64_t arcs = 0;

	if (get(p) != FORMAT)
		return false;
	u->homes = get(p);
	u->shelters = get(p);
	u->arcs = get(p);
	if (p->bad || (u->home = get_rows(p, u->homes, 3)) == NULL ||
	    (u->shelter = get_rows(p, u->shelters, 2)) == NULL ||
	    (u->arc = get_rows(p, u->arcs, 4)) == NULL)
		return false;
	for (size_t h = 0; h < u->homes; h++)
		arcs += u->home[3 * h + 2] <= u->arcs ? u->home[3 * h + 2]
						      : u->arcs + 1;
	for (size_t a = 0; a < u->arcs; a++)
		if (u->arc[4 * a] >= u->shelters)
			return false;
	return !p->bad && arcs == u->arcs && p->at == p->end;
}

static void
print_ends(FILE *f, const char *name, const uint64_t *v, size_t n, size_t width)
{
	fprintf(f, "\"%s\":[", name);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s[%" PRIu64 ",%" PRIu64 "]", i ? "," : "",
		    v[width * i], v[width * i + 1]);
	fputc(']', f);
}

/* Column 1 is metres, column 3 people; only arcs with people in the answer. */
static void
print_arcs(FILE *f, const char *name, const struct unpacked *u, int column)
{
	const uint64_t *arc = u->arc;
	const char *comma = "";

	fprintf(f, ",\"%s\":[", name);
	for (size_t h = 0; h < u->homes; h++)
		for (uint64_t i = 0; i < u->home[3 * h + 2]; i++, arc += 4) {
			if (column == 3 && arc[3] == 0)
				continue;
			fprintf(f, "%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
			    comma, u->home[3 * h], u->shelter[2 * arc[0]],
			    arc[column]);
			comma = ",";
		}
	fputc(']', f);
}

char *
plan_unpack_json(const unsigned char *bytes, size_t len)
{
	struct packed p = { bytes, bytes + len, false };
	struct unpacked u = { 0 };
	char *text = NULL;
	size_t size;
	FILE *f;

	if (unpack(&p, &u) && (f = open_memstream(&text, &size)) != NULL) {
		fputc('{', f);
		print_ends(f, "homes", u.home, u.homes, 3);
		fputc(',', f);
		print_ends(f, "shelters", u.shelter, u.shelters, 2);
		print_arcs(f, "arcs", &u, 1);
		print_arcs(f, "answer", &u, 3);
		if (fclose(f) != 0) {
			free(text);
			text = NULL;
		}
	}
	free(u.home);
	free(u.shelter);
	free(u.arc);
	return text;
}
