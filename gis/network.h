/* SPDX-License-Identifier: MIT */
/*
 * The walking network: lines that share vertices become nodes and edges,
 * places are snapped to the nearest edge (never the nearest node), walking
 * distances are bounded by a limit.  Immutable after gis_network_new(); any
 * number of threads may search, each with its own struct gis_walk.
 *
 * A node is a vertex of the input lines (vertices with bit-equal lon/lat are
 * one node), an edge joins two consecutive vertices; doubled edges count
 * once.
 */
#ifndef GIS_NETWORK_H
#define GIS_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gis/crs.h"
#include "gis/fail.h"
#include "gis/hours.h"
#include "gis/point.h"

struct gis_network;

/* How one walks; a wheelchair goes without steps. */
enum gis_profile { GIS_ON_FOOT = 0, GIS_WITHOUT_STEPS = 1 };

/* And when: a minute of the day, or GIS_ANY_TIME, when all is open. */
struct gis_manner {
	enum gis_profile profile;
	int minute;
};
static const struct gis_manner gis_on_foot = { GIS_ON_FOOT, GIS_ANY_TIME };
static const struct gis_manner gis_without_steps = { GIS_WITHOUT_STEPS,
	GIS_ANY_TIME };

struct gis_network_summary {
	size_t nodes, edges, components;
	double metres;
	size_t largest; /* nodes of the largest component */
};

/* `lonlat` decides which vertices are one, `plane` gives lengths; both hold
 * the same n points; line i is first[i] … first[i+1]-1. `steps[i]` marks
 * lines with steps (may be NULL). */
struct gis_network *
gis_network_new(const struct gis_point *lonlat, const struct gis_point *plane,
    const size_t *first, size_t nlines, const bool *steps, struct gis_fail *);
/* Lines with all that may be said of them, from lon/lat alone: each node is
 * brought onto the plane once.  hours[i] is 0 where line i is always open, else
 * hour_set[hours[i] - 1] says when (NULL: all are).  An edge of several lines
 * is open when one of them is. */
struct gis_network_lines {
	const struct gis_point *lonlat;
	const size_t *first;
	size_t nlines;
	const bool *steps;
	const uint16_t *hours;
	const struct gis_hours *hour_set;
	size_t nhour_sets;
};
struct gis_network *gis_network_on(
    struct gis_crs *plane, const struct gis_network_lines *, struct gis_fail *);
void gis_network_free(struct gis_network *);
struct gis_network_summary gis_network_summary(const struct gis_network *);
/* Connected part of an edge, 0 = the largest, then by size. */
uint32_t gis_network_component(const struct gis_network *, uint32_t edge);

/* A connected part by itself; an edge of it shows where it is. */
struct gis_network_part {
	size_t nodes, edges;
	double metres;
	uint32_t edge;
};
struct gis_network_part
gis_network_part(const struct gis_network *, uint32_t component);
/* The connected parts in a manner, malloc'd: of each edge a number equal to
 * that of others it is connected with, UINT32_MAX if it is not for this
 * manner. NULL: out of memory. */
uint32_t *gis_network_parts_as(const struct gis_network *, struct gis_manner);
/* Whether every line that runs over the edge has steps. */
bool gis_network_has_steps(const struct gis_network *, uint32_t edge);

/* Another network, with some edges shut to everybody; the rest it shares with
 * the whole one, which must outlive it. gis_network_component() and the
 * summary know nothing of it. NULL: out of memory. */
struct gis_network *gis_network_shut(
    const struct gis_network *whole, const uint32_t *edge, size_t n);
bool gis_network_is_shut(const struct gis_network *, uint32_t edge);
size_t gis_network_shut_edges(const struct gis_network *);
/* Where an edge begins and ends, and its length; false: no such edge. */
bool gis_network_ends(const struct gis_network *, uint32_t edge,
    struct gis_point plane[2], double *metres);
/* The edge between two places, a millimetre counting for nothing, UINT32_MAX:
 * none. */
uint32_t gis_network_edge_between(
    const struct gis_network *, const struct gis_point plane[2]);

/* A place on the network: on `edge`, `along` metres from its first node, `off`
 * metres away from it. edge == UINT32_MAX: nothing within the reach. */
struct gis_place {
	uint32_t edge;
	double along, off;
	struct gis_point plane_foot;
};
struct gis_place gis_network_snap(
    const struct gis_network *, struct gis_point plane, double reach);
/* The same among the edges one may walk in that manner. */
struct gis_place gis_network_snap_as(const struct gis_network *,
    struct gis_point plane, double reach, struct gis_manner);
/* Many at once, in the order of the map: several times faster than one after
 * the other as they come. 0, or -1 out of memory. */
int gis_network_snap_all(const struct gis_network *,
    const struct gis_point *plane, size_t n, double reach, struct gis_place *);

/* Working memory of one search at a time. */
struct gis_walk;
struct gis_walk *gis_walk_new(const struct gis_network *);
void gis_walk_free(struct gis_walk *);
/* For the searches from now on, on foot at any time before. A place on an edge
 * that is not for this manner is nowhere. */
void gis_walk_as(struct gis_walk *, struct gis_manner);

/* Walks outward from `from` up to `limit` metres in all (both `off`s
 * included). Afterwards gis_walk_to() gives the length from there to any
 * place, INFINITY beyond the limit or without a path. */
void gis_walk_from(struct gis_walk *, struct gis_place from, double limit);
double gis_walk_to(const struct gis_walk *, struct gis_place to);
/* The same as gis_walk_from() and gis_walk_to() each of `to`, but walks no
 * farther than to the last of them; metres[i] belongs to to[i]. Lengths are
 * the same to the last bit from either end of a way. */
void gis_walk_among(struct gis_walk *, struct gis_place from, double limit,
    const struct gis_place *to, size_t n, double *metres);
/* The way itself, as plane points, malloc'd; 0 if there is none. */
size_t gis_walk_path(
    const struct gis_walk *, struct gis_place to, struct gis_point **out);

#endif
