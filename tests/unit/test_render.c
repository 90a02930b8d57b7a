// SPDX-License-Identifier: GPL-2.0
/*
 * The text views and the JSON ones, on an address space that has a bit of
 * everything: sums that add up, lines that keep to their width, and names that
 * would like to do something to the terminal.
 */
#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "render/render.h"

#define SHIFT	12
#define PAGE	((uint64_t)1 << SHIFT)

#define R	VMWALK_VMA_F_READ
#define W	VMWALK_VMA_F_WRITE
#define X	VMWALK_VMA_F_EXEC
#define ANON	VMWALK_VMA_F_ANON
#define FILE_	VMWALK_VMA_F_FILE
#define SPECIAL	VMWALK_VMA_F_SPECIAL

#define PMD	(1U << VMWALK_STATE_LEVEL_SHIFT)
#define PUD	(2U << VMWALK_STATE_LEVEL_SHIFT)
#define WDA	(VMWALK_STATE_WRITE | VMWALK_STATE_DIRTY | \
		 VMWALK_STATE_ACCESSED)

#define HOSTILE	"/tmp/\033[2J\033]0;x\007\n\r\x7f\xc2\x9b" "1m\xff\u202e\\x1b.so"

struct fixture {
	struct vmw_aspace as;
	struct vmw_segments segs;
	char *text;
	size_t len;
};

static const struct vmw_style plain = { .width = 200 };

static void add(struct fixture *f, uint64_t start, uint64_t pages,
		uint32_t flags, uint64_t ino, const char *name)
{
	const struct vmwalk_vma v = {
		.start = start, .end = start + pages * PAGE, .from = start,
		.ino = ino, .dev_major = ino ? 8 : 0, .dev_minor = ino ? 1 : 0,
		.flags = flags, .page_shift = SHIFT,
	};

	assert_int_equal(vmw_aspace_add_vma(&f->as, &v, name), 0);
}

static void extent(struct fixture *f, uint32_t pages, uint32_t state)
{
	const uint64_t packed = VMWALK_EXTENT(pages, state);

	assert_int_equal(vmw_aspace_add_extents(&f->as, &packed, 1), 0);
}

/* The program, its heap, a library, and 512 pages of anything. */
static void add_low(struct fixture *f)
{
	add(f, 0x400000, 4, R | X | FILE_, 5, "/bin/target");
	extent(f, 3, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	extent(f, 1, VMWALK_KIND_NONE);
	add(f, 0x404000, 2, R | FILE_, 5, "/bin/target");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x406000, 2, R | W | FILE_, 5, "/bin/target");
	extent(f, 1, VMWALK_KIND_ANON | WDA);
	extent(f, 1, VMWALK_KIND_FILE);
	add(f, 0x408000, 2, R | W | ANON, 0, NULL);
	extent(f, 2, VMWALK_KIND_ZERO);
	add(f, 0x800000, 8, R | W | ANON, 0, "[heap]");
	extent(f, 2, VMWALK_KIND_ANON | WDA);
	extent(f, 3, VMWALK_KIND_SWAP);
	extent(f, 3, VMWALK_KIND_NONE);
	add(f, 0xc000000000, 1024, R | W | ANON, 0, NULL);
	extent(f, 512, VMWALK_KIND_ANON | PMD | WDA);
	extent(f, 1, VMWALK_KIND_MIGRATION);
	extent(f, 1, VMWALK_KIND_HWPOISON);
	extent(f, 1, VMWALK_KIND_DEVICE);
	extent(f, 1, VMWALK_KIND_MARKER);
	extent(f, 1, VMWALK_KIND_BAD);
	extent(f, 507, VMWALK_KIND_NONE);
	add(f, 0xc000400000, 1024, ANON, 0, NULL);
	extent(f, 1024, VMWALK_KIND_NONE);
}

static void add_high(struct fixture *f)
{
	const struct vmw_thread thread = {
		.tid = 77, .has_sp = true, .sp = 0x7f0000010000,
	};

	add(f, 0x7f0000000000, 1, ANON, 0, NULL);
	extent(f, 1, VMWALK_KIND_NONE);
	add(f, 0x7f0000001000, 512, R | W | ANON, 0, NULL);
	extent(f, 512, VMWALK_KIND_NONE);
	assert_int_equal(vmw_aspace_add_thread(&f->as, &thread), 0);
	add(f, 0x7f1000000000, 2, R | X | FILE_, 6, HOSTILE);
	extent(f, 2, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	add(f, 0x7f2000000000, 2, R | FILE_, 7, "/etc/passwd");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x7f2000200000, 1024, R | W | FILE_ | VMWALK_VMA_F_SHARED |
	    VMWALK_VMA_F_HUGETLB, 9, "/memfd:huge (deleted)");
	extent(f, 512, VMWALK_KIND_FILE | PMD | VMWALK_STATE_HUGETLB);
	extent(f, 512, VMWALK_KIND_FILE | PMD | VMWALK_STATE_HUGETLB |
	       VMWALK_STATE_SHARED);
	add(f, 0x7f3000000000, 4, R | W | FILE_ | VMWALK_VMA_F_SHARED |
	    VMWALK_VMA_F_SHMEM, 8, "/dev/zero (deleted)");
	extent(f, 4, VMWALK_KIND_SHMEM);
	add(f, 0x7ffc00000000, 33, R | W | ANON, 0, "[stack]");
	extent(f, 30, VMWALK_KIND_NONE);
	extent(f, 3, VMWALK_KIND_ANON | WDA);
	add(f, 0x7ffd00000000, 4, R | SPECIAL, 0, "[vvar]");
	extent(f, 4, VMWALK_KIND_PFN);
	add(f, 0x7ffd00004000, 2, R | X | SPECIAL, 0, "[vdso]");
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0xffffffffff600000, 1, X | VMWALK_VMA_F_GATE, 0, "[vsyscall]");
	extent(f, 1, VMWALK_KIND_NONE);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	vmw_aspace_init(&f->as, SHIFT);
	f->as.mm.pid = 76;
	f->as.mm.start_code = 0x400000;
	f->as.mm.task_size = 0x7ffffffff000;
	f->as.complete = true;
	f->as.vsyscall = VMW_VSYSCALL_XONLY;
	strcpy(f->as.comm, "ev\033[1ml\nname");
	add_low(f);
	add_high(f);
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	free(f->text);
	free(f);
	setlocale(LC_CTYPE, "C");
	return 0;
}

static FILE *open_text(struct fixture *f)
{
	free(f->text);
	f->text = NULL;
	return open_memstream(&f->text, &f->len);
}

static const char *show(struct fixture *f, const struct vmw_style *style)
{
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_show(out, style, &f->as, &f->segs), 0);
	fclose(out);
	return f->text;
}

static const char *maps(struct fixture *f, const struct vmw_style *style)
{
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_maps(out, style, &f->as), 0);
	fclose(out);
	return f->text;
}

static const char *extents(struct fixture *f, const struct vmw_style *style)
{
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_extents(out, style, &f->as), 0);
	fclose(out);
	return f->text;
}

/* As the command fills it in, but for the second walk. */
static struct vmw_place place_at(const struct fixture *f, uint64_t addr)
{
	struct vmw_place p = {
		.addr = addr, .vma = vmw_aspace_find_vma(&f->as, addr),
	};
	const struct vmw_extent *e;

	for (size_t i = 0; i < f->as.nr_vmas; i++) {
		const struct vmw_vma *v = &f->as.vmas[i];

		if (v->info.end <= addr)
			p.below = v;
		else if (v->info.start > addr && !p.above)
			p.above = v;
	}
	if (!p.vma)
		return p;
	p.segment = &f->segs.seg[f->segs.of_vma[p.vma - f->as.vmas]];
	e = vmw_aspace_find_extent(&f->as, p.vma, addr);
	p.has_state = e;
	p.state = e ? e->state : 0;
	return p;
}

static const char *where(struct fixture *f, uint64_t addr)
{
	const struct vmw_place p = place_at(f, addr);
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_where(out, &plain, &f->as, &p, 1), 0);
	fclose(out);
	return f->text;
}

static void contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
}

static void check_tame(const char *text)
{
	const char *last = "";

	for (; *text; text++) {
		assert_true((unsigned char)*text >= ' ' || *text == '\n');
		assert_int_not_equal(*text, 0x7f);
		assert_int_not_equal((unsigned char)*text, 0xff);
		if ((unsigned char)*text == 0xc2)
			assert_true((unsigned char)text[1] >= 0xa0);
		last = text;
	}
	assert_int_equal(*last, '\n');
}

/* Sizes and names. */

static const char *size(enum vmw_units units, uint64_t bytes)
{
	const struct vmw_style style = { .units = units };
	static char buf[32];

	return vmw_size(&style, SHIFT, bytes, buf, sizeof(buf));
}

static void sizes(void **state)
{
	(void)state;
	assert_string_equal(size(VMW_UNITS_KIB, 0), "0");
	assert_string_equal(size(VMW_UNITS_KIB, 1), "1");
	assert_string_equal(size(VMW_UNITS_KIB, 4096), "4");
	assert_string_equal(size(VMW_UNITS_KIB, UINT64_MAX),
			    "18014398509481984");
	assert_string_equal(size(VMW_UNITS_PAGES, 4097), "2");
	assert_string_equal(size(VMW_UNITS_BYTES, UINT64_MAX),
			    "18446744073709551615");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1023), "1023");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1024), "1.0K");
	assert_string_equal(size(VMW_UNITS_HUMAN, 1536 << 10), "1.5M");
	assert_string_equal(size(VMW_UNITS_HUMAN, 10000), "9.8K");
	assert_string_equal(size(VMW_UNITS_HUMAN, 64 << 20), "64M");
	assert_string_equal(size(VMW_UNITS_HUMAN, (uint64_t)1 << 40), "1.0T");
	assert_string_equal(size(VMW_UNITS_HUMAN, UINT64_MAX), "16E");
}

static void everything_has_a_name(void **state)
{
	struct fixture *f = *state;

	for (int kind = 0; kind <= VMWALK_KIND_MAX; kind++)
		assert_true(strlen(vmw_kind_name(kind)) > 1);
	assert_string_equal(vmw_kind_name(15), "unknown");
	for (int kind = 0; kind < VMW_SEG_KINDS; kind++)
		assert_non_null(vmw_segment_color(kind));
	assert_string_equal(vmw_leaf_size_name(&f->as, 0), "4K");
	assert_string_equal(vmw_leaf_size_name(&f->as, PMD), "2M");
	assert_string_equal(vmw_leaf_size_name(&f->as, PUD), "1G");
}

static void check_escape(const char *name, const char *expected)
{
	char buf[256];

	vmw_escape_name(name, buf, sizeof(buf));
	assert_string_equal(buf, expected);
}

static void names_in_utf8(void **state)
{
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	check_escape("/lib/libc.so.6", "/lib/libc.so.6");
	check_escape("ä\xf0\x9f\x90\x9b", "ä\xf0\x9f\x90\x9b");
	check_escape("two\nlines\033[m", "two\\012lines\\033[m");
	check_escape("\xc2\x9b" "31m", "\\302\\23331m");
	check_escape("a\u202e" "b\u200b", "a\\342\\200\\256b\\342\\200\\213");
	check_escape("\xff\xc3", "\\377\\303");
	check_escape("\x7f", "\\177");
}

/* A terminal of one byte per character may take any of these for a command. */
static void names_in_ascii(void **state)
{
	(void)state;
	check_escape("plain \\x1b", "plain \\x1b");
	check_escape("\u06db", "\\333\\233");
}

static void names_are_cut_between_characters(void **state)
{
	char buf[16];

	(void)state;
	for (size_t room = 1; room < sizeof(buf); room++) {
		memset(buf, 'x', sizeof(buf));
		vmw_escape_name("\033\033\033\033", buf, room);
		assert_int_equal(strlen(buf), (room - 1) / 4 * 4);
	}
}

/* Text. */

/* Columns of @line, counted as a terminal would. */
static unsigned int columns(const char *line, size_t len)
{
	wchar_t wide[1024];
	char copy[1024];
	size_t nr;

	assert_true(len < sizeof(copy));
	memcpy(copy, line, len);
	copy[len] = '\0';
	nr = mbstowcs(wide, copy, 1024);
	assert_true(nr < 1024);
	return wcswidth(wide, nr);
}

static unsigned int widest_line(const char *text)
{
	unsigned int widest = 0, n;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		n = columns(text, len);
		if (n > widest)
			widest = n;
	}
	return widest;
}

static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

/* Five numbers follow the one word, or three ("stack of 77"), of a segment. */
static bool parse_row(const char *line, uint64_t numbers[5])
{
	const char *s = line + strcspn(line, " \n");

	if (!strncmp(line, "stack of ", 9))
		s = line + 9 + strspn(line + 9, "0123456789");
	else if (strstr(line, " (deleted) ") && strchr(line, '\n') > s)
		s = strstr(line, "(deleted)") < strchr(line, '\n') ?
			strstr(line, "(deleted)") + 9 : s;
	return sscanf(s, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64
		      "%" SCNu64, &numbers[0], &numbers[1], &numbers[2],
		      &numbers[3], &numbers[4]) == 5;
}

static void the_rows_add_up(void **state)
{
	const struct vmw_style pages = { .width = 200,
					 .units = VMW_UNITS_PAGES };
	uint64_t sum[5] = { 0 }, row[5];
	struct fixture *f = *state;
	unsigned int rows = 0;
	const char *line;

	line = strstr(show(f, &pages), "SEGMENT");
	assert_non_null(line);
	while ((line = strchr(line, '\n')) && line[1] != '\n') {
		line++;
		assert_true(parse_row(line, row));
		if (!strncmp(line, "total ", 6)) {
			assert_memory_equal(row, sum, sizeof(sum));
			assert_int_equal(row[0], f->segs.total.mapped / PAGE);
			break;
		}
		for (int i = 0; i < 5; i++)
			sum[i] += row[i];
		rows++;
	}
	assert_non_null(line);
	assert_int_equal(rows, f->segs.nr);
}

static void show_tells_of_the_whole(void **state)
{
	struct fixture *f = *state;
	const char *text;

	f->as.end.walk_ns = 1500000;
	f->as.end.hold_max_ns = 20000;
	f->as.mm.page_tables = 8 * PAGE;
	text = show(f, &plain);
	contains(text, "pid 76 (ev\\033[1ml\\012name), 17 VMAs\n");
	contains(text, "page tables 32 KiB\n");
	contains(text, "walked in 1.50 ms, mmap_lock held for 0.02 ms");
	contains(text, "\nconsistent: ");
	contains(text, "\nvsyscall: xonly: ");
	contains(text, "\nstack of 77 ");
	contains(text, "\npasswd ");
	contains(text, " THP ");
	contains(text, " ZERO ");
	contains(text, " PFN ");
	contains(text, " HUGETLB ");
	contains(text, " OTHER ");
}

static void show_tells_how_far_to_trust_it(void **state)
{
	struct fixture *f = *state;

	f->as.end.consistency = VMWALK_CHANGED;
	f->as.retries = 3;
	contains(show(f, &plain), "\nCHANGED: ");
	contains(f->text, "(retried 3 times)\n");
	f->as.end.consistency = VMWALK_BEST_EFFORT;
	f->as.retries = 1;
	contains(show(f, &plain), "\nbest effort: ");
	contains(f->text, "(retried 1 time)\n");
	f->as.complete = false;
	contains(show(f, &plain), "\nINCOMPLETE: ");
}

static void show_of_nothing(void **state)
{
	struct fixture *f = *state;

	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	contains(show(f, &plain), ", 0 VMAs\n");
	check_tame(f->text);
}

static void check_width(struct fixture *f, unsigned int width, bool utf8)
{
	const struct vmw_style style = { .width = width, .utf8 = utf8 };
	const char *text = show(f, &style), *table = strstr(text, "SEGMENT");

	check_tame(text);
	assert_int_equal(!!strstr(text, "█"), utf8);
	/* Header, each segment, total, an empty line, vsyscall. */
	assert_int_equal(count_lines(table), f->segs.nr + 4);
	if (width >= 140)
		assert_in_range(widest_line(table), 80, width);
}

static void show_keeps_to_its_width(void **state)
{
	static const unsigned int widths[] = { 40, 80, 110, 140, 200 };
	bool has_utf8 = setlocale(LC_CTYPE, "C.UTF-8");

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		if (has_utf8)
			check_width(*state, widths[i], true);
		check_width(*state, widths[i], false);
	}
}

/* What is seen of most processes needs no more than an old terminal has. */
static void show_fits_80_columns(void **state)
{
	const struct vmw_style style = { .width = 80 };
	struct fixture *f = *state;

	vmw_segments_deinit(&f->segs);
	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);
	f->as.complete = true;
	f->as.end.consistency = VMWALK_BEST_EFFORT;
	add(f, 0x400000, 4, R | X | FILE_, 5, "/bin/target");
	extent(f, 4, VMWALK_KIND_FILE | VMWALK_STATE_EXEC);
	add(f, 0x7f0000000000, 4 << 20, R | W | ANON, 0, NULL);
	extent(f, 4 << 20, VMWALK_KIND_ANON | WDA);
	add(f, 0x7f2000000000, 2, R | X | FILE_, 7,
	    "/lib/a-library-with-quite-a-long-name.so.1.2.3");
	vmw_aspace_finish(&f->as);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	assert_in_range(widest_line(show(f, &style)), 70, 80);
	contains(f->text, "\na-libr");
	contains(f->text, " 99.9 #######. \n");
}

/* @text without its SGR sequences, in place. */
static void strip_color(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\033' && text[1] == '[')
			text += strcspn(text, "m") + 1;
		else
			*to++ = *text++;
	}
	*to = '\0';
}

static void colors_change_nothing_else(void **state)
{
	const struct vmw_style colored = { .width = 200, .color = true };
	struct fixture *f = *state;
	char *without = strdup(show(f, &plain));

	assert_non_null(strchr(show(f, &colored), '\033'));
	strip_color(f->text);
	assert_string_equal(f->text, without);
	free(without);
	without = strdup(extents(f, &plain));
	extents(f, &colored);
	strip_color(f->text);
	assert_string_equal(f->text, without);
	free(without);
}

static void maps_has_a_line_for_each_vma(void **state)
{
	struct fixture *f = *state;
	const char *text = maps(f, &plain);

	check_tame(text);
	assert_int_equal(count_lines(text), f->as.nr_vmas + 1);
	contains(text, "\n400000-404000 ");
	contains(text, " /bin/target");
	contains(text, " rw-s 00000000 08:01 ");
	contains(text, "\\033[2J\\033]0;x\\007\\012");
	contains(text, "\\x1b.so");
}

static void maps_keeps_every_column(void **state)
{
	const struct vmw_style narrow = { .width = 40 };
	struct fixture *f = *state;

	contains(maps(f, &narrow), "/memfd:huge (deleted)");
	contains(f->text, "ffffffffff600000-ffffffffff601000");
}

static void extents_tile_their_vmas(void **state)
{
	struct fixture *f = *state;
	const char *text = extents(f, &plain);

	check_tame(text);
	assert_int_equal(count_lines(text), f->as.nr_vmas + f->as.nr_extents);
	contains(text, "\n800000-808000               rw-p 32 KiB  [heap]\n");
	contains(text, "in swap\n");
	contains(text, " 2M w-da\n");
	contains(text, " 2M ---- hugetlb shared\n");
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

	contains(where(f, 0x403fff), "not touched through this mapping");
	contains(where(f, 0x408000), "present, zero page, 4K leaf, read-only");
	contains(where(f, 0x803000), "not present: in swap\n");
	contains(where(f, 0x806000), "not present: never touched, or given");
	contains(where(f, 0xc000200000), "not present: its content is moving");
	contains(where(f, 0xc000201000), "not present: poisoned");
	contains(where(f, 0xc000202000), "not present: in a device's memory");
	contains(where(f, 0xc000203000), "not present: a marker");
	contains(where(f, 0xc000204000), "not present: bad entry");
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

static void a_full_disk_is_an_error(void **state)
{
	struct fixture *f = *state;
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	assert_true(vmw_render_show(out, &plain, &f->as, &f->segs) < 0);
	assert_true(vmw_render_extents(out, &plain, &f->as) < 0);
	assert_true(vmw_json_show(out, &f->as, &f->segs) < 0);
	fclose(out);
}

/* JSON. */

static yajl_val parse(const struct fixture *f)
{
	char error[256];
	yajl_val root = yajl_tree_parse(f->text, error, sizeof(error));

	if (!root)
		fail_msg("%s in:\n%s", error, f->text);
	check_tame(f->text);
	return root;
}

static yajl_val member(yajl_val v, const char *key)
{
	const char *path[] = { key, NULL };

	v = yajl_tree_get(v, path, yajl_t_any);
	assert_non_null(v);
	return v;
}

static long long number(yajl_val v, const char *key)
{
	v = member(v, key);
	assert_true(YAJL_IS_INTEGER(v));
	return YAJL_GET_INTEGER(v);
}

/* Are @root's totals the sums over its array @rows, of @nr elements? */
static void check_totals(yajl_val root, const char *rows, size_t nr)
{
	static const char *const keys[] = {
		"mapped", "reserved", "present", "resident", "anon", "file",
		"shmem", "zero", "pfn", "hugetlb", "hugetlb_shared",
		"anon_huge", "swapped", "other",
	};
	yajl_val array = member(root, rows), totals = member(root, "totals");

	assert_int_equal(YAJL_GET_ARRAY(array)->len, nr);
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		long long sum = 0;

		for (size_t i = 0; i < nr; i++)
			sum += number(YAJL_GET_ARRAY(array)->values[i],
				      keys[k]);
		assert_int_equal(number(totals, keys[k]), sum);
		assert_int_not_equal(sum, 0);
	}
}

static void check_schema(yajl_val root, const char *schema)
{
	assert_string_equal(YAJL_GET_STRING(member(root, "schema")), schema);
	assert_int_equal(number(root, "pid"), 76);
	assert_string_equal(YAJL_GET_STRING(member(root, "comm")),
			    "ev\033[1ml\nname");
	assert_string_equal(YAJL_GET_STRING(member(member(root, "walk"),
						   "consistency")),
			    "consistent");
}

static void json_of_segments_and_vmas(void **state)
{
	struct fixture *f = *state;
	FILE *out = open_text(f);
	yajl_val root;

	assert_int_equal(vmw_json_show(out, &f->as, &f->segs), 0);
	fclose(out);
	root = parse(f);
	check_schema(root, "vmwalk-show-1");
	check_totals(root, "segments", f->segs.nr);
	yajl_tree_free(root);

	out = open_text(f);
	assert_int_equal(vmw_json_maps(out, &f->as, &f->segs), 0);
	fclose(out);
	root = parse(f);
	check_schema(root, "vmwalk-maps-1");
	check_totals(root, "vmas", f->as.nr_vmas);
	yajl_tree_free(root);
}

static void json_of_extents(void **state)
{
	struct fixture *f = *state;
	FILE *out = open_text(f);
	yajl_val root, vmas;
	size_t nr = 0;

	assert_int_equal(vmw_json_extents(out, &f->as), 0);
	fclose(out);
	root = parse(f);
	check_schema(root, "vmwalk-extents-1");
	vmas = member(root, "vmas");
	for (size_t i = 0; i < YAJL_GET_ARRAY(vmas)->len; i++) {
		yajl_val v = YAJL_GET_ARRAY(vmas)->values[i];

		nr += YAJL_GET_ARRAY(member(v, "extents"))->len;
	}
	assert_int_equal(nr, f->as.nr_extents);
	yajl_tree_free(root);
}

static void json_of_places(void **state)
{
	struct fixture *f = *state;
	const struct vmw_place p[] = {
		place_at(f, 0xc00001c250), place_at(f, 0xdeadbeef),
	};
	FILE *out = open_text(f);
	yajl_val root, places, above;

	assert_int_equal(vmw_json_where(out, &f->as, p, 2), 0);
	fclose(out);
	root = parse(f);
	check_schema(root, "vmwalk-where-1");
	places = member(root, "places");
	assert_int_equal(YAJL_GET_ARRAY(places)->len, 2);
	assert_true(YAJL_IS_NULL(member(YAJL_GET_ARRAY(places)->values[1],
					"vma")));
	above = member(YAJL_GET_ARRAY(places)->values[1], "above");
	assert_int_equal(number(above, "distance"),
			 0xc000000000 - 0xdeadbeef);
	yajl_tree_free(root);
}

#define test(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(sizes),
		test(everything_has_a_name),
		test(names_in_utf8),
		test(names_in_ascii),
		test(names_are_cut_between_characters),
		test(the_rows_add_up),
		test(show_tells_of_the_whole),
		test(show_tells_how_far_to_trust_it),
		test(show_of_nothing),
		test(show_keeps_to_its_width),
		test(show_fits_80_columns),
		test(colors_change_nothing_else),
		test(maps_has_a_line_for_each_vma),
		test(maps_keeps_every_column),
		test(extents_tile_their_vmas),
		test(where_answers_the_quiz),
		test(where_gives_the_reason),
		test(where_tells_the_neighbours),
		test(where_admits_what_it_does_not_know),
		test(a_full_disk_is_an_error),
		test(json_of_segments_and_vmas),
		test(json_of_extents),
		test(json_of_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
