/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries that cannot be opened as native capabilities: one per way, chosen when it is compiled. */
#include <leanworker/guest.h>

#if defined(BROKEN_NAME) /* the symbol has another name */

const int lw_guest_capabilities = 1;

#elif defined(BROKEN_DEPENDENCY) /* only a library behind it has the symbol */

extern const struct lw_guest_capability *native_broken(void);

const struct lw_guest_capability *
native_broken(void)
{
	return &lw_guest_capability;
}

#elif defined(PROVIDES_ANSWER) /* no capability: what NEEDS_ANSWER needs */

__attribute__((visibility("default"))) int native_answer(void);

int
native_answer(void)
{
	return 42;
}

#else

int native_answer(void); /* of PROVIDES_ANSWER */

static int
run(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)request;
	(void)size;
#ifdef NEEDS_ANSWER
	return native_answer();
#else
	return 0;
#endif
}

static const struct lw_guest_export exports[] = {
	{ "run", LW_GUEST_STREAM, run },
#ifdef BROKEN_TWICE
	{ "run", LW_GUEST_COMMAND, run },
#endif
};

#ifdef BROKEN_ABI
const struct lw_guest_capability lw_guest_capability = { sizeof lw_guest_capability,
	LW_GUEST_ABI + 1, 1, "broken", "1", exports, NULL, NULL };
#else
const struct lw_guest_capability lw_guest_capability = LW_GUEST_CAPABILITY(
    "broken", "1", exports, NULL, NULL);
#endif

#endif
