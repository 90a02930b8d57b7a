// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "views_json.h"

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
		vmw_json_vma(j, &p->first->vmas[i]);
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
		vmw_json_segment(j, &p->segs->seg[i]);
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
		j = vmw_json_document(out, "vmwalk-shared-1", pair->first);
	if (!j) {
		free(sums);
		return -ENOMEM;
	}
	vmw_json_object_begin(j, "other");
	vmw_json_uint(j, "pid", pair->second->mm.pid);
	vmw_json_string(j, "comm", pair->second->comm);
	vmw_json_walk(j, pair->second);
	vmw_json_object_end(j);
	put_shared_segments(j, pair, sums);
	if (extents)
		put_runs(j, pair);
	free(sums);
	return vmw_json_document_end(j);
}
