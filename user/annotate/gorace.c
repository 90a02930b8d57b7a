// SPDX-License-Identifier: GPL-2.0
/*
 * What the race detector of a Go program built with -race maps for itself. For
 * reading: runtime/race.go of Go's own source, and of LLVM's compiler-rt
 * lib/tsan/rtl/tsan_platform.h, "Go on linux/amd64".
 */
#include "gorace.h"

#include <errno.h>
#include <stdio.h>

#define SHADOW		0x200000000000	/* what is at ADDR has a shadow at this + N * ADDR */
#define META		0x300000000000
#define META_END	0x400000000000
#define TRACES		0x600000000000
#define TRACES_END	0x620000000000

#define REGION		(1ULL << 20)	/* bytes that its allocator maps, and their alignment */
#define GUARD_MAX	(64 << 10)	/* bytes below a thread's stack */

/* Where it asks for memory by address. */
static const struct {
	uint64_t start, end;
	const char *name;
} regions[] = {
	{ SHADOW, META, "race detector, shadow of memory" },
	{ META, META_END, "race detector, blocks and locks" },
	/* Until Go 1.18; later they are among the rest. */
	{ TRACES, TRACES_END, "race detector, traces of threads" },
};

static bool is_private_rw(const struct vmw_vma *vma)
{
	const uint32_t want = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE |
			      VMWALK_VMA_F_ANON;
	const uint32_t other = VMWALK_VMA_F_SHARED | VMWALK_VMA_F_EXEC |
			       VMWALK_VMA_F_GROWSDOWN | VMWALK_VMA_F_FILE;

	return (vma->info.flags & (want | other)) == want;
}

/* As it asks for the most of it: without a reservation of swap. */
static bool is_mapped_so(const struct vmw_vma *vma)
{
	return is_private_rw(vma) && vma->info.flags & VMWALK_VMA_F_NORESERVE;
}

static bool has_shadow(const struct vmw_aspace *as, uint64_t addr, uint64_t scale)
{
	const struct vmw_vma *vma;

	vma = vmw_aspace_find_vma(as, SHADOW + scale * addr);
	return vma && vma->info.start >= SHADOW && vma->info.end <= META &&
	       is_mapped_so(vma);
}

/* Each arena has a shadow: twice its size, four times until Go 1.18. */
static bool is_detecting(const struct vmw_aspace *as, const struct vmw_runtime *rt)
{
	for (size_t i = 0; i < rt->nr_labels; i++) {
		const struct vmw_label *l = &rt->labels[i];

		if (l->kind == VMW_LABEL_GO_ARENA)
			return l->end <= META - SHADOW &&
			       (has_shadow(as, l->start, 2) ||
				has_shadow(as, l->start, 4));
	}
	return false;
}

static int add(struct vmw_runtime *rt, uint64_t start, uint64_t end, bool sure,
	       const char *name)
{
	struct vmw_label l = {
		.start = start, .end = end, .kind = VMW_LABEL_GO_RUNTIME,
		.source = VMW_EVIDENCE_VMA, .sure = sure,
	};

	snprintf(l.name, sizeof(l.name), "%s", name);
	return vmw_runtime_add_label(rt, &l);
}

static int add_in_region(const struct vmw_vma *vma, struct vmw_runtime *rt)
{
	for (size_t i = 0; i < sizeof(regions) / sizeof(*regions); i++)
		if (vma->info.start >= regions[i].start &&
		    vma->info.end <= regions[i].end)
			return add(rt, vma->info.start, vma->info.end, true,
				   regions[i].name);
	return 0;
}

int vmw_gorace_read_shadow(const struct vmw_aspace *as, struct vmw_runtime *rt)
{
	int ret = 0;

	if (!is_detecting(as, rt))
		return 0;
	for (size_t i = 0; !ret && i < as->nr_vmas; i++)
		if (is_mapped_so(&as->vmas[i]))
			ret = add_in_region(&as->vmas[i], rt);
	vmw_runtime_finish(rt);
	return ret == -ENOMEM ? ret : 0;
}

/* A whole region of its allocator. */
static bool holds_region(uint64_t start, uint64_t end)
{
	const uint64_t region = (start + REGION - 1) & ~(REGION - 1);

	return region + REGION <= end;
}

/* A file's bss, or a thread's stack, by what lies below: the file, or a guard. */
static bool is_below_telling(const struct vmwalk_vma *below,
			     const struct vmwalk_vma *vma)
{
	const uint32_t access = VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE |
				VMWALK_VMA_F_EXEC;

	if (below->end != vma->start)
		return false;
	return below->flags & VMWALK_VMA_F_FILE ||
	       (!(below->flags & access) &&
		below->end - below->start <= GUARD_MAX);
}

/* Is it a file's bss or a thread's stack? */
static bool is_known(const struct vmw_aspace *as, size_t i)
{
	const struct vmwalk_vma *vma = &as->vmas[i].info;

	if (i && is_below_telling(&as->vmas[i - 1].info, vma))
		return true;
	for (size_t j = 0; j < as->nr_threads; j++) {
		const struct vmw_thread *t = &as->threads[j];

		if ((t->sp >= vma->start && t->sp < vma->end) ||
		    (t->fs_base >= vma->start && t->fs_base < vma->end))
			return true;
	}
	return false;
}

/* What of @vma no label of @known has, if it is as the detector maps it. */
static int add_rest(const struct vmw_vma *vma, const struct vmw_runtime *known,
		    struct vmw_runtime *rt)
{
	uint64_t at = vma->info.start;
	int ret = 0;

	while (!ret && at < vma->info.end) {
		const struct vmw_label *l = vmw_runtime_label_at(known, at);
		uint64_t end = vma->info.end;

		if (l) {
			at = l->end;
			continue;
		}
		l = vmw_runtime_label_from(known, at);
		if (l && l->start < end)
			end = l->start;
		if (is_mapped_so(vma) || holds_region(at, end))
			ret = add(rt, at, end, false,
				  "race detector, what it allocates");
		at = end;
	}
	return ret;
}

int vmw_gorace_read_rest(const struct vmw_aspace *as, struct vmw_runtime *rt)
{
	struct vmw_runtime found = { 0 };
	int ret = 0;

	if (!is_detecting(as, rt))
		return 0;
	for (size_t i = 0; !ret && i < as->nr_vmas; i++)
		if (is_private_rw(&as->vmas[i]) && !as->vmas[i].name &&
		    !is_known(as, i))
			ret = add_rest(&as->vmas[i], rt, &found);
	for (size_t i = 0; ret != -ENOMEM && i < found.nr_labels; i++)
		ret = vmw_runtime_add_label(rt, &found.labels[i]);
	vmw_runtime_deinit(&found);
	/* A full table leaves the rest without labels. */
	return ret == -ENOMEM ? ret : 0;
}
