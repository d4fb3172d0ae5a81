/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a stranger's shared object: ELF64, little endian, x86-64 or AArch64. It is read as the
 * dynamic linker reads it, by program headers and the dynamic section; the section headers only help
 * to count. No number in the file is trusted: every offset and length is held against the file's size.
 */
#ifndef LW_CHILD_ELF_H
#define LW_CHILD_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_NAME_MAX     16384             /* a longer name is no name */
#define ELF_SYMBOLS_MAX  ((size_t)1 << 22) /* libleanshared has some 200,000 */
#define ELF_NEEDED_MAX   256
#define ELF_BUILD_ID_MAX 64

/* Where the symbols and their texts are, in the file. */
struct elf_tables {
	uint64_t symbols, symbol_count;
	uint64_t texts, texts_size;
};

struct elf {
	const uint8_t *bytes;
	size_t size;
	const char *machine; /* "x86-64" or "aarch64" */
	const char *soname;  /* texts of the file, terminated; NULL where there is none */
	const char *runpath;
	const char *needed[ELF_NEEDED_MAX];
	size_t needed_count;
	bool symbolic; /* its references to its own symbols are bound within it */
	const uint8_t *build_id;
	size_t build_id_size;
	struct elf_tables tables;
};

enum elf_kind { ELF_FUNCTION, ELF_DATA, ELF_OTHER };

enum elf_role {
	ELF_LOCAL,     /* of no concern for others; or malformed */
	ELF_EXPORTED,  /* defined, and visible */
	ELF_UNDEFINED, /* somebody else must define it */
	ELF_WEAK       /* somebody else may */
};

struct elf_symbol {
	enum elf_role role;
	enum elf_kind kind;
	const char *name;
	uint64_t size;
};

/* NULL, or what is wrong with the file. The bytes must live and not change while *ret is used. */
const char *elf_open(struct elf *ret, const uint8_t *bytes, size_t size);

/* The i-th of tables.symbol_count. */
struct elf_symbol elf_symbol(const struct elf *elf, size_t i);

#endif
