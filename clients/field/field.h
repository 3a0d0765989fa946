/* SPDX-License-Identifier: MIT */
/*
 * shelter-field, the inspector's terminal client: its subcommands as rows of
 * a table, and what each one is given.  A subcommand prints for people, or one
 * JSON value with --json, and returns the exit code: 0 done, 1 refused or
 * failed, 2 usage.
 */
#ifndef FIELD_FIELD_H
#define FIELD_FIELD_H

#include <stdbool.h>
#include <stdio.h>
#include "clients/field/queue.h"
#include "clients/libshelter/shelter.h"

enum { FIELD_DONE = 0, FIELD_FAILED = 1, FIELD_USAGE = 2 };

struct field {
	struct queue *queue;
	bool json;
	FILE *in, *out, *err;
	int argc; /* what follows the subcommand, options included */
	char **argv;
};

struct field_command {
	const char *name, *operands, *help;
	int (*run)(struct field *);
};

extern const struct field_command field_commands[]; /* ends with NULL */

int field_sync(struct field *);
int field_tasks(struct field *);
int field_accept(struct field *);
int field_decline(struct field *);
int field_inspect(struct field *);
int field_submit(struct field *);
int field_status(struct field *);
int field_retry(struct field *);
int field_forget(struct field *);
int field_watch(struct field *);

/* The whole program but main(): options, the store, the subcommand. */
int field_main(int argc, char **argv);

/* Messages on err, {"error":…} on out with --json; return the exit code. */
int field_failed(struct field *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int field_usage(struct field *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Prints one JSON value on a line and deletes it. */
void field_print(struct field *, cJSON *take);
/* The only operand as an id; 0 when there is none such. */
int64_t field_operand(const struct field *);
/* Members of what the server said; "" and `dflt` when absent. */
const char *field_text(const cJSON *, const char *name);
double field_number(const cJSON *, const char *name, double dflt);
/* Adds {"unsent":n} and prints it, or says it in words. */
int field_queued(struct field *, const struct queue_op *, cJSON *take);

/*
 * Asks for every item of the checklist on a terminal, saying which are due of
 * a task of the schedule, keeping each answer at
 * once so that an interruption loses nothing; false: she broke off.
 */
bool field_walk(struct field *, const cJSON *task, const cJSON *items,
    const cJSON *shelter, cJSON *answers);

#endif
