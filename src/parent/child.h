/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One generation: a warden and its worker process, and what the parent knows of them. Mechanism
 * only: which child serves, for how long, and what follows its end is parent/worker.c's affair, of
 * which this file names nothing.
 *
 * CHILD_EDGES below is the machine; the code refuses every other change, and the Spin model in
 * tests/model is made from it.
 *
 * Condemning fixes the cause and orders the kill; nothing that arrives later is delivered. Burying
 * follows when the warden has reported and was reaped, in whichever call comes by.
 */
#ifndef LW_PARENT_CHILD_H
#define LW_PARENT_CHILD_H

#include <stdbool.h>

#include "leanworker/leanworker.h"
#include "parent/log.h"
#include "parent/request.h"
#include "parent/spawn.h"
#include "wire/frame.h"

#define CHILD_STATES(X)                                                                            \
	X(STARTING, "starting")                                                                    \
	X(READY, "ready")                                                                          \
	X(OPENING, "opening")                                                                      \
	X(IDLE, "idle")                                                                            \
	X(BUSY, "busy")                                                                            \
	X(ASKED, "asked to stop")                                                                  \
	X(LEAVING, "shutting down")                                                                \
	X(CONDEMNED, "condemned")                                                                  \
	X(BURIED, "buried")

enum child_state {
#define X(name, words) CHILD_##name,
	CHILD_STATES(X)
#undef X
	    CHILD_STATE_COUNT
};

/* clang-format off */
/*
 * From, to, the function that does it. child_condemn stands for all that condemn: a lie, a deadline,
 * a refused kill, and the ends that child_report.c sees.
 */
#define CHILD_EDGES(X) \
	X(STARTING,  READY,     child_ready_when_both) \
	X(READY,     OPENING,   child_open) \
	X(OPENING,   IDLE,      on_opened) \
	X(IDLE,      BUSY,      child_run) \
	X(BUSY,      ASKED,     child_ask_stop) \
	X(BUSY,      IDLE,      on_request) \
	X(ASKED,     IDLE,      on_request) \
	X(READY,     LEAVING,   child_shut_down) \
	X(IDLE,      LEAVING,   child_shut_down) \
	X(STARTING,  CONDEMNED, child_condemn) \
	X(READY,     CONDEMNED, child_condemn) \
	X(OPENING,   CONDEMNED, child_condemn) \
	X(IDLE,      CONDEMNED, child_condemn) \
	X(BUSY,      CONDEMNED, child_condemn) \
	X(ASKED,     CONDEMNED, child_condemn) \
	X(LEAVING,   CONDEMNED, child_condemn) \
	X(CONDEMNED, BURIED,    child_on_warden_end)
/* clang-format on */

struct child;

/* What the engine waits for; the address of one is what epoll hands back. */
struct child_source {
	struct child *child;
	void (*on_ready)(struct child *child);
};

/* What to load: the texts of an OPEN. */
struct child_recipe {
	const char *host, *runtime, *library, *package, *module, *imports;
	const char *const *dependencies;
	size_t dependency_count;
};

struct child_options {
	const char *path;
	char *const *environment;
	uint32_t generation;
	uint64_t row_cap;
	lw_containment containment;
	lw_log_fn on_log;
	void *log_context;
	lw_open_progress_fn on_open_progress;
	void *open_progress_context;
	int epoll; /* where the child registers its descriptors */
};

struct child {
	enum child_state state;
	struct child_options options;
	struct spawned io;
	pid_t pid; /* of the worker process; 0 until the warden said it */
	lw_containment containment;
	struct wire_reader reader;
	bool through_ring; /* the event lane is the ring; else the socket */
	struct ring_reader ring;
	struct deadline ring_due; /* the next look at it, while an answer is awaited */
	uint32_t look_ms;         /* and how long after the last one */
	bool may_linger;          /* there is a second processor */
	unsigned in_vain;         /* waits for a next row, of the last ones */
	unsigned sleeps_without;  /* so many more without such a wait */
	uint64_t waits;           /* of the child, for room in its ring */
	struct buffer out;        /* for the control lane, not yet written */
	bool out_watched;         /* epoll tells when it can be written again */
	uint32_t question;        /* number of the request that is being answered */
	uint32_t answered;        /* bit per message id: it came for this question */
	bool checked, healthy;    /* HEALTH was asked; HEALTHY came */
	struct request *request;  /* while BUSY or ASKED */
	bool killed;              /* we ordered its end while it lived */
	bool forced;              /* the warden was killed outright */
	bool heard;               /* something came since the last question */
	bool unread;              /* it died without having read the last question whole */
	bool ended;               /* the warden saw the worker's end; descendants may be left */
	bool bye;                 /* it said goodbye */
	bool open_stopped;        /* the opening ended because it was asked to */
	bool deaf;                /* what is sent to it does not arrive */
	bool lane_closed;         /* the worker closed its event lane */
	struct deadline grace;    /* of a lane that was closed, or of an order to kill */
	struct deadline leave;    /* when one that is asked to leave is killed */

	int64_t began_ns; /* its start */
	int64_t start_took_ns,
	    open_took_ns;     /* to HELLO, and from OPEN to OPENED; -1: none, or counted */
	int64_t asked_ns;     /* when the last question was asked */
	int64_t idle_ns;      /* since when it has been without a question */
	int64_t condemned_ns; /* its end, for us */
	bool served;          /* it has answered something: its start was no failure */
	uint32_t requests;    /* that it was given */
	bool oom_known;       /* oom_kills is: what the kernel had killed when it was started */
	uint64_t oom_kills;

	char program[64], build[64];
	uint32_t protocol;
	char host[32], runtime[128], lean_version[64], warning[256];

	struct log_tail log;
	struct lw_exit exit;
	struct lw_error cause; /* of its end; verdict OK while it lives */
	struct child_source on_log, on_event, on_report, on_control, on_warden;
	struct child *next; /* of those not yet buried */
};

/* Starts a process; its HELLO comes later. The options' path must outlive the child. */
lw_code child_start(
    const struct child_options *options, struct child **ret_child, struct lw_error *ret_error);
/* Leaves one that could not be buried in time to the graveyard; to be freed then. */
void child_leave(struct child *c);
/* Frees a child that was buried or left, or that was only just started. */
void child_free(struct child **child);

bool child_lives(const struct child *c); /* not condemned, not buried */
/* It waits for work, and can be asked or shut down. */
bool child_is_free(const struct child *c);
/* It has a capability open: it serves, or could. */
bool child_is_open(const struct child *c);

/* Each begins an exchange whose end shows in the state. A send that fails condemns. */
void child_check_health(struct child *c);
void child_open(struct child *c, const struct child_recipe *recipe);
void child_run(struct child *c, struct request *request, const char *export_name, const char *text,
    size_t size);
void child_shut_down(struct child *c, struct deadline until); /* then it is killed */
void child_ask_stop(struct child *c);

/*
 * Takes what the child had written to its log by now. It writes all before it says END, so that
 * afterwards the log is complete; bounded, because a descendant may go on for ever.
 */
void child_drain_log(struct child *c);

/* The cause is fixed by the first call; later ones only order the kill again. */
__attribute__((format(printf, 3, 4))) void child_condemn(
    struct child *c, lw_verdict verdict, const char *format, ...);
/* Past all patience: kills the warden too. */
void child_kill_warden(struct child *c);

/* When something is due that no descriptor tells; DEADLINE_NEVER for nothing. */
struct deadline child_due(const struct child *c);
void child_on_due(struct child *c);

/* Why it is replaced, as far as its end tells. */
lw_restart child_restart(const struct child *c);

/* Fills what an error says about the child: generation, exit facts, the log's tail. */
void child_describe(const struct child *c, struct lw_error *error);

#endif
