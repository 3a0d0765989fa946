/* SPDX-License-Identifier: MIT */
/*
 * Reading the rules again; see rules_change.h.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/log.h"
#include "shelterd/rules_change.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/meta.h"
#include "shelterd/writer.h"

static const char meta_key[] = "rules";

static cJSON *
change_json(const char *key, const char *from, const char *to)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "key", key);
	site_add_text(o, "from", from);
	site_add_text(o, "to", to);
	return o;
}

/* Numbers that are others, came or went; how many. */
static int
add_numbers(cJSON *array, const struct rules *old, const struct rules *new)
{
	const struct rule_value *v = NULL;

	for (size_t i = 0; i < new->nvalues; i++) {
		v = rules_value(old, new->values[i].key);
		if (!v || strcmp(v->value, new->values[i].value) != 0)
			cJSON_AddItemToArray(array,
			    change_json(new->values[i].key, v ? v->value : "",
				new->values[i].value));
	}
	for (size_t i = 0; i < old->nvalues; i++)
		if (!rules_value(new, old->values[i].key))
			cJSON_AddItemToArray(
			    array, change_json(old->values[i].key,
				       old->values[i].value, ""));
	return cJSON_GetArraySize(array);
}

static void
add_files(cJSON *array, const struct rules *old, const struct rules *new)
{
	for (size_t i = 0; i < RULES_FILES; i++)
		if (strcmp(old->file[i].hash, new->file[i].hash) != 0)
			cJSON_AddItemToArray(
			    array, cJSON_CreateString(new->file[i].name));
}

/* All that rests on numbers is computed anew; homes only if they are looked
 * for on the streets in another way. */
static void
touch(struct request *req, const struct rules *old, const struct rules *new)
{
	req_touch(req, SNAP_SHELTERS);
	if (old->snap_reach != new->snap_reach)
		req_touch(req, SNAP_HOMES);
}

static enum status
tell(struct request *req, const struct rules *new, const char *before,
    cJSON *take)
{
	const struct event_scope scope = { .roles = ROLE_ANYONE };

	cJSON_AddStringToObject(take, "hash", new->hash);
	site_add_text(take, "before", before);
	if (meta_put(req->db, meta_key, new->hash) < 0) {
		cJSON_Delete(take);
		return site_store_failed(req);
	}
	return req_event(req, "rules.changed", "rules", 0, scope, take, NULL);
}

static enum status
apply(struct request *req, void *arg)
{
	const struct rules *new = arg, *old = req_next_rules(req);
	cJSON *o = NULL;
	int numbers = 0;

	if (strcmp(old->hash, new->hash) == 0) {
		req_no_event(req);
		return ST_OK;
	}
	o = cJSON_CreateObject();
	numbers = add_numbers(cJSON_AddArrayToObject(o, "changed"), old, new);
	add_files(cJSON_AddArrayToObject(o, "files"), old, new);
	if (numbers > 0)
		touch(req, old, new);
	req_set_rules(req, new);
	log_line(LOG_INFO, "reload", "rules=changed numbers=%d hash=%.16s",
	    numbers, new->hash);
	return tell(req, new, old->hash, o);
}

/* Do these rules hold already, as far as the loop can know? */
static bool
in_force(struct daemon *d, const struct rules *rules)
{
	struct snapshot *snap = daemon_snapshot(d);
	bool same = strcmp(snapshot_rules(snap)->hash, rules->hash) == 0 &&
		    strcmp(daemon_newest_rules(d)->hash, rules->hash) == 0;

	snapshot_unref(snap);
	return same;
}

void
rules_reload(struct daemon *d)
{
	const char *dir = daemon_conf(d)->rules_dir;
	char err[512];
	struct rules *rules = rules_load(dir, err, sizeof(err));

	if (!rules) {
		log_line(LOG_ERROR, "reload", "rules=kept why=\"%s\"", err);
	} else if (in_force(d, rules)) {
		log_line(LOG_INFO, "reload", "rules=unchanged");
		rules_free(rules);
	} else {
		daemon_keep_rules(d, rules);
		daemon_submit_write(d, apply, rules, NULL);
	}
}

/* Between two runs of the daemon: which numbers, nobody knows any more. */
static enum status
adopt(struct request *req, void *arg)
{
	const struct rules *rules = req_next_rules(req);
	char before[65] = "";
	cJSON *o = NULL;
	int result = meta_get(req->db, meta_key, before, sizeof(before));

	(void)arg;
	if (result < 0)
		return site_store_failed(req);
	if (result == DB_ROW && strcmp(before, rules->hash) != 0) {
		o = cJSON_CreateObject();
		cJSON_AddNullToObject(o, "changed");
		cJSON_AddNullToObject(o, "files");
		req_touch(req, SNAP_SHELTERS);
		return tell(req, rules, before, o);
	}
	req_no_event(req);
	if (result != DB_ROW && meta_put(req->db, meta_key, rules->hash) < 0)
		return site_store_failed(req);
	return ST_OK;
}

void
rules_adopt(struct daemon *d)
{
	daemon_submit_write(d, adopt, NULL, NULL);
}
