/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user would write without this library: a process that prints JSON lines into a pipe, and a
 * reader that parses them with a C library. Both sides as well as we know how.
 */
#ifndef LW_BENCH_LINES_H
#define LW_BENCH_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "corpus.h"

#define LINES_BLOCK (64 * 1024) /* of one write */
#define LINES_PIPE  (1 << 20)   /* what an ordinary user may have */

enum lines_parser { LINES_JANSSON, LINES_CJSON, LINES_NONE };

/* A pipe of LINES_PIPE; false: errno says why. */
bool lines_make(int ret_pipe[2]);

void lines_send(int fd, const struct corpus *c, uint64_t count);
/* The sum of corpus_read; without a parser that of corpus_look. Aborts on a wrong envelope. */
uint64_t lines_receive(int fd, enum corpus_kind kind, const struct corpus *c, uint64_t count,
    enum lines_parser parser);

#endif
