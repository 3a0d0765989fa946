/* SPDX-License-Identifier: MIT */
/*
 * The problem and its answer as bytes, so that what is handed out later is
 * exactly what was solved.  Little numbers, seven bits a byte, low first:
 *
 *	1, homes, shelters, arcs,
 *	per home: id, people, arcs of it;  per shelter: id, places;
 *	per arc: shelter's position, metres, entrance id, people
 */
#ifndef SHELTERD_PLAN_PACK_H
#define SHELTERD_PLAN_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/plan/plan_arcs.h"

/* malloc'd; NULL when out of memory. */
unsigned char *
plan_pack(const struct plan_arcs *, const int64_t *flow, size_t *len);
/* {"homes":…,"shelters":…,"arcs":…,"answer":… without the closing brace, as
 * malloc'd text; NULL when out of memory or the bytes are not a problem. */
char *plan_unpack_json(const unsigned char *, size_t);

#endif
