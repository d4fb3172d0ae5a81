/* SPDX-License-Identifier: Apache-2.0 */
/* Where this runs, and on which core. */
#ifndef LW_BENCH_MACHINE_H
#define LW_BENCH_MACHINE_H

#include <stdbool.h>

struct machine {
	char cpu[128];
	char kernel[256];
	char compiler[64];
	char libraries[96];
	char date[32];
	int cores;              /* that this process may use */
	double load;            /* of the last minute, when the bench began */
	int consumer, producer; /* cores; the same where there is only one */
};

void machine_look(struct machine *ret_machine);
/* Others were at work when the bench began: its figures are worth little. */
bool machine_busy(const struct machine *m);

void machine_pin(int core);
void machine_unpin(void); /* every core that the process was given at its start */

#endif
