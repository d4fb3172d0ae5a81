/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cancel token against all that may end a request at the same time: a success on its way, a
 * deadline that is asked for ahead, a sink that refuses, a kill; and the token's reset between two
 * calls. Other threads and signal handlers cancel at any time; what the caller does between two looks
 * at the token is one step. An inline stands for the C function of its name; a comment says so where
 * the name is another.
 *
 *      BUG=n      a seeded mistake, which must be found
 */

#define CALLS      2
#define CANCELLERS 2
#define ROWS       2

hidden byte BUG; /* from the environment */

c_decl {
	static int setting(const char *name)
	{
		return getenv(name) ? atoi(getenv(name)) : 0;
	}
};

/* struct lw_cancel_token */
bool flag;     /* cancelled */
bool readable; /* its eventfd */

/* What epoll knows of the eventfd. */
bool watched; /* call.cancel_watched */
bool edge;    /* something was written, or was there to begin with, and has not been told */
bool told;    /* that it was, and nothing new has happened */

/* The child that serves; a new number is a new process. */
byte serving;
bool asked_to_stop; /* the word in the shared page */
mtype = { ROW, END_OK, END_STOPPED };
chan lane = [2] of { mtype };

/* ---- cancel.c ------------------------------------------------------------------------------ */

/* sys_write */
inline write_eventfd()
{
	d_step {
		readable = true;
		edge = watched;
		told = false
	}
}

/* lw_cancel_token_cancel: the flag first, so that nobody is woken who does not see it. */
active [CANCELLERS] proctype Canceller()
{
	bool before;

	if
	:: BUG != 2 ->
		d_step { before = flag; flag = true } /* atomic_exchange_explicit */
		if
		:: !before -> write_eventfd()
		:: else
		fi
	:: BUG == 2 -> /* wakes first */
		write_eventfd();
		flag = true
	:: true /* never */
	fi
}

/* While no call is using it; but somebody may be cancelling. */
inline lw_cancel_token_reset()
{
	if
	:: flag -> readable = false; flag = false
	:: else
	fi
}

/* ---- The child ----------------------------------------------------------------------------- */

/* Answers a request, and may stop when it is asked, or be late with that, or never end. */
proctype Child(byte self)
{
	byte rows;

end:	do
	:: atomic { serving == self && rows < ROWS && len(lane) < 2 -> rows++; lane!ROW }
	:: atomic { serving == self && len(lane) < 2 -> lane!END_OK; break }
	:: atomic { serving == self && asked_to_stop && len(lane) < 2 -> lane!END_STOPPED; break }
	:: serving != self -> break
	:: true -> break /* hangs */
	od
}

/* ---- The call ------------------------------------------------------------------------------ */

mtype = { GOES_ON, LATE, CANCELLED, REFUSED }; /* enum exchange_stop */
#define rank(stop) (stop == REFUSED -> 3 : (stop == CANCELLED -> 2 : (stop == LATE -> 1 : 0)))
mtype = { NOTHING, SUCCESS, BY_SINK, BY_CANCEL, BY_DEADLINE, BY_END };

/* struct request */
bool ended, stopped, muted, sink_failed, cancelled, withheld;
/* struct exchange */
mtype stop;
bool asked, kill, stopped_by;
/* struct child */
bool is_asked; /* CHILD_ASKED, else CHILD_BUSY */
bool condemned;

bool waits; /* in sys_epoll_wait with nothing but news to end it */

/* request_heed_cancel */
inline heed_cancel()
{
	if
	:: !cancelled && flag -> cancelled = true; muted = true
	:: else
	fi
}

inline child_ask_stop()
{
	asked_to_stop = true;
	is_asked = true
}

inline child_condemn()
{
	condemned = true;
	serving = 0
}

/* take_row, is_withheld, deliver_row, after_sink; on_request */
inline take_row()
{
	heed_cancel();
	if
	:: muted && BUG != 4 -> withheld = true; child_ask_stop()
	:: !muted || BUG == 4 -> /* BUG 4: nobody looks whether it is muted */
		assert(!muted);
		if
		:: true
		:: muted = true; sink_failed = true; child_ask_stop()
		:: limited -> child_condemn(); late = true /* REQUEST_LATE */
		fi
	fi
}

/* take_end, end_is_true */
inline take_end(how)
{
	assert(!ended);
	assert(how != END_STOPPED || is_asked); /* or an honest child would be called a liar */
	ended = true;
	stopped = how == END_STOPPED;
	serving = 0
}

/* take_messages: of a child that lives */
inline take_messages()
{
	do
	:: len(lane) > 0 && !condemned && !ended ->
		atomic {
			lane?message;
			if
			:: message == ROW -> take_row()
			:: else -> take_end(message)
			fi
		}
	:: else -> break
	:: len(lane) > 0 && !condemned && !ended -> break /* the rest comes in another read */
	od
}

/* One wake for each write: the code stops watching at the first. BUG 1: it goes on, and is told for ever. */
#define is_told (watched && (BUG == 1 -> readable : edge))

inline on_cancel()
{
	assert(!told); /* else the wait has become a busy loop */
	told = true;
	edge = false
}

/* exchange.c */
inline ask_stop(why)
{
	if
	:: !asked -> asked = true; child_ask_stop()
	:: else
	fi;
	if
	:: rank(why) > rank(stop) -> stop = why
	:: else
	fi;
	kill = kill || why != LATE
}

inline worker_unwatch_cancel()
{
	watched = false;
	edge = false
}

inline note_stops()
{
	atomic {
		if
		:: rank(stop) < 3 && sink_failed -> ask_stop(REFUSED)
		:: else
		fi;
		if
		:: rank(stop) < 2 && flag -> worker_unwatch_cancel(); heed_cancel(); ask_stop(CANCELLED)
		:: else
		fi
	}
}

inline conclude(what)
{
	assert(outcome == NOTHING); /* exactly one */
	outcome = what
}

/* session.c */
inline judge()
{
	if
	:: ended && !stopped && !sink_failed && (!withheld || BUG == 3) -> /* BUG 3: rows are missing */
		assert(!withheld);
		conclude(SUCCESS)
	:: else ->
		if
		:: sink_failed -> conclude(BY_SINK)
		:: !sink_failed && cancelled -> assert(flag); conclude(BY_CANCEL)
		:: !sink_failed && !cancelled && !ended -> assert(condemned && late); conclude(BY_END)
		:: !sink_failed && !cancelled && ended -> assert(stopped && stopped_by); conclude(BY_DEADLINE)
		fi
	fi
}

inline forget()
{
	d_step {
		ended = false;
		stopped = false;
		muted = false;
		sink_failed = false;
		cancelled = false;
		withheld = false;
		stop = GOES_ON;
		asked = false;
		kill = false;
		late = false;
		stopped_by = false;
		is_asked = false;
		condemned = false;
		asked_to_stop = false;
		outcome = NOTHING
	}
	do
	:: len(lane) > 0 -> lane?_
	:: else -> break
	od
}

active proctype Caller()
{
	byte calls;
	mtype outcome, message;
	bool limited, late, looks;

	c_code { BUG = setting("BUG"); };
	stop = GOES_ON;
	outcome = NOTHING;
	do
	:: calls < CALLS ->
		calls++;
		if /* the call has a deadline, or not */
		:: limited = true
		:: limited = false
		fi;

		/* worker_watch_cancel: looks, then watches */
		looks = flag;
		if
		:: !looks -> d_step { watched = true; edge = readable; told = false }
		:: else
		fi;
		if /* worker_pump_ready */
		:: is_told -> on_cancel()
		:: else
		fi;
		do /* worker_retire: waits until it is over or late, and looks at no token */
		:: is_told -> on_cancel()
		:: true -> break
		od;
		if /* exchange_may_begin */
		:: flag -> conclude(BY_CANCEL); goto leave
		:: else
		fi;
		atomic { /* child_run */
			serving = calls;
			asked_to_stop = false;
			run Child(calls)
		}

		/* exchange_run */
		do
		:: condemned || ended -> break
		:: else ->
			note_stops();
			if
			:: atomic { kill -> late = true; child_condemn() } /* kill_stopped */
			:: atomic { limited -> late = true; child_condemn() } /* kill_late */
			:: atomic { limited && !asked -> stopped_by = true; ask_stop(LATE) }
			:: waits = !limited && !kill; /* wait_a_while */
end_wait:			if
				:: atomic { len(lane) > 0 -> waits = false }
					take_messages()
				:: atomic { is_told -> waits = false; on_cancel() }
				:: limited || kill -> waits = false /* a deadline */
				fi
			fi
		od;
		atomic { judge() }

leave:		atomic {
			worker_unwatch_cancel();
			serving = 0;
			assert(outcome != NOTHING);
			forget()
		}
		if
		:: lw_cancel_token_reset()
		:: skip
		fi
	:: else -> break
	od
}

/* Where nothing can happen any more, nobody waits who has been cancelled. */
active proctype Watchdog()
{
end:	timeout -> assert(!(waits && flag))
}
