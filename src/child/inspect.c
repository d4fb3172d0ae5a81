/* SPDX-License-Identifier: Apache-2.0 */
#include "child/inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/sys.h"
#include "child/child.h"
#include "wire/inspection.h"
#include "wire/names.h"

struct output {
	FILE *file;
	struct buffer text; /* one JSON string at a time */
	size_t size;        /* written so far */
	bool brief;
	bool failed;
};

static void
put(struct output *o, const void *bytes, size_t size)
{
	o->size += size;
	if (o->size > INSPECTION_CAP)
		o->failed = true;
	if (!o->failed && fwrite(bytes, 1, size, o->file) != size)
		o->failed = true;
}

static void
put_plain(struct output *o, const char *text)
{
	put(o, text, strlen(text));
}

static void
put_string(struct output *o, const char *text)
{
	buffer_clear(&o->text);
	if (!jread_put_string(&o->text, text, strlen(text)))
		o->failed = true;
	put(o, buffer_front(&o->text), buffer_size(&o->text));
}

static void
put_number(struct output *o, uint64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
	put_plain(o, digits);
}

static void
put_optional(struct output *o, const char *key, const char *text)
{
	if (text == NULL)
		return;
	put_plain(o, key);
	put_string(o, text);
}

static void
put_build_id(struct output *o, const struct elf *e)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * ELF_BUILD_ID_MAX + 1] = "";

	if (e->build_id == NULL)
		return;
	for (size_t i = 0; i < e->build_id_size; i++) {
		text[2 * i] = digits[e->build_id[i] >> 4];
		text[2 * i + 1] = digits[e->build_id[i] & 15];
	}
	text[2 * e->build_id_size] = '\0';
	put_optional(o, ",\"build_id\":", text);
}

static void
put_needed(struct output *o, const struct elf *e)
{
	put_plain(o, ",\"needed\":[");
	for (size_t i = 0; i < e->needed_count; i++) {
		put_plain(o, i > 0 ? "," : "");
		put_string(o, e->needed[i]);
	}
	put_plain(o, "]");
}

static const char *const kind_names[] = {
	[ELF_FUNCTION] = "function",
	[ELF_DATA] = "data",
	[ELF_OTHER] = "other",
};

static void
put_export(struct output *o, const struct elf_symbol *s)
{
	put_plain(o, "{\"name\":");
	put_string(o, s->name);
	put_plain(o, ",\"kind\":\"");
	put_plain(o, kind_names[s->kind]);
	put_plain(o, "\",\"size\":");
	put_number(o, s->size);
	put_plain(o, "}");
}

static void
put_symbols(struct output *o, const struct elf *e, const char *key, enum elf_role role)
{
	const char *joint = "";

	put_plain(o, key);
	for (size_t i = 0; i < e->tables.symbol_count && !o->failed; i++) {
		struct elf_symbol s = elf_symbol(e, i);

		if (s.role != role || (o->brief && name_is_definition(s.name)))
			continue;
		put_plain(o, joint);
		joint = ",";
		if (role == ELF_EXPORTED)
			put_export(o, &s);
		else
			put_string(o, s.name);
	}
	put_plain(o, "]");
}

bool
inspect_write(const struct elf *elf, const char *file, bool brief, FILE *out)
{
	struct output o = { .file = out, .brief = brief };

	put_plain(&o, "{\"leanworker_inspection\":1,\"file\":");
	put_string(&o, file);
	put_optional(&o, ",\"machine\":", elf->machine);
	put_plain(&o, ",\"size\":");
	put_number(&o, elf->size);
	put_optional(&o, ",\"soname\":", elf->soname);
	put_optional(&o, ",\"runpath\":", elf->runpath);
	put_build_id(&o, elf);
	put_plain(&o, elf->symbolic ? ",\"symbolic\":true" : ",\"symbolic\":false");
	put_needed(&o, elf);
	put_symbols(&o, elf, ",\"exports\":[", ELF_EXPORTED);
	put_symbols(&o, elf, ",\"undefined\":[", ELF_UNDEFINED);
	put_symbols(&o, elf, ",\"weak\":[", ELF_WEAK);
	put_plain(&o, "}\n");
	buffer_free(&o.text);
	return !o.failed;
}

static int
complain(const char *file, const char *what)
{
	fprintf(stderr, "%s: %s\n", file, what);
	return EXIT_FAILURE;
}

/* Mapped and not read: a large library costs no memory. Who shortens it meanwhile ends only us. */
static int
inspect_open(const char *file, int fd, bool brief)
{
	struct stat facts;
	const char *fault;
	struct elf elf;
	void *bytes;

	if (fstat(fd, &facts) < 0)
		return complain(file, strerror(errno));
	if (!S_ISREG(facts.st_mode))
		return complain(file, "it is not a regular file");
	if (facts.st_size == 0)
		return complain(file, "it is empty");
	bytes = sys_map(fd, (size_t)facts.st_size, PROT_READ);
	if (bytes == NULL)
		return complain(file, strerror(errno));
	fault = elf_open(&elf, bytes, (size_t)facts.st_size);
	if (fault != NULL)
		return complain(file, fault);
	if (!inspect_write(&elf, file, brief, stdout) || fflush(stdout) != 0)
		return complain(file, "what is in it cannot be told: it is too much, or standard "
				      "output takes no more");
	return EXIT_SUCCESS;
}

int
inspect_main(const char *file, bool brief)
{
	struct stat facts;
	int fd, status;

	/* Before it is opened: a named pipe would wait for a writer. */
	if (stat(file, &facts) < 0)
		return complain(file, strerror(errno));
	if (!S_ISREG(facts.st_mode))
		return complain(file, "it is not a regular file");
	fd = sys_open_read(file);
	if (fd < 0)
		return complain(file, strerror(errno));
	status = inspect_open(file, fd, brief);
	sys_close(&fd);
	return status;
}
