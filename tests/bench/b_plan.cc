/* SPDX-License-Identifier: MIT */
/*
 * Seconds and peak memory of an exact plan beside LEMON's NetworkSimplex and
 * CostScaling on the same arcs; all answers must agree to the metre, and ours
 * is judged by its prices.  Every solver works in a child of its own, so that
 * its memory can be told; the peers' graphs are built outside their time (not
 * outside their memory), as our arcs are.
 */
#include <cmath>
#include <cstdio>
#include "tests/bench/bench.h"
#include "tests/peers/city.h"
#include "tests/peers/lemon_assign.h"

namespace {

enum Peer { NONE = 0, SIMPLEX = 1, SCALING = 2 };

struct Size {
	const char *name;
	size_t homes, shelters, k;
	int64_t ratio; /* places for 100 people */
	int runs, peers;
	unsigned cities; /* means of so many */
};

/* Where a peer takes a minute only the faster one is asked, once.  Small cities
 * differ, so there are nine of them. */
const Size sizes[] = {
	{ "plan", 2000, 100, 64, 115, 5, SIMPLEX | SCALING, 9 },
	{ "plan", 20000, 1000, 64, 115, 5, SIMPLEX | SCALING, 1 },
	{ "plan", 200000, 5000, 64, 115, 5, SCALING, 1 },
	{ "plan", 2000, 100, 16, 115, 5, SIMPLEX | SCALING, 9 },
	{ "plan", 20000, 1000, 16, 115, 5, SIMPLEX | SCALING, 1 },
	{ "plan", 200000, 5000, 16, 115, 5, SIMPLEX, 1 },
	{ "plan saturated", 2000, 100, 64, 90, 5, SIMPLEX | SCALING, 9 },
	{ "plan saturated", 20000, 1000, 64, 90, 5, SIMPLEX | SCALING, 1 },
	{ "plan saturated", 200000, 5000, 64, 90, 3, NONE, 1 },
};

void
ours(const assign_problem &p, bool judge, Outcome &out)
{
	assign_answer a;
	char why[160];
	double t = now();

	if (assign_solve(&p, &a, nullptr, nullptr) == 0)
		out.seconds = now() - t;
	out.sheltered = a.sheltered;
	out.person_metres = a.person_metres;
	if (judge && assign_check(&p, &a, why, sizeof(why)) != 0)
		out.seconds = -fail(why);
	assign_release(&a);
}

template <class Solver>
void
theirs(const assign_problem &p, Outcome &out)
{
	Solver peer(p);
	double t = now();

	if (peer.solve())
		out.seconds = now() - t;
	out.sheltered = peer.sheltered;
	out.person_metres = peer.person_metres;
}

/* The median of the runs, in seconds. */
Outcome
our_runs(const assign_problem &p, int runs)
{
	std::vector<double> seconds;
	Outcome last;

	for (int i = 0; i < runs; i++) {
		last = in_child([&p, i](Outcome &o) { ours(p, i == 0, o); });
		if (last.seconds < 0)
			return last;
		seconds.push_back(last.seconds);
	}
	last.seconds = median(seconds);
	return last;
}

/* Over the cities. */
struct Mean {
	double seconds = 0, megabytes = 0;

	void
	add(const Outcome &o, unsigned cities)
	{
		seconds += o.seconds / cities;
		megabytes += o.megabytes / cities;
	}
};

struct Means {
	Mean mine, simplex, scaling;
};

/* One peer's median, added; false when it has another answer. */
template <class Solver>
bool
beside(const Size &s, const assign_problem &p, const Outcome &mine, Mean &to)
{
	std::vector<double> seconds;
	Outcome o;

	for (int i = 0; i < (s.homes > 100000 ? 1 : 3); i++) {
		o = in_child([&p](Outcome &out) { theirs<Solver>(p, out); });
		if (o.seconds < 0 || o.sheltered != mine.sheltered ||
		    o.person_metres != mine.person_metres)
			return false;
		seconds.push_back(o.seconds);
	}
	o.seconds = median(seconds);
	to.add(o, s.cities);
	return true;
}

/* False when something is wrong, which has been said. */
bool
one_city(const Size &s, uint64_t seed, Means &means)
{
	City city = make_city(s.homes, s.shelters, s.k, seed, s.ratio);
	assign_problem p = city.problem();
	Outcome mine = our_runs(p, s.runs);

	if (mine.seconds < 0)
		return fail("not solved") == 0;
	means.mine.add(mine, s.cities);
	if ((s.peers & SIMPLEX &&
		!beside<LemonAssign>(s, p, mine, means.simplex)) ||
	    (s.peers & SCALING &&
		!beside<LemonScaling>(s, p, mine, means.scaling)))
		return fail("LEMON's answer differs") == 0;
	return true;
}

void
print(const Size &s, const Mean &mine, const char *peer, const Mean &o)
{
	std::string size = size_of(s.homes, s.shelters, s.k);

	figure(s.name, size, mine.seconds, "s", peer, o.seconds);
	figure(std::string(s.name) + " memory", size, mine.megabytes, "MB",
	    peer, o.megabytes);
}

/* Seconds of ours, < 0 when something is wrong. */
double
bench(const Size &s)
{
	Means means;

	for (unsigned i = 0; i < s.cities; i++)
		if (!one_city(s, 42 + i, means))
			return -1;
	if (s.peers == NONE)
		figure(s.name, size_of(s.homes, s.shelters, s.k),
		    means.mine.seconds, "s");
	if (s.peers & SIMPLEX)
		print(s, means.mine, "LEMON NetworkSimplex", means.simplex);
	if (s.peers & SCALING)
		print(s, means.mine, "LEMON CostScaling", means.scaling);
	return means.mine.seconds;
}

/* How time grows with the homes, from the first size to the last of a row of
 * three. */
void
growth(const Size *s, const double *seconds)
{
	double by = std::log(seconds[2] / seconds[0]) /
		    std::log((double)s[2].homes / (double)s[0].homes);

	figure(std::string(s->name) + " growth exponent",
	    "x" + std::to_string(s->k), by, "exponent");
}

} // namespace

/* `b_plan FIRST LAST` runs some of the sizes only. */
int
main(int argc, char **argv)
{
	const size_t n = sizeof(sizes) / sizeof(sizes[0]);
	size_t first = argc == 3 ? (size_t)std::atoi(argv[1]) : 0;
	size_t last = argc == 3 ? (size_t)std::atoi(argv[2]) : n - 1;
	double seconds[n] = {};

	for (size_t i = first; i <= last && i < n; i++) {
		if ((seconds[i] = bench(sizes[i])) < 0)
			return 1;
		if (i % 3 == 2 && seconds[i - 2] > 0)
			growth(&sizes[i - 2], &seconds[i - 2]);
	}
	return 0;
}
