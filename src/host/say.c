/* SPDX-License-Identifier: Apache-2.0 */
#include "host/say.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

void
host_say(struct host_message *message, const char *format, ...)
{
	size_t room = sizeof message->text;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(message->text, room, format, arguments);
	va_end(arguments);
	if (size < 0)
		message->text[0] = '\0';
	else if ((size_t)size >= room)
		message->text[utf8_valid_prefix(message->text, room - 1)] = '\0';
}

void
host_say_bytes(struct host_message *message, const char *bytes, size_t size)
{
	host_say(message, "%.*s", size > INT_MAX ? INT_MAX : (int)size, bytes);
}
