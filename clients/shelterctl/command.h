/* SPDX-License-Identifier: MIT */
/*
 * The rows of shelterctl: what can be said on its command line, and one call
 * of a row with its operands and options sorted out.  Help, man page and shell
 * completion are made from the same rows.  It must not know what a row does.
 */
#ifndef SHELTERCTL_COMMAND_H
#define SHELTERCTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct shelter;
struct out;
struct call;

enum outcome { DONE = 0, REFUSED = 1, USAGE = 2 }; /* exit codes */

struct option {
	const char *name; /* "radius" is --radius, "k" is -k */
	const char *arg;  /* what its value is called; NULL: a flag */
	const char *help;
	bool many; /* may be given again */
};

enum { OPERANDS_ANY = 1000000 };

struct command {
	const char *noun;
	const char *verb;	      /* NULL: the noun alone */
	const char *operands;	      /* as in a synopsis, "" if none */
	int least, most;	      /* operands */
	const struct option *options; /* ends with name NULL; may be NULL */
	const char *help;	      /* one line, English */
	const char *zh;		      /* the same in Chinese */
	enum outcome (*run)(struct call *);
};

/* Rows of one noun end with noun NULL; the list of nouns ends with NULL. */
extern const struct command *const command_nouns[];
extern const struct option command_global[];

struct value {
	const struct option *option;
	const char *text; /* NULL: a flag */
};

struct call {
	const struct command *command;
	struct shelter *daemon;
	struct out *out;
	char **operand;
	int n;
	struct value *value;
	int values;
};

/* NULL: there is no such row. */
const struct command *command_find(const char *noun, const char *verb);
bool command_has_noun(const char *noun);

/*
 * Sorts the arguments after noun and verb into *call; false: why holds one
 * sentence.  Release it in either case.  An option of command_global is
 * accepted everywhere.
 */
bool call_parse(struct call *, const struct command *, char **argv, int argc,
    char *why, size_t size);
void call_release(struct call *);

/* The last value of an option, NULL: not given.  For a flag "" when given. */
const char *call_option(const struct call *, const char *name);
bool call_flag(const struct call *, const char *name);

/* The i-th value of an option that may be given again, NULL: no more. */
const char *call_nth(const struct call *, const char *name, int i);

/* What is printed by `shelterctl help [NOUN]`, --bash and --man. */
void help_all(FILE *);
bool help_noun(FILE *, const char *noun);
void help_command(FILE *, const struct command *);
void help_bash(FILE *);
void help_man(FILE *);

#endif
