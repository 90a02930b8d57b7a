// SPDX-License-Identifier: GPL-2.0
/* The views as JSON, read back by yajl: complete, and with sums that add up. */
#include <yajl/yajl_tree.h>

#include "everything.h"

static yajl_val parse(const struct fixture *f)
{
	char error[256];
	yajl_val root = yajl_tree_parse(f->text, error, sizeof(error));

	if (!root)
		fail_msg("%s in:\n%s", error, f->text);
	check_tame(f->text);
	return root;
}

static bool has_member(yajl_val v, const char *key)
{
	const char *path[2] = { key };

	return yajl_tree_get(v, path, yajl_t_any);
}

static yajl_val member(yajl_val v, const char *key)
{
	const char *path[2] = { key };

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

	assert_int_equal(vmw_json_extents(out, &f->as, true), 0);
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

/* The first extent of the first VMA, by itself. */
static yajl_val first_extent(struct fixture *f, yajl_val *root)
{
	FILE *out = open_text(f);
	yajl_val vma;

	assert_int_equal(vmw_json_extents(out, &f->as, false), 0);
	fclose(out);
	*root = parse(f);
	vma = YAJL_GET_ARRAY(member(*root, "vmas"))->values[0];
	return YAJL_GET_ARRAY(member(vma, "extents"))->values[0];
}

/* What was not asked for is not there; what cannot be told is null. */
static void json_of_pages_and_frames(void **state)
{
	struct fixture *f = *state;
	yajl_val root, e;

	e = first_extent(f, &root);
	assert_true(YAJL_IS_FALSE(member(e, "soft_dirty")));
	assert_false(has_member(e, "maps"));
	assert_false(has_member(e, "pfn"));
	yajl_tree_free(root);

	f->as.can = 0;
	f->as.flags |= VMWALK_WALK_F_PAGES | VMWALK_WALK_F_PHYS;
	f->as.extents[0].state = VMWALK_KIND_ANON | VMWALK_STATE_KSM |
				 9U << VMWALK_STATE_ORDER_SHIFT |
				 3U << VMWALK_STATE_MAPS_SHIFT |
				 5U << VMWALK_STATE_PKEY_SHIFT;
	f->as.extents[0].frame = VMWALK_FRAME(77, 2);
	e = first_extent(f, &root);
	assert_true(YAJL_IS_NULL(member(e, "soft_dirty")));
	assert_true(YAJL_IS_TRUE(member(e, "ksm")));
	assert_true(YAJL_IS_FALSE(member(e, "shared")));
	assert_int_equal(number(e, "maps"), 3);
	assert_int_equal(number(e, "order"), 9);
	assert_int_equal(number(e, "pkey"), 5);
	assert_int_equal(number(e, "pfn"), 77);
	assert_int_equal(number(e, "node"), 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(json_of_segments_and_vmas),
		test(json_of_extents),
		test(json_of_pages_and_frames),
		test(json_of_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
