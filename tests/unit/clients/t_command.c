/* SPDX-License-Identifier: MIT */
/* The command line, and that man page and help know every row of the table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/command.h"
#include "clients/shelterctl/file.h"

static bool
parse(struct call *c, const char *noun, const char *verb, const char *line,
    char *why)
{
	static char words[256];
	static char *argv[20];
	const struct command *cmd = command_find(noun, verb);
	int n = 0;

	assert_non_null(cmd);
	snprintf(words, sizeof(words), "%s", line);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		argv[n++] = w;
	return call_parse(c, cmd, argv, n, why, 200);
}

static void
test_sorted(void **state)
{
	struct call c;
	char why[200];

	(void)state;
	assert_true(parse(&c, "import", "shelters",
	    "a.csv --field x=lon b.csv --dry-run --field=y=lat --json", why));
	assert_int_equal(c.n, 2);
	assert_string_equal(c.operand[1], "b.csv");
	assert_string_equal(call_nth(&c, "field", 0), "x=lon");
	assert_string_equal(call_nth(&c, "field", 1), "y=lat");
	assert_null(call_nth(&c, "field", 2));
	assert_true(call_flag(&c, "dry-run"));
	assert_true(call_flag(&c, "json"));
	assert_null(call_option(&c, "crs"));
	call_release(&c);
}

static void
test_places_are_no_options(void **state)
{
	struct call c;
	char why[200];

	(void)state;
	assert_true(parse(&c, "shelter", "near", "-0.12,51.5 -k 3", why));
	assert_string_equal(c.operand[0], "-0.12,51.5");
	assert_string_equal(call_option(&c, "k"), "3");
	call_release(&c);
	assert_true(parse(&c, "shelter", "show", "-- -x", why));
	assert_string_equal(c.operand[0], "-x");
	call_release(&c);
}

static void
test_wrong(void **state)
{
	static const struct {
		const char *noun, *verb, *line, *why;
	} cases[] = {
		{ "shelter", "near", "", "LON,LAT is missing" },
		{ "shelter", "near", "1,2 3", "'3' is too much" },
		{ "shelter", "near", "1,2 --foo", "no option --foo" },
		{ "shelter", "near", "1,2 -k", "-k needs a value" },
		{ "plan", "make", "--radius 1 --radius 2", "given twice" },
		{ "plan", "make", "--whole-homes=yes", "takes no value" },
		{ "plan", "make", "x", "'x' is too much" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct call c;
		char why[200] = "";
		assert_false(parse(
		    &c, cases[i].noun, cases[i].verb, cases[i].line, why));
		assert_non_null(strstr(why, cases[i].why));
		call_release(&c);
	}
}

static void
test_find(void **state)
{
	(void)state;
	assert_non_null(command_find("coverage", NULL));
	assert_null(command_find("coverage", "x"));
	assert_null(command_find("plan", NULL));
	assert_true(command_has_noun("backup"));
	assert_false(command_has_noun("nonsense"));
}

/* No option may hide a global one, and each row says what it is for. */
static void
test_rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++) {
			assert_non_null(c->run);
			assert_true(strlen(c->help) > 5);
			assert_true((unsigned char)c->zh[0] >= 0x80);
			assert_true(c->least <= c->most);
			assert_ptr_equal(command_find(c->noun, c->verb), c);
			for (const struct option *o = c->options; o && o->name;
			     o++)
				for (const struct option *g = command_global;
				     g->name; g++)
					assert_string_not_equal(
					    o->name, g->name);
		}
}

/* The middle of the man page is exactly what the table makes. */
static void
test_man_page(void **state)
{
	char *made = NULL, why[200];
	size_t len, n;
	FILE *f = open_memstream(&made, &len);

	(void)state;
	help_man(f);
	fclose(f);
	char *page = file_read("etc/man/shelterctl.1", &n, why, sizeof(why));
	assert_non_null(page);
	if (!strstr(page, made))
		fail_msg("etc/man/shelterctl.1 is behind: put the output of "
			 "`shelterctl help --man` between its marks");
	free(page);
	free(made);
}

static void
test_completion_rows(void **state)
{
	char *made = NULL;
	size_t len;
	FILE *f = open_memstream(&made, &len);

	(void)state;
	help_bash(f);
	fclose(f);
	assert_non_null(strstr(made, "\nplan make|--radius --minutes "));
	assert_non_null(strstr(made, "\ncoverage -|--radius "));
	free(made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_places_are_no_options),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_man_page),
		cmocka_unit_test(test_completion_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
