/* SPDX-License-Identifier: MIT */
/*
 * The checklist on a terminal: one item at a time in Chinese and English, one
 * key for the answer.  p pass, f fail, n not applicable, b back, q break off.
 * It must not know where the answers go; each is kept as it is given.
 */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "clients/field/answers.h"
#include "clients/field/field.h"

enum { LINE = 512 };

/* One key without waiting for Enter; 0 at the end of input. */
static int
read_key(FILE *in)
{
	struct termios old, raw;
	int fd = fileno(in), c = 0;
	bool terminal = tcgetattr(fd, &old) == 0;

	if (terminal) {
		raw = old;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(fd, TCSANOW, &raw);
	}
	c = fgetc(in);
	if (terminal)
		tcsetattr(fd, TCSANOW, &old);
	return c == EOF ? 0 : c;
}

static bool
read_line(struct field *f, const char *prompt, char line[LINE])
{
	fprintf(f->out, "%s", prompt);
	fflush(f->out);
	if (!fgets(line, LINE, f->in))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Which entrance, of several; 0: not said. */
static bool
ask_entrance(struct field *f, const cJSON *shelter, int64_t *id)
{
	const cJSON *all =
	    cJSON_GetObjectItemCaseSensitive(shelter, "entrances");
	const cJSON *e = NULL;
	char line[LINE];
	int n = 0, choice = 0;

	*id = 0;
	if (cJSON_GetArraySize(all) == 1)
		*id = (int64_t)field_number(all->child, "id", 0);
	if (cJSON_GetArraySize(all) < 2)
		return true;
	cJSON_ArrayForEach(e, all)
	{
		fprintf(f->out, "     %d  %s\n", ++n, field_text(e, "name"));
	}
	if (!read_line(
		f, "   which entrance 哪个口部 (Enter: not said)? ", line))
		return false;
	choice = atoi(line);
	if (choice >= 1 && choice <= n)
		*id = (int64_t)field_number(
		    cJSON_GetArrayItem(all, choice - 1), "id", 0);
	return true;
}

static bool
ask_failure(struct field *f, const cJSON *item, const cJSON *shelter,
    struct answer *a, char note[LINE])
{
	if (!read_line(f, "   note 备注: ", note))
		return false;
	a->note = note;
	return strcmp(field_text(item, "effect"), "entrance") != 0 ||
	       ask_entrance(f, shelter, &a->entrance);
}

static void
show_item(struct field *f, const cJSON *item, const cJSON *task, int pos, int n,
    const cJSON *answers)
{
	const char *id = field_text(item, "id");
	const cJSON *now = cJSON_GetObjectItemCaseSensitive(answers, id);
	char due[ANSWERS_DUE];

	answers_due(task, item, due);
	fprintf(f->out, "\n%d/%d  %s\n      %s\n      [%s]%s%s  p/f/n/b/q%s%s ",
	    pos + 1, n, field_text(item, "zh"), field_text(item, "en"),
	    field_text(item, "clause"), *due ? "  due 到期: " : "", due,
	    now ? "  now 已答: " : "", field_text(now, "result"));
	fflush(f->out);
}

/* The key's answer to one item; false: broken off. */
static bool
ask_item(struct field *f, const cJSON *item, const cJSON *shelter,
    cJSON *answers, int *step)
{
	struct answer a = { .item = field_text(item, "id"), .factor = -1 };
	char note[LINE] = "";

	*step = 1;
	switch (read_key(f->in)) {
	case 'p':
		a.result = "pass";
		break;
	case 'f':
		a.result = "fail";
		fprintf(f->out, "fail 不合格\n");
		if (!ask_failure(f, item, shelter, &a, note))
			return false;
		break;
	case 'n':
		a.result = "na";
		break;
	case 'b':
		*step = -1;
		return true;
	case 'q':
	case 0:
		return false;
	default:
		*step = 0;
		return true;
	}
	return answers_put(answers, &a);
}

bool
field_walk(struct field *f, const cJSON *task, const cJSON *items,
    const cJSON *shelter, cJSON *answers)
{
	int64_t id = (int64_t)field_number(task, "id", 0);
	int n = cJSON_GetArraySize(items), pos = 0, step = 0;
	char line[LINE];

	/* Goes on behind what was answered before an interruption. */
	while (pos < n && cJSON_HasObjectItem(answers,
			      field_text(cJSON_GetArrayItem(items, pos), "id")))
		pos++;
	while (pos < n) {
		const cJSON *item = cJSON_GetArrayItem(items, pos);

		show_item(f, item, task, pos, n, answers);
		if (!ask_item(f, item, shelter, answers, &step))
			return false;
		if (step == 1 && !queue_set_draft(f->queue, id, answers))
			return false;
		pos += step;
		if (pos < 0)
			pos = 0;
	}
	return n == 0 ||
	       (read_line(f, "\nqueue this inspection 提交 (y/n)? ", line) &&
		   line[0] == 'y');
}
