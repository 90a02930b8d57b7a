// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "views_json.h"

/* @g: a stack of Go's, or NULL for none. */
static void put_stack(struct vmw_json *j, const struct vmw_aspace *as,
		      const struct vmw_g *g)
{
	if (!g) {
		vmw_json_string(j, "stack", NULL);
		return;
	}
	vmw_json_object_begin(j, "stack");
	vmw_json_g(j, as, g);
	vmw_json_object_end(j);
}

static void put_pointer(struct vmw_json *j, const char *key, uint64_t addr,
			const struct vmw_g *g, const struct vmw_aspace *as,
			const struct vmw_segments *segs)
{
	const struct vmw_segment *seg = vmw_segment_at(as, segs, addr);

	vmw_json_object_begin(j, key);
	vmw_json_address(j, "address", addr);
	if (seg) {
		vmw_json_object_begin(j, "segment");
		vmw_json_segment(j, seg);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "segment", NULL);
	}
	put_stack(j, as, g);
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
		const struct vmw_g *g;
	} regs[] = {
		{ "sp", t->sp, vmw_runtime_g_of_sp(&as->runtime, t->sp) },
		{ "pc", t->pc, NULL },
		{ "fs_base", t->fs_base,
		  vmw_runtime_g_at(&as->runtime, t->fs_base) },
	};

	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "tid", t->tid);
	vmw_json_string(j, "comm", t->comm);
	vmw_json_string(j, "state", state);
	vmw_json_bool(j, "running", t->running);
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		if (t->has_regs)
			put_pointer(j, regs[i].key, regs[i].addr, regs[i].g,
				    as, segs);
		else
			vmw_json_string(j, regs[i].key, NULL);
	}
	vmw_json_object_end(j);
}

int vmw_json_threads(FILE *out, const struct vmw_aspace *as,
		     const struct vmw_segments *segs)
{
	struct vmw_json *j = vmw_json_document(out, "vmwalk-threads-1", as);

	if (!j)
		return -ENOMEM;
	vmw_json_array_begin(j, "threads");
	for (size_t i = 0; i < as->nr_threads; i++)
		put_thread(j, &as->threads[i], as, segs);
	vmw_json_array_end(j);
	return vmw_json_document_end(j);
}
