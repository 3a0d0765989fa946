/* SPDX-License-Identifier: MIT */
/*
 * A seeded city for benches and peers: homes of 1-300 people in clusters,
 * shelters of 100-2,000 places with 1.15 places a person in all, arcs from each
 * home to its k nearest shelters in whole metres.  Invented, not a real place.
 */
#ifndef TESTS_PEERS_CITY_H
#define TESTS_PEERS_CITY_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

extern "C" {
#include "drills/assign.h"
}

struct City {
	std::vector<int64_t> people, places, metres;
	std::vector<size_t> first{ 0 };
	std::vector<uint32_t> shelter;

	assign_problem
	problem() const
	{
		return { people.size(), places.size(), shelter.size(),
			people.data(), places.data(), first.data(),
			shelter.data(), metres.data() };
	}
};

struct Point {
	double x, y;
};

inline std::vector<Point>
clustered(size_t n, double side, std::mt19937_64 &rng)
{
	std::uniform_real_distribution<double> anywhere(0, side);
	std::normal_distribution<double> near(0, side / 20);
	std::vector<Point> centres(20 + n / 500), out(n);

	for (auto &c : centres)
		c = { anywhere(rng), anywhere(rng) };
	for (auto &p : out) {
		const Point &c = centres[rng() % centres.size()];

		p = { c.x + near(rng), c.y + near(rng) };
	}
	return out;
}

/* Places that sum to `total`, in proportion to draws between 100 and 2,000. */
inline std::vector<int64_t>
shared_out(size_t n, int64_t total, std::mt19937_64 &rng)
{
	std::vector<int64_t> out(n);
	int64_t sum = 0;

	for (auto &p : out)
		sum += p = 100 + (int64_t)(rng() % 1901);
	for (auto &p : out)
		p = (int64_t)((double)p * (double)total / (double)sum) + 1;
	return out;
}

inline City
make_city(size_t homes, size_t shelters, size_t k, uint64_t seed)
{
	std::mt19937_64 rng(seed);
	double side = 100 * std::sqrt((double)homes);
	auto h = clustered(homes, side, rng);
	auto s = clustered(shelters, side, rng);
	std::vector<std::pair<double, uint32_t>> d(shelters);
	City c;
	int64_t total = 0;

	k = std::min(k, shelters);
	for (size_t i = 0; i < homes; i++) {
		c.people.push_back(1 + (int64_t)(rng() % 300));
		total += c.people.back();
		for (size_t j = 0; j < shelters; j++)
			d[j] = { std::hypot(h[i].x - s[j].x, h[i].y - s[j].y),
				(uint32_t)j };
		std::nth_element(
		    d.begin(), d.begin() + (ptrdiff_t)k - 1, d.end());
		for (size_t j = 0; j < k; j++) {
			c.shelter.push_back(d[j].second);
			c.metres.push_back(std::llround(d[j].first));
		}
		c.first.push_back(c.shelter.size());
	}
	c.places = shared_out(shelters, total * 115 / 100, rng);
	return c;
}

#endif
