/* SPDX-License-Identifier: MIT */
/* A chain of blocks; clearing starts again at the first. */
#include "shelterd/store/rowtext.h"
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024 };

struct rowtext_block {
	struct rowtext_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static struct rowtext_block *
block_for(struct rowtext *t, size_t need)
{
	struct rowtext_block *b = t->now;
	while (b && b->size - b->used < need && b->next) {
		b = b->next;
		b->used = 0;
	}
	if (b && b->size - b->used >= need)
		return t->now = b;
	size_t size = need > BLOCK ? need : BLOCK;
	struct rowtext_block *fresh = malloc(sizeof(*fresh) + size);
	if (!fresh)
		return NULL;
	*fresh = (struct rowtext_block){ .size = size };
	if (b)
		b->next = fresh;
	else
		t->first = fresh;
	return t->now = fresh;
}

void *
rowtext_room(struct rowtext *t, size_t need)
{
	enum { ALIGN = _Alignof(max_align_t) };
	size_t whole =
	    need > SIZE_MAX / 2 ? SIZE_MAX : (need + ALIGN - 1) / ALIGN * ALIGN;
	struct rowtext_block *b =
	    whole == SIZE_MAX ? NULL : block_for(t, whole);
	if (!b) {
		t->failed = true;
		return NULL;
	}
	void *room = b->bytes + b->used;
	b->used += whole;
	t->bytes += whole;
	return room;
}

const char *
rowtext_add(struct rowtext *t, const char *text)
{
	size_t need = strlen(text) + 1;
	if (need == 1)
		return "";
	char *copy = rowtext_room(t, need);
	return copy ? memcpy(copy, text, need) : "";
}

void
rowtext_clear(struct rowtext *t)
{
	t->now = t->first;
	t->bytes = 0;
	if (t->now)
		t->now->used = 0;
}

bool
rowtext_failed(const struct rowtext *t)
{
	return t->failed;
}

void
rowtext_release(struct rowtext *t)
{
	for (struct rowtext_block *b = t->first, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	*t = (struct rowtext){ 0 };
}
