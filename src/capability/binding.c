/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "leanworker/capability.h"
#include "leanworker/metadata.h"

#define SIZE(name)                                                                                 \
	{                                                                                          \
#name, sizeof(struct name)                                                         \
	}

static const struct {
	const char *name;
	size_t size;
} sizes[] = {
	SIZE(lw_budgets),
	SIZE(lw_build),
	SIZE(lw_build_options),
	SIZE(lw_call_options),
	SIZE(lw_capability_options),
	SIZE(lw_check_finding),
	SIZE(lw_check_report),
	SIZE(lw_diagnostic),
	SIZE(lw_doctor_report),
	SIZE(lw_error),
	SIZE(lw_exit),
	SIZE(lw_expectation),
	SIZE(lw_export),
	SIZE(lw_exports),
	SIZE(lw_finding),
	SIZE(lw_histogram),
	SIZE(lw_input),
	SIZE(lw_json),
	SIZE(lw_metadata),
	SIZE(lw_named_version),
	SIZE(lw_open_options),
	SIZE(lw_opened),
	SIZE(lw_output),
	SIZE(lw_progress),
	SIZE(lw_reply),
	SIZE(lw_restart_policy),
	SIZE(lw_row),
	SIZE(lw_rows),
	SIZE(lw_session_facts),
	SIZE(lw_shutdown_report),
	SIZE(lw_sinks),
	SIZE(lw_str),
	SIZE(lw_stream_count),
	SIZE(lw_summary),
	SIZE(lw_toolchain),
	SIZE(lw_toolchain_options),
	SIZE(lw_version_range),
	SIZE(lw_worker_facts),
	SIZE(lw_worker_options),
	SIZE(lw_worker_statistics),
};

size_t
lw_struct_size(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof sizes / sizeof sizes[0]; i++)
		if (strcmp(sizes[i].name, name) == 0)
			return sizes[i].size;
	return 0;
}
