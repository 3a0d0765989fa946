/* SPDX-License-Identifier: MIT */
/*
 * What the event of a draw says, and whether it is so: seed, the lists drawn
 * from with their hash, and who was drawn.  The event holds all that is
 * needed to draw again, and the log's chain holds the event.
 */
#ifndef SHELTERD_DRAW_PROOF_H
#define SHELTERD_DRAW_PROOF_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "inspections/draw.h"

struct draw_list {
	int64_t *ids; /* ascending */
	size_t n, room;
};
bool draw_list_add(struct draw_list *, int64_t id);

struct draw {
	char seed[DRAW_SEED + 1];
	bool given; /* the seed was the caller's */
	struct draw_list shelters, inspectors;
	size_t k, m;	  /* how many are drawn of each */
	int64_t *to, *by; /* shelter i of k, inspector of m */
};
void draw_release(struct draw *);

/* Fills `to` and `by`; false: memory is out. */
bool draw_do(struct draw *);
int64_t draw_by(const struct draw *, size_t i); /* who goes to shelter i */

/* SHA-256 of the lines "shelter ID" and "inspector ID", each ended by LF. */
bool draw_list_hash(const struct draw *, char hex[65]);

/* Adds seed, seed_by, from, list_hash and drawn to the event's body. */
bool draw_add_json(const struct draw *, cJSON *);

/* NULL when the body of an event says what its seed says, else a sentence. */
const char *draw_check_json(const cJSON *body);

#endif
