/* SPDX-License-Identifier: MIT */
/*
 * A problem solved once: its numbers are checked, the stages of
 * assign_stages.h run, tree and prices become the answer.
 *
 * Everybody may stay outside at left_price, which is dearer than any chain of
 * moves between shelters, so the cheapest flow first shelters as many as
 * possible.  Prices p of shelters and u of homes with
 *
 *	u[h] <= metres[h,s] + p[s],  u[h] <= left_price,  p[s] >= 0
 *
 * make  sum people*u - sum places*p - left_price * left over  a lower bound of
 * the person-metres, and at the end it is reached.
 */
#include <stdlib.h>
#include "drills/assign.h"
#include "drills/assign_answer.h"
#include "drills/assign_stages.h"

const char *
assign_strerror(int error)
{
	switch (error) {
	case ASSIGN_OK:
		return "solved";
	case ASSIGN_NO_MEMORY:
		return "out of memory";
	case ASSIGN_BAD_PROBLEM:
		return "a number of the problem is out of its bounds";
	case ASSIGN_OVERFLOW:
		return "the total of person-metres does not fit 63 bits";
	case ASSIGN_CANCELLED:
		return "cancelled";
	default:
		return "unknown error";
	}
}

int
assign_solve(const struct assign_problem *p, struct assign_answer *out,
    assign_progress *progress, void *arg)
{
	return assign_solve_near(p, NULL, out, progress, arg);
}

/* The stages on a layout, and what they found. */
static int
solve_layout(struct assign_layout *l, struct assign_task *task,
    const struct assign_problem *p, struct assign_answer *out)
{
	struct assign_simplex x = { 0 };
	struct assign_tree t = { 0 };
	uint32_t *order = malloc((l->homes + 1) * sizeof(*order));
	int r = ASSIGN_NO_MEMORY;

	task->layout = l;
	task->left_price = assign_layout_left(l, l->dearest);
	if (order != NULL)
		r = assign_stages(task, &x, &t, order);
	assign_simplex_release(&x);
	if (r == 0)
		r = assign_answer_read(
		    &(struct assign_reading){ &t, l, order, l->homes }, p,
		    assign_layout_reuse(l), out);
	assign_tree_release(&t);
	free(order);
	return r;
}

int
assign_solve_near(const struct assign_problem *p, const int64_t *guess,
    struct assign_answer *out, assign_progress *progress, void *arg)
{
	struct assign_layout layout;
	struct assign_task task = {
		.guess = guess, .progress = progress, .arg = arg
	};
	int r = assign_layout_init(&layout, p);

	*out = (struct assign_answer){ 0 };
	if (r == 0)
		r = solve_layout(&layout, &task, p, out);
	assign_layout_release(&layout);
	return r;
}

void
assign_release(struct assign_answer *a)
{
	free(a->flow);
	free(a->home_price);
	free(a->shelter_price);
	*a = (struct assign_answer){ 0 };
}
