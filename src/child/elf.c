/* SPDX-License-Identifier: Apache-2.0 */
#include "child/elf.h"

#include <elf.h>
#include <string.h>

#define PROGRAM_HEADERS_MAX 128
#define SECTIONS_MAX        4096
#define DYNAMIC_MAX         4096
#define NOTES_MAX           64

/* A part of the file that holds `count` things of `each` bytes, or NULL. */
static const void *
part(const struct elf *e, uint64_t offset, uint64_t count, uint64_t each)
{
	if (offset > e->size || count > (e->size - offset) / each)
		return NULL;
	return e->bytes + offset;
}

/* Copies one record of the file; nothing there need be aligned. */
#define TAKE(e, offset, ret) take((e), (offset), (ret), sizeof *(ret))
static bool
take(const struct elf *e, uint64_t offset, void *ret, size_t size)
{
	const void *at = part(e, offset, 1, size);

	if (at == NULL)
		return false;
	memcpy(ret, at, size);
	return true;
}

static const char *
check_header(struct elf *e, Elf64_Ehdr *ret_header)
{
	const uint8_t *id = ret_header->e_ident;

	if (e->size < SELFMAG || memcmp(e->bytes, ELFMAG, SELFMAG) != 0)
		return "it is not an ELF file";
	if (!TAKE(e, 0, ret_header))
		return "it ends within its header";
	if (id[EI_CLASS] != ELFCLASS64 || id[EI_DATA] != ELFDATA2LSB)
		return "it is not for a 64-bit little-endian machine";
	if (ret_header->e_machine == EM_X86_64)
		e->machine = "x86-64";
	else if (ret_header->e_machine == EM_AARCH64)
		e->machine = "aarch64";
	else
		return "it is for another machine than x86-64 or AArch64";
	if (ret_header->e_type != ET_DYN)
		return "it is not a shared object";
	return NULL;
}

/* ---- Program headers ----------------------------------------------------------------------- */

struct segments {
	const struct elf *elf;
	Elf64_Phdr header[PROGRAM_HEADERS_MAX];
	size_t count;
};

static const char *
read_segments(const struct elf *e, const Elf64_Ehdr *header, struct segments *ret)
{
	ret->elf = e;
	ret->count = header->e_phnum;
	if (header->e_phentsize != sizeof(Elf64_Phdr) || ret->count == 0 ||
	    ret->count > PROGRAM_HEADERS_MAX)
		return "its program headers are not usable";
	for (size_t i = 0; i < ret->count; i++) {
		if (header->e_phoff > e->size ||
		    !TAKE(e, header->e_phoff + i * sizeof(Elf64_Phdr), &ret->header[i]))
			return "its program headers are cut off";
	}
	return NULL;
}

static const Elf64_Phdr *
find_segment(const struct segments *s, uint32_t type)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->header[i].p_type == type)
			return &s->header[i];
	return NULL;
}

/* From an address of the loaded library to the place in the file; false where nothing is loaded. */
static bool
place_of(const struct segments *s, uint64_t address, uint64_t *ret_offset, uint64_t *ret_left)
{
	for (size_t i = 0; i < s->count; i++) {
		const Elf64_Phdr *h = &s->header[i];
		uint64_t within = address - h->p_vaddr;

		if (h->p_type != PT_LOAD || address < h->p_vaddr || within >= h->p_filesz ||
		    h->p_offset > s->elf->size || within >= s->elf->size - h->p_offset)
			continue;
		*ret_offset = h->p_offset + within;
		*ret_left = s->elf->size - *ret_offset;
		if (*ret_left > h->p_filesz - within)
			*ret_left = h->p_filesz - within;
		return true;
	}
	return false;
}

/* ---- The dynamic section ------------------------------------------------------------------- */

struct dynamic {
	uint64_t symbols, texts, texts_size, hash, gnu_hash; /* addresses; 0: none */
	uint64_t soname, runpath;                            /* offsets in the texts, and 1 */
	uint64_t needed[ELF_NEEDED_MAX];
};

static void
note_entry(struct elf *e, struct dynamic *d, const Elf64_Dyn *entry)
{
	uint64_t value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_SYMTAB:
		d->symbols = value;
		break;
	case DT_STRTAB:
		d->texts = value;
		break;
	case DT_STRSZ:
		d->texts_size = value;
		break;
	case DT_HASH:
		d->hash = value;
		break;
	case DT_GNU_HASH:
		d->gnu_hash = value;
		break;
	case DT_SONAME:
		d->soname = value + 1;
		break;
	case DT_RPATH:
	case DT_RUNPATH:
		d->runpath = value + 1;
		break;
	case DT_NEEDED:
		if (e->needed_count < ELF_NEEDED_MAX)
			d->needed[e->needed_count++] = value;
		break;
	case DT_SYMBOLIC:
		e->symbolic = true;
		break;
	case DT_FLAGS:
		e->symbolic = e->symbolic || (value & DF_SYMBOLIC) != 0;
		break;
	}
}

static const char *
read_dynamic(struct elf *e, const struct segments *s, struct dynamic *ret)
{
	const Elf64_Phdr *segment = find_segment(s, PT_DYNAMIC);
	Elf64_Dyn entry;

	if (segment == NULL)
		return "it has no dynamic section: it cannot be opened at run time";
	for (uint64_t i = 0; i < DYNAMIC_MAX; i++) {
		if (i >= segment->p_filesz / sizeof entry || segment->p_offset > e->size ||
		    !TAKE(e, segment->p_offset + i * sizeof entry, &entry))
			return "its dynamic section has no end";
		if (entry.d_tag == DT_NULL)
			return NULL;
		note_entry(e, ret, &entry);
	}
	return "its dynamic section is too long";
}

/* A terminated text of the table, or NULL. */
static const char *
text_at(const struct elf *e, uint64_t offset)
{
	const struct elf_tables *t = &e->tables;
	uint64_t left = offset < t->texts_size ? t->texts_size - offset : 0;
	const char *text;

	if (left == 0)
		return NULL;
	if (left > ELF_NAME_MAX)
		left = ELF_NAME_MAX;
	text = (const char *)e->bytes + t->texts + offset;
	return memchr(text, '\0', (size_t)left) != NULL ? text : NULL;
}

static const char *
find_texts(struct elf *e, const struct segments *s, const struct dynamic *d)
{
	uint64_t left;
	size_t known = 0;

	if (!place_of(s, d->texts, &e->tables.texts, &left))
		return "its table of names is not in the file";
	e->tables.texts_size = d->texts_size < left ? d->texts_size : left;
	e->soname = d->soname ? text_at(e, d->soname - 1) : NULL;
	e->runpath = d->runpath ? text_at(e, d->runpath - 1) : NULL;
	for (size_t i = 0; i < e->needed_count; i++) {
		const char *name = text_at(e, d->needed[i]);

		if (name != NULL)
			e->needed[known++] = name;
	}
	e->needed_count = known;
	return NULL;
}

/* ---- Counting the symbols: nothing says how many there are --------------------------------- */

static bool
word_at(const struct elf *e, uint64_t offset, uint64_t index, uint32_t *ret)
{
	return index <= e->size / sizeof *ret && offset <= e->size &&
	       TAKE(e, offset + index * sizeof *ret, ret);
}

/* The old hash table has a chain link for every symbol. */
static uint64_t
count_by_hash(const struct elf *e, const struct segments *s, uint64_t address)
{
	uint64_t offset, left;
	uint32_t links;

	return address != 0 && place_of(s, address, &offset, &left) && word_at(e, offset, 1, &links)
		   ? links
		   : 0;
}

/* The last symbol ends the last chain; symbols before the first chain are undefined ones. */
static uint64_t
count_by_gnu_hash(const struct elf *e, const struct segments *s, uint64_t address)
{
	uint32_t buckets, first, filters, bucket, link = 0;
	uint64_t offset, left, chains, last = 0;

	if (address == 0 || !place_of(s, address, &offset, &left) ||
	    !word_at(e, offset, 0, &buckets) || !word_at(e, offset, 1, &first) ||
	    !word_at(e, offset, 2, &filters) || buckets > ELF_SYMBOLS_MAX)
		return 0;
	chains = 4 + (uint64_t)filters * 2 + buckets;
	for (uint64_t i = 0; i < buckets; i++) {
		if (!word_at(e, offset, chains - buckets + i, &bucket))
			return 0;
		last = bucket > last ? bucket : last;
	}
	if (last < first)
		return first;
	while (last < ELF_SYMBOLS_MAX && word_at(e, offset, chains + last - first, &link) &&
	       (link & 1) == 0)
		last++;
	return last + 1;
}

/* Where nothing is exported, the hash tables say nothing of what is undefined; this does. */
static uint64_t
count_by_sections(const struct elf *e, const Elf64_Ehdr *header)
{
	Elf64_Shdr section;

	if (header->e_shentsize != sizeof section || header->e_shoff > e->size ||
	    header->e_shnum > SECTIONS_MAX)
		return 0;
	for (size_t i = 0; i < header->e_shnum; i++)
		if (TAKE(e, header->e_shoff + i * sizeof section, &section) &&
		    section.sh_type == SHT_DYNSYM && section.sh_offset == e->tables.symbols)
			return section.sh_size / sizeof(Elf64_Sym);
	return 0;
}

static const char *
find_symbols(
    struct elf *e, const struct segments *s, const struct dynamic *d, const Elf64_Ehdr *header)
{
	uint64_t count, other, left;

	if (d->symbols == 0 || !place_of(s, d->symbols, &e->tables.symbols, &left))
		return "its table of symbols is not in the file";
	count = count_by_hash(e, s, d->hash);
	other = count_by_gnu_hash(e, s, d->gnu_hash);
	count = other > count ? other : count;
	other = count_by_sections(e, header);
	count = other > count ? other : count;
	if (count > left / sizeof(Elf64_Sym))
		count = left / sizeof(Elf64_Sym);
	if (count > ELF_SYMBOLS_MAX)
		return "it has more than four million symbols";
	e->tables.symbol_count = count;
	return NULL;
}

/* ---- The build's own number ---------------------------------------------------------------- */

static uint64_t
padded(uint64_t size)
{
	return (size + 3) & ~UINT64_C(3);
}

static void
find_build_id_in(struct elf *e, const Elf64_Phdr *segment)
{
	uint64_t at = segment->p_offset, end;
	Elf64_Nhdr note;

	if (at > e->size)
		return;
	end = segment->p_filesz < e->size - at ? at + segment->p_filesz : e->size;
	for (int i = 0; i < NOTES_MAX && at < end && TAKE(e, at, &note); i++) {
		uint64_t name = at + sizeof note, text = name + padded(note.n_namesz);

		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
		    part(e, name, sizeof ELF_NOTE_GNU, 1) != NULL &&
		    memcmp(e->bytes + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0 &&
		    note.n_descsz <= ELF_BUILD_ID_MAX && part(e, text, note.n_descsz, 1) != NULL) {
			e->build_id = e->bytes + text;
			e->build_id_size = note.n_descsz;
			return;
		}
		at = text + padded(note.n_descsz);
	}
}

static void
find_build_id(struct elf *e, const struct segments *s)
{
	for (size_t i = 0; i < s->count && e->build_id == NULL; i++)
		if (s->header[i].p_type == PT_NOTE)
			find_build_id_in(e, &s->header[i]);
}

const char *
elf_open(struct elf *ret, const uint8_t *bytes, size_t size)
{
	struct segments segments;
	struct dynamic dynamic = { 0 };
	Elf64_Ehdr header;
	const char *fault;

	*ret = (struct elf){ .bytes = bytes, .size = size };
	fault = check_header(ret, &header);
	if (fault == NULL)
		fault = read_segments(ret, &header, &segments);
	if (fault == NULL)
		fault = read_dynamic(ret, &segments, &dynamic);
	if (fault == NULL)
		fault = find_texts(ret, &segments, &dynamic);
	if (fault == NULL)
		fault = find_symbols(ret, &segments, &dynamic, &header);
	if (fault == NULL)
		find_build_id(ret, &segments);
	return fault;
}

/* ---- Symbols ------------------------------------------------------------------------------- */

static enum elf_kind
kind_of(const Elf64_Sym *symbol)
{
	switch (ELF64_ST_TYPE(symbol->st_info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
		return ELF_FUNCTION;
	case STT_OBJECT:
	case STT_COMMON:
	case STT_TLS:
		return ELF_DATA;
	default:
		return ELF_OTHER;
	}
}

static enum elf_role
role_of(const Elf64_Sym *symbol)
{
	unsigned bind = ELF64_ST_BIND(symbol->st_info);
	unsigned sight = ELF64_ST_VISIBILITY(symbol->st_other);

	if (bind != STB_GLOBAL && bind != STB_WEAK && bind != STB_GNU_UNIQUE)
		return ELF_LOCAL;
	if (symbol->st_shndx == SHN_UNDEF)
		return bind == STB_WEAK ? ELF_WEAK : ELF_UNDEFINED;
	return sight == STV_DEFAULT || sight == STV_PROTECTED ? ELF_EXPORTED : ELF_LOCAL;
}

struct elf_symbol
elf_symbol(const struct elf *elf, size_t i)
{
	struct elf_symbol ret = { .role = ELF_LOCAL };
	Elf64_Sym symbol;

	if (i >= elf->tables.symbol_count ||
	    !TAKE(elf, elf->tables.symbols + i * sizeof symbol, &symbol))
		return ret;
	ret.name = text_at(elf, symbol.st_name);
	if (ret.name == NULL || *ret.name == '\0')
		return ret;
	ret.role = role_of(&symbol);
	ret.kind = kind_of(&symbol);
	ret.size = symbol.st_size;
	return ret;
}
