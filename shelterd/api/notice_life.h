/* SPDX-License-Identifier: MIT */
/*
 * A notice's moves, for its routes, for inspections and for the clock: asking
 * the table, the draft that collects a shelter's new defects, and the watch
 * over deadlines.
 */
#ifndef SHELTERD_NOTICE_LIFE_H
#define SHELTERD_NOTICE_LIFE_H

#include "shelterd/net/request.h"
#include "shelterd/store/notice.h"

struct daemon;

/* Whom a notice concerns before it is closed. */
enum { NOTICE_AROUND = ROLE_OFFICE | ROLE_INSPECTOR | ROLE_UNIT };

/* The notice of the path if the caller may see it; 404. */
enum status notice_load(struct request *, struct notice_row *);
bool notice_visible(const struct request *, const struct notice_row *);

/* A notice without its defects and steps. */
cJSON *notice_head(const struct request *, const struct notice_row *);
/* The same with its newest step, so that the log holds what was said; NULL
 * when the store fails. */
cJSON *notice_told(const struct request *, const struct notice_row *);

/* GET …/verify */
enum status notice_verify(struct request *);

/* Asks the table and writes the step: 403 or 409 when it says no.  *n is then
 * in the next state and not yet stored. */
enum status notice_move(struct request *, struct notice_row *,
    enum notice_event, const char *text, const char *evidence);

/* The id of the shelter's draft notice, made if there is none, with one more
 * step by the caller that says `text`.  On the writer. */
enum status notice_collect(
    struct request *, int64_t shelter_id, const char *text, int64_t *id);

/* Looks for notices past their deadline now and once a minute from then on,
 * and appends notice.late once per notice and deadline.  Call once, on the
 * loop, when the daemon serves. */
void notice_watch(struct daemon *);

#endif
