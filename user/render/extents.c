// SPDX-License-Identifier: GPL-2.0
/*
 * Every extent of every VMA. There may be hundreds of thousands: printed as
 * they come, not gathered into a table.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "digits.h"
#include "table.h"

#define RANGE_WIDTH	25	/* columns of a range below 2^47 */
#define KIND_BLANKS	"              "	/* as wide as the widest kind that is present */

/* What is printed for each extent goes without printf(): there may be a million. */
static void print(FILE *out, const char *text)
{
	fwrite_unlocked(text, 1, strlen(text), out);
}

static void print_range(FILE *out, uint64_t start, uint64_t end)
{
	char range[2 * VMW_DIGITS + RANGE_WIDTH];
	char *p = vmw_hex(range, start, 1);

	*p++ = '-';
	p = vmw_hex(p, end, 1);
	while (p < range + RANGE_WIDTH)
		*p++ = ' ';
	fwrite_unlocked(range, 1, p - range, out);
}

/* To the right of ten columns. */
static void print_number(FILE *out, uint64_t n)
{
	char digits[VMW_DIGITS];
	const size_t len = vmw_decimal(digits, n) - digits;

	if (len < 10)
		fwrite_unlocked("          ", 1, 10 - len, out);
	fwrite_unlocked(digits, 1, len, out);
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

/* What the running kernel cannot tell is neither there nor not. */
static char letter(bool known, bool set, char c)
{
	return !known ? '?' : set ? c : '-';
}

static void print_entry(FILE *out, const struct vmw_aspace *as, uint32_t s)
{
	const bool soft = as->can & VMWALK_CAN_SOFT_DIRTY;
	const bool uffd = as->can & VMWALK_CAN_UFFD_WP;

	const char letters[] = {
		' ', letter(true, s & VMWALK_STATE_WRITE, 'w'),
		letter(true, s & VMWALK_STATE_EXEC, 'x'),
		letter(true, s & VMWALK_STATE_DIRTY, 'd'),
		letter(true, s & VMWALK_STATE_ACCESSED, 'a'),
		letter(soft, s & VMWALK_STATE_SOFT_DIRTY, 's'),
		letter(uffd, s & VMWALK_STATE_UFFD_WP, 'u'),
		letter(true, s & VMWALK_STATE_PROTNONE, 'n'), '\0',
	};
	const char *size = vmw_leaf_size_name(as, s);

	/* " %4s" */
	print(out, "     " + strlen(size));
	print(out, size);
	print(out, letters);
	if (s & VMWALK_STATE_PKEY)
		fprintf(out, " pkey=%u", vmw_state_pkey(s));
}

/* What struct page knows; only there if it was asked. */
static void print_page(FILE *out, const struct vmw_aspace *as, uint32_t s)
{
	const bool exact = as->can & VMWALK_CAN_MAPS;
	const uint32_t maps = vmw_state_maps(s);

	if (s & VMWALK_STATE_HUGETLB)
		fputs(" hugetlb", out);
	if (s & VMWALK_STATE_SHARED)
		fputs(" shared", out);
	if (maps)
		fprintf(out, " maps=%u%s", maps,
			maps == VMW_MAPS_MAX || (!exact && maps > 1) ?
			"+" : "");
	if (s & VMWALK_STATE_ORDER)
		fprintf(out, " order=%u", vmw_state_order(s));
	if (s & VMWALK_STATE_KSM)
		fputs(" ksm", out);
	if (s & VMWALK_STATE_MLOCKED)
		fputs(" locked", out);
}

static void print_swap(FILE *out, const struct vmw_aspace *as, uint64_t number,
		       uint32_t area)
{
	const char *name = vmw_aspace_swap(as, area);
	char escaped[4 * PATH_MAX + 1];

	fprintf(out, " swap=%u:0x%" PRIx64, area, number);
	if (!name)
		return;
	vmw_escape_name(name, escaped, sizeof(escaped));
	fprintf(out, " on %s", escaped);
}

static void print_frame(FILE *out, const struct vmw_aspace *as,
			const struct vmw_extent *e)
{
	const uint64_t number = VMWALK_FRAME_NUMBER(e->frame);
	const uint32_t node = VMWALK_FRAME_NODE(e->frame);

	if (!e->frame)
		return;
	if (vmw_state_kind(e->state) == VMWALK_KIND_SWAP) {
		print_swap(out, as, number, node);
		return;
	}
	fprintf(out, " pfn=0x%" PRIx64, number);
	if (node != VMWALK_FRAME_NO_NODE)
		fprintf(out, " node=%u", node);
}

static void print_state(FILE *out, const struct vmw_aspace *as,
			const struct vmw_extent *e)
{
	const uint32_t s = e->state;

	if (vmw_state_present(s)) {
		print(out, KIND_BLANKS +
		      strlen(vmw_kind_name(vmw_state_kind(s))));
		print_entry(out, as, s);
		print_page(out, as, s);
	} else if (vmw_state_kind(s) != VMWALK_KIND_NONE) {
		if (s & VMWALK_STATE_SOFT_DIRTY)
			fputs(" soft-dirty", out);
		if (s & VMWALK_STATE_UFFD_WP)
			fputs(" uffd-wp", out);
	}
	print_frame(out, as, e);
}

static void print_extent(FILE *out, const struct vmw_aspace *as,
			 const struct vmw_vma *vma,
			 const struct vmw_extent *e, bool why)
{
	const uint32_t s = e->state;

	why &= !vmw_state_present(s);
	print(out, "  ");
	print_range(out, e->start, vmw_extent_end(as, e));
	print(out, " ");
	print_number(out, e->pages);
	print(out, "  ");
	print(out, why ? vmw_reason_text(vmw_reason(vma, s)) :
			 vmw_kind_name(vmw_state_kind(s)));
	print_state(out, as, e);
	print(out, "\n");
}

/* An extent a row; a VMA without one has its own. */
static void csv_row(struct vmw_table *t, const struct vmw_aspace *as,
		    const struct vmw_vma *vma, const struct vmw_extent *e)
{
	char perms[5];

	vmw_perms(vma, perms);
	vmw_table_row(t, NULL);
	vmw_table_hex(t, e ? e->start : vma->info.start, 1);
	vmw_table_hex(t, e ? vmw_extent_end(as, e) : vma->info.end, 1);
	vmw_table_number(t, e ? e->pages : (vma->info.end - vma->info.start) >>
						as->page_shift);
	vmw_table_text(t, e ? vmw_kind_name(vmw_state_kind(e->state)) : "",
		       NULL);
	vmw_table_text(t, e && vmw_state_present(e->state) ?
		       vmw_leaf_size_name(as, e->state) : "", NULL);
	vmw_table_hex(t, e ? e->state : 0, 1);
	vmw_table_hex(t, e ? VMWALK_FRAME_NUMBER(e->frame) : 0, 1);
	vmw_table_text(t, e && !vmw_state_present(e->state) ?
		       vmw_reason_text(vmw_reason(vma, e->state)) : "", NULL);
	vmw_table_text(t, perms, NULL);
	vmw_table_name(t, vma->name ? vma->name : "");
}

static int print_csv(FILE *out, const struct vmw_style *style,
		     const struct vmw_aspace *as)
{
	static const char *const titles[] = {
		"START", "END", "PAGES", "KIND", "LEAF", "STATE", "PFN",
		"REASON", "PERM", "NAME",
	};
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);

	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		vmw_table_column(t, titles[i], VMW_COL_TEXT);
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		if (!vma->nr_extents)
			csv_row(t, as, vma, NULL);
		for (size_t k = 0; k < vma->nr_extents; k++)
			csv_row(t, as, vma,
				&as->extents[vma->first_extent + k]);
	}
	return vmw_table_destroy(t);
}

int vmw_render_extents(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as, bool why)
{
	const uint32_t can = VMWALK_CAN_SOFT_DIRTY | VMWALK_CAN_UFFD_WP;

	if (style->csv)
		return print_csv(out, style, as);
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		print_vma(out, style, as, vma);
		for (size_t k = 0; k < vma->nr_extents; k++)
			print_extent(out, as, vma,
				     &as->extents[vma->first_extent + k], why);
	}
	if (as->nr_extents && (as->can & can) != can)
		fputs("?: this kernel cannot tell\n", out);
	return ferror(out) ? -EIO : 0;
}
