/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/warden.h"

#include "wire/bytes.h"

#define RECORD_MAGIC UINT32_C(0x5257574c) /* "LWWR" */

void
warden_record_encode(const struct warden_record *record, uint8_t ret_bytes[WARDEN_RECORD_SIZE])
{
	wire_store32(ret_bytes, RECORD_MAGIC);
	wire_store32(ret_bytes + 4, (uint32_t)record->kind);
	for (int i = 0; i < WARDEN_VALUES; i++)
		wire_store64(ret_bytes + 8 + 8 * i, record->value[i]);
}

bool
warden_record_decode(const uint8_t *bytes, size_t size, struct warden_record *ret_record)
{
	uint32_t kind;

	if (size != WARDEN_RECORD_SIZE || wire_load32(bytes) != RECORD_MAGIC)
		return false;
	kind = wire_load32(bytes + 4);
	if (kind == 0 || kind >= WARDEN_RECORD_KINDS)
		return false;
	ret_record->kind = (enum warden_record_kind)kind;
	for (int i = 0; i < WARDEN_VALUES; i++)
		ret_record->value[i] = wire_load64(bytes + 8 + 8 * i);
	return true;
}
