// SPDX-License-Identifier: GPL-2.0
/* The process in a few lines, then its segments in a table. */
#include <errno.h>

#include "columns.h"
#include "go.h"

struct show {
	const struct vmw_style *style;
	const struct vmw_aspace *as;
	const struct vmw_segments *segs;
};

static const char *size(const struct show *s, uint64_t bytes, char buf[32])
{
	return vmw_size(s->style, s->as->page_shift, bytes, buf, 32);
}

static void print_size(FILE *out, const struct show *s, const char *label,
		       uint64_t bytes)
{
	char buf[32];

	fprintf(out, "%s%s%s", label, size(s, bytes, buf),
		vmw_size_unit(s->style));
}

/* What the kernel keeps count of, beside RSS in sum. */
static void print_counters(FILE *out, const struct show *s)
{
	const struct vmwalk_mm *mm = &s->as->mm;

	print_size(out, s, "RSS: anon ", mm->rss_anon);
	print_size(out, s, ", file ", mm->rss_file);
	print_size(out, s, ", shmem ", mm->rss_shmem);
	print_size(out, s, "; at most ", mm->hiwater_rss);
	print_size(out, s, ", of ", mm->hiwater_vm);
	fputs(" mapped\n", out);
	if (!mm->locked && !mm->pinned)
		return;
	print_size(out, s, "locked ", mm->locked);
	print_size(out, s, ", pinned ", mm->pinned);
	fputc('\n', out);
}

static void print_header(FILE *out, const struct show *s)
{
	const struct vmw_aspace *as = s->as;
	char comm[4 * sizeof(as->comm) + 1];

	vmw_escape_name(as->comm, comm, sizeof(comm));
	fprintf(out, "pid %u (%s), %zu VMAs\n", as->mm.pid, comm, as->nr_vmas);
	print_size(out, s, "mapped ", s->segs->total.mapped);
	print_size(out, s, ", resident ", s->segs->total.resident);
	print_size(out, s, ", page tables ", as->mm.page_tables);
	fputc('\n', out);
	print_counters(out, s);
	if (as->sums_only) {
		fputs("not walked: imported from a copy of smaps\n", out);
		return;
	}
	fprintf(out, "walked in %.2f ms, mmap_lock held for %.2f ms at most\n",
		as->end.walk_ns / 1e6, as->end.hold_max_ns / 1e6);
}

static void print_vsyscall(FILE *out, const struct vmw_aspace *as)
{
	static const char *const modes[] = {
		[VMW_VSYSCALL_UNKNOWN] = "mode not known",
		[VMW_VSYSCALL_NONE] = "none",
		[VMW_VSYSCALL_XONLY] =
			"xonly: calls are emulated, nothing is mapped to read",
		[VMW_VSYSCALL_EMULATE] =
			"emulate: calls are emulated, the page can be read",
	};

	fprintf(out, "vsyscall: %s\n", modes[as->vsyscall]);
}

static void print_landmarks(FILE *out, const struct vmwalk_mm *mm)
{
	fprintf(out, "code %llx-%llx, data %llx-%llx, brk %llx-%llx\n",
		mm->start_code, mm->end_code, mm->start_data, mm->end_data,
		mm->start_brk, mm->brk);
	fprintf(out, "stack %llx, args %llx-%llx, env %llx-%llx\n",
		mm->start_stack, mm->arg_start, mm->arg_end, mm->env_start,
		mm->env_end);
	fprintf(out, "mmap_base %llx, task_size %llx\n", mm->mmap_base,
		mm->task_size);
}

/* Whose runtime the names of Go's segments come from. */
static void print_runtime(FILE *out, const struct vmw_aspace *as)
{
	const struct vmw_runtime *rt = &as->runtime;
	char version[4 * VMW_NAME_MAX];

	vmw_escape_name(rt->version, version, sizeof(version));
	if (*version)
		fprintf(out, "runtime: %s, known by %s; vmwalk go tells more\n",
			version, vmw_evidence_name(rt->source));
	vmw_render_note(out, as);
}

static int print_table(FILE *out, const struct show *s,
		       const struct vmw_show *show)
{
	struct vmw_rows rows;
	int ret;

	ret = vmw_rows_make(s->as, s->segs, show, &rows);
	if (ret)
		return ret;
	ret = vmw_render_rows(out, s->style, s->as, &rows, show);
	vmw_rows_deinit(&rows);
	return ret;
}

int vmw_render_show_of(FILE *out, const struct vmw_style *style,
		       const struct vmw_aspace *as,
		       const struct vmw_segments *segs,
		       const struct vmw_show *show)
{
	const struct show s = { .style = style, .as = as, .segs = segs };
	int ret;

	if (style->csv)
		return print_table(out, &s, show);
	print_header(out, &s);
	fputc('\n', out);
	ret = print_table(out, &s, show);
	if (ret)
		return ret;
	vmw_render_legend(out, style, segs);
	print_landmarks(out, &as->mm);
	print_vsyscall(out, as);
	print_runtime(out, as);
	return ferror(out) ? -EIO : 0;
}

int vmw_render_show(FILE *out, const struct vmw_style *style,
		    const struct vmw_aspace *as,
		    const struct vmw_segments *segs)
{
	const struct vmw_show show = { .all = true };

	return vmw_render_show_of(out, style, as, segs, &show);
}
