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

void vmw_json_walk(struct vmw_json *j, const struct vmw_aspace *as)
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

struct vmw_json *vmw_json_document(FILE *out, const char *schema,
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
	vmw_json_walk(j, as);
	return j;
}

int vmw_json_document_end(struct vmw_json *j)
{
	vmw_json_object_end(j);
	return vmw_json_destroy(j);
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

void vmw_json_segment(struct vmw_json *j, const struct vmw_segment *seg)
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
	struct vmw_json *j = vmw_json_document(out, "vmwalk-show-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < segs->nr; i++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_segment(j, &segs->seg[i]);
		put_usage(j, as, &segs->seg[i].usage);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &segs->total);
	return vmw_json_document_end(j);
}

void vmw_json_vma(struct vmw_json *j, const struct vmw_vma *vma)
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
	struct vmw_json *j = vmw_json_document(out, "vmwalk-maps-1", as);
	const struct vmw_segment *seg;

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < as->nr_vmas; i++) {
		seg = &segs->seg[segs->of_vma[i]];
		vmw_json_object_begin(j, NULL);
		vmw_json_vma(j, &as->vmas[i]);
		vmw_json_string(j, "segment", vmw_segment_kind_name(seg->kind));
		put_usage(j, as, &as->vmas[i].usage);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &segs->total);
	return vmw_json_document_end(j);
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

void vmw_json_frame(struct vmw_json *j, const struct vmw_aspace *as,
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

void vmw_json_state_of(struct vmw_json *j, const struct vmw_aspace *as,
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
	vmw_json_state_of(j, as, state, as->flags & VMWALK_WALK_F_PAGES);
}

void vmw_json_reason(struct vmw_json *j, const struct vmw_vma *vma,
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
		vmw_json_frame(j, as, e->state, e->frame);
		if (why)
			vmw_json_reason(j, vma, e->state);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

int vmw_json_extents(FILE *out, const struct vmw_aspace *as, bool why)
{
	struct vmw_json *j = vmw_json_document(out, "vmwalk-extents-1", as);
	struct vmw_usage total = { 0 };

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < as->nr_vmas; i++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_vma(j, &as->vmas[i]);
		put_extents(j, as, &as->vmas[i], why);
		vmw_json_object_end(j);
		vmw_usage_add(&total, &as->vmas[i].usage);
	}
	vmw_json_array_end(j);
	put_totals(j, as, &total);
	return vmw_json_document_end(j);
}

void vmw_json_neighbour(struct vmw_json *j, const char *key,
			const struct vmw_vma *vma, uint64_t distance)
{
	if (!vma) {
		vmw_json_string(j, key, NULL);
		return;
	}
	vmw_json_object_begin(j, key);
	vmw_json_uint(j, "distance", distance);
	vmw_json_vma(j, vma);
	vmw_json_object_end(j);
}
