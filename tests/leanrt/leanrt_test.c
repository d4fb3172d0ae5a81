/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanrt_test.c - the checker can fail: what it is there to find is done here on purpose.
 *
 * The runtime is one per process and most of these end theirs, so each case runs in a child;
 * the parent never starts the runtime.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <lean/lean.h>

#include "shadow.h"

#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND 0
#endif

/* For accesses that a sanitizer would report before we can see what they do. */
#define UNSANITIZED __attribute__((noinline, no_sanitize("address", "undefined")))

extern lean_object *l_Lean_versionString;

struct outcome {
	int signal;
	int status;
	char text[8192]; /* what it wrote to stderr */
};

static void
read_all(int fd, char *to, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room - 1 && (got = read(fd, to + n, room - 1 - n)) > 0)
		n += (size_t)got;
	to[n] = '\0';
}

static struct outcome
run(void (*fn)(void))
{
	struct outcome o = { 0 };
	int out[2], status;
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(out[0]);
		dup2(out[1], STDERR_FILENO);
		/* cmocka's handlers are in the way of the runtime's. */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		fn();
		_exit(0);
	}
	close(out[1]);
	read_all(out[0], o.text, sizeof o.text);
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	o.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	o.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return o;
}

static void
expect_text(const struct outcome *o, const char *text)
{
	if (strstr(o->text, text) == NULL)
		fail_msg("no \"%s\" in: %s", text, o->text);
}

static void
expect_abort(void (*fn)(void), const char *text)
{
	struct outcome o = run(fn);

	expect_text(&o, text);
	assert_int_equal(o.signal, SIGABRT);
}

static struct outcome
expect_exit(void (*fn)(void), int status)
{
	struct outcome o = run(fn);

	if (o.signal != 0 || o.status != status)
		fail_msg("signal %d, status %d: %s", o.signal, o.status, o.text);
	return o;
}

static void
must(bool truth, const char *what)
{
	if (!truth)
		leanrt_die("not so: %s", what);
}
#define MUST(truth) must((truth), #truth)

static lean_object *
pair(lean_object *a, lean_object *b)
{
	lean_object *p = lean_alloc_ctor(0, 2, 0);

	lean_ctor_set(p, 0, a);
	lean_ctor_set(p, 1, b);
	return p;
}

/* --- Leaks. --- */

static void
leaks(void)
{
	lean_initialize();
	pair(lean_mk_string("forgotten\nline"), lean_box(1));
	_exit(leanrt_report(STDERR_FILENO));
}

static void
a_leak_is_reported_with_kind_and_content(void **unused)
{
	struct outcome o = expect_exit(leaks, 2);

	(void)unused;
	expect_text(&o, "leanrt: live objects 2, allocated ");
	expect_text(&o, "leanrt: leaked 1 constructor\n");
	expect_text(&o, "leanrt: leaked 1 string\n");
	expect_text(&o, "\"forgotten.line\"");
}

static void
leaks_a_hundred(void)
{
	lean_initialize();
	for (int i = 0; i < 100; i++)
		lean_mk_empty_array();
	_exit(leanrt_report(STDERR_FILENO));
}

static void
ten_leaks_are_shown_and_all_are_counted(void **unused)
{
	struct outcome o = expect_exit(leaks_a_hundred, 100);
	unsigned samples = 0;

	(void)unused;
	for (const char *at = o.text; (at = strstr(at, "leaked array 0x")) != NULL; at++)
		samples++;
	assert_int_equal(samples, 10);
	expect_text(&o, "leanrt: leaked 100 array\n");
}

static void
frees_everything(void)
{
	struct leanrt_counts before, after;

	lean_initialize();
	leanrt_counts(&before);
	lean_dec(pair(lean_mk_string("kept"), lean_mk_empty_array()));
	leanrt_counts(&after);
	MUST(after.allocated == before.allocated + 3 && after.freed == before.freed + 3);
	MUST(after.persistent == before.persistent && before.persistent > 0);
	MUST(leanrt_live() == 0);
	_exit(leanrt_report(STDERR_FILENO));
}

static void
without_a_leak_one_line_is_written(void **unused)
{
	struct outcome o = expect_exit(frees_everything, 0);

	(void)unused;
	expect_text(&o, "leanrt: live objects 0, allocated ");
	assert_ptr_equal(strchr(o.text, '\n'), o.text + strlen(o.text) - 1);
}

static void
keeps_state_in_a_module_reference(void)
{
	lean_object *ref;

	lean_initialize();
	ref = lean_st_mk_ref(lean_mk_string("at start"));
	lean_mark_persistent(ref);
	lean_st_ref_set(ref, pair(lean_mk_string("state"), lean_box(0)));
	MUST(leanrt_live() == 0);
	lean_mk_string("leaked beside it");
	_exit(leanrt_report(STDERR_FILENO));
}

static void
what_a_module_reference_holds_is_no_leak(void **unused)
{
	struct outcome o = expect_exit(keeps_state_in_a_module_reference, 1);

	(void)unused;
	assert_null(strstr(o.text, "\"state\""));
}

/* --- Lifetimes. --- */

static void
frees_twice(void)
{
	lean_object *s;

	lean_initialize();
	s = lean_mk_string("x");
	lean_dec(s);
	lean_dec(s);
}

static void
frees_a_stranger(void)
{
	static lean_object o = { .m_rc = 1, .m_tag = LWL_TAG_STRING };

	lean_initialize();
	lean_dec(&o);
}

static void
frees_a_pointer_into_an_object(void)
{
	lean_object *p;

	lean_initialize();
	p = lean_mk_string("123456789abcdef");
	lean_free_object((lean_object *)lean_string_cstr(p));
}

static void
frees_one_count_through_two_fields(void)
{
	lean_object *s;

	lean_initialize();
	s = lean_mk_string("x");
	lean_dec(pair(s, s));
}

static void
frees_a_shell_that_is_shared(void)
{
	lean_object *s;

	lean_initialize();
	s = lean_mk_string("x");
	lean_inc(s);
	lean_free_object(s);
}

static lean_object *
stale(void)
{
	lean_object *s;

	lean_initialize();
	s = lean_mk_string("a string of more than eight bytes");
	lean_dec(s);
	return s;
}

static void
reads_after_free(void)
{
	lean_string_cstr(stale());
}

static void
retains_after_free(void)
{
	lean_inc(stale());
}

static void
stores_after_free(void)
{
	lean_dec(pair(stale(), lean_box(0)));
}

UNSANITIZED static uint64_t
peek(const void *p)
{
	return *(const volatile uint64_t *)p;
}

UNSANITIZED static void
poke(void *p, uint8_t v)
{
	*(volatile uint8_t *)p = v;
}

static void
peeks_after_free(void)
{
	leanrt_die("read %llx", (unsigned long long)peek((char *)stale() + 8));
}

static void
pokes_after_free(void)
{
	poke((char *)stale() + 40, 'x');
	leanrt_report(STDERR_FILENO);
}

static void
pokes_after_free_and_fills_the_quarantine(void)
{
	static char big[1 << 20];

	poke((char *)stale() + 40, 'x');
	memset(big, 'x', sizeof big - 1);
	for (int i = 0; i < 80; i++)
		lean_dec(lean_mk_ascii_string_unchecked(big));
}

static void
pokes_past_the_end(void)
{
	lean_object *s;

	lean_initialize();
	s = lean_mk_string("x");
	poke((char *)lean_string_cstr(s) + lean_string_capacity(s), 'x');
	lean_dec(s);
}

static void
forgets_a_field(void)
{
	lean_initialize();
	lean_dec(lean_alloc_ctor(0, 1, 0));
}

static void
lifetimes_are_checked(void **unused)
{
	(void)unused;
	expect_abort(frees_twice, "release of freed string");
	expect_abort(frees_twice, "double free");
	expect_abort(frees_a_stranger, "which is no object of this runtime");
	expect_abort(frees_a_pointer_into_an_object, "which is no object of this runtime");
	expect_abort(frees_one_count_through_two_fields, "double free");
	expect_abort(frees_a_shell_that_is_shared, "lean_free_object of string");
	expect_abort(reads_after_free, "use of freed string");
	expect_abort(retains_after_free, "retain of freed string");
	expect_abort(stores_after_free, "double free");
	expect_abort(peeks_after_free, "read dededededededede");
	expect_abort(pokes_after_free, "write to freed string");
	expect_abort(pokes_after_free_and_fills_the_quarantine, "write to freed string");
	expect_abort(pokes_past_the_end, "write past the end of string");
	expect_abort(forgets_a_field, "a field that was never set");
}

/* --- Kinds, bounds and promises. --- */

static void
takes_an_array_for_a_string(void)
{
	lean_initialize();
	lean_string_push(lean_mk_empty_array(), 'x');
}

static void
takes_a_scalar_for_an_object(void)
{
	lean_initialize();
	lean_dec_ref(lean_box(3));
}

static void
takes_floats_for_bytes(void)
{
	lean_initialize();
	lean_byte_array_push(lean_mk_empty_float_array(lean_box(1)), 1);
}

static void
asks_for_the_sixth_field(void)
{
	lean_initialize();
	lean_ctor_get(pair(lean_box(0), lean_box(0)), 5);
}

static void
reads_a_scalar_where_objects_are(void)
{
	lean_initialize();
	lean_ctor_get_uint8(pair(lean_box(0), lean_box(0)), 8);
}

static void
breaks_a_promise_of_utf8(void)
{
	lean_initialize();
	lean_mk_string_unchecked("\xc3(", 2, 2);
}

static void
breaks_a_promise_of_length(void)
{
	lean_initialize();
	lean_mk_string_unchecked("\xc3\xa9", 2, 2);
}

static void
breaks_a_promise_of_position(void)
{
	lean_initialize();
	lean_string_utf8_get_fast(lean_mk_string("\xc3\xa9"), lean_box(1));
}

static void
takes_the_value_of_a_taken_reference(void)
{
	lean_object *ref;

	lean_initialize();
	ref = lean_st_mk_ref(lean_box(1));
	lean_st_ref_take(ref);
	lean_st_ref_get(ref);
}

static void
takes_an_error_for_a_value(void)
{
	lean_initialize();
	lean_io_result_take_value(lean_io_result_mk_error(lean_box(0)));
}

static void
calls_what_is_not_there(void)
{
	void lean_io_promise_new(void);

	lean_initialize();
	lean_io_promise_new();
}

static void
kinds_and_bounds_are_checked(void **unused)
{
	(void)unused;
	expect_abort(takes_an_array_for_a_string, "expected string, got array");
	expect_abort(takes_a_scalar_for_an_object, "expected object, got scalar");
	expect_abort(takes_floats_for_bytes, "expected byte array");
	expect_abort(asks_for_the_sixth_field, "index 5 is outside of the 2 of constructor");
	expect_abort(reads_a_scalar_where_objects_are, "lean_ctor_get_uint8: index 8");
	expect_abort(breaks_a_promise_of_utf8, "is not UTF-8");
	expect_abort(breaks_a_promise_of_length, "1 characters is said to have 2");
	expect_abort(breaks_a_promise_of_position, "no character of string");
	expect_abort(takes_the_value_of_a_taken_reference, "was taken");
	expect_abort(takes_an_error_for_a_value, "of a result with tag 1");
}

static void
what_is_unsupported_aborts_with_its_name(void **unused)
{
	(void)unused;
	expect_abort(calls_what_is_not_there, "leanrt: unsupported: lean_io_promise_new\n");
}

/* --- Order. --- */

static void
makes_an_object_first(void)
{
	lean_mk_string("too early");
}

static void
initializes_a_module_first(void)
{
	initialize_Init(1);
}

static void
initializes_twice(void)
{
	lean_initialize();
	lean_initialize();
}

static void
initializes_both_ways(void)
{
	lean_initialize_runtime_module();
	lean_initialize();
}

static void
ends_initialization_first(void)
{
	lean_io_mark_end_initialization();
}

static void
ends_initialization_twice(void)
{
	lean_initialize();
	lean_io_mark_end_initialization();
	lean_io_mark_end_initialization();
}

static void
makes_two_task_managers(void)
{
	lean_initialize();
	lean_init_task_manager();
	lean_init_task_manager_using(2);
}

static void *
initialize_here(void *unused)
{
	(void)unused;
	initialize_Init(1);
	return NULL;
}

static void
initializes_a_module_elsewhere(void)
{
	pthread_t thread;

	lean_initialize();
	pthread_create(&thread, NULL, initialize_here, NULL);
	pthread_join(thread, NULL);
}

static void
keeps_the_order(void)
{
	char *args[] = { NULL };

	MUST(lean_setup_args(0, args) == args);
	lean_initialize();
	MUST(lean_io_initializing());
	lean_dec(initialize_Init(1));
	lean_dec(initialize_Std(1));
	lean_init_task_manager_using(0);
	lean_io_mark_end_initialization();
	MUST(!lean_io_initializing());
	lean_finalize_task_manager();
	_exit(leanrt_report(STDERR_FILENO));
}

static void
the_order_of_initialization_is_checked(void **unused)
{
	(void)unused;
	expect_exit(keeps_the_order, 0);
	expect_abort(makes_an_object_first, "an object made before lean_initialize");
	expect_abort(initializes_a_module_first, "initialize_Init before lean_initialize");
	expect_abort(initializes_twice, "initialized already");
	expect_abort(initializes_both_ways, "initialized already");
	expect_abort(ends_initialization_first, "before lean_initialize");
	expect_abort(ends_initialization_twice, "for the second time");
	expect_abort(makes_two_task_managers, "for the second time");
	expect_abort(initializes_a_module_elsewhere, "initialize_Init on another thread");
}

/* --- Identity. --- */

static void
tells_its_version(void)
{
	const char *want = getenv("LEANRT_VERSION");

	MUST(l_Lean_versionString == NULL);
	lean_initialize();
	if (want != NULL && *want == '\0')
		MUST(l_Lean_versionString == NULL);
	else
		MUST(strcmp(lean_string_cstr(l_Lean_versionString),
			 want == NULL ? "4.28.0" : want) == 0);
	MUST(leanrt_live() == 0);
}

static void
the_version_is_that_of_the_abi_or_of_the_environment(void **unused)
{
	(void)unused;
	assert_string_equal(leanrt_name(), "leanworker checking runtime (not Lean)");
	expect_exit(tells_its_version, 0);
	setenv("LEANRT_VERSION", "4.25.3", 1);
	expect_exit(tells_its_version, 0);
	setenv("LEANRT_VERSION", "", 1);
	expect_exit(tells_its_version, 0);
	unsetenv("LEANRT_VERSION");
}

/* --- Panics and signals. --- */

static void
panics(void)
{
	lean_initialize();
	MUST(lean_panic_fn(lean_box(7), lean_mk_string("PANIC at f M:1:2: why")) == lean_box(7));
	_exit(leanrt_report(STDERR_FILENO) == 0 ? 3 : 4);
}

static void
panics_silently(void)
{
	lean_initialize();
	lean_set_panic_messages(false);
	lean_panic("unseen", false);
	_exit(5);
}

static void
panics_and_exits(void)
{
	lean_initialize();
	lean_set_exit_on_panic(true);
	lean_panic("PANIC", false);
}

static void
panics_internally(void)
{
	lean_initialize();
	lean_internal_panic_unreachable();
}

static void
indexes_outside(void)
{
	lean_initialize();
	lean_array_get(lean_box(0), lean_mk_empty_array(), lean_box(0));
}

static void
a_panic_goes_on_exits_or_aborts(void **unused)
{
	struct outcome o;

	(void)unused;
	o = expect_exit(panics, 3);
	expect_text(&o, "PANIC at f M:1:2: why\n");
	expect_exit(panics_and_exits, 1);
	o = expect_exit(panics_silently, 5);
	assert_string_equal(o.text, "");
	o = expect_exit(panics_internally, 1);
	expect_text(&o, "INTERNAL PANIC: unreachable code has been reached\n");
	o = expect_exit(indexes_outside, 0);
	expect_text(&o, "Error: index out of bounds\n");
	setenv("LEAN_ABORT_ON_PANIC", "", 1);
	expect_abort(panics, "PANIC at f M:1:2: why\n");
	expect_abort(panics_internally, "INTERNAL PANIC: unreachable code has been reached\n");
	unsetenv("LEAN_ABORT_ON_PANIC");
}

UNSANITIZED static unsigned
deeper(volatile unsigned *n)
{
	volatile unsigned here = *n + 1;

	return here == 0 ? 0 : deeper(&here) + here;
}

static void
overflows_the_stack(void)
{
	volatile unsigned n = 0;

	lean_initialize();
	deeper(&n);
}

static void
faults_elsewhere(void)
{
	lean_initialize();
	poke((char *)16, 1);
}

static void
a_stack_overflow_says_so(void **unused)
{
	struct outcome o;

	(void)unused;
#ifdef RT_ASAN
	skip();
#endif
	if (RUNNING_ON_VALGRIND)
		skip();
	expect_abort(overflows_the_stack, "\nStack overflow detected. Aborting.\n");
	o = run(faults_elsewhere);
	assert_int_equal(o.signal, SIGSEGV);
	assert_null(strstr(o.text, "Stack overflow"));
}

static void
writes_to_nobody(void)
{
	int p[2];

	lean_initialize();
	MUST(pipe(p) == 0);
	close(p[0]);
	MUST(write(p[1], "x", 1) == -1);
}

static void
sigpipe_is_ignored(void **unused)
{
	(void)unused;
	expect_exit(writes_to_nobody, 0);
}

/* --- What must not be taken for a fault. --- */

/* As Lean 4.29 and later emit them: in read-only memory, so that a write would fault. */
static const lean_string_object abc = {
	.m_header = { .m_rc = 0, .m_cs_sz = 0, .m_other = 0, .m_tag = 249 },
	.m_size = 4,
	.m_capacity = 4,
	.m_length = 3,
	.m_data = "abc"
};

static void
uses_static_constants(void)
{
	lean_object *o = (lean_object *)&abc, *p;

	lean_initialize();
	lean_inc(o);
	lean_dec(o);
	lean_mark_persistent(o);
	lean_mark_mt(o);
	p = pair(o, o);
	lean_dec(p);
	p = lean_string_append(o, o);
	MUST(strcmp(lean_string_cstr(p), "abcabc") == 0);
	lean_dec(p);
	MUST(leanrt_live() == 0);
}

static void
frees_a_long_list(void)
{
	lean_object *list = lean_box(0);

	lean_initialize();
	for (int i = 0; i < (RUNNING_ON_VALGRIND ? 20000 : 500000); i++)
		list = pair(lean_box(1), list);
	lean_dec(list);
	MUST(leanrt_live() == 0);
}

static pthread_barrier_t all_here;

static void *
count_up_and_down(void *o)
{
	pthread_barrier_wait(&all_here);
	for (int i = 0; i < (RUNNING_ON_VALGRIND ? 500 : 50000); i++) {
		lean_inc(o);
		lean_dec(o);
	}
	lean_dec(o);
	return NULL;
}

static void
shares_between_threads(void)
{
	pthread_t threads[4];
	lean_object *o;

	lean_initialize();
	pthread_barrier_init(&all_here, NULL, 4);
	o = pair(lean_mk_string("shared"), lean_box(0));
	lean_mark_mt(o);
	MUST(o->m_rc == -1 && lean_ctor_get(o, 0)->m_rc == -1);
	for (int i = 0; i < 4; i++) {
		lean_inc(o);
		pthread_create(&threads[i], NULL, count_up_and_down, o);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	MUST(o->m_rc == -1);
	lean_dec(o);
	MUST(leanrt_live() == 0);
}

static void
marks_persistent(void)
{
	lean_object *shared, *p, *list = lean_box(0);
	struct leanrt_counts c;
	uint64_t before;

	lean_initialize();
	leanrt_counts(&c);
	before = c.persistent;
	shared = lean_mk_string("x");
	lean_inc(shared);
	p = pair(shared, pair(shared, list));
	lean_mark_persistent(p);
	leanrt_counts(&c);
	MUST(c.persistent == before + 3 && c.live == 0);
	lean_dec(p);
	lean_inc(shared);
	MUST(shared->m_rc == 0 && strcmp(lean_string_cstr(shared), "x") == 0);
}

static lean_object *
make_constant(void)
{
	return lean_mk_string("once");
}

static void
evaluates_once(void)
{
	static lean_once_cell_t cell = LEAN_ONCE_CELL_INITIALIZER;
	static lean_object *constant;
	lean_object *a, *b;

	lean_initialize();
	a = lean_obj_once(&constant, &cell, make_constant);
	b = lean_obj_once(&constant, &cell, make_constant);
	MUST(a == b && a->m_rc == 0 && leanrt_live() == 0);
}

static void
what_is_right_passes(void **unused)
{
	(void)unused;
	expect_exit(uses_static_constants, 0);
	expect_exit(frees_a_long_list, 0);
	expect_exit(shares_between_threads, 0);
	expect_exit(marks_persistent, 0);
	expect_exit(evaluates_once, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leak_is_reported_with_kind_and_content),
		cmocka_unit_test(ten_leaks_are_shown_and_all_are_counted),
		cmocka_unit_test(without_a_leak_one_line_is_written),
		cmocka_unit_test(what_a_module_reference_holds_is_no_leak),
		cmocka_unit_test(lifetimes_are_checked),
		cmocka_unit_test(kinds_and_bounds_are_checked),
		cmocka_unit_test(what_is_unsupported_aborts_with_its_name),
		cmocka_unit_test(the_order_of_initialization_is_checked),
		cmocka_unit_test(the_version_is_that_of_the_abi_or_of_the_environment),
		cmocka_unit_test(a_panic_goes_on_exits_or_aborts),
		cmocka_unit_test(a_stack_overflow_says_so),
		cmocka_unit_test(sigpipe_is_ignored),
		cmocka_unit_test(what_is_right_passes),
	};

	unsetenv("LEAN_ABORT_ON_PANIC");
	unsetenv("LEANRT_VERSION");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
