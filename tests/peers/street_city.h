/* SPDX-License-Identifier: MIT */
/*
 * The seeded city of city.h on the streets of streets.h: homes and shelters
 * snapped to the network, arcs to the k nearest shelters within a limit on
 * foot, in whole metres.  Invented, not a real place.
 */
#ifndef TESTS_PEERS_STREET_CITY_H
#define TESTS_PEERS_STREET_CITY_H

#include "tests/peers/city.h"
#include "tests/peers/streets.h"

extern "C" {
#include "gis/reach.h"
}

inline std::vector<gis_stop>
snap_stops(const gis_network *net, const gis_reach *reach,
    const std::vector<gis_point> &p)
{
	std::vector<gis_place> place(p.size());
	std::vector<gis_stop> out(p.size());

	if (gis_network_snap_all(net, p.data(), p.size(), 500, place.data()))
		throw std::bad_alloc();
	for (size_t i = 0; i < p.size(); i++)
		out[i] = gis_reach_stop(reach, place[i]);
	return out;
}

/* People and places for arcs that are there already; 1.15 places a person. */
inline void
settle(City &c, size_t homes, size_t shelters, uint64_t seed)
{
	std::mt19937_64 rng(seed);
	int64_t total = 0;

	for (size_t i = 0; i < homes; i++) {
		c.people.push_back(1 + (int64_t)(rng() % 300));
		total += c.people.back();
	}
	c.places = shared_out(shelters, total * 115 / 100, rng);
}

/* k == 0: all within the limit. */
inline City
street_city(const gis_mesh *mesh, const std::vector<gis_stop> &home,
    const std::vector<gis_stop> &shelter, uint32_t limit_dm, uint32_t k,
    uint64_t seed)
{
	gis_pairs_ask ask = { home.data(), shelter.data(), home.size(),
		shelter.size(), nullptr, limit_dm, k, 2 };
	gis_pairs got;
	City c;

	if (gis_mesh_pairs(mesh, &ask, &got) != 0)
		throw std::bad_alloc();
	c.first.assign(got.first, got.first + home.size() + 1);
	for (size_t i = 0; i < c.first.back(); i++) {
		c.shelter.push_back(got.pair[i].stop);
		c.metres.push_back((got.pair[i].dm + 5) / 10);
	}
	gis_pairs_release(&got);
	settle(c, home.size(), shelter.size(), seed);
	return c;
}

/* From nothing. */
inline City
make_street_city(size_t nodes, size_t homes, size_t shelters, uint32_t limit_dm,
    uint32_t k, uint64_t seed)
{
	Streets s = make_streets(nodes, seed);
	gis_network *net = s.network();
	gis_fail why;
	gis_reach *reach =
	    net ? gis_reach_new(net, GIS_ON_FOOT, &why) : nullptr;
	gis_mesh *mesh = reach ? gis_mesh_new(reach) : nullptr;

	if (mesh == nullptr)
		throw std::bad_alloc();
	City c = street_city(mesh,
	    snap_stops(net, reach, scattered(homes, s.side, seed + 1)),
	    snap_stops(net, reach, scattered(shelters, s.side, seed + 2)),
	    limit_dm, k, seed);
	gis_mesh_free(mesh);
	gis_reach_free(reach);
	gis_network_free(net);
	return c;
}

#endif
