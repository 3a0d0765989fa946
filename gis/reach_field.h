/* SPDX-License-Identifier: MIT */
/*
 * Inside of a field: one label a node, decimetres above and the stop's number
 * below, so that the smaller number is the nearer stop, then the smaller one.
 */
#ifndef GIS_REACH_FIELD_H
#define GIS_REACH_FIELD_H

#include "gis/reach_graph.h"

struct gis_field {
	const struct gis_reach *reach;
	uint64_t *label;
	struct gis_stop *stop;
	bool *closed; /* of stops */
	size_t stops;
	struct gis_hooks hooks;
};

static const uint64_t gis_label_far = (uint64_t)GIS_REACH_FAR << 32;

static inline uint64_t
gis_label(uint32_t dm, uint32_t stop)
{
	return (uint64_t)dm << 32 | stop;
}

static inline uint64_t
gis_label_over(uint64_t label, uint32_t dm)
{
	return label + ((uint64_t)dm << 32);
}

#endif
