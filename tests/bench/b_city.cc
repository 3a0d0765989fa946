/* SPDX-License-Identifier: MIT */
/*
 * The true pipeline on generated streets: a network, homes and shelters put on
 * it, for every home the 64 nearest shelters on foot within 10 km, the exact
 * plan over these arcs; beside LEMON on the same arcs, which must agree to the
 * metre and is not charged for them.  Five nodes a home, forty homes a shelter.
 * "saturated": in a third of the town there are places for half of its people.
 * Every solver works in a child of its own, so that its memory can be told.
 */
#include <cmath>
#include <cstdio>
#include <malloc.h>
#include "tests/bench/bench.h"
#include "tests/peers/lemon_assign.h"
#include "tests/peers/street_city.h"

namespace {

enum Peer { SIMPLEX = 1, SCALING = 2 };
enum { K = 64, LIMIT = 100000, RUNS = 5, QUARTERS = 3 };

struct Size {
	size_t nodes, homes, shelters;
	int peers; /* where a minute is needed only the faster one, once */
};

const Size sizes[] = {
	{ 10000, 2000, 100, SIMPLEX | SCALING },
	{ 100000, 20000, 1000, SIMPLEX | SCALING },
	{ 1000000, 200000, 5000, SCALING },
};
const size_t nsizes = sizeof(sizes) / sizeof(sizes[0]);

/* Everything that is on the ground. */
struct Ground {
	explicit Ground(const Size &s)
	    : streets(make_streets(s.nodes, 7)),
	      home(scattered(s.homes, streets.side, 1)),
	      shelter(scattered(s.shelters, streets.side, 2))
	{
		gis_fail why;

		net = streets.network();
		reach = net ? gis_reach_new(net, GIS_ON_FOOT, &why) : nullptr;
		mesh = reach ? gis_mesh_new(reach) : nullptr;
		if (mesh == nullptr)
			throw std::bad_alloc();
	}
	Ground(const Ground &) = delete;
	Ground &operator=(const Ground &) = delete;
	~Ground()
	{
		gis_mesh_free(mesh);
		gis_reach_free(reach);
		gis_network_free(net);
	}

	Streets streets;
	std::vector<gis_point> home, shelter;
	gis_network *net = nullptr;
	gis_reach *reach = nullptr;
	gis_mesh *mesh = nullptr;
};

/* Shelters of one strip in three lose half of what its people would need. */
void
starve(City &c, const Ground &g)
{
	auto strip = [&g](gis_point p) {
		return std::min<size_t>(
		    QUARTERS - 1, (size_t)(p.x / g.streets.side * QUARTERS));
	};
	int64_t people = 0, places = 0;

	for (size_t i = 0; i < g.home.size(); i++)
		people += strip(g.home[i]) == 1 ? c.people[i] : 0;
	for (size_t i = 0; i < g.shelter.size(); i++)
		places += strip(g.shelter[i]) == 1 ? c.places[i] : 0;
	for (size_t i = 0; i < g.shelter.size(); i++)
		if (strip(g.shelter[i]) == 1)
			c.places[i] = c.places[i] * people / 2 / places;
}

/* From points to arcs, people and places; the seconds of it. */
City
arcs_of(const Ground &g, double &seconds)
{
	double start = now();
	auto home = snap_stops(g.net, g.reach, g.home);
	auto shelter = snap_stops(g.net, g.reach, g.shelter);
	City c = street_city(g.mesh, home, shelter, LIMIT, K, 42);

	seconds = now() - start;
	return c;
}

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

Outcome
our_runs(const assign_problem &p)
{
	std::vector<double> seconds;
	Outcome last;

	for (int i = 0; i < RUNS; i++) {
		last = in_child([&p, i](Outcome &o) { ours(p, i == 0, o); });
		if (last.seconds < 0)
			return last;
		seconds.push_back(last.seconds);
	}
	last.seconds = median(seconds);
	return last;
}

template <class Solver>
bool
beside(const std::string &name, const std::string &size,
    const assign_problem &p, const Outcome &mine, const char *peer)
{
	Outcome o = in_child([&p](Outcome &out) {
		Solver solver(p);
		double t = now();

		if (solver.solve())
			out.seconds = now() - t;
		out.sheltered = solver.sheltered;
		out.person_metres = solver.person_metres;
	});

	if (o.seconds < 0 || o.sheltered != mine.sheltered ||
	    o.person_metres != mine.person_metres)
		return false;
	figure(name, size, mine.seconds, "s", peer, o.seconds);
	figure(name + " memory", size, mine.megabytes, "MB", peer, o.megabytes);
	return true;
}

/* Seconds of the plan alone, < 0 when something is wrong. */
double
plan(const Size &s, const std::string &name, const City &city)
{
	assign_problem p = city.problem();
	std::string size = size_of(s.homes, s.shelters, K);
	malloc_trim(0); /* else children find room that is not counted */
	Outcome mine = our_runs(p);

	if (mine.seconds < 0)
		return -fail("not solved");
	if (s.peers & SIMPLEX &&
	    !beside<LemonAssign>(name, size, p, mine, "LEMON NetworkSimplex"))
		return -fail("LEMON's answer differs");
	if (s.peers & SCALING &&
	    !beside<LemonScaling>(name, size, p, mine, "LEMON CostScaling"))
		return -fail("LEMON's answer differs");
	return mine.seconds;
}

struct Seconds {
	double arcs = -1, plan = -1, saturated = -1;
};

Seconds
bench(const Size &s)
{
	double start = now();
	Ground g(s);
	std::vector<double> seconds(RUNS);
	Seconds out;
	City city;

	figure("city network, compact", std::to_string(s.nodes), now() - start,
	    "s");
	for (double &t : seconds)
		city = arcs_of(g, t);
	out.arcs = median(seconds);
	figure("city arcs", size_of(s.homes, s.shelters, K), out.arcs, "s");
	if ((out.plan = plan(s, "city plan", city)) < 0)
		return out;
	figure("city points to plan", size_of(s.homes, s.shelters, K),
	    out.arcs + out.plan, "s");
	starve(city, g);
	out.saturated = plan(s, "city plan saturated", city);
	return out;
}

void
growth(const char *name, double first, double last)
{
	double by =
	    std::log(last / first) /
	    std::log((double)sizes[nsizes - 1].homes / (double)sizes[0].homes);

	figure(name, "2,000 to 200,000 homes", by, "exponent");
}

} // namespace

/* `b_city N` runs the first N sizes only. */
int
main(int argc, char **argv)
{
	size_t n = argc == 2 ? (size_t)std::atoi(argv[1]) : nsizes;
	Seconds s[nsizes];

	for (size_t i = 0; i < n && i < nsizes; i++)
		if ((s[i] = bench(sizes[i])).saturated < 0)
			return 1;
	if (n < nsizes)
		return 0;
	growth("city arcs growth", s[0].arcs, s[n - 1].arcs);
	growth("city plan growth", s[0].plan, s[n - 1].plan);
	growth(
	    "city plan saturated growth", s[0].saturated, s[n - 1].saturated);
	return 0;
}
