// SPDX-License-Identifier: GPL-2.0
/*
 * Every extent of every VMA. There may be hundreds of thousands: printed as
 * they come, not gathered into a table.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "render.h"

#define RANGE_WIDTH	25	/* columns of a range below 2^47 */

static void print_range(FILE *out, uint64_t start, uint64_t end)
{
	char range[40];

	snprintf(range, sizeof(range), "%" PRIx64 "-%" PRIx64, start, end);
	fprintf(out, "%-*s", RANGE_WIDTH, range);
}

static void print_vma(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as, const struct vmw_vma *vma)
{
	char name[4 * PATH_MAX + 1] = "", perms[5], size[32];
	const char *color = style->color ? "\033[1m" : "";

	vmw_perms(vma, perms);
	if (vma->name)
		vmw_escape_name(vma->name, name, sizeof(name));
	fputs(color, out);
	print_range(out, vma->info.start, vma->info.end);
	fprintf(out, "   %s %s%s%s%s%s\n", perms,
		vmw_size(style, as->page_shift, vma->usage.mapped, size,
			 sizeof(size)),
		vmw_size_unit(style), *name ? "  " : "", name,
		*color ? "\033[0m" : "");
}

static void print_extent(FILE *out, const struct vmw_aspace *as,
			 const struct vmw_vma *vma,
			 const struct vmw_extent *e, bool why)
{
	const uint32_t s = e->state;

	why &= !vmw_state_present(s);
	fputs("  ", out);
	print_range(out, e->start, vmw_extent_end(as, e));
	fprintf(out, " %10" PRIu64 "  %s", e->pages,
		why ? vmw_reason_text(vmw_reason(vma, s)) :
		      vmw_kind_name(vmw_state_kind(s)));
	if (vmw_state_present(s))
		fprintf(out, "%*s %4s %c%c%c%c%s%s",
			14 - (int)strlen(vmw_kind_name(vmw_state_kind(s))), "",
			vmw_leaf_size_name(as, s),
			s & VMWALK_STATE_WRITE ? 'w' : '-',
			s & VMWALK_STATE_EXEC ? 'x' : '-',
			s & VMWALK_STATE_DIRTY ? 'd' : '-',
			s & VMWALK_STATE_ACCESSED ? 'a' : '-',
			s & VMWALK_STATE_HUGETLB ? " hugetlb" : "",
			s & VMWALK_STATE_SHARED ? " shared" : "");
	fputc('\n', out);
}

int vmw_render_extents(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as, bool why)
{
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		print_vma(out, style, as, vma);
		for (size_t k = 0; k < vma->nr_extents; k++)
			print_extent(out, as, vma,
				     &as->extents[vma->first_extent + k], why);
	}
	return ferror(out) ? -EIO : 0;
}
