/* SPDX-License-Identifier: Apache-2.0 */
#include "base/deadline.h"

#include <limits.h>

#include "base/sys.h"

struct deadline
deadline_in_ms(uint32_t ms)
{
	return (struct deadline){ sys_monotonic_ns() + ms * NS_PER_MS };
}

struct deadline
deadline_earlier(struct deadline a, struct deadline b)
{
	return a.mono_ns < b.mono_ns ? a : b;
}

bool
deadline_passed(struct deadline at)
{
	return at.mono_ns != INT64_MAX && sys_monotonic_ns() >= at.mono_ns;
}

int
deadline_poll_ms(struct deadline at)
{
	int64_t left;

	if (at.mono_ns == INT64_MAX)
		return -1;
	left = at.mono_ns - sys_monotonic_ns();
	if (left <= 0)
		return 0;
	left = (left + NS_PER_MS - 1) / NS_PER_MS;
	return left > INT_MAX ? INT_MAX : (int)left;
}
