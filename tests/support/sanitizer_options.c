/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leanworker-child asks of AddressSanitizer, where it is built with it: a crash stays the
 * signal that it is, so that tests assert the same verdicts as of a plain build; a finding of the
 * sanitizer is an abort. The child's environment is an allow-list, so this cannot be said there.
 */
const char *__asan_default_options(void);

__attribute__((visibility("default"), used)) const char *
__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:"
	       "abort_on_error=1";
}
