/* SPDX-License-Identifier: MIT */
/* The status table of status.h, read. */
#include "shelterd/net/status.h"

static const struct {
	int http;
	const char *word, *title;
} table[] = {
#define X(name, http, word, title) { http, word, title },
	STATUS_TABLE(X)
#undef X
};

/* A number outside the table is our own bug and answers as one. */
static enum status
known(enum status st)
{
	return (unsigned)st < ST_COUNT ? st : ST_INTERNAL;
}

int
status_http(enum status st)
{
	return table[known(st)].http;
}

const char *
status_word(enum status st)
{
	return table[known(st)].word;
}

const char *
status_title(enum status st)
{
	return table[known(st)].title;
}
