/* SPDX-License-Identifier: MIT */
/*
 * The variants of the plan against LEMON on random small problems:
 *
 *	variant_peer N		N problems of every kind: keeping an old plan
 *				(at random prices and along the whole
 *				trade-off), queues at doors, late people
 *
 * Prints one JSON object; ends with 0 when everything agrees.
 */
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include "tests/peers/city.h"
#include "tests/peers/lemon_variants.h"

namespace {

struct Kind {
	int64_t homes, shelters, degree, people, places, metres;
};

const Kind kinds[] = {
	{ 40, 8, 6, 60, 300, 1000 },
	{ 40, 8, 5, 60, 120, 900 }, /* too few places */
	{ 30, 8, 8, 20, 80, 3 },    /* ties, 0 metres */
	{ 12, 5, 4, 6, 12, 20 },
	{ 20, 6, 0, 20, 50, 10 }, /* no arcs */
	{ 30, 10, 6, 40, 100, 20000 },
};

struct Dice {
	std::mt19937_64 rng;
	int64_t
	below(int64_t n)
	{
		return n > 0 ? (int64_t)(rng() % (uint64_t)n) : 0;
	}
};

/* Arcs of one home lead to different shelters. */
City
random_city(const Kind &k, Dice &d)
{
	City c;
	int64_t homes = 1 + d.below(k.homes),
		shelters = 1 + d.below(k.shelters);

	for (int64_t h = 0; h < homes; h++) {
		std::set<uint32_t> to;

		c.people.push_back(d.below(k.people));
		for (int64_t i = d.below(k.degree + 1); i > 0; i--)
			to.insert((uint32_t)d.below(shelters));
		for (uint32_t s : to) {
			c.shelter.push_back(s);
			c.metres.push_back(d.below(k.metres));
		}
		c.first.push_back(c.shelter.size());
	}
	for (int64_t s = 0; s < shelters; s++)
		c.places.push_back(d.below(k.places));
	return c;
}

/* The plan of before: then some people, places and metres changed. */
std::vector<int64_t>
old_plan(City &c, Dice &d)
{
	assign_answer a;
	assign_problem p = c.problem();

	if (assign_solve(&p, &a, nullptr, nullptr) != 0)
		std::abort();
	std::vector<int64_t> stay(a.flow, a.flow + p.arcs);
	assign_release(&a);
	for (auto &n : c.people)
		if (d.below(3) == 0)
			n = d.below(n * 2 + 2);
	for (auto &n : c.places)
		if (d.below(4) == 0)
			n = d.below(n * 2 + 2);
	for (auto &n : c.metres)
		if (d.below(4) == 0)
			n = d.below(n * 2 + 1);
	return stay;
}

bool
same_kept(
    const assign_problem &p, const std::vector<int64_t> &stay, int64_t price)
{
	struct assign_keep k;
	LemonFlow f = lemon_keep(p, stay.data(), price);
	bool good =
	    assign_keep(&p, stay.data(), price, &k, nullptr, nullptr) == 0 &&
	    f.solve() && k.sheltered == f.sheltered && k.cost == f.total &&
	    k.bound == f.total && k.person_metres + price * k.moved == k.cost;
	std::vector<int64_t> load(p.shelters);

	for (size_t h = 0; good && h < p.homes; h++) {
		int64_t out = 0;

		for (size_t a = p.first[h]; a < p.first[h + 1]; a++) {
			out += k.flow[a];
			load[p.shelter[a]] += k.flow[a];
			good = good && k.flow[a] >= 0;
		}
		good = good && out <= p.people[h];
	}
	for (size_t s = 0; s < p.shelters; s++)
		good = good && load[s] <= p.places[s];
	assign_keep_release(&k);
	return good;
}

/* Convex, each choice what LEMON finds at both ends of its prices, the ends
 * what cannot be beaten. */
bool
same_tradeoff(const assign_problem &p, const std::vector<int64_t> &stay)
{
	struct assign_tradeoff t;
	bool good =
	    assign_tradeoff(&p, stay.data(), 1000, &t, nullptr, nullptr) == 0 &&
	    t.n > 0 && t.complete && t.choice[0].from == 0 &&
	    t.choice[t.n - 1].to == INT64_MAX;

	for (size_t i = 0; good && i < t.n; i++) {
		const assign_choice &c = t.choice[i];
		int64_t to = i + 1 < t.n ? c.to : 4000000;

		for (int64_t price : { c.from, to }) {
			LemonFlow f = lemon_keep(p, stay.data(), price);

			good = good && f.solve() &&
			       f.sheltered == t.sheltered &&
			       f.total == c.person_metres + price * c.moved;
		}
		if (i > 0)
			good = good && c.moved < t.choice[i - 1].moved &&
			       c.from == t.choice[i - 1].to + 1;
	}
	if (good) {
		std::vector<int64_t> far(p.metres, p.metres + p.arcs);
		assign_problem unit = p;

		for (auto &m : far)
			m *= 10000; /* price 1: the fewest of the shortest */
		unit.metres = far.data();
		LemonFlow f = lemon_keep(unit, stay.data(), 1);
		good =
		    f.solve() && f.total == 10000 * t.choice[0].person_metres +
						t.choice[0].moved;
	}
	assign_tradeoff_release(&t);
	return good;
}

bool
same_queue(const assign_problem &p, Dice &d)
{
	std::vector<int64_t> rate(p.shelters), load(p.shelters);
	struct assign_queue q;
	int64_t waiting = 0;

	for (auto &r : rate)
		r = d.below(4) ? 1 + d.below(6000) : 0;
	assign_doors doors = { rate.data(), 1 + d.below(30), 1220 };
	LemonFlow f = lemon_queue(p, doors);
	bool good = assign_queue(&p, &doors, &q, nullptr, nullptr) == 0 &&
		    f.solve() && q.sheltered == f.sheltered &&
		    q.person_metres + q.waiting == f.total &&
		    q.bound == f.total;

	for (size_t a = 0; good && a < p.arcs; a++)
		load[p.shelter[a]] += q.flow[a];
	for (size_t s = 0; good && s < p.shelters; s++)
		waiting += assign_queue_waiting(&p, &doors, s, load[s]);
	good = good && waiting == q.waiting;
	assign_queue_release(&q);
	return good;
}

bool
same_late(const assign_problem &p, int64_t in_time)
{
	const int64_t dear = 100000000;
	struct assign_late l;
	bool good = assign_late(&p, in_time, &l, nullptr, nullptr) == 0;
	LemonFlow any = lemon_late(p, in_time, INT64_MAX, dear);

	good = good && any.solve() && l.sheltered == any.sheltered &&
	       l.late == any.total / dear && l.bound == l.person_metres;
	if (good) {
		LemonFlow best = lemon_late(p, in_time, l.last, dear);

		good = best.solve() && best.sheltered == l.sheltered &&
		       best.total == l.late * dear + l.person_metres;
	}
	if (good && l.sheltered > 0) {
		LemonFlow shorter = lemon_late(p, in_time, l.last - 1, dear);

		good = shorter.solve() && (shorter.sheltered != l.sheltered ||
					      shorter.total / dear != l.late);
	}
	assign_late_release(&l);
	return good;
}

} // namespace

int
main(int argc, char **argv)
{
	long n = argc == 2 ? std::atol(argv[1]) : 0;
	int keep = 0, tradeoff = 0, queue = 0, late = 0;

	for (long i = 0; i < n; i++) {
		const Kind &k = kinds[(size_t)i % 6];
		Dice d{ std::mt19937_64((uint64_t)i) };
		City c = random_city(k, d);
		int64_t in_time = d.below(k.metres + 1);

		queue += !same_queue(c.problem(), d);
		late += !same_late(c.problem(), in_time);
		std::vector<int64_t> stay = old_plan(c, d);
		for (int64_t price :
		    { (int64_t)0, d.below(k.metres + 1), (int64_t)1000000 })
			keep += !same_kept(c.problem(), stay, price);
		tradeoff += !same_tradeoff(c.problem(), stay);
	}
	std::printf("{\"problems\":%ld,\"keep\":%d,\"tradeoff\":%d,"
		    "\"queue\":%d,\"late\":%d}\n",
	    n, keep, tradeoff, queue, late);
	return n == 0 || keep || tradeoff || queue || late;
}
