/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/result.h"

#include "host/say.h"

#define LOWEST_ADDRESS    65536 /* the kernel maps nothing below for ordinary processes */
#define OBJECT_ALIGNMENT  8
#define IO_ERROR_LAST     18 /* userError; IO.Error has constructors 0 to 18 */
#define IO_UNEXPECTED_EOF 17 /* the one without fields, hence a scalar */

bool
lwl_is_object(const lwl_object *o)
{
	return (uintptr_t)o >= LOWEST_ADDRESS && (uintptr_t)o % OBJECT_ALIGNMENT == 0;
}

static const char *
kind_of(unsigned tag)
{
	switch (tag) {
	case LWL_TAG_CLOSURE:
		return "a function";
	case LWL_TAG_ARRAY:
		return "an Array";
	case LWL_TAG_SARRAY:
		return "a ByteArray or FloatArray";
	case LWL_TAG_STRING:
		return "a String";
	case LWL_TAG_MPZ:
		return "a large number";
	case LWL_TAG_TASK:
		return "a Task";
	case LWL_TAG_REF:
		return "a reference";
	default:
		return NULL;
	}
}

static void
describe_object(const lwl_object *o, struct host_message *ret_message)
{
	const char *kind = kind_of(o->m_tag);

	if (kind != NULL)
		host_say(ret_message, "%s", kind);
	else if (o->m_tag <= LWL_TAG_MAX_CTOR)
		host_say(ret_message, "constructor %u with %u object fields", o->m_tag, o->m_other);
	else
		host_say(ret_message, "an object with tag %u", o->m_tag);
}

void
lwl_describe(const lwl_object *o, struct host_message *ret_message)
{
	if (lwl_is_object(o))
		describe_object(o, ret_message);
	else if (lwl_is_scalar(o))
		host_say(ret_message, "the number %zu", lwl_unbox(o));
	else
		host_say(ret_message, "no object (%#zx)", (size_t)(uintptr_t)o);
}

/* A result that is no object may be a byte in a wide register: nothing is made of its bits. */
static void
describe_result(const lwl_object *o, struct host_message *ret_message)
{
	if (lwl_is_object(o))
		describe_object(o, ret_message);
	else
		host_say(ret_message, "the raw value %#zx, not an object", (size_t)(uintptr_t)o);
}

static bool
is_io_result(const lwl_object *o)
{
	return lwl_is_object(o) && o->m_tag <= 1 && (o->m_other == 1 || o->m_other == 2);
}

/* Not released: that would read through what it holds. */
static bool
is_broken(const lwl_object *result, struct host_message *ret_message)
{
	const lwl_object *content = lwl_ctor_get(result, 0);

	if (lwl_is_object(content) || lwl_is_scalar(content))
		return false;
	host_say(ret_message, "an IO result that holds no object");
	return true;
}

static bool
is_io_error(const lwl_object *error)
{
	if (lwl_is_scalar(error))
		return lwl_unbox(error) == IO_UNEXPECTED_EOF;
	return lwl_is_object(error) && error->m_tag <= IO_ERROR_LAST &&
	       error->m_tag != IO_UNEXPECTED_EOF;
}

/* Takes the error, as the runtime's function does. */
static void
say_error(const struct lwl_runtime *runtime, lwl_object *error, struct host_message *ret_message)
{
	lwl_object *text = runtime->io_error_to_string(error);

	if (lwl_is_object(text) && lwl_is_string(text))
		host_say_bytes(ret_message, lwl_string_bytes(text), lwl_string_size(text));
	else
		host_say(ret_message, "an error that the runtime cannot put into words");
	if (lwl_is_object(text))
		lwl_release(runtime, text);
}

/* Out of the result, which is released: the content outlives it. */
static lwl_object *
take_content(const struct lwl_runtime *runtime, lwl_object *result)
{
	lwl_object *content = lwl_ctor_get(result, 0);

	if (lwl_is_object(content))
		lwl_inc(content, lwl_inc_shared);
	lwl_release(runtime, result);
	return content;
}

static enum lwl_result
take_error(const struct lwl_runtime *runtime, lwl_object *error, struct host_message *ret_message)
{
	if (is_io_error(error)) {
		say_error(runtime, error, ret_message);
		return LWL_RESULT_ERROR;
	}
	if (lwl_is_object(error) &&
	    lwl_is_string(error)) { /* EIO String: the error is its own text */
		host_say_bytes(ret_message, lwl_string_bytes(error), lwl_string_size(error));
		lwl_release(runtime, error);
		return LWL_RESULT_ERROR;
	}
	host_say(ret_message, "an error that is no IO.Error");
	if (lwl_is_object(error))
		lwl_release(runtime, error);
	return LWL_RESULT_FOREIGN;
}

enum lwl_result
lwl_result_take(const struct lwl_runtime *runtime, lwl_object *result, lwl_object **ret_value,
    struct host_message *ret_message)
{
	bool ok;
	lwl_object *content;

	if (!is_io_result(result)) {
		describe_result(result, ret_message);
		if (lwl_is_object(result))
			lwl_release(runtime, result);
		return LWL_RESULT_FOREIGN;
	}
	if (is_broken(result, ret_message))
		return LWL_RESULT_FOREIGN;
	ok = lwl_io_result_is_ok(result);
	content = take_content(runtime, result);
	if (!ok)
		return take_error(runtime, content, ret_message);
	*ret_value = content;
	return LWL_RESULT_OK;
}
