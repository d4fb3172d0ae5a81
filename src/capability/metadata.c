/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a capability says of itself, and comparing it with what its user relies on. The envelopes are
 * records like any user's; values are compared as jansson's trees, because this is not hot.
 */
#include "leanworker/metadata.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "capability/version.h"
#include "parent/error.h"
#include "parent/session.h"

LW_RECORD(named_version, struct lw_named_version, LW_FIELD(name), LW_FIELD(version));
LW_RECORD(metadata, struct lw_metadata, LW_LIST_OF(commands, command_count, named_version),
    LW_LIST_OF(capabilities, capability_count, named_version), LW_FIELD(lean_version, LW_OPTIONAL),
    LW_FIELD(extra, LW_OPTIONAL));

static const struct lw_name severities[] = {
	{ "pass", LW_SEVERITY_PASS },
	{ "warning", LW_SEVERITY_WARNING },
	{ "error", LW_SEVERITY_ERROR },
};
LW_RECORD(finding, struct lw_finding, LW_ENUM(severity, severities), LW_FIELD(code),
    LW_FIELD(message), LW_FIELD(details, LW_OPTIONAL));
LW_RECORD(doctor, struct lw_doctor_report,
    LW_LIST_OF(findings, finding_count, finding, LW_KEY("diagnostics")),
    LW_FIELD(metadata, LW_OPTIONAL));

/* What every error about an answer says of it. */
static lw_code
blame(struct lw_error *ret_error, lw_code code, const char *export_name, uint32_t generation)
{
	if (ret_error != NULL) {
		ret_error->generation = generation;
		(void)snprintf(ret_error->command, sizeof ret_error->command, "%s", export_name);
	}
	return code;
}

/* ---- Metadata ---------------------------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(**(const char *const *const *)a, **(const char *const *const *)b);
}

/* Sorted, not each with each: a capability that sends a million names must not hold us up. */
static lw_code
check_unique(
    const char *what, const struct lw_named_version *list, size_t count, struct lw_error *ret_error)
{
	const char *const **names = sys_alloc((count + 1) * sizeof *names);
	lw_code code = LW_OK;

	if (names == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory to compare names");
	for (size_t i = 0; i < count; i++)
		names[i] = &list[i].name;
	qsort(names, count, sizeof *names, by_name);
	for (size_t i = 1; i < count && code == LW_OK; i++)
		if (strcmp(*names[i - 1], *names[i]) == 0)
			code = error_set(ret_error, LW_V_METADATA, "$.%s: two are named \"%s\"",
			    what, *names[i]);
	sys_free(names);
	return code;
}

static lw_code
check_names(
    const char *what, const struct lw_named_version *list, size_t count, struct lw_error *ret_error)
{
	for (size_t i = 0; i < count; i++)
		if (*list[i].name == '\0')
			return error_set(
			    ret_error, LW_V_METADATA, "$.%s[%zu].name is empty", what, i);
	return check_unique(what, list, count, ret_error);
}

lw_code
lw_session_metadata(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_call_options *call, struct lw_metadata *ret_metadata,
    struct lw_error *ret_error)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_metadata m;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_metadata == NULL || ret_metadata->struct_size != sizeof *ret_metadata)
		return error_set(
		    ret_error, LW_V_MISUSE, "the metadata must begin as LW_METADATA_INIT");
	reply.into = LW_INTO(metadata, &m);
	code = lw_session_call(session, export_name, request, call, &reply, ret_error);
	if (code != LW_OK)
		return code;
	m.struct_size = sizeof m;
	m.json = reply.text;
	m.json_size = reply.size;
	m.generation = reply.generation;
	m.memory = reply.memory;
	code = check_names("commands", m.commands, m.command_count, ret_error);
	if (code == LW_OK)
		code = check_names("capabilities", m.capabilities, m.capability_count, ret_error);
	if (code != LW_OK) {
		code = blame(ret_error, code, export_name, m.generation);
		lw_metadata_clear(&m);
		return code;
	}
	*ret_metadata = m;
	return LW_OK;
}

/* ---- Comparing values -------------------------------------------------------------------------- */

/* Short text of a value for a message; the caller's buffer. */
static const char *
brief(const json_t *value, char *room, size_t size)
{
	size_t n = value ? json_dumpb(value, room, size - 1, JSON_ENCODE_ANY | JSON_COMPACT) : 0;

	if (value == NULL)
		return "nothing";
	room[n < size - 1 ? n : 0] = '\0';
	return n < size - 1 ? room : "something longer";
}

/* Where two values differ first: "$.extra.fixture". */
struct difference {
	char path[256];
	json_t *found, *wanted; /* borrowed */
};

static bool includes(json_t *found, json_t *wanted, struct difference *ret);

static bool
element_is_there(json_t *found, json_t *element)
{
	struct difference unused = { .path = "" };
	json_t *candidate;
	size_t i;

	json_array_foreach(
	    found, i, candidate) if (includes(candidate, element, &unused)) return true;
	return false;
}

static bool
array_includes(json_t *found, json_t *wanted, struct difference *ret)
{
	json_t *element;
	size_t i;

	json_array_foreach(wanted, i, element) if (!element_is_there(found, element))
	{
		ret->found = found;
		ret->wanted = element;
		return false;
	}
	return true;
}

static bool
object_includes(json_t *found, json_t *wanted, struct difference *ret)
{
	size_t length = strlen(ret->path);
	const char *key;
	json_t *value;

	json_object_foreach(wanted, key, value)
	{
		(void)snprintf(ret->path + length, sizeof ret->path - length, ".%s", key);
		if (!includes(json_object_get(found, key), value, ret))
			return false;
		ret->path[length] = '\0';
	}
	return true;
}

static bool
includes(json_t *found, json_t *wanted, struct difference *ret)
{
	if (json_is_array(wanted) && json_is_array(found))
		return array_includes(found, wanted, ret);
	if (json_is_object(wanted) && json_is_object(found))
		return object_includes(found, wanted, ret);
	ret->found = found;
	ret->wanted = wanted;
	return found != NULL && json_equal(found, wanted);
}

static lw_code
compare_subset(json_t *found, json_t *wanted, struct lw_error *ret_error)
{
	struct difference d = { .path = "$" };
	char want[200], have[200];

	if (includes(found, wanted, &d))
		return LW_OK;
	return error_set(ret_error, LW_V_METADATA, "%s is expected to %s %s and is %s", d.path,
	    json_is_array(d.found) && !json_is_array(d.wanted) ? "include" : "be",
	    brief(d.wanted, want, sizeof want), brief(d.found, have, sizeof have));
}

static lw_code
compare_whole(json_t *found, json_t *wanted, struct lw_error *ret_error)
{
	char want[200], have[200];

	if (json_equal(found, wanted))
		return LW_OK;
	return error_set(ret_error, LW_V_METADATA, "the metadata is expected to be %s and is %s",
	    brief(wanted, want, sizeof want), brief(found, have, sizeof have));
}

/* Loads both sides, of which the caller's is known to be an object, and compares them. */
static lw_code
compare_json(const struct lw_metadata *m, const char *expected,
    lw_code (*compare)(json_t *found, json_t *wanted, struct lw_error *ret_error),
    struct lw_error *ret_error)
{
	json_error_t why;
	json_t *wanted, *found;
	lw_code code;

	if (expected == NULL)
		return LW_OK;
	wanted = json_loads(expected, 0, &why);
	found = json_loadb(m->json, m->json_size, JSON_ALLOW_NUL, &why);
	if (wanted == NULL || found == NULL)
		code = error_set(
		    ret_error, LW_V_METADATA, "the metadata cannot be compared: %s", why.text);
	else
		code = compare(found, wanted, ret_error);
	json_decref(found);
	json_decref(wanted);
	return code;
}

/* ---- Comparing versions ------------------------------------------------------------------------ */

static lw_code
check_version(const char *what, const char *name, const char *version,
    const struct lw_version_range *range, struct lw_error *ret_error)
{
	if (range->at_least == NULL && range->below == NULL)
		return LW_OK;
	if (!version_is_one(version))
		return error_set(ret_error, LW_V_METADATA, "%s %s has \"%s\" in place of a version",
		    what, name, version);
	if (range->at_least != NULL && version_compare(version, range->at_least) < 0)
		return error_set(ret_error, LW_V_METADATA,
		    "%s %s is expected in version %s or later and is %s", what, name,
		    range->at_least, version);
	if (range->below != NULL && version_compare(version, range->below) >= 0)
		return error_set(ret_error, LW_V_METADATA,
		    "%s %s is expected in a version before %s and is %s", what, name, range->below,
		    version);
	return LW_OK;
}

static lw_code
check_range(const char *what, const struct lw_named_version *list, size_t count,
    const struct lw_version_range *range, struct lw_error *ret_error)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, range->name) == 0)
			return check_version(what, range->name, list[i].version, range, ret_error);
	return error_set(
	    ret_error, LW_V_METADATA, "%s %s is expected and not there", what, range->name);
}

static lw_code
check_versions(
    const struct lw_metadata *m, const struct lw_expectation *expected, struct lw_error *ret_error)
{
	lw_code code = LW_OK;

	for (size_t i = 0; i < expected->command_count && code == LW_OK; i++)
		code = check_range(
		    "command", m->commands, m->command_count, &expected->commands[i], ret_error);
	for (size_t i = 0; i < expected->capability_count && code == LW_OK; i++)
		code = check_range("capability", m->capabilities, m->capability_count,
		    &expected->capabilities[i], ret_error);
	if (code == LW_OK)
		code = check_version("the metadata's", "lean_version",
		    m->lean_version ? m->lean_version : "", &expected->lean, ret_error);
	return code;
}

/* ---- The caller's side ------------------------------------------------------------------------- */

static lw_code
check_object(const char *json, const char *member, struct lw_error *ret_error)
{
	json_error_t why;
	json_t *value;
	bool is_object;

	if (json == NULL)
		return LW_OK;
	value = json_loads(json, JSON_REJECT_DUPLICATES, &why);
	is_object = json_is_object(value);
	json_decref(value);
	if (is_object)
		return LW_OK;
	return error_set(ret_error, LW_V_MISUSE, "expected.%s is not a JSON object: %s", member,
	    value != NULL ? "it is another value" : why.text);
}

static bool
is_bound(const char *version)
{
	return version == NULL || version_is_one(version);
}

static lw_code
check_ranges(const struct lw_version_range *list, size_t count, bool named, const char *member,
    struct lw_error *ret_error)
{
	if (list == NULL && count > 0)
		return error_set(
		    ret_error, LW_V_MISUSE, "expected.%s is NULL, and its count is not 0", member);
	for (size_t i = 0; i < count; i++) {
		if (named && (list[i].name == NULL || *list[i].name == '\0'))
			return error_set(ret_error, LW_V_MISUSE,
			    "expected.%s: number %zu has no name", member, i);
		if (!is_bound(list[i].at_least) || !is_bound(list[i].below))
			return error_set(ret_error, LW_V_MISUSE,
			    "expected.%s: number %zu has a bound that is no version", member, i);
	}
	return LW_OK;
}

static lw_code
check_expectation(const struct lw_expectation *e, struct lw_error *ret_error)
{
	lw_code code;

	if (e == NULL)
		return LW_OK;
	if (e->struct_size != sizeof *e)
		return error_set(
		    ret_error, LW_V_MISUSE, "expected must begin as LW_EXPECTATION_INIT");
	code = check_object(e->equals, "equals", ret_error);
	if (code == LW_OK)
		code = check_object(e->includes, "includes", ret_error);
	if (code == LW_OK)
		code = check_ranges(e->commands, e->command_count, true, "commands", ret_error);
	if (code == LW_OK)
		code = check_ranges(
		    e->capabilities, e->capability_count, true, "capabilities", ret_error);
	if (code == LW_OK)
		code = check_ranges(&e->lean, 1, false, "lean", ret_error);
	return code;
}

lw_code
lw_metadata_check(const struct lw_metadata *metadata, const struct lw_expectation *expected,
    struct lw_error *ret_error)
{
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (metadata == NULL || metadata->struct_size != sizeof *metadata || metadata->json == NULL)
		return error_set(ret_error, LW_V_MISUSE, "there is no metadata to check");
	code = check_expectation(expected, ret_error);
	if (code != LW_OK || expected == NULL)
		return code;
	code = compare_json(metadata, expected->equals, compare_whole, ret_error);
	if (code == LW_OK)
		code = compare_json(metadata, expected->includes, compare_subset, ret_error);
	if (code == LW_OK)
		code = check_versions(metadata, expected, ret_error);
	return code;
}

lw_code
lw_session_expect_metadata(lw_session *session, const char *export_name,
    const struct lw_expectation *expected, const struct lw_call_options *call,
    struct lw_error *ret_error)
{
	struct lw_metadata m = LW_METADATA_INIT;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	code = check_expectation(expected, ret_error);
	if (code == LW_OK)
		code = lw_session_metadata(
		    session, export_name, lw_text("{}"), call, &m, ret_error);
	if (code != LW_OK)
		return code;
	code = lw_metadata_check(&m, expected, ret_error);
	if (code == LW_OK)
		code = session_keep_metadata(session, &m, ret_error);
	else
		code = blame(ret_error, code, export_name, m.generation);
	lw_metadata_clear(&m);
	return code;
}

/* ---- Doctor ------------------------------------------------------------------------------------ */

const char *
lw_severity_name(lw_severity severity)
{
	return (unsigned)severity <= LW_SEVERITY_ERROR ? severities[severity].name : "?";
}

void
lw_doctor_report_clear(struct lw_doctor_report *report)
{
	if (report == NULL)
		return;
	sys_free(report->json);
	sys_free(report->memory);
	*report = (struct lw_doctor_report)LW_DOCTOR_REPORT_INIT;
}

lw_code
lw_session_doctor(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_call_options *call, struct lw_doctor_report *ret_report,
    struct lw_error *ret_error)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_doctor_report report;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_report == NULL || ret_report->struct_size != sizeof *ret_report)
		return error_set(
		    ret_error, LW_V_MISUSE, "the report must begin as LW_DOCTOR_REPORT_INIT");
	reply.into = LW_INTO(doctor, &report);
	code = lw_session_call(session, export_name, request, call, &reply, ret_error);
	if (code != LW_OK)
		return code;
	report.struct_size = sizeof report;
	report.json = reply.text;
	report.json_size = reply.size;
	report.generation = reply.generation;
	report.memory = reply.memory;
	*ret_report = report;
	return LW_OK;
}

lw_severity
lw_doctor_verdict(const struct lw_doctor_report *report)
{
	lw_severity worst = LW_SEVERITY_PASS;

	for (size_t i = 0; report != NULL && i < report->finding_count; i++)
		if (report->findings[i].severity > worst)
			worst = report->findings[i].severity;
	return worst;
}
