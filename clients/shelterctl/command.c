/* SPDX-License-Identifier: MIT */
/* Finds a row and sorts the arguments of a call by it. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/command.h"

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

const struct command *
command_find(const char *noun, const char *verb)
{
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++)
			if (!strcmp(c->noun, noun) && same(c->verb, verb))
				return c;
	return NULL;
}

bool
command_has_noun(const char *noun)
{
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++)
			if (!strcmp(c->noun, noun))
				return true;
	return false;
}

/* The option written as `word` (up to its length or an equals sign). */
static const struct option *
option_in(const struct option *o, const char *word, size_t len)
{
	for (; o && o->name; o++)
		if (strlen(o->name) == len && !memcmp(o->name, word, len))
			return o;
	return NULL;
}

static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' &&
	       !(word[1] >= '0' && word[1] <= '9') && word[1] != '.';
}

/* Takes the option at argv[*i], and its value, which may be the next word. */
static bool
take_option(
    struct call *c, char **argv, int argc, int *i, char *why, size_t size)
{
	const char *word = argv[*i] + (argv[*i][1] == '-' ? 2 : 1);
	size_t len = strcspn(word, "=");
	const struct option *o = option_in(c->command->options, word, len);
	const char *text = word[len] == '=' ? word + len + 1 : NULL;

	if (!o)
		o = option_in(command_global, word, len);
	if (!o) {
		snprintf(why, size, "there is no option %s here", argv[*i]);
		return false;
	}
	if (!o->arg && text) {
		snprintf(why, size, "--%s takes no value", o->name);
		return false;
	}
	if (o->arg && !text) {
		if (*i + 1 >= argc) {
			snprintf(why, size, "--%s needs a value: %s", o->name,
			    o->arg);
			return false;
		}
		text = argv[++*i];
	}
	if (!o->many && call_option(c, o->name)) {
		snprintf(why, size, "--%s is given twice", o->name);
		return false;
	}
	c->value[c->values++] = (struct value){ o, text };
	return true;
}

static bool
right_number(const struct call *c, char *why, size_t size)
{
	const struct command *cmd = c->command;

	if (c->n < cmd->least)
		snprintf(why, size, "%s is missing",
		    cmd->operands[0] ? cmd->operands : "an operand");
	else if (c->n > cmd->most)
		snprintf(why, size, "'%s' is too much", c->operand[cmd->most]);
	else
		return true;
	return false;
}

bool
call_parse(struct call *c, const struct command *cmd, char **argv, int argc,
    char *why, size_t size)
{
	bool options = true;

	memset(c, 0, sizeof(*c));
	c->command = cmd;
	c->operand = calloc((size_t)argc + 1, sizeof(*c->operand));
	c->value = calloc((size_t)argc + 1, sizeof(*c->value));
	if (!c->operand || !c->value) {
		snprintf(why, size, "out of memory");
		return false;
	}
	for (int i = 0; i < argc; i++) {
		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (!options || !is_option(argv[i]))
			c->operand[c->n++] = argv[i];
		else if (!take_option(c, argv, argc, &i, why, size))
			return false;
	}
	return call_flag(c, "help") || right_number(c, why, size);
}

void
call_release(struct call *c)
{
	free(c->operand);
	free(c->value);
	c->operand = NULL;
	c->value = NULL;
}

const char *
call_nth(const struct call *c, const char *name, int nth)
{
	for (int i = 0; i < c->values; i++)
		if (!strcmp(c->value[i].option->name, name) && nth-- == 0)
			return c->value[i].text ? c->value[i].text : "";
	return NULL;
}

const char *
call_option(const struct call *c, const char *name)
{
	return call_nth(c, name, 0);
}

bool
call_flag(const struct call *c, const char *name)
{
	return call_nth(c, name, 0) != NULL;
}
