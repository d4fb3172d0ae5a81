// SPDX-License-Identifier: Apache-2.0
//
// The only C of the Lean package: what LeanWorker/Emit.lean declares with @[extern].
//
// It is linked into the shared library of the package, where capabilities and the host find it, and
// into ordinary executables, where nobody attaches a flag and every emission is refused. It needs no
// symbol but libc's, and no header of Lean: an object is only passed through.

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SHIM_EXPORT __attribute__((visibility("default"), used))
#else
#define SHIM_EXPORT
#endif

typedef struct lean_object lean_object;

// What a trampoline is called with: tag 0 is a tick (a and b are its numbers, no payload), tag 1 a
// string. The payload is borrowed: the callee may read it until it returns, and does not release it.
typedef uint8_t (*leanworker_trampoline)(
    uintptr_t handle, uint8_t tag, uint64_t a, uint64_t b, lean_object *payload);

enum { TAG_STRING = 1, STATUS_STALE_HANDLE = 1 };

// Nonzero content asks the running request to stop. The host maps it; another process writes it.
static const volatile uint32_t *stop_flag;

SHIM_EXPORT uint8_t leanworker_emit(size_t handle, size_t trampoline, lean_object *payload);
SHIM_EXPORT uint8_t leanworker_cancelled(void);
SHIM_EXPORT void leanworker_attach(const volatile uint32_t *flag);

// emitRaw : USize -> USize -> @& String -> BaseIO UInt8
uint8_t
leanworker_emit(size_t handle, size_t trampoline, lean_object *payload)
{
	if (trampoline == 0)
		return STATUS_STALE_HANDLE;
	return ((leanworker_trampoline)trampoline)(handle, TAG_STRING, 0, 0, payload);
}

// cancelled : BaseIO Bool
uint8_t
leanworker_cancelled(void)
{
	const volatile uint32_t *flag = __atomic_load_n(&stop_flag, __ATOMIC_ACQUIRE);
	return flag && __atomic_load_n(flag, __ATOMIC_RELAXED) != 0;
}

// Called by the host, found by dlsym. NULL detaches.
void
leanworker_attach(const volatile uint32_t *flag)
{
	__atomic_store_n(&stop_flag, flag, __ATOMIC_RELEASE);
}
