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

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(where_answers_the_quiz),
		test(where_gives_the_reason),
		test(where_tells_the_neighbours),
		test(where_admits_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
