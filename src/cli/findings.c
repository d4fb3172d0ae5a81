/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Standard output may be a file where standard error is a terminal, and the other way round. */
static const char *
color(lw_severity severity)
{
	static const char *const colors[] = { "\033[32m", "\033[33m", "\033[31m" };
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(STDOUT_FILENO) || (no_color != NULL && *no_color != '\0'))
		return "";
	return (unsigned)severity <= LW_SEVERITY_ERROR ? colors[severity] : "";
}

/* Its lines, each behind so many spaces; what a terminal would obey is replaced. */
static void
print_indented(const char *text, int indent)
{
	for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
		if (*at == '\n')
			printf("\n%*s", indent, "");
		else
			putchar(*at < 0x20 || *at == 0x7f ? '?' : *at);
	putchar('\n');
}

void
findings_print(lw_severity severity, const char *code, const char *subject, const char *message,
    const char *advice)
{
	const char *paint = color(severity);

	printf("%s%-8s%s %-11s ", paint, lw_severity_name(severity), *paint ? "\033[0m" : "", code);
	if (*subject != '\0' && strstr(message, subject) == NULL)
		printf("%s: ", subject);
	print_indented(message, 21);
	if (*advice != '\0') {
		printf("%21s", "");
		print_indented(advice, 21);
	}
}

int
findings_status(lw_severity worst)
{
	return worst == LW_SEVERITY_ERROR ? CLI_EXIT_FINDINGS : 0;
}
