/* SPDX-License-Identifier: MIT */
/* shelterctl: finds the row of the command line, connects, runs it. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "clients/libshelter/shelter.h"
#include "clients/shelterctl/command.h"
#include "clients/shelterctl/out.h"

static int
help(int argc, char **argv)
{
	if (argc < 1) {
		help_all(stdout);
		return DONE;
	}
	if (!strcmp(argv[0], "--bash"))
		help_bash(stdout);
	else if (!strcmp(argv[0], "--man"))
		help_man(stdout);
	else if (!help_noun(stdout, argv[0])) {
		fprintf(stderr, "shelterctl: there is no noun '%s'\n", argv[0]);
		return USAGE;
	}
	return DONE;
}

/* The row, and how many words named it. */
static const struct command *
find(int argc, char **argv, int *words)
{
	const struct command *c = NULL;

	*words = 2;
	if (argc > 1)
		c = command_find(argv[0], argv[1]);
	if (!c) {
		*words = 1;
		c = command_find(argv[0], NULL);
	}
	return c;
}

static int
unknown(int argc, char **argv)
{
	if (!command_has_noun(argv[0]))
		fprintf(stderr,
		    "shelterctl: there is no noun '%s'; see shelterctl help\n",
		    argv[0]);
	else {
		fprintf(stderr, "shelterctl: %s %s\n", argv[0],
		    argc > 1 && argv[1][0] != '-' ? "cannot do that:"
						  : "needs a verb:");
		help_noun(stderr, argv[0]);
	}
	return USAGE;
}

static int
run(struct call *call)
{
	struct out out;

	if (call_flag(call, "json"))
		out_json(&out, stdout);
	else
		out_text(&out, stdout);
	call->out = &out;
	call->daemon = shelter_new(call_option(call, "url"), NULL);
	if (!call->daemon) {
		fputs("shelterctl: out of memory\n", stderr);
		return REFUSED;
	}
	int code = call->command->run(call);
	shelter_free(call->daemon);
	if (fflush(stdout) != 0 && code == DONE) {
		if (errno != EPIPE) /* a reader that has seen enough */
			perror("shelterctl");
		code = REFUSED;
	}
	return code;
}

int
main(int argc, char **argv)
{
	struct call call;
	char why[256];
	int words, code = USAGE;

	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		help_all(stderr);
		return USAGE;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help"))
		return help(argc - 2, argv + 2);
	const struct command *c = find(argc - 1, argv + 1, &words);
	if (!c)
		return unknown(argc - 1, argv + 1);
	if (!call_parse(&call, c, argv + 1 + words, argc - 1 - words, why,
		sizeof(why))) {
		fprintf(stderr, "shelterctl: %s\n", why);
		help_command(stderr, c);
	} else if (call_flag(&call, "help")) {
		help_command(stdout, c);
		code = DONE;
	} else
		code = run(&call);
	call_release(&call);
	return code;
}
