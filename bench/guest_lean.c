/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bench's capability of the Lean ABI, on the checking runtime. Each row is an envelope, put
 * together from a payload as an emitter in Lean does, but in a string that is made once: the
 * checking runtime's bookkeeping of objects is no part of what is measured.
 */
#include <lean/lean.h>
#include <stdio.h>
#include <string.h>

#include "corpus.h"

#define HEAD "{\"stream\":\"rows\",\"payload\":"
#define TAIL "}"

typedef uint8_t (*trampoline)(
    uintptr_t handle, uint8_t tag, uint64_t a, uint64_t b, lean_object *payload);

lean_object *
initialize_Bench(uint8_t builtin)
{
	(void)builtin;
	return lean_io_result_mk_ok(lean_box(0));
}

static lean_object *
end(uint8_t status)
{
	return lean_io_result_mk_ok(lean_box(status));
}

/* An envelope around a payload of `size` bytes. Its count of characters is not kept: nobody asks. */
static lean_object *
row_make(size_t size)
{
	size_t whole = sizeof HEAD - 1 + size + sizeof TAIL - 1;
	lean_object *row = lean_alloc_string(whole + 1, whole + 1, whole);
	char *at = (char *)lean_string_cstr(row);

	memcpy(at, HEAD, sizeof HEAD - 1);
	memset(at + sizeof HEAD - 1, ' ', size);
	memcpy(at + sizeof HEAD - 1 + size, TAIL, sizeof TAIL);
	return row;
}

static void
row_fill(lean_object *row, const char *payload, size_t size)
{
	memcpy((char *)lean_string_cstr(row) + sizeof HEAD - 1, payload, size);
}

/* "0 1 5000": so many rows of that corpus in that size. */
lean_object *
bench_rows(lean_object *request, size_t handle, size_t callback)
{
	unsigned kind = 0, size = 0;
	unsigned long long count = 0;
	const struct corpus *c;
	uint8_t status = 0;
	lean_object *row;

	if (sscanf(lean_string_cstr(request), "%u %u %llu", &kind, &size, &count) != 3 ||
	    kind >= CORPUS_KINDS || size >= CORPUS_SIZES)
		status = 100;
	lean_dec(request);
	if (status != 0)
		return end(status);
	c = corpus_get((enum corpus_kind)kind, size);
	row = row_make(c->size);
	for (uint64_t i = 0; i < count && status == 0; i++) {
		row_fill(row, corpus_row(c, i), c->size);
		status = ((trampoline)callback)(handle, 1, 0, 0, row);
	}
	lean_dec(row);
	return end(status);
}
