/* SPDX-License-Identifier: MIT */
/*
 * The list every noun is answered in, {"items":[…],"next":…}, and the two
 * query parameters that turn its pages.  It knows nothing of what the items
 * are, only that their ids grow.
 */
#ifndef SHELTERD_PAGE_H
#define SHELTERD_PAGE_H

#include "shelterd/net/request.h"

/* Rows of a query's fields; macros, as C lets no array hold another. */
#define PAGE_LIMIT_FIELD                                                    \
	{                                                                   \
		.name = "limit", .type = F_INTEGER, .min = 1, .max = 10000, \
		.help = "at most so many, or 1000"                          \
	}
#define PAGE_AFTER_FIELD                                                   \
	{                                                                  \
		.name = "after", .type = F_INTEGER, .min = 0, .max = 9e15, \
		.help = "only what is after this id"                       \
	}

struct page {
	struct request *req;
	cJSON *items;
	int64_t limit, after, last;
	bool more, failed;
};
/* With the query's limit and after. */
void page_begin(struct page *, struct request *);
/* Takes `item` (NULL: memory is out); false when the page is full, and the
 * item is then dropped. */
bool page_add(struct page *, int64_t id, cJSON *item);
/* `result` is that of the store's loop. */
enum status page_reply(struct page *, int result);

#endif
