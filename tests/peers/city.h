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

/* Shelters in square cells of about two each, to find the nearest ones of a
 * point ring by ring: making a city grows with homes x k, not x shelters. */
class Cells {
      public:
	Cells(const std::vector<Point> &of, double side) : points(of)
	{
		n = std::max<int64_t>(
		    1, (int64_t)std::sqrt((double)of.size() / 2));
		size = side / (double)n;
		cell.resize((size_t)(n * n));
		for (size_t i = 0; i < of.size(); i++)
			cell[(size_t)(at(of[i].y) * n + at(of[i].x))].push_back(
			    (uint32_t)i);
	}

	/* The k nearest of a point, in no order. */
	void
	nearest(Point p, size_t k, std::vector<std::pair<double, uint32_t>> &d)
	{
		int64_t x = at(p.x), y = at(p.y);

		d.clear();
		for (int64_t r = 0; r <= n; r++) {
			ring(p, x, y, r, d);
			if (d.size() < k)
				continue;
			std::nth_element(
			    d.begin(), d.begin() + (ptrdiff_t)k - 1, d.end());
			if (d[k - 1].first <= reach(p, x, y, r))
				break;
		}
		d.resize(k);
	}

      private:
	int64_t
	at(double v) const
	{
		return std::clamp<int64_t>((int64_t)(v / size), 0, n - 1);
	}

	/* Everything nearer than this was in the rings 0 ... r. */
	double
	reach(Point p, int64_t x, int64_t y, int64_t r) const
	{
		auto edge = [this, r](int64_t i, double v) {
			double low =
			    i - r <= 0 ? 1e18 : v - (double)(i - r) * size;
			double high = i + r >= n - 1
					  ? 1e18
					  : (double)(i + r + 1) * size - v;
			return std::min(low, high);
		};
		return std::min(edge(x, p.x), edge(y, p.y));
	}

	void
	ring(Point p, int64_t x, int64_t y, int64_t r,
	    std::vector<std::pair<double, uint32_t>> &d) const
	{
		for (int64_t j = y - r; j <= y + r; j++) {
			bool whole = j == y - r || j == y + r;

			if (j < 0 || j >= n)
				continue;
			for (int64_t i = x - r; i <= x + r;
			     i += whole || r == 0 ? 1 : 2 * r)
				if (i >= 0 && i < n)
					for (uint32_t s :
					    cell[(size_t)(j * n + i)])
						d.push_back(
						    { std::hypot(
							  p.x - points[s].x,
							  p.y - points[s].y),
							s });
		}
	}

	const std::vector<Point> &points;
	int64_t n;
	double size;
	std::vector<std::vector<uint32_t>> cell;
};

/* `ratio` places for every 100 people. */
inline City
make_city(
    size_t homes, size_t shelters, size_t k, uint64_t seed, int64_t ratio = 115)
{
	std::mt19937_64 rng(seed);
	double side = 100 * std::sqrt((double)homes);
	auto h = clustered(homes, side, rng);
	auto s = clustered(shelters, side, rng);
	Cells cells(s, side);
	std::vector<std::pair<double, uint32_t>> d;
	City c;
	int64_t total = 0;

	k = std::min(k, shelters);
	c.shelter.reserve(homes * k);
	c.metres.reserve(homes * k);
	for (size_t i = 0; i < homes; i++) {
		c.people.push_back(1 + (int64_t)(rng() % 300));
		total += c.people.back();
		cells.nearest(h[i], k, d);
		for (size_t j = 0; j < k; j++) {
			c.shelter.push_back(d[j].second);
			c.metres.push_back(std::llround(d[j].first));
		}
		c.first.push_back(c.shelter.size());
	}
	c.places = shared_out(shelters, total * ratio / 100, rng);
	return c;
}

#endif
