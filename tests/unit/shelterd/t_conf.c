/* SPDX-License-Identifier: MIT */
/* Settings: what is refused with which line, and that what is printed is read
 * back as the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/conf.h"
#include "shelterd/log.h"

static char *
print(const struct conf *conf)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	conf_print(conf, f);
	fclose(f);
	return text;
}

static void
lines(void **state)
{
	static const struct {
		const char *text, *err; /* NULL: good */
	} rows[] = {
		{ "", NULL },
		{ "# only a comment", NULL },
		{ "\n\n listen\t=  [::1]:0  \r\n", NULL },
		{ "max-body = 2M\nlog-level = debug\n", NULL },
		{ "web-root =\n", NULL },
		{ "nonsense", "f:1: no '='" },
		{ "\nlisen = x:1", "f:2: no setting is called \"lisen\"" },
		{ "listen = 127.0.0.1", "f:1: listen is not HOST:PORT" },
		{ "listen = ::1:80", "f:1: listen is not HOST:PORT" },
		{ "listen = h:65536", "f:1: listen is not HOST:PORT" },
		{ "store =", "f:1: store may not be empty" },
		{ "max-body = 1", "f:1: max-body is out of range" },
		{ "max-body = 1T", "f:1: max-body is not a number" },
		{ "max-body = 9223372036854775807G",
		    "f:1: max-body is out of range" },
		{ "max-streams = -1", "f:1: max-streams is not a number" },
		{ "token-days = 1K", "f:1: token-days is not a number" },
		{ "log-level = loud", "f:1: log-level is none of" },
		{ "store = a\nstore = b", "f:2: store is set twice" },
		{ "x = 1\ny = 2", "f:2: no setting is called \"y\"" },
	};
	char err[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf *conf = conf_new();
		const char *text = rows[i].text;
		int result =
		    conf_text(conf, "f", text, strlen(text), err, sizeof(err));

		assert_int_equal(result, rows[i].err == NULL ? 0 : -1);
		if (rows[i].err != NULL && strstr(err, rows[i].err) == NULL)
			fail_msg("%s: %s", text, err);
		conf_free(conf);
	}
}

static void
printed_reads_back(void **state)
{
	static const char *const sets[] = { "listen=[::1]:9", "store=/a b/c=d",
		"max-body=3M", "log-level=error", "web-root=", "token-days=9" };
	struct conf *conf = conf_new(), *again = conf_new();
	char err[256], *one, *two;

	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		assert_int_equal(conf_set(conf, sets[i], err, sizeof(err)), 0);
	assert_int_equal(conf->max_body, 3 << 20);
	assert_int_equal(conf->log_level, LOG_ERROR);
	one = print(conf);
	assert_int_equal(
	    conf_text(again, "f", one, strlen(one), err, sizeof(err)), 0);
	two = print(again);
	assert_string_equal(one, two);
	assert_string_equal(again->store, "/a b/c=d");
	free(one);
	free(two);
	conf_free(conf);
	conf_free(again);
}

static void
example_is_the_default(void **state)
{
	struct conf *conf = conf_new(), *dflt = conf_new();
	char err[1024], *one, *two;

	(void)state;
	assert_int_equal(
	    conf_file(conf, "etc/shelterd.conf", err, sizeof(err)), 0);
	one = print(conf);
	two = print(dflt);
	assert_string_equal(one, two);
	free(one);
	free(two);
	conf_free(conf);
	conf_free(dflt);
}

static int restarts;

static void
count_restart(const char *name)
{
	restarts++;
	assert_string_equal(name, "store");
}

static void
reload(void **state)
{
	struct conf *conf = conf_new(), *next = conf_new();
	char err[256];

	(void)state;
	conf_set(next, "store=elsewhere", err, sizeof(err));
	conf_set(next, "max-streams=3", err, sizeof(err));
	conf_reload(conf, next, count_restart);
	assert_int_equal(restarts, 1);
	assert_int_equal(conf->max_streams, 3);
	assert_string_equal(conf->store, "shelterd.db");
	conf_free(conf);
	conf_free(next);
}

static void
listen_split(void **state)
{
	char host[64];
	int port;

	(void)state;
	assert_int_equal(conf_listen("[::1]:80", host, sizeof(host), &port), 0);
	assert_string_equal(host, "::1");
	assert_int_equal(port, 80);
	assert_int_equal(conf_listen("a:0", host, 1, &port), -1);
	assert_int_equal(conf_listen(":80", host, sizeof(host), &port), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(printed_reads_back),
		cmocka_unit_test(example_is_the_default),
		cmocka_unit_test(reload),
		cmocka_unit_test(listen_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
