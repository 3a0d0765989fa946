/* SPDX-License-Identifier: MIT */
/* Pages of lists; see page.h. */
#include "shelterd/net/page.h"
#include "shelterd/site.h"

void
page_begin(struct page *p, struct request *req)
{
	*p = (struct page){
		.req = req,
		.items = cJSON_CreateArray(),
		.limit = req_query_int(req, "limit", 1000),
		.after = req_query_int(req, "after", 0),
	};
	p->failed = p->items == NULL;
}

bool
page_add(struct page *p, int64_t id, cJSON *item)
{
	if (p->failed || !item || p->limit == 0) {
		p->more = p->limit == 0;
		p->failed |= !item;
		cJSON_Delete(item);
		return false;
	}
	cJSON_AddItemToArray(p->items, item);
	p->last = id;
	p->limit--;
	return true;
}

enum status
page_reply(struct page *p, int result)
{
	cJSON *o = cJSON_CreateObject();

	if (result < 0 || p->failed || !o) {
		cJSON_Delete(p->items);
		cJSON_Delete(o);
		return site_store_failed(p->req);
	}
	cJSON_AddItemToObject(o, "items", p->items);
	site_add_id(o, "next", p->more ? p->last : 0);
	return reply_json(p->req, ST_OK, o);
}
