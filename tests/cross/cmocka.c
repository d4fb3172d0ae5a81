/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PASSED, FAILED, SKIPPED };

static jmp_buf leave;

void
cross_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("%s:%d: ", file, line);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	longjmp(leave, FAILED);
}

void
cross_skip(void)
{
	longjmp(leave, SKIPPED);
}

void
print_message(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
}

void
cross_bytes(const char *file, int line, const void *a, const void *b, size_t size, int equal)
{
	if ((size == 0 || memcmp(a, b, size) == 0) != equal)
		cross_fail(file, line, "%zu bytes are%s the same", size, equal ? " not" : "");
}

void
cross_text(const char *file, int line, const char *a, const char *b, int equal)
{
	if ((strcmp(a, b) == 0) != equal)
		cross_fail(file, line, "\"%s\" and \"%s\"", a, b);
}

void
cross_number(const char *file, int line, unsigned long long a, unsigned long long b)
{
	if (a != b)
		cross_fail(
		    file, line, "%llu (%lld) is not %llu (%lld)", a, (long long)a, b, (long long)b);
}

static int
run(const struct CMUnitTest *test)
{
	void *state = NULL;
	int end;

	if (test->setup != NULL && test->setup(&state) != 0)
		return FAILED;
	end = setjmp(leave);
	if (end == PASSED)
		test->run(&state);
	if (test->teardown != NULL && test->teardown(&state) != 0)
		end = FAILED;
	return end;
}

int
cross_run(const struct CMUnitTest *tests, size_t count, int (*before)(void **state),
    int (*after)(void **state))
{
	static const char *const words[] = { "passed", "FAILED", "skipped" };
	void *state = NULL;
	int failed = 0, end;

	if (before != NULL && before(&state) != 0)
		return 1;
	for (size_t i = 0; i < count; i++) {
		end = run(&tests[i]);
		failed += end == FAILED;
		printf("%s %s\n", words[end], tests[i].name);
	}
	if (after != NULL && after(&state) != 0)
		failed++;
	return failed;
}
