/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soak: plays faults by the thousand over workers that live on. After each a plain request must
 * succeed, and every so often, and at the end, nothing may have grown:
 *
 *   descriptors, threads, processes, and mappings of children's pages: not at all, once the dead
 *   are buried; at the end everything is as before the first worker (tests/support/census.h)
 *   heap in use: at most HEAP_TOLERANCE more than after the warm-up, which is less than one child
 *   takes; resident memory: RSS_TOLERANCE, for it depends on which pages libc has given back
 *
 * Each cycle has its own dice, from the seed and its number. So a cycle can be played by itself; one
 * that needs its history is reached by playing from the beginning.
 */
#include "soak/soak.h"

#include <dirent.h>
#include <getopt.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/census.h"

#define CYCLES         20000
#define CHECKS         20 /* in a run */
#define CHECK_LEAST    100
#define STALL_SECONDS  120 /* no cycle takes that long, even on a busy machine: something hangs */
#define LOG_SHOWN      1000
#define ROW_CAP        (1 << 20) /* so that an endless row ends soon */
#define HEAP_TOLERANCE 1024
#define RSS_TOLERANCE  (8 << 20)
#define SETTLE_MS      20000

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true /* its heap is not libc's: LeakSanitizer looks at the end */
#else
#define SANITIZED false
#endif

/* What this process holds when every worker is idle. */
struct holdings {
	size_t descriptors, threads, processes, pages;
	size_t mappings;  /* of all kinds; told, not judged: libc maps and unmaps */
	size_t heap, rss; /* bytes */
};

struct run {
	struct soak soak;
	uint64_t from, cycles, every;
	const char *only, *leak;
	bool has_base;
	struct holdings base, last;
	uint64_t *played; /* of each fault */
	int64_t began_ns;
};

static struct run run = { .soak.error = LW_ERROR_INIT };
static const char *program;

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- Failing ------------------------------------------------------------------------------- */

void
soak_fail(const struct soak *s, const char *format, ...)
{
	size_t tail = strlen(s->error.log_tail);
	char replay[4352];
	va_list arguments;

	(void)fflush(stdout);
	fprintf(stderr, "FAILED in cycle %" PRIu64 ", %s: ", s->cycle, s->fault);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nthe last result was %s (%s): %s\n", lw_code_name(s->code),
	    lw_verdict_name(s->error.verdict), s->error.message);
	if (s->code != LW_OK && tail > 0)
		fprintf(stderr, "the child had written:\n%s\n",
		    s->error.log_tail + (tail > LOG_SHOWN ? tail - LOG_SHOWN : 0));
	(void)snprintf(replay, sizeof replay, "%s --seed %" PRIu64 "%s%s", program, s->seed,
	    run.only ? " --only " : "", run.only ? run.only : "");
	fprintf(stderr,
	    "replay this cycle alone:   %s --from %" PRIu64 " --cycles 1\n"
	    "with all that came before: %s --cycles %" PRIu64 "\n",
	    replay, s->cycle, replay, s->cycle + 1);
	_exit(EXIT_FAILURE);
}

static void
on_stall(int signal)
{
	(void)signal;
	soak_fail(&run.soak, "nothing has happened for %d s", STALL_SECONDS);
}

/* ---- Dice ---------------------------------------------------------------------------------- */

/* Vigna's splitmix64: neighbouring seeds and cycles have nothing in common. */
static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
soak_roll(struct soak *s, uint64_t sides)
{
	return next_random(&s->dice) % sides;
}

static void
take_dice(struct soak *s)
{
	uint64_t state = s->seed;

	state = next_random(&state) ^ s->cycle;
	s->dice = next_random(&state);
}

/* ---- Holdings ------------------------------------------------------------------------------ */

static size_t
count_entries(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	if (directory == NULL)
		soak_fail(&run.soak, "cannot read %s", path);
	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(directory);
	return count;
}

static size_t
count_mappings(const char *of)
{
	FILE *file = fopen("/proc/self/maps", "re");
	char line[4352];
	size_t count = 0;

	if (file == NULL)
		soak_fail(&run.soak, "cannot read the mappings");
	while (fgets(line, sizeof line, file) != NULL)
		count += strstr(line, of) != NULL;
	(void)fclose(file);
	return count;
}

static size_t
resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	size_t all, resident = 0;

	if (file == NULL || fscanf(file, "%zu %zu", &all, &resident) != 2)
		soak_fail(&run.soak, "cannot read the resident memory");
	(void)fclose(file);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static struct holdings
look(void)
{
	struct mallinfo2 heap = mallinfo2();
	struct holdings h = {
		.descriptors = count_entries("/proc/self/fd"),
		.threads = count_entries("/proc/self/task"),
		.processes = census_descendants(NULL, 0),
		.pages = count_mappings("leanworker-stop"),
		.mappings = count_mappings(""),
		.heap = heap.uordblks + heap.hblkhd,
		.rss = resident_bytes(),
	};

	return h;
}

static void
print_holdings(const struct holdings *h, FILE *out)
{
	fprintf(out,
	    "%zu descriptors, %zu threads, %zu processes, %zu pages of children, %zu mappings, "
	    "heap %zu KiB, resident %zu KiB",
	    h->descriptors, h->threads, h->processes, h->pages, h->mappings, h->heap >> 10,
	    h->rss >> 10);
}

/* A thread that was joined may be listed for a moment; nothing else is waited for. */
static bool
threads_are_gone(void *context)
{
	const struct holdings *base = context;

	return count_entries("/proc/self/task") <= base->threads;
}

static void
compare_holdings(struct run *r)
{
	const struct holdings *b = &r->base, *h = &r->last;

	if (h->descriptors == b->descriptors && h->threads == b->threads &&
	    h->processes == b->processes && h->pages == b->pages &&
	    (SANITIZED ||
		(h->heap <= b->heap + HEAP_TOLERANCE && h->rss <= b->rss + RSS_TOLERANCE)))
		return;
	fprintf(stderr, "after the warm-up: ");
	print_holdings(b, stderr);
	fprintf(stderr, "\nnow:               ");
	print_holdings(h, stderr);
	fprintf(stderr, "\n");
	soak_fail(&r->soak, "something grows");
}

/* What a library could do: the test of this program that it would be seen. */
static void
leak(const struct run *r)
{
	static void *volatile kept[2];

	if (r->leak == NULL)
		return;
	if (strcmp(r->leak, "descriptor") == 0) {
		(void)dup(STDERR_FILENO);
	} else if (strcmp(r->leak, "memory") == 0) {
		kept[0] = malloc(16);
		kept[1] = kept[0]; /* so that the compiler leaves it in */
	} else if (strcmp(r->leak, "zombie") == 0) {
		if (fork() == 0)
			_exit(0);
	} else {
		soak_fail(&r->soak, "there is no leak of \"%s\"", r->leak);
	}
}

/* Every worker gets a fresh child, so that what they hold does not depend on the last fault. */
static void
check(struct run *r)
{
	struct soak *s = &r->soak;

	s->fault = "the check";
	s->restarted = LW_RESTART_NONE;
	s->any_restart = false;
	for (unsigned i = 0; i < s->site_count; i++) {
		s->code = lw_worker_cycle(s->sites[i].worker, NULL, &s->error);
		if (s->code != LW_OK)
			soak_fail(s, "a cycle failed");
		site_use(s, &s->sites[i]);
		site_settle(s, &s->sites[i]);
	}
	if (r->has_base)
		(void)wait_until(threads_are_gone, &r->base, SETTLE_MS);
	r->last = look();
	if (r->has_base)
		compare_holdings(r);
	else
		r->base = r->last;
	r->has_base = true;
	printf("%8" PRIu64 " cycles, %5.0f s: ", s->cycle + 1 - r->from,
	    (double)(now_ns() - r->began_ns) / 1e9);
	print_holdings(&r->last, stdout);
	printf("\n");
	(void)fflush(stdout);
}

/* What the library counted is what came of the calls. */
static void
check_statistics(const struct soak *s, const struct site *at)
{
	struct lw_worker_statistics is = LW_WORKER_STATISTICS_INIT;

	(void)lw_worker_statistics(at->worker, &is);
	if (is.requests != at->requests)
		soak_fail(s, "%" PRIu64 " requests are counted, %" PRIu64 " were made", is.requests,
		    at->requests);
	for (int i = 1; i < LW_VERDICT_COUNT; i++)
		if (is.failures[i] != at->failures[i])
			soak_fail(s, "%" PRIu64 " requests are counted as %s, %" PRIu64 " were so",
			    is.failures[i], lw_verdict_name((lw_verdict)i), at->failures[i]);
	if (is.generations != site_generation(at) && !at->has_spare)
		soak_fail(s, "%u children are counted, this is generation %u", is.generations,
		    site_generation(at));
}

/* ---- Beginning and end --------------------------------------------------------------------- */

/* A handler has no other way to the token than through here. */
static void
on_timer(int signal)
{
	(void)signal;
	lw_cancel_token_cancel(run.soak.token);
}

static void
set_signals(struct soak *s)
{
	struct sigaction timer = { .sa_handler = on_timer }, stall = { .sa_handler = on_stall };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };

	(void)sigaction(SIGUSR1, &timer, NULL);
	(void)sigaction(SIGALRM, &stall, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &s->timer) != 0)
		soak_fail(s, "no timer");
}

/* Different in containment and in when a child is replaced; those that the system allows. */
static void
open_sites(struct soak *s)
{
	static const struct {
		lw_containment containment;
		lw_replacement replacement;
		uint32_t spare;
	} kinds[SITES_MAX] = {
		{ LW_CONTAINMENT_BEST, LW_REPLACE_LAZY, 0 },
		{ LW_CONTAINMENT_SUBREAPER, LW_REPLACE_EAGER, 0 },
		{ LW_CONTAINMENT_USER_PID_NAMESPACE, LW_REPLACE_LAZY, 0 },
		{ LW_CONTAINMENT_SUBREAPER, LW_REPLACE_LAZY, 0 },
		{ LW_CONTAINMENT_BEST, LW_REPLACE_LAZY, 1 },
	};

	for (int i = 0; i < SITES_MAX; i++) {
		struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
		lw_worker *trial = NULL;

		options.child_path = SOAK_CHILD;
		options.containment = kinds[i].containment;
		options.row_cap = ROW_CAP;
		options.restart.replacement = kinds[i].replacement;
		options.restart.spare = kinds[i].spare;
		options.restart.max_deaths = LW_NO_LIMIT;
		options.restart.backoff_ms = options.restart.backoff_max_ms = 1;
		s->code = lw_worker_start(&options, NULL, &trial, &s->error);
		lw_worker_close(&trial);
		if (s->error.verdict != LW_V_CHILD_NOT_CONTAINED)
			site_open(s, &s->sites[s->site_count++], &options);
	}
}

static void
begin(struct soak *s)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	static const char *const libraries[] = { "one", "two" };

	s->fault = "the start";
	set_signals(s);
	options.host = "chaos";
	options.module = "none";
	for (int i = 0; i < 2; i++) {
		options.library = libraries[i];
		if (lw_capability_create(&options, &s->capabilities[i], &s->error) != LW_OK)
			soak_fail(s, "no capability");
	}
	if (lw_cancel_token_create(&s->token, &s->error) != LW_OK)
		soak_fail(s, "no token");
	open_sites(s);
}

static void
end(struct soak *s)
{
	s->fault = "the end";
	for (unsigned i = 0; i < s->site_count; i++) {
		check_statistics(s, &s->sites[i]);
		site_close(&s->sites[i]);
	}
	for (int i = 0; i < 2; i++)
		lw_capability_free(&s->capabilities[i]);
	(void)timer_delete(s->timer);
	lw_cancel_token_free(&s->token);
	(void)signal(SIGUSR1, SIG_DFL);
	(void)alarm(0);
	(void)signal(SIGALRM, SIG_DFL);
}

static void
play_cycles(struct run *r)
{
	struct soak *s = &r->soak;
	uint64_t last = r->from + r->cycles;
	size_t index;

	r->began_ns = now_ns();
	for (s->cycle = r->from; s->cycle < last; s->cycle++) {
		struct site *at;
		const struct fault *fault;

		(void)alarm(STALL_SECONDS);
		take_dice(s);
		at = &s->sites[soak_roll(s, s->site_count)];
		fault = fault_pick(s, r->only, &index);
		fault_play(s, at, fault);
		r->played[index]++;
		leak(r);
		if ((s->cycle + 1 - r->from) % r->every == 0 || s->cycle + 1 == last)
			check(r);
	}
	s->cycle--;
}

static void
print_summary(const struct run *r)
{
	double seconds = (double)(now_ns() - r->began_ns) / 1e9;

	for (size_t i = 0; i < fault_count; i++)
		if (r->played[i] > 0)
			printf("%s %" PRIu64 "%s", fault_name(i), r->played[i],
			    i + 1 < fault_count ? ", " : "\n");
	printf("ok: %" PRIu64 " cycles over %u workers in %.0f s, %.0f a minute; seed %" PRIu64
	       "\n",
	    r->cycles, r->soak.site_count, seconds, (double)r->cycles * 60 / seconds, r->soak.seed);
	if (!SANITIZED)
		printf("grown since the warm-up: heap %+zd bytes, resident %+zd KiB\n",
		    (ssize_t)(r->last.heap - r->base.heap),
		    (ssize_t)(r->last.rss - r->base.rss) / 1024);
}

/* ---- Options ------------------------------------------------------------------------------- */

static _Noreturn void
usage(FILE *out, int status)
{
	fputs("usage: soak [option...]\n"
	      "  --cycles N   20000\n"
	      "  --seed N     another one each time\n"
	      "  --from N     the first cycle; 0\n"
	      "  --only NAME  this fault alone\n"
	      "  --leak WHAT  descriptor, memory or zombie, in each cycle: it must be found\n"
	      "  --list       the faults\n",
	    out);
	exit(status);
}

static uint64_t
number(const char *text)
{
	char *rest;
	uint64_t value = strtoull(text, &rest, 10);

	if (*text == '\0' || *rest != '\0')
		usage(stderr, 2);
	return value;
}

static void
read_options(struct run *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "cycles", 1, NULL, 'c' },
		{ "seed", 1, NULL, 's' },
		{ "from", 1, NULL, 'f' },
		{ "only", 1, NULL, 'o' },
		{ "leak", 1, NULL, 'k' },
		{ "list", 0, NULL, 'l' },
		{ "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	r->cycles = CYCLES;
	r->soak.seed = (uint64_t)now_ns() % 1000000;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'c':
			r->cycles = number(optarg);
			break;
		case 's':
			r->soak.seed = number(optarg);
			break;
		case 'f':
			r->from = number(optarg);
			break;
		case 'o':
			r->only = optarg;
			break;
		case 'k':
			r->leak = optarg;
			break;
		case 'l':
			for (size_t i = 0; i < fault_count; i++)
				puts(fault_name(i));
			exit(0);
		case 'h':
			usage(stdout, 0);
		default:
			usage(stderr, 2);
		}
	if (optind != argc || r->cycles == 0)
		usage(stderr, 2);
	if (r->only != NULL && fault_pick(&r->soak, r->only, &(size_t){ 0 }) == NULL)
		usage(stderr, 2);
	r->every = r->cycles / CHECKS > CHECK_LEAST ? r->cycles / CHECKS : CHECK_LEAST;
}

/*
 * libc keeps what a thread has freed apart, and counts it as in use: without that the heap in use is
 * the same number after any number of cycles. It can only be said before a program starts.
 */
static void
have_plain_heap(char **argv)
{
	if (getenv("GLIBC_TUNABLES") != NULL)
		return;
	(void)setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
	(void)execv("/proc/self/exe", argv);
}

int
main(int argc, char **argv)
{
	struct census *before;
	char *left = NULL;

	program = argv[0];
	have_plain_heap(argv);
	read_options(&run, argc, argv);
	run.played = calloc(fault_count, sizeof *run.played);
	printf("%" PRIu64 " cycles, seed %" PRIu64 "\n", run.cycles, run.soak.seed);
	(void)fflush(stdout);
	census_adopt_orphans();
	before = census_take();
	begin(&run.soak);
	play_cycles(&run);
	end(&run.soak);
	if (!census_restored(before, SETTLE_MS, &left))
		soak_fail(&run.soak, "something is left behind:\n%s", left);
	census_free(before);
	print_summary(&run);
	free(run.played);
	return EXIT_SUCCESS;
}
