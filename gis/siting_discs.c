/* SPDX-License-Identifier: MIT */
/*
 * Discs over points in cells: see siting.h.  Cells are FINE to a radius; those
 * of a row that lie wholly in the disc are one run, and only the points of the
 * cells the rim passes are measured.
 */
#include "gis/siting.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { FINE = 8, MOST_CELLS = 1 << 24 };

struct gis_discs {
	const struct gis_point *candidate;
	struct gis_point *point; /* in order */
	uint32_t *order, *first; /* [n]; [columns * rows + 1] */
	size_t n;
	double radius, cell;
	struct gis_point origin;
	int64_t columns, rows;
	struct gis_run *run; /* of the disc asked for last */
	size_t nruns;
};

static void
lay_grid(struct gis_discs *d, const struct gis_point *p)
{
	struct gis_box box = gis_box_empty();
	double w, h;

	for (size_t i = 0; i < d->n; i++)
		box = gis_box_with(box, p[i]);
	d->origin = (struct gis_point){ box.w, box.s };
	w = d->n > 0 ? box.e - box.w : 0;
	h = d->n > 0 ? box.n - box.s : 0;
	d->cell = d->radius / FINE;
	while ((w / d->cell + 1) * (h / d->cell + 1) > MOST_CELLS)
		d->cell *= 2;
	d->columns = (int64_t)(w / d->cell) + 1;
	d->rows = (int64_t)(h / d->cell) + 1;
}

static size_t
cell_of(const struct gis_discs *d, struct gis_point p)
{
	int64_t x = (int64_t)((p.x - d->origin.x) / d->cell);
	int64_t y = (int64_t)((p.y - d->origin.y) / d->cell);

	return (size_t)(y * d->columns + x);
}

static bool
sort_points(struct gis_discs *d, const struct gis_point *p)
{
	size_t cells = (size_t)(d->columns * d->rows);

	d->first = calloc(cells + 2, sizeof(*d->first));
	if (d->first == NULL)
		return false;
	for (size_t i = 0; i < d->n; i++)
		d->first[cell_of(d, p[i]) + 2]++;
	for (size_t i = 2; i < cells + 2; i++)
		d->first[i] += d->first[i - 1];
	for (size_t i = 0; i < d->n; i++) {
		uint32_t at = d->first[cell_of(d, p[i]) + 1]++;

		d->order[at] = (uint32_t)i;
		d->point[at] = p[i];
	}
	return true;
}

struct gis_discs *
gis_discs_new(const struct gis_point *p, size_t n,
    const struct gis_point *candidate, double radius)
{
	struct gis_discs *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->candidate = candidate;
	d->n = n;
	d->radius = radius;
	d->point = malloc((n + 1) * sizeof(*d->point));
	d->order = malloc((n + 1) * sizeof(*d->order));
	d->run = malloc((n + 1) * sizeof(*d->run));
	if (d->point != NULL && d->order != NULL && d->run != NULL) {
		lay_grid(d, p);
		if (sort_points(d, p))
			return d;
	}
	gis_discs_free(d);
	return NULL;
}

void
gis_discs_free(struct gis_discs *d)
{
	if (d == NULL)
		return;
	free(d->point);
	free(d->order);
	free(d->first);
	free(d->run);
	free(d);
}

const uint32_t *
gis_discs_order(const struct gis_discs *d)
{
	return d->order;
}

/* Runs that touch become one. */
static void
add(struct gis_discs *d, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	if (d->nruns > 0 && d->run[d->nruns - 1].to == from)
		d->run[d->nruns - 1].to = to;
	else
		d->run[d->nruns++] = (struct gis_run){ from, to };
}

static void
measure(struct gis_discs *d, struct gis_point c, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (gis_distance(d->point[i], c) <= d->radius)
			add(d, i, i + 1);
}

static int64_t
within(double cell, int64_t most)
{
	return cell < 0 ? 0 : cell > (double)most ? most : (int64_t)cell;
}

/* Columns lo … hi may have points of the disc; those from a to b lie wholly in
 * it, a millimetre left for rounding. */
static void
scan_row(struct gis_discs *d, struct gis_point c, int64_t row)
{
	double s = d->origin.y + (double)row * d->cell - c.y, n = s + d->cell;
	double far = fmax(fabs(s), fabs(n));
	double near = s <= 0 && n >= 0 ? 0 : fmin(fabs(s), fabs(n));
	double r = d->radius + 1e-3, reach, inner, x = c.x - d->origin.x;
	const uint32_t *first = d->first + row * d->columns;
	int64_t lo, hi, a, b;

	if (near > r)
		return;
	reach = sqrt(r * r - near * near);
	lo = within(floor((x - reach) / d->cell), d->columns);
	hi = within(floor((x + reach) / d->cell) + 1, d->columns);
	r = d->radius - 1e-3;
	inner = far < r ? sqrt(r * r - far * far) : -1;
	a = within(ceil((x - inner) / d->cell), d->columns);
	b = within(floor((x + inner) / d->cell), d->columns);
	if (inner < 0 || a >= b) {
		measure(d, c, first[lo], first[hi]);
		return;
	}
	measure(d, c, first[lo], first[a]);
	add(d, first[a], first[b]);
	measure(d, c, first[b], first[hi]);
}

size_t
gis_discs_reach(void *arg, uint32_t candidate, const struct gis_run **runs)
{
	struct gis_discs *d = arg;
	struct gis_point c = d->candidate[candidate];
	double y = c.y - d->origin.y;
	int64_t from, to;

	d->nruns = 0;
	*runs = d->run;
	if (!isfinite(c.x) || !isfinite(c.y))
		return 0;
	from = within(floor((y - d->radius - 1e-3) / d->cell), d->rows);
	to = within(floor((y + d->radius + 1e-3) / d->cell) + 1, d->rows);
	for (int64_t row = from; row < to; row++)
		scan_row(d, c, row);
	return d->nruns;
}
