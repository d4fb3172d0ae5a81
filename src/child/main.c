/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "child/child.h"
#include "child/hold.h"
#include "child/inspect.h"
#include "leanworker/version.h"
#include "wire/fds.h"
#include "wire/inspection.h"
#include "wire/protocol.h"

#define EXIT_USAGE 64

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], WIRE_WARDEN_ARGUMENT) == 0)
		warden_main();
	if (argc == 3 && strcmp(argv[1], WIRE_INSPECT_ARGUMENT) == 0)
		return inspect_main(argv[2], false);
	if (argc == 3 && strcmp(argv[1], WIRE_INSPECT_BRIEF_ARGUMENT) == 0)
		return inspect_main(argv[2], true);
	if (argc > 2 && strcmp(argv[1], WIRE_HOLD_ARGUMENT) == 0)
		hold_main(argv + 2);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("%s %s, protocol %d\n", CHILD_PROGRAM, LW_VERSION, WIRE_PROTOCOL_VERSION);
		return 0;
	}
	fprintf(stderr,
	    "%s is started by libleanworker, with descriptors that a shell does not give it.\n"
	    "Point LEANWORKER_CHILD at this file, or run it with --version, or with\n"
	    "--inspect FILE, which tells what a shared library exports and needs.\n",
	    CHILD_PROGRAM);
	return EXIT_USAGE;
}
