/* SPDX-License-Identifier: Apache-2.0 */
/* The plots of the HTML report, as SVG in the page; colours are the page's. */
#ifndef LW_CLI_PROBE_SVG_H
#define LW_CLI_PROBE_SVG_H

#include "cli/probe/probe.h"

/* Bars from 0 to the median, with a line from lowest to highest. */
void svg_bars(FILE *out, const struct probe *p, const enum probe_id *ids, size_t count);

/* Every run as a dot, the median as a stroke, over decades. */
void svg_dots(FILE *out, const struct probe *p, const enum probe_id *ids, size_t count);

/* How many requests took how long, over decades, with p50 and p99. */
void svg_distribution(FILE *out, const struct times *times);

void svg_memory(FILE *out, const struct probe *p);

/* Text of any source, as HTML and XML want it. */
void svg_text(FILE *out, const char *text);

#endif
