/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unsupported.c - symbols of the Lean C ABI that a small library may name on a path it never
 * takes.  They let it load, and end the process with their name when called.
 *
 * What is in neither place fails when the library is opened.  So do libraries that a real
 * toolchain built: their inlined allocator wants mi_malloc_small and mi_free, and objects that
 * did not come from lean_alloc_object() could not be checked.
 */
#include "rt.h"

#define UNSUPPORTED(name)                                                                          \
	LEAN_EXPORT _Noreturn void name(void);                                                     \
	void name(void)                                                                            \
	{                                                                                          \
		leanrt_unsupported(#name);                                                         \
	}

UNSUPPORTED(lean_dbg_sleep)
UNSUPPORTED(lean_dbg_stack_trace)
UNSUPPORTED(lean_dbg_trace_if_shared)
UNSUPPORTED(lean_decode_io_error)
UNSUPPORTED(lean_decode_uv_error)
UNSUPPORTED(lean_float32_frexp)
UNSUPPORTED(lean_float32_scaleb)
UNSUPPORTED(lean_float_frexp)
UNSUPPORTED(lean_float_scaleb)
UNSUPPORTED(lean_get_stdin)
UNSUPPORTED(lean_io_bind_task)
UNSUPPORTED(lean_io_exit)
UNSUPPORTED(lean_io_get_random_bytes)
UNSUPPORTED(lean_io_getenv)
UNSUPPORTED(lean_io_map_task)
UNSUPPORTED(lean_io_prim_handle_flush)
UNSUPPORTED(lean_io_prim_handle_get_line)
UNSUPPORTED(lean_io_prim_handle_mk)
UNSUPPORTED(lean_io_prim_handle_put_str)
UNSUPPORTED(lean_io_prim_handle_read)
UNSUPPORTED(lean_io_prim_handle_write)
UNSUPPORTED(lean_io_process_spawn)
UNSUPPORTED(lean_io_promise_new)
UNSUPPORTED(lean_io_promise_resolve)
UNSUPPORTED(lean_io_promise_result_opt)
UNSUPPORTED(lean_io_read_dir)
UNSUPPORTED(lean_io_realpath)
UNSUPPORTED(lean_io_remove_file)
UNSUPPORTED(lean_io_wait_any)
UNSUPPORTED(lean_io_wait_any_core)
UNSUPPORTED(lean_st_ref_reset)
