/* SPDX-License-Identifier: MIT */
/*
 * A connection's bytes, cut twice in other ways: the same requests must come
 * out, the same refusal, and every text must lie in its bytes and end.  The
 * first byte says how the second reading is cut.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/http_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_texts(const struct http_message *msg)
{
	const struct http_head *h = msg->head;

	if (strlen(msg->method) != h->method.len ||
	    strlen(msg->target) != h->target.len || h->method.len == 0 ||
	    h->target.len == 0 || h->len > HTTP_HEAD_MAX)
		abort();
	for (int f = 0; f < HTTP_FIELDS; f++) {
		const char *value = http_field(msg, (enum http_field)f);

		if (value != NULL && (strlen(value) != h->fields[f].len ||
					 strpbrk(value, "\r\n") != NULL))
			abort();
	}
	if (h->chunked && h->length >= 0)
		abort();
}

static void
tell(FILE *to, struct http_input *in, const struct http_message *msg)
{
	check_texts(msg);
	fprintf(to, "%s %s %d %zu:", msg->method, msg->target, msg->head->keep,
	    msg->len);
	fwrite(msg->body, 1, msg->len, to);
	http_input_used(in);
}

/* What came out, as one text. */
static char *
play(const uint8_t *data, size_t size, size_t step, size_t *len)
{
	struct http_input *in = http_input_new(16), *copy;
	struct http_message msg;
	struct http_wrong wrong;
	enum http_read read = HTTP_MORE;
	char *text = NULL;
	FILE *to = open_memstream(&text, len);

	while (size > 0 && read != HTTP_WRONG) {
		size_t n = step < size ? step : size;

		in = http_input_room(in, n);
		memcpy(in->bytes + in->len, data, n);
		in->len += n;
		data += n;
		size -= n;
		while (http_input_unused(in) > 0 &&
		       (read = http_input_next(in, &msg, &wrong)) == HTTP_WHOLE)
			tell(to, in, &msg);
		copy = http_input_copy(in);
		free(in);
		in = copy;
	}
	if (read == HTTP_WRONG)
		fprintf(to, "wrong %d", status_http(wrong.status));
	free(in);
	fclose(to);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t a, b;
	char *whole, *cut;

	if (size < 2)
		return 0;
	whole = play(data + 1, size - 1, size, &a);
	cut = play(data + 1, size - 1, 1 + (data[0] & 31u), &b);
	if (a != b || memcmp(whole, cut, a) != 0)
		abort();
	free(whole);
	free(cut);
	return 0;
}
