/* SPDX-License-Identifier: Apache-2.0 */
/* A library whose symbol of the right name is a function: it cannot include the header. */
__attribute__((visibility("default"))) int lw_guest_capability(void);

int
lw_guest_capability(void)
{
	return 1;
}
