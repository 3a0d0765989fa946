/* SPDX-License-Identifier: MIT */
/*
 * Counts per door, each operation id once.  Two open-addressing tables, one
 * of ids and one of doors; a full one doubles.  Must not know why somebody
 * counts or what the plan expected.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/arrivals.h"

struct arrivals {
	char **ops; /* slots, NULL: free */
	size_t nops, op_slots;
	struct arrival_door *doors;
	size_t ndoors, door_room;
	size_t *slots; /* of doors, position + 1; 0: free */
	size_t door_slots;
	int64_t total;
};

struct arrivals *
arrivals_new(void)
{
	return calloc(1, sizeof(struct arrivals));
}

void
arrivals_free(struct arrivals *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->op_slots; i++)
		free(a->ops[i]);
	free(a->ops);
	free(a->doors);
	free(a->slots);
	free(a);
}

/* FNV-1a, 64 bits. */
static uint64_t
hash_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xcbf29ce484222325u;

	while (n-- > 0)
		h = (h ^ *p++) * 0x100000001b3u;
	return h ^ h >> 29;
}

/* The slot that holds this op or the free one where it belongs. */
static char **
op_slot(char **ops, size_t slots, const char *op)
{
	size_t i = hash_bytes(op, strlen(op)) & (slots - 1);

	while (ops[i] != NULL && strcmp(ops[i], op) != 0)
		i = (i + 1) & (slots - 1);
	return &ops[i];
}

static int
grow_ops(struct arrivals *a)
{
	size_t want = a->op_slots == 0 ? 64 : a->op_slots * 2;
	char **ops;

	if ((a->nops + 1) * 2 <= a->op_slots)
		return 0;
	ops = calloc(want, sizeof(*ops));
	if (ops == NULL)
		return -1;
	for (size_t i = 0; i < a->op_slots; i++)
		if (a->ops[i] != NULL)
			*op_slot(ops, want, a->ops[i]) = a->ops[i];
	free(a->ops);
	a->ops = ops;
	a->op_slots = want;
	return 0;
}

static size_t *
door_slot(const struct arrivals *a, size_t *slots, size_t n, int64_t shelter,
    int64_t entrance)
{
	int64_t key[2] = { shelter, entrance };
	size_t i = hash_bytes(key, sizeof(key)) & (n - 1);

	for (; slots[i] != 0; i = (i + 1) & (n - 1)) {
		const struct arrival_door *d = &a->doors[slots[i] - 1];

		if (d->shelter == shelter && d->entrance == entrance)
			break;
	}
	return &slots[i];
}

static int
rehash_doors(struct arrivals *a, size_t want)
{
	size_t *slots = calloc(want, sizeof(*slots));

	if (slots == NULL)
		return -1;
	for (size_t i = 0; i < a->ndoors; i++)
		*door_slot(a, slots, want, a->doors[i].shelter,
		    a->doors[i].entrance) = i + 1;
	free(a->slots);
	a->slots = slots;
	a->door_slots = want;
	return 0;
}

static int
grow_doors(struct arrivals *a)
{
	size_t room = a->door_room == 0 ? 32 : a->door_room * 2;
	struct arrival_door *doors;

	if (a->ndoors < a->door_room)
		return 0;
	doors = realloc(a->doors, room * sizeof(*doors));
	if (doors == NULL)
		return -1;
	a->doors = doors;
	if (rehash_doors(a, room * 2) != 0)
		return -1;
	a->door_room = room;
	return 0;
}

/* The door of this count, made if it is new; there is room for one more. */
static struct arrival_door *
door_of(struct arrivals *a, const struct arrival *in)
{
	size_t *slot =
	    door_slot(a, a->slots, a->door_slots, in->shelter, in->entrance);

	if (*slot == 0) {
		a->doors[a->ndoors++] = (struct arrival_door){
			.shelter = in->shelter,
			.entrance = in->entrance,
			.first_s = in->second,
			.last_s = in->second,
		};
		*slot = a->ndoors;
	}
	return &a->doors[*slot - 1];
}

static int
is_sane(const struct arrival *in)
{
	return in->op != NULL && in->op[0] != '\0' &&
	       strlen(in->op) <= ARRIVALS_OP_MAX && in->people > 0 &&
	       in->people <= ARRIVALS_PEOPLE_MAX;
}

enum arrival_result
arrivals_add(struct arrivals *a, const struct arrival *in)
{
	struct arrival_door *d;
	char **slot;

	if (!is_sane(in))
		return ARRIVAL_BAD;
	if (grow_ops(a) != 0 || grow_doors(a) != 0)
		return ARRIVAL_NO_MEMORY;
	slot = op_slot(a->ops, a->op_slots, in->op);
	if (*slot != NULL)
		return ARRIVAL_REPEATED;
	*slot = strdup(in->op);
	if (*slot == NULL)
		return ARRIVAL_NO_MEMORY;
	a->nops++;
	d = door_of(a, in);
	d->people += in->people;
	d->first_s = in->second < d->first_s ? in->second : d->first_s;
	d->last_s = in->second > d->last_s ? in->second : d->last_s;
	a->total += in->people;
	return ARRIVAL_COUNTED;
}

int64_t
arrivals_total(const struct arrivals *a)
{
	return a->total;
}

const struct arrival_door *
arrivals_doors(const struct arrivals *a, size_t *n)
{
	*n = a->ndoors;
	return a->doors;
}

const struct arrival_door *
arrivals_door(const struct arrivals *a, int64_t shelter, int64_t entrance)
{
	const size_t *slot;

	if (a->door_slots == 0)
		return NULL;
	slot = door_slot(a, a->slots, a->door_slots, shelter, entrance);
	return *slot == 0 ? NULL : &a->doors[*slot - 1];
}
