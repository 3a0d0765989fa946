/* SPDX-License-Identifier: MIT */
/*
 * The same question put to LEMON's NetworkSimplex (or CostScaling): homes send people over the
 * arcs to shelters, shelters hand on at most their places to a sink, everybody
 * may go to the sink directly at a cost above every chain of moves.
 */
#ifndef TESTS_PEERS_LEMON_ASSIGN_H
#define TESTS_PEERS_LEMON_ASSIGN_H

#include <algorithm>
#include <cstdint>
#include <vector>

#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* in LEMON's */
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

extern "C" {
#include "drills/assign.h"
}

template <class Algorithm> class LemonSolver {
      public:
	explicit LemonSolver(const assign_problem &p)
	    : problem(p), simplex(build())
	{
		lemon::SmartDigraph::ArcMap<int64_t> upper(graph, everybody);
		lemon::SmartDigraph::ArcMap<int64_t> cost(graph, 0);
		lemon::SmartDigraph::NodeMap<int64_t> supply(graph, 0);

		const int64_t outside = left_price();

		for (size_t i = 0; i < p.arcs; i++)
			cost[graph.arcFromId((int)i)] = p.metres[i];
		for (size_t s = 0; s < p.shelters; s++)
			upper[graph.arcFromId((int)(p.arcs + s))] = p.places[s];
		for (size_t h = 0; h < p.homes; h++) {
			cost[graph.arcFromId((int)(p.arcs + p.shelters + h))] =
			    outside;
			supply[graph.nodeFromId((int)h)] = p.people[h];
		}
		supply[graph.nodeFromId((int)(p.homes + p.shelters))] =
		    -everybody;
		simplex.upperMap(upper).costMap(cost).supplyMap(supply);
	}

	/* False: LEMON found no optimum, which cannot be. */
	bool
	solve()
	{
		if (simplex.run() != Algorithm::OPTIMAL)
			return false;
		for (size_t i = 0; i < problem.arcs; i++) {
			int64_t n = simplex.flow(graph.arcFromId((int)i));

			sheltered += n;
			person_metres += n * problem.metres[i];
		}
		return true;
	}

	int64_t sheltered = 0, person_metres = 0;

      private:
	int64_t
	left_price() const
	{
		int64_t most = 0;

		for (size_t i = 0; i < problem.arcs; i++)
			most = std::max(most, problem.metres[i]);
		return most *
			   (int64_t)std::min(problem.homes, problem.shelters) +
		       1;
	}

	/* Arc ids: the problem's arcs, then shelters', then homes' own. */
	lemon::SmartDigraph &
	build()
	{
		const assign_problem &p = problem;

		graph.reserveNode((int)(p.homes + p.shelters + 1));
		graph.reserveArc((int)(p.arcs + p.homes + p.shelters));
		for (size_t i = 0; i < p.homes + p.shelters + 1; i++)
			graph.addNode();
		auto sink = graph.nodeFromId((int)(p.homes + p.shelters));
		for (size_t h = 0; h < p.homes; h++)
			for (size_t a = p.first[h]; a < p.first[h + 1]; a++)
				graph.addArc(graph.nodeFromId((int)h),
				    graph.nodeFromId(
					(int)(p.homes + p.shelter[a])));
		for (size_t s = 0; s < p.shelters; s++)
			graph.addArc(
			    graph.nodeFromId((int)(p.homes + s)), sink);
		for (size_t h = 0; h < p.homes; h++) {
			graph.addArc(graph.nodeFromId((int)h), sink);
			everybody += p.people[h];
		}
		return graph;
	}

	assign_problem problem;
	int64_t everybody = 0;
	lemon::SmartDigraph graph;
	Algorithm simplex;
};

using LemonAssign =
    LemonSolver<lemon::NetworkSimplex<lemon::SmartDigraph, int64_t, int64_t>>;
using LemonScaling =
    LemonSolver<lemon::CostScaling<lemon::SmartDigraph, int64_t, int64_t>>;

#endif
