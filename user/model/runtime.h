/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a language's runtime and malloc() made of an address space: a part of the
 * model, plain arrays without a pointer in them, so that they can be sent over a
 * pipe and kept in a file as they are. annotate.c fills them; views read them.
 */
#ifndef VMW_RUNTIME_H
#define VMW_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a label rests on, the best first. */
enum vmw_evidence {
	VMW_EVIDENCE_NONE,	/* nothing is known */
	VMW_EVIDENCE_DWARF,	/* types and addresses of the program's own DWARF */
	VMW_EVIDENCE_SYMTAB,	/* its symbols, and a table of the Go version's types */
	VMW_EVIDENCE_PATTERN,	/* addresses found in its code, and that table */
	VMW_EVIDENCE_TLS,		/* the g that each thread's fs_base leads to */
	VMW_EVIDENCE_SHAPE,	/* the form of the memory itself */
	VMW_EVIDENCE_VMA,		/* the VMA's name, place or flags; the kernel's landmarks */
	VMW_EVIDENCES
};

/* Values of struct vmw_g.status: the runtime's own numbers, without _Gscan. */
enum vmw_g_status {
	VMW_G_IDLE,
	VMW_G_RUNNABLE,
	VMW_G_RUNNING,
	VMW_G_SYSCALL,
	VMW_G_WAITING,
	VMW_G_MORIBUND,
	VMW_G_DEAD,
	VMW_G_ENQUEUE,
	VMW_G_COPYSTACK,
	VMW_G_PREEMPTED,
	VMW_G_LEAKED,
	VMW_G_DEADEXTRA,
	VMW_G_STATUSES
};

enum vmw_g_kind {
	VMW_G_USER,		/* a goroutine */
	VMW_G_G0,		/* a thread's stack for the scheduler */
	VMW_G_GSIGNAL,		/* a thread's stack for signals */
	VMW_G_CURRENT,		/* a thread's g, more is not known */
	VMW_G_KINDS
};

#define VMW_NAME_MAX	64	/* bytes of a name, with the NUL; longer ones are cut */

/* A goroutine, or another stack that the Go runtime made. */
struct vmw_g {
	uint64_t id;		/* goid; 0 for all but VMW_G_USER */
	uint64_t addr;		/* of the struct g */
	uint64_t lo, hi;	/* its stack; both 0: it has none now */
	uint64_t sp;		/* in the stack, 0 if not known */
	uint32_t kind;		/* enum vmw_g_kind */
	uint32_t status;	/* enum vmw_g_status, or a number of the future */
	int32_t tid;		/* of the thread that runs it or owns it, 0: none */
	uint32_t source;	/* enum vmw_evidence */
	uint32_t first_frame;	/* in the array of frames */
	uint32_t nr_frames;	/* the innermost first; 0: they are not known */
	char wait[VMW_NAME_MAX];	/* why it waits, empty if it does not */
	char start[VMW_NAME_MAX];	/* the function it began with */
};

/*
 * A call that has not returned. It has of the stack what is from its callee's
 * .cfa, or for the innermost from sp, to its own .cfa, below which is the address
 * it returns to.
 */
struct vmw_call {
	uint64_t pc;		/* where it goes on */
	uint64_t cfa;		/* sp as it was before the call */
	uint64_t linked;	/* below the return address is the caller's rbp */
};

#define VMW_FRAMES_OF_G	128U	/* so many of a stack are told, the innermost */

enum vmw_span_state {
	VMW_SPAN_HEAP,		/* objects of one size */
	VMW_SPAN_STACK,		/* stacks of one size, in use or free */
	VMW_SPAN_MANUAL,	/* what the runtime allots by hand: GC work buffers */
	VMW_SPAN_FREE,		/* pages that wait for use */
	VMW_SPAN_SCAVENGED,	/* free, and given back to the kernel */
	VMW_SPAN_RESERVED,	/* of the arena, not yet taken into use */
	VMW_SPAN_UNKNOWN,	/* changed while it was being read */
	VMW_SPAN_STATES
};

/* A run of pages of an arena. Together they cover all arenas. */
struct vmw_go_span {
	uint64_t start, end;
	uint64_t elem_size;	/* bytes; 0 but in HEAP and STACK */
	uint32_t nr_elems;	/* that fit */
	uint32_t nr_used;	/* allocated, as of the last sweep at least */
	uint32_t state;		/* enum vmw_span_state */
	uint32_t noscan;	/* its objects hold no pointers */
};

enum vmw_label_kind {
	VMW_LABEL_GO_ARENA,	/* where spans lie */
	VMW_LABEL_GO_RUNTIME,	/* what the Go runtime keeps of itself */
	VMW_LABEL_MALLOC_BRK,	/* chunks in the brk heap */
	VMW_LABEL_MALLOC_ARENA,	/* a thread arena's heap */
	VMW_LABEL_MALLOC_TOP,	/* the end of either that no chunk has yet */
	VMW_LABEL_MALLOC_RESERVED,	/* of a thread arena, PROT_NONE */
	VMW_LABEL_MALLOC_MMAPPED,	/* one chunk with a mapping of its own */
	VMW_LABEL_KINDS
};

/* A range and what it serves for. Labels do not overlap. */
struct vmw_label {
	uint64_t start, end;
	uint32_t kind;		/* enum vmw_label_kind */
	uint32_t source;	/* enum vmw_evidence */
	uint32_t sure;		/* else likely */
	uint32_t reserved;	/* 0 */
	char name[VMW_NAME_MAX];
};

/* A symbol asked for, or the one at an address asked for. */
struct vmw_runtime_symbol {
	uint64_t asked;		/* the address; 0: by name */
	uint64_t start;		/* of the symbol */
	uint64_t size;		/* 0: not known */
	char name[VMW_NAME_MAX];
};

enum vmw_slot_kind {
	VMW_SLOT_NONE,		/* no variable is known to be there */
	VMW_SLOT_RETURN,	/* the return address */
	VMW_SLOT_LINK,		/* the caller's frame pointer, saved */
	VMW_SLOT_LOCAL,		/* a local variable */
	VMW_SLOT_PARAMETER,	/* or a result */
	VMW_SLOT_KINDS
};

/* What an address that was asked for is in the frame it lies in. */
struct vmw_slot {
	uint64_t asked;		/* the address */
	uint64_t start, cfa;	/* of the frame */
	uint64_t pc;		/* where it goes on */
	uint64_t function;	/* where its function begins; 0: it is not known */
	uint64_t size;		/* of the variable, bytes */
	uint64_t offset;	/* in it */
	uint32_t number;	/* of the frame, 0 is the innermost */
	uint32_t nr;		/* frames of that stack */
	uint32_t kind;		/* enum vmw_slot_kind */
	uint32_t linked;	/* the frame's, as above */
	char in[VMW_NAME_MAX];	/* the function; empty if it is not known */
	char name[VMW_NAME_MAX];	/* of the variable, or of whom it returns to */
	char type[VMW_NAME_MAX];	/* of the variable, empty if it has no name */
};

struct vmw_runtime {
	char version[VMW_NAME_MAX];	/* "go1.19.8"; empty: no Go program */
	uint32_t source;	/* enum vmw_evidence: of what is said of Go */
	uint32_t torn;		/* goroutines and spans left out: they changed */
	uint32_t unread;	/* pages wanted that are not in memory (swap) */
	bool known;		/* it was looked for; else nothing here says anything */
	char note[256];		/* what could not be told and why, or empty */

	struct vmw_g *gs;	/* by stack */
	size_t nr_gs;
	struct vmw_go_span *spans;	/* by address, not overlapping */
	size_t nr_spans;
	struct vmw_label *labels;	/* likewise */
	size_t nr_labels;
	struct vmw_runtime_symbol *symbols;	/* in the order they were asked for */
	size_t nr_symbols;
	struct vmw_call *frames;	/* of all goroutines */
	size_t nr_frames;
	struct vmw_slot *slots;	/* of addresses asked for that are in a frame */
	size_t nr_slots;

	size_t room_gs, room_spans, room_labels, room_symbols;
	size_t room_frames, room_slots;
};

/* So many of each are taken; more are left out, and the note says so. */
#define VMW_GS_MAX	(2U << 20)
#define VMW_SPANS_MAX	(8U << 20)
#define VMW_LABELS_MAX	(1U << 18)
#define VMW_SYMBOLS_MAX	1024U
#define VMW_FRAMES_MAX	(4U << 20)

void vmw_runtime_deinit(struct vmw_runtime *rt);

/* Fill, in any order. Return 0, -ENOMEM, -E2BIG or -EPROTO for an empty range. */
int vmw_runtime_add_g(struct vmw_runtime *rt, const struct vmw_g *g);
int vmw_runtime_add_span(struct vmw_runtime *rt, const struct vmw_go_span *span);
int vmw_runtime_add_label(struct vmw_runtime *rt, const struct vmw_label *l);
int vmw_runtime_add_symbol(struct vmw_runtime *rt, const struct vmw_runtime_symbol *s);
int vmw_runtime_add_slot(struct vmw_runtime *rt, const struct vmw_slot *slot);
/*
 * The frames of @g, one of @rt's that has none. -EPROTO: they are not on its stack,
 * or not in their order.
 */
int vmw_runtime_add_frames(struct vmw_runtime *rt, struct vmw_g *g,
			   const struct vmw_call *frames, size_t nr);
/* Into @to, which is empty, all but symbols and slots. Returns 0 or -ENOMEM. */
int vmw_runtime_copy(struct vmw_runtime *to, const struct vmw_runtime *from);
/* Appends to the note: a sentence, without its end. */
void vmw_runtime_note(struct vmw_runtime *rt, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * Sorts; of what overlaps, what starts first stays. Of a label the rest stays, too;
 * a span goes and counts as torn. To be called when filled.
 */
void vmw_runtime_finish(struct vmw_runtime *rt);

/* What holds @addr, or NULL. */
const struct vmw_g *vmw_runtime_g_at(const struct vmw_runtime *rt, uint64_t addr);
/*
 * The stack that @sp points into, or NULL. At its end there is nothing on it yet:
 * so is the stack of a thread that has not begun.
 */
const struct vmw_g *vmw_runtime_g_of_sp(const struct vmw_runtime *rt, uint64_t sp);
const struct vmw_go_span *vmw_runtime_span_at(const struct vmw_runtime *rt,
					      uint64_t addr);
const struct vmw_label *vmw_runtime_label_at(const struct vmw_runtime *rt,
					     uint64_t addr);
/* The first span that ends above @addr, or NULL. */
const struct vmw_go_span *vmw_runtime_span_from(const struct vmw_runtime *rt,
						uint64_t addr);
/* The first label that starts at @addr or above, or NULL. */
const struct vmw_label *vmw_runtime_label_from(const struct vmw_runtime *rt,
					       uint64_t addr);
/* The symbol that was found for @addr, or NULL. */
const struct vmw_runtime_symbol *
vmw_runtime_symbol_at(const struct vmw_runtime *rt, uint64_t addr);
/* What was found of @addr in its frame, or NULL. */
const struct vmw_slot *vmw_runtime_slot_at(const struct vmw_runtime *rt,
					   uint64_t addr);
/*
 * The frame of @g that holds @addr, the number of frames if none does. @start is
 * where it begins.
 */
size_t vmw_runtime_frame_at(const struct vmw_runtime *rt, const struct vmw_g *g,
			    uint64_t addr, uint64_t *start);
/* The label that most bytes of [@start, @end) have, or NULL. */
const struct vmw_label *vmw_runtime_main_label(const struct vmw_runtime *rt,
					       uint64_t start, uint64_t end);

#endif
