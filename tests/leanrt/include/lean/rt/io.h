/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io.h - references, thunks, tasks, externals, errors, streams, start and end of a runtime.
 * BaseIO functions return their value itself, IO functions a result (4.26 and later).
 */
#ifndef LEANRT_IO_H
#define LEANRT_IO_H

#include <lean/rt/ctor.h>

/* References. */
LEAN_EXPORT lean_object *lean_st_mk_ref(lean_object *v);
LEAN_EXPORT lean_object *lean_st_ref_get(lean_object *ref);
LEAN_EXPORT lean_object *lean_st_ref_take(lean_object *ref);
LEAN_EXPORT lean_object *lean_st_ref_set(lean_object *ref, lean_object *v);
LEAN_EXPORT lean_object *lean_st_ref_swap(lean_object *ref, lean_object *v);
LEAN_EXPORT uint8_t lean_st_ref_ptr_eq(lean_object *a, lean_object *b);

/* Thunks. */
LEAN_EXPORT lean_object *lean_mk_thunk(lean_object *closure);
LEAN_EXPORT lean_object *lean_thunk_pure(lean_object *v);
LEAN_EXPORT lean_object *lean_thunk_get_core(lean_object *t);
LEAN_EXPORT lean_object *lean_thunk_get(lean_object *t);
LEAN_EXPORT lean_object *lean_thunk_get_own(lean_object *t);

/* Tasks run at once on the thread that makes them. */
LEAN_EXPORT void lean_init_task_manager(void);
LEAN_EXPORT void lean_init_task_manager_using(unsigned workers);
LEAN_EXPORT void lean_finalize_task_manager(void);
LEAN_EXPORT lean_object *lean_task_pure(lean_object *v);
LEAN_EXPORT lean_object *lean_task_spawn_core(lean_object *c, unsigned prio, bool keep_alive);
LEAN_EXPORT lean_object *lean_task_spawn(lean_object *c, lean_object *prio);
LEAN_EXPORT lean_object *lean_task_map_core(
    lean_object *f, lean_object *t, unsigned prio, bool sync, bool keep_alive);
LEAN_EXPORT lean_object *lean_task_map(
    lean_object *f, lean_object *t, lean_object *prio, uint8_t sync);
LEAN_EXPORT lean_object *lean_task_bind_core(
    lean_object *t, lean_object *f, unsigned prio, bool sync, bool keep_alive);
LEAN_EXPORT lean_object *lean_task_bind(
    lean_object *t, lean_object *f, lean_object *prio, uint8_t sync);
LEAN_EXPORT lean_object *lean_task_get(lean_object *t);
LEAN_EXPORT lean_object *lean_task_get_own(lean_object *t);
LEAN_EXPORT lean_object *lean_io_as_task(lean_object *act, lean_object *prio);
LEAN_EXPORT lean_object *lean_io_wait(lean_object *t);
LEAN_EXPORT lean_object *lean_io_cancel(lean_object *t);
LEAN_EXPORT uint8_t lean_io_check_canceled(void);
LEAN_EXPORT bool lean_io_check_canceled_core(void);
LEAN_EXPORT void lean_io_cancel_core(lean_object *t);
LEAN_EXPORT uint8_t lean_io_get_task_state_core(lean_object *t);

/* External objects. */
LEAN_EXPORT lean_external_class *lean_register_external_class(
    lean_external_finalize_proc fin, lean_external_foreach_proc each);
LEAN_EXPORT lean_object *lean_alloc_external(lean_external_class *cls, void *data);
LEAN_EXPORT lean_external_class *lean_get_external_class(lean_object *o);
LEAN_EXPORT void *lean_get_external_data(lean_object *o);
LEAN_EXPORT lean_object *lean_set_external_data(lean_object *o, void *data);

/* Errors: owned details and file names, fields in constructor order. */
LEAN_EXPORT lean_object *lean_mk_io_user_error(lean_object *s);
LEAN_EXPORT lean_object *lean_mk_io_error_eof(lean_object *unit);
LEAN_EXPORT lean_object *lean_mk_io_error_already_exists(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_already_exists_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_other_error(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_resource_busy(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_resource_vanished(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_unsupported_operation(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_hardware_fault(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_unsatisfied_constraints(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_illegal_operation(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_protocol_error(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_time_expired(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_interrupted(lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_no_file_or_directory(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_invalid_argument(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_invalid_argument_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_permission_denied(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_permission_denied_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_resource_exhausted(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_resource_exhausted_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_inappropriate_type(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_inappropriate_type_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_no_such_thing(uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_mk_io_error_no_such_thing_file(
    lean_object *, uint32_t, lean_object *);
LEAN_EXPORT lean_object *lean_io_error_to_string(lean_object *owned_error);
LEAN_EXPORT void lean_io_result_show_error(lean_object *r);

/* IO.FS.Stream of the process; only putStr and flush are supported. */
LEAN_EXPORT lean_object *lean_get_stdout(void);
LEAN_EXPORT lean_object *lean_get_stderr(void);
LEAN_EXPORT lean_object *lean_io_eprintln(lean_object *s);

LEAN_EXPORT uint8_t lean_name_eq(lean_object *a, lean_object *b);
LEAN_EXPORT lean_object *lean_dbg_trace(lean_object *s, lean_object *fn);

/* Life of a runtime.  lean.h declares the last four only. */
LEAN_EXPORT char **lean_setup_args(int argc, char **argv);
LEAN_EXPORT void lean_initialize(void);
LEAN_EXPORT void lean_initialize_runtime_module(void);
LEAN_EXPORT void lean_initialize_thread(void);
LEAN_EXPORT void lean_finalize_thread(void);
LEAN_EXPORT lean_object *initialize_Init(uint8_t builtin);
LEAN_EXPORT lean_object *initialize_Std(uint8_t builtin);
LEAN_EXPORT void lean_io_mark_end_initialization(void);
LEAN_EXPORT uint8_t lean_io_initializing(void);
LEAN_EXPORT lean_object *lean_enable_initializer_execution(void);
LEAN_EXPORT void lean_set_initializing(uint8_t on);
LEAN_EXPORT lean_object *lean_internal_set_max_memory(size_t bytes);
LEAN_EXPORT lean_object *lean_internal_set_thread_stack_size(size_t bytes);

#endif
