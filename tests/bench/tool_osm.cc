/* SPDX-License-Identifier: MIT */
/*
 * usage: tool_osm NODES: the town of streets.h as OpenStreetMap XML, beside
 * Taipei but of no real place: every vertex a node, every street a way, one
 * in three with a name, one in fifty closed to feet.
 */
#include <cstdio>
#include <cstdlib>
#include <map>
#include "tests/peers/streets.h"

namespace {

enum { FIRST_ID = 1000000000 };

using Numbers = std::map<std::pair<double, double>, int64_t>;

Numbers
print_nodes(const Streets &s)
{
	Numbers id;

	for (const gis_point &p : s.p) {
		auto made = id.insert(
		    { { p.x, p.y }, (int64_t)(FIRST_ID + id.size()) });

		if (made.second)
			std::printf("<node id=\"%lld\" version=\"1\" "
				    "lat=\"%.7f\" lon=\"%.7f\"/>\n",
			    (long long)made.first->second, 25.0 + p.y / 110574,
			    121.5 + p.x / 100890);
	}
	return id;
}

void
print_tag(const char *key, const char *value)
{
	std::printf("<tag k=\"%s\" v=\"%s\"/>\n", key, value);
}

void
print_tags(size_t way, bool steps)
{
	static const char *const kinds[] = { "residential", "footway",
		"service", "tertiary" };

	print_tag("highway", way % 50 == 7 ? "motorway"
			     : steps	   ? "steps"
					   : kinds[way % 4]);
	if (way % 3 == 0)
		print_tag(
		    "name", ("第" + std::to_string(way / 9) + "街").c_str());
	if (way % 4 == 3)
		print_tag("oneway", "yes");
}

void
print_ways(const Streets &s, const Numbers &id)
{
	for (size_t w = 0; w + 1 < s.first.size(); w++) {
		std::printf("<way id=\"%zu\" version=\"1\">\n", w + 1);
		for (size_t i = s.first[w]; i < s.first[w + 1]; i++)
			std::printf("<nd ref=\"%lld\"/>\n",
			    (long long)id.at({ s.p[i].x, s.p[i].y }));
		print_tags(w, s.steps[w]);
		std::printf("</way>\n");
	}
}

} // namespace

int
main(int argc, char **argv)
{
	Streets s =
	    make_streets(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0, 7);

	std::printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<osm version=\"0.6\" generator=\"synthetic\">\n");
	print_ways(s, print_nodes(s));
	std::printf("</osm>\n");
	return std::fflush(stdout) != 0;
}
