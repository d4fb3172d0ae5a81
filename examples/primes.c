/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints prime numbers that Lean finds in a supervised process: the smallest whole program.
 *
 *      primes PRIMES.capability.json
 *
 * README.md shows it; docs/tutorial.md makes the capability.
 */
#include <leanworker/capability.h>

#include <stdio.h>

struct prime { /* a row, as you want it */
	unsigned ordinal, prime;
};
LW_RECORD(prime, struct prime, LW_FIELD(ordinal), LW_FIELD(prime));

static int
print(void *context, const struct lw_row *row, const struct prime *found)
{
	(void)context, (void)row;
	return printf("%u\n", found->prime) < 0; /* anything but 0 ends the request */
}

int
main(int argc, char **argv)
{
	const struct lw_rows rows[] = { LW_ROWS("primes", prime, print) };
	struct lw_open_options options = LW_OPEN_OPTIONS_INIT;
	struct lw_opened opened = LW_OPENED_INIT;
	struct lw_error error = LW_ERROR_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;
	lw_code code;

	options.manifest = argv[argc - 1]; /* says what to load */
	LW_SINKS_ROWS(&sinks, rows);
	code = lw_open(&options, NULL, &opened, &error);
	if (code == LW_OK)
		code = lw_session_stream(opened.session, "primes_between",
		    lw_text("{\"from\": 2, \"to\": 12}"), &sinks, NULL, NULL, &error);
	if (code != LW_OK) /* a crash, a hang, a row that does not fit: all end here */
		fprintf(stderr, "%s\n", error.message);
	lw_opened_close(&opened);
	return code != LW_OK;
}
