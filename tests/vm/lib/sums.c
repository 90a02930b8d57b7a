// SPDX-License-Identifier: GPL-2.0
/* The sums over pages: smaps, smaps_rollup and numa_maps. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "procmem.h"
#include "report.h"

/* smaps rounds down to KiB, and so its fields come. */
static uint64_t kib(uint64_t bytes)
{
	return bytes >> 10 << 10;
}

static uint64_t pss(uint64_t parts)
{
	return kib(parts >> VMWALK_PSS_SHIFT);
}

static void compare_smaps(struct vmw_report *r, const struct vmw_aspace *as,
			  const struct vmw_vma *vma,
			  const struct vmw_proc_vma *proc)
{
	const struct vmwalk_pages *p = vmw_vma_pages(as, vma);
	const uint64_t ours[VMW_SMAPS_FIELDS] = {
		[VMW_SMAPS_PSS] = pss(p->pss),
		[VMW_SMAPS_PSS_DIRTY] = pss(p->pss_dirty),
		[VMW_SMAPS_SHARED_CLEAN] = p->shared_clean,
		[VMW_SMAPS_SHARED_DIRTY] = p->shared_dirty,
		[VMW_SMAPS_PRIVATE_CLEAN] = p->private_clean,
		[VMW_SMAPS_PRIVATE_DIRTY] = p->private_dirty,
		[VMW_SMAPS_REFERENCED] = p->referenced,
		[VMW_SMAPS_LAZYFREE] = p->lazyfree,
		[VMW_SMAPS_KSM] = p->ksm,
		[VMW_SMAPS_LOCKED] = pss(p->pss_locked),
	};
	int i;

	for (i = VMW_SMAPS_PAGES; i < VMW_SMAPS_SUMS; i++)
		if (proc->has & 1U << i)
			vmw_same_number(r, vma->info.start, vmw_smaps_names[i],
					ours[i], proc->field[i]);
}

static void compare_rollup(struct vmw_report *r, pid_t pid,
			   const struct vmw_aspace *as)
{
	struct vmwalk_pages sum = { 0 };
	const struct {
		const char *key;
		const __u64 *ours;
	} rows[] = {
		{ "Pss", &sum.pss },
		{ "Pss_Anon", &sum.pss_anon },
		{ "Pss_File", &sum.pss_file },
		{ "Pss_Shmem", &sum.pss_shmem },
		{ "Locked", &sum.pss_locked },
	};
	size_t i;

	for (i = 0; i < as->nr_vmas; i++)
		vmw_pages_add(&sum, vmw_vma_pages(as, &as->vmas[i]));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		vmw_same_number(r, pid, rows[i].key, pss(*rows[i].ours),
				vmw_proc_number(pid, "smaps_rollup",
						rows[i].key) << 10);
}

/* numa_maps */

#define NODES 16

/* Pages of one VMA by node, in leaves of its own size. */
struct nodes {
	uint64_t anon;
	uint64_t on[NODES];
};

/*
 * "7f12a000 default file=/lib/x anon=3 dirty=3 N0=2 N1=1 kernelpagesize_kB=4". The
 * rest (dirty, swapcache, active, writeback, mapmax) sums up flags and counts of
 * struct page, which vmwalk tells of each page: pages.c and test_pte.c compare them.
 */
static bool parse_nodes(char *line, uint64_t *start, struct nodes *nodes)
{
	char *word, *rest = line;
	uint64_t pages;
	unsigned int node;

	*nodes = (struct nodes){ 0 };
	line[strcspn(line, "\n")] = '\0';
	word = strsep(&rest, " ");
	*start = strtoull(word, NULL, 16);
	while ((word = strsep(&rest, " "))) {
		if (sscanf(word, "N%u=%" SCNu64, &node, &pages) == 2 &&
		    node < NODES)
			nodes->on[node] = pages;
		else
			sscanf(word, "anon=%" SCNu64, &nodes->anon);
	}
	return *start;
}

static void count_nodes(const struct vmw_aspace *as, const struct vmw_vma *vma,
			struct nodes *nodes)
{
	const struct vmw_extent *e = &as->extents[vma->first_extent];
	const uint32_t to_leaves = vma->info.page_shift - as->page_shift;
	uint64_t pages;
	uint32_t node;
	size_t i;

	*nodes = (struct nodes){ 0 };
	for (i = 0; i < vma->nr_extents; i++, e++) {
		if (!vmw_state_present(e->state) ||
		    vmw_state_kind(e->state) == VMWALK_KIND_ZERO ||
		    vmw_state_kind(e->state) == VMWALK_KIND_PFN)
			continue;
		node = VMWALK_FRAME_NODE(e->frame);
		pages = e->pages >> to_leaves;
		if (node < NODES)
			nodes->on[node] += pages;
		if (vmw_state_kind(e->state) == VMWALK_KIND_ANON)
			nodes->anon += pages;
	}
}

/*
 * It passes over pages that the kernel keeps for itself, as those of the vdso,
 * and in new kernels the gate as well.
 */
static void compare_nodes(struct vmw_report *r, const struct vmw_aspace *as,
			  char *line)
{
	struct nodes ours, theirs;
	const struct vmw_vma *vma;
	uint64_t start;
	int i;

	if (!parse_nodes(line, &start, &theirs))
		return;
	vma = vmw_aspace_find_vma(as, start);
	if (!vma || vma->info.flags & VMWALK_VMA_F_SPECIAL)
		return;
	count_nodes(as, vma, &ours);
	vmw_same_number(r, start, "anon of numa_maps", ours.anon, theirs.anon);
	for (i = 0; i < NODES; i++)
		vmw_same_number(r, start, "pages on a node", ours.on[i],
				theirs.on[i]);
}

static void compare_numa_maps(struct vmw_report *r, pid_t pid,
			      const struct vmw_aspace *as)
{
	char *line = NULL, path[64];
	size_t room = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/numa_maps", pid);
	f = fopen(path, "re");
	if (!f)
		return;
	while (getline(&line, &room, f) > 0)
		compare_nodes(r, as, line);
	free(line);
	fclose(f);
}

size_t vmw_sums_compare(pid_t pid, const struct vmw_aspace *as, bool quiet)
{
	struct vmw_report r = { .quiet = quiet };
	struct vmw_procmem pm;
	size_t i;

	if (vmw_procmem_read(&pm, pid)) {
		vmw_differ(&r, "/proc/%d cannot be read", pid);
		return r.wrong;
	}
	for (i = 0; i < as->nr_vmas && i < pm.nr; i++)
		compare_smaps(&r, as, &as->vmas[i], &pm.vma[i]);
	vmw_procmem_free(&pm);
	compare_rollup(&r, pid, as);
	compare_numa_maps(&r, pid, as);
	return r.wrong;
}
