/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring between a child and its parent: putting in, sleeping, waking, and a death anywhere between.
 * A frame is one unit, and the ring has room for two. Each access to a shared word is one step; they
 * are sequentially consistent in the code. An inline stands for the C function of its name.
 *
 * Nobody looks by the clock here: what an honest child puts in must be found by bells alone, and every
 * wait must end. A process that waits for ever is an invalid end state.
 *
 *      LIAR=1     the child may write any count and any number, and need not ring; the parent has a
 *                 clock, by which it looks and gives up
 *      BUG=n      a seeded mistake, which must be found
 */

#define ROOM   2
#define FRAMES 4
#define COUNTS 5 /* a liar's counts are below */

byte BUG, LIAR; /* from the environment */
bool begun;

c_decl {
	static int setting(const char *name)
	{
		return getenv(name) ? atoi(getenv(name)) : 0;
	}
};

/* The shared words: the first two are the child's to write, the others the parent's. */
byte put, child_sleeps;
byte page_taken, parent_sleeps;

/* The socket: unread bells to either side. */
bool bell_for_parent, bell_for_child;

bool dead; /* and its pidfd says so */
bool condemned;
byte taken; /* the parent's own count */

/* ---- The child's side of wire/ring.c, and child/lane.c --------------------------------------- */

byte known_taken, sleep_number, rung;

/* It may die between any two of its steps. */
#define MAY_DIE                                                                                    \
	if                                                                                         \
	:: true                                                                                    \
	:: dead = true; goto over                                                                  \
	fi

inline ring_put()
{
	MAY_DIE; /* the frame is there, and does not count yet */
	if
	:: BUG == 2 -> see = parent_sleeps; put = put + 1 /* looks first */
	:: BUG != 2 -> put = put + 1; MAY_DIE; see = parent_sleeps
	fi;
	if
	:: see != 0 && see != rung ->
		rung = (BUG == 6 -> 1 : see);
		MAY_DIE;
		bell_for_parent = true
	:: else
	fi
}

inline wait_for_room()
{
	do
	:: put + 1 - known_taken <= ROOM -> break
	:: else ->
		known_taken = page_taken;
		if
		:: put + 1 - known_taken <= ROOM -> break
		:: else
		fi;
		sleep_number++;
		child_sleeps = sleep_number;
		MAY_DIE;
		if
		:: BUG != 3 -> known_taken = page_taken
		:: BUG == 3 /* waits without another look */
		fi;
		if
		:: put + 1 - known_taken <= ROOM
		:: else -> bell_for_child; bell_for_child = false
		fi;
		child_sleeps = 0
	od
}

active proctype Child()
{
	byte sent, see;

	begun;
	do
	:: LIAR == 0 && sent < FRAMES && !dead ->
		wait_for_room();
		ring_put();
		sent++
	:: else -> break
	od;
over:	skip
}

/* Every word of its own, at any time; and never a bell, or one too many. */
active proctype Liar()
{
	byte left = 2, any;

	begun;
	do
	:: LIAR == 0 -> break
	:: LIAR == 1 && left > 0 ->
		left--;
		select (any : 0 .. COUNTS);
		if
		:: put = any
		:: child_sleeps = any
		:: bell_for_parent = true
		fi
	:: LIAR == 1 && left == 0 -> break
	od
}

/* ---- The parent's side of wire/ring.c, and parent/child_ring.c -------------------------------- */

byte seen, sleeps, woken;

/* One load; what follows uses the copy. */
inline ring_look()
{
	count = put;
	if
	:: count < seen || count - taken > ROOM -> condemned = true; goto over
	:: else -> seen = count
	fi;
	if
	:: BUG == 8 -> seen = put /* a second load */
	:: else
	fi
}

inline ring_must_wake()
{
	number = child_sleeps;
	if
	:: number != 0 && number != woken && (seen - taken) * 2 <= ROOM ->
		woken = number;
		bell_for_child = true
	:: else
	fi
}

inline take()
{
	if
	:: BUG == 4 -> ring_must_wake() /* before there is room */
	:: else
	fi;
	d_step {
		assert(seen - taken <= ROOM); /* never more than there can be */
		taken++
	};
	page_taken = taken;
	if
	:: BUG != 4 -> ring_must_wake()
	:: else
	fi
}

/* child_read_ring: as much as it likes, or all; and then it sleeps. */
inline read_ring()
{
	parent_sleeps = 0;
	do
	:: ring_look();
		if
		:: seen == taken -> break
		:: else
		fi;
		take();
		if
		:: seen > taken -> take()
		:: true
		fi;
		if
		:: true
		:: break /* enough for one wake */
		fi
	od;
	sleeps++;
	parent_sleeps = (BUG == 6 -> 1 : sleeps);
	if
	:: BUG != 1 -> ring_look(); at_once = seen > taken
	:: BUG == 1 -> at_once = false /* sleeps without another look */
	fi
}

/* child_drain_ring: what is there at the end, once. */
inline drain_ring()
{
	if
	:: BUG != 5 -> ring_look()
	:: BUG == 5 /* what was seen last will do */
	fi;
	do
	:: seen > taken -> take()
	:: else -> break
	od
}

active proctype Parent()
{
	byte count, number, looks;
	bool at_once;

	d_step {
		c_code {
			now.BUG = setting("BUG");
			now.LIAR = setting("LIAR");
		};
		sleeps = 1; /* child_use_ring */
		parent_sleeps = 1;
		begun = true
	};
	do
	:: taken == FRAMES && LIAR == 0 -> break
	:: else ->
		if
		:: at_once -> read_ring()
		:: !at_once && bell_for_parent ->
			if
			:: BUG != 7 -> bell_for_parent = false; read_ring()
			:: BUG == 7 -> read_ring(); bell_for_parent = false /* and with it a new one */
			fi
		:: !at_once && dead -> drain_ring(); assert(LIAR == 1 || taken == put); break
		:: !at_once && LIAR == 1 && looks < 3 -> looks++; read_ring() /* RING_LOOK_MS */
		:: !at_once && LIAR == 1 -> break                             /* its deadline */
		fi
	od;
over:	assert(LIAR == 1 || !condemned); /* an honest child is never called a liar */
	dead = true;
	bell_for_child = true /* the socket is closed */
}
