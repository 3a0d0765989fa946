/* SPDX-License-Identifier: MIT */
/* Help, the man page's list of commands and the shell completion, all made
   from the rows so that none of them can fall behind. */
#include <string.h>
#include "clients/shelterctl/command.h"

static const char *
dashes(const struct option *o)
{
	return o->name[1] ? "--" : "-";
}

static void
synopsis(FILE *f, const struct command *c)
{
	fprintf(f, "shelterctl %s", c->noun);
	if (c->verb)
		fprintf(f, " %s", c->verb);
	if (c->operands[0])
		fprintf(f, " %s", c->operands);
	for (const struct option *o = c->options; o && o->name; o++) {
		fprintf(f, " [%s%s", dashes(o), o->name);
		if (o->arg)
			fprintf(f, " %s", o->arg);
		fprintf(f, "]%s", o->many ? "..." : "");
	}
	fputc('\n', f);
}

static void
options(FILE *f, const struct option *o)
{
	for (; o && o->name; o++) {
		int n = fprintf(
		    f, "  %s%s %s", dashes(o), o->name, o->arg ? o->arg : "");
		fprintf(f, "%*s%s\n", n < 28 ? 28 - n : 1, "", o->help);
	}
}

void
help_command(FILE *f, const struct command *c)
{
	synopsis(f, c);
	fprintf(f, "  %s\n  %s\n", c->help, c->zh);
	options(f, c->options);
	options(f, command_global);
}

void
help_all(FILE *f)
{
	fputs("shelterctl NOUN VERB [operands] [options]\n"
	      "人防工程、疏散方案与演练的命令行客户端\n\n",
	    f);
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++) {
			int n = fprintf(
			    f, "  %s %s", c->noun, c->verb ? c->verb : "");
			fprintf(f, "%*s%s\n", n < 24 ? 24 - n : 1, "", c->help);
		}
	fputs("\nshelterctl help NOUN tells more. The daemon is found by "
	      "SHELTER_URL, the user by SHELTER_TOKEN.\n",
	    f);
}

bool
help_noun(FILE *f, const char *noun)
{
	bool found = false;

	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++) {
			if (strcmp(c->noun, noun))
				continue;
			if (found)
				fputc('\n', f);
			synopsis(f, c);
			fprintf(f, "  %s\n  %s\n", c->help, c->zh);
			options(f, c->options);
			found = true;
		}
	return found;
}

/* One line a row: noun verb|options, read by etc/completion/shelterctl. */
void
help_bash(FILE *f)
{
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++) {
			fprintf(f, "%s %s|", c->noun, c->verb ? c->verb : "-");
			for (const struct option *o = c->options; o && o->name;
			     o++)
				fprintf(f, "%s%s ", dashes(o), o->name);
			for (const struct option *o = command_global; o->name;
			     o++)
				fprintf(f, "%s%s%s", dashes(o), o->name,
				    o[1].name ? " " : "\n");
		}
}

/* Text for troff: a backslash and a line's first dot are special. */
static void
troff(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '-')
			fputc('\\', f);
		fputc(*text == '\\' ? 'e' : *text, f);
	}
}

void
help_man(FILE *f)
{
	for (size_t i = 0; command_nouns[i]; i++)
		for (const struct command *c = command_nouns[i]; c->noun; c++) {
			fprintf(f, ".TP\n.B %s%s%s", c->noun,
			    c->verb ? " " : "", c->verb ? c->verb : "");
			fprintf(f, "%s", c->operands[0] ? " " : "");
			troff(f, c->operands);
			fputc('\n', f);
			troff(f, c->help);
			fprintf(f, ".\n%s。\n", c->zh);
			for (const struct option *o = c->options; o && o->name;
			     o++) {
				fputs(".br\n.B ", f);
				troff(f, dashes(o));
				troff(f, o->name);
				if (o->arg) {
					fputc(' ', f);
					troff(f, o->arg);
				}
				fputs("\n\\(em ", f);
				troff(f, o->help);
				fputc('\n', f);
			}
		}
}
