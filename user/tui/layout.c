// SPDX-License-Identifier: GPL-2.0
#include "layout.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/rows.h"
#include "render/text.h"

/* Addresses that something happened to since the reading before. */
struct interval {
	uint64_t start, end;
};

struct layout {
	const struct vmw_watch_state *state;
	const struct vmw_style *style;
	const struct vmw_watch_subject *subject;
	struct vmw_watch_layout *out;
	FILE *text;
	struct interval *changed;	/* sorted, not overlapping */
	size_t nr_changed;
};

static int compare_intervals(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void merge(struct layout *l)
{
	struct interval *last = l->changed;

	for (size_t i = 1; i < l->nr_changed; i++)
		if (l->changed[i].start > last->end)
			*++last = l->changed[i];
		else if (l->changed[i].end > last->end)
			last->end = l->changed[i].end;
	if (l->nr_changed)
		l->nr_changed = last - l->changed + 1;
}

/* Runs of pages that became something else, and VMAs that are new. */
static int find_changed(struct layout *l)
{
	const struct vmw_diff *d = l->subject->diff;
	const struct vmw_aspace *as = l->subject->as;

	if (!d)
		return 0;
	l->changed = calloc(d->nr_runs + d->nr_vmas + 1, sizeof(*l->changed));
	if (!l->changed)
		return -ENOMEM;
	for (size_t i = 0; i < d->nr_runs; i++) {
		const struct vmw_diff_run *run = &d->runs[i];

		if (!run->old)
			l->changed[l->nr_changed++] = (struct interval){
				run->start,
				run->start + (run->pages << as->page_shift),
			};
	}
	for (size_t i = 0; i < d->nr_vmas; i++) {
		const struct vmw_diff_vma *vma = &d->vmas[i];

		if (vma->a == VMW_NO_VMA && vma->b != VMW_NO_VMA)
			l->changed[l->nr_changed++] = (struct interval){
				as->vmas[vma->b].info.start,
				as->vmas[vma->b].info.end,
			};
	}
	qsort(l->changed, l->nr_changed, sizeof(*l->changed), compare_intervals);
	merge(l);
	return 0;
}

/* They do not overlap: the last that starts below @end tells. */
static bool has_changed(const struct layout *l, uint64_t start, uint64_t end)
{
	size_t low = 0, high = l->nr_changed, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (l->changed[middle].start < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low && l->changed[low - 1].end > start;
}

/* The lines of the text, which ends with a newline: a row each. */
static int split(struct vmw_watch_layout *out, bool titled)
{
	char *line = out->text, *end;
	size_t lines = 0;

	for (const char *p = out->text; *p; p++)
		lines += *p == '\n';
	out->row = calloc(lines + 1, sizeof(*out->row));
	if (!out->row)
		return -ENOMEM;
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (titled && !out->title)
			out->title = line;
		else
			out->row[out->nr++].text = line;
	}
	while (out->nr && !*out->row[out->nr - 1].text)
		out->nr--;
	return 0;
}

static int finish(struct layout *l, bool titled)
{
	FILE *text = l->text;

	l->text = NULL;
	if (fclose(text))
		return -ENOMEM;
	return split(l->out, titled);
}

static bool segment_changed(const struct vmw_diff_segment *d)
{
	return d->changes || !vmw_page_sums_empty(&d->pages) ||
	       memcmp(&d->before, &d->after, sizeof(d->before));
}

static bool row_changed(const struct layout *l, const struct vmw_row *row)
{
	const struct vmw_segments *segs = l->subject->segs;
	const struct vmw_diff *diff = l->subject->diff;

	for (size_t i = 0; diff && i < diff->nr_segs; i++) {
		const struct vmw_diff_segment *d = &diff->segs[i];

		if (d->b == VMW_NO_VMA || !segment_changed(d))
			continue;
		if (d->b == row->index ||
		    (row->folded > 1 && segs->seg[d->b].kind == row->seg->kind))
			return true;
	}
	return false;
}

/* What cannot be parsed, for it is being typed, filters nothing. */
static int make_rows(const struct layout *l, struct vmw_rows *rows,
		     struct vmw_show *show, struct vmw_filter *filter)
{
	struct vmw_error err;

	*show = (struct vmw_show){
		.sort = vmw_watch_sorts[l->state->sort],
		.all = l->state->all,
	};
	if (*l->state->filter &&
	    !vmw_filter_parse(l->state->filter, filter, &err))
		show->filter = filter;
	return vmw_rows_make(l->subject->as, l->subject->segs, show, rows);
}

static int lay_out_segments(struct layout *l)
{
	struct vmw_filter filter;
	struct vmw_rows rows;
	struct vmw_show show;
	int ret;

	ret = make_rows(l, &rows, &show, &filter);
	if (ret)
		return ret;
	ret = vmw_render_rows(l->text, l->style, l->subject->as, &rows, &show);
	if (!ret)
		ret = finish(l, true);
	for (size_t i = 0; !ret && i < rows.nr && i < l->out->nr; i++) {
		struct vmw_watch_row *row = &l->out->row[i];

		row->start = rows.row[i].seg->start;
		row->end = rows.row[i].seg->end;
		row->folded = rows.row[i].folded > 1;
		row->changed = row_changed(l, &rows.row[i]);
	}
	vmw_rows_deinit(&rows);
	return ret;
}

static void set_row(struct layout *l, size_t *at, uint64_t start, uint64_t end)
{
	struct vmw_watch_row *row = &l->out->row[*at];

	if (*at >= l->out->nr)
		return;
	row->start = start;
	row->end = end;
	row->changed = has_changed(l, start, end);
	++*at;
}

/* The VMAs of the segment that is open, in an address space of their own. */
static int take_segment(const struct layout *l, struct vmw_aspace *part)
{
	const struct vmw_aspace *as = l->subject->as;
	const struct vmw_segments *segs = l->subject->segs;
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, l->state->segment);

	*part = *as;
	part->nr_vmas = 0;
	part->vmas = calloc(as->nr_vmas + 1, sizeof(*part->vmas));
	if (!part->vmas)
		return -ENOMEM;
	for (size_t i = 0; vma && i < as->nr_vmas; i++)
		if (segs->of_vma[i] == segs->of_vma[vma - as->vmas])
			part->vmas[part->nr_vmas++] = as->vmas[i];
	return 0;
}

static int lay_out_extents(struct layout *l)
{
	struct vmw_aspace part;
	size_t at = 0;
	int ret;

	ret = take_segment(l, &part);
	if (ret)
		return ret;
	if (!part.nr_vmas)
		fputs("nothing is mapped there any more\n", l->text);
	else
		ret = vmw_render_extents(l->text, l->style, &part, false);
	if (!ret)
		ret = finish(l, false);
	for (size_t i = 0; !ret && i < part.nr_vmas; i++) {
		const struct vmw_vma *vma = &part.vmas[i];

		set_row(l, &at, vma->info.start, vma->info.end);
		for (size_t k = 0; k < vma->nr_extents; k++) {
			const struct vmw_extent *e =
				&part.extents[vma->first_extent + k];

			set_row(l, &at, e->start, vmw_extent_end(&part, e));
		}
	}
	free(part.vmas);
	return ret;
}

/* A line of the map goes up to the next, or to the end of its VMA if that is first. */
static uint64_t end_of_line(const struct layout *l,
			    const struct vmw_map_lines *lines, size_t line)
{
	const uint64_t start = lines->addr[line];
	const struct vmw_vma *vma = vmw_aspace_find_vma(l->subject->as, start);
	uint64_t end = vma ? vma->info.end : start + 1;

	if (line + 1 < lines->nr && lines->addr[line + 1] > start)
		end = lines->addr[line + 1];
	return end;
}

static int lay_out_map(struct layout *l)
{
	struct vmw_map_lines lines = { 0 };
	const struct vmw_zoom zoom = {
		.start = l->state->zoom_start, .last = l->state->zoom_last,
		.lines = &lines,
	};
	struct vmw_style style = *l->style;
	int ret;

	/* As in `map`. */
	if (style.units == VMW_UNITS_KIB)
		style.units = VMW_UNITS_HUMAN;
	ret = vmw_render_map_of(l->text, &style, l->subject->as,
				l->subject->segs, &zoom);
	if (!ret)
		ret = finish(l, false);
	for (size_t i = 0; !ret && i < lines.nr && i < l->out->nr; i++) {
		size_t at = i;

		if (lines.addr[i])
			set_row(l, &at, lines.addr[i],
				end_of_line(l, &lines, i));
	}
	free(lines.addr);
	return ret;
}

/* A text whose lines are no rows: it may have more on a narrow terminal. */
static int lay_out_text(struct layout *l, const char *text)
{
	FILE *folded = vmw_fold_open(l->text, l->style->width, l->style->utf8);

	if (!folded)
		return -ENOMEM;
	fputs(text, folded);
	return fclose(folded) ? -ENOMEM : finish(l, false);
}

static int lay_out_page(struct layout *l)
{
	return lay_out_text(l, l->subject->page ? l->subject->page :
						  "no answer yet\n");
}

static int lay_out_help(struct layout *l)
{
	static const char keys[] =
		"Up Down j k        a line\n"
		"PageUp PageDown    a screen; Space as well\n"
		"Home End g G       the first, the last\n"
		"Enter              open: a segment, its extents, a page's walk\n"
		"Esc Backspace      back; where there is no back, the filter is dropped\n"
		"m                  the map, and back; Enter opens what is there\n"
		"+ -                zoom the map, around the line of the cursor\n"
		"o                  order: by kind, resident, mapped, swapped, res%,\n"
		"                   start, segment\n"
		"/                  filter: a word, kind=, name=, addr=, perm=; Enter\n"
		"                   keeps it, Esc drops it\n"
		"a                  each library and anonymous mapping, or folded\n"
		"n b                next page, page before (where a page is open)\n"
		"s                  take a snapshot, with -o FILE\n"
		"p                  pause, and go on\n"
		"r                  read at once\n"
		"Left Right         the snapshot before, the next (of a collection)\n"
		"?                  this list, and back\n"
		"q                  quit\n";

	return lay_out_text(l, keys);
}

int vmw_watch_lay_out(const struct vmw_watch_state *state,
		      const struct vmw_style *style,
		      const struct vmw_watch_subject *subject,
		      struct vmw_watch_layout *out)
{
	static int (*const views[])(struct layout *l) = {
		[VMW_WATCH_SEGMENTS] = lay_out_segments,
		[VMW_WATCH_EXTENTS] = lay_out_extents,
		[VMW_WATCH_PAGE] = lay_out_page,
		[VMW_WATCH_MAP] = lay_out_map,
		[VMW_WATCH_HELP] = lay_out_help,
	};
	struct layout l = {
		.state = state, .style = style, .subject = subject, .out = out,
	};
	size_t len;
	int ret;

	*out = (struct vmw_watch_layout){ 0 };
	l.text = open_memstream(&out->text, &len);
	if (!l.text)
		return -ENOMEM;
	ret = find_changed(&l);
	if (!ret)
		ret = views[state->view](&l);
	free(l.changed);
	if (!ret)
		return 0;
	/* It was not finished; only now there is what was written, to be freed. */
	if (l.text)
		fclose(l.text);
	vmw_watch_layout_deinit(out);
	return ret;
}

void vmw_watch_layout_deinit(struct vmw_watch_layout *layout)
{
	free(layout->row);
	free(layout->text);
	*layout = (struct vmw_watch_layout){ 0 };
}

void vmw_watch_head(const struct vmw_style *style,
		    const struct vmw_watch_subject *subject, char *buf,
		    size_t size)
{
	const struct vmw_aspace *as = subject->as;
	char comm[4 * sizeof(as->comm) + 1];

	(void)style;
	vmw_escape_name(as->comm, comm, sizeof(comm));
	snprintf(buf, size, "pid %u (%s), %zu VMAs, %zu threads", as->mm.pid,
		 comm, as->nr_vmas, as->nr_threads);
}

static size_t put_size(const struct vmw_style *style,
		       const struct vmw_aspace *as, const char *label,
		       uint64_t bytes, char *buf, size_t size)
{
	char number[32];
	const int len = snprintf(buf, size, "%s%s%s", label,
				 vmw_size(style, as->page_shift, bytes, number,
					  sizeof(number)),
				 vmw_size_unit(style));

	return (size_t)len < size ? (size_t)len : size - 1;
}

void vmw_watch_sums(const struct vmw_style *style,
		    const struct vmw_watch_subject *subject, char *buf,
		    size_t size)
{
	const struct vmw_aspace *as = subject->as;
	const struct vmw_usage *now = &subject->segs->total;
	const struct vmw_usage *was = subject->diff ? &subject->diff->before :
						      now;
	size_t len;

	len = put_size(style, as, "mapped ", now->mapped, buf, size);
	len += put_size(style, as, ", resident ", now->resident, buf + len,
			size - len);
	if (now->resident > was->resident)
		len += put_size(style, as, " (+", now->resident - was->resident,
				buf + len, size - len);
	else if (now->resident < was->resident)
		len += put_size(style, as, " (-", was->resident - now->resident,
				buf + len, size - len);
	if (now->resident != was->resident && len + 1 < size)
		buf[len++] = ')';
	len += put_size(style, as, ", swapped ", now->swapped, buf + len,
			size - len);
	put_size(style, as, ", page tables ", as->mm.page_tables, buf + len,
		 size - len);
}

void vmw_watch_hint(const struct vmw_watch_state *state, char *buf, size_t size)
{
	static const char *const hints[] = {
		[VMW_WATCH_SEGMENTS] = "Enter open  m map  / filter  o order  a "
				       "all  s snapshot  ? keys  q quit",
		[VMW_WATCH_EXTENTS] = "Enter walk of its first page  Esc back  ? "
				      "keys  q quit",
		[VMW_WATCH_PAGE] = "n next page  b page before  Esc back  ? keys  "
				   "q quit",
		[VMW_WATCH_MAP] = "+ - zoom  Enter open  m table  ? keys  q quit",
		[VMW_WATCH_HELP] = "Esc back",
	};
	const char *sort = vmw_watch_sorts[state->sort];

	if (state->typing)
		snprintf(buf, size, "/%s_", state->filter);
	else if (state->view == VMW_WATCH_SEGMENTS && (*state->filter || sort))
		snprintf(buf, size, "%s%s%s%s%s%s", *state->filter ? "/" : "",
			 state->filter, *state->filter ? "  " : "",
			 sort ? "by " : "", sort ? sort : "", "  ? keys  q quit");
	else
		snprintf(buf, size, "%s", hints[state->view]);
}
