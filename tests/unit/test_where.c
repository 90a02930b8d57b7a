// SPDX-License-Identifier: GPL-2.0
/* What is said of an address, of each kind of page, and of no page at all. */
#include "everything.h"

static const struct vmw_style plain = { .width = 200 };

static const char *where(struct fixture *f, uint64_t addr)
{
	const struct vmw_place p = place_at(f, addr);
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_where(out, &plain, &f->as, &p, 1), 0);
	fclose(out);
	return f->text;
}

static void where_answers_the_quiz(void **state)
{
	struct fixture *f = *state;
	const char *text = where(f, 0xc00001c250);

	contains(text, "0xc00001c250 is in none of text, data, [heap] or "
		 "[stack]: anonymous memory\n");
	contains(text, "  vma      c000000000-c000400000 rw-p, 4096 KiB, "
		 "+0x1c250\n");
	contains(text, "  page     c00001c000: present, anonymous, 2M leaf, "
		 "writable, dirty, accessed\n");
}

static void where_gives_the_reason(void **state)
{
	struct fixture *f = *state;

	contains(where(f, 0x403fff), "not present: not in the page cache");
	contains(where(f, 0x408000), "present, zero page, 4K leaf, read-only");
	contains(where(f, 0x803000), "not present: in swap\n");
	contains(where(f, 0x806000), "not present: never touched, or given");
	contains(where(f, 0xc000200000), "not present: its content is moving");
	contains(where(f, 0xc000201000), "not present: poisoned");
	contains(where(f, 0xc000202000), "not present: in a device's memory");
	contains(where(f, 0xc000203000), "not present: a userfaultfd marker");
	contains(where(f, 0xc000204000), "not present: an entry that the kernel calls bad");
	contains(where(f, 0xc000400000), "not present: reserved (PROT_NONE)");
	contains(where(f, 0x7f0000010000), "in a thread's stack: thread 77\n");
	contains(where(f, 0x7f1000000010), "\\x1b.so+0x10\n");
	check_tame(f->text);
	contains(where(f, 0x7f2000200000), "2M hugetlb leaf");
	contains(where(f, 0x7ffc00020000), "the main thread's [stack]");
	contains(where(f, 0xffffffffff600000), "the kernel emulates the calls");
}

static void where_tells_the_neighbours(void **state)
{
	struct fixture *f = *state;

	contains(where(f, 0x40a000), "0x40a000 is in no VMA\n"
		 "  below    408000-40a000 rw-p, 8 KiB\n"
		 "           its end is 0 away\n"
		 "  above    800000-808000 rw-p, 32 KiB, [heap]\n"
		 "           its start is 4.0M away\n");
	assert_null(strstr(where(f, 0), "below"));
	assert_null(strstr(where(f, UINT64_MAX), "above"));
	contains(where(f, 0xffff888000000000), ": no process can map it\n");
}

#define STACK	0xc000010000

/* A goroutine of hostile words, on a slot of a span of stacks; beside it objects. */
static void add_runtime(struct fixture *f)
{
	struct vmw_runtime *rt = &f->as.runtime;
	struct vmw_g g = {
		.id = 7, .lo = STACK, .hi = STACK + 2048, .sp = STACK + 1024,
		.status = VMW_G_WAITING, .source = VMW_EVIDENCE_DWARF,
	};
	const struct vmw_go_span spans[] = {
		{ .start = STACK, .end = STACK + 8192, .elem_size = 2048,
		  .nr_elems = 4, .state = VMW_SPAN_STACK },
		{ .start = STACK + 8192, .end = STACK + 16384, .elem_size = 48,
		  .nr_elems = 170, .state = VMW_SPAN_HEAP, .noscan = 1 },
		{ .start = STACK + 16384, .end = STACK + 24576,
		  .state = VMW_SPAN_SCAVENGED },
	};
	const struct vmw_label labels[] = {
		{ .start = 0xc000000000, .end = 0xc004000000, .sure = 1,
		  .kind = VMW_LABEL_GO_ARENA, .source = VMW_EVIDENCE_DWARF },
		{ .start = 0x7f0000001000, .end = 0x7f0000003000,
		  .kind = VMW_LABEL_MALLOC_MMAPPED, .source = VMW_EVIDENCE_SHAPE },
	};
	const struct vmw_runtime_symbol symbol = {
		.asked = 0x400010, .start = 0x400008, .size = 99, .name = "f\033[2J",
	};

	snprintf(g.wait, sizeof(g.wait), "chan\033]0;x\007 receive");
	snprintf(g.start, sizeof(g.start), "main\n.main");
	snprintf(rt->version, sizeof(rt->version), "go1.19\r");
	rt->source = VMW_EVIDENCE_DWARF;
	assert_int_equal(vmw_runtime_add_g(rt, &g), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(vmw_runtime_add_span(rt, &spans[i]), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(vmw_runtime_add_label(rt, &labels[i]), 0);
	assert_int_equal(vmw_runtime_add_symbol(rt, &symbol), 0);
	vmw_runtime_finish(rt);
}

static void where_knows_the_runtime(void **state)
{
	struct fixture *f = *state;

	add_runtime(f);
	contains(where(f, STACK + 1024), " is in goroutine 7's stack\n"
		 "  runtime  c000010000-c000010800, 2 KiB, main\\012.main, "
		 "waiting: chan\\033]0;x\\007 receive, sp c000010400: in use\n"
		 "  source   DWARF, for sure, as of now: stacks move\n");
	contains(where(f, STACK + 1023), ": below it, not in use now\n");
	contains(where(f, STACK + 2048), "in a free slot among Go's stacks\n"
		 "  runtime  c000010000-c000012000, 8 KiB, 4 slots of 2048 bytes");
	contains(where(f, STACK + 8192 + 50), "in Go's heap: an object of 48 "
		 "bytes\n");
	contains(f->text, "object 1 of 170 at c000012030+0x2, noscan");
	contains(where(f, STACK + 16384 - 1), "behind the last of 170 objects");
	contains(where(f, STACK + 16384), "given back to the kernel\n");
	contains(where(f, 0x7f0000001010), "a mapping of its own\n");
	contains(f->text, "  source   the form of malloc's chunks, likely\n");
	contains(where(f, 0x400010), "  symbol   f\\033[2J+0x8, of 99 bytes\n");
	check_tame(f->text);
}

static void go_tells_all_of_it(void **state)
{
	struct fixture *f = *state;
	FILE *out;

	add_runtime(f);
	vmw_runtime_note(&f->as.runtime, "nothing of %d", 5);
	vmw_runtime_note(&f->as.runtime, "nor of %d", 6);
	out = open_text(f);
	assert_int_equal(vmw_render_go(out, &plain, &f->as), 0);
	fclose(out);
	contains(f->text, "go1.19\\015, known by DWARF: 1 goroutines\n");
	contains(f->text, "chan\\033]0;x\\007 receive");
	contains(f->text, "objects, noscan");
	contains(f->text, "c000000000-c004000000");
	contains(f->text, "not known: nothing of 5; nor of 6\n");
	check_tame(f->text);
}

static void where_names_symbols_and_threads(void **state)
{
	struct fixture *f = *state;
	struct vmw_place p = place_at(f, 0x400000);
	FILE *out = open_text(f);

	p.symbol = "main\033.main+10";
	p.sp_of = 77;
	assert_int_equal(vmw_render_where(out, &plain, &f->as, &p, 1), 0);
	fclose(out);
	contains(f->text, "0x400000 (main\\033.main+10) (sp of thread 77) is in "
		 "text");
}

static void where_admits_what_it_does_not_know(void **state)
{
	struct fixture *f = *state;
	struct vmw_place p = place_at(f, 0x400000);
	FILE *out = open_text(f);

	p.has_state = false;
	assert_int_equal(vmw_render_where(out, &plain, &f->as, &p, 1), 0);
	fclose(out);
	contains(f->text, "400000: not known: the VMA changed meanwhile\n");
}

/* Of copies of smaps there are sums and no pages, of maps not even those. */
static void where_of_what_was_imported(void **state)
{
	struct fixture *f = *state;
	struct vmw_place p = place_at(f, 0x800000);

	p.has_state = false;
	p.not_kept = true;
	for (int sums = 0; sums < 2; sums++) {
		FILE *out = open_text(f);

		f->as.sums_only = sums;
		assert_int_equal(vmw_render_where(out, &plain, &f->as, &p, 1), 0);
		fclose(out);
		contains(f->text, "in the [heap], which brk() grows\n");
		contains(f->text, "800000: not known: this snapshot holds no "
			 "page tables\n");
		assert_int_equal(!!strstr(f->text, "  sums     8 KiB of the VMA "
					  "resident, 12 KiB in swap\n"), sums);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(where_answers_the_quiz),
		test(where_gives_the_reason),
		test(where_tells_the_neighbours),
		test(where_knows_the_runtime),
		test(go_tells_all_of_it),
		test(where_names_symbols_and_threads),
		test(where_admits_what_it_does_not_know),
		test(where_of_what_was_imported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
