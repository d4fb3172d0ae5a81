/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker of the library and its children: the parent's record of a child and the parent's policy,
 * against a warden that can be lost and a worker process that does anything.
 *
 * CHILD_STATES, CHILD_EDGES and WIRE_MESSAGES are the tables of src/parent/child.h and
 * src/wire/protocol.h: check.sh puts them here. An inline stands for the C function of its name, in
 * the file that the section names; a comment says so where the name is another.
 *
 *      HONEST=1   workers that keep the protocol, and may die at any time
 *      TWO=1      two generations, open from the beginning, without wardens; else one, all its life
 *      SPARE=1    with TWO: the second is a spare of the first, which may be replaced by it in any state
 *      FOREVER=1  the application never closes the worker: for the liveness property
 *      BUG=n      a seeded mistake, which must be found
 *
 * Time: a deadline may pass whenever it is armed. What the parent does from wait to wait is one step:
 * it looks at each lane once, so that what arrives meanwhile might as well have come after it.
 */

#define GENERATIONS 2
#define NONE        GENERATIONS /* no child */
#define MOST        (TWO -> 2 : 1)     /* children started */
#define CALLS       (FOREVER || SPARE -> 1 : 2)
#define STOPS       (TWO -> 0 : 1)     /* times that somebody stops the warden */
#define SAYS(g)     (SPARE && g > 0 -> 1 : (TWO -> 2 : 4)) /* messages of a hostile worker; four are a whole life */

hidden byte HONEST, TWO, SPARE, FOREVER, BUG; /* from the environment */

/* ---- The tables ---------------------------------------------------------------------------- */

#define X(name, words) name,
mtype = { CHILD_STATES(X) };
#undef X

#define X(id, name, from, phases, flags) name,
mtype = { WIRE_MESSAGES(X) };
#undef X

/* enum wire_phase, enum wire_rule_flag */
#define WIRE_STARTING 1
#define WIRE_READY    2
#define WIRE_OPENING  4
#define WIRE_IDLE     8
#define WIRE_BUSY     16
#define WIRE_CHECKED  32
#define WIRE_LEAVING  64
#define WIRE_CHUNKED  1
#define WIRE_ONCE     2

/* The functions of CHILD_EDGES: one that is not here stops the model from compiling. */
mtype = { by_child_ready_when_both, by_child_open, by_on_opened, by_child_run, by_child_ask_stop,
	by_on_request, by_child_shut_down, by_child_condemn, by_child_on_warden_end };

/* What a message holds, or: anything at all, to be decided when it is read. */
mtype = { OK, STOPPED, FAILURE, OTHER_VERSION, LIE, ANYTHING };

/* Records of the warden. */
mtype = { STARTED, FAILED, ENDED, EXIT, NONSENSE };

/* Why a child ended: the verdicts, as far as their makers differ. */
mtype = { ALIVE, LIED, CLOSED_LANE, LIMIT, REPLACED, NOT_OPENED, WRONG_VERSION, NOT_CONTAINED,
	EXITED, WARDEN_LOST };

/* ---- What there is ------------------------------------------------------------------------- */

typedef Child { /* struct child */
	mtype state = STARTING;
	bool known, protocol; /* STARTED came, with a pid; HELLO came */
	byte question;
	short answered;
	bool checked, healthy, request, forced, heard, unread, ended, deaf, lane_closed;
	bool event_fd, control_fd, report_fd, pidfd; /* are open */
	mtype cause = ALIVE;

	byte urged; /* stands for the time since it was condemned */
};
Child child[GENERATIONS];

typedef World { /* the processes and the kernel */
	bool alive;          /* the worker process */
	bool lane, control;  /* its ends of the two lanes are open, by it or a descendant */
	bool waiting;        /* a question lies on the control lane */
	bool taken;          /* the last one was read whole */
	mtype asked;         /* which that was */
	bool stop;           /* the word in the shared page */
	byte says;           /* messages that it has sent */
	bool ended_said;     /* it has answered the request with END, and is honest */

	bool over;           /* the warden has ended */
	bool ordered;        /* a KILL lies on its lane */
	bool stopped, shot;  /* SIGSTOP, SIGKILL */
	byte stops;          /* that it took */
	bool told;           /* it has said ENDED */
};
World world[GENERATIONS];

chan event[GENERATIONS] = [2] of { mtype, byte, mtype }; /* message, question, what it holds */
chan report[GENERATIONS] = [3] of { mtype };

/* struct lw_worker */
byte current = NONE; /* the child that serves */
byte spare = NONE;
byte begun;          /* children started */

/* struct request, which lives on the stack of the call */
bool r_active, r_ended, r_stopped, r_failed, r_muted, r_sink_failed, r_cancelled, r_withheld;
byte r_child = NONE;

#define child_lives(c)   (child[c].state != CONDEMNED && child[c].state != BURIED)
#define child_is_free(c) (child[c].state == READY || child[c].state == IDLE)

/* static const unsigned phases[], admit() */
#define phases(c) (( \
	child[c].state == STARTING -> WIRE_STARTING : ( \
	child[c].state == READY    -> WIRE_READY : ( \
	child[c].state == OPENING  -> WIRE_OPENING : ( \
	child[c].state == IDLE     -> WIRE_IDLE : ( \
	child[c].state == BUSY     -> WIRE_BUSY : ( \
	child[c].state == ASKED    -> WIRE_BUSY : ( \
	child[c].state == LEAVING  -> WIRE_LEAVING : 0))))))) | (child[c].checked -> WIRE_CHECKED : 0))

/* Scratch of one atomic step. */
hidden mtype m_id, m_holds, m_verdict;
hidden byte set_aside, m_question, now_phases, rule_phases, rule_flags, edge;
hidden short rule_bit;

#define X(n, name, from, phases, flags) \
	:: id == name -> rule_phases = phases; rule_flags = flags; rule_bit = 1 << (n - 1);
inline wire_rule(id)
{
	if
	WIRE_MESSAGES(X)
	fi
}
#undef X

/* ---- child.c ------------------------------------------------------------------------------- */

c_decl { /* each edge is said once in a search, for check.sh to count */
	static int setting(const char *name)
	{
		return getenv(name) ? atoi(getenv(name)) : 0;
	}

	static void edge_taken(int edge)
	{
		static int taken[64];

		if (!taken[edge]++)
			printf("edge %d\n", edge);
	}
};

#define state_holds(c) ( \
	(child[c].request == (child[c].state == BUSY || child[c].state == ASKED)) && \
	(child_lives(c) == child[c].event_fd) && \
	((child[c].cause != ALIVE) == !child_lives(c)) && \
	(child[c].state != CONDEMNED || !child[c].control_fd) && \
	(child[c].state != BURIED || !child[c].pidfd))

/*
 * The one setter. An edge that is not in the table, or is another function's, is refused. What is
 * large and has many callers is a process, called by rendezvous, here and below; as inlines they
 * would make a checker that takes minutes to compile.
 */
chan setter = [0] of { byte, mtype, mtype };
chan setter_done = [0] of { bit };
#define X(from, to, by) \
	+ (child[c].state == from && next == to && who == by_##by -> 1 + __COUNTER__ : 0)
active proctype Setter()
{
	byte c;
	mtype next, who;

end:	do
	:: atomic {
		setter?c, next, who;
		edge = 0 CHILD_EDGES(X);
		assert(edge > 0);
		c_code { edge_taken(edge); };
		child[c].state = next;
		child[c].request = child[c].request && (next == BUSY || next == ASKED);
		assert(state_holds(c));
		c = 0;
		next = 0;
		who = 0;
		setter_done!0
	   }
	od
}
#undef X

inline child_set_state(c, next, who)
{
	setter!c, next, who;
	setter_done?_
}

inline child_close_lanes(c)
{
	child[c].event_fd = false;
	child[c].control_fd = false
}

inline order_kill(c)
{
	world[c].ordered = child[c].report_fd;
	world[c].stopped = false /* SIGCONT */
}

inline child_kill_warden(c)
{
	child[c].forced = true;
	world[c].shot = true;
	world[c].stopped = false
}

inline error_set(c, why)
{
	assert(child[c].cause == ALIVE); /* one cause */
	assert(!HONEST || why != LIED);
	child[c].cause = why
}

inline child_set_condemned(c)
{
	child_close_lanes(c);
	if
	:: child_lives(c) -> child_set_state(c, CONDEMNED, by_child_condemn)
	:: else
	fi
}

chan condemner = [0] of { byte, mtype };
chan condemner_done = [0] of { bit };
active proctype Condemner()
{
	byte c;
	mtype why;

end:	do
	:: atomic {
		condemner?c, why;
		if
		:: child[c].state == BURIED
		:: child[c].state != BURIED && !child_lives(c) -> order_kill(c)
		:: child_lives(c) -> error_set(c, why); child_set_condemned(c); order_kill(c)
		fi;
		c = 0;
		why = 0;
		condemner_done!0
	   }
	od
}

inline child_condemn(c, why)
{
	condemner!c, why;
	condemner_done?_
}

/* A descendant that holds the lane keeps it open: then only what was never sent is proof. */
inline child_note_unread(c)
{
	if
	:: world[c].waiting -> child[c].unread = true; world[c].waiting = false
	:: !(world[c].waiting && !world[c].control)
	fi
}

inline child_conclude(c)
{
	if
	:: child_lives(c) ->
		child_note_unread(c);
		error_set(c, EXITED); /* verdict_of_exit */
		child_set_condemned(c)
	:: else
	fi
}

inline child_ready_when_both(c)
{
	if
	:: child[c].state == STARTING && child[c].known && child[c].protocol ->
		child_set_state(c, READY, by_child_ready_when_both)
	:: else
	fi
}

/* BUG 3: an order to kill that was not obeyed is not repeated. */
#define is_ordered(c) (child[c].state == CONDEMNED && !child[c].forced && !child[c].ended && \
	BUG != 3)
/* One that leaves and is not waited for may have had its time. */
#define leaves_alone(c) (child[c].state == LEAVING && c != current)
#define child_due(c) (is_ordered(c) || leaves_alone(c) || \
	child_lives(c) && (child[c].lane_closed || child[c].deaf || child[c].ended))

inline urge_warden(c)
{
	if
	:: !child[c].known || child[c].urged == 1 -> child_kill_warden(c)
	:: else -> child[c].urged++; order_kill(c)
	fi
}

inline child_on_due(c)
{
	if
	:: !child_due(c)
	:: child_due(c) ->
		if
		:: !child_lives(c) -> urge_warden(c)
		:: child_lives(c) && child[c].ended -> child_drain_events(c); child_conclude(c)
		:: child_lives(c) && !child[c].ended && (child[c].lane_closed || child[c].deaf) ->
			child_condemn(c, CLOSED_LANE)
		:: leaves_alone(c) && !child[c].ended && !child[c].lane_closed && !child[c].deaf ->
			child_condemn(c, REPLACED)
		fi
	fi
}

/* ---- child_control.c ----------------------------------------------------------------------- */

/* A question is asked only where its row of the table permits. */
inline may_ask(c, id)
{
	wire_rule(id);
	assert(rule_phases & phases(c))
}

inline ask(c, id)
{
	assert(c != spare || id == OPEN); /* nobody has asked anything of it */
	child[c].question++;
	child[c].answered = 0;
	child[c].unread = false;
	child[c].heard = false;
	world[c].taken = false;
	if
	:: world[c].control && child[c].control_fd -> world[c].waiting = true; world[c].asked = id
	:: else -> child[c].unread = true; child[c].deaf = true /* flush_control */
	fi
}

inline child_check_health(c)
{
	may_ask(c, HEALTH);
	child[c].checked = true;
	child[c].healthy = false;
	ask(c, HEALTH)
}

inline child_open(c)
{
	may_ask(c, OPEN);
	world[c].stop = false;
	child_set_state(c, OPENING, by_child_open);
	ask(c, OPEN)
}

inline child_run(c)
{
	may_ask(c, RUN);
	world[c].stop = false;
	world[c].ended_said = false;
	child[c].request = true;
	child_set_state(c, BUSY, by_child_run);
	ask(c, RUN)
}

inline child_shut_down(c)
{
	may_ask(c, SHUTDOWN);
	child_set_state(c, LEAVING, by_child_shut_down);
	ask(c, SHUTDOWN)
}

inline child_ask_stop(c)
{
	assert(c != spare);
	world[c].stop = true;
	if
	:: child[c].state == BUSY || BUG == 4 && child[c].state != ASKED -> /* BUG 4: whatever it does */
		child_set_state(c, ASKED, by_child_ask_stop)
	:: else
	fi
}

/* ---- request.c, child_events.c ------------------------------------------------------------- */

inline deliver_row(c)
{
	assert(child_lives(c) && !world[c].ordered); /* nothing after it was condemned */
	assert(r_active && c == r_child && !r_ended); /* nor of another generation or request */
	assert(!r_muted);
	world[c].taken = true; /* a row is proof of work */
	if /* after_sink */
	:: skip
	:: r_muted = true; r_sink_failed = true; child_ask_stop(c)
	:: m_verdict = LIMIT /* REQUEST_LATE */
	fi
}

inline take_row(c)
{
	if /* request_heed_cancel */
	:: !r_cancelled -> r_cancelled = true; r_muted = true
	:: skip
	fi;
	if
	:: r_muted -> r_withheld = true; child_ask_stop(c)
	:: else -> deliver_row(c)
	fi
}

inline take_end(c)
{
	assert(r_active && c == r_child && !r_ended);
	if
	:: m_holds == STOPPED && child[c].state != ASKED -> m_verdict = LIED /* end_is_true */
	:: else ->
		r_ended = true;
		r_stopped = m_holds == STOPPED;
		r_failed = m_holds == FAILURE;
		child_set_state(c, IDLE, by_on_request)
	fi
}

inline on_end(c)
{
	if
	:: child[c].state == OPENING && m_holds == FAILURE -> m_verdict = NOT_OPENED
	:: child[c].state == OPENING && m_holds != FAILURE -> m_verdict = LIED
	:: child[c].state != OPENING -> take_end(c)
	fi
}

inline on_hello(c)
{
	if
	:: m_holds == OTHER_VERSION -> m_verdict = WRONG_VERSION
	:: else -> child[c].protocol = true; child_ready_when_both(c)
	fi
}

inline on_message(c)
{
	if
	:: m_id == HELLO -> on_hello(c)
	:: m_id == HEALTHY -> child[c].checked = false; child[c].healthy = true
	:: m_id == OPENED -> child_set_state(c, IDLE, by_on_opened)
	:: m_id == ROW -> take_row(c)
	:: m_id == END -> on_end(c)
	:: m_id == BYE
	fi
}

/* The table decides whether a message may come now. */
inline admit_and_take(c)
{
	wire_rule(m_id);
	if
	:: !(rule_phases & now_phases) || m_question != child[c].question ||
	   ((rule_flags & WIRE_ONCE) && (child[c].answered & rule_bit)) ->
		m_verdict = LIED
	:: else ->
		child[c].answered = child[c].answered | rule_bit;
		on_message(c)
	fi
}

/*
 * What a hostile worker has said is decided here, which only makes it stronger: it might have
 * guessed the number of a question to come. A lie is whatever the reader or the account of the
 * request refuses, of whichever generation, question, count or sequence it speaks; ROW stands for
 * all that a request may hold.
 */
inline wire_next(c)
{
	event[c]?m_id, m_question, m_holds;
	now_phases = phases(c);
	if
	:: m_id != ANYTHING
	:: m_id == ANYTHING ->
		m_question = child[c].question;
		m_holds = OK;
		if
		:: m_holds = LIE
		:: m_id = ROW
		:: now_phases & (WIRE_OPENING | WIRE_BUSY) -> m_id = END
		:: now_phases & (WIRE_OPENING | WIRE_BUSY) -> m_id = END; m_holds = FAILURE
		:: now_phases & WIRE_BUSY -> m_id = END; m_holds = STOPPED
		:: now_phases & WIRE_STARTING -> m_id = HELLO
		:: now_phases & WIRE_STARTING -> m_id = HELLO; m_holds = OTHER_VERSION
		:: now_phases & WIRE_CHECKED -> m_id = HEALTHY
		:: now_phases & WIRE_OPENING -> m_id = OPENED
		:: now_phases & WIRE_LEAVING -> m_id = BYE
		fi
	fi
}

inline take_message(c)
{
	m_verdict = ALIVE;
	wire_next(c);
	if
	:: m_holds == LIE -> m_verdict = LIED
	:: else -> admit_and_take(c)
	fi;
	if
	:: m_verdict != ALIVE && BUG != 1 -> child_condemn(c, m_verdict) /* child_fault */
	:: m_verdict != ALIVE && BUG == 1 -> order_kill(c) /* BUG 1: it goes on until it is dead */
	:: else
	fi
}

#define takes_more(c) (child_lives(c) && len(event[c]) > 0)

#define lane_has_news(c) (child[c].event_fd && !child[c].lane_closed && \
	(len(event[c]) > 0 || !world[c].lane))

/*
 * read_events with take_messages: one read may bring some of what is there, or all; or as long as
 * there is something, for child_drain_events.
 */
chan reader = [0] of { byte, bool };
chan reader_done = [0] of { bit };
active proctype Reader()
{
	byte c;
	bool all;

end:	do
	:: atomic {
		reader?c, all;
		if
		:: lane_has_news(c) && len(event[c]) > 0 ->
			child[c].heard = true;
			do
			:: take_message(c);
				if
				:: takes_more(c)
				:: !all || !takes_more(c) -> break
				fi
			od
		:: lane_has_news(c) && len(event[c]) == 0 -> child[c].lane_closed = true
		:: else
		fi;
		if
		:: all && lane_has_news(c) -> child[c].lane_closed = true
		:: else
		fi;
		c = 0;
		all = false;
		reader_done!0
	   }
	od
}

inline read_events(c)
{
	reader!c, false;
	reader_done?_
}

inline child_drain_events(c)
{
	reader!c, true;
	reader_done?_
}

/* ---- child_report.c ------------------------------------------------------------------------ */

inline on_record(c, kind)
{
	m_verdict = ALIVE;
	if
	:: kind == STARTED -> child[c].known = true; child_ready_when_both(c)
	:: kind == FAILED -> m_verdict = NOT_CONTAINED
	:: kind == ENDED -> child[c].ended = true
	:: kind == EXIT ->
		if
		:: BUG != 7 -> child_drain_events(c)
		:: else /* BUG 7: what was sent before the end is lost */
		fi;
		child_conclude(c);
		m_verdict = ALIVE
	:: kind == NONSENSE -> m_verdict = LIED
	fi;
	if
	:: m_verdict != ALIVE -> child_condemn(c, m_verdict)
	:: else
	fi
}

#define report_has_news(c) (child[c].report_fd && (len(report[c]) > 0 || world[c].over))

inline read_report(c)
{
	if
	:: report_has_news(c) && len(report[c]) > 0 -> report[c]?m_id; on_record(c, m_id)
	:: report_has_news(c) && len(report[c]) == 0 -> child[c].report_fd = false
	:: else
	fi
}

inline child_on_warden_end(c)
{
	do
	:: report_has_news(c) -> read_report(c)
	:: else -> break
	od;
	child_drain_events(c);
	if
	:: child[c].ended && BUG != 6 -> child_conclude(c) /* BUG 6: as if the warden had said nothing */
	:: else
	fi;
	if
	:: child_lives(c) || BUG == 2 -> /* BUG 2: a cause that is fixed is made up again */
		child_note_unread(c);
		error_set(c, WARDEN_LOST); /* verdict_of_warden */
		child_set_condemned(c)
	:: else
	fi;
	assert(child[c].cause != WARDEN_LOST || !child[c].ended); /* who said how it ended is believed */
	child[c].report_fd = false;
	child[c].pidfd = false;
	child_set_state(c, BURIED, by_child_on_warden_end)
}

/* ---- engine.c ------------------------------------------------------------------------------ */

#define is_over(c) (child[c].pidfd && world[c].over)
#define is_news(c) (lane_has_news(c) || report_has_news(c) || is_over(c))
#define something_is_due (child_due(0) || child_due(1))
#define something_is_ready (is_news(0) || is_news(1) || something_is_due)

chan pump = [0] of { bool }; /* whether there is no deadline */
chan pumped = [0] of { bit };

/* What nobody can look at any more is made the same: fewer states. */
inline forget(c)
{
	do
	:: len(event[c]) > 0 && !child[c].event_fd -> event[c]?_, _, _
	:: else -> break
	od;
	if
	:: !child[c].event_fd ->
		world[c].lane = false;
		world[c].control = false;
		world[c].waiting = false;
		world[c].stop = false;
		child[c].question = 0;
		child[c].answered = 0;
		child[c].checked = false;
		child[c].deaf = false;
		child[c].lane_closed = false;
		world[c].says = 0
	:: else
	fi;
	if
	:: child[c].state == BURIED && c != current ->
		child[c].known = false;
		child[c].protocol = false;
		child[c].forced = false;
		child[c].ended = false;
		child[c].urged = 0;
		world[c].ordered = false;
		world[c].stopped = false;
		world[c].shot = false;
		world[c].told = false;
		world[c].stops = 0
	:: else
	fi
}

/*
 * worker_pump. What is ready is noted first, then handled in any order, even where the handler
 * before has changed that. Two children share nothing, so that their order makes no difference.
 */
active proctype Engine()
{
	bool lane_ready, report_ready, warden_ready, quiet, forever;
	byte c;

end:	do
	:: pump?forever -> /* sys_epoll_wait: the others run here, and nowhere else */
	   if
	   :: atomic { !forever && !something_is_ready -> goto out } /* a deadline */
	   :: atomic { something_is_ready }
	   fi;
	   atomic {
		quiet = !is_news(0) && !is_news(1);
		do
		:: c < GENERATIONS ->
			lane_ready = lane_has_news(c);
			report_ready = report_has_news(c);
			warden_ready = is_over(c);
			do
			:: lane_ready -> lane_ready = false; read_events(c)
			:: report_ready -> report_ready = false; read_report(c)
			:: warden_ready -> warden_ready = false; child_on_warden_end(c)
			:: else -> break
			od;
			if
			:: child_due(c) -> child_on_due(c)
			:: !(child_due(c) && quiet) /* it has not passed yet */
			fi;
			if
			:: c == spare && child[c].state == READY -> child_open(c) /* worker_tend_spare */
			:: else
			fi;
			forget(c);
			c++
		:: else -> break
		od;
out:		c = 0;
		quiet = false;
		forever = false;
		pumped!0
	   }
	od
}

/* ---- The other processes ------------------------------------------------------------------- */

inline read_question(g)
{
	world[g].waiting = false;
	world[g].taken = true
}

/* src/child/serve.c */
proctype HonestWorker(byte g)
{
	mtype id;
	byte question;

	{
		if
		:: !TWO -> event[g]!HELLO, 0, OK
		:: else
		fi;
		do
		:: atomic {
			world[g].waiting -> read_question(g);
			id = world[g].asked;
			question = child[g].question
		   }
		   if
		   :: id == HEALTH -> event[g]!HEALTHY, question, OK
		   :: id == OPEN -> event[g]!OPENED, question, OK
		   :: id == OPEN -> event[g]!END, question, FAILURE
		   :: id == RUN ->
			if
			:: event[g]!ROW, question, OK
			:: skip
			fi;
			if /* judge */
			:: atomic { event[g]!END, question, OK; world[g].ended_said = true }
			:: atomic { event[g]!END, question, FAILURE; world[g].ended_said = true }
			:: atomic { world[g].stop -> event[g]!END, question, STOPPED; world[g].ended_said = true }
			fi
		   :: id == SHUTDOWN -> event[g]!BYE, question, OK; world[g].alive = false
		   fi
		od
	} unless { !world[g].alive };
	atomic { world[g].lane = false; world[g].control = false }
}

/* A crash, in the middle of whatever it does; or the warden's. */
proctype Fate(byte g)
{
	if
	:: atomic { world[g].alive -> world[g].alive = false }
	:: world[g].shot = true
	:: skip
	fi
}

/* The worker, and what it leaves behind: says anything, hangs, dies, works against the warden. */
proctype HostileWorker(byte g)
{
	do
	:: atomic { world[g].says < SAYS(g) && world[g].lane && child[g].event_fd && len(event[g]) < 2 ->
		world[g].says++;
		event[g]!ANYTHING, 0, ANYTHING
	   }
	:: atomic { world[g].lane && child[g].event_fd -> world[g].lane = false }
	:: atomic { world[g].control && child[g].event_fd -> world[g].control = false }
	:: atomic { world[g].waiting && world[g].control && child[g].event_fd -> read_question(g) }
	:: atomic { world[g].alive -> world[g].alive = false }
	:: atomic { !TWO && world[g].alive && !world[g].shot -> world[g].shot = true }
	:: atomic { world[g].stops < STOPS && !world[g].over && !world[g].told ->
		world[g].stops++;
		world[g].stopped = true
	   }
	:: atomic { (world[g].over || TWO) && !child[g].event_fd -> break }
	od
}

/* start_worker */
inline begin_worker(g)
{
	if
	:: HONEST -> world[g].alive = true; run HonestWorker(g); run Fate(g)
	:: !HONEST -> world[g].alive = true; run HostileWorker(g)
	fi
}

/* src/child/warden.c */
proctype Warden(byte g)
{
	{
		if
		:: report[g]!FAILED /* fail */
		:: !HONEST -> run HostileWorker(g); /* another program: it obeys nobody */
		   if
		   :: report[g]!NONSENSE
		   :: skip
		   fi;
		   if
		   :: skip
		   :: false
		   fi
		:: atomic { begin_worker(g) }
		   report[g]!STARTED; /* report_started */
		   atomic { /* watch, bury */
			!world[g].stopped && (!world[g].alive || world[g].ordered || !child[g].report_fd) ->
			world[g].alive = false
		   }
		   atomic { !world[g].stopped -> report[g]!ENDED; world[g].told = true }
		   atomic { /* contain_clear */
			!world[g].stopped -> world[g].lane = false; world[g].control = false; report[g]!EXIT
		   }
		fi
	} unless { world[g].shot };
	atomic { world[g].alive = false; world[g].over = true } /* PR_SET_PDEATHSIG */
}

/* ---- The policy: worker.c, service.c, session.c -------------------------------------------- */

inline worker_pump(without_end)
{
	pump!without_end;
	pumped?_
}

/* Deadlines, cancels, sinks that refused: cancel.pml has the details. */
inline exchange_run(is_done)
{
	do
	:: !child_lives(current) || (is_done) -> break
	:: else ->
		if
		:: worker_pump(false)
		:: !asked -> /* ask_stop */
			asked = true;
			if
			:: r_active && !r_cancelled -> r_cancelled = true; r_muted = true
			:: skip
			fi;
			if
			:: BUG == 8 && spare != NONE -> child_ask_stop(spare) /* BUG 8: whoever is there */
			:: else -> child_ask_stop(current)
			fi
		:: child_condemn(current, LIMIT) /* kill_late, kill_stopped */
		fi
	od;
	asked = false
}

inline worker_set_aside()
{
	assert(!child_lives(current));
	child[current].cause = LIMIT; /* what follows is for fewer states only */
	child[current].heard = false;
	child[current].unread = false;
	child[current].healthy = false;
	world[current].taken = false;
	world[current].asked = 0;
	world[current].ended_said = false;
	set_aside = current;
	current = NONE;
	forget(set_aside)
}

inline worker_retire()
{
	if
	:: current != NONE && child_lives(current) ->
		if
		:: child_is_free(current) ->
			child_shut_down(current);
			do
			:: child[current].state != BURIED -> worker_pump(false)
			:: true -> break /* it is buried, or the time is over */
			od
		:: else
		fi;
		if
		:: child_lives(current) -> child_condemn(current, REPLACED)
		:: else
		fi
	:: else
	fi
}

inline child_start(c)
{
	child[c].event_fd = true;
	child[c].control_fd = true;
	child[c].report_fd = true;
	child[c].pidfd = true;
	world[c].lane = true;
	world[c].control = true;
	if
	:: !TWO -> run Warden(c)
	:: TWO -> /* as if it were open, or about to be; its end is another matter */
		child[c].state = (c == spare -> READY : IDLE);
		child[c].known = true;
		child[c].protocol = true;
		begin_worker(c)
	fi
}

inline begin_child()
{
	current = begun;
	begun++;
	child_start(current)
}

/* ---- spare.c -------------------------------------------------------------------------------- */

#define has_spare (spare != NONE && child_lives(spare))

inline worker_prepare_spare()
{
	if
	:: spare != NONE && !child_lives(spare) -> spare = NONE
	:: else
	fi;
	if
	:: SPARE && spare == NONE && begun < MOST && current != NONE && child[current].state == IDLE ->
		spare = begun;
		begun++;
		child_start(spare)
	:: else
	fi
}

inline worker_hand_over()
{
	current = spare;
	spare = NONE
}

/* The old one leaves in the background: it lives, and serves nobody. */
inline worker_replace()
{
	if
	:: has_spare && current != NONE && child_is_free(current) ->
		child_shut_down(current); /* worker_dismiss */
		worker_hand_over()
	:: true
	fi
}

#define may_repeat (current != NONE && !child_lives(current) && \
	child[current].unread && !child[current].heard)

/* Also after its end: fewer states. */
inline request_init(runs)
{
	r_active = runs;
	r_child = (runs -> current : NONE);
	r_ended = false;
	r_stopped = false;
	r_failed = false;
	r_muted = false;
	r_sink_failed = false;
	r_cancelled = false;
	r_withheld = false
}

/* One outcome: success, the sink's, the caller's, the child's end, or what the child stated. */
inline judge()
{
	assert(!child[current].request);
	if
	:: r_ended && !r_stopped && !r_failed && !r_sink_failed && !r_withheld -> done = true
	:: else ->
		if
		:: r_sink_failed || r_cancelled
		:: else ->
			assert(r_ended || !child_lives(current)); /* else LW_V_BUG */
			/* What was sent before an end that nobody ordered still counts. */
			assert(r_ended || !world[current].ended_said || child[current].cause == LIMIT ||
				child[current].cause == CLOSED_LANE)
		fi
	fi;
	request_init(false)
}

inline worker_need_child()
{
	if
	:: current != NONE && !child_lives(current) -> worker_set_aside()
	:: else
	fi;
	if
	:: current == NONE && has_spare -> worker_hand_over()
	:: current == NONE && !has_spare && begun == MOST -> goto leave /* gave up */
	:: current == NONE && !has_spare && begun < MOST -> begin_child()
	:: else
	fi;
	exchange_run(child[current].state != STARTING) /* wait_for_start */
}

inline worker_prepare_ahead()
{
	if
	:: current != NONE && !child_lives(current) -> worker_set_aside()
	:: else
	fi;
	if
	:: !TWO && current == NONE && begun < MOST -> begin_child()
	:: current == NONE && has_spare -> worker_hand_over()
	:: current != NONE && child[current].state == READY -> child_open(current)
	:: true
	fi;
	worker_prepare_spare()
}

#define is_buried(c) (begun <= c || child[c].state == BURIED)

mtype = { STREAM_CALL, HEALTH_CALL, CYCLE_CALL, PUMP_CALL };

/* One step from wait to wait. */
active proctype Parent()
{
	byte calls;
	bool asked, done, again;
	mtype call;

	atomic {
	c_code {
		HONEST = setting("HONEST");
		TWO = setting("TWO");
		SPARE = setting("SPARE");
		FOREVER = setting("FOREVER");
		BUG = setting("BUG");
	};
	if
	:: SPARE -> begin_child(); worker_prepare_spare() /* the call before */
	:: else
	fi;
next:	done = false;
	again = false;
	if
	:: calls < CALLS -> calls++
	:: true -> goto close
	fi;
	if
	:: call = STREAM_CALL
	:: !TWO -> call = HEALTH_CALL
	:: !TWO -> call = CYCLE_CALL
	:: !TWO -> call = PUMP_CALL
	fi;
	worker_pump(false); /* worker_enter */
	if
	:: !TWO && call != HEALTH_CALL && call != PUMP_CALL -> worker_retire() /* or the policy does */
	:: SPARE -> worker_replace() /* likewise */
	:: call != CYCLE_CALL
	fi;
	if
	:: call == PUMP_CALL -> goto leave
	:: else
	fi;

once:	worker_need_child();
	if
	:: call == CYCLE_CALL || !child_lives(current) -> goto judged
	:: else
	fi;
	if
	:: call == HEALTH_CALL && !child_is_free(current) -> goto leave
	:: call == HEALTH_CALL && child_is_free(current) ->
		child_check_health(current);
		exchange_run(child[current].healthy);
		goto judged
	:: call == STREAM_CALL && child[current].state == READY -> child_open(current)
	:: else
	fi;
	exchange_run(child[current].state != OPENING); /* wait_for_opening */
	if
	:: !child_lives(current) -> goto judged
	:: else
	fi;
	request_init(true); /* run_once */
	child_run(current);
	exchange_run(child[current].state == IDLE);
	judge();

judged:	if
	:: !done && !again && (may_repeat || BUG == 5 && current != NONE && !child_lives(current)) ->
		assert(!world[current].taken); /* nothing was begun */
		again = true;
		goto once
	:: else
	fi;

leave:	worker_prepare_ahead();
	goto next;

close:	call = 0;
	if
	:: TWO -> goto finished
	:: else
	fi;
	do
	:: FOREVER -> worker_pump(true)
	:: else -> break
	od;
	if /* lw_worker_close */
	:: current != NONE && child_lives(current) -> child_condemn(current, REPLACED)
	:: else
	fi;
	do /* bury_all */
	:: !is_buried(0) || !is_buried(1) -> worker_pump(false)
	:: true -> break
	od;
	child_kill_warden(0);
	child_kill_warden(1);
	do /* for ever, if that were possible */
	:: !is_buried(0) || !is_buried(1) -> worker_pump(true)
	:: else -> break
	od;
finished: skip
	}
}

/* In whichever call comes by, and not only when the worker is closed. */
ltl buried { [] (child[0].state == CONDEMNED -> <> (child[0].state == BURIED)) }
