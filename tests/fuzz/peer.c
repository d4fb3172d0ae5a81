/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script. Lives are separated by LIFE bytes; each new child plays the next one, and after the
 * last they begin again. A life is a list of acts: a byte, whose low five bits say which and whose
 * high three bits say how, and for some acts another byte. How 0 is the truth; what is surely a lie is
 * remembered, so that the harness can tell when the parent believes it.
 *
 * Every other child is offered a ring and speaks through it; what it says goes there as far as there is
 * room. The ring itself may lie, at once or before the parent's next call.
 *
 * A child acts only while the parent waits; an act that waits for the parent holds up the rest. When
 * its script is over a child is silent. Its warden obeys, unless the script says otherwise.
 */
#include "fuzz/peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "parent/error.h"
#include "parent/spawn.h"
#include "wire/bytes.h"
#include "wire/protocol.h"
#include "wire/ring.h"
#include "wire/warden.h"

#define LIFE           0xff
#define PEERS_MAX      200
#define PEERS_SCRIPTED 36 /* at most, of these; the others behave */
#define ROWS_KNOWN     256
#define PACKETS_MAX    32
#define SENT_MAX       (2 << 20) /* by all children of a session: then they fall silent */
#define WARDEN_PID     1000      /* and one more for each */
#define WORKER_PID     2000
#define RECORD_VALUE_0 8
#define NS_PER_MS      INT64_C(1000000)

struct lane {
	uint8_t *bytes; /* kept from session to session */
	size_t start, end, room;
	bool closed;
};

struct packet {
	uint8_t bytes[WARDEN_RECORD_SIZE + 8];
	size_t size;
};

struct peer {
	struct fuzz_feed script;
	uint32_t generation;
	bool plain;     /* it has sent nothing of which this file does not know what it means */
	bool lied;      /* it has sent what the parent must not take */
	bool polite;    /* from here on it does what it is asked to */
	bool behaves;   /* it has no script */
	unsigned batch; /* so many acts more without letting the parent have a look */
	int64_t wake_ns;

	/* From the parent. */
	uint8_t header[WIRE_HEADER_SIZE];
	size_t header_size, body_left;
	uint32_t question; /* the last one that came whole, and what it is */
	uint8_t question_id, question_kind;
	uint32_t answered; /* the last question that got an end of some kind */
	int64_t asked_ns;  /* when a request began to come */
	unsigned requests;
	bool more;
	size_t gulp, appetite; /* what it reads in one step; what of that is left */
	bool deaf;             /* it closed its control lane */

	/* To the parent. */
	struct lane event, log;
	size_t whole;    /* where the last message that is a sign of life ends in the lane */
	int64_t life_ns; /* when the parent has read it */
	size_t piece;    /* most bytes of one read */
	struct packet packets[PACKETS_MAX];
	unsigned first_packet, end_packet;
	bool report_closed, said_exit;
	uint8_t twist, twist_by; /* what is wrong with the next header; 0 for nothing */
	uint32_t streams;
	uint64_t next[4], rows;
	uint64_t row_hash[ROWS_KNOWN];
	bool said_end, said_ok; /* and what it said first, is what counts */
	uint64_t rows_at_end;

	/* The processes. */
	bool started, waits, waits_for_stop;
	bool disobeys, unkillable, stolen, unread;
	bool told_to_kill, ordered; /* ordered: and it will obey, in a moment */
	bool ended, reaped;
	int warden_status;
	_Alignas(RING_PAGE) uint32_t stop[SPAWN_STOP_PAGE / sizeof(uint32_t)];
	bool mapped, ring_mapped;
	uint8_t *ring; /* NULL: it was offered none; kept from session to session */
	struct ring_writer writer;
	bool turns;               /* to the ring, when the parent has read its HELLO, */
	size_t turn_at;           /* which ends here */
	bool through_ring, rings; /* rings: for what it puts in */
	size_t bells;
	uint8_t storm;                 /* so many calls more change the ring */
	bool told_pid, told_wrong_pid; /* in a true STARTED; in another */
	uint64_t memory_kib, memory_peak_kib;
	int64_t memory_ns; /* since when it has so much */
};

static struct peer peers[PEERS_MAX];
static unsigned peer_count, scripted;
static unsigned oom_kills; /* as /proc/vmstat counts them */
static struct fuzz_feed whole_script, rest_of_script;
static bool has_lives, behave;
static size_t sent;

/* ---- Lives --------------------------------------------------------------------------------- */

static struct fuzz_feed
next_life(void)
{
	struct fuzz_feed life;
	const uint8_t *end;

	if (rest_of_script.at == rest_of_script.end)
		rest_of_script = whole_script;
	life = rest_of_script;
	if (life.at == life.end || !has_lives)
		return life;
	end = memchr(life.at, LIFE, (size_t)(life.end - life.at));
	rest_of_script.at = end ? end + 1 : life.end;
	life.end = end ? end : life.end;
	return life;
}

static pid_t
warden_pid(const struct peer *p)
{
	return WARDEN_PID + (pid_t)(p - peers);
}

static pid_t
worker_pid(const struct peer *p)
{
	return WORKER_PID + (pid_t)(p - peers);
}

static void
lane_begin(struct lane *lane)
{
	lane->start = lane->end = 0;
	lane->closed = false;
}

void
peers_begin(struct fuzz_feed script, bool with_lives)
{
	whole_script = rest_of_script = script;
	has_lives = with_lives;
	behave = false;
	peer_count = scripted = oom_kills = 0;
	sent = 0;
}

void
peers_behave(bool from_now_on)
{
	behave = from_now_on;
}

/* What an earlier child left in it stays: nobody may look where nothing was put. */
static void
offer_ring(struct peer *p)
{
	if (p->ring == NULL)
		p->ring = aligned_alloc(RING_PAGE, RING_SIZE(RING_ROOM));
	FUZZ_MUST(p->ring != NULL);
	memset(p->ring, 0, RING_PAGE);
	ring_writer_init(&p->writer, p->ring, (const uint8_t *)p->stop, RING_ROOM);
	p->ring_mapped = p->rings = true;
}

static struct peer *
peer_new(void)
{
	struct peer *p = &peers[peer_count++];
	struct lane event = p->event, log = p->log;
	uint8_t *ring = p->ring;

	lane_begin(&event);
	lane_begin(&log);
	memset(p, 0, sizeof *p);
	p->event = event;
	p->log = log;
	p->script = behave ? (struct fuzz_feed){ 0 } : next_life();
	p->polite = p->behaves = behave;
	scripted += !behave;
	p->plain = true;
	p->piece = p->appetite = SIZE_MAX;
	p->mapped = true;
	p->ring = ring;
	if ((p - peers) % 2 == 0)
		offer_ring(p);
	return p;
}

bool
peers_have_room(void)
{
	return peer_count < PEERS_MAX && (behave || scripted < PEERS_SCRIPTED);
}

lw_code
spawn_child(
    const char *path, char *const *environment, struct spawned *ret, struct lw_error *ret_error)
{
	struct peer *p;

	(void)environment;
	if (!peers_have_room())
		return error_set(ret_error, LW_V_CHILD_NOT_STARTED, "%s: no more children", path);
	p = peer_new();
	*ret = (struct spawned){
		.warden = warden_pid(p),
		.warden_pidfd = virtual_open(VIRTUAL_PIDFD, p),
		.control = virtual_open(VIRTUAL_CONTROL, p),
		.event = virtual_open(VIRTUAL_EVENT, p),
		.report = virtual_open(VIRTUAL_REPORT, p),
		.log = virtual_open(VIRTUAL_LOG, p),
		.stop = p->stop,
		.ring = p->ring_mapped ? p->ring : NULL,
	};
	return LW_OK;
}

/* The newest of this generation: an earlier worker may have had one too. */
static const struct peer *
find(uint32_t generation)
{
	unsigned i = peer_count;

	while (i > 0 && generation != 0 && peers[i - 1].generation != generation)
		i--;
	return i > 0 ? &peers[i - 1] : NULL;
}

struct peer_claim
peers_claim(uint32_t generation)
{
	const struct peer *p = find(generation);

	if (p == NULL)
		return (struct peer_claim){ .children = peer_count, .oom_kills = oom_kills };
	return (struct peer_claim){ .generation = p->generation,
		.plain = p->plain,
		.behaves = p->behaves,
		.said_ok = p->said_ok,
		.rows = p->rows_at_end,
		.rows_so_far = p->rows,
		.requests = p->requests,
		.asked_ns = p->asked_ns,
		.life_ns = p->life_ns,
		.memory_known = p->told_pid && !p->told_wrong_pid && !p->ended,
		.memory_kib = p->memory_kib,
		.memory_peak_kib = p->memory_peak_kib,
		.memory_ns = p->memory_ns,
		.oom_kills = oom_kills,
		.children = peer_count };
}

static uint64_t
hash(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint64_t value = size;

	for (size_t i = 0; i < size; i++)
		value = (value ^ at[i]) * UINT64_C(0x100000001b3);
	return value;
}

bool
peers_sent_row(uint32_t generation, uint64_t index, const char *payload, size_t size)
{
	const struct peer *p = find(generation);

	if (p == NULL || !p->plain || index >= ROWS_KNOWN)
		return p != NULL;
	return index < p->rows && p->row_hash[index] == hash(payload, size);
}

void
peers_check_gone(void)
{
	for (unsigned i = 0; i < peer_count; i++) {
		FUZZ_MUST(!peers[i].mapped && !peers[i].ring_mapped);
		FUZZ_MUST(peers[i].reaped || peers[i].unkillable);
	}
}

/* ---- What the parent reads ----------------------------------------------------------------- */

static void
lane_add(struct lane *lane, const void *bytes, size_t size)
{
	if (lane->room - lane->end < size) {
		lane->room = 2 * (lane->end + size);
		lane->bytes = realloc(lane->bytes, lane->room);
		FUZZ_MUST(lane->bytes != NULL);
	}
	if (size > 0 && !lane->closed)
		memcpy(lane->bytes + lane->end, bytes, size);
	lane->end += lane->closed ? 0 : size;
	sent += size;
}

static ssize_t
lane_read(struct lane *lane, void *buffer, size_t size)
{
	size_t left = lane->end - lane->start;

	if (left == 0 && !lane->closed) {
		errno = EAGAIN;
		return -1;
	}
	size = size < left ? size : left;
	if (size > 0)
		memcpy(buffer, lane->bytes + lane->start, size);
	lane->start += size;
	return (ssize_t)size;
}

/* So many bytes of the lane are the parent's now. */
static void
note_life(struct peer *p, size_t size)
{
	size_t before = p->event.start;

	p->event.start += size;
	if (before < p->whole && p->event.start >= p->whole)
		p->life_ns = virtual.now_ns;
}

static ssize_t
event_read(struct peer *p, void *buffer, size_t size)
{
	size_t before = p->event.start;
	ssize_t n;

	if (p->turns && size > p->turn_at - before)
		size = p->turn_at - before;
	n = lane_read(&p->event, buffer, size);
	if (n > 0) {
		p->event.start = before;
		note_life(p, (size_t)n);
	}
	p->through_ring = p->turns && p->event.start == p->turn_at;
	return n;
}

/* What waits in the lane goes into the ring, as far as there is room. */
static void
flow(struct peer *p)
{
	size_t left;

	while (p->through_ring && p->ring_mapped && (left = p->event.end - p->event.start) > 0) {
		size_t size = left < p->piece ? left : p->piece;

		size = size < RING_PIECE ? size : RING_PIECE;
		if (!ring_has_room(&p->writer, size))
			break;
		p->bells += ring_put(&p->writer, p->event.bytes + p->event.start, size) && p->rings;
		note_life(p, size);
		virtual.received += size;
		fuzz_note("pieces through rings", 1);
	}
}

/* A parent of which this child has filled the ring wakes it. */
static ssize_t
wake(struct peer *p, size_t size)
{
	FUZZ_MUST(p->through_ring);
	if (p->event.closed) {
		errno = EPIPE;
		return -1;
	}
	return (ssize_t)size;
}

static ssize_t
bell_read(struct peer *p, size_t size)
{
	if (p->bells == 0) {
		errno = EAGAIN;
		return p->event.closed ? 0 : -1;
	}
	size = size < p->bells ? size : p->bells;
	p->bells -= size;
	return (ssize_t)size;
}

static uint32_t
event_ready(struct peer *p)
{
	flow(p);
	return (p->bells > 0 ? (uint32_t)EPOLLIN : 0) |
	       (p->event.closed ? (uint32_t)(EPOLLIN | EPOLLHUP) : 0);
}

static uint32_t
lane_ready(const struct lane *lane)
{
	return (lane->end > lane->start ? (uint32_t)EPOLLIN : 0) |
	       (lane->closed ? (uint32_t)(EPOLLIN | EPOLLHUP) : 0);
}

static ssize_t
packet_read(struct peer *p, void *buffer, size_t size)
{
	const struct packet *packet = &p->packets[p->first_packet];

	if (p->first_packet == p->end_packet) {
		errno = EAGAIN;
		return p->report_closed ? 0 : -1;
	}
	p->first_packet++;
	size = size < packet->size ? size : packet->size;
	memcpy(buffer, packet->bytes, size);
	return (ssize_t)size;
}

static uint32_t
report_ready(const struct peer *p)
{
	return (p->first_packet < p->end_packet ? (uint32_t)EPOLLIN : 0) |
	       (p->report_closed ? (uint32_t)(EPOLLIN | EPOLLHUP) : 0);
}

uint32_t
peer_ready(struct peer *p, enum virtual_kind kind)
{
	switch (kind) {
	case VIRTUAL_EVENT:
		return p->through_ring ? event_ready(p) : lane_ready(&p->event);
	case VIRTUAL_LOG:
		return lane_ready(&p->log);
	case VIRTUAL_REPORT:
		return report_ready(p);
	case VIRTUAL_PIDFD:
		return p->ended ? (uint32_t)EPOLLIN : 0;
	case VIRTUAL_CONTROL:
		if (p->deaf || p->ended)
			return EPOLLOUT | EPOLLERR | EPOLLHUP;
		return p->appetite > 0 ? (uint32_t)EPOLLOUT : 0;
	default:
		return 0;
	}
}

ssize_t
peer_read(struct peer *p, enum virtual_kind kind, void *buffer, size_t size)
{
	switch (kind) {
	case VIRTUAL_EVENT:
		return p->through_ring ? bell_read(p, size)
				       : event_read(p, buffer, size < p->piece ? size : p->piece);
	case VIRTUAL_LOG:
		return lane_read(&p->log, buffer, size);
	case VIRTUAL_REPORT:
		return packet_read(p, buffer, size);
	default:
		FUZZ_MUST(!"read from what is not to be read");
		return -1;
	}
}

/* ---- What the parent writes ---------------------------------------------------------------- */

/* Whether this is what a parent may send now; written apart from wire/frame.c, which it checks. */
static void
check_header(const struct peer *p)
{
	const uint8_t *h = p->header;

	FUZZ_MUST(
	    h[4] == WIRE_HEALTH || h[4] == WIRE_OPEN || h[4] == WIRE_RUN || h[4] == WIRE_SHUTDOWN);
	FUZZ_MUST(wire_load32(h) <= WIRE_BODY_MAX && h[5] <= WIRE_MORE && h[6] == 0 && h[7] == 0);
	FUZZ_MUST(wire_load32(h + 8) == p->generation);
	FUZZ_MUST(wire_load32(h + 12) == p->question + 1);
	FUZZ_MUST(!p->more || h[4] == p->question_id);
}

static void
begin_body(struct peer *p)
{
	check_header(p);
	p->body_left = wire_load32(p->header);
	if (!p->more) {
		p->question_id = p->header[4];
		p->question_kind = 0;
		p->streams = 0;
		p->rows = 0;
		p->said_end = p->said_ok = false;
		memset(p->next, 0, sizeof p->next);
		p->asked_ns = p->question_id == WIRE_RUN ? virtual.now_ns : p->asked_ns;
		p->requests += p->question_id == WIRE_RUN;
	}
	p->more = p->header[5] & WIRE_MORE;
}

static void
end_frame(struct peer *p)
{
	p->header_size = 0;
	if (!p->more)
		p->question = wire_load32(p->header + 12);
}

/* Takes some of these bytes; answers how many. */
static size_t
take_control(struct peer *p, const uint8_t *bytes, size_t size)
{
	size_t n = WIRE_HEADER_SIZE - p->header_size;

	if (n == 0) {
		n = size < p->body_left ? size : p->body_left;
		if (p->question_kind == 0 && p->question_id == WIRE_RUN && n > 0)
			p->question_kind = bytes[0];
		p->body_left -= n;
	} else {
		n = size < n ? size : n;
		memcpy(p->header + p->header_size, bytes, n);
		p->header_size += n;
		if (p->header_size == WIRE_HEADER_SIZE)
			begin_body(p);
	}
	if (p->header_size == WIRE_HEADER_SIZE && p->body_left == 0)
		end_frame(p);
	return n;
}

static ssize_t
control_write(struct peer *p, const uint8_t *bytes, size_t size)
{
	if (p->deaf || p->ended) {
		errno = EPIPE;
		return -1;
	}
	if (p->appetite == 0) {
		errno = EAGAIN;
		return -1;
	}
	size = size < p->appetite ? size : p->appetite;
	p->appetite -= p->appetite == SIZE_MAX ? 0 : size;
	for (size_t at = 0; at < size;)
		at += take_control(p, bytes + at, size - at);
	return (ssize_t)size;
}

static void
obey(struct peer *p)
{
	if (p->told_to_kill)
		return;
	p->told_to_kill = true;
	p->ordered = !p->disobeys;
	p->wake_ns = virtual.now_ns + 2 * NS_PER_MS;
}

/* A warden that cannot be told ends everybody at an end of file. */
void
peer_hang_up(struct peer *p)
{
	if (!p->ended && !p->report_closed)
		obey(p);
}

static ssize_t
record_write(struct peer *p, const uint8_t *bytes, size_t size)
{
	struct warden_record record;

	FUZZ_MUST(warden_record_decode(bytes, size, &record));
	FUZZ_MUST(record.kind == WARDEN_CONFIGURE || record.kind == WARDEN_KILL);
	if (p->ended || p->report_closed) {
		errno = EPIPE;
		return -1;
	}
	if (record.kind == WARDEN_CONFIGURE)
		p->generation = (uint32_t)record.value[CONFIGURE_GENERATION];
	else
		obey(p);
	return (ssize_t)size;
}

ssize_t
peer_write(struct peer *p, enum virtual_kind kind, const void *buffer, size_t size)
{
	if (kind == VIRTUAL_CONTROL)
		return control_write(p, buffer, size);
	if (kind == VIRTUAL_EVENT)
		return wake(p, size);
	FUZZ_MUST(kind == VIRTUAL_REPORT);
	return record_write(p, buffer, size);
}

int
peer_socket_error(const struct peer *p)
{
	return p->unread ? ECONNRESET : 0;
}

bool
peer_unmap(const void *address)
{
	for (unsigned i = 0; i < peer_count; i++)
		if (peers[i].stop == address) {
			FUZZ_MUST(peers[i].mapped);
			peers[i].mapped = false;
			return true;
		} else if (peers[i].ring == address && address != NULL) {
			FUZZ_MUST(peers[i].ring_mapped);
			peers[i].ring_mapped = false;
			return true;
		}
	return false;
}

/* ---- What /proc says ------------------------------------------------------------------------ */

size_t
peers_file(const char *path, char *ret_text, size_t room)
{
	int pid;

	if (strcmp(path, "/proc/vmstat") == 0)
		return (size_t)snprintf(ret_text, room, "pgfault 1\noom_kill %u\n", oom_kills);
	if (sscanf(path, "/proc/%d/status", &pid) != 1)
		return 0;
	for (unsigned i = 0; i < peer_count; i++)
		if (pid == worker_pid(&peers[i]) && !peers[i].ended)
			return (size_t)snprintf(ret_text, room,
			    "PPid:\t%d\nRssAnon:\t%llu kB\nRssShmem:\t0 kB\nVmSwap:\t0 kB\n",
			    warden_pid(&peers[i]), (unsigned long long)peers[i].memory_kib);
	return 0;
}

/* ---- The end ------------------------------------------------------------------------------- */

static void
close_lanes(struct peer *p)
{
	p->event.closed = p->log.closed = p->report_closed = true;
}

static void
end(struct peer *p, int warden_status)
{
	flow(p);
	close_lanes(p);
	p->ended = true;
	p->warden_status = warden_status;
	virtual_moved();
}

int
peer_kill(struct peer *p, int signal)
{
	if (p->ended) {
		errno = ESRCH;
		return -1;
	}
	/* The warden is only killed after it was asked, in vain, or said that there is nobody left. */
	FUZZ_MUST(signal != SIGKILL || p->told_to_kill || p->said_exit || p->report_closed ||
		  virtual.faulty);
	if (signal == SIGKILL && !p->unkillable)
		end(p, SIGKILL);
	return 0;
}

int
peer_reap(struct peer *p, siginfo_t *ret_info)
{
	if (p->unkillable && !p->ended)
		end(p, SIGKILL); /* who waits for it waits that long */
	FUZZ_MUST(p->ended);
	FUZZ_MUST(!p->reaped);
	p->reaped = true;
	if (p->stolen) {
		errno = ECHILD;
		return -1;
	}
	ret_info->si_pid = warden_pid(p);
	ret_info->si_code = p->warden_status & 0x7f ? CLD_KILLED : CLD_EXITED;
	ret_info->si_status = p->warden_status & 0x7f ? p->warden_status & 0x7f
						      : p->warden_status >> 8;
	return 0;
}

int
peer_exit_status(const struct peer *p, int *ret_status)
{
	if (p->unread) { /* any flag will do: an old kernel */
		errno = ENOTTY;
		return -1;
	}
	*ret_status = p->warden_status;
	return 0;
}

/* ---- Sending ------------------------------------------------------------------------------- */

static void
add_packet(struct peer *p, const void *bytes, size_t size)
{
	struct packet *packet = &p->packets[p->end_packet];

	if (p->end_packet == PACKETS_MAX || p->report_closed)
		return;
	packet->size = size < sizeof packet->bytes ? size : sizeof packet->bytes;
	memcpy(packet->bytes, bytes, packet->size);
	p->end_packet++;
	p->said_exit = p->said_exit || (packet->size > 4 && packet->bytes[4] == WARDEN_EXIT);
	p->told_wrong_pid = p->told_wrong_pid ||
			    (packet->size > 4 && packet->bytes[4] == WARDEN_STARTED);
}

static void
add_record(struct peer *p, enum warden_record_kind kind, const uint64_t value[WARDEN_VALUES])
{
	struct warden_record record = { .kind = kind };
	uint8_t bytes[WARDEN_RECORD_SIZE];

	memcpy(record.value, value, sizeof record.value);
	warden_record_encode(&record, bytes);
	add_packet(p, bytes, sizeof bytes);
}

static void
add_exit(struct peer *p, enum warden_record_kind kind, int status, bool ordered)
{
	const uint64_t value[WARDEN_VALUES] = { [EXIT_STATUS] = (uint64_t)status,
		[EXIT_ORDERED] = ordered,
		[EXIT_CONTAINMENT] = CONTAINMENT_SUBREAPER };

	add_record(p, kind, value);
}

static void
add_started(struct peer *p)
{
	const uint64_t value[WARDEN_VALUES] = { [STARTED_PID] = (uint64_t)worker_pid(p),
		[STARTED_CONTAINMENT] = CONTAINMENT_SUBREAPER };
	bool wrong = p->told_wrong_pid;

	add_record(p, WARDEN_STARTED, value);
	p->told_pid = true;
	p->told_wrong_pid = wrong;
}

/* Something wrong in a header, when the script has asked for it. */
static void
twist(struct peer *p, uint8_t header[WIRE_HEADER_SIZE])
{
	static const uint8_t at[] = { 0, 0, 4, 5, 6, 8, 12, 2 };

	if (p->twist == 0)
		return;
	header[at[p->twist & 7]] ^= p->twist_by | 1;
	p->twist = 0;
	p->plain = false;
}

static void
add_frame(struct peer *p, uint8_t id, bool more, const uint8_t *body, size_t size)
{
	uint8_t header[WIRE_HEADER_SIZE] = { 0 };

	wire_store32(header, (uint32_t)size);
	header[4] = id;
	header[5] = more;
	wire_store32(header + 8, p->generation);
	wire_store32(header + 12, p->question);
	twist(p, header);
	lane_add(&p->event, header, sizeof header);
	lane_add(&p->event, body, size);
	if (!more)
		p->whole = p->event.end;
}

/* A body under construction. */
struct body {
	uint8_t bytes[1 << 17];
	size_t size;
};

static struct body body;

static void
put32(uint32_t value)
{
	wire_store32(body.bytes + body.size, value);
	body.size += 4;
}

static void
put64(uint64_t value)
{
	wire_store64(body.bytes + body.size, value);
	body.size += 8;
}

static void
put_bytes(const void *bytes, size_t size)
{
	FUZZ_MUST(body.size + size <= sizeof body.bytes);
	if (size > 0)
		memcpy(body.bytes + body.size, bytes, size);
	body.size += size;
}

static void
put_text(const char *text)
{
	put32((uint32_t)strlen(text));
	put_bytes(text, strlen(text));
}

static void
put_text_only(const char *text)
{
	put_bytes(text, strlen(text));
}

static void
send_body(struct peer *p, uint8_t id)
{
	const uint8_t *at = body.bytes;
	size_t left = body.size;

	body.size = 0;
	for (; left > WIRE_BODY_MAX; at += WIRE_BODY_MAX, left -= WIRE_BODY_MAX)
		add_frame(p, id, true, at, WIRE_BODY_MAX);
	add_frame(p, id, false, at, left);
}

static void
lies_if(struct peer *p, bool condition)
{
	p->lied = p->lied || condition;
}

/* ---- Texts --------------------------------------------------------------------------------- */

static const char *const names[] = { "rows", "x", "na\xc3\xafve \x01", "", "\xff", "rows" };
static const char *const payloads[] = { "null", "{\"a\":[1,2.5e3,\"\\u00e9\"]}", "\"text\"", "0",
	" [ ] ", "", "{", "\"\\ud800\"", "nul", "1 2" };
static const char *const words[] = { "a line\n", "PANIC at f", "INTERNAL PANIC: out of memory",
	"Stack overflow detected", "\x1b[31m\x07\xff\xc3", "\xe2\x82", "", "uncaught exception" };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One of a list; what is behind its end is a JSON string of up to 71 KiB, whole or cut. */
static void
put_payload(uint8_t which)
{
	size_t size = which < 200 ? 0 : (which - 199u) * 1300;

	if (size == 0) {
		put_text_only(payloads[which % COUNT(payloads)]);
		return;
	}
	put_bytes("\"", 1);
	memset(body.bytes + body.size, 'x', size);
	body.size += size;
	put_bytes("\"", which & 1);
}

static bool
is_good_payload(uint8_t which)
{
	return which < 200 ? which % COUNT(payloads) < 5 : which & 1;
}

/* ---- Acts ---------------------------------------------------------------------------------- */

typedef void act(struct peer *p, unsigned how, struct fuzz_feed *script);

static void
act_started(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	const uint64_t wrong[WARDEN_VALUES] = {
		[STARTED_PID] = how << 29, [STARTED_CONTAINMENT] = how
	};

	(void)script;
	p->started = true;
	if (how == 0)
		add_started(p);
	else
		add_record(p, WARDEN_STARTED, wrong);
}

static void
act_hello(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	lies_if(p, how > 0 && how != 4 && how != 5);
	put32(WIRE_HELLO_MAGIC + (how == 1));
	put32(how == 2 ? 2 : 1);
	put32(how == 3 ? 0 : how == 2 ? 9 : WIRE_PROTOCOL_VERSION);
	put32(p->ring_mapped ? WIRE_FEATURE_RING : 0);
	put_text(how == 4   ? ""
		 : how == 5 ? "an evil\x1b \xff program of a long long long name, "
			      "which goes on for more than sixty-three bytes"
			    : "leanworker-child");
	if (how != 6)
		put_text("0.1.0");
	if (how == 7)
		put32(1);
	send_body(p, WIRE_HELLO);
	if (p->ring_mapped && !p->turns)
		p->turn_at = p->event.end;
	p->turns = p->ring_mapped;
}

static void
act_opened(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	lies_if(p, how == 4 || how == 5);
	p->answered = p->question;
	put_text("native");
	put_text(how == 1 ? "\xff\x1b" : "a runtime");
	put_text(how == 2 ? "4.31.0 of a version that is longer than the place for it, which has 64"
			  : "");
	if (how != 4)
		put_text(how == 3 ? "a warning" : "");
	if (how == 5)
		put32(5);
	send_body(p, WIRE_OPENED);
}

static void
act_end(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t outcome = how == 0 ? 0 : fuzz_byte(script) % (WIRE_OUTCOME_END + 2);
	bool blames = (how == 2 || how == 3) && p->streams > 0;

	lies_if(p, how > 2);
	p->answered = p->question;
	if (!p->said_end) {
		p->said_end = true;
		p->said_ok = outcome == 0 && !p->lied;
		p->rows_at_end = p->rows;
	}
	put32(outcome);
	put32(outcome == WIRE_OUTCOME_EXPORT_STATUS ? 3 : 0);
	put64(p->rows + (how == 4));
	put64(12345);
	put32(how == 3 ? p->streams : blames ? p->streams - 1 : WIRE_NO_STREAM);
	put32(how == 5);
	put64(p->rows);
	put64(7);
	if (how == 6)
		put_payload(202); /* one frame, but longer than the place for it */
	else
		put_bytes("why\x1b[1m\x7f \xff", how == 7 ? 10 : how == 0 ? 0 : 8);
	send_body(p, WIRE_END);
}

static void
send_stream(struct peer *p, unsigned how, uint8_t which)
{
	static const char letters[300] = { [0 ... 298] = 'n' };
	char name[32];

	lies_if(p, how == 1 || how == 3 || how == 5);
	(void)snprintf(name, sizeof name, "stream-%u", p->streams);
	put32(p->streams + (how == 1));
	if (how == 2)
		put_text_only(names[which % COUNT(names)]);
	else if (how == 4 || how == 5)
		put_bytes(letters, how == 4 ? 255 : 256);
	else if (how != 3)
		put_bytes(name, strlen(name));
	send_body(p, WIRE_STREAM);
	p->streams++;
}

static void
act_stream(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	send_stream(p, how, how == 2 ? fuzz_byte(script) : 0);
}

static void
remember_row(struct peer *p, uint32_t stream, size_t payload_at)
{
	if (p->rows < ROWS_KNOWN)
		p->row_hash[p->rows] = p->lied
					   ? 0
					   : hash(body.bytes + payload_at, body.size - payload_at);
	p->rows++;
	if (stream < COUNT(p->next))
		p->next[stream]++;
}

/* Only of the first few streams, whose sequences are kept. */
static void
send_row(struct peer *p, unsigned how, uint8_t which)
{
	uint32_t last = p->streams < COUNT(p->next) ? p->streams : (uint32_t)COUNT(p->next);
	uint32_t stream = how == 3 ? p->streams : how == 7 || last == 0 ? 0 : last - 1;

	lies_if(p, p->streams == 0 || (how > 0 && how < 6) || !is_good_payload(which));
	lies_if(p, how == 6 && p->question_kind != WIRE_KIND_CALL);
	put32(stream);
	put32(how == 4);
	put64((stream < COUNT(p->next) ? p->next[stream] : 0) + (how == 1) - (how == 2));
	put_payload(which);
	remember_row(p, stream, WIRE_ROW_HEAD);
	if (how == 5)
		body.size = WIRE_ROW_HEAD - 1;
	send_body(p, how == 6 ? WIRE_REPLY : WIRE_ROW);
}

static void
act_row(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	send_row(p, how, fuzz_byte(script));
}

/* A part of a row whose end will never come: no sign of life. */
static void
act_part(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	lies_if(p, true);
	add_frame(p, WIRE_ROW, true, (const uint8_t *)"        ", how + 1);
}

static void
act_diagnostic(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	lies_if(p, how > 0 && how < 6);
	put_text(how == 1 ? "" : how == 2 ? "\xff" : "code");
	put_bytes("message\0\xff", how == 3 ? 8 : how == 4 ? 9 : 7);
	if (how == 5)
		body.size = 3;
	if (how == 6)
		put_payload(230);
	send_body(p, WIRE_DIAGNOSTIC);
}

static void
act_progress(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	bool opening = p->question_id == WIRE_OPEN; /* then the phase is cleaned, and no lie */

	(void)script;
	lies_if(p, how == 2 || how == 5 || (!opening && (how == 3 || how == 4)));
	put64(3);
	put64(how == 1 ? WIRE_NO_TOTAL : 9);
	put_bytes("phase\0\xff", how == 2 ? 0 : how == 3 ? 6 : how == 4 ? 7 : 5);
	if (how == 5)
		body.size = 15;
	send_body(p, WIRE_PROGRESS);
}

static void
act_metadata(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t which = how == 0 ? 1 : fuzz_byte(script);

	lies_if(p, !is_good_payload(which));
	put_payload(which);
	send_body(p, WIRE_METADATA);
}

static void
act_reply(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	put_payload(how == 0 ? 1 : fuzz_byte(script));
	send_body(p, WIRE_REPLY);
}

static void
act_healthy(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	p->answered = p->question;
	put_bytes("more", how & 4);
	send_body(p, WIRE_HEALTHY);
}

static void
act_bye(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)how, (void)script;
	p->answered = p->question;
	send_body(p, WIRE_BYE);
}

static void
act_log(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	const char *text = words[fuzz_byte(script) % COUNT(words)];

	for (unsigned i = 0; i <= how * how * how * 8; i++)
		lane_add(&p->log, text, strlen(text));
}

static void
act_close(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	if (how & 1)
		p->event.closed = true;
	if (how & 2)
		p->log.closed = true;
	if (how & 4)
		p->report_closed = true;
	if (how == 0)
		p->deaf = true;
}

static void
act_record(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t value = fuzz_byte(script);
	const uint64_t values[WARDEN_VALUES] = { value, how & 1, value, 3, 1, 2, 3 };

	add_record(p, (enum warden_record_kind)how, values);
}

/* The worker ends: by a signal if the byte is below 128, else with a status. */
static void
act_die(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t status = fuzz_byte(script);
	int wait_status = status < 128 ? status & 31 : (status - 128) << 8;

	p->unread = how & 1;
	if (how & 2)
		add_exit(p, WARDEN_ENDED, wait_status, false);
	if (how & 4) {
		p->event.closed = true; /* the warden is still busy with descendants */
		return;
	}
	add_exit(p, WARDEN_EXIT, wait_status, false);
	end(p, 0);
}

static void
act_warden_dies(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t status = fuzz_byte(script);

	p->stolen = how & 1;
	p->unread = how & 2;
	end(p, how & 4 ? status & 31 : status << 8);
}

static void
act_delay(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	p->wake_ns = virtual.now_ns + (NS_PER_MS * fuzz_byte(script) << how);
}

static void
act_raw_event(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	const uint8_t *bytes;
	size_t size = fuzz_take(script, how * 8 + 4u, &bytes);

	p->plain = false;
	lane_add(&p->event, bytes, size);
}

static void
act_raw_record(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	const uint8_t *bytes;
	size_t size = how == 0 ? WARDEN_RECORD_SIZE : how == 7 ? fuzz_byte(script) : how * 11u;

	size = fuzz_take(script, size, &bytes);
	if (size > 0)
		add_packet(p, bytes, size);
}

static void
act_pieces(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	p->piece = how == 0 ? SIZE_MAX : ((size_t)fuzz_byte(script) << how) + 64;
}

static void
act_twist(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	p->twist = how ? (uint8_t)how : 8;
	p->twist_by = fuzz_byte(script);
}

static void
act_gulp(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	p->gulp = how == 0 ? 0 : ((size_t)fuzz_byte(script) << how) + 64;
	p->appetite = how == 0 ? SIZE_MAX : p->gulp;
}

static void
act_repeat(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	bool streams = how & 4; /* each is compared with all before it: fewer of them */
	uint8_t times = fuzz_byte(script) & (streams ? 31 : 255);

	for (unsigned i = 0; i < times; i++)
		if (streams)
			send_stream(p, 0, 0);
		else
			send_row(p, how & 1 ? 7 : 0, how & 2 ? 1 : 0);
}

static void
act_batch(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	p->batch = how + 2;
}

/* Its memory, or that of the whole machine: then the kernel kills somebody. */
static void
act_memory(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	if (how == 7) {
		oom_kills++;
		return;
	}
	p->memory_kib = (uint64_t)fuzz_byte(script) << (2 * how);
	p->memory_ns = virtual.now_ns;
	if (p->memory_kib > p->memory_peak_kib)
		p->memory_peak_kib = p->memory_kib;
}

static void
act_manners(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	p->disobeys = how & 1;
	p->unkillable = how & 2;
	p->stolen = how & 4;
}

/* Answers what it was last asked, as a good child would. */
static void
act_polite(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	p->polite = how & 1;
	if (!p->started) {
		act_started(p, 0, script);
		act_hello(p, 0, script);
	} else if (p->question_id == WIRE_OPEN) {
		act_opened(p, 0, script);
	} else if (p->question_id == WIRE_HEALTH) {
		act_healthy(p, 0, script);
	} else if (p->question_id == WIRE_SHUTDOWN) {
		act_bye(p, 0, script);
		add_exit(p, WARDEN_EXIT, 0, false);
		end(p, 0);
	} else if (p->question_kind == WIRE_KIND_CALL) {
		act_reply(p, 0, script);
		act_end(p, 0, script);
	} else {
		send_stream(p, 0, 0);
		send_row(p, 0, 1);
		act_end(p, 0, script);
	}
}

static void
act_wait(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	(void)script;
	p->waits_for_stop = how & 1;
	p->waits = !p->waits_for_stop;
}

/* Something that an honest child never does to its ring; what it means, nobody can say any more. */
static void
lie_in_ring(struct peer *p, unsigned how, uint8_t byte)
{
	uint64_t by = (uint64_t)byte << (how == 3 ? 12 : 0);

	p->plain = false;
	for (uint64_t i = 0; i < by && how != 1 && how < 4; i++) /* nothing of an earlier child */
		p->ring[RING_PAGE + (p->writer.put + i) % RING_ROOM] = 0;
	if (how == 4)
		memset(p->ring + RING_PAGE, 0, RING_ROOM);
	else if (how == 5)
		p->ring[RING_PAGE + (p->writer.taken + byte) % RING_ROOM] ^= 1;
	else
		wire_store64(
		    p->ring + RING_PUT, how == 1 ? p->writer.put - by : p->writer.put + by);
}

static void
act_ring(struct peer *p, unsigned how, struct fuzz_feed *script)
{
	uint8_t byte = fuzz_byte(script);

	if (!p->through_ring || !p->ring_mapped)
		return;
	if (how == 0)
		p->bells += byte;
	else if (how == 6)
		p->rings = !p->rings;
	else if (how == 7)
		p->storm = byte;
	else
		lie_in_ring(p, how, byte);
}

void
peers_storm(void)
{
	for (unsigned i = 0; i < peer_count; i++)
		if (peers[i].storm > 0 && peers[i].ring_mapped) {
			uint8_t byte = peers[i].storm--;

			lie_in_ring(&peers[i], 1 + byte % 5, byte);
		}
}

/* What the script shows of itself is most often this. */
static act *const acts[32] = {
	act_polite,
	act_polite,
	act_started,
	act_hello,
	act_wait,
	act_opened,
	act_end,
	act_stream,
	act_row,
	act_diagnostic,
	act_progress,
	act_metadata,
	act_reply,
	act_healthy,
	act_bye,
	act_log,
	act_close,
	act_record,
	act_die,
	act_warden_dies,
	act_delay,
	act_raw_event,
	act_raw_record,
	act_pieces,
	act_twist,
	act_gulp,
	act_repeat,
	act_manners,
	act_batch,
	act_memory,
	act_part,
	act_ring,
};

/* ---- Steps --------------------------------------------------------------------------------- */

static bool
is_polite_next(const struct peer *p)
{
	return p->polite || (p->script.at < p->script.end && (*p->script.at & 31) < 2);
}

static bool
waits_for_parent(const struct peer *p)
{
	if (p->waits_for_stop)
		return p->stop[0] == 0;
	return (p->waits || (is_polite_next(p) && p->started)) && p->answered == p->question;
}

static bool
can_step(const struct peer *p)
{
	if (p->ended || p->generation == 0 || virtual.now_ns < p->wake_ns)
		return false; /* the warden waits for CONFIGURE */
	if (p->ordered || (p->gulp > 0 && p->appetite == 0))
		return true;
	if (waits_for_parent(p))
		return false;
	return p->polite || (p->script.at < p->script.end && sent < SENT_MAX);
}

static void
step(struct peer *p)
{
	uint8_t byte;

	if (p->ordered) {
		add_exit(p, WARDEN_EXIT, SIGKILL, true);
		end(p, 0);
		return;
	}
	if (p->gulp > 0 && p->appetite == 0) {
		p->appetite = p->gulp;
		return;
	}
	p->waits = p->waits_for_stop = false;
	byte = p->polite ? 1 << 5 : fuzz_byte(&p->script);
	acts[byte & 31](p, byte >> 5, &p->script);
}

bool
peers_step(void)
{
	for (unsigned i = 0; i < peer_count; i++)
		if (can_step(&peers[i])) {
			do
				step(&peers[i]);
			while (peers[i].batch > 0 && peers[i].batch-- > 0 && can_step(&peers[i]));
			virtual_moved();
			return true;
		}
	return false;
}

int64_t
peers_wake(void)
{
	int64_t wake = INT64_MAX;

	for (unsigned i = 0; i < peer_count; i++)
		if (!peers[i].ended && peers[i].wake_ns > virtual.now_ns && peers[i].wake_ns < wake)
			wake = peers[i].wake_ns;
	return wake;
}
