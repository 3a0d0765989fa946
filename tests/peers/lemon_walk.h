/* SPDX-License-Identifier: MIT */
/*
 * The same questions put to LEMON: every node's distance to the nearest stop by
 * its Dijkstra with a radix heap from all stops at once, and who has whom
 * within a limit by one bounded Dijkstra a shelter over its binary heap, which
 * is reset where it was touched.  Over the full graph, in our order of nodes.
 */
#ifndef TESTS_PEERS_LEMON_WALK_H
#define TESTS_PEERS_LEMON_WALK_H

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* in LEMON's */
#include <lemon/bin_heap.h>
#include <lemon/dijkstra.h>
#include <lemon/radix_heap.h>
#include <lemon/static_graph.h>

extern "C" {
#include "gis/reach_graph.h"
}

class LemonGraph {
      public:
	using Graph = lemon::StaticDigraph;

	explicit LemonGraph(const gis_reach *r) : length(graph)
	{
		const gis_ways &w = r->ways;
		std::vector<std::pair<int, int>> arc;

		for (uint32_t v = 0; v < w.nodes; v++)
			for (uint32_t i = w.first[v]; i < w.first[v + 1]; i++)
				arc.emplace_back((int)v, (int)w.way[i].node);
		graph.build((int)w.nodes, arc.begin(), arc.end());
		for (size_t i = 0; i < w.ways; i++)
			length[graph.arc((int)i)] = (int)w.way[i].dm;
	}

	size_t
	nodes() const
	{
		return (size_t)graph.nodeNum();
	}

      protected:
	Graph graph;
	Graph::ArcMap<int> length;
};

class LemonField : public LemonGraph {
	using Heap = lemon::RadixHeap<Graph::NodeMap<int>>;
	using Search = lemon::Dijkstra<Graph,
	    Graph::ArcMap<int>>::SetStandardHeap<Heap>::Create;

      public:
	explicit LemonField(const gis_reach *r)
	    : LemonGraph(r), search(graph, length)
	{
	}

	void
	run(const std::vector<gis_stop> &stop)
	{
		std::unordered_map<uint32_t, uint32_t> seed;

		for (const gis_stop &s : stop)
			for (int end = 0; end < 2 && s.edge != GIS_NONE;
			     end++) {
				auto at =
				    seed.emplace(s.node[end], s.to[end]).first;

				at->second = std::min(at->second, s.to[end]);
			}
		search.init();
		for (auto &s : seed)
			search.addSource(
			    graph.node((int)s.first), (int)s.second);
		search.start();
	}

	/* Whether `owner` names for each node the smallest number among the
	 * stops and the neighbours it has its distance from. */
	bool
	owned(const gis_reach *r, const std::vector<gis_stop> &stop,
	    const std::vector<uint32_t> &owner) const
	{
		const gis_ways &w = r->ways;
		std::vector<uint32_t> least(nodes(), UINT32_MAX);

		for (uint32_t s = 0; s < stop.size(); s++)
			for (int end = 0; end < 2; end++)
				if (stop[s].edge != UINT32_MAX &&
				    dm(stop[s].node[end]) == stop[s].to[end])
					least[stop[s].node[end]] = std::min(
					    least[stop[s].node[end]], s);
		for (uint32_t v = 0; v < nodes(); v++)
			for (uint32_t i = w.first[v]; i < w.first[v + 1]; i++)
				if (dm(v) + w.way[i].dm == dm(w.way[i].node))
					least[w.way[i].node] = std::min(
					    least[w.way[i].node], owner[v]);
		return least == owner;
	}

	uint32_t
	dm(uint32_t v) const
	{
		auto node = graph.node((int)v);

		return search.reached(node) ? (uint32_t)search.dist(node)
					    : (uint32_t)GIS_REACH_FAR;
	}

      private:
	Search search;
};

class LemonPairs : public LemonGraph {
	using Heap = lemon::BinHeap<int, Graph::NodeMap<int>>;

      public:
	LemonPairs(const gis_reach *r, const std::vector<gis_stop> &home)
	    : LemonGraph(r), home(home), place(graph, -1), heap(place),
	      at(nodes()), on(r->net->nedges), best(home.size(), GIS_REACH_FAR)
	{
		for (uint32_t h = 0; h < home.size(); h++) {
			if (home[h].edge == GIS_NONE)
				continue;
			on[home[h].edge].push_back(h);
			for (int end = 0; end < 2; end++)
				at[home[h].node[end]].push_back(
				    { h, home[h].to[end] });
		}
	}

	std::vector<std::vector<gis_pair>>
	run(const std::vector<gis_stop> &stop, uint32_t limit, size_t k)
	{
		std::vector<std::vector<gis_pair>> out(home.size());

		for (uint32_t s = 0; s < stop.size(); s++)
			if (stop[s].edge != GIS_NONE)
				one(stop[s], s, limit, out);
		for (auto &p : out) {
			std::sort(
			    p.begin(), p.end(), [](gis_pair a, gis_pair b) {
				    return a.dm != b.dm ? a.dm < b.dm
							: a.stop < b.stop;
			    });
			p.resize(std::min(k, p.size()));
		}
		return out;
	}

      private:
	void
	find(uint32_t h, uint32_t dm)
	{
		if (best[h] == GIS_REACH_FAR)
			met.push_back(h);
		best[h] = std::min(best[h], dm);
	}

	void
	push(uint32_t v, uint32_t dm)
	{
		auto node = graph.node((int)v);

		switch (heap.state(node)) {
		case Heap::PRE_HEAP:
			heap.push(node, (int)dm);
			touched.push_back(v);
			break;
		case Heap::IN_HEAP:
			if ((int)dm < heap[node])
				heap.decrease(node, (int)dm);
			break;
		case Heap::POST_HEAP:
			break;
		}
	}

	void
	spread(uint32_t limit)
	{
		while (!heap.empty() && heap.prio() <= (int)limit) {
			auto node = heap.top();
			auto dm = (uint32_t)heap.prio();

			heap.pop();
			for (auto &p : at[(size_t)graph.id(node)])
				find(p.stop, dm + p.dm);
			for (Graph::OutArcIt a(graph, node);
			     a != lemon::INVALID; ++a)
				push((uint32_t)graph.id(graph.target(a)),
				    dm + (uint32_t)length[a]);
		}
	}

	void
	one(const gis_stop &s, uint32_t number, uint32_t limit,
	    std::vector<std::vector<gis_pair>> &out)
	{
		for (uint32_t h : on[s.edge])
			find(h, (uint32_t)std::abs(
				    (int)(s.to[0] - s.off) -
				    (int)(home[h].to[0] - home[h].off)) +
				    s.off + home[h].off);
		push(s.node[0], s.to[0]);
		push(s.node[1], s.to[1]);
		spread(limit);
		heap.clear();
		for (uint32_t v : touched)
			place[graph.node((int)v)] = Heap::PRE_HEAP;
		for (uint32_t h : met) {
			if (best[h] <= limit)
				out[h].push_back({ number, best[h] });
			best[h] = GIS_REACH_FAR;
		}
		touched.clear();
		met.clear();
	}

	const std::vector<gis_stop> &home;
	Graph::NodeMap<int> place;
	Heap heap;
	std::vector<std::vector<gis_pair>> at;
	std::vector<std::vector<uint32_t>> on;
	std::vector<uint32_t> best, met, touched;
};

#endif
