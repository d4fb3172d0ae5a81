/* SPDX-License-Identifier: Apache-2.0 */
/* Ends and floods of a child, all of a kind: every signal, every status, every byte of a stream. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "worker/harness.h"

/* ---- A child per generation, each with an end of its own ------------------------------------- */

struct script {
	char *text;
	size_t size;
	FILE *out;
};

static void
script_begin(struct script *s)
{
	s->out = open_memstream(&s->text, &s->size);
	assert_non_null(s->out);
}

static void
play(struct harness *h, struct script *s)
{
	fclose(s->out);
	h->options.restart.max_deaths = LW_NO_LIMIT;
	harness_open_chaos(h, s->text);
}

static void
end(struct harness *h, struct script *s)
{
	harness_end(h);
	free(s->text);
}

/* Default action of the others: none, or a stop. */
static bool
terminates(int number)
{
	switch (number) {
	case SIGCHLD:
	case SIGCONT:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGURG:
	case SIGWINCH:
		return false;
	default:
		return number <= 31 || (number >= 34 && number <= 64);
	}
}

static int
next_terminating(int number)
{
	do
		number++;
	while (number <= 64 && !terminates(number));
	return number;
}

static lw_verdict
verdict_of(int number)
{
	if (number == SIGKILL)
		return LW_V_KILLED_FROM_OUTSIDE;
	return number == SIGXCPU || number == SIGXFSZ ? LW_V_RESOURCE_LIMIT : LW_V_SIGNALLED;
}

static void
every_signal_that_ends_a_process_is_named(void **state)
{
	struct harness h = HARNESS_INIT;
	struct script s;
	int generation = 0;

	(void)state;
	script_begin(&s);
	for (int number = next_terminating(0); number <= 64; number = next_terminating(number))
		fprintf(s.out, "on run@%d: rows 1; signal %d|", ++generation, number);
	play(&h, &s);
	for (int number = next_terminating(0); number <= 64; number = next_terminating(number)) {
		(void)harness_stream(&h, "any", "{}");
		EXPECT_FAILURE(&h, verdict_of(number));
		assert_int_equal(h.error.exit.signal, number);
		assert_int_equal(h.error.exit.ordered, 0);
		assert_int_equal(h.error.rows, 1);
	}
	assert_int_equal(generation, 54);
	end(&h, &s);
}

static void
every_exit_status_is_named_and_none_is_a_success(void **state)
{
	struct harness h = HARNESS_INIT;
	struct script s;

	(void)state;
	script_begin(&s);
	for (int status = 0; status < 256; status++)
		fprintf(s.out, "on run@%d: rows 1; exit %d|", status + 1, status);
	play(&h, &s);
	for (int status = 0; status < 256; status++) {
		(void)harness_stream(&h, "any", "{}");
		EXPECT_FAILURE(&h, LW_V_EXITED);
		assert_int_equal(h.error.exit.code, status);
		assert_int_equal(h.error.rows, 1);
	}
	end(&h, &s);
}

enum { CUTS_MAX = 400 };

static void
a_stream_that_ends_at_any_byte_leaves_the_rows_before_it(void **state)
{
	struct harness h = HARNESS_INIT;
	struct script s;
	uint64_t rows = 0;
	int cut = 0;

	(void)state;
	script_begin(&s);
	for (int i = 1; i <= CUTS_MAX; i++)
		fprintf(s.out, "on run@%d: cut %d; rows 3|", i, i);
	play(&h, &s);
	while (harness_stream(&h, "any", "{}") != LW_OK) {
		cut++;
		EXPECT_FAILURE(&h, LW_V_EXITED);
		assert_int_equal(h.error.exit.code, 3);
		assert_int_equal(h.error.rows, h.rows_seen);
		assert_in_range(h.rows_seen, rows, rows + 1);
		rows = h.rows_seen;
		assert_in_range(cut, 1, CUTS_MAX);
	}
	assert_int_equal(h.summary.rows, 3); /* with the last byte of END, and not before */
	assert_int_equal(rows, 3);
	assert_in_range(cut, 100, CUTS_MAX);
	end(&h, &s);
}

/* ---- Slower than it would be ----------------------------------------------------------------- */

struct flapper {
	pid_t pid;
	atomic_bool done;
	unsigned times;
};

static void *
flap(void *flapper)
{
	struct flapper *f = flapper;
	const struct timespec nap = { .tv_nsec = 300000 };

	while (!atomic_load(&f->done)) {
		(void)kill(f->pid, SIGSTOP);
		(void)nanosleep(&nap, NULL);
		(void)kill(f->pid, SIGCONT);
		(void)nanosleep(&nap, NULL);
		f->times++;
	}
	return NULL;
}

static void
a_worker_that_is_stopped_and_continued_a_thousand_times_a_second_delivers(void **state)
{
	struct harness h = HARNESS_INIT;
	struct flapper f = { 0 };
	pthread_t thread;

	(void)state;
	harness_open_chaos(&h, "on run: rows 400 size=50000");
	f.pid = harness_pid(&h);
	assert_int_equal(pthread_create(&thread, NULL, flap, &f), 0);
	do
		(void)harness_stream(&h, "any", "{}");
	while (h.code == LW_OK && f.times < 100);
	atomic_store(&f.done, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	if (h.code != LW_OK)
		fail_msg("%s", h.error.message);
	assert_int_equal(h.summary.rows, 400);
	assert_int_equal(h.summary.generation, 1);
	harness_end(&h);
}

static pid_t debugged;
static volatile sig_atomic_t let_go;

static void
interrupt_it(int number)
{
	(void)number;
	let_go = 1;
	/* A bare system call, though on no list of what is safe: NOLINTNEXTLINE(*signal-handler,*sig30-c) */
	(void)ptrace(PTRACE_INTERRUPT, debugged, NULL, NULL);
}

/*
 * Stops the process at every system call that it makes, as a debugger would, until SIGTERM. It lets
 * go of it then: a process whose debugger dies at such a stop may be sent SIGTRAP by the kernel.
 */
static _Noreturn void
debug(pid_t pid, int ready)
{
	bool done = false;
	int status;

	debugged = pid;
	(void)signal(SIGTERM, interrupt_it);
	(void)!write(ready, ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? "y" : "n", 1);
	(void)ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	while (!done && waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		done = let_go != 0; /* looked at once: it may change at any time */
		(void)ptrace(done ? PTRACE_DETACH : PTRACE_SYSCALL, pid, NULL, NULL);
	}
	_exit(0);
}

static void
a_worker_under_a_debugger_is_slow_and_works(void **state)
{
	struct harness h = HARNESS_INIT;
	int ready[2];
	pid_t debugger, worker;
	char byte = 'n';

	(void)state;
	harness_open_chaos(&h, "on run: rows 200");
	worker = harness_pid(&h);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	debugger = fork();
	if (debugger == 0)
		debug(worker, ready[1]);
	(void)close(ready[1]);
	(void)!read(ready[0], &byte, 1);
	(void)close(ready[0]);
	if (byte == 'y') {
		assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
		assert_int_equal(h.summary.rows, 200);
		assert_int_equal(h.summary.generation, 1);
	}
	(void)kill(debugger, SIGTERM);
	assert_int_equal(waitpid(debugger, NULL, 0), debugger);
	harness_end(&h);
	if (byte != 'y') {
		print_message("this system does not let a process trace another one\n");
		skip();
	}
}

/* ---- Too much -------------------------------------------------------------------------------- */

static size_t
heap(void)
{
	struct mallinfo2 now = mallinfo2();

	return now.uordblks + now.hblkhd;
}

static size_t heap_before, heap_most;

static void
note_heap(struct harness *h, const struct lw_row *row)
{
	size_t now = heap();

	(void)h;
	(void)row;
	heap_most = now > heap_most ? now : heap_most;
}

static int
take_slowly(void *context, const struct lw_row *row)
{
	const struct timespec nap = { .tv_nsec = 300000 };

	note_heap(context, row);
	(void)nanosleep(&nap, NULL);
	return 0;
}

/* Of a hundred megabytes that are there to be had only what one read takes is ever held. */
static void
a_child_that_is_faster_than_the_callback_waits(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run: rows 1000 size=100000");
	sinks.on_row = take_slowly;
	heap_most = heap_before = heap();
	h.code = lw_session_stream(
	    h.session, "any", lw_text("{}"), &sinks, NULL, &h.summary, &h.error);
	assert_int_equal(h.code, LW_OK);
	assert_int_equal(h.summary.rows, 1000);
	assert_in_range(heap_most - heap_before, 0, 2 << 20);
	harness_end(&h);
}

static void
gigabytes_of_log_cost_no_memory(void **state)
{
	const char *wanted = getenv("LWTEST_FLOOD_MIB"); /* 256 of them take a second */
	unsigned long mib = wanted != NULL ? strtoul(wanted, NULL, 10) : 256;
	char *script = harness_script("on run#1: print %lu; rows 1; say 'the end'", mib << 20);
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	support_deadline((unsigned)(20 + mib / 20));
	h.forget_log = true;
	h.options.budgets.request_ms = 10000 + 20 * (uint32_t)mib;
	harness_open_chaos(&h, script);
	h.on_row = note_heap;
	heap_most = heap_before = heap();
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_in_range(heap_most - heap_before, 0, 2 << 20);
	harness_expect_usable(&h);
	assert_int_equal(lw_worker_statistics(h.worker, &lived), LW_OK);
	assert_in_range(lived.log_bytes, mib << 20, UINT64_MAX);
	harness_end(&h);
	free(script);
}

static void
a_long_request_that_nobody_reads_has_its_deadline(void **state)
{
	enum { SIZE = 8 << 20 };
	struct harness h = HARNESS_INIT;
	char *request = malloc(SIZE);
	int64_t began;

	(void)state;
	assert_non_null(request);
	memset(request, ' ', SIZE);
	h.options.budgets.request_ms = 300;
	harness_open_chaos(&h, "on open@1: opened; hang");
	began = harness_now_ms();
	h.code = lw_session_stream(
	    h.session, "any", lw_bytes(request, SIZE), NULL, NULL, NULL, &h.error);
	assert_in_range(harness_now_ms() - began, 290, 1800);
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_int_equal(h.error.generation, 1);
	harness_expect_usable(&h);
	assert_int_equal(harness_generation(&h), 2);
	harness_end(&h);
	free(request);
}

static lw_code
run_for(struct harness *h, const struct lw_budgets *budgets)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;

	call.budgets = *budgets;
	h->code = lw_session_stream(h->session, "any", lw_text("{}"), NULL, &call, NULL, &h->error);
	return h->code;
}

/* No scenario: the flood passes so many fault points that a sweep of it would take a day. */
static void
a_flood_without_rows_ends_at_the_requests_time(void **state)
{
	struct harness h = HARNESS_INIT;
	const struct lw_budgets request = { .request_ms = 300 }, row = { .first_row_ms = 200 };
	int64_t began;

	(void)state;
	harness_open_chaos(&h, "on run@1: flood phase=p | on run@2: flood phase=p");
	began = harness_now_ms();
	(void)run_for(&h, &request);
	EXPECT_FAILURE(&h, LW_V_REQUEST_TIMEOUT);
	assert_in_range(harness_now_ms() - began, 290, 1800);
	(void)run_for(&h, &row);
	EXPECT_FAILURE(&h, LW_V_FIRST_ROW_TIMEOUT);
	assert_int_equal(h.error.rows, 0);
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_int_equal(h.summary.generation, 3);
	harness_end(&h);
}

/* ---- What is shared -------------------------------------------------------------------------- */

/* Flags of every descriptor of this process, and the offset of one that is a file. */
static unsigned
sum_of_flags(int file)
{
	unsigned sum = (unsigned)lseek(file, 0, SEEK_CUR);

	for (int fd = 0; fd < 64; fd++)
		sum = sum * 31 + (unsigned)fcntl(fd, F_GETFL);
	return sum;
}

static void
a_child_has_no_description_in_common_with_its_parent(void **state)
{
	struct harness h = HARNESS_INIT;
	FILE *file = tmpfile();
	int saved = fcntl(0, F_DUPFD_CLOEXEC, 100);
	unsigned before;

	(void)state;
	assert_non_null(file);
	assert_int_equal(dup2(fileno(file), 0), 0); /* ours, and not what the child reads */
	harness_open_chaos(&h, "on run: tamper; rows 2");
	before = sum_of_flags(0);
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_int_equal(sum_of_flags(0), before);
	assert_int_equal(h.summary.rows, 2);
	harness_end(&h);
	if (saved >= 0)
		(void)dup2(saved, 0);
	else
		(void)close(0);
	(void)close(saved);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(every_signal_that_ends_a_process_is_named),
		LW_TEST(every_exit_status_is_named_and_none_is_a_success),
		LW_TEST(a_stream_that_ends_at_any_byte_leaves_the_rows_before_it),
		LW_TEST(a_worker_that_is_stopped_and_continued_a_thousand_times_a_second_delivers),
		LW_TEST(a_worker_under_a_debugger_is_slow_and_works),
		LW_TEST(a_child_that_is_faster_than_the_callback_waits),
		LW_TEST(gigabytes_of_log_cost_no_memory),
		LW_TEST(a_long_request_that_nobody_reads_has_its_deadline),
		LW_TEST(a_flood_without_rows_ends_at_the_requests_time),
		LW_TEST(a_child_has_no_description_in_common_with_its_parent),
	};

	return support_run(tests);
}
