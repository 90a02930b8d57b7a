// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "privileges.h"
#include "source.h"
#include "swaps.h"

/* What was asked for: addresses, and symbols that are still to be found. */
struct asked {
	struct vmw_place *places;
	size_t nr;
	uint64_t *addrs;	/* of the places */
	char **names;		/* of the symbols, copies */
	size_t nr_names;
};

/*
 * What reads as a hexadecimal number is one, and otherwise a symbol, perhaps with
 * an offset: "add" is 0xadd, "add+0" the symbol.
 */
static int parse_place(const char *arg, struct asked *a, struct vmw_place *p)
{
	const char *end = vmw_parse_address(arg, &p->addr), *plus;

	if (end && !*end)
		return 0;
	p->symbol = arg;
	p->addr = 0;
	plus = strrchr(arg, '+');
	if (plus) {
		end = vmw_parse_address(plus + 1, &p->addr);
		if (!end || *end)
			return vmw_usage_error(&vmw_cmd_where, "'%s' has no "
					       "hexadecimal offset", arg);
	}
	if (!*arg || plus == arg)
		return vmw_usage_error(&vmw_cmd_where, "'%s' is neither an "
				       "address nor a symbol", arg);
	a->names[a->nr_names] = plus ? strndup(arg, plus - arg) : strdup(arg);
	return a->names[a->nr_names++] ? 0 : VMW_EXIT_ERROR;
}

static int parse_places(const struct vmw_options *opts, struct asked *a)
{
	int ret = 0;

	for (int i = 1; !ret && i < opts->nr_args; i++)
		ret = parse_place(opts->args[i], a, &a->places[a->nr++]);
	return ret;
}

static void release(struct asked *a)
{
	for (size_t i = 0; i < a->nr_names; i++)
		free(a->names[i]);
	free(a->names);
	free(a->addrs);
	free(a->places);
}

static int reserve(struct asked *a, size_t nr)
{
	a->places = calloc(nr + 1, sizeof(*a->places));
	a->names = calloc(nr + 1, sizeof(*a->names));
	return a->places && a->names ? 0 : -ENOMEM;
}

/* The stack pointer of every thread, after what was asked for by address. */
static int add_sps(const struct vmw_aspace *as, struct asked *a)
{
	struct vmw_place *places;

	places = reallocarray(a->places, a->nr + as->nr_threads + 1,
			      sizeof(*places));
	if (!places)
		return -ENOMEM;
	a->places = places;
	for (size_t i = 0; i < as->nr_threads; i++)
		if (as->threads[i].has_regs)
			places[a->nr++] = (struct vmw_place){
				.addr = as->threads[i].sp,
				.sp_of = as->threads[i].tid,
			};
	return 0;
}

/* Places that were asked for by symbol get their addresses. */
static int settle_symbols(const struct vmw_aspace *as, struct asked *a,
			  struct vmw_error *err)
{
	const struct vmw_runtime *rt = &as->runtime;
	size_t next = 0;

	for (size_t i = 0; i < a->nr; i++) {
		const struct vmw_runtime_symbol *s;

		if (!a->places[i].symbol)
			continue;
		s = next < rt->nr_symbols ? &rt->symbols[next] : NULL;
		if (!s || !s->name[0])
			return vmw_error_set(err, -ENOENT, "neither the program "
					     "nor its libraries have a symbol "
					     "'%s'%s%s", a->names[next],
					     rt->note[0] ? ": " : "", rt->note);
		a->places[i].addr += s->start;
		next++;
	}
	return 0;
}

/* First the symbols' addresses, then the runtime, and whose symbol is where. */
static int annotate(struct vmw_source *src, struct vmw_aspace *as,
		    const struct vmw_options *opts, struct asked *a,
		    struct vmw_error *err)
{
	struct vmw_annotate_request req = {
		.names = a->names, .nr_names = a->nr_names,
	};
	int ret = 0;

	if (a->nr_names)
		ret = vmw_source_annotate(src, as, &req, err);
	if (!ret)
		ret = settle_symbols(as, a, err);
	if (!ret && opts->sp)
		ret = add_sps(as, a);
	a->addrs = calloc(a->nr + 1, sizeof(*a->addrs));
	if (!ret && !a->addrs)
		ret = -ENOMEM;
	if (ret)
		return ret;
	for (size_t i = 0; i < a->nr; i++)
		a->addrs[i] = a->places[i].addr;
	req = (struct vmw_annotate_request){
		.runtime = true, .addrs = a->addrs, .nr_addrs = a->nr,
	};
	return vmw_source_annotate(src, as, &req, err);
}

/* Fills in all but the state of the page. */
static void find_place(const struct vmw_aspace *as,
		       const struct vmw_segments *segs, struct vmw_place *p)
{
	p->vma = vmw_aspace_find_vma(as, p->addr);
	if (p->vma)
		p->segment = &segs->seg[segs->of_vma[p->vma - as->vmas]];
	vmw_aspace_neighbours(as, p->addr, &p->below, &p->above);
}

/* Is it still what it was in the first walk? Else its page is not known. */
static bool same_vma(const struct vmw_vma *a, const struct vmw_vma *b)
{
	return a->info.start == b->info.start && a->info.end == b->info.end &&
	       a->info.flags == b->info.flags && a->info.ino == b->info.ino;
}

#define PAGE_FLAGS	(VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY | \
			 VMWALK_WALK_F_ABSENCE)

/* Walks the one page and notes its state. */
static int read_page(struct vmw_source *src, const struct vmw_aspace *as,
		     struct vmw_place *p, struct vmw_error *err)
{
	const uint64_t size = (uint64_t)1 << as->page_shift;
	const struct vmw_capture_request req = {
		.start = p->addr & ~(size - 1),
		.end = (p->addr | (size - 1)) + 1,
		.flags = PAGE_FLAGS |
			 (vmw_source_snapshot(src) ? 0 :
			  as->flags & VMWALK_WALK_F_ATOMIC),
		.in_swap = true,
	};
	const struct vmw_extent *e = NULL;
	const struct vmw_vma *vma;
	struct vmw_aspace page;
	int ret;

	ret = vmw_source_read(src, &req, &page, err);
	if (ret)
		return ret;
	vma = vmw_aspace_find_vma(&page, p->addr);
	if (page.mm.start_time != as->mm.start_time)
		ret = vmw_error_set(err, -ESRCH, "process %u exited meanwhile",
				    as->mm.pid);
	else if (vma && same_vma(vma, p->vma))
		e = vmw_aspace_find_extent(&page, vma, p->addr);
	if (e) {
		p->has_state = true;
		p->state = e->state;
		p->frame = e->frame;
	}
	vmw_aspace_deinit(&page);
	return ret;
}

static int find_places(struct vmw_source *src, const struct vmw_aspace *as,
		       const struct vmw_segments *segs,
		       struct vmw_place *places, size_t nr,
		       struct vmw_error *err)
{
	const bool kept = vmw_source_can(src, PAGE_FLAGS) == PAGE_FLAGS;
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++) {
		find_place(as, segs, &places[i]);
		places[i].not_kept = !kept;
		if (places[i].vma && kept)
			ret = read_page(src, as, &places[i], err);
	}
	return ret;
}

static int tell_text(const struct vmw_style *style, const struct vmw_aspace *as,
		     const struct asked *a)
{
	int ret = vmw_render_where(stdout, style, as, a->places, a->nr);

	return ret ? ret : vmw_render_stamp(stdout, as);
}

/* Returns an exit code. Lets the process go when all is read. */
static int tell(const struct vmw_options *opts, struct vmw_source *src,
		struct vmw_aspace *as, struct asked *a)
{
	struct vmw_error err = { "" };
	struct vmw_segments segs = { 0 };
	int ret;

	ret = annotate(src, as, opts, a, &err);
	if (!ret)
		ret = vmw_classify(as, &segs);
	if (!ret)
		ret = find_places(src, as, &segs, a->places, a->nr, &err);
	if (vmw_source_can(src, PAGE_FLAGS) != PAGE_FLAGS)
		vmw_runtime_note(&as->runtime, "nor which pages are present: it "
				 "holds no page tables");
	if (!vmw_source_snapshot(src))
		vmw_swaps_confirm(as);
	vmw_source_let_go(src);
	vmw_privileges_end();
	if (ret)
		ret = vmw_fail(ret, &err);
	else if (opts->json)
		ret = vmw_finish_reading(opts, as,
					 vmw_json_where(stdout, as, a->places,
							a->nr));
	else if (opts->csv)
		ret = vmw_finish_reading(opts, as,
					 vmw_csv_where(stdout, &opts->style, as,
						       a->places, a->nr));
	else
		ret = vmw_finish_reading(opts, as,
					 tell_text(&opts->style, as, a));
	vmw_segments_deinit(&segs);
	return ret;
}

/* Returns an exit code. */
static int read_and_tell(const struct vmw_options *opts, struct asked *a)
{
	struct vmw_capture_request req = {
		.flags = opts->atomic ? VMWALK_WALK_F_ATOMIC : 0,
		.sums = !opts->sp,
		.swaps = true,
	};
	struct vmw_source *src;
	struct vmw_aspace as;
	struct vmw_error err;
	int ret;

	ret = vmw_source_open(&src, opts->args[0], opts->stop, &err);
	if (ret)
		return vmw_fail(ret, &err);
	req.flags |= opts->sp ? VMWALK_WALK_F_THREADS :
				vmw_source_can(src, VMWALK_WALK_F_THREADS);
	/* By them is known where in a VMA nobody has written. */
	req.flags |= vmw_source_can(src, VMWALK_WALK_F_EXTENTS);
	ret = vmw_source_read(src, &req, &as, &err);
	if (ret) {
		ret = vmw_fail(ret, &err);
	} else {
		ret = tell(opts, src, &as, a);
		vmw_aspace_deinit(&as);
	}
	vmw_source_close(src);
	return ret;
}

static int run(int argc, char **argv)
{
	struct asked a = { 0 };
	struct vmw_options opts;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_where, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args < 2 && !(opts.sp && opts.nr_args))
		return vmw_usage_error(&vmw_cmd_where, "a process or snapshot "
				       "and at least one address wanted");
	if (reserve(&a, opts.nr_args))
		ret = vmw_fail(vmw_error_set(&err, -ENOMEM, "no memory for "
					     "the addresses"), &err);
	if (!ret)
		ret = parse_places(&opts, &a);
	if (!ret)
		ret = read_and_tell(&opts, &a);
	release(&a);
	return ret;
}

const struct vmw_cmd vmw_cmd_where = {
	.name = "where",
	.run = run,
	.args = "[OPTION]... PID|NAME ADDR|SYMBOL[+OFFSET]...",
	.summary = "what lies at an address: object, segment, VMA and page",
	.help = "  -H, --human      sizes as 1.5M\n"
		"  -b, --bytes      sizes in bytes, not KiB\n"
		"  -p, --pages      sizes in pages\n"
		"      --sp         the stack pointer of each thread, too\n"
		"      --csv        a row for each address, as comma-separated "
		"values\n"
		"      --json       for programs\n"
		"      --explain    and what all that means, in the kernel's terms\n"
		"      --atomic     walk all VMAs under one lock\n"
		"      --stop       hold the process still meanwhile\n"
		"      --color=WHEN always, never or auto\n"
		"  -h, --help       this text\n\n"
		"ADDR and OFFSET are hexadecimal, with or without 0x; what "
		"reads as neither is a\n"
		"SYMBOL of the program or its libraries. Where the Go runtime "
		"or malloc() has the\n"
		"address, it is told whose it is, and what that is known from. "
		"Of a page that is\n"
		"not present it is told why, of an address in no VMA the "
		"neighbours, and how far\n"
		"they are.\n\n"
		"Examples:\n"
		"  vmwalk where 1234 0xc00001c250\n"
		"  vmwalk where quiz c00001c250 main.main runtime.mheap_+10\n"
		"  vmwalk where --sp quiz\n",
};
