/* SPDX-License-Identifier: MIT */
/*
 * Seconds of an exact plan beside LEMON's NetworkSimplex on the same arcs; the
 * two answers must agree to the metre.  The graph is built outside the peer's
 * time, as our arcs are.
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include "tests/peers/city.h"
#include "tests/peers/lemon_assign.h"

namespace {

double
now()
{
	return std::chrono::duration<double>(
	    std::chrono::steady_clock::now().time_since_epoch())
	    .count();
}

double
median(std::vector<double> v)
{
	std::sort(v.begin(), v.end());
	return v[v.size() / 2];
}

int
fail(const char *what)
{
	std::fprintf(stderr, "b_plan: %s\n", what);
	return 1;
}

int
bench(size_t homes, size_t shelters, size_t k, int runs)
{
	City city = make_city(homes, shelters, k, 42);
	assign_problem p = city.problem();
	std::vector<double> ours, theirs;

	for (int i = 0; i < runs; i++) {
		assign_answer a;
		char why[160];
		double t = now();

		if (assign_solve(&p, &a, nullptr, nullptr) != 0)
			return fail("not solved");
		ours.push_back(now() - t);
		if (i == 0 && assign_check(&p, &a, why, sizeof(why)) != 0)
			return fail(why);
		LemonAssign peer(p);
		t = now();
		if (!peer.solve())
			return fail("LEMON finds no optimum");
		theirs.push_back(now() - t);
		if (peer.sheltered != a.sheltered ||
		    peer.person_metres != a.person_metres)
			return fail("LEMON's answer differs");
		assign_release(&a);
	}
	std::printf("{\"name\":\"plan\",\"size\":\"%zux%zux%zu\","
		    "\"value\":%.6f,\"unit\":\"s\","
		    "\"peer\":\"LEMON NetworkSimplex\",\"peer_value\":%.6f,"
		    "\"ratio\":%.2f}\n",
	    homes, shelters, k, median(ours), median(theirs),
	    median(theirs) / median(ours));
	std::fflush(stdout);
	return 0;
}

} // namespace

int
main()
{
	return bench(2000, 100, 64, 5) || bench(20000, 1000, 64, 5) ||
	       bench(40000, 2000, 64, 3);
}
