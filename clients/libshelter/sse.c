/* SPDX-License-Identifier: MIT */
/*
 * The event-stream grammar of the HTML standard, section 9.2.6, without the
 * parts a client of ours never meets (retry is left to the reader).  An id
 * that is not a number counts as no id.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/libshelter/sse.h"

void
sse_init(struct sse *p, bool (*event)(void *arg, const struct shelter_event *),
    void *arg)
{
	memset(p, 0, sizeof(*p));
	p->event = event;
	p->arg = arg;
	p->last_id = p->id = -1;
}

void
sse_release(struct sse *p)
{
	free(p->line);
	free(p->data);
	p->line = p->data = NULL;
}

void
sse_reset(struct sse *p)
{
	p->line_len = p->data_len = 0;
	p->has_data = p->after_cr = p->started = false;
	p->id = -1;
	p->kind[0] = '\0';
}

static bool
grow(char **text, size_t *room, size_t need)
{
	size_t want = *room ? *room : 256;
	char *more;

	if (need > SSE_FRAME_MAX)
		return false;
	if (need <= *room)
		return true;
	while (want < need)
		want *= 2;
	if (!(more = realloc(*text, want)))
		return false;
	*text = more;
	*room = want;
	return true;
}

static bool
add_data(struct sse *p, const char *value, size_t n)
{
	if (!grow(&p->data, &p->data_room, p->data_len + n + 2))
		return false;
	if (p->has_data)
		p->data[p->data_len++] = '\n';
	if (n > 0)
		memcpy(p->data + p->data_len, value, n);
	p->data_len += n;
	p->data[p->data_len] = '\0';
	p->has_data = true;
	return true;
}

static int64_t
parse_id(const char *value, size_t n)
{
	int64_t id = 0;

	if (n == 0 || n > 18)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (value[i] < '0' || value[i] > '9')
			return -1;
		id = id * 10 + (value[i] - '0');
	}
	return id;
}

/* An empty line ends the frame; one without data is dropped. */
static bool
dispatch(struct sse *p)
{
	struct shelter_event e = { .id = p->id,
		.kind = p->kind[0] ? p->kind : "message",
		.data = p->data,
		.len = p->data_len };
	bool go_on = true;

	if (p->id >= 0)
		p->last_id = p->id;
	if (p->has_data)
		go_on = p->event(p->arg, &e);
	p->data_len = 0;
	p->has_data = false;
	p->id = -1;
	p->kind[0] = '\0';
	return go_on;
}

static bool
take_line(struct sse *p)
{
	const char *line = p->line;
	size_t n = p->line_len;
	const char *colon = n ? memchr(line, ':', n) : NULL;
	size_t name = colon ? (size_t)(colon - line) : n;
	const char *value = colon ? colon + 1 : "";
	size_t len = colon ? n - name - 1 : 0;

	p->line_len = 0;
	if (n == 0)
		return dispatch(p);
	if (len > 0 && *value == ' ') {
		value++;
		len--;
	}
	if (name == 4 && !memcmp(line, "data", 4))
		return add_data(p, value, len);
	if (name == 2 && !memcmp(line, "id", 2))
		p->id = parse_id(value, len);
	if (name == 5 && !memcmp(line, "event", 5) && len < sizeof(p->kind)) {
		memcpy(p->kind, value, len);
		p->kind[len] = '\0';
	}
	return true;
}

bool
sse_feed(struct sse *p, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];
		bool second = c == '\n' && p->after_cr;

		p->after_cr = c == '\r';
		if (second)
			continue;
		if (c == '\n' || c == '\r') {
			if (!take_line(p))
				return false;
			continue;
		}
		if (!grow(&p->line, &p->line_room, p->line_len + 2))
			return false;
		p->line[p->line_len++] = c;
		if (!p->started && p->line_len == 3) {
			p->started = true;
			if (!memcmp(p->line, "\xef\xbb\xbf", 3))
				p->line_len = 0;
		}
	}
	return true;
}
