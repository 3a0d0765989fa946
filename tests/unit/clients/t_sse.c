/* SPDX-License-Identifier: MIT */
/* The event-stream reader: a table of streams, each cut at every byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "clients/libshelter/sse.h"

struct seen {
	char text[512];
	size_t n;
	int stop_after; /* 0: never */
};

static bool
note(void *arg, const struct shelter_event *e)
{
	struct seen *s = arg;

	assert_int_equal(strlen(e->data), e->len);
	s->n += (size_t)snprintf(s->text + s->n, sizeof(s->text) - s->n,
	    "%lld %s %s;", (long long)e->id, e->kind, e->data);
	return s->stop_after == 0 || --s->stop_after > 0;
}

static const struct {
	const char *stream, *want;
} cases[] = {
	{ "", "" },
	{ "data: x\n\n", "-1 message x;" },
	{ "data:x\n\n", "-1 message x;" },
	{ "data:  x\n\n", "-1 message  x;" },
	{ "id: 5\nevent: plan.made\ndata: {}\n\n", "5 plan.made {};" },
	{ "id: 5\r\ndata: a\r\ndata: b\r\n\r\n", "5 message a\nb;" },
	{ "id: 5\rdata: a\r\r", "5 message a;" },
	{ ": ping\n\ndata: x\n\n", "-1 message x;" },
	{ "id: 1\ndata: a\n\nid: 2\ndata: b\n\n", "1 message a;2 message b;" },
	{ "event: job\ndata: 1\n\ndata: 2\n\n", "-1 job 1;-1 message 2;" },
	{ "id: x\ndata: a\n\n", "-1 message a;" },
	{ "id: 99999999999999999999\ndata: a\n\n", "-1 message a;" },
	{ "data\n\n", "-1 message ;" },
	{ "id: 7\n\n", "" },
	{ "data: half", "" },
	{ "retry: 10\nnonsense\ndata: a\n\n", "-1 message a;" },
	{ "\xef\xbb\xbf"
	  "data: a\n\n",
	    "-1 message a;" },
};

static void
test_every_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].stream);
		for (size_t cut = 0; cut <= len; cut++) {
			struct seen s = { .n = 0 };
			struct sse p;
			sse_init(&p, note, &s);
			assert_true(sse_feed(&p, cases[i].stream, cut));
			assert_true(
			    sse_feed(&p, cases[i].stream + cut, len - cut));
			assert_string_equal(s.text, cases[i].want);
			sse_release(&p);
		}
	}
}

static void
test_last_id_and_reset(void **state)
{
	struct seen s = { .n = 0 };
	struct sse p;

	(void)state;
	sse_init(&p, note, &s);
	assert_int_equal(p.last_id, -1);
	assert_true(sse_feed(&p, "id: 3\ndata: a\n\nid: 4\ndata: b\n", 27));
	assert_int_equal(p.last_id, 3);
	sse_reset(&p); /* the half frame 4 will come again */
	assert_true(sse_feed(&p, "\n", 1));
	assert_int_equal(p.last_id, 3);
	assert_string_equal(s.text, "3 message a;");
	sse_release(&p);
}

static void
test_stop(void **state)
{
	struct seen s = { .stop_after = 1 };
	struct sse p;

	(void)state;
	sse_init(&p, note, &s);
	assert_false(sse_feed(&p, "data: a\n\ndata: b\n\n", 18));
	assert_string_equal(s.text, "-1 message a;");
	sse_release(&p);
}

static void
test_too_large(void **state)
{
	static char block[1 << 16];
	struct seen s = { .n = 0 };
	struct sse p;
	bool ok = true;

	(void)state;
	memset(block, 'x', sizeof(block));
	sse_init(&p, note, &s);
	for (int i = 0; i < 400 && ok; i++)
		ok = sse_feed(&p, block, sizeof(block));
	assert_false(ok);
	sse_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_last_id_and_reset),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
