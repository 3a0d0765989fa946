/* SPDX-License-Identifier: MIT */
/* Places of the web map's square, and the keys of tiles. */
#include "gis/world.h"

#include <math.h>

static const double pi = 3.14159265358979323846;
static const double side = 4294967296.0;

/* 0 … 1 into the numbers of the square. */
static uint32_t
whole(double part)
{
	double v = floor(part * side);

	if (!(v > 0)) /* NaN, too */
		return 0;
	return v >= side ? UINT32_MAX : (uint32_t)v;
}

struct gis_world
gis_world_from_lonlat(struct gis_point p)
{
	double s = sin(p.y * pi / 180);

	return (struct gis_world){ whole((p.x + 180) / 360),
		whole(0.5 - atanh(s) / (2 * pi)) };
}

struct gis_point
gis_world_to_lonlat(struct gis_world w)
{
	double x = (w.x + 0.5) / side, y = (w.y + 0.5) / side;

	return (struct gis_point){ x * 360 - 180,
		atan(sinh(pi * (1 - 2 * y))) * 180 / pi };
}

/* Bit i of v to bit 2 i. */
static uint64_t
spread(uint32_t v)
{
	uint64_t k = v;

	k = (k | k << 16) & 0x0000ffff0000ffff;
	k = (k | k << 8) & 0x00ff00ff00ff00ff;
	k = (k | k << 4) & 0x0f0f0f0f0f0f0f0f;
	k = (k | k << 2) & 0x3333333333333333;
	return (k | k << 1) & 0x5555555555555555;
}

static uint32_t
gather(uint64_t k)
{
	k &= 0x5555555555555555;
	k = (k | k >> 1) & 0x3333333333333333;
	k = (k | k >> 2) & 0x0f0f0f0f0f0f0f0f;
	k = (k | k >> 4) & 0x00ff00ff00ff00ff;
	k = (k | k >> 8) & 0x0000ffff0000ffff;
	return (uint32_t)(k | k >> 16);
}

uint64_t
gis_world_key(struct gis_world w)
{
	return spread(w.x) | spread(w.y) << 1;
}

struct gis_world
gis_world_of_key(uint64_t key)
{
	return (struct gis_world){ gather(key), gather(key >> 1) };
}

bool
gis_tile_is(struct gis_tile_at t)
{
	return t.z <= GIS_DEEPEST_TILE && t.x >> t.z == 0 && t.y >> t.z == 0;
}

void
gis_tile_keys(struct gis_tile_at t, uint64_t *first, uint64_t *last)
{
	uint64_t span =
	    t.z == 0 ? UINT64_MAX : ((uint64_t)1 << 2 * (32 - t.z)) - 1;
	uint32_t shift = GIS_WORLD_BITS - t.z;

	*first = t.z == 0 ? 0
			  : gis_world_key((struct gis_world){
				t.x << shift, t.y << shift });
	*last = *first + span;
}
