/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-rows: rows per second of this library and of what a user would write without it, and how
 * long a request, a wake, a spawn and a cycle take. docs/performance.md says how to read it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "latency.h"
#include "lines.h"
#include "results.h"

#define TIMED_KEY     't' /* of --only: round trips, wakes, spawns and cycles */
#define STALL_SECONDS 120 /* no measurement takes that long: something hangs */
#define COUNT_FEWEST  2
#define TRIPS         200 /* of one round */
#define SPAWNS        5
#define SETTLING      (64 * 1024)
#define GROWTH_MAX    16.0

static const lw_containment containments[] = { LW_CONTAINMENT_PID_NAMESPACE,
	LW_CONTAINMENT_USER_PID_NAMESPACE, LW_CONTAINMENT_SUBREAPER };
#define CONTAINMENTS 3

struct bench {
	const char *only, *corpora, *sizes, *json;
	struct peer peer;
	struct ours ours, lean, socket;
	uint64_t counts[CORPUS_KINDS][CORPUS_SIZES][CONTENDER_COUNT]; /* rows of one measurement */
	bool contained[CONTAINMENTS];
	struct results results;
};

static bool
wanted(const char *list, char key)
{
	return list == NULL || strchr(list, key) != NULL;
}

/* ---- One measurement of rows --------------------------------------------------------------- */

static const enum peer_task tasks[CONTENDER_COUNT] = {
	[BY_JANSSON] = PEER_LINES,
	[BY_CJSON] = PEER_LINES,
	[BY_PIPE] = PEER_LINES,
	[BY_RING] = PEER_RING,
	[BY_RING_PASS] = PEER_RING_CLASSIFIED,
};

static uint64_t
receive(
    struct bench *b, enum corpus_kind kind, unsigned size_index, uint64_t count, enum contender by)
{
	const struct corpus *c = corpus_get(kind, size_index);
	const struct peer_command command = { tasks[by], kind, size_index, count };

	if (by == BY_OURS_SOCKET)
		return ours_receive(&b->socket, kind, size_index, count, OURS_RAW);
	if (by == BY_OURS_RAW)
		return ours_receive(&b->ours, kind, size_index, count, OURS_RAW);
	if (by == BY_OURS_TYPED)
		return ours_receive(&b->ours, kind, size_index, count, OURS_TYPED);
	if (by == BY_OURS_LEAN)
		return ours_receive(&b->lean, kind, size_index, count, OURS_RAW);
	if (by == BY_OURS_COUNT)
		return ours_receive(&b->ours, kind, size_index, count, OURS_COUNT);
	if (by == BY_OURS_JANSSON)
		return ours_receive(&b->ours, kind, size_index, count, OURS_JANSSON);
	peer_tell(&b->peer, &command);
	if (by == BY_JANSSON)
		return lines_receive(b->peer.lines, kind, c, count, LINES_JANSSON);
	if (by == BY_CJSON)
		return lines_receive(b->peer.lines, kind, c, count, LINES_CJSON);
	if (by == BY_PIPE)
		return lines_receive(b->peer.lines, kind, c, count, LINES_NONE);
	return ring_receive(&b->peer.ring, c, count, by == BY_RING_PASS);
}

static uint64_t
expected(const struct corpus *c, uint64_t count, enum contender by)
{
	switch (by) {
	case BY_OURS_COUNT:
		return count;
	case BY_JANSSON:
	case BY_CJSON:
	case BY_OURS_JANSSON:
	case BY_OURS_TYPED:
		return corpus_expected(c, c->read_sum, count);
	case BY_RING_PASS:
		return corpus_expected(c, c->stop_sum, count);
	default:
		return corpus_expected(c, c->look_sum, count);
	}
}

static pid_t
producer(const struct bench *b, enum contender by)
{
	switch (by) {
	case BY_OURS_RAW:
	case BY_OURS_TYPED:
	case BY_OURS_COUNT:
	case BY_OURS_JANSSON:
		return b->ours.pid;
	case BY_OURS_LEAN:
		return b->lean.pid;
	case BY_OURS_SOCKET:
		return b->socket.pid;
	default:
		return b->peer.pid;
	}
}

/*
 * A parser frees thousands of small pieces; libc gathers them when something large is wanted next,
 * which would be in the time of whoever follows.
 */
static void
settle_heap(void)
{
	void *volatile large = malloc(SETTLING);

	free(large);
}

struct cost {
	double ns, consumer_ns, producer_ns;
};

/* Of so many rows, from before the producer is asked for them. */
static struct cost
measure(
    struct bench *b, enum corpus_kind kind, unsigned size_index, uint64_t count, enum contender by)
{
	const struct corpus *c = corpus_get(kind, size_index);
	pid_t other = producer(b, by);
	int64_t other_start, own_start, start;
	struct cost cost;
	uint64_t sum;

	(void)alarm(STALL_SECONDS);
	settle_heap();
	other_start = cpu_ns(other);
	own_start = cpu_ns(0);
	start = now_ns();
	sum = receive(b, kind, size_index, count, by);
	cost.ns = (double)(now_ns() - start) + 1; /* never 0 */
	cost.consumer_ns = (double)(cpu_ns(0) - own_start);
	cost.producer_ns = (double)(cpu_ns(other) - other_start);
	if (sum != expected(c, count, by))
		fail("%s: what arrived is not what was sent", contender_names[by]);
	return cost;
}

/* How many rows take about as long as was asked for. The first of them also warm everything up. */
static uint64_t
calibrate(struct bench *b, enum corpus_kind kind, unsigned size_index, enum contender by)
{
	double wish = b->results.ms * 1e6, took, growth;
	uint64_t count = COUNT_FEWEST;

	for (int i = 0; i < 32; i++) {
		(void)measure(b, kind, size_index, COUNT_FEWEST, by);
		took = measure(b, kind, size_index, count, by).ns;
		growth = wish / took < GROWTH_MAX ? wish / took : GROWTH_MAX;
		if (growth < 1.5)
			break;
		count = (uint64_t)((double)count * growth) + 1;
	}
	return count;
}

typedef void (*cell_fn)(struct bench *b, enum corpus_kind, unsigned size_index, enum contender);

static void
each_cell(struct bench *b, cell_fn fn)
{
	for (int kind = 0; kind < CORPUS_KINDS; kind++)
		for (unsigned size = 0; size < CORPUS_SIZES; size++)
			for (int by = 0; by < CONTENDER_COUNT; by++)
				if (wanted(b->corpora, corpus_letters[kind]) &&
				    wanted(b->sizes, (char)('0' + size)) &&
				    wanted(b->only, contender_keys[by]))
					fn(b, (enum corpus_kind)kind, size, (enum contender)by);
}

static void
prepare_cell(struct bench *b, enum corpus_kind kind, unsigned size_index, enum contender by)
{
	b->counts[kind][size_index][by] = calibrate(b, kind, size_index, by);
}

static void
round_of_cell(struct bench *b, enum corpus_kind kind, unsigned size_index, enum contender by)
{
	uint64_t count = b->counts[kind][size_index][by];
	struct cost cost = measure(b, kind, size_index, count, by);
	struct cell *cell = &b->results.cells[kind][size_index][by];

	series_add(&cell->rows, (double)count * 1e9 / cost.ns);
	series_add(&cell->consumer, cost.consumer_ns / (double)count);
	series_add(&cell->producer, cost.producer_ns / (double)count);
}

/* ---- One round of times -------------------------------------------------------------------- */

static void
round_of_times(struct bench *b)
{
	struct series *times = b->results.times;
	double spawn, cycle;

	(void)alarm(STALL_SECONDS);
	series_add(&times[TIME_TRIP_BARE], latency_trip_bare(&b->peer, TRIPS));
	series_add(&times[TIME_TRIP_OURS], latency_trip_ours(&b->ours, TRIPS));
	series_add(&times[TIME_WAKE_BARE], latency_wake_bare(&b->peer, TRIPS));
	series_add(&times[TIME_WAKE_OURS], latency_wake_ours(&b->ours, TRIPS));
	machine_unpin(); /* a program that spawns is not pinned either */
	series_add(&times[TIME_TRUE], latency_true(SPAWNS));
	for (int i = 0; i < CONTAINMENTS; i++) {
		if (!b->contained[i])
			continue;
		latency_spawn_ours(containments[i], SPAWNS, &spawn, &cycle);
		series_add(&times[TIME_SPAWN_PIDNS + i], spawn);
		series_add(&times[TIME_CYCLE_PIDNS + i], cycle);
	}
	machine_pin(b->results.machine.consumer);
}

/* ---- The run ------------------------------------------------------------------------------- */

static _Noreturn void
usage(FILE *out, int status)
{
	fputs("usage: bench-rows [option...]\n"
	      "  --rounds N      15\n"
	      "  --ms N          milliseconds of one measurement, 25\n"
	      "  --only KEYS     a jansson, b cJSON, c memchr, d ours by the socket,\n"
	      "                  e ours, r typed, l by the lean host,\n"
	      "                  n ours counting, j ours with jansson in the sink, f ring, g ring "
	      "and a pass,\n"
	      "                  t round trips, wakes, spawns and cycles\n"
	      "  --corpora SLN   --sizes 0123 (64 B, 4 KiB, 64 KiB, 1 MiB)\n"
	      "  --json FILE     the figures for programs\n"
	      "  --commit TEXT   what is measured\n",
	    out);
	exit(status);
}

static unsigned
number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end != '\0' || value < 1 || value > 100000)
		usage(stderr, 2);
	return (unsigned)value;
}

static void
read_options(struct bench *b, int argc, char **argv)
{
	static const struct option options[] = { { "rounds", 1, NULL, 'r' }, { "ms", 1, NULL, 'm' },
		{ "only", 1, NULL, 'o' }, { "corpora", 1, NULL, 'c' }, { "sizes", 1, NULL, 's' },
		{ "json", 1, NULL, 'j' }, { "commit", 1, NULL, 'v' }, { "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'r':
			b->results.rounds = number(optarg);
			break;
		case 'm':
			b->results.ms = number(optarg);
			break;
		case 'o':
			b->only = optarg;
			break;
		case 'c':
			b->corpora = optarg;
			break;
		case 's':
			b->sizes = optarg;
			break;
		case 'j':
			b->json = optarg;
			break;
		case 'v':
			b->results.commit = optarg;
			break;
		case 'h':
			usage(stdout, 0);
		default:
			usage(stderr, 2);
		}
	if (optind != argc)
		usage(stderr, 2);
}

static void
begin(struct bench *b)
{
	struct machine *m = &b->results.machine;

	machine_look(m);
	peer_start(&b->peer, m->producer);
	for (int i = 0; i < CONTAINMENTS; i++)
		b->contained[i] = wanted(b->only, TIMED_KEY) && ours_contained(containments[i]);
	machine_pin(m->producer); /* the worker inherits it */
	if (wanted(b->only, contender_keys[BY_OURS_RAW]) ||
	    wanted(b->only, contender_keys[BY_OURS_TYPED]) ||
	    wanted(b->only, contender_keys[BY_OURS_COUNT]) ||
	    wanted(b->only, contender_keys[BY_OURS_JANSSON]) || wanted(b->only, TIMED_KEY))
		ours_start(&b->ours, OURS_NATIVE, LW_CONTAINMENT_BEST);
	if (wanted(b->only, contender_keys[BY_OURS_LEAN]))
		ours_start(&b->lean, OURS_LEAN, LW_CONTAINMENT_BEST);
	if (wanted(b->only, contender_keys[BY_OURS_SOCKET]))
		ours_start_by_socket(&b->socket);
	machine_pin(m->consumer);
	memcpy(b->results.lean_runtime, b->lean.facts.runtime, sizeof b->results.lean_runtime);
}

static void
run(struct bench *b)
{
	each_cell(b, prepare_cell);
	for (unsigned i = 0; i < b->results.rounds; i++) {
		each_cell(b, round_of_cell);
		if (wanted(b->only, TIMED_KEY))
			round_of_times(b);
	}
	if (getloadavg(&b->results.load_after, 1) != 1)
		b->results.load_after = -1;
}

int
main(int argc, char **argv)
{
	static struct bench b = { .results = { .rounds = 15, .ms = 25, .commit = "unknown" } };

	read_options(&b, argc, argv);
	begin(&b);
	run(&b);
	ours_end(&b.ours);
	ours_end(&b.lean);
	ours_end(&b.socket);
	peer_end(&b.peer);
	results_print(&b.results, stdout);
	if (b.json != NULL && !results_write_json(&b.results, b.json))
		fail("cannot write %s", b.json);
	return 0;
}
