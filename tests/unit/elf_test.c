/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of shared objects, on files that were broken by hand. tests/fuzz/elf.c breaks more. */
#include "support/support.h"

#include <dlfcn.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child/elf.h"

/* ---- A small library, whole ----------------------------------------------------------------- */

enum { NAME_LIBRARY = 1, NAME_NEEDED = 9, NAME_ASK = 17, NAME_DATA = 21, NAME_OTHER = 26 };
static const char names[] = "\0liba.so\0libb.so\0ask\0data\0other";
_Static_assert(sizeof names == 32, "the table of names has no padding");

struct file {
	Elf64_Ehdr header;
	Elf64_Phdr load, dynamic;
	Elf64_Dyn entries[8];
	Elf64_Sym symbols[6];
	uint32_t hash[2 + 1 + 6 + 1]; /* and padding */
	char texts[sizeof names];
};

#define AT(member) offsetof(struct file, member)

static struct file
whole(void)
{
	struct file f = { .header = { .e_type = ET_DYN,
			      .e_machine = EM_X86_64,
			      .e_version = 1,
			      .e_phoff = AT(load),
			      .e_phentsize = sizeof(Elf64_Phdr),
			      .e_phnum = 2 },
		.load = { .p_type = PT_LOAD, .p_vaddr = 0x1000, .p_filesz = sizeof f },
		.dynamic = { .p_type = PT_DYNAMIC,
		    .p_offset = AT(entries),
		    .p_filesz = sizeof f.entries },
		.hash = { 1, 6 } };
	const Elf64_Dyn entries[] = { { DT_SYMTAB, { 0x1000 + AT(symbols) } },
		{ DT_STRTAB, { 0x1000 + AT(texts) } }, { DT_STRSZ, { sizeof names } },
		{ DT_HASH, { 0x1000 + AT(hash) } }, { DT_SONAME, { NAME_LIBRARY } },
		{ DT_NEEDED, { NAME_NEEDED } }, { DT_FLAGS, { DF_SYMBOLIC } }, { DT_NULL, { 0 } } };
	const Elf64_Sym symbols[] = { { 0 },
		{ NAME_ASK, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 5, 0x1100, 12 },
		{ NAME_DATA, ELF64_ST_INFO(STB_WEAK, STT_OBJECT), 0, 5, 0x1200, 8 },
		{ NAME_OTHER, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), 0, SHN_UNDEF, 0, 0 },
		{ NAME_OTHER, ELF64_ST_INFO(STB_LOCAL, STT_FUNC), 0, 5, 0, 0 },
		{ NAME_DATA, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), STV_HIDDEN, 5, 0, 0 } };

	memcpy(f.header.e_ident,
	    "\x7f"
	    "ELF\x02\x01\x01",
	    7);
	memcpy(f.entries, entries, sizeof entries);
	memcpy(f.symbols, symbols, sizeof symbols);
	memcpy(f.texts, names, sizeof names);
	return f;
}

/* In memory of exactly this size, so that valgrind and the sanitizers see a read past it. */
static const char *
opened(const void *bytes, size_t size, struct elf *ret)
{
	static uint8_t *exact;

	free(exact);
	exact = malloc(size ? size : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, size);
	ret->bytes = NULL;
	if (size == 0) {
		free(exact);
		exact = NULL;
		return NULL;
	}
	return elf_open(ret, exact, size);
}

static void
forget(void)
{
	struct elf elf;

	(void)opened("", 0, &elf);
}

static void
refused(const struct file *f, const char *words)
{
	struct elf elf;
	const char *fault = opened(f, sizeof *f, &elf);

	if (fault == NULL || strstr(fault, words) == NULL)
		fail_msg("want \"%s\", got \"%s\"", words, fault ? fault : "no fault");
	forget();
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void
a_library_is_read_as_the_linker_reads_it(void **state)
{
	struct file f = whole();
	struct elf elf;

	(void)state;
	assert_null(opened(&f, sizeof f, &elf));
	assert_string_equal(elf.machine, "x86-64");
	assert_string_equal(elf.soname, "liba.so");
	assert_null(elf.runpath);
	assert_int_equal(elf.needed_count, 1);
	assert_string_equal(elf.needed[0], "libb.so");
	assert_true(elf.symbolic);
	assert_int_equal(elf.tables.symbol_count, 6);
	assert_int_equal(elf_symbol(&elf, 0).role, ELF_LOCAL);
	assert_int_equal(elf_symbol(&elf, 1).role, ELF_EXPORTED);
	assert_int_equal(elf_symbol(&elf, 1).kind, ELF_FUNCTION);
	assert_int_equal(elf_symbol(&elf, 1).size, 12);
	assert_string_equal(elf_symbol(&elf, 1).name, "ask");
	assert_int_equal(elf_symbol(&elf, 2).role, ELF_EXPORTED);
	assert_int_equal(elf_symbol(&elf, 2).kind, ELF_DATA);
	assert_int_equal(elf_symbol(&elf, 3).role, ELF_UNDEFINED);
	assert_string_equal(elf_symbol(&elf, 3).name, "other");
	assert_int_equal(elf_symbol(&elf, 4).role, ELF_LOCAL);
	assert_int_equal(elf_symbol(&elf, 5).role, ELF_LOCAL); /* hidden */
	assert_int_equal(elf_symbol(&elf, 6).role, ELF_LOCAL); /* there is none */
	forget();
}

static void
what_is_no_library_is_refused_in_words(void **state)
{
	struct file f = whole();

	(void)state;
	f.header.e_ident[0] = 0;
	refused(&f, "not an ELF file");
	f = whole();
	f.header.e_ident[EI_CLASS] = ELFCLASS32;
	refused(&f, "64-bit little-endian");
	f = whole();
	f.header.e_ident[EI_DATA] = ELFDATA2MSB;
	refused(&f, "64-bit little-endian");
	f = whole();
	f.header.e_machine = EM_RISCV;
	refused(&f, "another machine");
	f = whole();
	f.header.e_type = ET_EXEC;
	refused(&f, "not a shared object");
	f = whole();
	f.dynamic.p_type = PT_NULL;
	refused(&f, "no dynamic section");
}

static void
no_length_is_trusted(void **state)
{
	struct file f = whole();
	struct elf elf;

	(void)state;
	f.header.e_phnum = UINT16_MAX;
	refused(&f, "program headers");
	f = whole();
	f.header.e_phoff = UINT64_MAX - 8;
	refused(&f, "cut off");
	f = whole();
	f.header.e_phentsize = 1;
	refused(&f, "program headers");
	f = whole();
	f.dynamic.p_offset = UINT64_MAX - 15;
	refused(&f, "has no end");
	f = whole();
	f.entries[7].d_tag = DT_DEBUG; /* nothing ends it */
	refused(&f, "has no end");
	f = whole();
	f.entries[1].d_un.d_val = UINT64_MAX;
	refused(&f, "table of names");
	f = whole();
	f.entries[0].d_un.d_val = 0x1000 + sizeof f;
	refused(&f, "table of symbols");
	f = whole();
	f.entries[2].d_un.d_val =
	    UINT64_MAX;         /* the names reach to the end of the file, no further */
	f.hash[1] = UINT32_MAX; /* nor do the symbols */
	assert_null(opened(&f, sizeof f, &elf));
	assert_true(elf.tables.symbol_count <= sizeof f / sizeof(Elf64_Sym));
	assert_int_equal(elf.tables.texts_size, sizeof names);
	for (size_t i = 0; i < elf.tables.symbol_count; i++)
		(void)elf_symbol(&elf, i);
	forget();
}

static void
a_name_that_does_not_end_is_none(void **state)
{
	struct file f = whole();
	struct elf elf;

	(void)state;
	f.texts[sizeof names - 1] = 'x';
	assert_null(opened(&f, sizeof f, &elf));
	assert_int_equal(elf_symbol(&elf, 3).role, ELF_LOCAL);
	f = whole();
	f.symbols[1].st_name = UINT32_MAX;
	f.entries[4].d_un.d_val = UINT64_MAX;
	f.entries[5].d_un.d_val = sizeof names;
	assert_null(opened(&f, sizeof f, &elf));
	assert_int_equal(elf_symbol(&elf, 1).role, ELF_LOCAL);
	assert_null(elf.soname);
	assert_int_equal(elf.needed_count, 0);
	forget();
}

static void
a_file_may_end_anywhere(void **state)
{
	struct file f = whole();
	struct elf elf;

	(void)state;
	for (size_t size = 1; size < sizeof f; size++)
		if (opened(&f, size, &elf) == NULL)
			for (size_t i = 0; i < elf.tables.symbol_count; i++)
				(void)elf_symbol(&elf, i);
	forget();
}

/* Against the linker itself: whatever is found in a real library, dlsym finds too. */
static void
real_libraries_are_read_as_dlsym_knows_them(void **state)
{
	void *library = dlopen(support_runtime(), RTLD_NOW);
	FILE *file = fopen(support_runtime(), "rbe");
	size_t exported = 0, size;
	uint8_t *bytes;
	struct elf elf;

	(void)state;
	assert_non_null(library);
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, size, file), size);
	assert_null(elf_open(&elf, bytes, size));
	for (size_t i = 0; i < elf.tables.symbol_count; i++) {
		struct elf_symbol s = elf_symbol(&elf, i);

		if (s.role != ELF_EXPORTED)
			continue;
		exported++;
		if (dlsym(library, s.name) == NULL)
			fail_msg("dlsym finds no %s", s.name);
	}
	assert_true(exported > 100);
	free(bytes);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(dlclose(library), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_library_is_read_as_the_linker_reads_it),
		LW_TEST(what_is_no_library_is_refused_in_words),
		LW_TEST(no_length_is_trusted),
		LW_TEST(a_name_that_does_not_end_is_none),
		LW_TEST(a_file_may_end_anywhere),
		LW_TEST(real_libraries_are_read_as_dlsym_knows_them),
	};

	return support_run(tests);
}
