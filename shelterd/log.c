/* SPDX-License-Identifier: MIT */
/*
 * The log: one write(2) per line, so that lines of several threads never mix.
 * Knows nothing of what is logged.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "shelterd/log.h"
#include "shelterd/net/when.h"

enum { LINE = 1000 };

static const char *const words[] = { "error", "warn", "info", "debug" };
static atomic_int wanted = LOG_INFO;

void
log_set_level(enum log_level level)
{
	atomic_store(&wanted, (int)level);
}

bool
log_wants(enum log_level level)
{
	return (int)level <= atomic_load(&wanted);
}

static size_t
bounded(int printed, size_t room)
{
	if (printed < 0)
		return 0;
	return (size_t)printed < room ? (size_t)printed : room - 1;
}

void
log_line(enum log_level level, const char *subject, const char *fmt, ...)
{
	char line[LINE + 2], at[WHEN_SIZE];
	size_t n = 0;
	ssize_t ignored;
	va_list ap;

	if (!log_wants(level))
		return;
	n = bounded(
	    snprintf(line, LINE, "%s %s %s ",
		when_print((int64_t)time(NULL), at), words[level], subject),
	    LINE);
	va_start(ap, fmt);
	n += bounded(vsnprintf(line + n, LINE - n, fmt, ap), LINE - n);
	va_end(ap);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	ignored = write(STDERR_FILENO, line, n);
	(void)ignored;
}
