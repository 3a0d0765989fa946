/* SPDX-License-Identifier: MIT */
/*
 * The walking network of a whole city, one thread unless said: making it,
 * snapping homes, every node's nearest shelter beside LEMON's Dijkstra with a
 * radix heap, the 16 nearest shelters within 1,000 m of every home beside
 * bounded Dijkstras over LEMON's heap.  One home to five nodes; one shelter to
 * fifty, at the largest size also 5,000 and 100,000.  Answers must be equal in
 * full.  Times are of the processor, so that a neighbour on the machine counts
 * for nobody.
 */
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include "tests/peers/lemon_assign.h"
#include "tests/peers/lemon_walk.h"
#include "tests/peers/street_city.h"

namespace {

enum { LIMIT = 10000, K = 16, RUNS = 5 };

double
now(clockid_t clock = CLOCK_PROCESS_CPUTIME_ID)
{
	timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double
median(std::vector<double> v)
{
	std::sort(v.begin(), v.end());
	return v[v.size() / 2];
}

void
must(bool ok, const char *what)
{
	if (ok)
		return;
	std::fprintf(stderr, "b_walk: %s\n", what);
	std::exit(1);
}

void
figure(const char *name, size_t size, double value, const char *unit)
{
	std::printf("{\"name\":\"%s\",\"size\":%zu,\"value\":%.6g,"
		    "\"unit\":\"%s\",\"peer\":null,\"peer_value\":null,"
		    "\"ratio\":null}\n",
	    name, size, value, unit);
	std::fflush(stdout);
}

void
figure(const char *name, size_t size, double value, const char *unit,
    const char *peer, double theirs)
{
	std::printf("{\"name\":\"%s\",\"size\":%zu,\"value\":%.6g,"
		    "\"unit\":\"%s\",\"peer\":\"%s\",\"peer_value\":%.6g,"
		    "\"ratio\":%.4g}\n",
	    name, size, value, unit, peer, theirs, theirs / value);
	std::fflush(stdout);
}

struct Town {
	Streets streets;
	gis_network *net;
	gis_reach *reach;
	gis_mesh *mesh;
	std::vector<gis_stop> home;
	size_t size;
};

std::vector<gis_stop>
stops_of(const Town &t, size_t n, uint64_t seed)
{
	return snap_stops(t.net, t.reach, scattered(n, t.streets.side, seed));
}

Town
make_town(size_t nodes)
{
	Town t = { make_streets(nodes, 7), nullptr, nullptr, nullptr, {},
		nodes };
	std::vector<gis_place> q(nodes / 5);
	gis_fail why;
	double start = now();

	t.net = t.streets.network();
	figure("walk network", nodes, now() - start, "s");
	start = now();
	t.reach = gis_reach_new(t.net, GIS_ON_FOOT, &why);
	must(t.reach != nullptr, "memory");
	t.mesh = gis_mesh_new(t.reach);
	figure("walk compact graph", nodes, now() - start, "s");
	auto p = scattered(nodes / 5, t.streets.side, 1);
	start = now();
	must(
	    gis_network_snap_all(t.net, p.data(), p.size(), 500, q.data()) == 0,
	    "memory");
	figure("walk snap homes", nodes, now() - start, "s");
	for (auto &place : q)
		t.home.push_back(gis_reach_stop(t.reach, place));
	return t;
}

void
release(Town &t)
{
	gis_mesh_free(t.mesh);
	gis_reach_free(t.reach);
	gis_network_free(t.net);
}

void
bench_field(const Town &t, const std::vector<gis_stop> &stop)
{
	LemonField peer(t.reach);
	std::vector<double> ours, theirs;

	for (int i = 0; i < RUNS; i++) {
		double start = now();
		gis_field *f = gis_field_new(t.reach, stop.data(), stop.size());

		ours.push_back(now() - start);
		must(f != nullptr, "memory");
		start = now();
		peer.run(stop);
		theirs.push_back(now() - start);
		std::vector<uint32_t> owner;
		for (uint32_t v = 0; v < peer.nodes(); v++) {
			must(gis_field_dm(f, v) == peer.dm(v), "fields differ");
			owner.push_back(gis_field_owner(f, v));
		}
		must(peer.owned(t.reach, stop, owner), "owners differ");
		gis_field_free(f);
	}
	figure("walk nearest of all nodes", t.size, median(ours), "s",
	    "LEMON Dijkstra, radix heap", median(theirs));
}

/* A shelter closes and opens again, an edge likewise. */
void
bench_changes(const Town &t, const std::vector<gis_stop> &stop)
{
	gis_field *f = gis_field_new(t.reach, stop.data(), stop.size()), *again;
	std::vector<double> shelter, edge;
	std::mt19937_64 rng(5);
	double start;

	for (int i = 0; i < 200; i++) {
		auto s = (uint32_t)(rng() % stop.size());
		uint32_t e = t.home[rng() % t.home.size()].edge;

		start = now();
		gis_field_close_stop(f, s);
		gis_field_open_stop(f, s);
		shelter.push_back((now() - start) * 500);
		if (!gis_reach_close(t.reach, e))
			continue;
		start = now();
		gis_field_edge_closed(f, e);
		gis_reach_open(t.reach, e);
		gis_field_edge_opened(f, e);
		edge.push_back((now() - start) * 500);
	}
	start = now();
	again = gis_field_new(t.reach, stop.data(), stop.size());
	double anew = (now() - start) * 1000;
	for (uint32_t v = 0; v < gis_network_summary(t.net).nodes; v++)
		must(gis_field_dm(f, v) == gis_field_dm(again, v) &&
			 gis_field_owner(f, v) == gis_field_owner(again, v),
		    "changed field differs");
	figure("walk one shelter changed", t.size, median(shelter), "ms",
	    "the field anew", anew);
	figure("walk one shelter changed, worst of 200", t.size,
	    *std::max_element(shelter.begin(), shelter.end()), "ms",
	    "the field anew", anew);
	figure("walk one edge changed", t.size, median(edge), "ms",
	    "the field anew", anew);
	gis_field_free(again);
	gis_field_free(f);
}

void
same_pairs(const gis_pairs &ours, const std::vector<std::vector<gis_pair>> &p)
{
	for (size_t h = 0; h < p.size(); h++) {
		must(ours.first[h + 1] - ours.first[h] == p[h].size(),
		    "numbers of pairs differ");
		for (size_t i = 0; i < p[h].size(); i++) {
			gis_pair q = ours.pair[ours.first[h] + i];

			must(q.dm == p[h][i].dm && q.stop == p[h][i].stop,
			    "pairs differ");
		}
	}
}

void
bench_pairs(const char *name, const Town &t, const std::vector<gis_stop> &stop,
    int peers)
{
	gis_pairs_ask ask = { t.home.data(), stop.data(), t.home.size(),
		stop.size(), nullptr, LIMIT, K, 1 };
	std::vector<double> ours, theirs, one, two;
	LemonPairs peer(t.reach, t.home);
	gis_pairs got;
	double start, wall;

	for (int i = 0; i < RUNS; i++) {
		start = now();
		wall = now(CLOCK_MONOTONIC);
		must(gis_mesh_pairs(t.mesh, &ask, &got) == 0, "memory");
		ours.push_back(now() - start);
		one.push_back(now(CLOCK_MONOTONIC) - wall);
		if (i < peers) {
			start = now();
			auto p = peer.run(stop, LIMIT, K);
			theirs.push_back(now() - start);
			same_pairs(got, p);
		}
		gis_pairs_release(&got);
	}
	ask.threads = 2;
	for (int i = 0; i < RUNS; i++) {
		wall = now(CLOCK_MONOTONIC);
		must(gis_mesh_pairs(t.mesh, &ask, &got) == 0, "memory");
		two.push_back(now(CLOCK_MONOTONIC) - wall);
		gis_pairs_release(&got);
	}
	figure(name, t.size, median(ours), "s", "bounded Dijkstra, LEMON heap",
	    median(theirs));
	figure((std::string(name) + ", two threads").c_str(), t.size,
	    median(two), "s", "one thread, by the wall clock", median(one));
}

/* From the stops to the plan, over distances on foot; the peer gets the same
 * arcs. */
void
bench_plan(const Town &t, const std::vector<gis_stop> &stop)
{
	double start = now(), ours, theirs;
	City city = street_city(t.mesh, t.home, stop, LIMIT, K, 42);
	assign_problem p = city.problem();
	assign_answer a;

	must(assign_solve(&p, &a, nullptr, nullptr) == 0, "not solved");
	ours = now() - start;
	LemonAssign peer(p);
	start = now();
	must(peer.solve(), "LEMON finds no optimum");
	theirs = now() - start;
	must(peer.sheltered == a.sheltered &&
		 peer.person_metres == a.person_metres,
	    "plans differ");
	figure("walk arcs and plan", t.size, ours, "s",
	    "LEMON NetworkSimplex, without the arcs", theirs);
	assign_release(&a);
}

void
bench(size_t nodes, int peers)
{
	Town t = make_town(nodes);
	auto stop = stops_of(t, nodes / 50, 2);

	bench_field(t, stop);
	bench_changes(t, stop);
	bench_pairs("walk pairs", t, stop, peers);
	if (nodes <= 100000)
		bench_plan(t, stop);
	if (nodes == 1000000) {
		bench_pairs(
		    "walk pairs, 5,000 shelters", t, stops_of(t, 5000, 2), 1);
		bench_pairs("walk pairs, 100,000 shelters", t,
		    stops_of(t, 100000, 2), 1);
	}
	release(t);
}

} // namespace

int
main()
{
	bench(10000, 5);
	bench(100000, 5);
	bench(1000000, 1);
	return 0;
}
