/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEANWORKER_VERSION_H
#define LEANWORKER_VERSION_H

/* Of the library and of the child program: a worker's HELLO carries it. */
#define LW_VERSION "0.1.0"

#endif
