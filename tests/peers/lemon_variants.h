/* SPDX-License-Identifier: MIT */
/*
 * The variants of the plan put to LEMON's NetworkSimplex in other words than
 * ours: arcs with bounds where we divide homes, several ways out of a shelter
 * where we add homes, one large price where we solve again and again.
 */
#ifndef TESTS_PEERS_LEMON_VARIANTS_H
#define TESTS_PEERS_LEMON_VARIANTS_H

#include "tests/peers/lemon_assign.h"

extern "C" {
#include "drills/assign_keep.h"
#include "drills/assign_late.h"
#include "drills/assign_queue.h"
}

class LemonFlow {
      public:
	explicit LemonFlow(const assign_problem &p) : problem(p)
	{
	}

	void
	arc(size_t home, size_t shelter, int64_t most, int64_t cost)
	{
		add(home, problem.homes + shelter, most, cost);
	}

	void
	places(size_t shelter, int64_t most, int64_t cost)
	{
		add(problem.homes + shelter, problem.homes + problem.shelters,
		    most, cost);
	}

	bool
	solve()
	{
		using Graph = lemon::SmartDigraph;
		Graph graph;
		int64_t left = (dearest + 1) * (int64_t)std::min(problem.homes,
						   problem.shelters) +
			       dearest + 1;
		const size_t real = cost.size();
		int64_t everybody = 0;

		for (size_t h = 0; h < problem.homes; h++) {
			add(h, problem.homes + problem.shelters,
			    problem.people[h], left);
			everybody += problem.people[h];
		}
		for (size_t i = 0; i < problem.homes + problem.shelters + 1;
		     i++)
			graph.addNode();
		for (const auto &e : ends)
			graph.addArc(graph.nodeFromId((int)e.first),
			    graph.nodeFromId((int)e.second));
		Graph::ArcMap<int64_t> upper(graph), price(graph);
		Graph::NodeMap<int64_t> supply(graph, 0);
		for (size_t i = 0; i < cost.size(); i++) {
			upper[graph.arcFromId((int)i)] = most[i];
			price[graph.arcFromId((int)i)] = cost[i];
		}
		for (size_t h = 0; h < problem.homes; h++)
			supply[graph.nodeFromId((int)h)] = problem.people[h];
		supply[graph.nodeFromId(
		    (int)(problem.homes + problem.shelters))] = -everybody;
		lemon::NetworkSimplex<Graph, int64_t, int64_t> simplex(graph);
		simplex.upperMap(upper).costMap(price).supplyMap(supply);
		if (simplex.run() !=
		    lemon::NetworkSimplex<Graph, int64_t, int64_t>::OPTIMAL)
			return false;
		sheltered = everybody;
		for (size_t i = 0; i < cost.size(); i++) {
			int64_t n = simplex.flow(graph.arcFromId((int)i));

			if (i < real)
				total += n * cost[i];
			else
				sheltered -= n;
		}
		return true;
	}

	int64_t sheltered = 0, total = 0;

      private:
	void
	add(size_t from, size_t to, int64_t bound, int64_t price)
	{
		ends.push_back({ from, to });
		most.push_back(bound);
		cost.push_back(price);
		dearest = std::max(dearest, price);
	}

	assign_problem problem;
	std::vector<std::pair<size_t, size_t>> ends;
	std::vector<int64_t> most, cost;
	int64_t dearest = 0;
};

inline LemonFlow
lemon_keep(const assign_problem &p, const int64_t *stay, int64_t price)
{
	LemonFlow f(p);

	for (size_t h = 0; h < p.homes; h++)
		for (size_t a = p.first[h]; a < p.first[h + 1]; a++) {
			f.arc(h, p.shelter[a], stay[a], p.metres[a]);
			f.arc(
			    h, p.shelter[a], p.people[h], p.metres[a] + price);
		}
	for (size_t s = 0; s < p.shelters; s++)
		f.places(s, p.places[s], 0);
	return f;
}

/* One way out of a shelter for each slot of its doors. */
inline LemonFlow
lemon_queue(const assign_problem &p, const assign_doors &d)
{
	LemonFlow f(p);

	for (size_t h = 0; h < p.homes; h++)
		for (size_t a = p.first[h]; a < p.first[h + 1]; a++)
			f.arc(h, p.shelter[a], p.people[h], p.metres[a]);
	for (size_t s = 0; s < p.shelters; s++) {
		int64_t rate = d.per_hour[s], places = p.places[s], done = 0;
		int64_t slot =
		    rate == 0
			? 1
			: std::max(d.slot_s,
			      places * 3600 / rate / ASSIGN_QUEUE_SLOTS + 1);

		for (int64_t k = 0; done < places; k++) {
			int64_t upto = rate == 0
					   ? places
					   : std::min(places,
						 (k + 1) * slot * rate / 3600);

			f.places(s, upto - done,
			    (k * slot * d.speed_mm + 500) / 1000);
			done = upto;
		}
	}
	return f;
}

/* Nobody farther than `most`; `late_price` for those beyond `in_time`. */
inline LemonFlow
lemon_late(
    const assign_problem &p, int64_t in_time, int64_t most, int64_t late_price)
{
	LemonFlow f(p);

	for (size_t h = 0; h < p.homes; h++)
		for (size_t a = p.first[h]; a < p.first[h + 1]; a++)
			if (p.metres[a] <= most)
				f.arc(h, p.shelter[a], p.people[h],
				    p.metres[a] + (p.metres[a] > in_time
							  ? late_price
							  : 0));
	for (size_t s = 0; s < p.shelters; s++)
		f.places(s, p.places[s], 0);
	return f;
}

#endif
