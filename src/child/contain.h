/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping every descendant of the worker within reach, also those that left its session: in a pid
 * namespace the kernel ends them, under a subreaper they come back as children of the warden.
 */
#ifndef LW_CHILD_CONTAIN_H
#define LW_CHILD_CONTAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "wire/warden.h"

struct containment {
	enum warden_containment kind;
	pid_t init;   /* of the pid namespace; 0 under a subreaper */
	int order_fd; /* closing it tells init to end everybody; -1 under a subreaper */
	int ready_fd; /* init says there that it holds nothing else of ours; as above */
};

/*
 * Enters the strongest containment that this system allows, or exactly the wanted one. The worker
 * must be forked afterwards. False with errno and the step that failed.
 */
bool contain_enter(uint64_t wanted, struct containment *ret, enum warden_step *ret_step);

/*
 * Waits until init holds no lane: from then on a lane that the worker closes is closed for the parent
 * too. Meant to come after the worker was forked, so that the two start side by side. False: init died.
 */
bool contain_wait(struct containment *c);

/*
 * Kills and reaps every descendant that outlived the worker, and reaps the worker, which has ended
 * (0: there is none). Answers how many descendants there were.
 */
uint64_t contain_clear(
    struct containment *c, pid_t worker, int *ret_status, struct rusage *ret_usage);

#endif
