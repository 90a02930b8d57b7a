// SPDX-License-Identifier: GPL-2.0
/*
 * Every word that a reader prints is explained, and every explanation names
 * something of every kernel; what is shown is of the kernel at hand.
 */
#include <ctype.h>

#include "everything.h"
#include "render/explain.h"

#define NR(a) (sizeof(a) / sizeof((a)[0]))

static const struct vmw_style plain = { .width = 200 };

static bool is_word(const char *reader, const char *word)
{
	for (size_t i = 0; i < vmw_nr_topics; i++)
		if (vmw_topic_is_of(&vmw_topics[i], reader) &&
		    vmw_topic_is_called(&vmw_topics[i], word))
			return true;
	return false;
}

static void check_word(const char *reader, const char *word)
{
	if (!is_word(reader, word))
		fail_msg("%s prints '%s': not in explain.tbl", reader, word);
}

static void check_words(const char *reader, const char *text, size_t len)
{
	char line[1024], *rest = line;

	assert_true(len < sizeof(line));
	memcpy(line, text, len);
	line[len] = '\0';
	for (char *word; (word = strsep(&rest, "\n "));)
		if (*word)
			check_word(reader, word);
}

static void kinds(void **state)
{
	(void)state;
	for (int kind = 0; kind <= VMWALK_KIND_MAX; kind++) {
		check_word("extents", vmw_kind_name(kind));
		check_word("where", vmw_kind_name(kind));
		check_word("pte", vmw_kind_name(kind));
	}
	for (int kind = 0; kind < VMW_SEG_KINDS; kind++) {
		check_word("show", vmw_segment_kind_name(kind));
		check_word("map", vmw_segment_kind_name(kind));
		check_word("where", vmw_segment_kind_name(kind));
	}
}

static void page_flags(void **state)
{
	size_t nr = 0;

	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++)
		if (vmw_page_flag_name(bit)) {
			check_word("pte", vmw_page_flag_name(bit));
			nr++;
		}
	assert_true(nr > 30);
}

/* Long ones by how they begin: "reserved (PROT_NONE), an access ...". */
static void reasons(void **state)
{
	char word[64];

	(void)state;
	for (int reason = 0; reason < VMW_REASONS; reason++) {
		const char *text = vmw_reason_text(reason);
		int len = strcspn(text, ",:(");

		len -= text[len] == '(';
		snprintf(word, sizeof(word), "%.*s", len, text);
		check_word("extents", word);
		check_word("where", word);
	}
}

static void columns(void **state)
{
	struct fixture *f = *state;
	const char *head;
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_show(out, &plain, &f->as, &f->segs), 0);
	fclose(out);
	head = strstr(f->text, "SEGMENT");
	assert_non_null(head);
	check_words("show", head, strcspn(head, "\n"));

	out = open_text(f);
	assert_int_equal(vmw_render_maps(out, &plain, &f->as), 0);
	fclose(out);
	check_words("maps", f->text, strcspn(f->text, "\n"));
}

/* A sign of extents: a word, a value after its word, or several in a row. */
static void check_sign(const char *reader, const char *sign)
{
	char word[64], letter[2] = "";

	if (is_word(reader, sign))
		return;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(sign, "=:0123456789"),
		 sign);
	if (!*word || is_word(reader, word))
		return;
	if (strlen(sign) > 7)
		check_word(reader, sign);
	for (; *sign; sign++) {
		letter[0] = *sign;
		if (*sign != '-')
			check_word(reader, letter);
	}
}

/* What the line of an extent in state @s says of it. */
static void check_extent(struct fixture *f, uint32_t s)
{
	const size_t len = strlen(vmw_kind_name(vmw_state_kind(s)));
	char *line, *rest;
	FILE *out;

	f->as.extents[0].state = s;
	f->as.extents[0].frame = VMWALK_FRAME(0x1234, 1);
	out = open_text(f);
	assert_int_equal(vmw_render_extents(out, &plain, &f->as, false), 0);
	fclose(out);
	line = strchr(f->text, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	rest = strstr(line, vmw_kind_name(vmw_state_kind(s)));
	assert_non_null(rest);
	rest += len;
	for (char *sign; (sign = strsep(&rest, " ,"));)
		check_sign("extents", sign);
}

static void extents(void **state)
{
	for (int kind = 0; kind <= VMWALK_KIND_MAX; kind++) {
		check_extent(*state, kind);
		for (int bit = 4; bit < 32; bit++)
			check_extent(*state, kind | 1U << bit);
	}
}

/* "present, anonymous, 4K leaf, writable": phrases, or words of them. */
static void check_place(struct fixture *f, uint32_t s)
{
	struct vmw_place place = place_at(f, 0x400000);
	char *phrase, *rest;
	FILE *out;

	place.state = s;
	out = open_text(f);
	assert_int_equal(vmw_render_where(out, &plain, &f->as, &place, 1), 0);
	fclose(out);
	rest = strstr(f->text, ": present");
	assert_non_null(rest);
	rest[strcspn(rest, "\n")] = '\0';
	rest += 2;
	while ((phrase = strsep(&rest, ","))) {
		phrase += strspn(phrase, " ");
		if (!is_word("where", phrase))
			check_words("where", phrase, strlen(phrase));
	}
}

static void where(void **state)
{
	for (int kind = 0; kind <= VMWALK_KIND_MAX; kind++)
		for (int bit = 4; vmw_state_present(kind) && bit < 32; bit++)
			check_place(*state, kind | 1U << bit);
}

/* The signs of the map, after its last empty line. */
static void legend(void **state)
{
	static const char *const words[] = {
		"resident", "over 2/3", "over 1/3", "less", "in swap",
		"not in RSS", "no page",
	};
	struct fixture *f = *state;
	const char *last = NULL;
	size_t len = 0;
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_map(out, &plain, &f->as, &f->segs), 0);
	fclose(out);
	for (const char *s = f->text; (s = strstr(s, "\n\n")); s++)
		last = s + 2;
	assert_non_null(last);
	for (size_t i = 0; i < NR(words); i++) {
		contains(last, words[i]);
		check_word("map", words[i]);
		len += 2 + strlen(words[i]) + 2;
	}
	/* There are no others: each has a sign, and a gap but for the first. */
	assert_int_equal(strcspn(last, "\n"), len - 2);
}

/* What the word stands for is in the kernel's sources itself: it may go. */
static bool may_end(const struct vmw_topic *t)
{
	return strstr(t->symbols[0].name, t->name);
}

/* From the first series that has a symbol of @t on, all have one. */
static bool goes_on(const struct vmw_topic *t, const char *machine)
{
	struct vmw_kernel k = { .machine = machine };
	bool has = false, had = false, ended = false;

	for (unsigned int major = 5; major < 9; major++)
		for (unsigned int minor = 0; minor < 25; minor++) {
			k.series = VMW_SERIES(major, minor);
			has = vmw_topic_has(t, &k);
			if (has && ended)
				return false;
			had |= has;
			ended = had && !has;
		}
	return has || !had || may_end(t);
}

static void every_series_has_symbols(void **state)
{
	const struct vmw_kernel x86 = { VMW_SERIES_MAX, "x86_64" };

	(void)state;
	for (size_t i = 0; i < vmw_nr_topics; i++) {
		const struct vmw_topic *t = &vmw_topics[i];

		if (!strncmp(t->text, "vmwalk's own: ", 14)) {
			assert_int_equal(t->nr_symbols, 0);
			continue;
		}
		if (!t->nr_symbols || !goes_on(t, "x86_64") ||
		    !goes_on(t, "aarch64"))
			fail_msg("%s: not of every series", t->name);
		if (!vmw_topic_has(t, &x86) && !may_end(t))
			fail_msg("%s: nothing of x86", t->name);
	}
}

static void lines_are_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < vmw_nr_topics; i++) {
		const struct vmw_topic *t = &vmw_topics[i];

		if (strlen(t->text) > 160)
			fail_msg("%s: a long story", t->name);
		assert_true(islower(*t->text) || isupper(*t->text));
		for (size_t k = 0; k < t->nr_symbols; k++)
			assert_true(strlen(t->symbols[k].name) +
				    strlen(t->symbols[k].file) < 74);
	}
}

static const char *explain(struct fixture *f, unsigned int series,
			   const char *machine, const char *name)
{
	const struct vmw_kernel kernel = { series, machine };
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_explain_word(out, &plain, &kernel, name),
			 0);
	fclose(out);
	return f->text;
}

static void of_the_kernel_at_hand(void **state)
{
	const char *text;

	text = explain(*state, VMW_SERIES(6, 1), "x86_64", "resident");
	contains(text, "Linux 6.1 on x86_64\n");
	contains(text, "mm_rss_stat.count ");
	contains(text, " include/linux/mm_types_task.h\n");
	assert_null(strstr(text, "percpu_counter"));
	text = explain(*state, VMW_SERIES(6, 2), "x86_64", "RESIDENT");
	contains(text, "percpu_counter.count ");
	assert_null(strstr(text, "mm_rss_stat.count"));

	text = explain(*state, VMW_SERIES(6, 1), "x86_64", "w");
	contains(text, "_PAGE_RW ");
	assert_null(strstr(text, "PTE_WRITE"));
	text = explain(*state, VMW_SERIES(6, 1), "aarch64", "writable");
	contains(text, "PTE_WRITE ");
	assert_null(strstr(text, "_PAGE_RW"));
	contains(explain(*state, VMW_SERIES(6, 1), "aarch64", "_PAGE_RW"),
		 "not in this kernel");
}

static void of_one_reader(void **state)
{
	const struct vmw_style narrow = { .width = 40 };
	const struct vmw_kernel kernel = { VMW_SERIES_MAX, "x86_64" };
	struct fixture *f = *state;
	FILE *out = open_text(f);

	assert_int_equal(vmw_render_explain_reader(out, &narrow, &kernel,
						   "maps"), 0);
	fclose(out);
	check_tame(f->text);
	contains(f->text, "\nPERM\n");
	contains(f->text, "\nSWAPPED, swapped\n  in swap: swap entries, and pages of\n"
			  "  shmem objects");
	assert_null(strstr(f->text, "\nHUGETLB\n"));

	out = open_text(f);
	assert_int_equal(vmw_render_explain_reader(out, &plain, &kernel,
						   "pte"), 0);
	fclose(out);
	contains(f->text, "\n_PAGE_NX\n");
	assert_null(strstr(f->text, "\nPTE_UXN\n"));
}

static void series(void **state)
{
	(void)state;
	assert_int_equal(vmw_series_of("6.1.0-56-cloud-amd64"),
			 VMW_SERIES(6, 1));
	assert_int_equal(vmw_series_of("5.10"), VMW_SERIES(5, 10));
	assert_true(VMW_SERIES(5, 10) > VMW_SERIES(5, 9));
	assert_true(vmw_series_of("next-20261123") == VMW_SERIES_MAX);
}

static void names(void **state)
{
	const struct vmw_topic t = {
		.name = "d, dirty, not clean", .readers = " show map ",
	};

	(void)state;
	assert_true(vmw_topic_is_called(&t, "d"));
	assert_true(vmw_topic_is_called(&t, "DIRTY"));
	assert_true(vmw_topic_is_called(&t, "not clean"));
	assert_false(vmw_topic_is_called(&t, "clean"));
	assert_false(vmw_topic_is_called(&t, "dirt"));
	assert_false(vmw_topic_is_called(&t, ""));
	assert_true(vmw_topic_is_of(&t, "map"));
	assert_false(vmw_topic_is_of(&t, "maps"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(kinds),
		test(page_flags),
		test(reasons),
		test(columns),
		test(extents),
		test(where),
		test(legend),
		test(every_series_has_symbols),
		test(lines_are_short),
		test(of_the_kernel_at_hand),
		test(of_one_reader),
		test(series),
		test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
