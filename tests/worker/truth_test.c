/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches a caller through the worker is what real Lean sent (fixtures/truth), in its order. */
#include <jansson.h>

#include "worker/harness.h"

#define ROW      "{\"stream\":\"declarations\",\"payload\":"
#define PROGRESS "{\"progress\":{\"phase\":\"scan\",\"current\":"
#define METADATA "{\"metadata\":"

static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (file == NULL || getdelim(&text, &room, '\0', file) <= 0)
		fail_msg("%s cannot be read", path);
	(void)fclose(file);
	return text;
}

/* One envelope as the harness writes down the event that it becomes. */
static void
put_event(FILE *out, const char *envelope, unsigned *rows)
{
	size_t size = strlen(envelope);
	unsigned long long current, total;

	if (strncmp(envelope, ROW, strlen(ROW)) == 0)
		fprintf(out, "row declarations %u %.*s\n", (*rows)++, (int)(size - strlen(ROW) - 1),
		    envelope + strlen(ROW));
	else if (strncmp(envelope, METADATA, strlen(METADATA)) == 0)
		fprintf(out, "metadata %.*s\n", (int)(size - strlen(METADATA) - 1),
		    envelope + strlen(METADATA));
	else if (sscanf(envelope, PROGRESS "%llu,\"total\":%llu}}", &current, &total) == 2)
		fprintf(out, "progress scan %llu of %llu\n", current, total);
	else
		fail_msg("unexpected in the truth of this file: %s", envelope);
}

/* The events of one case of expected.txt. */
static char *
expected_events(const char *name)
{
	char path[4096], *text, *line = NULL, *at, *events = NULL;
	unsigned rows = 0;
	size_t size;
	FILE *out = open_memstream(&events, &size);

	(void)snprintf(path, sizeof path, "%s/fixtures/truth/expected.txt", support_source());
	text = read_file(path);
	(void)snprintf(path, sizeof path, "case scan 0 @%s\n", name);
	at = strstr(text, path);
	assert_non_null(at);
	at += strlen(path);
	while ((line = strsep(&at, "\n")) != NULL && strncmp(line, "status ", 7) != 0)
		put_event(out, line, &rows);
	assert_string_equal(line, "status 0");
	(void)fclose(out);
	free(text);
	return events;
}

static void
expect_truth(struct harness *h, const char *name)
{
	char path[4096], *text, *request, *events = expected_events(name);
	json_t *object;

	(void)snprintf(path, sizeof path, "%s/fixtures/truth/%s", support_source(), name);
	text = read_file(path);
	object = json_pack("{s:s}", "source", text);
	request = json_dumps(object, JSON_COMPACT);
	assert_int_equal(harness_stream(h, "leanworker_fixture_scan", request), LW_OK);
	assert_string_equal(h->events, events);
	free(request);
	json_decref(object);
	free(text);
	free(events);
}

static void
a_scan_through_the_worker_is_the_scan_of_real_lean(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_fixture(&h);
	expect_truth(&h, "../../lean/LeanWorker/Json.lean");
	expect_truth(&h, "../../lean/LeanWorker/Emit.lean");
	expect_truth(&h, "../../fixtures/interop/Interop/Scan.lean");
	expect_truth(&h, "files/Names.lean");
	expect_truth(&h, "files/Mutual.lean");
	expect_truth(&h, "files/Layout.lean");
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_scan_through_the_worker_is_the_scan_of_real_lean),
	};

	return support_run(tests);
}
