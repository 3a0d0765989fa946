/* SPDX-License-Identifier: MIT */
/*
 * What the benches in C++ share: a clock, medians, one JSON object a figure,
 * and the memory of a piece of work measured in a child of its own.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

inline double
now()
{
	return std::chrono::duration<double>(
	    std::chrono::steady_clock::now().time_since_epoch())
	    .count();
}

inline double
median(std::vector<double> v)
{
	std::sort(v.begin(), v.end());
	return v[v.size() / 2];
}

inline int
fail(const char *what)
{
	std::fprintf(stderr, "bench: %s\n", what);
	return 1;
}

inline std::string
size_of(size_t homes, size_t shelters, size_t k)
{
	return std::to_string(homes) + "x" + std::to_string(shelters) + "x" +
	       std::to_string(k);
}

/* One line; the ratio says how many times better we are. */
inline void
figure(const std::string &name, const std::string &size, double value,
    const char *unit, const std::string &peer, double peer_value)
{
	std::printf("{\"name\":\"%s\",\"size\":\"%s\",\"value\":%.6g,"
		    "\"unit\":\"%s\",\"peer\":\"%s\",\"peer_value\":%.6g,"
		    "\"ratio\":%.2f}\n",
	    name.c_str(), size.c_str(), value, unit, peer.c_str(), peer_value,
	    peer_value / value);
	std::fflush(stdout);
}

/* The same without a peer. */
inline void
figure(const std::string &name, const std::string &size, double value,
    const char *unit)
{
	std::printf("{\"name\":\"%s\",\"size\":\"%s\",\"value\":%.6g,"
		    "\"unit\":\"%s\"}\n",
	    name.c_str(), size.c_str(), value, unit);
	std::fflush(stdout);
}

/* What a child brings home. */
struct Outcome {
	double seconds = -1;
	int64_t sheltered = 0, person_metres = 0;
	double megabytes = 0; /* more than before the work, at the peak */
};

inline double
megabytes_now()
{
	long pages = 0, resident = 0;
	FILE *f = std::fopen("/proc/self/statm", "r");

	if (f != nullptr) {
		if (std::fscanf(f, "%ld %ld", &pages, &resident) != 2)
			resident = 0;
		std::fclose(f);
	}
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Runs `work`, which fills seconds and sums, in a child; its peak memory is
 * ru_maxrss less what it was born with. */
template <class Work>
Outcome
in_child(Work work)
{
	Outcome out;
	int pipe_fd[2];
	struct rusage use = {};
	int status = 0;

	if (pipe(pipe_fd) != 0)
		return out;
	pid_t child = fork();
	if (child == 0) {
		Outcome mine;

		mine.megabytes = megabytes_now();
		work(mine);
		_exit(write(pipe_fd[1], &mine, sizeof(mine)) !=
		      (ssize_t)sizeof(mine));
	}
	close(pipe_fd[1]);
	if (child < 0 ||
	    read(pipe_fd[0], &out, sizeof(out)) != (ssize_t)sizeof(out))
		out.seconds = -1;
	close(pipe_fd[0]);
	if (child > 0 && wait4(child, &status, 0, &use) == child)
		out.megabytes =
		    (double)use.ru_maxrss * 1024 / 1e6 - out.megabytes;
	return out;
}

#endif
