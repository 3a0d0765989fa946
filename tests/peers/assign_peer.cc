/* SPDX-License-Identifier: MIT */
/*
 * The plan's judge from outside, with LEMON's NetworkSimplex:
 *
 *	assign_peer DIR		reads what `shelterctl plan problem ID --out
 *				DIR` wrote, checks that answer.csv is
 *				feasible, and that nobody can shelter more or
 *				walk less; prints one JSON object
 *	assign_peer random N	N random small problems of every awkward kind:
 *				our solver's answer against LEMON's
 *
 * Ends with 0 when everything agrees, 1 when not, 2 on unreadable input.
 */
#include <cinttypes>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include "tests/peers/city.h"
#include "tests/peers/lemon_assign.h"

namespace {

using Row = std::vector<int64_t>;

std::vector<Row>
read_csv(const std::string &path, size_t columns)
{
	std::ifstream in(path);
	std::vector<Row> rows;
	std::string line, cell;

	if (!std::getline(in, line))
		throw std::runtime_error(path + " cannot be read");
	while (std::getline(in, line)) {
		std::stringstream cells(line);
		Row row;

		while (std::getline(cells, cell, ','))
			row.push_back(std::stoll(cell));
		if (row.size() != columns)
			throw std::runtime_error(path + ": " + line);
		rows.push_back(row);
	}
	return rows;
}

struct Written {
	City city;
	std::map<int64_t, size_t> home, shelter;
	std::vector<Row> answer;
};

Written
read_problem(const std::string &dir)
{
	Written w;
	std::vector<std::vector<Row>> arcs;

	for (const Row &r : read_csv(dir + "/homes.csv", 2)) {
		w.home[r[0]] = w.city.people.size();
		w.city.people.push_back(r[1]);
	}
	for (const Row &r : read_csv(dir + "/shelters.csv", 2)) {
		w.shelter[r[0]] = w.city.places.size();
		w.city.places.push_back(r[1]);
	}
	arcs.resize(w.city.people.size());
	for (const Row &r : read_csv(dir + "/arcs.csv", 3))
		arcs[w.home.at(r[0])].push_back(r);
	for (const auto &of_home : arcs) {
		for (const Row &r : of_home) {
			w.city.shelter.push_back((uint32_t)w.shelter.at(r[1]));
			w.city.metres.push_back(r[2]);
		}
		w.city.first.push_back(w.city.shelter.size());
	}
	w.answer = read_csv(dir + "/answer.csv", 3);
	return w;
}

/* Sums of the written answer; throws where it is not feasible. */
std::pair<int64_t, int64_t>
weigh_answer(const Written &w)
{
	const City &c = w.city;
	std::vector<int64_t> out(c.people.size()), in(c.places.size());
	int64_t sheltered = 0, metres = 0;

	for (const Row &r : w.answer) {
		size_t h = w.home.at(r[0]), s = w.shelter.at(r[1]);
		int64_t best = -1;

		for (size_t a = c.first[h]; a < c.first[h + 1]; a++)
			if (c.shelter[a] == s &&
			    (best < 0 || c.metres[a] < best))
				best = c.metres[a];
		if (best < 0 || r[2] <= 0)
			throw std::runtime_error("answer without an arc");
		sheltered += r[2];
		metres += r[2] * best;
		if ((out[h] += r[2]) > c.people[h])
			throw std::runtime_error("home overdrawn");
		if ((in[s] += r[2]) > c.places[s])
			throw std::runtime_error("shelter overfull");
	}
	return { sheltered, metres };
}

template <class Work>
double
seconds_of(Work work)
{
	auto start = std::chrono::steady_clock::now();

	work();
	return std::chrono::duration<double>(
	    std::chrono::steady_clock::now() - start)
	    .count();
}

int
judge(const std::string &dir)
{
	Written w = read_problem(dir);
	auto [sheltered, metres] = weigh_answer(w);
	assign_problem p = w.city.problem();
	assign_answer a;
	LemonAssign peer(p);
	bool solved = false, again = false;
	double theirs = seconds_of([&] { solved = peer.solve(); });
	double ours = seconds_of(
	    [&] { again = assign_solve(&p, &a, nullptr, nullptr) == 0; });
	bool same = solved && again && peer.sheltered == sheltered &&
		    peer.person_metres == metres && a.person_metres == metres;
	assign_release(&a);

	std::printf("{\"homes\":%zu,\"shelters\":%zu,\"arcs\":%zu,"
		    "\"sheltered\":%" PRId64 ",\"person_metres\":%" PRId64
		    ",\"peer_sheltered\":%" PRId64
		    ",\"peer_person_metres\":%" PRId64
		    ",\"seconds\":%.6f,\"peer_seconds\":%.6f"
		    ",\"same\":%s}\n",
	    w.city.people.size(), w.city.places.size(), w.city.shelter.size(),
	    sheltered, metres, peer.sheltered, peer.person_metres, ours, theirs,
	    same ? "true" : "false");
	return same ? 0 : 1;
}

struct Kind {
	const char *name;
	int64_t homes, shelters, degree, people, places, metres;
};

/* Huge numbers stay where LEMON's own sums still fit 63 bits. */
const Kind kinds[] = {
	{ "plain", 60, 12, 8, 300, 2000, 2000 },
	{ "infeasible", 60, 8, 4, 300, 200, 2000 },
	{ "tied", 60, 10, 10, 50, 400, 2 },
	{ "equal", 40, 10, 10, 10, 50, 1 },
	{ "no places", 30, 8, 6, 50, 1, 100 },
	{ "no people", 30, 8, 6, 1, 50, 100 },
	{ "no arcs", 30, 8, 0, 50, 50, 100 },
	{ "one shelter", 50, 1, 2, 20, 300, 100 },
	{ "huge people", 20, 6, 5, (int64_t)1 << 31, (int64_t)1 << 31, 50 },
	{ "huge metres", 60, 10, 6, 500, 900, ASSIGN_MAX_METRES + 1 },
};

City
random_city(const Kind &k, uint64_t seed)
{
	std::mt19937_64 rng(seed);
	auto below = [&rng](int64_t n) {
		return n > 0 ? (int64_t)(rng() % (uint64_t)n) : 0;
	};
	City c;
	int64_t homes = 1 + below(k.homes), shelters = 1 + below(k.shelters);

	for (int64_t h = 0; h < homes; h++) {
		c.people.push_back(below(k.people));
		for (int64_t i = below(k.degree + 1); i > 0; i--) {
			c.shelter.push_back((uint32_t)below(shelters));
			c.metres.push_back(below(k.metres));
		}
		c.first.push_back(c.shelter.size());
	}
	for (int64_t s = 0; s < shelters; s++)
		c.places.push_back(below(k.places));
	return c;
}

bool
agree(const City &c, std::string &why)
{
	assign_problem p = c.problem();
	assign_answer a;
	LemonAssign peer(p);
	char text[160] = "not solved";
	bool good = assign_solve(&p, &a, nullptr, nullptr) == 0 &&
		    assign_check(&p, &a, text, sizeof(text)) == 0;

	if (good && (!peer.solve() || peer.sheltered != a.sheltered ||
			peer.person_metres != a.person_metres)) {
		std::snprintf(text, sizeof(text),
		    "%" PRId64 " people %" PRId64 " m, LEMON %" PRId64
		    " people %" PRId64 " m",
		    a.sheltered, a.person_metres, peer.sheltered,
		    peer.person_metres);
		good = false;
	}
	assign_release(&a);
	why = text;
	return good;
}

int
random_problems(long n)
{
	const size_t nkinds = sizeof(kinds) / sizeof(kinds[0]);
	int bad = 0;

	for (long i = 0; i < n; i++) {
		const Kind &k = kinds[(size_t)i % nkinds];
		std::string why;

		if (agree(random_city(k, (uint64_t)i), why))
			continue;
		std::printf("# %s, seed %ld: %s\n", k.name, i, why.c_str());
		bad++;
	}
	std::printf("{\"problems\":%ld,\"different\":%d}\n", n, bad);
	return bad ? 1 : 0;
}

} // namespace

int
main(int argc, char **argv)
{
	try {
		if (argc == 3 && !std::strcmp(argv[1], "random"))
			return random_problems(std::atol(argv[2]));
		if (argc == 2)
			return judge(argv[1]);
	} catch (const std::exception &e) {
		std::fprintf(stderr, "assign_peer: %s\n", e.what());
		return 2;
	}
	std::fprintf(stderr, "usage: assign_peer DIR | random N\n");
	return 2;
}
