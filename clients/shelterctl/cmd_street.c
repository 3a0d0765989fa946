/* SPDX-License-Identifier: MIT */
/* shelterctl street …: pieces of street closed to everybody. */
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column closure_columns[] = {
	{ "id", "id", true },
	{ "ends", "from, to", false },
	{ "reason", "reason", false },
	{ "closed_by", "closed by", false },
	{ "closed_at", "closed at", false },
	{ "in_network", "in network", false },
	{ 0 },
};
static const struct column closed_columns[] = {
	{ "id", "id", false },
	{ "ends", "from, to", false },
	{ "metres", "metres", false },
	{ "off", "metres away", false },
	{ "reason", "reason", false },
	{ 0 },
};

static enum outcome
list(struct call *c)
{
	return ask_list(c, strdup("/v1/closures"), closure_columns);
}

static enum outcome
close_street(struct call *c)
{
	cJSON *body;
	double at[2];

	if (!ask_position(c->operand[0], &at[0], &at[1]))
		return ask_usage(c, "'%s' is not LON,LAT", c->operand[0]);
	body = cJSON_CreateObject();
	cJSON_AddItemToObject(body, "at", cJSON_CreateDoubleArray(at, 2));
	cmd_add_text(body, "reason", call_option(c, "reason"));
	return ask_send(
	    c, "POST", strdup("/v1/closures"), body, closed_columns);
}

static enum outcome
open_street(struct call *c)
{
	struct shelter_reply r;

	if (!ask(c, "DELETE", ask_path("/v1/closures/%s", c->operand[0]), NULL,
		NULL, &r))
		return REFUSED;
	shelter_reply_release(&r);
	return list(c);
}

static const struct option close_options[] = {
	{ "reason", "TEXT", "why, for those who read the list", false },
	{ 0 },
};

const struct command commands_street[] = {
	{ "street", "list", "", 0, 0, NULL, "streets that are closed",
	    "列出封闭的道路", list },
	{ "street", "close", "LON,LAT", 1, 1, close_options,
	    "close the piece of street nearest to a place",
	    "封闭离某处最近的一段道路", close_street },
	{ "street", "open", "ID", 1, 1, NULL,
	    "open a closed piece of street again", "重新开放一段道路",
	    open_street },
	{ 0 },
};
