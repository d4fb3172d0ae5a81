/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing a capability's metadata with what its user relies on: by subset, so that a capability
 * may say more than was asked for.
 */
#include <jansson.h>
#include <stdio.h>

#include "leanworker/leanworker.h"
#include "parent/error.h"

#define REQUEST "{}"

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

static lw_code
compare(json_t *expected, json_t *found, const char *export_name, struct lw_error *ret_error)
{
	const char *key;
	json_t *value;

	json_object_foreach(expected, key, value)
	{
		json_t *actual = json_object_get(found, key);
		char want[200], have[200];

		if (actual == NULL || !json_equal(value, actual))
			return error_set(ret_error, LW_V_METADATA,
			    "%s: \"%s\" is expected to be %s and is %s", export_name, key,
			    brief(value, want, sizeof want), brief(actual, have, sizeof have));
	}
	return LW_OK;
}

static lw_code
compare_reply(json_t *expected, const struct lw_reply *reply, const char *export_name,
    struct lw_error *ret_error)
{
	json_error_t why;
	json_t *found = json_loadb(reply->text, reply->size, 0, &why);
	lw_code code;

	if (!json_is_object(found))
		code = error_set(ret_error, LW_V_METADATA, "%s answered %s, not a JSON object",
		    export_name, found ? "another value" : why.text);
	else
		code = compare(expected, found, export_name, ret_error);
	json_decref(found);
	if (code != LW_OK && ret_error != NULL) {
		ret_error->generation = reply->generation;
		(void)snprintf(ret_error->command, sizeof ret_error->command, "%s", export_name);
	}
	return code;
}

lw_code
lw_session_expect_metadata(lw_session *session, const char *export_name, const char *expected,
    const struct lw_call_options *call, struct lw_error *ret_error)
{
	json_error_t why;
	json_t *wanted;
	struct lw_reply reply = LW_REPLY_INIT;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	wanted = json_loads(expected ? expected : "{}", JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(wanted)) {
		code = error_set(ret_error, LW_V_MISUSE, "expected is not a JSON object: %s",
		    wanted ? "another value" : why.text);
		json_decref(wanted);
		return code;
	}
	code = lw_session_call(
	    session, export_name, lw_bytes(REQUEST, sizeof REQUEST - 1), call, &reply, ret_error);
	if (code == LW_OK)
		code = compare_reply(wanted, &reply, export_name, ret_error);
	lw_reply_clear(&reply);
	json_decref(wanted);
	return code;
}
