/* SPDX-License-Identifier: Apache-2.0 */
/* The report lane of a child, with the test as the warden. */
#include "support/support.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/child_parts.h"

static void
send_exit(int warden, uint64_t survivors)
{
	struct warden_record record = { .kind = WARDEN_EXIT };
	uint8_t bytes[WARDEN_RECORD_SIZE];

	record.value[EXIT_STATUS] = 9;
	record.value[EXIT_SURVIVORS] = survivors;
	record.value[EXIT_CONTAINMENT] = LW_CONTAINMENT_SUBREAPER;
	warden_record_encode(&record, bytes);
	assert_int_equal(send(warden, bytes, sizeof bytes, 0), sizeof bytes);
}

/*
 * The kernel tells first that the order was never read, and then gives what the warden had said
 * before it left.
 */
static void
what_a_warden_said_before_it_left_an_order_unread_is_heard(void **state)
{
	struct child c = { .state = CHILD_CONDEMNED,
		.options.epoll = -1,
		.io = { .event = -1, .control = -1, .log = -1, .warden_pidfd = -1 } };
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	c.io.report = pair[0];
	send_exit(pair[1], 7);
	child_send_record(&c, &(struct warden_record){ .kind = WARDEN_KILL });
	assert_int_equal(close(pair[1]), 0);
	while (c.io.report >= 0)
		child_on_report(&c);
	assert_int_equal(c.exit.known, 1);
	assert_int_equal(c.exit.signal, 9);
	assert_int_equal(c.exit.survivors, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(what_a_warden_said_before_it_left_an_order_unread_is_heard),
	};

	return support_run(tests);
}
