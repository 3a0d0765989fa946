/* SPDX-License-Identifier: MIT */
/* Numbers are written byte by byte, so the machine's order does not matter. */
#include "gis/lines.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 9, POINT = 16, LINE = 2, LINES = 5 };

/* As gis/geos.h: coordinates beyond this belong to no map, in any unit. */
#define MAX_COORD 1e9

static bool
on_a_map(struct gis_point p)
{
	return fabs(p.x) <= MAX_COORD && fabs(p.y) <= MAX_COORD;
}

const char *
gis_lines_fault(const struct gis_point *p, const size_t *first, size_t nlines)
{
	if (nlines == 0)
		return "no lines, or too many";
	for (size_t l = 0; l < nlines; l++)
		if (first[l + 1] < first[l] + 2)
			return "a line needs two points";
	for (size_t i = first[0]; i < first[nlines]; i++)
		if (!on_a_map(p[i]))
			return "a coordinate is not a finite number below 1e9";
	return NULL;
}

struct gis_box
gis_lines_box(const struct gis_point *p, const size_t *first, size_t nlines)
{
	struct gis_box box = gis_box_empty();

	for (size_t i = nlines ? first[0] : 0; nlines && i < first[nlines]; i++)
		box = gis_box_with(box, p[i]);
	return box;
}

struct gis_point
gis_lines_centroid(
    const struct gis_point *p, const size_t *first, size_t nlines)
{
	struct gis_point sum = { 0, 0 }, mean = { 0, 0 };
	size_t n = nlines ? first[nlines] - first[0] : 0;
	double length = 0;

	for (size_t l = 0; l < nlines; l++)
		for (size_t i = first[l]; i < first[l + 1]; i++) {
			mean.x += p[i].x / (double)n;
			mean.y += p[i].y / (double)n;
			if (i == first[l])
				continue;
			double d = gis_distance(p[i - 1], p[i]);

			sum.x += d * (p[i - 1].x + p[i].x) / 2;
			sum.y += d * (p[i - 1].y + p[i].y) / 2;
			length += d;
		}
	return length > 0 ? (struct gis_point){ sum.x / length, sum.y / length }
			  : mean;
}

size_t
gis_lines_wkb_size(const size_t *first, size_t nlines)
{
	return HEADER * (nlines + 1) + POINT * (first[nlines] - first[0]);
}

static unsigned char *
put(unsigned char *at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		*at++ = (unsigned char)(v >> 8 * i);
	return at;
}

static unsigned char *
put_header(unsigned char *at, uint32_t type, size_t n)
{
	*at++ = 1; /* little-endian */
	return put(put(at, type, 4), n, 4);
}

static unsigned char *
put_number(unsigned char *at, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return put(at, bits, 8);
}

void
gis_lines_to_wkb(const struct gis_point *p, const size_t *first, size_t nlines,
    unsigned char *at)
{
	at = put_header(at, LINES, nlines);
	for (size_t l = 0; l < nlines; l++) {
		at = put_header(at, LINE, first[l + 1] - first[l]);
		for (size_t i = first[l]; i < first[l + 1]; i++)
			at = put_number(put_number(at, p[i].x), p[i].y);
	}
}

static uint64_t
get(const unsigned char *at, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)at[i] << 8 * i;
	return v;
}

static double
get_number(const unsigned char *at)
{
	uint64_t bits = get(at, 8);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* The count behind a header of that type, SIZE_MAX if it is another. */
static size_t
get_header(const unsigned char *at, size_t left, uint32_t type)
{
	if (left < HEADER || at[0] != 1 || get(at + 1, 4) != type)
		return SIZE_MAX;
	return (size_t)get(at + 5, 4);
}

static bool
grow(void **p, size_t *room, size_t need, size_t size)
{
	size_t more = need + need / 2 + 64;
	void *q;

	if (need <= *room)
		return true;
	if ((q = realloc(*p, more * size)) == NULL)
		return false;
	*p = q;
	*room = more;
	return true;
}

static int
add_line(struct gis_lines *to, const unsigned char *at, size_t n)
{
	size_t room = to->room;

	if (!grow((void **)&to->pts, &to->pts_room, to->npts + n,
		sizeof(*to->pts)) ||
	    !grow((void **)&to->first, &room, to->n + 2, sizeof(*to->first)))
		return -1;
	to->room = room;
	to->first[to->n++] = to->npts;
	for (size_t i = 0; i < n; i++, at += POINT) {
		struct gis_point p = { get_number(at), get_number(at + 8) };

		if (!on_a_map(p))
			return -2;
		to->pts[to->npts++] = p;
	}
	to->first[to->n] = to->npts;
	return 0;
}

/* One LINESTRING at *at, which then stands behind it. */
static int
add_member(
    struct gis_lines *to, const unsigned char **at, const unsigned char *end)
{
	size_t n = get_header(*at, (size_t)(end - *at), LINE);
	const unsigned char *points = *at + HEADER;

	if (n < 2 || n == SIZE_MAX || n > (size_t)(end - points) / POINT)
		return -2;
	*at = points + n * POINT;
	return add_line(to, points, n);
}

int
gis_lines_add_wkb(struct gis_lines *to, const void *wkb, size_t len)
{
	const unsigned char *at = wkb, *end = at + len;
	size_t lines = get_header(at, len, LINES);
	int rc = 0;

	if (lines == SIZE_MAX)
		lines = 1;
	else
		at += HEADER;
	for (; rc == 0 && lines > 0; lines--)
		rc = add_member(to, &at, end);
	return rc == 0 && at != end ? -2 : rc;
}

void
gis_lines_release(struct gis_lines *l)
{
	free(l->pts);
	free(l->first);
	*l = (struct gis_lines){ 0 };
}
