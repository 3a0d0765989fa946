/* SPDX-License-Identifier: MIT */
/*
 * Seconds of the plan's variants beside LEMON's NetworkSimplex, which is asked
 * in its own words (tests/peers/lemon_variants.h); all answers must agree to
 * the metre.  Both sides make their problem inside their time.  The late order is one question for LEMON only because it is told
 * the last arrival that we found; a metre less must then be refused by it,
 * which is not in its time.
 */
#include <cstdio>
#include <cstdlib>
#include "tests/bench/bench.h"
#include "tests/peers/city.h"
#include "tests/peers/lemon_variants.h"

namespace {

struct Size {
	size_t homes, shelters, k;
	int runs, peer_runs;
	bool refuse; /* whether LEMON is asked for one metre less */
};

const Size sizes[] = {
	{ 2000, 100, 16, 5, 5, true },
	{ 20000, 1000, 16, 5, 3, true },
	{ 40000, 1500, 16, 3, 1, false },
};

std::string
name_of(const Size &s)
{
	return size_of(s.homes, s.shelters, s.k);
}

/* Median seconds of some runs. */
template <class Work>
double
timed(int runs, Work work)
{
	std::vector<double> seconds;

	for (int i = 0; i < runs; i++) {
		double t = now();

		work();
		seconds.push_back(now() - t);
	}
	return median(seconds);
}

/* LEMON's answer and its seconds; a graph of its own for each run. */
template <class Make>
double
peer(int runs, Make make, int64_t &sheltered, int64_t &total)
{
	return timed(runs, [&] {
		LemonFlow f = make();

		if (f.solve()) {
			sheltered = f.sheltered;
			total = f.total;
		}
	});
}

/* The plan before every 20th shelter lost half its places. */
std::vector<int64_t>
before(City &city)
{
	assign_problem p = city.problem();
	assign_answer a;

	if (assign_solve(&p, &a, nullptr, nullptr) != 0)
		std::exit(fail("no plan to keep"));
	std::vector<int64_t> stay(a.flow, a.flow + p.arcs);
	assign_release(&a);
	for (size_t s = 0; s < city.places.size(); s += 20)
		city.places[s] /= 2;
	return stay;
}

int
bench_keep(const Size &s)
{
	City city = make_city(s.homes, s.shelters, s.k, 42);
	std::vector<int64_t> stay = before(city);
	assign_problem p = city.problem();
	struct assign_keep k = {};
	struct assign_tradeoff t = {};
	int64_t sheltered = -1, total = -1;
	int r = 0;
	double mine = timed(s.runs, [&] {
		assign_keep_release(&k);
		r |= assign_keep(&p, stay.data(), 100, &k, nullptr, nullptr);
	});
	double theirs = peer(
	    s.peer_runs, [&] { return lemon_keep(p, stay.data(), 100); },
	    sheltered, total);

	if (r != 0 || k.sheltered != sheltered || k.cost != total ||
	    k.bound != total)
		return fail("LEMON keeps another plan");
	assign_keep_release(&k);
	figure(
	    "plan keep", name_of(s), mine, "s", "LEMON NetworkSimplex", theirs);
	mine = timed(1, [&] {
		r = assign_tradeoff(&p, stay.data(), 20, &t, nullptr, nullptr);
	});
	if (r != 0)
		return fail("no trade-off");
	figure("plan tradeoff, " + std::to_string(t.n) + " choices", name_of(s),
	    mine, "s");
	for (size_t i = 0; i<t.n; i += t.n> 2 ? t.n / 2 : 1) {
		const assign_choice &c = t.choice[i];

		peer(
		    1, [&] { return lemon_keep(p, stay.data(), c.at); },
		    sheltered, total);
		if (t.sheltered != sheltered ||
		    c.person_metres + c.at * c.moved != total)
			return fail("LEMON has another trade-off");
	}
	assign_tradeoff_release(&t);
	return 0;
}

/* Doors as the places need them: 0.30 m for 100, 1.3 persons/s a metre. */
int
bench_queue(const Size &s)
{
	City city = make_city(s.homes, s.shelters, s.k, 42);
	assign_problem p = city.problem();
	std::vector<int64_t> rate;
	struct assign_queue q = {};
	int64_t sheltered = -1, total = -1;
	int r = 0;

	for (int64_t n : city.places)
		rate.push_back(std::max<int64_t>(1, n * 14));
	assign_doors d = { rate.data(), 10, 1220 };
	double mine = timed(s.runs, [&] {
		assign_queue_release(&q);
		r |= assign_queue(&p, &d, &q, nullptr, nullptr);
	});
	double theirs = peer(
	    s.peer_runs, [&] { return lemon_queue(p, d); }, sheltered, total);

	if (r != 0 || q.sheltered != sheltered ||
	    q.person_metres + q.waiting != total || q.bound != total)
		return fail("LEMON queues otherwise");
	assign_queue_release(&q);
	figure("plan door queue", name_of(s), mine, "s", "LEMON NetworkSimplex",
	    theirs);
	return 0;
}

int
bench_late(const Size &s)
{
	const int64_t dear = 100000000, in_time = 585;
	City city = make_city(s.homes, s.shelters, s.k, 42);
	assign_problem p = city.problem();
	struct assign_late l = {};
	int64_t sheltered = -1, total = -1;
	int r = 0;
	double mine = timed(s.runs, [&] {
		assign_late_release(&l);
		r |= assign_late(&p, in_time, &l, nullptr, nullptr);
	});
	double theirs = peer(
	    s.peer_runs, [&] { return lemon_late(p, in_time, l.last, dear); },
	    sheltered, total);

	if (r != 0 || l.sheltered != sheltered ||
	    l.late * dear + l.person_metres != total ||
	    l.bound != l.person_metres)
		return fail("LEMON finds others late");
	if (s.refuse) {
		peer(
		    1, [&] { return lemon_late(p, in_time, l.last - 1, dear); },
		    sheltered, total);
		if (l.sheltered == sheltered && total / dear == l.late)
			return fail("LEMON finds an earlier last arrival");
	}
	std::fprintf(stderr, "bench: %lld late, last %lld m\n",
	    (long long)l.late, (long long)l.last);
	assign_late_release(&l);
	figure("plan late,last,walking", name_of(s), mine, "s",
	    "LEMON NetworkSimplex, last step only", theirs);
	return 0;
}

} // namespace

/* `b_variants FIRST LAST` runs some of the sizes only. */
int
main(int argc, char **argv)
{
	size_t first = argc == 3 ? (size_t)std::atoi(argv[1]) : 0;
	size_t last = argc == 3 ? (size_t)std::atoi(argv[2]) : 2;

	for (size_t i = first; i <= last && i < 3; i++)
		if (bench_keep(sizes[i]) || bench_queue(sizes[i]) ||
		    bench_late(sizes[i]))
			return 1;
	return 0;
}
