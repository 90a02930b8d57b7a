// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/*
 * What a snapshot takes in a collection, in bytes: the first one, and one in which
 * little has changed since. Bounds are a tenth above what was measured.
 */
#include "collection.h"

#define VMAS		10000
#define EXTENTS		100000

static off_t size_of(const struct collection *c)
{
	struct stat st;

	assert_int_equal(stat(c->path, &st), 0);
	return st.st_size;
}

/* A process of no pages yet, the same each time. */
static struct vmw_snapshot *begin(struct fixture *f)
{
	struct vmw_snapshot *s = vmw_snapshot_create();

	memset(f, 0, sizeof(*f));
	fill_info(&s->info);
	vmw_aspace_init(&f->as, SHIFT);
	f->as.flags = VMW_SNAPSHOT_FLAGS;
	f->as.mm.pid = 77;
	f->as.mm.task_size = 1ULL << 47;
	f->as.nr_levels = s->info.nr_levels;
	strcpy(s->origin.exe, "/bin/target");
	return s;
}

static void end(struct fixture *f, struct vmw_snapshot *s)
{
	vmw_aspace_finish(&f->as);
	s->as = f->as;
}

/* As the target of the bench: by turns read-only and not, every third touched. */
static struct vmw_snapshot *many_vmas(uint64_t changed)
{
	const struct vmwalk_pages touched = {
		.pss = PAGE << 12, .pss_anon = PAGE << 12, .pss_dirty = PAGE << 12,
		.private_dirty = PAGE, .referenced = PAGE,
	};
	struct fixture f;
	struct vmw_snapshot *s = begin(&f);

	for (uint64_t i = 0; i < VMAS; i++) {
		add(&f, 0x7f1234567000 + i * PAGE, 1, R | (i % 2 ? W : 0) | ANON,
		    0, NULL);
		if (i % 3 && i != changed) {
			extent(&f, 1, VMWALK_KIND_NONE);
			continue;
		}
		extent(&f, 1, VMWALK_KIND_ANON | VMWALK_STATE_DIRTY |
		       (i % 2 ? VMWALK_STATE_WRITE : 0));
		assert_int_equal(vmw_aspace_add_pages(&f.as, &touched), 0);
	}
	end(&f, s);
	return s;
}

/* One VMA, every other page of it touched. */
static struct vmw_snapshot *many_extents(uint64_t changed)
{
	struct fixture f;
	struct vmw_snapshot *s = begin(&f);

	add(&f, 0x7f1234567000, EXTENTS + 1, R | W | ANON, 0, NULL);
	for (uint64_t i = 0; i < EXTENTS; i++)
		extent(&f, 1 + (i + 1 == changed),
		       i % 2 ? VMWALK_KIND_NONE : VMWALK_KIND_ANON | WDA);
	end(&f, s);
	return s;
}

static off_t append_one(struct collection *c, struct vmw_snapshot *s)
{
	const off_t before = access(c->path, F_OK) ? 0 : size_of(c);

	append(c, s);
	vmw_snapshot_destroy(s);
	return size_of(c) - before;
}

static off_t empty(struct collection *c)
{
	struct fixture f;
	struct vmw_snapshot *s = begin(&f);
	off_t size;

	end(&f, s);
	size = append_one(c, s);
	unlink(c->path);
	return size;
}

static void measure(struct collection *c, struct vmw_snapshot *(*make)(uint64_t n),
		    const char *what, off_t most_first, off_t most_after)
{
	const off_t bare = empty(c);
	const off_t first = append_one(c, make(0)) - bare;
	const off_t same = append_one(c, make(0)), one = append_one(c, make(7));

	print_message("%s: %lld bytes; again %lld; with one changed %lld; a "
		      "collection of nothing %lld\n", what, (long long)first,
		      (long long)same, (long long)one, (long long)bare);
	assert_true(bare <= 56320);
	assert_true(first <= most_first);
	assert_true(same <= 1024);
	assert_true(one <= most_after);
}

static void vmas(void **state)
{
	measure(*state, many_vmas, "10,000 VMAs", 312000, 4096);
}

static void extents(void **state)
{
	measure(*state, many_extents, "100,000 extents", 221000, 221000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(vmas),
		test_of(extents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
