// SPDX-License-Identifier: GPL-2.0
/*
 * The views as JSON. Sizes are bytes, addresses strings; what is not known or
 * not there is null. A member never changes its meaning within one "schema".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "views_json.h"

static const char *kind_id(enum vmwalk_kind kind)
{
	static const char *const ids[__VMWALK_KIND_MAX] = {
		[VMWALK_KIND_NONE] = "none",
		[VMWALK_KIND_ANON] = "anon",
		[VMWALK_KIND_FILE] = "file",
		[VMWALK_KIND_SHMEM] = "shmem",
		[VMWALK_KIND_ZERO] = "zero",
		[VMWALK_KIND_PFN] = "pfn",
		[VMWALK_KIND_SWAP] = "swap",
		[VMWALK_KIND_MIGRATION] = "migration",
		[VMWALK_KIND_HWPOISON] = "hwpoison",
		[VMWALK_KIND_DEVICE] = "device",
		[VMWALK_KIND_MARKER] = "marker",
		[VMWALK_KIND_BAD] = "bad",
		[VMWALK_KIND_GUARD] = "guard",
	};

	return kind < __VMWALK_KIND_MAX ? ids[kind] : "unknown";
}

const char *vmw_reason_id(enum vmw_reason reason)
{
	static const char *const ids[VMW_REASONS] = {
		[VMW_REASON_UNTOUCHED] = "untouched",
		[VMW_REASON_RESERVED] = "reserved",
		[VMW_REASON_EMULATED] = "emulated",
		[VMW_REASON_BEYOND_EOF] = "beyond-eof",
		[VMW_REASON_CACHED] = "cached",
		[VMW_REASON_UNCACHED] = "uncached",
		[VMW_REASON_NO_CONTENT] = "no-content",
		[VMW_REASON_UNMAPPED] = "unmapped",
		[VMW_REASON_OBJECT_SWAPPED] = "object-swapped",
		[VMW_REASON_SWAPPED] = "swapped",
		[VMW_REASON_MIGRATING] = "migrating",
		[VMW_REASON_POISONED] = "poisoned",
		[VMW_REASON_DEVICE] = "device",
		[VMW_REASON_MARKER] = "marker",
		[VMW_REASON_GUARD] = "guard",
		[VMW_REASON_BAD] = "bad",
	};

	return ids[reason];
}

static const char *consistency_id(const struct vmw_aspace *as)
{
	if (!as->complete)
		return "incomplete";
	switch (as->end.consistency) {
	case VMWALK_CONSISTENT:
		return "consistent";
	case VMWALK_CHANGED:
		return "changed";
	default:
		return "best-effort";
	}
}

static void put_mm(struct vmw_json *j, const struct vmwalk_mm *mm)
{
	vmw_json_object_begin(j, "mm");
	vmw_json_bool(j, "compat", mm->flags & VMWALK_MM_F_COMPAT);
	vmw_json_address(j, "start_code", mm->start_code);
	vmw_json_address(j, "end_code", mm->end_code);
	vmw_json_address(j, "start_data", mm->start_data);
	vmw_json_address(j, "end_data", mm->end_data);
	vmw_json_address(j, "start_brk", mm->start_brk);
	vmw_json_address(j, "brk", mm->brk);
	vmw_json_address(j, "start_stack", mm->start_stack);
	vmw_json_address(j, "arg_start", mm->arg_start);
	vmw_json_address(j, "arg_end", mm->arg_end);
	vmw_json_address(j, "env_start", mm->env_start);
	vmw_json_address(j, "env_end", mm->env_end);
	vmw_json_address(j, "mmap_base", mm->mmap_base);
	vmw_json_address(j, "task_size", mm->task_size);
	vmw_json_uint(j, "mapped", mm->mapped);
	vmw_json_uint(j, "rss_file", mm->rss_file);
	vmw_json_uint(j, "rss_anon", mm->rss_anon);
	vmw_json_uint(j, "rss_shmem", mm->rss_shmem);
	vmw_json_uint(j, "swap", mm->swap);
	vmw_json_uint(j, "page_tables", mm->page_tables);
	vmw_json_uint(j, "vmas", mm->vmas);
	vmw_json_uint(j, "hiwater_rss", mm->hiwater_rss);
	vmw_json_uint(j, "hiwater_vm", mm->hiwater_vm);
	vmw_json_uint(j, "locked", mm->locked);
	vmw_json_uint(j, "pinned", mm->pinned);
	vmw_json_uint(j, "data", mm->data);
	vmw_json_uint(j, "exec", mm->exec);
	vmw_json_uint(j, "stack", mm->stack);
	vmw_json_object_end(j);
}

static void put_walk(struct vmw_json *j, const struct vmw_aspace *as)
{
	vmw_json_object_begin(j, "walk");
	vmw_json_string(j, "consistency", consistency_id(as));
	vmw_json_uint(j, "retries", as->retries);
	vmw_json_bool(j, "atomic", as->flags & VMWALK_WALK_F_ATOMIC);
	vmw_json_bool(j, "stopped", as->stopped);
	vmw_json_uint(j, "walk_ns", as->end.walk_ns);
	vmw_json_uint(j, "hold_max_ns", as->end.hold_max_ns);
	if (as->end.hold_max_steps)
		vmw_json_uint(j, "hold_max_steps", as->end.hold_max_steps);
	else
		vmw_json_string(j, "hold_max_steps", NULL);
	vmw_json_uint(j, "locks", as->end.locks);
	vmw_json_uint(j, "tables", as->end.tables);
	vmw_json_object_end(j);
}

/* Begins the document with what every view tells. NULL: no memory. */
static struct vmw_json *begin(FILE *out, const char *schema,
			      const struct vmw_aspace *as)
{
	static const char *const vsyscall[] = {
		[VMW_VSYSCALL_UNKNOWN] = NULL,
		[VMW_VSYSCALL_NONE] = "none",
		[VMW_VSYSCALL_XONLY] = "xonly",
		[VMW_VSYSCALL_EMULATE] = "emulate",
	};
	struct vmw_json *j = vmw_json_create(out);

	if (!j)
		return NULL;
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "schema", schema);
	vmw_json_uint(j, "pid", as->mm.pid);
	vmw_json_string(j, "comm", as->comm);
	vmw_json_uint(j, "page_size", (uint64_t)1 << as->page_shift);
	vmw_json_string(j, "vsyscall", vsyscall[as->vsyscall]);
	put_mm(j, &as->mm);
	put_walk(j, as);
	return j;
}

static int end(struct vmw_json *j)
{
	vmw_json_object_end(j);
	return vmw_json_destroy(j);
}

struct vmw_json *vmw_json_document(FILE *out, const char *schema,
				   const struct vmw_aspace *as)
{
	return begin(out, schema, as);
}

int vmw_json_document_end(struct vmw_json *j)
{
	return end(j);
}

static void put_usage(struct vmw_json *j, const struct vmw_aspace *as,
		      const struct vmw_usage *u)
{
	vmw_json_uint(j, "mapped", u->mapped);
	vmw_json_uint(j, "reserved", u->reserved);
	vmw_json_uint(j, "present", u->present);
	vmw_json_uint(j, "resident", u->resident);
	vmw_json_uint(j, "anon", u->anon);
	vmw_json_uint(j, "file", u->file);
	vmw_json_uint(j, "shmem", u->shmem);
	vmw_json_uint(j, "zero", u->zero);
	vmw_json_uint(j, "pfn", u->pfn);
	vmw_json_uint(j, "hugetlb", u->hugetlb);
	vmw_json_uint(j, "hugetlb_shared", u->hugetlb_shared);
	vmw_json_uint(j, "anon_huge", u->anon_huge);
	vmw_json_uint(j, "swapped", u->swapped);
	vmw_json_uint(j, "other", u->other);
	if (!(as->flags & VMWALK_WALK_F_PAGES))
		return;
	vmw_json_uint(j, "pss", u->pss);
	vmw_json_uint(j, "shared", u->shared);
	vmw_json_uint(j, "private", u->private);
}

static void put_totals(struct vmw_json *j, const struct vmw_aspace *as,
		       const struct vmw_usage *u)
{
	vmw_json_object_begin(j, "totals");
	put_usage(j, as, u);
	vmw_json_object_end(j);
}

/* What a segment is; its sums are for the caller. */
static void put_segment(struct vmw_json *j, const struct vmw_segment *seg)
{
	vmw_json_string(j, "kind", vmw_segment_kind_name(seg->kind));
	vmw_json_string(j, "name", seg->name);
	if (seg->tid)
		vmw_json_uint(j, "tid", seg->tid);
	else
		vmw_json_string(j, "tid", NULL);
	vmw_json_address(j, "start", seg->start);
	vmw_json_address(j, "end", seg->end);
	vmw_json_uint(j, "vmas", seg->nr_vmas);
}

int vmw_json_show(FILE *out, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	struct vmw_json *j = begin(out, "vmwalk-show-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < segs->nr; i++) {
		vmw_json_object_begin(j, NULL);
		put_segment(j, &segs->seg[i]);
		put_usage(j, as, &segs->seg[i].usage);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &segs->total);
	return end(j);
}

static void put_vma(struct vmw_json *j, const struct vmw_vma *vma)
{
	const struct vmwalk_vma *v = &vma->info;
	char text[24];

	vmw_json_address(j, "start", v->start);
	vmw_json_address(j, "end", v->end);
	vmw_perms(vma, text);
	vmw_json_string(j, "perms", text);
	vmw_json_address(j, "offset", v->offset);
	snprintf(text, sizeof(text), "%02x:%02x", v->dev_major, v->dev_minor);
	vmw_json_string(j, "dev", text);
	vmw_json_uint(j, "inode", v->ino);
	vmw_json_string(j, "name", vma->name);
	vmw_json_uint(j, "page_size", (uint64_t)1 << v->page_shift);
}

int vmw_json_maps(FILE *out, const struct vmw_aspace *as,
		  const struct vmw_segments *segs)
{
	struct vmw_json *j = begin(out, "vmwalk-maps-1", as);
	const struct vmw_segment *seg;

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < as->nr_vmas; i++) {
		seg = &segs->seg[segs->of_vma[i]];
		vmw_json_object_begin(j, NULL);
		put_vma(j, &as->vmas[i]);
		vmw_json_string(j, "segment", vmw_segment_kind_name(seg->kind));
		put_usage(j, as, &as->vmas[i].usage);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &segs->total);
	return end(j);
}

/* null: the running kernel cannot tell. */
static void put_known_bool(struct vmw_json *j, const char *key, bool known,
			   bool value)
{
	if (known)
		vmw_json_bool(j, key, value);
	else
		vmw_json_string(j, key, NULL);
}

static void put_tracking(struct vmw_json *j, const struct vmw_aspace *as,
			 uint32_t state)
{
	put_known_bool(j, "soft_dirty", as->can & VMWALK_CAN_SOFT_DIRTY,
		       state & VMWALK_STATE_SOFT_DIRTY);
	put_known_bool(j, "uffd_wp", as->can & VMWALK_CAN_UFFD_WP,
		       state & VMWALK_STATE_UFFD_WP);
}

/* What a walk with VMWALK_WALK_F_PAGES tells. */
static void put_page(struct vmw_json *j, uint32_t state)
{
	vmw_json_uint(j, "maps", vmw_state_maps(state));
	vmw_json_uint(j, "order", vmw_state_order(state));
	vmw_json_bool(j, "ksm", state & VMWALK_STATE_KSM);
	vmw_json_bool(j, "locked", state & VMWALK_STATE_MLOCKED);
}

static void put_frame(struct vmw_json *j, const struct vmw_aspace *as,
		      uint32_t state, uint64_t frame)
{
	const uint64_t number = VMWALK_FRAME_NUMBER(frame);
	const uint32_t node = VMWALK_FRAME_NODE(frame);

	if (!frame)
		return;
	if (vmw_state_kind(state) == VMWALK_KIND_SWAP) {
		vmw_json_uint(j, "swap_area", node);
		vmw_json_uint(j, "swap_offset", number);
		vmw_json_string(j, "swap_name", vmw_aspace_swap(as, node));
		return;
	}
	vmw_json_uint(j, "pfn", number);
	if (node == VMWALK_FRAME_NO_NODE)
		vmw_json_string(j, "node", NULL);
	else
		vmw_json_uint(j, "node", node);
}

/* What a walk with VMWALK_WALK_F_ENTRY tells of a page; and more, if @pages. */
static void put_state(struct vmw_json *j, const struct vmw_aspace *as,
		      uint32_t state, bool pages)
{
	const bool present = vmw_state_present(state);
	const unsigned int level = (state & VMWALK_STATE_LEVEL) >>
				   VMWALK_STATE_LEVEL_SHIFT;

	vmw_json_string(j, "kind", kind_id(vmw_state_kind(state)));
	vmw_json_bool(j, "present", present);
	vmw_json_bool(j, "resident", vmw_state_resident(state));
	if (vmw_state_kind(state) != VMWALK_KIND_NONE)
		put_tracking(j, as, state);
	if (!present)
		return;
	vmw_json_uint(j, "level", level);
	vmw_json_bool(j, "write", state & VMWALK_STATE_WRITE);
	vmw_json_bool(j, "exec", state & VMWALK_STATE_EXEC);
	vmw_json_bool(j, "dirty", state & VMWALK_STATE_DIRTY);
	vmw_json_bool(j, "accessed", state & VMWALK_STATE_ACCESSED);
	vmw_json_bool(j, "protnone", state & VMWALK_STATE_PROTNONE);
	vmw_json_uint(j, "pkey", vmw_state_pkey(state));
	vmw_json_bool(j, "hugetlb", state & VMWALK_STATE_HUGETLB);
	if (pages || state & VMWALK_STATE_HUGETLB)
		vmw_json_bool(j, "shared", state & VMWALK_STATE_SHARED);
	if (pages)
		put_page(j, state);
}

void vmw_json_state(struct vmw_json *j, const struct vmw_aspace *as,
		    uint32_t state)
{
	put_state(j, as, state, as->flags & VMWALK_WALK_F_PAGES);
}

static void put_reason(struct vmw_json *j, const struct vmw_vma *vma,
		       uint32_t state)
{
	if (!vmw_state_present(state))
		vmw_json_string(j, "reason",
				vmw_reason_id(vmw_reason(vma, state)));
}

static void put_extents(struct vmw_json *j, const struct vmw_aspace *as,
			const struct vmw_vma *vma, bool why)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];

	vmw_json_array_begin(j, "extents");
	for (size_t i = 0; i < vma->nr_extents; i++, e++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_address(j, "start", e->start);
		vmw_json_address(j, "end", vmw_extent_end(as, e));
		vmw_json_uint(j, "pages", e->pages);
		vmw_json_state(j, as, e->state);
		put_frame(j, as, e->state, e->frame);
		if (why)
			put_reason(j, vma, e->state);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

int vmw_json_extents(FILE *out, const struct vmw_aspace *as, bool why)
{
	struct vmw_json *j = begin(out, "vmwalk-extents-1", as);
	struct vmw_usage total = { 0 };

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < as->nr_vmas; i++) {
		vmw_json_object_begin(j, NULL);
		put_vma(j, &as->vmas[i]);
		put_extents(j, as, &as->vmas[i], why);
		vmw_json_object_end(j);
		vmw_usage_add(&total, &as->vmas[i].usage);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &total);
	return end(j);
}

static void put_neighbour(struct vmw_json *j, const char *key,
			  const struct vmw_vma *vma, uint64_t distance)
{
	if (!vma) {
		vmw_json_string(j, key, NULL);
		return;
	}
	vmw_json_object_begin(j, key);
	vmw_json_uint(j, "distance", distance);
	put_vma(j, vma);
	vmw_json_object_end(j);
}

static void put_place_mapped(struct vmw_json *j, const struct vmw_aspace *as,
			     const struct vmw_place *p)
{
	vmw_json_object_begin(j, "segment");
	put_segment(j, p->segment);
	vmw_json_object_end(j);
	vmw_json_object_begin(j, "vma");
	put_vma(j, p->vma);
	vmw_json_object_end(j);
	if (!p->has_state) {
		vmw_json_string(j, "page", NULL);
		return;
	}
	vmw_json_object_begin(j, "page");
	put_state(j, as, p->state, false);
	if (vmw_state_kind(p->state) == VMWALK_KIND_SWAP)
		put_frame(j, as, p->state, p->frame);
	put_reason(j, p->vma, p->state);
	vmw_json_object_end(j);
}

static void put_place(struct vmw_json *j, const struct vmw_aspace *as,
		      const struct vmw_place *p)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_address(j, "address", p->addr);
	vmw_json_string(j, "asked", p->symbol);
	if (p->sp_of)
		vmw_json_uint(j, "sp_of", p->sp_of);
	else
		vmw_json_string(j, "sp_of", NULL);
	vmw_json_object(j, as, p->addr);
	if (p->vma) {
		put_place_mapped(j, as, p);
	} else {
		vmw_json_string(j, "segment", NULL);
		vmw_json_string(j, "vma", NULL);
		vmw_json_string(j, "page", NULL);
	}
	put_neighbour(j, "below", p->below,
		      p->below ? p->addr - p->below->info.end : 0);
	put_neighbour(j, "above", p->above,
		      p->above ? p->above->info.start - p->addr : 0);
	vmw_json_object_end(j);
}

int vmw_json_where(FILE *out, const struct vmw_aspace *as,
		   const struct vmw_place *places, size_t nr)
{
	struct vmw_json *j = begin(out, "vmwalk-where-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "places");
	for (size_t i = 0; i < nr; i++)
		put_place(j, as, &places[i]);
	vmw_json_array_end(j);
	vmw_json_string(j, "not_known", as->runtime.note[0] ?
			as->runtime.note : NULL);
	return end(j);
}

static void put_names(struct vmw_json *j, const struct vmw_info *info,
		      const struct vmw_pte *pte, unsigned int entry)
{
	const struct vmwalk_entry_bit *bit;
	unsigned int i = 0;
	uint64_t value;

	vmw_json_array_begin(j, "bits");
	while ((bit = vmw_pte_next_bit(pte, info, entry, &i, &value))) {
		char name[sizeof(bit->name) + 1];

		snprintf(name, sizeof(name), "%.*s", (int)sizeof(bit->name),
			 bit->name);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "value", value);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_permission(struct vmw_json *j, struct vmw_permission p)
{
	vmw_json_object_begin(j, "permits");
	vmw_json_bool(j, "user", p.user);
	vmw_json_bool(j, "write", p.write);
	vmw_json_bool(j, "exec", p.exec);
	vmw_json_object_end(j);
}

static void put_entry(struct vmw_json *j, const struct vmw_info *info,
		      const struct vmw_pte *pte, unsigned int entry)
{
	static const char *const agreements[] = {
		[VMW_SAME] = "same",
		[VMW_SAME_BUT_USED] = "same-but-used",
		[VMW_DIFFERENT] = "different",
		[VMW_READ_ONCE] = "read-once",
	};
	const struct vmwalk_entry *e = &pte->entries[entry];
	const struct vmwalk_level *level = vmw_pte_level(info, e);
	const struct vmw_permission p = vmw_pte_permission(pte, entry);

	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "level", e->level);
	vmw_json_string(j, "name", level->name);
	vmw_json_uint(j, "shift", level->shift);
	vmw_json_uint(j, "index", e->index);
	vmw_json_address(j, "phys", e->phys);
	vmw_json_address(j, "value", e->value);
	if (e->flags & VMWALK_ENTRY_F_AGAIN)
		vmw_json_address(j, "again", e->again);
	else
		vmw_json_string(j, "again", NULL);
	vmw_json_string(j, "agreement", agreements[vmw_pte_agreement(info, e)]);
	vmw_json_bool(j, "present", e->flags & VMWALK_ENTRY_F_PRESENT);
	vmw_json_bool(j, "leaf", e->flags & VMWALK_ENTRY_F_LEAF);
	vmw_json_bool(j, "bad", e->flags & VMWALK_ENTRY_F_BAD);
	put_names(j, info, pte, entry);
	put_permission(j, p);
	vmw_json_bool(j, "isolated", p.isolated);
	vmw_json_object_end(j);
}

static void put_page_flags(struct vmw_json *j, const struct vmwalk_page *page)
{
	vmw_json_array_begin(j, "flags");
	for (unsigned int bit = 0; bit < 64; bit++)
		if (page->flags >> bit & 1 && vmw_page_flag_name(bit))
			vmw_json_string(j, NULL, vmw_page_flag_name(bit));
	vmw_json_array_end(j);
	vmw_json_address(j, "kpageflags", page->flags);
	vmw_json_address(j, "known", page->known);
}

static void put_struct_page(struct vmw_json *j, const struct vmwalk_page *page)
{
	char dev[24];

	if (!page) {
		vmw_json_string(j, "struct_page", NULL);
		return;
	}
	snprintf(dev, sizeof(dev), "%02x:%02x", page->dev_major,
		 page->dev_minor);
	vmw_json_object_begin(j, "struct_page");
	vmw_json_address(j, "pfn", page->pfn);
	put_page_flags(j, page);
	vmw_json_uint(j, "node", page->node);
	vmw_json_uint(j, "order", page->order);
	vmw_json_uint(j, "refcount", page->refcount < 0 ? 0 : page->refcount);
	vmw_json_uint(j, "mapcount", page->mapcount < 0 ? 0 : page->mapcount);
	vmw_json_string(j, "dev", dev);
	vmw_json_uint(j, "inode", page->ino);
	vmw_json_address(j, "index", page->index);
	vmw_json_object_end(j);
}

static void put_way(struct vmw_json *j, const struct vmw_info *info,
		    const struct vmw_pte *pte)
{
	vmw_json_array_begin(j, "levels");
	for (unsigned int i = 0; i < pte->nr_entries; i++)
		put_entry(j, info, pte, i);
	vmw_json_array_end(j);
	put_struct_page(j, pte->has_page ? &pte->page : NULL);
	vmw_json_bool(j, "consistent", vmw_pte_consistent(pte, info));
	if (pte->has_vma)
		vmw_json_address(j, "top", pte->top);
	else
		vmw_json_string(j, "top", NULL);
}

int vmw_json_pte(FILE *out, const struct vmw_info *info,
		 const struct vmw_aspace *as, const struct vmw_place *place,
		 const struct vmw_pte *pte)
{
	struct vmw_json *j = begin(out, "vmwalk-pte-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_address(j, "address", pte->addr);
	if (place->vma) {
		vmw_json_object_begin(j, "vma");
		put_vma(j, place->vma);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "vma", NULL);
	}
	if (pte->has_vma) {
		vmw_json_object_begin(j, "page");
		put_state(j, as, pte->state, true);
		put_frame(j, as, pte->state, pte->frame);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "page", NULL);
	}
	put_way(j, info, pte);
	put_neighbour(j, "below", place->below, place->below ?
		      place->addr - place->below->info.end : 0);
	put_neighbour(j, "above", place->above, place->above ?
		      place->above->info.start - place->addr : 0);
	return end(j);
}

static void put_sharing(struct vmw_json *j, const struct vmw_shared_sums *s)
{
	vmw_json_uint(j, "frames", vmw_shared_frames(s));
	vmw_json_uint(j, "shared", vmw_shared_shared(s));
	vmw_json_uint(j, "elsewhere", s->bytes[VMW_SHARED_ELSEWHERE]);
	vmw_json_uint(j, "private", s->bytes[VMW_PRIVATE_COPIED] +
		      s->bytes[VMW_PRIVATE]);
	vmw_json_uint(j, "copied", s->bytes[VMW_PRIVATE_COPIED]);
}

static void put_run(struct vmw_json *j, uint32_t page_shift,
		    const struct vmw_shared_run *run)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_address(j, "start", run->start);
	vmw_json_address(j, "end", run->start + (run->pages << page_shift));
	vmw_json_uint(j, "pages", run->pages);
	vmw_json_bool(j, "shared", run->sharing <= VMW_SHARED_ELSEWHERE);
	if (run->sharing <= VMW_SHARED_ELSEWHERE)
		vmw_json_address(j, "other", run->other);
	else
		vmw_json_bool(j, "copied", run->sharing == VMW_PRIVATE_COPIED);
	vmw_json_object_end(j);
}

static void put_runs(struct vmw_json *j, const struct vmw_pair *p)
{
	const struct vmw_shared_run *run = p->shared->runs;
	const struct vmw_shared_run *end = run + p->shared->nr;

	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < p->first->nr_vmas; i++) {
		vmw_json_object_begin(j, NULL);
		put_vma(j, &p->first->vmas[i]);
		put_sharing(j, &p->shared->vmas[i]);
		vmw_json_array_begin(j, "extents");
		for (; run < end && run->vma == i; run++)
			put_run(j, p->first->page_shift, run);
		vmw_json_array_end(j);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_shared_segments(struct vmw_json *j, const struct vmw_pair *p,
				const struct vmw_shared_sums *sums)
{
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < p->segs->nr; i++) {
		vmw_json_object_begin(j, NULL);
		put_segment(j, &p->segs->seg[i]);
		put_sharing(j, &sums[i]);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	vmw_json_object_begin(j, "totals");
	put_sharing(j, &p->shared->total);
	vmw_json_object_end(j);
}

int vmw_json_shared(FILE *out, const struct vmw_pair *pair, bool extents)
{
	struct vmw_shared_sums *sums = vmw_shared_of_segments(pair);
	struct vmw_json *j = NULL;

	if (sums)
		j = begin(out, "vmwalk-shared-1", pair->first);
	if (!j) {
		free(sums);
		return -ENOMEM;
	}
	vmw_json_object_begin(j, "other");
	vmw_json_uint(j, "pid", pair->second->mm.pid);
	vmw_json_string(j, "comm", pair->second->comm);
	put_walk(j, pair->second);
	vmw_json_object_end(j);
	put_shared_segments(j, pair, sums);
	if (extents)
		put_runs(j, pair);
	free(sums);
	return end(j);
}

/* The stack of Go's that @addr is in, or null. */
static void put_stack(struct vmw_json *j, const struct vmw_aspace *as,
		      uint64_t addr)
{
	const struct vmw_g *g = vmw_runtime_g_at(&as->runtime, addr);

	if (!g) {
		vmw_json_string(j, "stack", NULL);
		return;
	}
	vmw_json_object_begin(j, "stack");
	vmw_json_g(j, as, g);
	vmw_json_object_end(j);
}

static void put_pointer(struct vmw_json *j, const char *key, uint64_t addr,
			const struct vmw_aspace *as,
			const struct vmw_segments *segs)
{
	const struct vmw_segment *seg = vmw_segment_at(as, segs, addr);

	vmw_json_object_begin(j, key);
	vmw_json_address(j, "address", addr);
	if (seg) {
		vmw_json_object_begin(j, "segment");
		put_segment(j, seg);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "segment", NULL);
	}
	put_stack(j, as, addr);
	vmw_json_object_end(j);
}

static void put_thread(struct vmw_json *j, const struct vmw_thread *t,
		       const struct vmw_aspace *as,
		       const struct vmw_segments *segs)
{
	const char state[2] = { t->state };
	const struct {
		const char *key;
		uint64_t addr;
	} regs[] = {
		{ "sp", t->sp }, { "pc", t->pc }, { "fs_base", t->fs_base },
	};

	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "tid", t->tid);
	vmw_json_string(j, "comm", t->comm);
	vmw_json_string(j, "state", state);
	vmw_json_bool(j, "running", t->running);
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		if (t->has_regs)
			put_pointer(j, regs[i].key, regs[i].addr, as, segs);
		else
			vmw_json_string(j, regs[i].key, NULL);
	}
	vmw_json_object_end(j);
}

int vmw_json_threads(FILE *out, const struct vmw_aspace *as,
		     const struct vmw_segments *segs)
{
	struct vmw_json *j = begin(out, "vmwalk-threads-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "threads");
	for (size_t i = 0; i < as->nr_threads; i++)
		put_thread(j, &as->threads[i], as, segs);
	vmw_json_array_end(j);
	return end(j);
}

void vmw_json_geometry(struct vmw_json *j, const char *key,
		       const struct vmwalk_level *levels, unsigned int nr)
{
	char name[sizeof(levels->name) + 1] = "";

	vmw_json_array_begin(j, key);
	for (unsigned int i = 0; i < nr; i++) {
		memcpy(name, levels[i].name, sizeof(name) - 1);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "shift", levels[i].shift);
		vmw_json_uint(j, "entries", levels[i].entries);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

void vmw_json_levels(struct vmw_json *j, const struct vmw_aspace *as,
		     const struct vmwalk_tables *t)
{
	char name[sizeof(as->levels[0].name) + 1] = "";
	struct vmw_level_sum sum;

	vmw_json_array_begin(j, "levels");
	for (unsigned int i = 0; i < as->nr_levels; i++) {
		if (!vmw_level_sum(as, t, &as->levels[i], &sum))
			continue;
		memcpy(name, as->levels[i].name, sizeof(name) - 1);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "tables", sum.tables);
		vmw_json_uint(j, "bytes", sum.bytes);
		vmw_json_uint(j, "entries", sum.entries);
		vmw_json_uint(j, "entries_max", sum.room);
		vmw_json_bool(j, "counted", sum.counted);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_segment_tables(struct vmw_json *j, const struct vmw_aspace *as,
			       const struct vmw_segment *seg,
			       const struct vmwalk_tables *t)
{
	vmw_json_object_begin(j, NULL);
	put_segment(j, seg);
	vmw_json_uint(j, "mapped", seg->usage.mapped);
	vmw_json_uint(j, "present", seg->usage.present);
	vmw_json_uint(j, "tables_bytes", vmw_tables_bytes(as, t));
	vmw_json_uint(j, "pte", t->pte);
	vmw_json_uint(j, "pmd", t->pmd);
	vmw_json_uint(j, "pud", t->pud);
	vmw_json_uint(j, "p4d", t->p4d);
	vmw_json_uint(j, "deposited", t->deposited);
	vmw_json_uint(j, "pte_entries", t->pte_entries);
	vmw_json_object_end(j);
}

int vmw_json_tables(FILE *out, const struct vmw_aspace *as,
		    const struct vmw_segments *segs)
{
	struct vmw_json *j = begin(out, "vmwalk-tables-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_object_begin(j, "tables");
	vmw_json_levels(j, as, &segs->tables);
	vmw_json_uint(j, "deposited", segs->tables.deposited);
	vmw_json_uint(j, "counted", vmw_tables_bytes(as, &segs->tables));
	vmw_json_object_end(j);
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < segs->nr; i++)
		put_segment_tables(j, as, &segs->seg[i],
				   vmw_segment_tables(segs, &segs->seg[i]));
	vmw_json_array_end(j);
	return end(j);
}
