/* SPDX-License-Identifier: Apache-2.0 */
/* Which export of the capability is asked for what, and with which request. */
#include <string.h>

#include "cli/probe/probe.h"

#define DECLARATIONS 200

static const struct {
	const char *name;
	enum { CALL, STREAM } kind;
	const char *export_name;
} roles[] = {
#define X(id, name, kind, export_name) { name, kind, export_name },
	PROBE_ROLES(X)
#undef X
};

const char *
probe_role_name(enum probe_role role)
{
	return roles[role].name;
}

int
probe_role_streams(enum probe_role role)
{
	return roles[role].kind == STREAM;
}

/* The text of a Lean file, in JSON. */
static const char *
source_request(void)
{
	static char text[64 * DECLARATIONS];
	size_t at = 0;

	at += (size_t)snprintf(text, sizeof text, "{\"source\":\"");
	for (int i = 0; i < DECLARATIONS; i++)
		at += (size_t)snprintf(text + at, sizeof text - at,
		    "theorem Probe.declaration%d : True := trivial\\n", i);
	(void)snprintf(text + at, sizeof text - at, "\"}");
	return text;
}

static const char *
default_request(enum probe_role role)
{
	switch (role) {
	case PROBE_ROLE_EXTRACT:
	case PROBE_ROLE_FEATURES:
	case PROBE_ROLE_INDEX:
	case PROBE_ROLE_PROBE:
	case PROBE_ROLE_STREAM:
		return source_request();
	case PROBE_ROLE_MANY:
		return "{\"count\":1000000000}";
	default:
		return "{}";
	}
}

/* NAME=VALUE; -1: there is no such role. */
static int
find_role(const char *text, const char **ret_value)
{
	size_t size = strcspn(text, "=");

	for (int i = 0; i < PROBE_ROLE_COUNT && text[size] == '='; i++)
		if (strlen(roles[i].name) == size && memcmp(roles[i].name, text, size) == 0) {
			*ret_value = text + size + 1;
			return i;
		}
	return -1;
}

static int
take(const struct cli_verb *verb, const char *option, const struct cli_list *list,
    const char *into[PROBE_ROLE_COUNT])
{
	for (size_t i = 0; i < list->count; i++) {
		const char *value = "";
		int role = find_role(list->items[i], &value);

		if (role < 0 || *value == '\0')
			return cli_usage(verb->name,
			    "--%s \"%s\" is not ROLE=%s; the roles are version, doctor, extract, "
			    "features, index, probe, stream, many, silent and panic",
			    option, list->items[i], strcmp(option, "export") ? "TEXT" : "EXPORT");
		into[role] = value;
	}
	return -1;
}

int
probe_roles(const struct cli_verb *verb, struct probe *p, const struct cli_list *exports,
    const struct cli_list *requests)
{
	int status;

	for (int i = 0; i < PROBE_ROLE_COUNT; i++) {
		p->exports[i] = roles[i].export_name;
		p->requests[i] = default_request((enum probe_role)i);
	}
	status = take(verb, "export", exports, p->exports);
	return status >= 0 ? status : take(verb, "request", requests, p->requests);
}
