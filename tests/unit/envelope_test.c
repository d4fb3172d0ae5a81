/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "child/envelope.h"
#include "wire/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct envelope_scratch scratch;

static int
release_scratch(void **state)
{
	(void)state;
	buffer_free(&scratch.name);
	buffer_free(&scratch.text);
	return 0;
}

static struct envelope
parsed(const char *text)
{
	struct envelope envelope;
	struct envelope_fault fault;

	if (!envelope_parse(text, strlen(text), &scratch, &envelope, &fault))
		fail_msg("%s: refused at %zu: %s", text, fault.offset, fault.what);
	return envelope;
}

static struct envelope_fault
refused(const char *text, size_t size)
{
	struct envelope envelope = { .current = 77 };
	struct envelope_fault fault = { 0 };
	char *exact = malloc(size ? size : 1); /* so that a read past the end is seen */

	assert_non_null(exact);
	memcpy(exact, text, size);
	if (envelope_parse(exact, size, &scratch, &envelope, &fault))
		fail_msg("accepted: %s", text);
	free(exact);
	assert_non_null(fault.what);
	assert_true(fault.offset <= size);
	assert_false(fault.no_memory);
	assert_int_equal(envelope.current, 77);
	return fault;
}

static void
check_refused(const char *text, const char *what, size_t offset)
{
	struct envelope_fault fault = refused(text, strlen(text));

	if (strcmp(fault.what, what) != 0 || fault.offset != offset)
		fail_msg("%s: got \"%s\" at %zu, want \"%s\" at %zu", text, fault.what,
		    fault.offset, what, offset);
}

static bool
is(struct json_slice slice, const char *text)
{
	return slice.size == strlen(text) && memcmp(slice.at, text, slice.size) == 0;
}

static void
a_row_is_a_stream_and_its_payload_as_it_stands(void **state)
{
	struct envelope e = parsed(" {\"stream\":\"rows\", \"payload\" : {\"a\":[1, 2]} } ");

	(void)state;
	assert_int_equal(e.kind, ENVELOPE_ROW);
	assert_true(is(e.name, "rows"));
	assert_true(is(e.text, "{\"a\":[1, 2]}"));
}

static void
the_payload_may_come_before_the_stream(void **state)
{
	struct envelope e = parsed("{\"payload\":\"x\",\"stream\":\"s\"}");

	(void)state;
	assert_true(is(e.name, "s"));
	assert_true(is(e.text, "\"x\""));
}

static void
any_value_is_a_payload_and_null_is_one(void **state)
{
	static const char *const values[] = { "null", "true", "0", "-1.5e9", "\"\"", "[]", "{}",
		"\"\\ud83d\\ude00\"", "[null]" };
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		snprintf(text, sizeof text, "{\"stream\":\"s\",\"payload\":%s}", values[i]);
		assert_true(is(parsed(text).text, values[i]));
		snprintf(text, sizeof text, "{\"metadata\":%s}", values[i]);
		assert_int_equal(parsed(text).kind, ENVELOPE_METADATA);
		assert_true(is(parsed(text).text, values[i]));
	}
}

static void
escapes_in_names_are_decoded(void **state)
{
	struct envelope e = parsed("{\"\\u0073tream\":\"r\\u00f6ws\\n\",\"payload\":\"\\n\"}");

	(void)state;
	assert_true(is(e.name, "r\xc3\xb6ws\n"));
	assert_true(is(e.text, "\"\\n\""));
}

static void
unknown_keys_are_ignored_at_every_level(void **state)
{
	struct envelope e;

	(void)state;
	e = parsed("{\"v\":{\"stream\":1},\"stream\":\"s\",\"Payload\":[],\"payload\":1,\"v\":2}");
	assert_int_equal(e.kind, ENVELOPE_ROW);
	e = parsed(
	    "{\"diagnostic\":{\"severity\":3,\"code\":\"c\",\"message\":\"m\",\"severity\":[]}}");
	assert_true(is(e.name, "c"));
	e = parsed("{\"progress\":{\"unit\":null,\"phase\":\"p\",\"current\":1}}");
	assert_true(is(e.name, "p"));
}

static void
a_diagnostic_is_a_code_and_a_message(void **state)
{
	struct envelope e = parsed(
	    "{\"diagnostic\":{\"message\":\"a\\tb\",\"code\":\"x.\\u0079\"}}");

	(void)state;
	assert_int_equal(e.kind, ENVELOPE_DIAGNOSTIC);
	assert_true(is(e.name, "x.y"));
	assert_true(is(e.text, "a\tb"));
	assert_true(is(parsed("{\"diagnostic\":{\"code\":\"c\",\"message\":\"\"}}").text, ""));
	assert_true(is(parsed("{\"diagnostic\":{\"code\":\"c\",\"message\":\"\"}}").name, "c"));
}

static void
progress_is_a_phase_a_count_and_perhaps_a_total(void **state)
{
	struct envelope e = parsed(
	    "{\"progress\":{\"phase\":\"scan\",\"current\":3,\"total\":10}}");

	(void)state;
	assert_int_equal(e.kind, ENVELOPE_PROGRESS);
	assert_true(is(e.name, "scan"));
	assert_int_equal(e.current, 3);
	assert_int_equal(e.total, 10);
	e = parsed("{\"progress\":{\"current\":18446744073709551615,\"phase\":\"p\"}}");
	assert_true(e.current == UINT64_MAX);
	assert_true(e.total == WIRE_NO_TOTAL);
	e = parsed("{\"progress\":{\"phase\":\"p\",\"current\":0,\"total\": null }}");
	assert_true(e.total == WIRE_NO_TOTAL);
}

static void
an_array_is_not_an_envelope(void **state)
{
	(void)state;
	check_refused("[\"rows\",{}]", "expected an object", 0);
	check_refused(" [\"rows\",{},null,null,null]", "expected an object", 1);
	check_refused("\"row\"", "expected an object", 0);
	check_refused("null", "expected an object", 0);
	check_refused("", "expected an object", 0);
	check_refused("{\"diagnostic\":[\"code\",\"message\"]}", "expected an object", 14);
	check_refused("{\"progress\":[\"phase\",1]}", "expected an object", 12);
}

static void
an_object_without_a_kind_is_not_an_envelope(void **state)
{
	static const char what[] = "envelope is no row, diagnostic, progress or metadata";

	(void)state;
	check_refused("{}", what, 0);
	check_refused("{\"rows\":1}", what, 0);
	check_refused("{\"stream \":\"s\"}", what, 0);
}

static void
a_row_without_stream_or_payload_is_refused(void **state)
{
	(void)state;
	check_refused("{\"payload\":1}", "row has no \"stream\"", 0);
	check_refused("{\"stream\":\"s\"}", "row has no \"payload\"", 0);
	check_refused("{\"stream\":\"\",\"payload\":1}", "empty \"stream\"", 1);
	check_refused("{\"stream\":null,\"payload\":1}", "expected a string", 10);
	check_refused("{\"stream\":1,\"payload\":1}", "expected a string", 10);
	check_refused("{\"stream\":\"a\\u0000b\",\"payload\":1}", "name with a NUL in it", 1);
}

static void
two_kinds_in_one_envelope_are_refused(void **state)
{
	static const char what[] = "envelope of two kinds";

	(void)state;
	check_refused("{\"stream\":\"s\",\"payload\":1,\"metadata\":2}", what, 26);
	check_refused(
	    "{\"stream\":\"s\",\"diagnostic\":{\"code\":\"c\",\"message\":\"m\"},\"payload\":1}",
	    what, 14);
	check_refused(
	    "{\"diagnostic\":{\"code\":\"c\",\"message\":\"m\"},\"progress\":{}}", what, 41);
	check_refused("{\"metadata\":null,\"stream\":\"s\",\"payload\":1}", what, 17);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1},\"payload\":1}", what, 38);
}

static void
a_member_given_twice_is_refused(void **state)
{
	static const char what[] = "member given twice";

	(void)state;
	check_refused("{\"stream\":\"a\",\"stream\":\"b\",\"payload\":1}", what, 14);
	check_refused("{\"stream\":\"a\",\"\\u0073tream\":\"a\",\"payload\":1}", what, 14);
	check_refused("{\"stream\":\"a\",\"payload\":1,\"payload\":1}", what, 26);
	check_refused("{\"metadata\":1,\"metadata\":1}", what, 14);
	check_refused(
	    "{\"diagnostic\":{\"code\":\"c\",\"code\":\"c\",\"message\":\"m\"}}", what, 26);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1,\"current\":1}}", what, 37);
	check_refused(
	    "{\"diagnostic\":{\"code\":\"c\",\"message\":\"m\"},\"diagnostic\":{}}", what, 41);
}

static void
stream_names_end_at_the_limit(void **state)
{
	char name[WIRE_STREAM_NAME_MAX + 2], text[512];
	struct envelope_fault fault;

	(void)state;
	memset(name, 'n', sizeof name);
	name[WIRE_STREAM_NAME_MAX] = '\0';
	snprintf(text, sizeof text, "{\"stream\":\"%s\",\"payload\":1}", name);
	assert_true(is(parsed(text).name, name));
	name[WIRE_STREAM_NAME_MAX] = 'n';
	name[WIRE_STREAM_NAME_MAX + 1] = '\0';
	snprintf(text, sizeof text, "{\"stream\":\"%s\",\"payload\":1}", name);
	check_refused(text, "\"stream\" longer than 255 bytes", 1);
	fault = refused(text, strlen(text));
	assert_int_equal(fault.stream.size, 0);
}

static void
incomplete_diagnostics_are_refused(void **state)
{
	(void)state;
	check_refused("{\"diagnostic\":{}}", "diagnostic has no \"code\"", 1);
	check_refused("{\"diagnostic\":{\"message\":\"m\"}}", "diagnostic has no \"code\"", 1);
	check_refused("{\"diagnostic\":{\"code\":\"c\"}}", "diagnostic has no \"message\"", 1);
	check_refused("{\"diagnostic\":{\"code\":\"\",\"message\":\"m\"}}", "empty \"code\"", 15);
	check_refused(
	    "{\"diagnostic\":{\"code\":\"c\",\"message\":null}}", "expected a string", 36);
	check_refused("{\"diagnostic\":null}", "expected an object", 14);
}

static void
incomplete_progress_is_refused(void **state)
{
	static const char number[] = "expected a whole number that is not negative";

	(void)state;
	check_refused("{\"progress\":{\"current\":1}}", "progress has no \"phase\"", 1);
	check_refused("{\"progress\":{\"phase\":\"p\"}}", "progress has no \"current\"", 1);
	check_refused("{\"progress\":{\"phase\":\"\",\"current\":1}}", "empty \"phase\"", 13);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":-1}}", number, 35);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1.5}}", number, 35);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1e2}}", number, 35);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":null}}", number, 35);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":18446744073709551616}}",
	    "number that does not fit 64 bits", 35);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1,\"total\":\"9\"}}", number, 45);
	check_refused("{\"progress\":{\"phase\":\"p\",\"current\":1,\"total\":-9}}", number, 45);
}

static void
what_is_not_json_is_refused_where_it_breaks(void **state)
{
	(void)state;
	check_refused("{", "expected a key", 1);
	check_refused("{\"stream\":\"s\",\"payload\":}", "expected a value", 24);
	check_refused(
	    "{\"stream\":\"s\",\"payload\":{\"a\":01}}", "number with a leading zero", 30);
	check_refused("{\"stream\":\"s\",\"payload\":1} x", "text after the value", 27);
	check_refused("{\"stream\":\"s\",\"payload\":1}{}", "text after the value", 26);
	check_refused("{\"stream\":\"s\",\"payload\":1,}", "expected a key", 26);
	check_refused("{\"stream\":\"s\",\"payload\":1,\"x\":}", "expected a value", 30);
	check_refused("{\"stream\":\"\xff\",\"payload\":1}", "not UTF-8", 11);
}

static void
a_fault_names_the_stream_if_it_was_read(void **state)
{
	static const char named[] = "{\"stream\":\"r\\u00f6ws\",\"payload\":[1,}";
	static const char nameless[] = "{\"payload\":[1,},\"stream\":\"rows\"}";
	static const char twice[] = "{\"stream\":\"rows\",\"metadata\":1}";
	static const char diagnostic[] = "{\"diagnostic\":{\"code\":\"c\",\"message\":1}}";
	struct envelope_fault fault;

	(void)state;
	assert_true(is(refused(named, sizeof named - 1).stream, "r\xc3\xb6ws"));
	assert_int_equal(refused(nameless, sizeof nameless - 1).stream.size, 0);
	assert_int_equal(refused(diagnostic, sizeof diagnostic - 1).stream.size, 0);
	fault = (struct envelope_fault){ 0 };
	assert_false(
	    envelope_parse(twice, sizeof twice - 1, &scratch, &(struct envelope){ 0 }, &fault));
	assert_true(is(fault.stream, "rows"));
}

static void
an_envelope_that_is_cut_anywhere_is_refused(void **state)
{
	static const char *const texts[] = {
		"{\"stream\":\"r\\u00f6ws\",\"payload\":{\"a\":[1,\"\\n\"]}}",
		"{\"diagnostic\":{\"code\":\"c\",\"message\":\"\\ud83d\\ude00\"}}",
		"{\"progress\":{\"phase\":\"p\",\"current\":12,\"total\":34}}",
		"{\"metadata\":{\"lines\":1}}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t cut = 0; cut < strlen(texts[i]); cut++)
			(void)refused(texts[i], cut);
}

static void
no_change_of_one_byte_leads_outside_of_the_envelope(void **state)
{
	static const char text[] =
	    "{\"stream\":\"r\\u00f6ws\",\"payload\":{\"a\":[1,\"\\n\"]},\"x\":null}";
	size_t size = sizeof text - 1;
	struct envelope envelope;
	struct envelope_fault fault;
	char *copy = malloc(size);

	(void)state;
	assert_non_null(copy);
	memcpy(copy, text, size);
	for (size_t i = 0; i < size; i++) {
		for (int byte = 0; byte < 256; byte++) {
			copy[i] = (char)byte;
			if (!envelope_parse(copy, size, &scratch, &envelope, &fault))
				assert_true(fault.what != NULL && fault.offset <= size);
			else
				assert_true(
				    envelope.text.at >= copy && envelope.text.at < copy + size);
		}
		copy[i] = text[i];
	}
	free(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_a_stream_and_its_payload_as_it_stands),
		cmocka_unit_test(the_payload_may_come_before_the_stream),
		cmocka_unit_test(any_value_is_a_payload_and_null_is_one),
		cmocka_unit_test(escapes_in_names_are_decoded),
		cmocka_unit_test(unknown_keys_are_ignored_at_every_level),
		cmocka_unit_test(a_diagnostic_is_a_code_and_a_message),
		cmocka_unit_test(progress_is_a_phase_a_count_and_perhaps_a_total),
		cmocka_unit_test(an_array_is_not_an_envelope),
		cmocka_unit_test(an_object_without_a_kind_is_not_an_envelope),
		cmocka_unit_test(a_row_without_stream_or_payload_is_refused),
		cmocka_unit_test(two_kinds_in_one_envelope_are_refused),
		cmocka_unit_test(a_member_given_twice_is_refused),
		cmocka_unit_test(stream_names_end_at_the_limit),
		cmocka_unit_test(incomplete_diagnostics_are_refused),
		cmocka_unit_test(incomplete_progress_is_refused),
		cmocka_unit_test(what_is_not_json_is_refused_where_it_breaks),
		cmocka_unit_test(a_fault_names_the_stream_if_it_was_read),
		cmocka_unit_test(an_envelope_that_is_cut_anywhere_is_refused),
		cmocka_unit_test(no_change_of_one_byte_leads_outside_of_the_envelope),
	};

	return cmocka_run_group_tests(tests, NULL, release_scratch);
}
