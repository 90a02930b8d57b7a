/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a Go program keeps what of its runtime: offsets of members, sizes of
 * types, addresses of variables. One program's, as its DWARF or a table has it.
 */
#ifndef VMW_GOLAYOUT_H
#define VMW_GOLAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "mem.h"
#include "model/runtime.h"

struct vmw_elf;
struct vmw_gopclntab;

/*
 * FIELD(name, type, path): members, one within the other; "a|b" is whichever the
 * version has. Wrappers such as atomic.Uint32 are looked into. With a "*" behind it
 * the size is that of what the pointer points to.
 */
#define VMW_GO_FIELDS_LIST(FIELD) \
	FIELD(G_LO, "runtime.g", "stack.lo") \
	FIELD(G_HI, "runtime.g", "stack.hi") \
	FIELD(G_SP, "runtime.g", "sched.sp") \
	FIELD(G_PC, "runtime.g", "sched.pc") \
	FIELD(G_SYSCALL_SP, "runtime.g", "syscallsp") \
	FIELD(G_SYSCALL_PC, "runtime.g", "syscallpc") \
	FIELD(G_STATUS, "runtime.g", "atomicstatus") \
	FIELD(G_ID, "runtime.g", "goid") \
	FIELD(G_WAIT, "runtime.g", "waitreason") \
	FIELD(G_START, "runtime.g", "startpc") \
	FIELD(G_M, "runtime.g", "m") \
	FIELD(M_G0, "runtime.m", "g0") \
	FIELD(M_GSIGNAL, "runtime.m", "gsignal") \
	FIELD(M_CURG, "runtime.m", "curg") \
	FIELD(M_TID, "runtime.m", "procid") \
	FIELD(M_NEXT, "runtime.m", "alllink") \
	FIELD(SPAN_START, "runtime.mspan", "startAddr") \
	FIELD(SPAN_PAGES, "runtime.mspan", "npages") \
	FIELD(SPAN_ELEM_SIZE, "runtime.mspan", "elemsize") \
	FIELD(SPAN_ELEMS, "runtime.mspan", "nelems") \
	FIELD(SPAN_USED, "runtime.mspan", "allocCount") \
	FIELD(SPAN_CLASS, "runtime.mspan", "spanclass") \
	FIELD(SPAN_STATE, "runtime.mspan", "state") \
	FIELD(HEAP_SPANS, "runtime.mheap", "allspans") \
	FIELD(HEAP_ARENAS, "runtime.mheap", "arenas") \
	FIELD(HEAP_ALL_ARENAS, "runtime.mheap", "allArenas|heapArenas") \
	FIELD(HEAP_IN_USE, "runtime.mheap", "pages.inUse.ranges") \
	FIELD(HEAP_CHUNKS, "runtime.mheap", "pages.chunks") \
	FIELD(HEAP_SUMMARY, "runtime.mheap", "pages.summary") \
	FIELD(CHUNK_SCAVENGED, "runtime.pallocData", "scavenged") \
	FIELD(BITS_NEXT, "runtime.gcBitsArena", "next") \
	FIELD(HEAP_SCAV_INDEX, "runtime.mheap", "pages.scav.index.chunks") \
	FIELD(SCAV_ELEM, "runtime.mheap", "pages.scav.index.chunks.array*") \
	FIELD(HEAP_USER_ARENAS, "runtime.mheap", "userArenaArenas")

/* TYPE(name, type): its size is wanted. */
#define VMW_GO_TYPES_LIST(TYPE) \
	TYPE(G, "runtime.g") \
	TYPE(M, "runtime.m") \
	TYPE(SPAN, "runtime.mspan") \
	TYPE(ARENA, "runtime.heapArena") \
	TYPE(CHUNK, "runtime.pallocData") \
	TYPE(BITS, "runtime.gcBitsArena")

/* VAR(name, symbol) */
#define VMW_GO_VARS_LIST(VAR) \
	VAR(HEAP, "runtime.mheap_") \
	VAR(ALLGS, "runtime.allgs") \
	VAR(ALLM, "runtime.allm") \
	VAR(CHUNKS, "runtime.persistentChunks") \
	VAR(BITS, "runtime.gcBitsArenas") \
	VAR(WAIT_REASONS, "runtime.waitReasonStrings") \
	VAR(BUCKETS, "runtime.buckhash") \
	VAR(VERSION, "runtime.buildVersion")

#define VMW_GO_FIELD(name, type, path)	VMW_GO_##name,
enum vmw_go_field {
	VMW_GO_FIELDS_LIST(VMW_GO_FIELD)
	VMW_GO_FIELDS
};

#define VMW_GO_TYPE(name, type)	VMW_GO_TYPE_##name,
enum vmw_go_type {
	VMW_GO_TYPES_LIST(VMW_GO_TYPE)
	VMW_GO_TYPES
};

#define VMW_GO_VAR(name, symbol)	VMW_GO_VAR_##name,
enum vmw_go_var {
	VMW_GO_VARS_LIST(VMW_GO_VAR)
	VMW_GO_VARS
};

struct vmw_go_member {
	int32_t offset;		/* in its type; -1: there is none */
	uint32_t size;		/* bytes */
};

struct vmw_golayout {
	enum vmw_evidence source;
	struct vmw_go_member field[VMW_GO_FIELDS];
	uint32_t size[VMW_GO_TYPES];
	uint64_t var[VMW_GO_VARS];	/* as linked; 0: not known */
	uint32_t nr_wait_reasons;	/* 0: not known */
	uint64_t arena_base;	/* what address arena number 0 has */
};

/*
 * The layout of the program @elf, as its DWARF and its symbols have it. Returns 0,
 * -ENOENT if it is no Go program, or -ENODATA if it is, but something is missing.
 * @version is filled if the file tells it, else empty.
 */
int vmw_golayout_read(struct vmw_elf *elf, struct vmw_golayout *layout,
		      char version[VMW_NAME_MAX]);
/* Is there what cannot be done without? */
bool vmw_golayout_is_complete(const struct vmw_golayout *layout);

/*
 * In golayout_stripped.c: the variables that cannot be done without, and that of
 * the version, by the code that uses them. False: they are not all found.
 */
bool vmw_golayout_find_vars(struct vmw_elf *elf, struct vmw_mem *mem,
			    uint64_t bias, struct vmw_golayout *layout);
/* The program's table of functions. @mem may be NULL: of the file alone, then. */
bool vmw_golayout_functions(struct vmw_elf *elf, struct vmw_mem *mem,
			    uint64_t bias, struct vmw_gopclntab *table);
/*
 * In golayout_table.c: fills in all but addresses, by version, "go1.19.8"; false
 * if there is none of that.
 */
bool vmw_golayout_of_version(const char *version, struct vmw_golayout *layout);

#endif
