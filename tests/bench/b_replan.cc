/* SPDX-License-Identifier: MIT */
/*
 * Seconds to solve a plan again after a shelter closed and after it opened,
 * exactly, and the same question solved from nothing as the peer.  The fullest
 * shelters are closed one after the other, each opened again before the next;
 * every re-solved plan must have the sums of a plan solved from nothing, and
 * the last one is judged whole.
 */
#include <cstdio>
#include <string>
#include "tests/bench/bench.h"
#include "tests/peers/city.h"

namespace {

enum { CLOSURES = 5 };

/* Shelters by the people in them, the fullest first. */
std::vector<size_t>
fullest(const City &city, const assign_state *s)
{
	std::vector<int64_t> load(city.places.size());
	std::vector<size_t> order(load.size());
	struct assign_copy c;

	if (assign_copy(s, &c) == 0)
		for (size_t a = 0; a < c.problem.arcs; a++)
			load[c.shelter[a]] += c.answer.flow[a];
	assign_copy_release(&c);
	for (size_t i = 0; i < order.size(); i++)
		order[i] = i;
	std::stable_sort(order.begin(), order.end(),
	    [&load](size_t a, size_t b) { return load[a] > load[b]; });
	return order;
}

double
change(assign_state *s, size_t shelter, int64_t places)
{
	double t = now();

	if (assign_set_places(s, shelter, places) != 0 ||
	    assign_resolve(s, nullptr, nullptr) != 0)
		return -1;
	return now() - t;
}

/* Seconds of a cold solve whose sums agree; < 0 when they do not. */
double
cold_agrees(const City &city, size_t shelter, const assign_state *s)
{
	City changed = city;
	assign_problem p;
	assign_answer a;
	struct assign_totals sum;
	double t;

	changed.places[shelter] = 0;
	p = changed.problem();
	t = now();
	if (assign_solve(&p, &a, nullptr, nullptr) != 0)
		return -1;
	t = now() - t;
	if (assign_totals(s, &sum) != 0 || sum.sheltered != a.sheltered ||
	    sum.person_metres != a.person_metres)
		t = -1;
	assign_release(&a);
	return t;
}

int
bench(size_t homes, size_t shelters, size_t k)
{
	City city = make_city(homes, shelters, k, 42);
	assign_problem p = city.problem();
	assign_state *s;
	struct assign_totals before, after;
	std::vector<double> closed, opened;
	double cold = 0;

	if (assign_open(&p, &s, nullptr, nullptr) != 0 ||
	    assign_totals(s, &before) != 0)
		return fail("not solved");
	std::vector<size_t> order = fullest(city, s);
	for (size_t i = 0; i < CLOSURES; i++) {
		size_t shelter = order[i];

		closed.push_back(change(s, shelter, 0));
		if (i == 0 && (cold = cold_agrees(city, shelter, s)) < 0)
			return fail("a plan solved from nothing differs");
		opened.push_back(change(s, shelter, city.places[shelter]));
		if (closed.back() < 0 || opened.back() < 0 ||
		    assign_totals(s, &after) != 0)
			return fail("not solved again");
		if (after.sheltered != before.sheltered ||
		    after.person_metres != before.person_metres)
			return fail("opened again, it is another plan");
	}
	std::string size = size_of(homes, shelters, k);
	figure(
	    "replan close fullest", size, closed[0], "s", "solved anew", cold);
	figure("replan close", size, median(closed), "s", "solved anew", cold);
	figure("replan open", size, median(opened), "s", "solved anew", cold);
	assign_close(s);
	return 0;
}

} // namespace

int
main()
{
	return bench(2000, 100, 64) || bench(20000, 1000, 64) ||
	       bench(200000, 5000, 64);
}
