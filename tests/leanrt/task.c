/* SPDX-License-Identifier: Apache-2.0 */
/*
 * task.c - tasks, run when they are made: what a real runtime does that has no task manager.
 * Every task is therefore finished, and cancelling one comes too late.
 */
#include "rt.h"

static lwl_task *
task_of(lean_object *o, const char *who)
{
	return (lwl_task *)leanrt_want(o, LWL_TAG_TASK, "task", who);
}

lean_object *
lean_task_pure(lean_object *v)
{
	lwl_task *t = (lwl_task *)lean_alloc_object(sizeof *t);

	leanrt_set_header(&t->m_header, LWL_TAG_TASK, 0);
	t->m_value = v;
	t->m_imp = NULL;
	return &t->m_header;
}

lean_object *
lean_task_get(lean_object *t)
{
	return task_of(t, __func__)->m_value;
}

lean_object *
lean_task_get_own(lean_object *t)
{
	lean_object *v = lean_task_get(t);

	lean_inc(v);
	lean_dec(t);
	return v;
}

lean_object *
lean_task_spawn_core(lean_object *c, unsigned prio, bool keep_alive)
{
	(void)prio;
	(void)keep_alive;
	return lean_task_pure(lean_apply_1(c, lean_box(0)));
}

lean_object *
lean_task_spawn(lean_object *c, lean_object *prio)
{
	return lean_task_spawn_core(c, (unsigned)lean_unbox(prio), false);
}

lean_object *
lean_task_map_core(lean_object *f, lean_object *t, unsigned prio, bool sync, bool keep_alive)
{
	(void)prio;
	(void)sync;
	(void)keep_alive;
	return lean_task_pure(lean_apply_1(f, lean_task_get_own(t)));
}

lean_object *
lean_task_map(lean_object *f, lean_object *t, lean_object *prio, uint8_t sync)
{
	return lean_task_map_core(f, t, (unsigned)lean_unbox(prio), sync, false);
}

lean_object *
lean_task_bind_core(lean_object *t, lean_object *f, unsigned prio, bool sync, bool keep_alive)
{
	(void)prio;
	(void)sync;
	(void)keep_alive;
	return lean_apply_1(f, lean_task_get_own(t));
}

lean_object *
lean_task_bind(lean_object *t, lean_object *f, lean_object *prio, uint8_t sync)
{
	return lean_task_bind_core(t, f, (unsigned)lean_unbox(prio), sync, false);
}

/* The closure is an action of BaseIO: applied to the world, it answers its value. */
lean_object *
lean_io_as_task(lean_object *act, lean_object *prio)
{
	(void)prio;
	return lean_task_pure(lean_apply_1(act, lean_io_mk_world()));
}

lean_object *
lean_io_wait(lean_object *t)
{
	return lean_task_get_own(t);
}

bool
lean_io_check_canceled_core(void)
{
	return false;
}

uint8_t
lean_io_check_canceled(void)
{
	return 0;
}

void
lean_io_cancel_core(lean_object *t)
{
	task_of(t, __func__);
}

lean_object *
lean_io_cancel(lean_object *t)
{
	lean_io_cancel_core(t);
	return lean_box(0);
}

/* 0 waiting, 1 running, 2 finished. */
uint8_t
lean_io_get_task_state_core(lean_object *t)
{
	task_of(t, __func__);
	return 2;
}
