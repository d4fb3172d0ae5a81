/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The versions of the parts, which change separately. This is the one place that states them: the build
 * reads it, and a test holds the Lake package to it.
 */
#ifndef LEANWORKER_VERSION_H
#define LEANWORKER_VERSION_H

/* Of what programs compile against, by Semantic Versioning, and of what is installed together: headers,
 * library and child. A worker's HELLO carries it. lw_version tells that of the library in use. */
#define LW_VERSION_MAJOR 0
#define LW_VERSION_MINOR 1
#define LW_VERSION_PATCH 0
#define LW_VERSION       "0.1.0"

/* Of what compiled programs rely on: libleanworker.so.0, whose symbols are of LEANWORKER_0. */
#define LW_ABI_VERSION 0

/* Of what library and child say to each other. They are installed together, and refuse another one. */
#define LW_PROTOCOL_VERSION 1

/* Of the command: its verbs, options, output and exit statuses. */
#define LW_COMMAND_VERSION "0.1.0"

/* Of the Lake package that authors of capabilities import. */
#define LW_LEAN_PACKAGE_VERSION "0.1.0"

#endif
