/* SPDX-License-Identifier: MIT */
/*
 * One line on stderr for each thing that happened: time, level, subject, then
 * key=value pairs.  Never a token, password or body.  Any thread.
 */
#ifndef SHELTERD_LOG_H
#define SHELTERD_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level);
bool log_wants(enum log_level);
/* log_line(LOG_INFO, "http", "listen=%s", url); control characters that come
 * in are printed as '?', lines are cut at 1000 bytes. */
void log_line(enum log_level, const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
