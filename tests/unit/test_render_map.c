// SPDX-License-Identifier: GPL-2.0
/*
 * The to-scale picture: everything mapped is drawn, the gaps add up to what is
 * not, nothing leaves its columns, and no size of address space is too much.
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
#include <time.h>
#include <wchar.h>

#include <cmocka.h>

#include "render/render.h"

#define SHIFT	12
#define PAGE	((uint64_t)1 << SHIFT)
#define MIB	((uint64_t)1 << 20)
#define GIB	((uint64_t)1 << 30)
#define TIB	((uint64_t)1 << 40)

/* Of a line, at 80 columns and with addresses of 8 digits. */
#define CELLS	40

#define RW	(VMWALK_VMA_F_READ | VMWALK_VMA_F_WRITE | VMWALK_VMA_F_ANON)
#define RESERVED VMWALK_VMA_F_ANON
#define CODE	(VMWALK_VMA_F_READ | VMWALK_VMA_F_EXEC | VMWALK_VMA_F_FILE)

#define NONE	VMWALK_KIND_NONE
#define ANON	VMWALK_KIND_ANON
#define SWAP	VMWALK_KIND_SWAP
#define ZERO	VMWALK_KIND_ZERO

struct fixture {
	struct vmw_aspace as;
	struct vmw_segments segs;
	char *text;
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	vmw_aspace_init(&f->as, SHIFT);
	f->as.mm.pid = 4194304;
	strcpy(f->as.comm, "target");
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
	return 0;
}

static void add(struct fixture *f, uint64_t start, uint64_t size,
		uint32_t flags, const char *name)
{
	const struct vmwalk_vma info = {
		.start = start, .end = start + size, .from = start,
		.flags = flags, .page_shift = SHIFT,
		.ino = flags & VMWALK_VMA_F_FILE ? 1 + f->as.nr_vmas : 0,
	};

	assert_int_equal(vmw_aspace_add_vma(&f->as, &info, name), 0);
}

/* @bytes more of the VMA added last. */
static void fill(struct fixture *f, uint64_t bytes, uint32_t state)
{
	for (uint64_t left = bytes >> SHIFT, n; left; left -= n) {
		n = left < UINT32_MAX ? left : UINT32_MAX;
		uint64_t packed = VMWALK_EXTENT(n, state);

		assert_int_equal(vmw_aspace_add_extents(&f->as, &packed,
							sizeof(packed)), 0);
	}
}

static void draw_as(struct fixture *f, const struct vmw_style *style)
{
	FILE *out;

	free(f->text);
	f->text = NULL;
	out = open_memstream(&f->text, &f->len);
	assert_non_null(out);
	assert_int_equal(vmw_render_map(out, style, &f->as, &f->segs), 0);
	fclose(out);
}

/* Once the model is complete. */
static void draw(struct fixture *f)
{
	const struct vmw_style style = {
		.units = VMW_UNITS_BYTES, .width = 80,
	};

	vmw_aspace_finish(&f->as);
	vmw_segments_deinit(&f->segs);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	draw_as(f, &style);
}

static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static unsigned int lines(const struct fixture *f)
{
	return count(f->text, "\n");
}

static uint64_t cell_size(const struct fixture *f)
{
	const char *at = strstr(f->text, "one cell: ");
	uint64_t n;
	char unit;
	int ret;

	assert_non_null(at);
	ret = sscanf(at, "one cell: %" SCNu64 "%c", &n, &unit);
	assert_int_equal(ret, 2);
	for (const char *u = "BKMGTPE"; *u != unit; u++) {
		assert_int_not_equal(*u, '\0');
		n <<= 10;
	}
	assert_int_equal(n & (n - 1), 0);
	return n;
}

/* The sum of the gaps that are called @what; sizes are in bytes. */
static uint64_t gaps(const struct fixture *f, const char *what)
{
	uint64_t sum = 0, n;
	char word[16];

	for (const char *at = f->text; (at = strstr(at, "  ... ")); at++)
		if (sscanf(at, "  ... %" SCNu64 " bytes %15s", &n, word) == 2 &&
		    !strcmp(word, what))
			sum += n;
	return sum;
}

static bool has_line_at(const struct fixture *f, uint64_t addr)
{
	char start[32];
	const char *at;

	snprintf(start, sizeof(start), "%08" PRIx64 " ", addr);
	at = strstr(f->text, start);
	return at && (at[-1] == ' ' || at[-1] == '\n');
}

/* The cells of the line at @addr. */
static const char *cells_at(const struct fixture *f, uint64_t addr)
{
	char start[32];
	const char *at;

	snprintf(start, sizeof(start), "%08" PRIx64 " ", addr);
	at = strstr(f->text, start);
	assert_non_null(at);
	return at + strlen(start);
}

static void check_columns(const struct fixture *f, unsigned int width)
{
	mbstate_t state = { 0 };
	unsigned int column = 0;
	const char *s = f->text;
	wchar_t c;
	size_t n;

	while (*s) {
		n = mbrtowc(&c, s, f->text + f->len - s, &state);
		assert_true(n <= f->len);
		if (c == L'\n') {
			assert_true(column <= width);
			column = 0;
		} else {
			assert_true(wcwidth(c) >= 0);
			column += wcwidth(c);
		}
		s += n;
	}
}

/* What an ordinary process has, and a hole of each kind. */
static void add_ordinary(struct fixture *f)
{
	f->as.mm.start_code = 0x400000;
	add(f, 0x400000, 4 * PAGE, CODE, "/usr/bin/target");
	fill(f, 4 * PAGE, VMWALK_KIND_FILE);
	add(f, 0x1000000, 33 * PAGE, RW, "[heap]");
	fill(f, 3 * PAGE, ANON);
	fill(f, 30 * PAGE, NONE);
	add(f, 0xc000000000, 64 * MIB, RESERVED, NULL);
	fill(f, 64 * MIB, NONE);
	add(f, 0x7f0000000000, 2 * MIB, CODE, "/usr/lib/libc.so.6");
	fill(f, MIB, VMWALK_KIND_FILE);
	fill(f, MIB, NONE);
	add(f, 0x7ffffffde000, 33 * PAGE, RW, "[stack]");
	fill(f, 30 * PAGE, NONE);
	fill(f, 3 * PAGE, ANON);
	add(f, 0xffffffffff600000, PAGE, VMWALK_VMA_F_GATE, "[vsyscall]");
	fill(f, PAGE, VMWALK_KIND_PFN);
}

static void empty_space_is_drawn(void **state)
{
	struct fixture *f = *state;

	draw(f);
	assert_non_null(strstr(f->text, "4194304 target: 0 bytes mapped"));
}

static void every_piece_has_its_line(void **state)
{
	struct fixture *f = *state;

	add_ordinary(f);
	draw(f);
	for (size_t i = 0; i < f->as.nr_vmas; i++)
		assert_true(has_line_at(f, f->as.vmas[i].info.start));
	assert_non_null(strstr(f->text, "text "));
	assert_non_null(strstr(f->text, " 135168/12288\n"));
	assert_non_null(strstr(f->text, " 2097152/1048576\n"));
	assert_non_null(strstr(f->text, "vsyscall "));
}

static void holes_add_up(void **state)
{
	struct fixture *f = *state;
	uint64_t expected = 0;

	add_ordinary(f);
	draw(f);
	for (size_t i = 1; i < f->as.nr_vmas; i++)
		expected += f->as.vmas[i].info.start - f->as.vmas[i - 1].info.end;
	assert_true(gaps(f, "hole") == expected);
	assert_int_equal(count(f->text, " hole ..."), 5);
}

static void touching_pieces_have_no_hole(void **state)
{
	struct fixture *f = *state;

	add(f, GIB, PAGE, CODE, "/a");
	add(f, GIB + PAGE, PAGE, CODE, "/b");
	draw(f);
	assert_int_equal(gaps(f, "hole"), 0);
	assert_true(has_line_at(f, GIB));
	assert_true(has_line_at(f, GIB + PAGE));
}

static void small_holes_of_a_segment_are_blank_cells(void **state)
{
	struct fixture *f = *state;

	add(f, GIB, PAGE, RW, NULL);
	fill(f, PAGE, ANON);
	add(f, GIB + 3 * PAGE, PAGE, RW, NULL);
	fill(f, PAGE, ANON);
	draw(f);
	assert_memory_equal(cells_at(f, GIB), "#  #  ", 6);
	assert_int_equal(gaps(f, "hole"), 0);
}

static void shades_are_shares(void **state)
{
	static const struct {
		unsigned int resident;
		char sign;
	} cells[] = {
		{ 0, '.' }, { 1, ':' }, { 5, ':' }, { 6, '-' }, { 10, '-' },
		{ 11, '=' }, { 15, '=' }, { 16, '#' },
	};
	const uint64_t cell = 16 * PAGE;
	struct fixture *f = *state;

	add(f, GIB, 1024 * cell, RW, NULL);
	for (size_t i = 0; i < 1024; i++) {
		unsigned int n = cells[i % 8].resident;

		if (n)
			fill(f, n * PAGE, ANON);
		if (n < 16)
			fill(f, (16 - n) * PAGE, NONE);
	}
	draw(f);
	assert_int_equal(cell_size(f), cell);
	for (size_t i = 0; i < 32; i++)
		assert_int_equal(cells_at(f, GIB)[i], cells[i % 8].sign);
}

static void pages_without_rss_have_signs(void **state)
{
	struct fixture *f = *state;

	add(f, GIB, 4 * PAGE, RW, NULL);
	fill(f, PAGE, ANON);
	fill(f, PAGE, SWAP);
	fill(f, PAGE, ZERO);
	fill(f, PAGE, NONE);
	draw(f);
	assert_memory_equal(cells_at(f, GIB), "#so. ", 5);
}

static void empty_stretches_are_told(void **state)
{
	struct fixture *f = *state;

	add(f, GIB, 64 * MIB, RW, NULL);
	fill(f, PAGE, ANON);
	fill(f, 64 * MIB - PAGE, NONE);
	add(f, GIB + 64 * MIB, GIB, RESERVED, NULL);
	fill(f, GIB, NONE);
	add(f, 2 * GIB + 64 * MIB, PAGE, RW, NULL);
	fill(f, PAGE, ANON);
	draw(f);
	assert_int_equal(cell_size(f), PAGE);
	/* All but the lines of the two pages. */
	assert_int_equal(gaps(f, "untouched"), (GIB + 64 * MIB) /
			 (CELLS * PAGE) * CELLS * PAGE - CELLS * PAGE);

	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);
	add(f, GIB, GIB, RESERVED, NULL);
	fill(f, GIB, NONE);
	draw(f);
	assert_int_equal(gaps(f, "reserved"), GIB - CELLS * PAGE);
}

/* More to draw never makes for smaller cells, nor for a longer picture. */
static void scale_grows_with_what_is_drawn(void **state)
{
	struct fixture *f = *state;
	uint64_t last = 0;

	for (uint64_t bytes = PAGE; bytes <= 64 * TIB; bytes *= 2) {
		vmw_aspace_deinit(&f->as);
		vmw_aspace_init(&f->as, SHIFT);
		add(f, GIB, bytes, RW, NULL);
		fill(f, bytes, ANON);
		draw(f);
		assert_true(cell_size(f) >= last);
		assert_true(lines(f) < 50);
		last = cell_size(f);
	}
	assert_true(last > GIB);
}

static void widths_are_kept(void **state)
{
	static const unsigned int widths[] = { 40, 41, 80, 132, 200, 1000 };
	struct fixture *f = *state;
	struct vmw_style style = { 0 };

	add_ordinary(f);
	draw(f);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		for (int units = 0; units <= VMW_UNITS_PAGES; units++)
			for (int utf8 = 0; utf8 < 2; utf8++) {
				style.width = widths[i];
				style.units = units;
				style.utf8 = utf8;
				draw_as(f, &style);
				check_columns(f, widths[i]);
			}
}

static void ascii_is_ascii(void **state)
{
	struct fixture *f = *state;

	add_ordinary(f);
	draw(f);
	for (size_t i = 0; i < f->len; i++)
		assert_true(f->text[i] == '\n' ||
			    (f->text[i] >= ' ' && f->text[i] <= '~'));
}

static void colors_are_ended(void **state)
{
	const struct vmw_style style = {
		.color = true, .utf8 = true, .width = 80,
	};
	struct fixture *f = *state;

	add_ordinary(f);
	draw(f);
	draw_as(f, &style);
	assert_true(count(f->text, "\033[") > 0);
	assert_int_equal(count(f->text, "\033["), 2 * count(f->text, "\033[0m"));
	assert_non_null(strstr(f->text, "█ heap"));
}

static void hostile_names_stay_in_their_place(void **state)
{
	struct fixture *f = *state;
	char longest[4096];

	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	strcpy(f->as.comm, "\033[2J\n\r\x07\xff");
	add(f, GIB, PAGE, CODE, "/\033]0;owned\007\nheap");
	add(f, GIB + PAGE, PAGE, CODE, longest);
	add(f, GIB + 2 * PAGE, PAGE, CODE, "/\xff\302\23331m");
	add(f, GIB + 3 * PAGE, PAGE, CODE, "/");
	add(f, GIB + 4 * PAGE, PAGE, CODE, "");
	add(f, GIB + 5 * PAGE, PAGE, CODE, "/wide/漢字漢字漢字漢字漢字漢字漢字");
	draw(f);
	assert_null(strchr(f->text, '\033'));
	assert_null(strchr(f->text, '\007'));
	assert_null(strchr(f->text, '\xff'));
	assert_null(strstr(f->text, "\xc2\x9b"));
	assert_non_null(strstr(f->text, "\\033"));
	check_columns(f, 80);
}

static void draw_many(struct fixture *f, uint64_t distance)
{
	struct timespec a, z;

	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);

	for (uint64_t i = 0; i < 10000; i++) {
		add(f, GIB + i * distance, PAGE, RW, NULL);
		fill(f, PAGE, i & 1 ? ANON : NONE);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	draw(f);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &z);
	assert_true(z.tv_sec - a.tv_sec < 5);
	assert_true(lines(f) < 60);
	assert_int_equal(gaps(f, "hole"), 0);
}

static void many_vmas_are_quick(void **state)
{
	draw_many(*state, 2 * PAGE);
	draw_many(*state, MIB);
	draw_many(*state, GIB);
}

static void many_files_have_a_line_each(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 1000; i++) {
		add(f, GIB + 2 * i * PAGE, PAGE, CODE, "/file");
		fill(f, PAGE, VMWALK_KIND_FILE);
	}
	draw(f);
	assert_int_equal(count(f->text, " 4096/4096\n"), 1000);
	assert_int_equal(gaps(f, "hole"), 999 * PAGE);
}

static void the_largest_spaces_fit(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 128 * TIB, RESERVED, NULL);
	fill(f, 128 * TIB, NONE);
	draw(f);
	assert_int_equal(cell_size(f), PAGE);
	assert_true(lines(f) < 20);

	/* A page in every 128 GiB, and what no kernel lets anybody map. */
	vmw_aspace_deinit(&f->as);
	vmw_aspace_init(&f->as, SHIFT);
	add(f, 0, 128 * TIB, RW, NULL);
	for (int i = 0; i < 1024; i++) {
		fill(f, PAGE, ANON);
		fill(f, 128 * GIB - PAGE, NONE);
	}
	add(f, 256 * TIB, -256 * TIB - PAGE, RESERVED, NULL);
	draw(f);
	assert_true(lines(f) < 60);
	check_columns(f, 80);
}

static void a_walk_without_extents_is_drawn(void **state)
{
	struct fixture *f = *state;

	add(f, GIB, GIB, RW, NULL);
	draw(f);
	assert_memory_equal(cells_at(f, GIB), "....", 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(empty_space_is_drawn),
		TEST(every_piece_has_its_line),
		TEST(holes_add_up),
		TEST(touching_pieces_have_no_hole),
		TEST(small_holes_of_a_segment_are_blank_cells),
		TEST(shades_are_shares),
		TEST(pages_without_rss_have_signs),
		TEST(empty_stretches_are_told),
		TEST(scale_grows_with_what_is_drawn),
		TEST(widths_are_kept),
		TEST(ascii_is_ascii),
		TEST(colors_are_ended),
		TEST(hostile_names_stay_in_their_place),
		TEST(many_vmas_are_quick),
		TEST(many_files_have_a_line_each),
		TEST(the_largest_spaces_fit),
		TEST(a_walk_without_extents_is_drawn),
	};

	/* Columns are counted in characters. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
