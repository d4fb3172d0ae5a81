/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of cmocka as the tests use that are run on another machine, for which Debian's cross
 * compilers bring a libc and nothing else. A failed assertion ends the test and is printed.
 */
#ifndef LWTEST_CROSS_CMOCKA_H
#define LWTEST_CROSS_CMOCKA_H

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
	int (*setup)(void **state);
	int (*teardown)(void **state);
};

#define cmocka_unit_test(test)                                                                     \
	{                                                                                          \
#test, test, NULL, NULL                                                            \
	}
#define cmocka_unit_test_teardown(test, after)                                                     \
	{                                                                                          \
#test, test, NULL, after                                                           \
	}
#define cmocka_unit_test_setup_teardown(test, before, after)                                       \
	{                                                                                          \
#test, test, before, after                                                         \
	}
#define cmocka_run_group_tests(tests, before, after)                                               \
	cross_run(tests, sizeof(tests) / sizeof(tests)[0], before, after)

int cross_run(const struct CMUnitTest *tests, size_t count, int (*before)(void **state),
    int (*after)(void **state));

__attribute__((format(printf, 3, 4))) _Noreturn void cross_fail(
    const char *file, int line, const char *format, ...);
_Noreturn void cross_skip(void);
__attribute__((format(printf, 1, 2))) void print_message(const char *format, ...);

void cross_bytes(const char *file, int line, const void *a, const void *b, size_t size, int equal);
void cross_text(const char *file, int line, const char *a, const char *b, int equal);
void cross_number(const char *file, int line, unsigned long long a, unsigned long long b);

#define fail_msg(...) cross_fail(__FILE__, __LINE__, __VA_ARGS__)
#define skip()        cross_skip()

#define assert_true(c)                    ((c) ? (void)0 : cross_fail(__FILE__, __LINE__, "not true: %s", #c))
#define assert_false(c)                   ((c) ? cross_fail(__FILE__, __LINE__, "true: %s", #c) : (void)0)
#define assert_null(p)                    assert_true((p) == NULL)
#define assert_non_null(p)                assert_true((p) != NULL)
#define assert_ptr_equal(a, b)            assert_true((const void *)(a) == (const void *)(b))
#define assert_ptr_not_equal(a, b)        assert_true((const void *)(a) != (const void *)(b))
#define assert_in_range(value, low, high) assert_true((value) >= (low) && (value) <= (high))
#define assert_int_equal(a, b)                                                                     \
	cross_number(__FILE__, __LINE__, (unsigned long long)(a), (unsigned long long)(b))
#define assert_memory_equal(a, b, size) cross_bytes(__FILE__, __LINE__, a, b, size, 1)
#define assert_string_equal(a, b)       cross_text(__FILE__, __LINE__, a, b, 1)
#define assert_string_not_equal(a, b)   cross_text(__FILE__, __LINE__, a, b, 0)

#endif
