/* SPDX-License-Identifier: MIT */
/* Hilbert's curve and a sort by counting digits. */
#include "gis/graph_order.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT = 8, DIGITS = 1 << DIGIT, SIDE = 1 << 16 };

int
gis_order_keys(uint64_t *key, size_t n)
{
	uint64_t *room = malloc((n + 1) * sizeof(*room));
	uint64_t *from = key, *to = room, *swap;

	if (room == NULL)
		return -1;
	for (int shift = 32; shift < 64; shift += DIGIT) {
		size_t at[DIGITS + 1] = { 0 };

		for (size_t i = 0; i < n; i++)
			at[(from[i] >> shift) % DIGITS + 1]++;
		for (int d = 1; d < DIGITS; d++)
			at[d] += at[d - 1];
		for (size_t i = 0; i < n; i++)
			to[at[(from[i] >> shift) % DIGITS]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	free(room); /* after an even number of passes the keys are home */
	return 0;
}

/* Position of a cell along the curve: a quadrant a step, turned so that the
 * curve goes in and out at the corners that meet. */
static uint32_t
hilbert(uint32_t x, uint32_t y)
{
	uint32_t d = 0, rx, ry, t;

	for (uint32_t s = SIDE / 2; s > 0; s /= 2) {
		rx = (x & s) > 0;
		ry = (y & s) > 0;
		d += s * s * (3 * rx ^ ry);
		if (ry == 0) {
			if (rx == 1) {
				x = SIDE - 1 - x;
				y = SIDE - 1 - y;
			}
			t = x;
			x = y;
			y = t;
		}
	}
	return d;
}

static uint32_t
cell(double v, double least, double width)
{
	double c = width > 0 ? (v - least) / width * SIDE : 0;

	return c >= SIDE - 1 ? SIDE - 1 : c > 0 ? (uint32_t)c : 0;
}

uint32_t *
gis_order_points(const struct gis_point *p, size_t n)
{
	struct gis_box box = gis_box_empty();
	uint64_t *key = malloc((n + 1) * sizeof(*key));
	uint32_t *order = malloc((n + 1) * sizeof(*order));
	uint32_t h;

	for (size_t i = 0; i < n; i++)
		box = gis_box_with(box, p[i]);
	for (size_t i = 0; key != NULL && i < n; i++) {
		h = hilbert(cell(p[i].x, box.w, box.e - box.w),
		    cell(p[i].y, box.s, box.n - box.s));
		key[i] = (uint64_t)h << 32 | i;
	}
	if (key == NULL || order == NULL || gis_order_keys(key, n) == -1) {
		free(order);
		order = NULL;
	}
	for (size_t i = 0; order != NULL && i < n; i++)
		order[i] = (uint32_t)key[i];
	free(key);
	return order;
}
