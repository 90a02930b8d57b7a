// SPDX-License-Identifier: GPL-2.0
/* The way of one address through the page tables: a block for each level. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "render.h"

struct view {
	FILE *out;
	const struct vmw_info *info;
	const struct vmw_place *place;
	const struct vmw_pte *pte;
};

static void print_level_name(FILE *out, const struct vmwalk_level *level)
{
	for (const char *c = level->name; *c; c++)
		fputc(toupper((unsigned char)*c), out);
}

/* Entries in a table are a power of two. */
static unsigned int index_bits(const struct vmwalk_level *level)
{
	return level->entries > 1 ? 31 - __builtin_clz(level->entries) : 0;
}

static void print_names(const struct view *v, unsigned int entry)
{
	const struct vmwalk_entry_bit *bit;
	const char *label = "\n  bits    ";
	unsigned int i = 0;
	uint64_t value;

	while ((bit = vmw_pte_next_bit(v->pte, v->info, entry, &i, &value))) {
		fprintf(v->out, "%s %.*s", label, (int)sizeof(bit->name),
			bit->name);
		if (bit->width > 1)
			fprintf(v->out, "=%" PRIu64, value);
		label = "";
	}
}

static void print_permission(const struct view *v, unsigned int entry)
{
	const struct vmwalk_entry *e = &v->pte->entries[entry];
	const struct vmw_permission p = vmw_pte_permission(v->pte, entry);
	const bool leaf = e->flags & VMWALK_ENTRY_F_LEAF;
	char perms[5];

	if (!(e->flags & VMWALK_ENTRY_F_PRESENT))
		return;
	if (leaf && v->pte->state & VMWALK_STATE_PROTNONE)
		fputs("\n  permits  nothing: hidden from the CPU", v->out);
	else
		fprintf(v->out, "\n  permits  r%c%c %s", p.write ? 'w' : '-',
			p.exec ? 'x' : '-',
			p.user ? "to user mode" : "to the kernel alone");
	if (leaf && v->place->vma) {
		vmw_perms(v->place->vma, perms);
		fprintf(v->out, "; the VMA: %.3s", perms);
	}
	if (!entry && p.isolated)
		fputs("; its NX is in the kernel's copy of\n           this table "
		      "alone (page-table isolation) and does not count",
		      v->out);
}

static void print_agreement(const struct view *v, const struct vmwalk_entry *e)
{
	fputs("\n  again    ", v->out);
	switch (vmw_pte_agreement(v->info, e)) {
	case VMW_SAME:
		fputs("the same, read through its physical address", v->out);
		break;
	case VMW_SAME_BUT_USED:
		fprintf(v->out, "0x%016llx: the same but for what the CPU "
			"notes in it", e->again);
		break;
	case VMW_DIFFERENT:
		fprintf(v->out, "0x%016llx: DIFFERENT, it changed meanwhile",
			e->again);
		break;
	case VMW_READ_ONCE:
		fputs("not read: an entry above had changed", v->out);
		break;
	}
	fputc('\n', v->out);
}

static void print_entry(const struct view *v, unsigned int entry)
{
	const struct vmwalk_entry *e = &v->pte->entries[entry];
	const struct vmwalk_level *level = vmw_pte_level(v->info, e);

	fputc('\n', v->out);
	print_level_name(v->out, level);
	fprintf(v->out, "[%u]: bits %u..%u of the address, 0x%x\n", e->index,
		level->shift + index_bits(level) - 1, level->shift, e->index);
	fprintf(v->out, "  entry    0x%016llx at physical 0x%llx", e->value,
		e->phys);
	print_names(v, entry);
	print_permission(v, entry);
	print_agreement(v, e);
}

static const char *end_of_way(const struct view *v, const struct vmwalk_entry *e)
{
	if (e->flags & VMWALK_ENTRY_F_BAD)
		return "bad entry";
	if (vmw_state_kind(v->pte->state) == VMWALK_KIND_NONE)
		return "none";
	return vmw_kind_name(vmw_state_kind(v->pte->state));
}

static void print_end(const struct view *v)
{
	const struct vmwalk_entry *e = vmw_pte_last(v->pte);

	fputc('\n', v->out);
	if (e->flags & VMWALK_ENTRY_F_LEAF)
		return;
	fputs("stops at ", v->out);
	print_level_name(v->out, vmw_pte_level(v->info, e));
	fprintf(v->out, ": %s\n", end_of_way(v, e));
}

static void print_frame(const struct view *v, uint64_t pfn, uint32_t node)
{
	const unsigned int shift = v->info->page_shift;

	fprintf(v->out, "  frame    PFN 0x%" PRIx64, pfn);
	if (node != VMWALK_FRAME_NO_NODE)
		fprintf(v->out, " of node %u", node);
	fprintf(v->out, ": the byte is at physical 0x%" PRIx64 "\n",
		pfn << shift | (v->pte->addr & (((uint64_t)1 << shift) - 1)));
}

static void print_flags(const struct view *v, const struct vmwalk_page *page)
{
	fputs("  flags   ", v->out);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (page->flags >> bit & 1 && vmw_page_flag_name(bit))
			fprintf(v->out, " %s", vmw_page_flag_name(bit));
	fputc('\n', v->out);
}

static void print_mapping(const struct view *v, const struct vmwalk_page *page)
{
	const char *what = vmw_kind_name(vmw_state_kind(v->pte->state));

	fputs("  mapping  ", v->out);
	if (vmw_state_kind(v->pte->state) == VMWALK_KIND_ZERO)
		fputs("none, the zero page is everybody's\n", v->out);
	else if (page->ino)
		fprintf(v->out, "inode %llu on %02x:%02x, page 0x%llx of it\n",
			page->ino, page->dev_major, page->dev_minor,
			page->index);
	else
		fprintf(v->out, "%s, index 0x%llx\n", what, page->index);
}

static void print_page(const struct view *v)
{
	const struct vmwalk_page *page = &v->pte->page;

	if (!v->pte->has_page) {
		if (v->pte->frame && vmw_state_present(v->pte->state))
			print_frame(v, VMWALK_FRAME_NUMBER(v->pte->frame),
				    VMWALK_FRAME_NODE(v->pte->frame));
		return;
	}
	print_frame(v, page->pfn, page->node);
	print_flags(v, page);
	fprintf(v->out, "  counts   mapped %d time%s, %d reference%s, folio of "
		"%llu page%s\n", page->mapcount,
		page->mapcount == 1 ? "" : "s", page->refcount,
		page->refcount == 1 ? "" : "s", 1ULL << (page->order & 63),
		page->order ? "s" : "");
	print_mapping(v, page);
}

/* The gate is what it is by the kernel's mode, whatever the entries say. */
static void print_gate(const struct view *v)
{
	const struct vmwalk_entry *e = vmw_pte_last(v->pte);

	if (!v->place->vma)
		fputs("  vma      none: vsyscall=none; its page would be here\n",
		      v->out);
	else if (e->flags & VMWALK_ENTRY_F_LEAF)
		fputs("  gate     vsyscall=emulate: a call faults for the NX of "
		      "the entry, and the kernel\n           does what is "
		      "called\n", v->out);
	else
		fputs("  gate     vsyscall=xonly: a call faults for want of an "
		      "entry, and the kernel\n           does what is called\n",
		      v->out);
}

struct vmw_place vmw_place_of_pte(const struct vmw_aspace *as,
				  const struct vmw_pte *pte)
{
	struct vmw_place p = {
		.addr = pte->addr,
		.has_state = true,
		.state = pte->state,
		.frame = pte->frame,
	};

	vmw_aspace_neighbours(as, pte->addr, &p.below, &p.above);
	if (pte->has_vma && (!(pte->vma.info.flags & VMWALK_VMA_F_GATE) ||
			     vmw_aspace_find_vma(as, pte->addr)))
		p.vma = &pte->vma;
	return p;
}

int vmw_render_pte(FILE *out, const struct vmw_style *style,
		   const struct vmw_info *info, const struct vmw_aspace *as,
		   const struct vmw_place *place, const struct vmw_pte *pte)
{
	const struct view v = {
		.out = out, .info = info, .place = place, .pte = pte,
	};

	if (!pte->has_vma) {
		fprintf(out, "0x%" PRIx64 " is in no VMA%s\n", pte->addr,
			pte->addr >= as->mm.task_size ?
			": no process can map it" : "");
		vmw_render_place(out, style, as, place);
		return ferror(out) ? -EIO : 0;
	}
	fprintf(out, "0x%" PRIx64 ": the top-level table is at physical "
		"0x%" PRIx64 "\n", pte->addr, pte->top);
	for (unsigned int i = 0; i < pte->nr_entries; i++)
		print_entry(&v, i);
	print_end(&v);
	if (place->vma)
		vmw_render_place(out, style, as, place);
	if (pte->vma.info.flags & VMWALK_VMA_F_GATE)
		print_gate(&v);
	print_page(&v);
	return ferror(out) ? -EIO : 0;
}
