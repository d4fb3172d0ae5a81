/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-long: what a row costs where there are very many, and whether the parent grows. Rows of 64 bytes,
 * raw and typed, in requests of 100 thousand, 1 million and 10 million; and 10 million into a sink that
 * sleeps, so that the child waits for it. docs/performance.md says how to read it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "machine.h"
#include "ours.h"
#include "series.h"

#define BEST_OF      5
#define SIZE_64      0
#define FLAT_WITHIN  0.15
#define GROWTH_MOST  2048 /* KiB */
#define LENGTHS      3
#define SECONDS_MOST 300

static const uint64_t lengths[LENGTHS] = { 100000, 1000000, 10000000 };
static const char *const sink_names[] = {
	[OURS_RAW] = "raw sink", [OURS_TYPED] = "typed decode", [OURS_SLEEPY] = "a sink that sleeps"
};

struct cost {
	double consumer_ns, producer_ns, seconds;
	long grown_kib; /* the parent's peak */
};

static double
cpu_of(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		fail("a clock of CPU time cannot be read");
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static long
peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static struct cost
measure(struct ours *o, uint64_t count, enum ours_sink sink)
{
	const struct corpus *corpus = corpus_get(CORPUS_S, SIZE_64);
	const uint64_t *sums = sink == OURS_TYPED ? corpus->read_sum : corpus->look_sum;
	clockid_t child;
	struct cost cost;
	double consumer, producer, began;
	long peak = peak_kib();

	if (clock_getcpuclockid(o->pid, &child) != 0)
		fail("the worker has no clock");
	consumer = cpu_of(CLOCK_PROCESS_CPUTIME_ID);
	producer = cpu_of(child);
	began = (double)now_ns();
	if (ours_receive(o, CORPUS_S, SIZE_64, count, sink) != corpus_expected(corpus, sums, count))
		fail("rows were lost");
	cost.seconds = ((double)now_ns() - began) / 1e9;
	cost.consumer_ns = (cpu_of(CLOCK_PROCESS_CPUTIME_ID) - consumer) / (double)count;
	cost.producer_ns = (cpu_of(child) - producer) / (double)count;
	cost.grown_kib = peak_kib() - peak;
	return cost;
}

static double
dearer(const struct cost *c)
{
	return c->consumer_ns > c->producer_ns ? c->consumer_ns : c->producer_ns;
}

/* Neighbours add to CPU time, and take nothing from it: the least of some runs counts. */
static struct cost
best(struct ours *o, uint64_t count, enum ours_sink sink, int runs)
{
	struct cost least = measure(o, count, sink);
	long grown = least.grown_kib;

	for (int i = 1; i < runs; i++) {
		struct cost c = measure(o, count, sink);

		grown += c.grown_kib;
		if (dearer(&c) < dearer(&least))
			least = c;
	}
	least.grown_kib = grown;
	return least;
}

static json_t *
print(const char *sink, uint64_t count, const struct cost *c)
{
	printf("%-20s %10llu rows %8.1f %8.1f %9.2f %8ld\n", sink, (unsigned long long)count,
	    c->consumer_ns, c->producer_ns, c->seconds, c->grown_kib);
	return json_pack("{ss sI sf sf sf sI}", "sink", sink, "rows", (json_int_t)count,
	    "consumer_ns", c->consumer_ns, "producer_ns", c->producer_ns, "seconds", c->seconds,
	    "parent_grown_kib", (json_int_t)c->grown_kib);
}

static const char *
standing(bool met)
{
	return met ? "pass" : "short";
}

/* By how much the dearest length is above the cheapest. */
static double
spread(const struct cost *costs)
{
	double low = dearer(&costs[0]), high = low;

	for (int i = 1; i < LENGTHS; i++) {
		double ns = dearer(&costs[i]);

		low = ns < low ? ns : low;
		high = ns > high ? ns : high;
	}
	return high / low - 1;
}

static void
run(struct ours *o, int factor, json_t *list, json_t *targets)
{
	static const enum ours_sink sinks[] = { OURS_RAW, OURS_TYPED };
	struct cost costs[LENGTHS], slow;
	long grown = 0;

	(void)measure(o, lengths[0] / (uint64_t)factor, OURS_TYPED); /* what is allocated once */
	for (size_t s = 0; s < 2; s++) {
		for (int i = 0; i < LENGTHS; i++) {
			uint64_t count = lengths[i] / (uint64_t)factor;

			costs[i] = best(o, count, sinks[s], i == LENGTHS - 1 ? 2 : BEST_OF);
			grown += costs[i].grown_kib;
			(void)json_array_append_new(
			    list, print(sink_names[sinks[s]], count, &costs[i]));
		}
		printf("%-20s flat within 15 %%: %.1f %%, %s\n", sink_names[sinks[s]],
		    100 * spread(costs), standing(spread(costs) <= FLAT_WITHIN));
		(void)json_array_append_new(targets,
		    json_pack("{ss sf}", sink_names[sinks[s]], "flat", "spread", spread(costs)));
	}
	slow = measure(o, lengths[LENGTHS - 1] / (uint64_t)factor, OURS_SLEEPY);
	grown += slow.grown_kib;
	(void)json_array_append_new(
	    list, print(sink_names[OURS_SLEEPY], lengths[LENGTHS - 1] / (uint64_t)factor, &slow));
	printf("the parent grew by %ld KiB in all; target < %d: %s\n", grown, GROWTH_MOST,
	    standing(grown < GROWTH_MOST));
}

int
main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : NULL;
	int factor = argc > 2 ? atoi(argv[2]) : 1; /* so many times fewer rows: to try the bench */
	json_t *list = json_array(), *targets = json_array(), *all;
	struct machine machine;
	struct ours o;

	if (factor < 1)
		fail("usage: bench-long [JSON-FILE [FEWER]]");
	(void)alarm(SECONDS_MOST);
	machine_look(&machine);
	printf("leanworker bench of many rows, %s\n%s; %s; %s\nload %.1f at the start\n\n",
	    machine.date, machine.cpu, machine.kernel, machine.compiler, machine.load);
	printf("%-20s %15s %8s %8s %9s %8s\n", "S, payload 64 B", "", "in ns", "out ns", "seconds",
	    "+KiB");
	ours_start(&o, OURS_NATIVE, LW_CONTAINMENT_BEST);
	run(&o, factor, list, targets);
	ours_end(&o);
	all = json_pack("{ss sf so so}", "date", machine.date, "load", machine.load, "rows", list,
	    "flatness", targets);
	if (path != NULL && strcmp(path, "-") != 0 &&
	    json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) != 0)
		fail("%s cannot be written", path);
	json_decref(all);
	return 0;
}
