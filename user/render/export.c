// SPDX-License-Identifier: GPL-2.0
#include "export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "model/classify.h"
#include "render.h"

/* What is told of a VMA, and of segments. */
static const struct {
	const char *name, *help;
	size_t offset;
	uint32_t flag;		/* without which it is not known */
} sums[] = {
#define SUM(member, flag, help) \
	{ #member, help, offsetof(struct vmw_usage, member), flag }
	SUM(mapped, 0, "Memory that VMAs span."),
	SUM(reserved, 0, "Mapped memory that nothing is permitted in."),
	SUM(present, 0, "Memory that a page-table entry maps."),
	SUM(resident, 0, "Present memory that the kernel counts as RSS."),
	SUM(swapped, 0, "Memory that is in swap."),
	SUM(anon_huge, 0, "Anonymous memory that huge leaves map."),
	SUM(pss, VMWALK_WALK_F_PAGES,
	    "Resident memory, divided by how many map it."),
	SUM(shared, VMWALK_WALK_F_PAGES,
	    "Resident memory that others map as well."),
	SUM(private, VMWALK_WALK_F_PAGES,
	    "Resident memory that nobody else maps."),
};

#define NR_SUMS (sizeof(sums) / sizeof(sums[0]))

static uint64_t sum_of(const struct vmw_usage *u, size_t i)
{
	return *(const uint64_t *)((const char *)u + sums[i].offset);
}

static bool is_known(const struct vmw_aspace *as, size_t i)
{
	return !(sums[i].flag & ~as->flags);
}

/* Names are as they are: what a spreadsheet may take for a formula, too. */
static void put_vma(FILE *out, const struct vmw_snapshot *s, size_t i,
		    const struct vmw_segment *seg)
{
	const struct vmw_vma *vma = &s->as.vmas[i];
	const struct vmwalk_vma *v = &vma->info;
	char perms[5];

	vmw_perms(vma, perms);
	fprintf(out, "%" PRIu64 ",%" PRId64 ",", s->number, s->time);
	vmw_csv_field(out, s->label);
	putc(',', out);
	vmw_csv_field(out, s->origin.host);
	fprintf(out, ",%u,", s->as.mm.pid);
	vmw_csv_field(out, s->as.comm);
	fprintf(out, ",%#llx,%#llx,%s,%#llx,", v->start, v->end, perms,
		v->offset);
	vmw_csv_field(out, vma->name);
	fprintf(out, ",%s", vmw_segment_kind_name(seg->kind));
	for (size_t k = 0; k < NR_SUMS; k++) {
		putc(',', out);
		if (is_known(&s->as, k))
			fprintf(out, "%" PRIu64, sum_of(&vma->usage, k));
	}
	fputs("\r\n", out);
}

int vmw_export_csv(FILE *out, const struct vmw_snapshot *s, bool heading)
{
	struct vmw_segments segs;
	int ret;

	ret = vmw_classify(&s->as, &segs);
	if (ret)
		return ret;
	if (heading) {
		fputs("snapshot,time_ns,label,host,pid,comm,start,end,perms,"
		      "offset,name,segment", out);
		for (size_t k = 0; k < NR_SUMS; k++)
			fprintf(out, ",%s", sums[k].name);
		fputs("\r\n", out);
	}
	for (size_t i = 0; i < s->as.nr_vmas; i++)
		put_vma(out, s, i, &segs.seg[segs.of_vma[i]]);
	vmw_segments_deinit(&segs);
	return ferror(out) ? -EIO : 0;
}

static int compare_series(const void *a, const void *b)
{
	const struct vmw_segment *s = a, *t = b;

	if (s->kind != t->kind)
		return s->kind < t->kind ? -1 : 1;
	return strcmp(s->name ? s->name : "", t->name ? t->name : "");
}

/* Segments that differ in their addresses alone become one. */
static void join_series(struct vmw_segments *segs)
{
	size_t nr = 0;

	qsort(segs->seg, segs->nr, sizeof(*segs->seg), compare_series);
	for (size_t i = 0; i < segs->nr; i++) {
		if (nr && !compare_series(&segs->seg[nr - 1], &segs->seg[i]))
			vmw_usage_add(&segs->seg[nr - 1].usage,
				      &segs->seg[i].usage);
		else
			segs->seg[nr++] = segs->seg[i];
	}
	segs->nr = nr;
}

/* A label's value: \, " and newline escaped, and no byte that is not UTF-8. */
static void put_label(FILE *out, const char *name, const char *value)
{
	char tame[4096];

	/* Octal escapes come with backslashes, which are doubled here. */
	vmw_escape_name(value ? value : "", tame, sizeof(tame));
	fprintf(out, "%s=\"", name);
	for (const char *c = tame; *c; c++) {
		if (*c == '\\' || *c == '"')
			putc('\\', out);
		putc(*c, out);
	}
	putc('"', out);
}

static void put_sample(FILE *out, const struct vmw_snapshot *s, size_t sum,
		       const struct vmw_segment *seg, uint64_t value)
{
	fprintf(out, "vmwalk_segment_%s_bytes{", sums[sum].name);
	put_label(out, "host", s->origin.host);
	fprintf(out, ",pid=\"%u\",", s->as.mm.pid);
	put_label(out, "comm", s->as.comm);
	fprintf(out, ",kind=\"%s\",", vmw_segment_kind_name(seg->kind));
	put_label(out, "name", seg->name);
	fprintf(out, "} %" PRIu64 "\n", value);
}

int vmw_export_openmetrics(FILE *out, const struct vmw_snapshot *s)
{
	struct vmw_segments segs;
	int ret;

	ret = vmw_classify(&s->as, &segs);
	if (ret)
		return ret;
	join_series(&segs);
	for (size_t k = 0; k < NR_SUMS; k++) {
		if (!is_known(&s->as, k))
			continue;
		fprintf(out, "# TYPE vmwalk_segment_%s_bytes gauge\n"
			"# UNIT vmwalk_segment_%s_bytes bytes\n"
			"# HELP vmwalk_segment_%s_bytes %s\n", sums[k].name,
			sums[k].name, sums[k].name, sums[k].help);
		for (size_t i = 0; i < segs.nr; i++)
			put_sample(out, s, k, &segs.seg[i],
				   sum_of(&segs.seg[i].usage, k));
	}
	fputs("# EOF\n", out);
	vmw_segments_deinit(&segs);
	return ferror(out) ? -EIO : 0;
}
