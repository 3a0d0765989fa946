/* SPDX-License-Identifier: MIT */
/*
 * The audit: walks the chain of events and compares it with the signed heads
 * beside the store.  Both, because a tail cut off leaves a sound chain.
 */
#include "shelterd/daemon.h"
#include "shelterd/log.h"
#include "shelterd/net/request.h"
#include "shelterd/site.h"
#include "shelterd/store/event.h"
#include "shelterd/store/head.h"

static enum status
get_audit(struct request *req)
{
	int64_t count = 0, head = 0, bad = 0, signed_id = 0, cut = 0;
	char hash[EVENT_HASH * 2 + 1], why[200] = "";
	cJSON *o;
	int rc;

	if (event_verify(req->db, &count, &head, &bad, hash) < 0)
		return site_store_failed(req);
	rc = heads_check(daemon_store_path(req->daemon), req->db, &signed_id,
	    &cut, why, sizeof(why));
	if (bad == 0 && cut != 0)
		bad = cut > head ? head + 1 : cut;
	if (rc != 0)
		log_line(LOG_ERROR, "audit", "error=\"%s\"", why);
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "events", (double)count);
	cJSON_AddNumberToObject(o, "head", (double)head);
	cJSON_AddStringToObject(o, "head_hash", hash);
	site_add_id(o, "head_signed", signed_id);
	cJSON_AddBoolToObject(o, "ok", bad == 0 && rc == 0);
	site_add_id(o, "first_bad", bad);
	return reply_json(req, ST_OK, o);
}

const struct route routes_audit[] = {
	{ .method = "GET",
	    .path = "/v1/audit",
	    .roles = ROLE_ADMIN,
	    .on = ON_READER,
	    .handle = get_audit,
	    .summary = "Verify the chain of events and its signed heads" },
	{ .path = NULL },
};
