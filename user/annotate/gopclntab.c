// SPDX-License-Identifier: GPL-2.0
/* For reading: runtime/symtab.go and debug/gosym/pclntab.go of Go's own source. */
#include "gopclntab.h"

#include <string.h>

#define MAGIC_1_2	0xfffffffb
#define MAGIC_1_16	0xfffffffa
#define MAGIC_1_18	0xfffffff0
#define MAGIC_1_20	0xfffffff1
#define HEADER		8	/* magic, two zeros, size of an instruction, of a pointer */
#define FUNCTIONS_MAX	(4U << 20)
#define FUNCTION_SIZE	(1U << 20)	/* bytes of code: more is none of ours */

static bool read_uint(const struct vmw_gopclntab *t, uint64_t offset,
		      unsigned int width, uint64_t *value)
{
	if (offset > t->size || t->size - offset < width)
		return false;
	*value = 0;
	while (width--)
		*value = *value << 8 | t->data[offset + width];
	return true;
}

/* Word number @nr behind the header. */
static bool read_word(const struct vmw_gopclntab *t, unsigned int nr,
		      uint64_t *value)
{
	return read_uint(t, HEADER + nr * 8, 8, value);
}

bool vmw_gopclntab_open(struct vmw_gopclntab *t, const void *data, size_t size,
			uint64_t text)
{
	uint64_t magic, pointer, own_text = 0;
	bool ok;

	*t = (struct vmw_gopclntab){ .data = data, .size = size, .width = 8 };
	if (!data || !read_uint(t, 0, 4, &magic) ||
	    !read_uint(t, 7, 1, &pointer) || pointer != 8 ||
	    !read_word(t, 0, &t->nr) || t->nr > FUNCTIONS_MAX)
		return false;
	switch (magic) {
	case MAGIC_1_2:
		t->functions = HEADER + 8;
		return true;
	case MAGIC_1_16:
		return read_word(t, 2, &t->names) &&
		       read_word(t, 5, &t->pcs) &&
		       read_word(t, 6, &t->functions);
	case MAGIC_1_18:
	case MAGIC_1_20:
		t->width = 4;
		ok = read_word(t, 2, &own_text) && read_word(t, 3, &t->names) &&
		     read_word(t, 6, &t->pcs) && read_word(t, 7, &t->functions);
		t->text = own_text ? own_text : text;
		return ok;
	default:
		return false;
	}
}

/* The entry of function @i; of the one past the last, the end of all. */
static bool entry(const struct vmw_gopclntab *t, uint64_t i, uint64_t *pc)
{
	if (!read_uint(t, t->functions + i * 2 * t->width, t->width, pc))
		return false;
	*pc += t->text;
	return true;
}

/* The offset of what is told of function @i. */
static bool record_of(const struct vmw_gopclntab *t, uint64_t i, uint64_t *record)
{
	if (!read_uint(t, t->functions + (i * 2 + 1) * t->width, t->width,
		       record))
		return false;
	*record += t->names ? t->functions : 0;
	return true;
}

static bool name_of(const struct vmw_gopclntab *t, uint64_t i, const char **name)
{
	uint64_t record, start;

	if (!record_of(t, i, &record) ||
	    !read_uint(t, record + t->width, 4, &start))
		return false;
	start += t->names;
	if (start >= t->size ||
	    !memchr(t->data + start, '\0', t->size - start))
		return false;
	*name = (const char *)t->data + start;
	return true;
}

static bool function(const struct vmw_gopclntab *t, uint64_t i,
		     struct vmw_go_function *f)
{
	return entry(t, i, &f->start) && entry(t, i + 1, &f->end) &&
	       f->start < f->end && record_of(t, i, &f->record) &&
	       name_of(t, i, &f->name);
}

bool vmw_gopclntab_at(const struct vmw_gopclntab *t, uint64_t pc,
		      struct vmw_go_function *f)
{
	uint64_t low = 0, high = t->nr, at;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (!entry(t, mid, &at))
			return false;
		if (at <= pc)
			low = mid + 1;
		else
			high = mid;
	}
	return low && function(t, low - 1, f) && pc < f->end;
}

bool vmw_gopclntab_find(const struct vmw_gopclntab *t, const char *name,
			struct vmw_go_function *f)
{
	const char *own;

	for (uint64_t i = 0; i < t->nr; i++)
		if (name_of(t, i, &own) && !strcmp(own, name))
			return function(t, i, f);
	return false;
}

/* Seven bits a byte, the lowest first; the last one has its eighth clear. */
static bool read_varint(const struct vmw_gopclntab *t, uint64_t *offset,
			uint32_t *value)
{
	uint64_t byte;

	*value = 0;
	for (unsigned int shift = 0; shift < 32; shift += 7) {
		if (!read_uint(t, (*offset)++, 1, &byte))
			return false;
		*value |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/*
 * Steps of pairs: by what the value changes, its sign in the lowest bit, and for how
 * many bytes of code it is that then. A change by none ends it, but for the first.
 */
bool vmw_gopclntab_depth(const struct vmw_gopclntab *t,
			 const struct vmw_go_function *f, uint64_t pc,
			 uint64_t *depth)
{
	uint64_t at, until = f->start;
	uint32_t step, bytes;
	int64_t value = -1;

	/* Behind its entry: its name, its arguments, its deferreturn. */
	if (!read_uint(t, f->record + t->width + 12, 4, &at) || !at)
		return false;
	at += t->pcs;
	for (bool first = true; read_varint(t, &at, &step); first = false) {
		if (!step && !first)
			return false;
		value += step & 1 ? ~(int64_t)(step >> 1) : step >> 1;
		if (!read_varint(t, &at, &bytes))
			return false;
		until += bytes;
		if (pc >= until)
			continue;
		*depth = value;
		return value >= 0;
	}
	return false;
}

/* The address that the 4 bytes at @at mean, relative to what comes behind them. */
static uint64_t target(const struct vmw_go_function *f,
		       const unsigned char *code, size_t at)
{
	int32_t offset;

	memcpy(&offset, code + at, sizeof(offset));
	return f->start + at + sizeof(offset) + offset;
}

bool vmw_go_receiver_of_call(const struct vmw_go_function *f, const void *bytes,
			     uint64_t callee, uint64_t *addr)
{
	static const unsigned char lea_rax[] = { 0x48, 0x8d, 0x05 };
	const size_t size = f->end - f->start;
	const unsigned char *code = bytes;
	size_t lea = SIZE_MAX;

	if (size > FUNCTION_SIZE)
		return false;
	for (size_t i = 0; i + 5 <= size; i++) {
		if (!memcmp(code + i, lea_rax, sizeof(lea_rax)))
			lea = i;
		/* Between them a store to the stack at most, before 1.17. */
		if (code[i] != 0xe8 || target(f, code, i + 1) != callee ||
		    lea == SIZE_MAX || i - lea > 16)
			continue;
		*addr = target(f, code, lea + 3);
		return true;
	}
	return false;
}

/* A load of 8 bytes relative to the instruction: mov off(%rip),%reg. */
static bool is_load(const unsigned char *code)
{
	return (code[0] & 0xfb) == 0x48 && code[1] == 0x8b &&
	       (code[2] & 0xc7) == 0x05;
}

static bool loads(const struct vmw_go_function *f, const unsigned char *code,
		  size_t size, uint64_t addr)
{
	for (size_t i = 0; i + 7 <= size; i++)
		if (is_load(code + i) && target(f, code, i + 3) == addr)
			return true;
	return false;
}

bool vmw_go_slice_used(const struct vmw_go_function *f, const void *bytes,
		       uint64_t *addr)
{
	const size_t size = f->end - f->start;
	const unsigned char *code = bytes;
	bool found = false;

	if (size > FUNCTION_SIZE)
		return false;
	for (size_t i = 0; i + 7 <= size; i++) {
		uint64_t a = is_load(code + i) ? target(f, code, i + 3) : 0;

		if (!a || (found && a == *addr) ||
		    !loads(f, code, size, a + 8) ||
		    !loads(f, code, size, a + 16))
			continue;
		/* Two are one too many. */
		if (found)
			return false;
		*addr = a;
		found = true;
	}
	return found;
}
