/* SPDX-License-Identifier: Apache-2.0 */
/* All of json_test once more on the reader of machines without SSE2. */
#define JSON_PORTABLE 1
#include "base/json.c"
#include "json_test.c"
