// SPDX-License-Identifier: GPL-2.0
/* What page tables cost: by level, then by segment. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "table.h"

#define BOLD	"1"

bool vmw_level_sum(const struct vmw_aspace *as, const struct vmwalk_tables *t,
		   const struct vmwalk_level *level, struct vmw_level_sum *sum)
{
	const struct {
		const char *name;
		uint64_t tables, entries;
	} levels[] = {
		{ "pgd", 1, t->pgd_entries },
		{ "p4d", t->p4d, t->p4d_entries },
		{ "pud", t->pud, t->pud_entries },
		{ "pmd", t->pmd, t->pmd_entries },
		{ "pte", t->pte, t->pte_entries },
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strncmp(level->name, levels[i].name, sizeof(level->name)))
			continue;
		*sum = (struct vmw_level_sum){
			.tables = levels[i].tables,
			.bytes = levels[i].tables << as->page_shift,
			.entries = levels[i].entries,
			.room = levels[i].tables * level->entries,
			.counted = i > 1,
		};
		/* The top one may be less than a page. */
		if (!i)
			sum->bytes = (uint64_t)level->entries * 8;
		return true;
	}
	return false;
}

static void level_row(struct vmw_table *t, const char *name,
		      const struct vmw_level_sum *sum)
{
	char upper[9] = "";

	for (size_t i = 0; i < sizeof(upper) - 1 && name[i]; i++)
		upper[i] = toupper((unsigned char)name[i]);
	vmw_table_row(t, NULL);
	vmw_table_text(t, upper, NULL);
	vmw_table_number(t, sum->tables);
	vmw_table_size(t, sum->bytes);
	vmw_table_number(t, sum->entries);
	vmw_table_number(t, sum->room);
	vmw_table_print(t, "%.1f", sum->room ?
			100.0 * sum->entries / sum->room : 0);
	vmw_table_text(t, sum->counted ? "" : "not counted in VmPTE", NULL);
}

static void size_row(struct vmw_table *t, const char *name, uint64_t nr,
		     uint64_t bytes, const char *color)
{
	vmw_table_row(t, color);
	vmw_table_text(t, name, NULL);
	vmw_table_number(t, nr);
	vmw_table_size(t, bytes);
}

static int print_levels(FILE *out, const struct vmw_style *style,
			const struct vmw_aspace *as,
			const struct vmwalk_tables *sum)
{
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);
	const uint64_t bytes = vmw_tables_bytes(as, sum);
	struct vmw_level_sum level;

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "LEVEL", VMW_COL_TEXT);
	vmw_table_spare(t, "TABLES", VMW_COL_NUMBER, 1);
	vmw_table_column(t, "SIZE", VMW_COL_NUMBER);
	vmw_table_column(t, "ENTRIES", VMW_COL_NUMBER);
	vmw_table_spare(t, "OF", VMW_COL_NUMBER, 3);
	vmw_table_spare(t, "FULL%", VMW_COL_NUMBER, 2);
	vmw_table_spare(t, "", VMW_COL_TEXT, 4);
	for (unsigned int i = 0; i < as->nr_levels; i++)
		if (vmw_level_sum(as, sum, &as->levels[i], &level))
			level_row(t, as->levels[i].name, &level);
	size_row(t, "deposited", sum->deposited,
		 (uint64_t)sum->deposited << as->page_shift, NULL);
	size_row(t, "VmPTE", bytes >> as->page_shift, bytes, BOLD);
	return vmw_table_destroy(t);
}

/* Whatever makes them differ is worth knowing. */
static void print_difference(FILE *out, const struct vmw_style *style,
			     const struct vmw_aspace *as, uint64_t bytes)
{
	char buf[32];

	if (bytes == as->mm.page_tables)
		return;
	fprintf(out, "the kernel had counted %s%s before the walk: tables came "
		"or went, or serve no VMA\n",
		vmw_size(style, as->page_shift, as->mm.page_tables, buf,
			 sizeof(buf)), vmw_size_unit(style));
}

static void segment_row(struct vmw_table *t, const struct vmw_aspace *as,
			const struct vmw_segment *seg,
			const struct vmwalk_tables *s)
{
	char name[4 * NAME_MAX + 1];

	vmw_segment_name(seg, name, sizeof(name));
	vmw_table_row(t, NULL);
	vmw_table_text(t, name, vmw_segment_color(seg->kind));
	vmw_table_size(t, seg->usage.mapped);
	vmw_table_size(t, seg->usage.present);
	vmw_table_size(t, vmw_tables_bytes(as, s));
	vmw_table_number(t, s->pte);
	vmw_table_number(t, s->pmd);
	vmw_table_number(t, s->pud);
	vmw_table_number(t, s->deposited);
	vmw_table_number(t, s->pte_entries);
	vmw_table_hex(t, seg->start, 1);
}

static int print_segments(FILE *out, const struct vmw_style *style,
			  const struct vmw_aspace *as,
			  const struct vmw_segments *segs)
{
	struct vmw_table *t = vmw_table_create(out, style, as->page_shift);

	if (!t)
		return -ENOMEM;
	vmw_table_column(t, "SEGMENT", VMW_COL_CUT);
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 2);
	vmw_table_spare(t, "PRESENT", VMW_COL_NUMBER, 3);
	vmw_table_column(t, "TABLES", VMW_COL_NUMBER);
	vmw_table_spare(t, "PTE", VMW_COL_NUMBER, 1);
	vmw_table_spare(t, "PMD", VMW_COL_NUMBER, 5);
	vmw_table_spare(t, "PUD", VMW_COL_NUMBER, 6);
	vmw_table_spare(t, "DEPOSIT", VMW_COL_NUMBER, 8);
	vmw_table_spare(t, "PTES", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "START", VMW_COL_TEXT, 7);
	for (size_t i = 0; i < segs->nr; i++)
		segment_row(t, as, &segs->seg[i],
			    vmw_segment_tables(segs, &segs->seg[i]));
	return vmw_table_destroy(t);
}

int vmw_csv_levels(FILE *out, const struct vmw_style *style,
		   const struct vmw_aspace *as, const struct vmw_segments *segs)
{
	return print_levels(out, style, as, &segs->tables);
}

int vmw_render_tables(FILE *out, const struct vmw_style *style,
		      const struct vmw_aspace *as,
		      const struct vmw_segments *segs)
{
	int ret;

	if (style->csv)
		return print_segments(out, style, as, segs);
	ret = print_levels(out, style, as, &segs->tables);
	if (ret)
		return ret;
	print_difference(out, style, as, vmw_tables_bytes(as, &segs->tables));
	fputc('\n', out);
	ret = print_segments(out, style, as, segs);
	if (ret)
		return ret;
	return ferror(out) ? -EIO : 0;
}
