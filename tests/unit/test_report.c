// SPDX-License-Identifier: GPL-2.0
/*
 * The report as text: the same for the same, what recurs told once, and no word of
 * the target's anywhere but in JSON that cannot end its script element.
 *
 * test_report PAGE: writes a page to standard output instead, for test_report_page.sh
 * to look at in a browser: "everything", "timeline", or "large"; or, for "diff", how
 * many bytes of pages changed and how between the first and the last of "timeline".
 */
#include <locale.h>

#include "everything.h"
#include "render/diff.h"
#include "render/report.h"

#define EVIL		"</script><script>document.title='pwned'</script><!--<script>"
#define EVIL_EVENT	"/tmp/\"><img src=x onerror=\"document.title='pwned'\">&lt;"
#define BIDI		"/tmp/\u202egnp.exe\u2066\u200b\u061c"
#define BYTES		"/tmp/\xff\xfe\xc0\x80\x01\x7f\n\t"
#define LARGE		10000	/* VMAs */
#define SNAPSHOTS	6	/* of the timeline */
#define LEVELS		{ { "pgd", 39, 512 }, { "pud", 30, 512 }, \
			  { "pmd", 21, 512 }, { "pte", 12, 512 } }

static void add_hostile(struct fixture *f)
{
	char path[4096];

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	add(f, 0x7e0000000000, 2, R | FILE_, 101, EVIL);
	extent(f, 2, VMWALK_KIND_FILE);
	add(f, 0x7e0000100000, 2, R | FILE_, 102, EVIL_EVENT);
	extent(f, 2, VMWALK_KIND_NONE | VMWALK_STATE_CACHED);
	add(f, 0x7e0000200000, 2, R | FILE_, 103, BIDI);
	extent(f, 2, VMWALK_KIND_NONE);
	add(f, 0x7e0000300000, 2, R | FILE_, 104, BYTES);
	extent(f, 2, VMWALK_KIND_FILE | VMWALK_STATE_DIRTY);
	add(f, 0x7e0000400000, 2, R | FILE_, 105, path);
	extent(f, 2, VMWALK_KIND_FILE);
}

/* A mapping of which there is more in each snapshot than in the one before. */
static void add_growing(struct fixture *f, unsigned int nr)
{
	add(f, 0xd000000000, 256, R | W | ANON, 0, "[anon: grows]");
	extent(f, 16 * nr, VMWALK_KIND_ANON | WDA);
	extent(f, 100 - 16 * nr, VMWALK_KIND_NONE);
	extent(f, 50, nr & 1 ? VMWALK_KIND_ANON | WDA : VMWALK_KIND_SWAP);
	extent(f, 50, VMWALK_KIND_ANON | (nr & 1 ? 0 : WDA));
	extent(f, 50, nr & 1 ? VMWALK_KIND_FILE : VMWALK_KIND_ANON | WDA);
	extent(f, 6, nr & 1 ? VMWALK_KIND_ZERO : VMWALK_KIND_NONE);
	if (nr < 2)
		return;
	add(f, 0xd100000000, 4, R | W | ANON, 0, "[anon: came later]");
	extent(f, 4, VMWALK_KIND_ANON | WDA);
}

static void add_go(struct vmw_runtime *rt)
{
	const struct vmw_go_span spans[] = {
		{ 0xc000000000, 0xc000002000, 16, 512, 40, VMW_SPAN_HEAP, 0 },
		{ 0xc000002000, 0xc000004000, 16, 512, 2, VMW_SPAN_HEAP, 0 },
		{ 0xc000004000, 0xc000100000, 1024, 1000, 7, VMW_SPAN_HEAP, 1 },
		{ 0xc000100000, 0xc000108000, 2048, 16, 9, VMW_SPAN_STACK, 0 },
		{ 0xc000108000, 0xc000400000, 0, 0, 0, VMW_SPAN_SCAVENGED, 0 },
		{ 0xc000400000, 0xc000800000, 0, 0, 0, VMW_SPAN_RESERVED, 0 },
	};
	const struct vmw_label arena = {
		.start = 0xc000000000, .end = 0xc000800000,
		.kind = VMW_LABEL_GO_ARENA, .source = VMW_EVIDENCE_DWARF,
		.sure = 1, .name = "arena",
	};
	struct vmw_g g = {
		.id = 7, .addr = 0xc000000010, .lo = 0xc000100000,
		.hi = 0xc000100800, .sp = 0xc000100700, .kind = VMW_G_USER,
		.status = VMW_G_WAITING, .source = VMW_EVIDENCE_DWARF,
		.wait = "<b>chan</b>",
	};

	strcpy(rt->version, "go1.19.8");
	rt->source = VMW_EVIDENCE_DWARF;
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		assert_int_equal(vmw_runtime_add_span(rt, &spans[i]), 0);
	assert_int_equal(vmw_runtime_add_label(rt, &arena), 0);
	snprintf(g.start, sizeof(g.start), "%s", EVIL);
	assert_int_equal(vmw_runtime_add_g(rt, &g), 0);
	vmw_runtime_finish(rt);
}

static struct vmw_snapshot *begin(unsigned int nr)
{
	const struct vmwalk_level levels[] = LEVELS;
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct vmw_aspace *as = &s->as;

	assert_non_null(s);
	vmw_aspace_init(as, SHIFT);
	as->flags = VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY;
	as->can = UINT32_MAX;
	memcpy(as->levels, levels, sizeof(levels));
	as->nr_levels = sizeof(levels) / sizeof(*levels);
	as->mm.pid = 76;
	as->mm.start_code = 0x400000;
	as->mm.brk = 0x805000;
	as->mm.task_size = 0x7ffffffff000;
	as->complete = true;
	as->vsyscall = VMW_VSYSCALL_XONLY;
	strcpy(as->comm, "<i>evil</i>");
	s->number = nr;
	s->time = INT64_C(1700000000) * 1000000000 + nr * INT64_C(250000000);
	return s;
}

static struct vmw_snapshot *make_everything(unsigned int nr)
{
	struct vmw_snapshot *s = begin(nr);
	struct fixture f = { .as = s->as };

	strcpy(s->note, EVIL);
	strcpy(s->origin.host, BIDI);
	strcpy(s->origin.exe, EVIL_EVENT);
	add_low(&f, false);
	if (nr)
		add_growing(&f, nr);
	add_hostile(&f);
	add_high(&f, false);
	strcpy(f.as.threads[0].comm, "<u>t</u>");
	vmw_aspace_finish(&f.as);
	add_go(&f.as.runtime);
	s->as = f.as;
	return s;
}

static struct vmw_snapshot *make_large(void)
{
	struct vmw_snapshot *s = begin(0);
	struct fixture f = { .as = s->as };
	char name[32];

	for (unsigned int i = 0; i < LARGE; i++) {
		snprintf(name, sizeof(name), "/lib/file-%u.so", i);
		add(&f, 0x10000000 + i * 32 * PAGE, 16,
		    R | FILE_ | (i & 1 ? X : 0), 1000 + i / 2, name);
		extent(&f, 3 + i % 7, VMWALK_KIND_FILE | VMWALK_STATE_ACCESSED);
		extent(&f, 4, VMWALK_KIND_NONE);
		extent(&f, 9 - i % 7, VMWALK_KIND_FILE);
	}
	vmw_aspace_finish(&f.as);
	s->as = f.as;
	return s;
}

static int put(FILE *out, const char *page)
{
	struct vmw_report *r = vmw_report_create(out);
	const unsigned int nr = !strcmp(page, "timeline") ? SNAPSHOTS : 1;
	int ret = 0, end;

	assert_non_null(r);
	for (unsigned int i = 0; !ret && i < nr; i++) {
		struct vmw_snapshot *s = !strcmp(page, "large") ? make_large() :
			make_everything(nr > 1 ? i + 1 : 0);

		ret = vmw_report_add(r, s);
		vmw_snapshot_destroy(s);
	}
	end = vmw_report_destroy(r);
	return ret ? ret : end;
}

static char *text_of(const char *page, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	assert_non_null(out);
	assert_int_equal(put(out, page), 0);
	fclose(out);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t nr = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		nr++;
	return nr;
}

static void same_for_the_same(void **state)
{
	size_t len[2];
	char *a = text_of("timeline", &len[0]);
	char *b = text_of("timeline", &len[1]);

	(void)state;
	assert_int_equal(len[0], len[1]);
	assert_memory_equal(a, b, len[0]);
	free(a);
	free(b);
}

/* What a browser takes for the end of the data, or for a comment, is ours alone. */
static void names_are_data(void **state)
{
	size_t len;
	char *text = text_of("everything", &len), *data;

	(void)state;
	assert_int_equal(strlen(text), len);
	/* Memory, threads, Go; and the program. */
	assert_int_equal(count(text, "</script"), 4);
	data = strstr(text, "<script type=\"application/json\"");
	assert_non_null(data);
	assert_int_equal(count(data, "<script"), 4);
	assert_int_equal(count(data, "<!--"), 0);
	assert_int_equal(count(data, "<img"), 0);
	assert_non_null(strstr(data, "\\u003cimg src=x"));
	free(text);
}

/* Of six snapshots that hardly differ, five are no more than their differences. */
static void told_once(void **state)
{
	size_t len;
	char *text = text_of("timeline", &len);

	(void)state;
	assert_int_equal(count(text, "data-view=\"memory\""), 6);
	assert_int_equal(count(text, "/etc/passwd"), 1);
	assert_int_equal(count(text, "[anon: came later]"), 1);
	free(text);
}

static void no_room_to_write(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (!full)
		skip();
	assert_true(put(full, "everything") < 0);
	fclose(full);
}

static int put_diff(FILE *out)
{
	struct vmw_snapshot *s[2] = { make_everything(1), make_everything(SNAPSHOTS) };
	struct vmw_segments segs[2];
	struct vmw_diff diff;

	for (int i = 0; i < 2; i++)
		assert_int_equal(vmw_classify(&s[i]->as, &segs[i]), 0);
	assert_int_equal(vmw_diff_make(&s[0]->as, &segs[0], &s[1]->as, &segs[1],
				       false, &diff), 0);
	for (int i = 0; i < VMW_PAGE_CHANGES; i++)
		if (diff.pages.bytes[i])
			fprintf(out, "%s: %lu\n", vmw_page_change_name(i),
				diff.pages.bytes[i]);
	vmw_diff_deinit(&diff);
	for (int i = 0; i < 2; i++) {
		vmw_segments_deinit(&segs[i]);
		vmw_snapshot_destroy(s[i]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_for_the_same),
		cmocka_unit_test(names_are_data),
		cmocka_unit_test(told_once),
		cmocka_unit_test(no_room_to_write),
	};

	setlocale(LC_CTYPE, "");
	if (argc > 1 && !strcmp(argv[1], "diff"))
		return put_diff(stdout);
	if (argc > 1)
		return put(stdout, argv[1]) ? EXIT_FAILURE : EXIT_SUCCESS;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
