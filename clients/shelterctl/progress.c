/* SPDX-License-Identifier: MIT */
/* One line on stderr that is drawn over and over while a job runs, and only
   when somebody looks at it. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "clients/shelterctl/ask.h"

enum { BAR = 30, DRAW_EVERY_MS = 80 };

static struct {
	bool drawn;
	int64_t last_ms;
} bar;

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
ask_progress(void *arg, const char *phase, int64_t done, int64_t total)
{
	static const char full[] = "##############################";
	static int seen = -1; /* by somebody */
	int64_t now;

	(void)arg;
	if (seen < 0)
		seen = isatty(STDERR_FILENO);
	if (!seen)
		return;
	now = now_ms();
	if (bar.drawn && now - bar.last_ms < DRAW_EVERY_MS)
		return;
	bar.last_ms = now;
	bar.drawn = true;
	if (total > 0 && done <= total)
		fprintf(stderr, "\r\033[K%-18.18s [%-*.*s] %3d%%  %lld/%lld",
		    phase, BAR, (int)(done * BAR / total), full,
		    (int)(done * 100 / total), (long long)done,
		    (long long)total);
	else if (done > 0)
		fprintf(
		    stderr, "\r\033[K%-18.18s %lld", phase, (long long)done);
	else
		fprintf(stderr, "\r\033[K%-18.18s …", phase);
	fflush(stderr);
}

void
ask_progress_end(void)
{
	if (bar.drawn)
		fputs("\r\033[K", stderr);
	bar.drawn = false;
}
