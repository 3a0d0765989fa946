/* SPDX-License-Identifier: MIT */
/* What the cmd_<noun>.c files offer: their rows, and a few things they share. */
#ifndef SHELTERCTL_CMD_H
#define SHELTERCTL_CMD_H

#include <cjson/cJSON.h>
#include "clients/libshelter/shelter.h"
#include "clients/shelterctl/command.h"

extern const struct command commands_import[], commands_export[],
    commands_shelter[], commands_coverage[], commands_plan[],
    commands_inspection[], commands_task[], commands_notice[], commands_drill[],
    commands_event[], commands_user[], commands_token[], commands_login[],
    commands_operation[], commands_whatif[], commands_siting[],
    commands_street[], commands_schedule[];

/* The version for If-Match: the ETag, else the member "version". */
void cmd_version(const struct shelter_reply *, char *version, size_t size);

/* Adds a text that was given; NULL is left out. */
void cmd_add_text(cJSON *body, const char *name, const char *text);

/* Adds text as a number when it is a whole one, else as text: an id. */
void cmd_add_id(cJSON *body, const char *name, const char *text);

/* Adds --radius or --minutes; false: shown as wrong usage.  Without either
 * `by` metres decide, 0: the daemon. */
bool cmd_add_limit(struct call *, cJSON *body, double by);

/* Adds a day as its first or last second, UTC, or a whole time as it is. */
void cmd_add_day(cJSON *body, const char *name, const char *text, bool last);
/* The same as text, NULL stays NULL. */
const char *cmd_day(const char *text, bool last, char room[64]);

/* Adds the time of this machine, RFC 3339 UTC. */
void cmd_add_now(cJSON *body, const char *name);

/* An object with one member, or an empty one when text is NULL. */
cJSON *cmd_body(const char *name, const char *text);

#endif
