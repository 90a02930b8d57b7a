// SPDX-License-Identifier: GPL-2.0
/* What lies at an address: segment, VMA, page; or what is next to it. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "go.h"
#include "render.h"

struct where {
	FILE *out;
	const struct vmw_style *style;
	const struct vmw_aspace *as;
};

static void print_size(const struct where *w, uint64_t bytes)
{
	char buf[32];

	fprintf(w->out, "%s%s",
		vmw_size(w->style, w->as->page_shift, bytes, buf, sizeof(buf)),
		vmw_size_unit(w->style));
}

static void print_name(const struct where *w, const char *name)
{
	char buf[4 * PATH_MAX + 1];

	vmw_escape_name(name, buf, sizeof(buf));
	fputs(buf, w->out);
}

/* "0x1000 is ", or whose stack pointer that is. */
static void print_subject(const struct where *w, const struct vmw_place *p)
{
	fprintf(w->out, "0x%" PRIx64, p->addr);
	if (p->symbol) {
		fputs(" (", w->out);
		print_name(w, p->symbol);
		fputc(')', w->out);
	}
	if (p->sp_of)
		fprintf(w->out, " (sp of thread %d)", p->sp_of);
	fputs(" is ", w->out);
}

/* The answer in a sentence. */
static void print_answer(const struct where *w, const struct vmw_place *p)
{
	static const char *const answers[VMW_SEG_KINDS] = {
		[VMW_SEG_TEXT] = "in text, the program's code",
		[VMW_SEG_RODATA] = "in rodata, the program's constants",
		[VMW_SEG_DATA] = "in data, the program's initialised variables",
		[VMW_SEG_BSS] = "in bss, the program's variables that start as "
				"zeros",
		[VMW_SEG_HEAP] = "in the [heap], which brk() grows",
		[VMW_SEG_MALLOC_ARENA] = "in an arena of malloc()",
		[VMW_SEG_MALLOC_MMAPPED] = "in a chunk of malloc() that has "
					   "a mapping of its own",
		[VMW_SEG_GO_ARENA] = "in Go's arena",
		[VMW_SEG_GO_RUNTIME] = "in the Go runtime's own memory",
		[VMW_SEG_STACK] = "in the main thread's [stack]",
		[VMW_SEG_THREAD_STACK] = "in a thread's stack",
		[VMW_SEG_LIBRARY] = "in a shared library",
		[VMW_SEG_FILE] = "in a mapped file",
		[VMW_SEG_SHM] = "in shared memory",
		[VMW_SEG_ANON] = "in none of text, data, [heap] or [stack]: "
				 "anonymous memory",
		[VMW_SEG_VVAR] = "in [vvar], data of the kernel for the vdso",
		[VMW_SEG_VDSO] = "in the [vdso], code of the kernel",
		[VMW_SEG_VSYSCALL] = "in [vsyscall], entries of old for "
				     "system calls",
	};

	char object[VMW_OBJECT_MAX];

	print_subject(w, p);
	if (vmw_object_name(w->as, p->addr, object, sizeof(object))) {
		fprintf(w->out, "in %s\n", object);
		return;
	}
	fputs(answers[p->segment->kind], w->out);
	if (p->segment->tid)
		fprintf(w->out, ": thread %d", p->segment->tid);
	fputc('\n', w->out);
}

/* What the runtime or malloc knows of the address, and how that is known. */
static void print_object(const struct where *w, const struct vmw_place *p)
{
	const struct vmw_runtime_symbol *s;
	char text[VMW_OBJECT_MAX];

	s = vmw_runtime_symbol_at(&w->as->runtime, p->addr);
	if (s) {
		fputs("  symbol   ", w->out);
		print_name(w, s->name);
		fprintf(w->out, "+0x%" PRIx64 ", of %" PRIu64 " bytes\n",
			p->addr - s->start, s->size);
	}
	if (vmw_object_detail(w->as, w->style, p->addr, text, sizeof(text)))
		fprintf(w->out, "  runtime  %s\n", text);
	if (vmw_object_frame(w->as, p->addr, text, sizeof(text)))
		fprintf(w->out, "  frame    %s\n", text);
	if (vmw_object_slot(w->as, p->addr, text, sizeof(text)))
		fprintf(w->out, "  slot     %s\n", text);
	if (vmw_object_source(w->as, p->addr, text, sizeof(text)))
		fprintf(w->out, "  source   %s\n", text);
}

void vmw_render_object(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as, uint64_t addr)
{
	const struct where w = { .out = out, .style = style, .as = as };
	const struct vmw_place p = { .addr = addr };
	char object[VMW_OBJECT_MAX];

	if (!vmw_object_name(as, addr, object, sizeof(object)))
		return;
	fprintf(out, "0x%" PRIx64 " is in %s\n", addr, object);
	print_object(&w, &p);
}

static void print_segment(const struct where *w, const struct vmw_segment *seg)
{
	fprintf(w->out, "  segment  %s, %" PRIx64 "-%" PRIx64 ", ",
		vmw_segment_kind_name(seg->kind), seg->start, seg->end);
	print_size(w, seg->usage.mapped);
	if (seg->usage.reserved) {
		fputs(", ", w->out);
		print_size(w, seg->usage.reserved);
		fputs(" reserved", w->out);
	}
	fprintf(w->out, ", %zu VMA%s\n", seg->nr_vmas,
		seg->nr_vmas == 1 ? "" : "s");
}

static void print_vma(const struct where *w, const struct vmw_vma *vma)
{
	char perms[5];

	vmw_perms(vma, perms);
	fprintf(w->out, "%llx-%llx %s, ", vma->info.start, vma->info.end,
		perms);
	print_size(w, vma->info.end - vma->info.start);
}

/* Offsets as the kernel writes them: NAME+0x10. */
static void print_place_in_vma(const struct where *w, const struct vmw_place *p)
{
	const uint64_t offset = p->addr - p->vma->info.start;

	fputs("  vma      ", w->out);
	print_vma(w, p->vma);
	fprintf(w->out, ", +0x%" PRIx64, offset);
	if (p->vma->name) {
		fputs(", ", w->out);
		print_name(w, p->vma->name);
	}
	if (p->vma->name && p->vma->info.flags & VMWALK_VMA_F_FILE)
		fprintf(w->out, "+0x%llx", p->vma->info.offset + offset);
	fputc('\n', w->out);
}

static void print_present(const struct where *w, uint32_t state)
{
	fprintf(w->out, "present, %s, %s%s leaf, %s%s%s, %s\n",
		vmw_kind_name(vmw_state_kind(state)),
		vmw_leaf_size_name(w->as, state),
		state & VMWALK_STATE_HUGETLB ? " hugetlb" : "",
		state & VMWALK_STATE_WRITE ? "writable" : "read-only",
		state & VMWALK_STATE_EXEC ? ", executable" : "",
		state & VMWALK_STATE_DIRTY ? ", dirty" : ", clean",
		state & VMWALK_STATE_ACCESSED ? "accessed" : "not accessed");
}

static void print_swap(const struct where *w, const struct vmw_place *p)
{
	const uint32_t area = VMWALK_FRAME_NODE(p->frame);
	const char *name;

	if (!p->frame || vmw_state_kind(p->state) != VMWALK_KIND_SWAP)
		return;
	name = vmw_aspace_swap(w->as, area);
	fprintf(w->out, "  swap     area %u, page 0x%llx of it", area,
		VMWALK_FRAME_NUMBER(p->frame));
	if (name) {
		fputs(", on ", w->out);
		print_name(w, name);
	}
	fputc('\n', w->out);
}

/* All that smaps tells of the pages. */
static void print_sums(const struct where *w, const struct vmw_vma *vma)
{
	fputs("  sums     ", w->out);
	print_size(w, vma->usage.resident);
	fputs(" of the VMA resident, ", w->out);
	print_size(w, vma->usage.swapped);
	fputs(" in swap\n", w->out);
}

static void print_page(const struct where *w, const struct vmw_place *p)
{
	const uint64_t page = p->addr >> w->as->page_shift <<
			      w->as->page_shift;

	fprintf(w->out, "  page     %" PRIx64 ": ", page);
	if (p->not_kept)
		fputs("not known: this snapshot holds no page tables\n", w->out);
	else if (!p->has_state)
		fputs("not known: the VMA changed meanwhile\n", w->out);
	else if (vmw_state_present(p->state))
		print_present(w, p->state);
	else
		fprintf(w->out, "not present: %s\n",
			vmw_reason_text(vmw_reason(p->vma, p->state)));
	if (p->has_state)
		print_swap(w, p);
	if (p->not_kept && w->as->sums_only)
		print_sums(w, p->vma);
}

/* Distances span the address space: in KiB nobody could read them. */
static void print_neighbour(const struct where *w, const char *which,
			    const struct vmw_vma *vma, const char *where,
			    uint64_t distance)
{
	struct vmw_style style = *w->style;
	const struct where far = { w->out, &style, w->as };

	if (style.units == VMW_UNITS_KIB)
		style.units = VMW_UNITS_HUMAN;
	fprintf(w->out, "  %s    ", which);
	print_vma(w, vma);
	if (vma->name) {
		fputs(", ", w->out);
		print_name(w, vma->name);
	}
	fprintf(w->out, "\n           %s ", where);
	print_size(&far, distance);
	fputs(" away\n", w->out);
}

static void print_neighbours(const struct where *w, const struct vmw_place *p)
{
	if (p->below)
		print_neighbour(w, "below", p->below, "its end is",
				p->addr - p->below->info.end);
	if (p->above)
		print_neighbour(w, "above", p->above, "its start is",
				p->above->info.start - p->addr);
}

static void print_place(const struct where *w, const struct vmw_place *p)
{
	if (!p->vma) {
		print_subject(w, p);
		fprintf(w->out, "in no VMA%s\n", p->addr >= w->as->mm.task_size ?
			": no process can map it" : "");
		print_neighbours(w, p);
		return;
	}
	print_answer(w, p);
	print_object(w, p);
	print_segment(w, p->segment);
	print_place_in_vma(w, p);
	print_page(w, p);
}

void vmw_render_place(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as, const struct vmw_place *p)
{
	const struct where w = { .out = out, .style = style, .as = as };

	if (!p->vma) {
		print_neighbours(&w, p);
		return;
	}
	print_place_in_vma(&w, p);
	print_page(&w, p);
}

int vmw_render_where(FILE *out, const struct vmw_style *style,
		     const struct vmw_aspace *as,
		     const struct vmw_place *places, size_t nr)
{
	const struct where w = { .out = out, .style = style, .as = as };

	for (size_t i = 0; i < nr; i++) {
		if (i)
			fputc('\n', out);
		print_place(&w, &places[i]);
	}
	if (as->runtime.note[0])
		fputc('\n', out);
	vmw_render_note(out, as);
	return ferror(out) ? -EIO : 0;
}
