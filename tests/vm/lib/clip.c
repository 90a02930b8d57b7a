// SPDX-License-Identifier: GPL-2.0
/* Two readings of one process, of which one may cover only a part. */
#include <inttypes.h>
#include <string.h>

#include "oracle.h"
#include "target.h"

static uint64_t max_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t min_of(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The same VMA, where only .from and .shmem_swapped depend on the range. */
static bool same_info(const struct vmw_vma *whole, const struct vmw_vma *part,
		      uint64_t start, uint64_t end)
{
	struct vmwalk_vma want = whole->info;

	want.from = max_of(want.from, start);
	if (want.from != whole->info.from || want.end > end)
		want.shmem_swapped = min_of(want.shmem_swapped,
					    part->info.shmem_swapped);
	return !memcmp(&want, &part->info, sizeof(want)) &&
	       same_name(whole->name, part->name);
}

static uint32_t state_at(const struct vmw_aspace *as,
			 const struct vmw_vma *vma, uint64_t addr)
{
	const struct vmw_extent *e = vmw_aspace_find_extent(as, vma, addr);

	return e ? e->state : UINT32_MAX;
}

/* First page within [@start, @end) of different state, or @end. */
static uint64_t first_difference(const struct vmw_aspace *whole,
				 const struct vmw_vma *a,
				 const struct vmw_aspace *part,
				 const struct vmw_vma *b, uint64_t start,
				 uint64_t end)
{
	while (start < end) {
		const struct vmw_extent *x, *y;

		x = vmw_aspace_find_extent(whole, a, start);
		y = vmw_aspace_find_extent(part, b, start);
		if (!x || !y || x->state != y->state)
			return start;
		start = min_of(vmw_extent_end(whole, x),
			       vmw_extent_end(part, y));
	}
	return end;
}

static bool same_vma(const struct vmw_aspace *whole, const struct vmw_vma *a,
		     const struct vmw_aspace *part, const struct vmw_vma *b,
		     uint64_t start, uint64_t end)
{
	uint64_t at;

	if (!same_info(a, b, start, end)) {
		vmw_diag("VMA %" PRIx64 "-%" PRIx64 " came as %" PRIx64 "-%"
			 PRIx64 " from %" PRIx64, (uint64_t)a->info.start,
			 (uint64_t)a->info.end, (uint64_t)b->info.start,
			 (uint64_t)b->info.end, (uint64_t)b->info.from);
		return false;
	}
	start = max_of(start, a->info.start);
	end = min_of(end, a->info.end);
	at = first_difference(whole, a, part, b, start, end);
	if (at != end) {
		vmw_diag("VMA %" PRIx64 ": at %" PRIx64 " state %x, then %x",
			 (uint64_t)a->info.start, at, state_at(whole, a, at),
			 state_at(part, b, at));
		return false;
	}
	/* Nothing of what was not asked for. */
	if (b->nr_extents)
		at = vmw_extent_end(part, &part->extents[b->first_extent +
							 b->nr_extents - 1]);
	return at == end;
}

size_t vmw_aspace_differences(const struct vmw_aspace *whole,
			      const struct vmw_aspace *part, uint64_t start,
			      uint64_t end)
{
	size_t i, k = 0, wrong = 0;

	for (i = 0; i < whole->nr_vmas; i++) {
		const struct vmw_vma *vma = &whole->vmas[i];

		if (vma->info.end <= start || vma->info.start >= end)
			continue;
		if (k == part->nr_vmas) {
			vmw_diag("VMA %" PRIx64 " did not come",
				 (uint64_t)vma->info.start);
			return wrong + 1;
		}
		wrong += !same_vma(whole, vma, part, &part->vmas[k], start,
				   end);
		k++;
	}
	if (k != part->nr_vmas) {
		vmw_diag("%zu VMAs too many", part->nr_vmas - k);
		wrong++;
	}
	return wrong;
}
