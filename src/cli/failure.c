/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/failure.h"

#include <stdio.h>
#include <string.h>

/* ---- What both ways go through --------------------------------------------------------------- */

/* A member of the error, of the JSON, and their kind. */
struct field {
	const char *name;
	size_t offset, size;
	enum { TEXT, NUMBER, SIGNED } kind;
};

#define TEXT_FIELD(member)                                                                         \
	{                                                                                          \
#member, offsetof(struct lw_error, member), sizeof((struct lw_error *)0)->member,  \
		    TEXT                                                                           \
	}
#define NUMBER_FIELD(name, member)                                                                 \
	{                                                                                          \
		name, offsetof(struct lw_error, member), sizeof((struct lw_error *)0)->member,     \
		    NUMBER                                                                         \
	}
#define SIGNED_FIELD(name, member)                                                                 \
	{                                                                                          \
		name, offsetof(struct lw_error, member), sizeof((struct lw_error *)0)->member,     \
		    SIGNED                                                                         \
	}

/* clang-format off */
static const struct field fields[] = {
	TEXT_FIELD(message),
	TEXT_FIELD(command),
	TEXT_FIELD(stream),
	TEXT_FIELD(path),
	TEXT_FIELD(log_tail),
	NUMBER_FIELD("generation", generation),
	SIGNED_FIELD("status", status),
	NUMBER_FIELD("has_row", has_row),
	NUMBER_FIELD("sequence", sequence),
	NUMBER_FIELD("offset", offset),
	NUMBER_FIELD("rows", rows),
	NUMBER_FIELD("work_started", work_started),
	NUMBER_FIELD("killed", killed),
	NUMBER_FIELD("retry_ms", retry_ms),
	NUMBER_FIELD("elapsed_ns", elapsed_ns),
	NUMBER_FIELD("asked_ns", asked_ns),
	NUMBER_FIELD("quiet_ns", quiet_ns),
	NUMBER_FIELD("log_bytes", log_bytes),
	NUMBER_FIELD("exit_known", exit.known),
	NUMBER_FIELD("exit_ordered", exit.ordered),
	SIGNED_FIELD("exit_code", exit.code),
	SIGNED_FIELD("exit_signal", exit.signal),
	NUMBER_FIELD("survivors", exit.survivors),
	NUMBER_FIELD("user_us", exit.user_us),
	NUMBER_FIELD("system_us", exit.system_us),
	NUMBER_FIELD("peak_kib", exit.peak_kib),
};
/* clang-format on */
#define FIELD_COUNT (sizeof fields / sizeof fields[0])

/* ---- To JSON ------------------------------------------------------------------------------------ */

static json_int_t
get_number(const struct field *f, const char *at)
{
	uint64_t wide;
	uint32_t four;
	int32_t four_signed;

	switch (f->size) {
	case sizeof wide:
		memcpy(&wide, at, sizeof wide);
		return wide > INT64_MAX ? INT64_MAX : (json_int_t)wide;
	case sizeof four:
		memcpy(&four, at, sizeof four);
		memcpy(&four_signed, at, sizeof four);
		return f->kind == SIGNED ? four_signed : (json_int_t)four;
	default:
		return *(const uint8_t *)at;
	}
}

json_t *
failure_to_json(const struct lw_error *error)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "code", lw_code_name(error->code),
	    "verdict", lw_verdict_name(error->verdict), "advice", lw_verdict_advice(error->verdict),
	    "restart", lw_restart_name(error->restart));

	for (size_t i = 0; i < FIELD_COUNT && json != NULL; i++) {
		const char *at = (const char *)error + fields[i].offset;

		if (fields[i].kind == TEXT && *at != '\0')
			(void)json_object_set_new(json, fields[i].name, json_string(at));
		else if (fields[i].kind != TEXT && get_number(&fields[i], at) != 0)
			(void)json_object_set_new(
			    json, fields[i].name, json_integer(get_number(&fields[i], at)));
	}
	return json;
}

/* ---- From JSON ---------------------------------------------------------------------------------- */

static void
set_number(const struct field *f, char *at, json_int_t value)
{
	uint64_t wide = (uint64_t)value;
	uint32_t four = (uint32_t)value;

	switch (f->size) {
	case sizeof wide:
		memcpy(at, &wide, sizeof wide);
		break;
	case sizeof four:
		memcpy(at, &four, sizeof four);
		break;
	default:
		*(uint8_t *)at = (uint8_t)value;
	}
}

int
failure_find_verdict(const char *name)
{
	for (int verdict = 0; verdict < LW_VERDICT_COUNT; verdict++)
		if (strcmp(lw_verdict_name((lw_verdict)verdict), name) == 0)
			return verdict;
	return -1;
}

static lw_restart
find_restart(const char *name)
{
	for (int reason = 0; name != NULL && reason < LW_RESTART_COUNT; reason++)
		if (strcmp(lw_restart_name((lw_restart)reason), name) == 0)
			return (lw_restart)reason;
	return LW_RESTART_NONE;
}

const char *
failure_from_json(const json_t *json, struct lw_error *ret_error)
{
	const char *name = json_string_value(json_object_get(json, "verdict"));
	int verdict = name != NULL ? failure_find_verdict(name) : -1;

	if (verdict < 0)
		return name ? "its \"verdict\" is none" : "it has no \"verdict\"";
	ret_error->verdict = (lw_verdict)verdict;
	ret_error->code = lw_verdict_code(ret_error->verdict);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const json_t *value = json_object_get(json, fields[i].name);
		char *at = (char *)ret_error + fields[i].offset;

		if (fields[i].kind == TEXT && json_is_string(value))
			(void)snprintf(at, fields[i].size, "%s", json_string_value(value));
		else if (fields[i].kind != TEXT && json_is_integer(value))
			set_number(&fields[i], at, json_integer_value(value));
	}
	ret_error->restart = find_restart(json_string_value(json_object_get(json, "restart")));
	return NULL;
}
