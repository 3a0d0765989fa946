/* SPDX-License-Identifier: MIT */
/*
 * What most verbs do: ask the daemon one thing and show the answer or the
 * refusal.  Paths are printf formats whose %s are escaped operands.
 */
#ifndef SHELTERCTL_ASK_H
#define SHELTERCTL_ASK_H

#include <stdint.h>
#include "clients/libshelter/shelter.h"
#include "clients/shelterctl/command.h"
#include "clients/shelterctl/out.h"

/* The refusal of a reply, on stderr, as problem details with --json. */
enum outcome ask_refused(struct call *, const struct shelter_reply *);

/* The same for something wrong on this side. */
enum outcome ask_failed(struct call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum outcome ask_usage(struct call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* format with one escaped operand; the caller frees it, NULL: no memory. */
char *ask_path(const char *format, const char *operand)
    __attribute__((format_arg(1)));

/* All take ownership of path and body; a NULL path is memory run out. */
enum outcome ask_list(struct call *, char *path, const struct column *);
enum outcome ask_get(struct call *, char *path, const struct column *);
/* the "items" of an answer that has no pages */
enum outcome ask_items(struct call *, char *path, const struct column *);
enum outcome ask_send(struct call *, const char *method, char *path,
    cJSON *body, const struct column *);

/* As ask_get and ask_send without showing: the answer, jobs followed to
   their end with a bar on stderr.  False: the refusal has been shown. */
bool ask(struct call *, const char *method, char *path, cJSON *body,
    const char *if_match, struct shelter_reply *);

/* Numbers of options; false: shown as wrong usage. */
bool ask_number(struct call *, const char *option, double least, double most,
    double *value, bool *given);

/* "LON,LAT" */
bool ask_position(const char *text, double *lon, double *lat);

/* A bar on stderr when it is a terminal, see shelter_progress. */
void ask_progress(void *, const char *phase, int64_t done, int64_t total);
void ask_progress_end(void);

#endif
