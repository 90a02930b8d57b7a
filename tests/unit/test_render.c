// SPDX-License-Identifier: GPL-2.0
/*
 * show, maps and extents as text: sums that add up, lines that keep to their
 * width, and nothing of what hostile names would like to do.
 */
#include <inttypes.h>
#include <locale.h>
#include <wchar.h>

#include "everything.h"

static const struct vmw_style plain = { .width = 200 };

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

	assert_int_equal(vmw_render_extents(out, style, &f->as, false), 0);
	fclose(out);
	return f->text;
}

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

/* Five numbers follow the one word, or three ("stack:77"), of a segment. */
static bool parse_row(const char *line, uint64_t numbers[5])
{
	const char *s = line + strcspn(line, "\n ");

	if (strstr(line, " (deleted) ") && strchr(line, '\n') > s)
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
	contains(text, "\nvsyscall: xonly: ");
	contains(text, "\nstack:77 ");
	contains(text, "\npasswd ");
	contains(text, " THP ");
	contains(text, " ZERO ");
	contains(text, " PFN ");
	contains(text, " HUGETLB ");
	contains(text, " OTHER ");
}

static const char *stamp(struct fixture *f)
{
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_stamp(out, &f->as), 0);
	fclose(out);
	assert_int_equal(count_lines(f->text), 1);
	return f->text;
}

static void stamp_tells_how_far_to_trust_it(void **state)
{
	struct fixture *f = *state;

	contains(stamp(f), "consistent: no VMA changed meanwhile\n");
	f->as.stopped = true;
	contains(stamp(f), "meanwhile, the process was stopped\n");
	f->as.flags |= VMWALK_WALK_F_ATOMIC;
	contains(stamp(f), ", all under one lock, the process was stopped\n");
	f->as.flags &= ~VMWALK_WALK_F_ATOMIC;
	f->as.stopped = false;
	f->as.end.consistency = VMWALK_CHANGED;
	f->as.retries = 3;
	contains(stamp(f), "CHANGED: ");
	contains(f->text, "(retried 3 times)\n");
	f->as.end.consistency = VMWALK_BEST_EFFORT;
	f->as.retries = 1;
	contains(stamp(f), "best effort: ");
	contains(f->text, "(retried 1 time)\n");
	f->as.complete = false;
	contains(stamp(f), "INCOMPLETE: ");
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
	char *table = strstr(show(f, &style), "SEGMENT");

	check_tame(f->text);
	if (width >= 60)
		assert_int_equal(!!strstr(f->text, "█"), utf8);
	/* The line of titles, each segment, total: then an empty one. */
	strstr(table, "\n\n")[1] = '\0';
	assert_int_equal(count_lines(table), f->segs.nr + 2);
	if (width >= 60)
		assert_in_range(widest_line(table), width < 80 ? 40 : 70, width);
}

static void show_keeps_to_its_width(void **state)
{
	bool has_utf8 = setlocale(LC_CTYPE, "C.UTF-8");

	for (unsigned int width = 40; width <= 250; width += width < 60 ? 20 : 1) {
		if (has_utf8)
			check_width(*state, width, true);
		check_width(*state, width, false);
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
	contains(f->text, "\na-library-~e.so.1.2.3");
	contains(f->text, " 99.9 #######.\n");
}

/* Takes the legend of colours out of @text: what follows the table. */
static void strip_legend(char *text)
{
	char *legend = strstr(text, "\n\n\033[") + 2;
	char *rest = strstr(legend, "\ncode ") + 1;

	memmove(legend, rest, strlen(rest) + 1);
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
	contains(f->text, "# thread stack");
	strip_legend(f->text);
	strip_color(f->text);
	assert_string_equal(f->text, without);
	free(without);
	without = strdup(extents(f, &plain));
	extents(f, &colored);
	strip_color(f->text);
	assert_string_equal(f->text, without);
	free(without);
}

static void maps_has_a_line_per_vma(void **state)
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

/* A terminal has what fits; elsewhere nothing is left out or shortened. */
static void maps_keeps_every_column(void **state)
{
	const struct vmw_style narrow = { .width = 40 };
	const struct vmw_style whole = { .width = 40, .whole = true };
	struct fixture *f = *state;

	contains(maps(f, &narrow), "ffffffffff600000-ffffffffff601000");
	assert_null(strstr(f->text, "INODE"));
	assert_null(strstr(f->text, "/memfd:huge (deleted)"));
	contains(maps(f, &whole), "/memfd:huge (deleted)");
	contains(f->text, "INODE");
}

/* The one reason for a page of @vma_flags in @state. */
static enum vmw_reason reason(uint32_t vma_flags, uint32_t state)
{
	const struct vmw_vma vma = {
		.info.flags = vma_flags,
		.usage.reserved = !(vma_flags & (R | W | X)),
	};

	return vmw_reason(&vma, state);
}

static void every_absence_has_its_reason(void **state)
{
	const uint32_t shmem = R | FILE_ | VMWALK_VMA_F_SHMEM;

	(void)state;
	for (uint32_t kind = 0; kind < __VMWALK_KIND_MAX; kind++)
		assert_int_equal(reason(R, kind) == VMW_REASON_NONE,
				 vmw_state_present(kind));
	for (int i = 0; i < VMW_REASONS; i++)
		assert_non_null(vmw_reason_text(i));
	assert_int_equal(reason(R | ANON, 0), VMW_REASON_UNTOUCHED);
	assert_int_equal(reason(ANON, 0), VMW_REASON_RESERVED);
	assert_int_equal(reason(R | FILE_, 0), VMW_REASON_UNCACHED);
	assert_int_equal(reason(R | FILE_, VMWALK_STATE_CACHED),
			 VMW_REASON_CACHED);
	assert_int_equal(reason(FILE_, VMWALK_STATE_CACHED),
			 VMW_REASON_RESERVED);
	assert_int_equal(reason(shmem, 0), VMW_REASON_NO_CONTENT);
	assert_int_equal(reason(shmem, VMWALK_STATE_SWAPPED),
			 VMW_REASON_OBJECT_SWAPPED);
	assert_int_equal(reason(shmem, VMWALK_STATE_CACHED |
				VMWALK_STATE_BEYOND_EOF),
			 VMW_REASON_BEYOND_EOF);
	assert_int_equal(reason(R | FILE_ | VMWALK_VMA_F_PFNMAP, 0),
			 VMW_REASON_UNMAPPED);
	/* A present page's bits are others. */
	assert_int_equal(reason(R, VMWALK_KIND_SWAP | VMWALK_STATE_CACHED),
			 VMW_REASON_SWAPPED);
}

static void extents_tell_why(void **state)
{
	struct fixture *f = *state;
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_extents(out, &plain, &f->as, true), 0);
	fclose(out);
	contains(f->text, "  not in the page cache: an access reads the file\n");
	contains(f->text, "  reserved (PROT_NONE), an access gets SIGSEGV\n");
	assert_null(strstr(f->text, "(null)"));
}

static void extents_tile_their_vmas(void **state)
{
	struct fixture *f = *state;
	const char *text = extents(f, &plain);

	check_tame(text);
	assert_int_equal(count_lines(text), f->as.nr_vmas + f->as.nr_extents);
	assert_null(strstr(text, "(null)"));
	contains(text, "\n800000-808000               rw-p 32 KiB  [heap]\n");
	contains(text, "in swap\n");
	contains(text, " 2M w-da---\n");
	contains(text, " 2M ------- hugetlb shared\n");
}

/* The line of the first extent, were it in that state and on that frame. */
static const char *first_extent(struct fixture *f, uint32_t state,
				uint64_t frame)
{
	char *line;

	f->as.extents[0].state = state;
	f->as.extents[0].frame = frame;
	extents(f, &plain);
	line = strchr(f->text, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void extents_tell_all_they_know(void **state)
{
	const uint32_t anon = VMWALK_KIND_ANON;
	struct fixture *f = *state;

	contains(first_extent(f, anon | VMWALK_STATE_SOFT_DIRTY, 0),
		 " 4K ----s--");
	contains(first_extent(f, anon | VMWALK_STATE_UFFD_WP, 0),
		 " 4K -----u-");
	contains(first_extent(f, anon | VMWALK_STATE_PROTNONE, 0),
		 " 4K ------n");
	contains(first_extent(f, anon | 3U << VMWALK_STATE_PKEY_SHIFT, 0),
		 " pkey=3");
	contains(first_extent(f, anon | VMWALK_STATE_SHARED |
			      VMWALK_STATE_KSM | VMWALK_STATE_MLOCKED |
			      9U << VMWALK_STATE_ORDER_SHIFT |
			      2U << VMWALK_STATE_MAPS_SHIFT, 0),
		 " shared maps=2 order=9 ksm locked");
	contains(first_extent(f, anon | VMWALK_STATE_MAPS, 0), " maps=127+");
	contains(first_extent(f, anon, VMWALK_FRAME(0x1a2b, 1)),
		 " pfn=0x1a2b node=1");
	assert_null(strstr(first_extent(f, VMWALK_KIND_PFN,
					VMWALK_FRAME(7, VMWALK_FRAME_NO_NODE)),
			   "node"));
	contains(first_extent(f, VMWALK_KIND_SWAP | VMWALK_STATE_SOFT_DIRTY,
			      VMWALK_FRAME(0x2f, 1)),
		 "in swap soft-dirty swap=1:0x2f");
	assert_int_equal(vmw_aspace_add_swap(&f->as, "/dev/\033[2J"), 0);
	contains(first_extent(f, VMWALK_KIND_SWAP, VMWALK_FRAME(0x2f, 1)),
		 "in swap swap=1:0x2f on /dev/\\033[2J");
	f->as.nr_swaps = 0;
	/* The bits of an absent page without an entry are others. */
	assert_null(strstr(first_extent(f, VMWALK_KIND_NONE | 0xff00, 0),
			   "soft"));
}

static void what_cannot_be_told_is_not_denied(void **state)
{
	const uint32_t maps = 2U << VMWALK_STATE_MAPS_SHIFT;
	struct fixture *f = *state;

	assert_null(strstr(extents(f, &plain), "cannot tell"));
	f->as.can = 0;
	contains(extents(f, &plain), "\n?: this kernel cannot tell\n");
	contains(first_extent(f, VMWALK_KIND_ANON | maps, 0),
		 " 4K ----\?\?- maps=2+");
}

static void show_tells_of_sharing(void **state)
{
	const struct vmw_style narrow = { .width = 80 };
	struct fixture *f = *state;

	assert_null(strstr(show(f, &plain), "PSS"));
	f->as.flags |= VMWALK_WALK_F_PAGES;
	contains(show(f, &plain), " PSS SHARED PRIVATE ");
	contains(show(f, &narrow), " PSS SHARED PRIVATE ");
}

static void a_full_disk_is_an_error(void **state)
{
	struct fixture *f = *state;
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	assert_true(vmw_render_show(out, &plain, &f->as, &f->segs) < 0);
	assert_true(vmw_render_extents(out, &plain, &f->as, false) < 0);
	assert_true(vmw_json_show(out, &f->as, &f->segs) < 0);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_rows_add_up),
		test(show_tells_of_the_whole),
		test(stamp_tells_how_far_to_trust_it),
		test(show_of_nothing),
		test(show_keeps_to_its_width),
		test(show_fits_80_columns),
		test(colors_change_nothing_else),
		test(maps_has_a_line_per_vma),
		test(maps_keeps_every_column),
		test(extents_tile_their_vmas),
		cmocka_unit_test(every_absence_has_its_reason),
		test(extents_tell_why),
		test(extents_tell_all_they_know),
		test(what_cannot_be_told_is_not_denied),
		test(show_tells_of_sharing),
		test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
