/* SPDX-License-Identifier: MIT */
/* A chain of blocks; clearing starts again at the first. */
#include "shelterd/store/rowtext.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024 };

struct rowtext_block {
	struct rowtext_block *next;
	size_t used, size;
	char bytes[];
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

const char *
rowtext_add(struct rowtext *t, const char *text)
{
	size_t need = strlen(text) + 1;
	if (need == 1)
		return "";
	struct rowtext_block *b = block_for(t, need);
	if (!b) {
		t->failed = true;
		return "";
	}
	char *copy = b->bytes + b->used;
	memcpy(copy, text, need);
	b->used += need;
	return copy;
}

void
rowtext_clear(struct rowtext *t)
{
	t->now = t->first;
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
