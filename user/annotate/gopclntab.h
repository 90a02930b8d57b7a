/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of functions that every Go program carries for its own tracebacks,
 * stripped or not; and what can be found by it in the code of two of them.
 */
#ifndef VMW_GOPCLNTAB_H
#define VMW_GOPCLNTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of 64-bit little-endian programs. Points into the table. */
struct vmw_gopclntab {
	const unsigned char *data;
	size_t size;
	uint64_t text;		/* what entries are relative to; 0 before 1.18 */
	uint64_t nr;		/* functions */
	uint64_t names;		/* offset of the names */
	uint64_t functions;	/* offset of the table of functions */
	uint64_t pcs;		/* offset of what is told by pc */
	unsigned int width;	/* bytes of its numbers: 4 from 1.18 on, else 8 */
};

struct vmw_go_function {
	uint64_t start, end;	/* as linked */
	const char *name;
	uint64_t record;	/* offset of what the table tells of it */
};

/* @text: where the code begins, for a table that does not tell. */
bool vmw_gopclntab_open(struct vmw_gopclntab *t, const void *data, size_t size,
			uint64_t text);
bool vmw_gopclntab_at(const struct vmw_gopclntab *t, uint64_t pc,
		      struct vmw_go_function *f);
bool vmw_gopclntab_find(const struct vmw_gopclntab *t, const char *name,
			struct vmw_go_function *f);

/*
 * How many bytes sp is below the return address when @f, as found in @t, is at @pc.
 * False: the table does not tell.
 */
bool vmw_gopclntab_depth(const struct vmw_gopclntab *t,
			 const struct vmw_go_function *f, uint64_t pc,
			 uint64_t *depth);

/*
 * x86-64, by how compilers have put it so far. @code: the bytes of @f.
 *
 * What the lea before the call of @callee has as its address: its receiver.
 */
bool vmw_go_receiver_of_call(const struct vmw_go_function *f, const void *code,
			     uint64_t callee, uint64_t *addr);
/* The one variable of three words that the code loads by their addresses. */
bool vmw_go_slice_used(const struct vmw_go_function *f, const void *code,
		       uint64_t *addr);

#endif
