// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "diff.h"
#include "json.h"

static const char *page_id(enum vmw_page_change change)
{
	static const char *const ids[VMW_PAGE_CHANGES] = {
		[VMW_PAGE_FAULTED] = "faulted",
		[VMW_PAGE_DROPPED] = "dropped",
		[VMW_PAGE_SWAPPED_OUT] = "swapped_out",
		[VMW_PAGE_SWAPPED_IN] = "swapped_in",
		[VMW_PAGE_COPIED] = "copied",
		[VMW_PAGE_COLLAPSED] = "collapsed",
		[VMW_PAGE_SPLIT] = "split",
		[VMW_PAGE_DIRTIED] = "dirtied",
		[VMW_PAGE_CLEANED] = "cleaned",
		[VMW_PAGE_PROTECTED] = "protected",
		[VMW_PAGE_MIGRATED] = "migrated",
	};

	return ids[change];
}

static void put_usage(struct vmw_json *j, const char *key,
		      const struct vmw_usage *u)
{
	vmw_json_object_begin(j, key);
	vmw_json_uint(j, "mapped", u->mapped);
	vmw_json_uint(j, "reserved", u->reserved);
	vmw_json_uint(j, "present", u->present);
	vmw_json_uint(j, "resident", u->resident);
	vmw_json_uint(j, "swapped", u->swapped);
	vmw_json_uint(j, "anon_huge", u->anon_huge);
	vmw_json_object_end(j);
}

static void put_pages(struct vmw_json *j, const struct vmw_page_sums *sums)
{
	vmw_json_object_begin(j, "pages");
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		vmw_json_uint(j, page_id(i), sums->bytes[i]);
	vmw_json_object_end(j);
}

static void put_changes(struct vmw_json *j, uint32_t changes)
{
	vmw_json_array_begin(j, "changes");
	for (unsigned int bit = 0; bit < VMW_VMA_CHANGES; bit++)
		if (changes >> bit & 1)
			vmw_json_string(j, NULL, vmw_vma_change_name(bit));
	vmw_json_array_end(j);
}

static void put_side(struct vmw_json *j, const char *key, const char *name,
		     const struct vmw_aspace *as)
{
	vmw_json_object_begin(j, key);
	vmw_json_string(j, "name", name);
	vmw_json_uint(j, "pid", as->mm.pid);
	vmw_json_string(j, "comm", as->comm);
	vmw_json_string(j, "kernel", as->kernel);
	vmw_json_address(j, "brk", as->mm.brk);
	vmw_json_bool(j, "changed", !as->complete ||
		      as->end.consistency == VMWALK_CHANGED);
	vmw_json_object_end(j);
}

static void put_segments(struct vmw_json *j, const struct vmw_diff_view *v)
{
	vmw_json_array_begin(j, "segments");
	for (size_t i = 0; i < v->diff->nr_segs; i++) {
		const struct vmw_diff_segment *s = &v->diff->segs[i];
		const struct vmw_segment *seg = vmw_diff_segment_of(v, s);

		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "kind", vmw_segment_kind_name(seg->kind));
		vmw_json_string(j, "name", seg->name);
		vmw_json_address(j, "start", seg->start);
		vmw_json_address(j, "end", seg->end);
		put_changes(j, s->changes);
		put_usage(j, "before", &s->before);
		put_usage(j, "after", &s->after);
		put_pages(j, &s->pages);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_vma(struct vmw_json *j, const char *key,
		    const struct vmw_aspace *as, size_t i)
{
	const struct vmw_vma *vma;
	char perms[5];

	if (i == VMW_NO_VMA) {
		vmw_json_string(j, key, NULL);
		return;
	}
	vma = &as->vmas[i];
	vmw_perms(vma, perms);
	vmw_json_object_begin(j, key);
	vmw_json_address(j, "start", vma->info.start);
	vmw_json_address(j, "end", vma->info.end);
	vmw_json_string(j, "perms", perms);
	vmw_json_string(j, "name", vma->name);
	vmw_json_uint(j, "present", vma->usage.present);
	vmw_json_uint(j, "resident", vma->usage.resident);
	vmw_json_object_end(j);
}

static void put_run(struct vmw_json *j, const struct vmw_diff *d,
		    const struct vmw_diff_run *run)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_address(j, "start", run->start);
	vmw_json_address(j, "end",
			 run->start + (run->pages << d->b->page_shift));
	vmw_json_uint(j, "pages", run->pages);
	vmw_json_bool(j, "old", run->old);
	vmw_json_array_begin(j, "changes");
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		if (run->changes >> i & 1)
			vmw_json_string(j, NULL, page_id(i));
	vmw_json_array_end(j);
	vmw_json_object_end(j);
}

static void put_row(struct vmw_json *j, const struct vmw_diff *d,
		    const struct vmw_diff_vma *r)
{
	put_changes(j, r->changes);
	put_vma(j, "before", d->a, r->a);
	put_vma(j, "after", d->b, r->b);
	put_pages(j, &r->pages);
}

static void put_vmas(struct vmw_json *j, const struct vmw_diff *d, bool extents)
{
	const struct vmw_diff_run *run = d->runs, *end = run + d->nr_runs;

	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *r = &d->vmas[i];
		const bool told = r->changes || !vmw_page_sums_empty(&r->pages);

		if (told) {
			vmw_json_object_begin(j, NULL);
			put_row(j, d, r);
		}
		if (told && extents)
			vmw_json_array_begin(j, "extents");
		for (; run < end && run->vma == i; run++)
			if (extents)
				put_run(j, d, run);
		if (told && extents)
			vmw_json_array_end(j);
		if (told)
			vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

int vmw_json_diff(FILE *out, const struct vmw_diff_view *v, bool extents)
{
	const struct vmw_diff *d = v->diff;
	struct vmw_json *j = vmw_json_create(out);

	if (!j)
		return -ENOMEM;
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "schema", "vmwalk-diff-1");
	put_side(j, "first", v->names[0], d->a);
	put_side(j, "second", v->names[1], d->b);
	vmw_json_bool(j, "normalized", v->normalized);
	put_segments(j, v);
	put_vmas(j, d, extents);
	vmw_json_diff_runtime(j, d);
	vmw_json_object_begin(j, "totals");
	put_usage(j, "before", &d->before);
	put_usage(j, "after", &d->after);
	put_pages(j, &d->pages);
	vmw_json_object_end(j);
	vmw_json_object_end(j);
	return vmw_json_destroy(j);
}
