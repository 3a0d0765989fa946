/* SPDX-License-Identifier: MIT */
/*
 * The web page's files, read into memory when the daemon starts: there is no
 * path from a request to the file system.  Loop thread only.
 */
#ifndef SHELTERD_STATIC_H
#define SHELTERD_STATIC_H

#include <stddef.h>
#include "shelterd/net/request.h"

struct statics;

/* Never fails: without files there is the built-in page. */
struct statics *static_load(const char *root);
void static_free(struct statics *);
size_t static_count(const struct statics *);
/* Answers for a path no route has; keeps the problem made if there is no such
 * file either. */
enum status static_answer(const struct statics *, struct request *,
    const char *method, const char *target, const char *if_none_match);

#endif
