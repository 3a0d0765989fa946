/* SPDX-License-Identifier: MIT */
/*
 * A seeded town of streets for benches and peers: crossings on a raster of
 * 80 m, each moved by up to a quarter of it, one street in twelve missing, up
 * to two bends in a street, one street in a hundred with steps; lines come in
 * no order, as registers have them.  2.8 nodes a crossing and 2.6 directed
 * arcs a node.  Invented, not a real place.
 */
#ifndef TESTS_PEERS_STREETS_H
#define TESTS_PEERS_STREETS_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

extern "C" {
#include "gis/network.h"
}

struct Streets {
	double side = 0; /* m */
	std::vector<gis_point> p;
	std::vector<size_t> first{ 0 };
	std::unique_ptr<bool[]> steps;

	/* NULL: out of memory */
	gis_network *
	network() const
	{
		gis_fail why;

		return gis_network_new(p.data(), p.data(), first.data(),
		    first.size() - 1, steps.get(), &why);
	}
};

class StreetPlan {
      public:
	StreetPlan(size_t nodes, uint64_t seed)
	    : rng(seed), n((size_t)std::sqrt((double)nodes / 2.8))
	{
		for (size_t i = 0; i < n * n; i++)
			crossing.push_back({ ((double)(i % n) + off()) * BLOCK,
			    ((double)(i / n) + off()) * BLOCK });
		for (uint32_t i = 0; i < n * n; i++) {
			if (i % n + 1 < n && rng() % 12 != 0)
				street.push_back({ i, i + 1 });
			if (i + n < n * n && rng() % 12 != 0)
				street.push_back({ i, i + (uint32_t)n });
		}
		std::shuffle(street.begin(), street.end(), rng);
	}

	Streets
	draw()
	{
		Streets s;

		s.side = (double)n * BLOCK;
		s.steps = std::make_unique<bool[]>(street.size());
		for (size_t i = 0; i < street.size(); i++) {
			line(s, crossing[street[i].first],
			    crossing[street[i].second]);
			s.steps[i] = rng() % 100 == 0;
		}
		return s;
	}

      private:
	static constexpr double BLOCK = 80;

	double
	off()
	{
		return std::uniform_real_distribution<>(-0.25, 0.25)(rng);
	}

	void
	line(Streets &s, gis_point a, gis_point b)
	{
		double bends = (double)(rng() % 3);

		s.p.push_back(a);
		for (double i = 1; i <= bends; i++)
			s.p.push_back({ a.x + (b.x - a.x) * i / (bends + 1) +
					    off() * BLOCK / 5,
			    a.y + (b.y - a.y) * i / (bends + 1) +
				off() * BLOCK / 5 });
		s.p.push_back(b);
		s.first.push_back(s.p.size());
	}

	std::mt19937_64 rng;
	size_t n;
	std::vector<gis_point> crossing;
	std::vector<std::pair<uint32_t, uint32_t>> street;
};

inline Streets
make_streets(size_t nodes, uint64_t seed)
{
	return StreetPlan(nodes, seed).draw();
}

/* Half of them anywhere, half in clusters a kilometre wide; all inside. */
inline std::vector<gis_point>
scattered(size_t n, double side, uint64_t seed)
{
	std::mt19937_64 rng(seed);
	std::uniform_real_distribution<double> anywhere(0, side);
	std::normal_distribution<double> near(0, 500);
	std::vector<gis_point> centre(20 + n / 500), out(n);
	auto inside = [&](double v) { return std::clamp(v, 0.0, side); };

	for (auto &c : centre)
		c = { anywhere(rng), anywhere(rng) };
	for (size_t i = 0; i < n; i++) {
		gis_point c = centre[rng() % centre.size()];

		out[i] = i % 2 == 0 ? gis_point{ anywhere(rng), anywhere(rng) }
				    : gis_point{ inside(c.x + near(rng)),
					      inside(c.y + near(rng)) };
	}
	return out;
}

#endif
