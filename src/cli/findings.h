/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a check or a doctor, for people. */
#ifndef LW_CLI_FINDINGS_H
#define LW_CLI_FINDINGS_H

#include "leanworker/metadata.h"

/* A line on standard output: "error    import  My.Module: it is not built", and the advice below it. */
void findings_print(lw_severity severity, const char *code, const char *subject,
    const char *message, const char *advice);

/* The exit status that the worst severity asks for. */
int findings_status(lw_severity worst);

#endif
