/* SPDX-License-Identifier: GPL-2.0 */
/* A collection in a directory of its own, and a snapshot to put into it. */
#ifndef COLLECTION_H
#define COLLECTION_H

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "everything.h"
#include "store/store.h"

#define ALL	(VMW_SNAPSHOT_FLAGS | VMWALK_WALK_F_PHYS)

struct collection {
	char dir[64], path[96];
	struct vmw_error err;
};

static inline int setup_collection(void **state)
{
	struct collection *c = calloc(1, sizeof(*c));

	/* In memory, if there is such a place: not a disk is tested here. */
	snprintf(c->dir, sizeof(c->dir), "%s/vmw-store.XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(c->dir));
	snprintf(c->path, sizeof(c->path), "%s/c.vmwalk", c->dir);
	*state = c;
	return 0;
}

static inline int teardown_collection(void **state)
{
	struct collection *c = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", c->dir);
	assert_int_equal(system(command), 0);
	free(c);
	return 0;
}

static inline struct vmw_store *open_store(struct collection *c,
					   enum vmw_store_mode mode)
{
	struct vmw_store *store = NULL;
	int ret = vmw_store_open(&store, c->path, mode, &c->err);

	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	return store;
}

static inline void fill_info(struct vmw_info *info)
{
	*info = (struct vmw_info){
		.abi = 2, .version = "0.1", .arch = "x86_64",
		.page_shift = SHIFT, .can = VMWALK_CAN_MAPS, .chunk = 256,
		.levels = { { "pgd", 39, 512 }, { "pud", 30, 512 },
			    { "pmd", 21, 512 }, { "pte", 12, 512 } },
		.nr_levels = 4,
		.hugepages = { 2 << 20, 1 << 30 }, .nr_hugepages = 2,
		.bits = { { "_PAGE_PRESENT", 0, 1, 31, 3 },
			  { "_PAGE_PKEY", 59, 4, 1, 1 } },
		.nr_bits = 2,
	};
}

/* Numbers that no other member has. */
static inline void fill_numbers(void *of, size_t bytes, uint64_t seed)
{
	uint64_t *word = of;

	for (size_t i = 0; i < bytes / sizeof(*word); i++)
		word[i] = seed + i;
}

static inline void add_frames(struct fixture *f, uint64_t start, uint32_t pages,
			      uint32_t state, uint64_t frame)
{
	const uint64_t words[] = { VMWALK_EXTENT(pages, state), frame };

	add(f, start, pages, R | W | ANON, 0, NULL);
	assert_int_equal(vmw_aspace_add_extents(&f->as, words, sizeof(words)),
			 0);
}

static inline void fill_vmas(struct fixture *f)
{
	const struct vmw_thread thread = {
		.tid = 78, .comm = "two\nlines", .state = 'S', .has_regs = true,
		.sp = 0x20000800, .pc = ~0ULL, .fs_base = 1ULL << 63,
	};
	const struct vmwalk_tables t = { .pte = 7, .pgd_entries = 1ULL << 33 };
	struct vmw_aspace *as = &f->as;
	struct vmwalk_pages p;

	add_frames(f, 0x10000000, 16, VMWALK_KIND_ANON | WDA,
		   VMWALK_FRAME(0x1234, 0));
	fill_numbers(&p, sizeof(p), 1ULL << 40);
	assert_int_equal(vmw_aspace_add_pages(as, &p), 0);
	assert_int_equal(vmw_aspace_add_tables(as, &t), 0);
	add_frames(f, 0x20000000, 1, VMWALK_KIND_SWAP,
		   VMWALK_FRAME(0xfffff, 3));
	add_frames(f, 0x30000000, 1, VMWALK_KIND_FILE | VMWALK_STATE_MAPS,
		   VMWALK_FRAME((1ULL << VMWALK_FRAME_SHIFT) - 1,
				VMWALK_FRAME_NO_NODE));
	add_frames(f, 0x40000000, UINT32_MAX, VMWALK_KIND_NONE, 0);
	add(f, 0x7f1000000000, 2, R | X | FILE_, 6, HOSTILE);
	add(f, 0xffffffffff600000, 1, X | VMWALK_VMA_F_GATE, 0, "[vsyscall]");
	as->vmas[as->nr_vmas - 1].info.shmem_swapped = PAGE;
	assert_int_equal(vmw_aspace_add_thread(as, &thread), 0);
}

#define GO_HEAP	0x40000000ULL	/* in a VMA that has room for it */

/* Goroutines, one of them without a stack, spans of several runs, labels. */
static inline void fill_runtime(struct vmw_aspace *as)
{
	const struct vmw_g gs[] = {
		{ 7, 0xc000000180, 0x10000000, 0x10002000, 0x10001f00,
		  VMW_G_USER, VMW_G_WAITING, 0, VMW_EVIDENCE_DWARF,
		  0, 0, "chan receive", "main.stay" },
		{ 8, 0xc000000340, 0, 0, 0, VMW_G_USER, VMW_G_DEAD, 0,
		  VMW_EVIDENCE_DWARF, 0, 0, "", "" },
		{ 0, 1ULL << 63, 0x10004000, 0x10006000, 0, VMW_G_G0, 77, 78,
		  VMW_EVIDENCE_TLS, 0, 0, "\033[2J", "ev\xff\nl" },
	};
	const struct vmw_call calls[] = {
		{ 0x401000, 0x10001f40, 1 }, { 0x402000, 0x10001fc0, 0 },
	};
	const struct vmw_label labels[] = {
		{ GO_HEAP, GO_HEAP + (64 << 20), VMW_LABEL_GO_ARENA,
		  VMW_EVIDENCE_DWARF, 1, 0, "arena" },
		{ 0x10008000, 0x10009123, VMW_LABEL_MALLOC_TOP,
		  VMW_EVIDENCE_SHAPE, 0, 0, "top\033[1m" },
	};
	struct vmw_go_span span = {
		.elem_size = 48, .nr_elems = 170, .state = VMW_SPAN_HEAP,
	};
	struct vmw_runtime *rt = &as->runtime;

	for (size_t i = 0; i < sizeof(gs) / sizeof(gs[0]); i++)
		assert_int_equal(vmw_aspace_add_g(as, &gs[i]), 0);
	assert_int_equal(vmw_runtime_add_frames(rt, &rt->gs[0], calls, 2), 0);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_int_equal(vmw_aspace_add_label(as, &labels[i]), 0);
	for (uint64_t at = GO_HEAP; at < GO_HEAP + (9 << 20);
	     at = span.end + (span.nr_used % 3 << 13)) {
		span.start = at;
		span.end = at + (1 + span.nr_used % 5) * 0x2000;
		span.noscan = span.nr_used % 2;
		span.nr_used = (span.nr_used + 1) % 170;
		assert_int_equal(vmw_aspace_add_span(as, &span), 0);
	}
	span = (struct vmw_go_span){
		.start = GO_HEAP + (16 << 20), .end = GO_HEAP + (64 << 20),
		.state = VMW_SPAN_RESERVED,
	};
	assert_int_equal(vmw_aspace_add_span(as, &span), 0);
	rt->known = true;
	strcpy(rt->version, "go1.19.8");
	rt->source = VMW_EVIDENCE_DWARF;
	rt->torn = 3;
	rt->unread = 1U << 31;
	vmw_runtime_note(rt, "nothing\033[2J");
	vmw_runtime_finish(rt);
}

static inline void fill_images(struct vmw_snapshot *s)
{
	static const struct vmw_image images[] = {
		{ 6, 8, 1, "0123456789abcdef" },
		{ 1ULL << 63, 8, 1, "go:abc_-" },
	};

	s->images = malloc(sizeof(images));
	assert_non_null(s->images);
	memcpy(s->images, images, sizeof(images));
	s->nr_images = sizeof(images) / sizeof(images[0]);
}

static inline struct vmw_pte way(uint64_t addr, unsigned int entries, bool page)
{
	struct vmw_pte pte = {
		.addr = addr, .top = 0x1000, .nr_entries = entries,
		.state = page ? VMWALK_KIND_ANON : VMWALK_KIND_NONE,
		.frame = page ? 0x77 : 0, .has_page = page,
		.page = { .pfn = 0x77, .flags = 1ULL << 63, .refcount = -1,
			  .mapcount = 3, .ino = ~0ULL },
	};

	if (!page)
		memset(&pte.page, 0, sizeof(pte.page));
	for (unsigned int i = 0; i < entries; i++)
		pte.entries[i] = (struct vmwalk_entry){
			.level = i ? 3 - i : 4,
			.index = addr >> (39 - 9 * i) & 511,
			.phys = 0x1000 * i, .value = ~0ULL - i,
			.again = i == 3 ? 5 : ~0ULL - i,
			.flags = VMWALK_ENTRY_F_PRESENT |
				 (page && i == 3 ? VMWALK_ENTRY_F_LEAF : 0),
		};
	return pte;
}

static inline void add_ways(struct vmw_snapshot *s)
{
	const struct vmw_pte ways[] = {
		way(0x10000000, 4, true), way(0x10001000, 4, false),
		way(0x10002000, 4, true), way(0x40000000, 3, false),
	};

	assert_int_equal(vmw_ways_span(&s->as, &s->info, &ways[0]), 1);
	assert_int_equal(vmw_ways_span(&s->as, &s->info, &ways[1]), 1);
	assert_int_equal(vmw_ways_span(&s->as, &s->info, &ways[3]), 512);
	for (int i = 0; i < 4; i++)
		assert_int_equal(vmw_ways_add(&s->ways, &s->as, &ways[i],
					      i == 3 ? 512 : 1), 0);
}

static inline struct vmw_snapshot *make(void)
{
	struct vmw_snapshot *s = vmw_snapshot_create();
	struct fixture f = { 0 };
	struct vmw_aspace *as = &f.as;

	fill_info(&s->info);
	vmw_aspace_init(as, SHIFT);
	as->flags = ALL;
	fill_numbers(&as->mm, sizeof(as->mm), 1ULL << 63);
	as->mm.pid = 77;
	as->mm.flags = 1;
	as->mm.reserved = 0;
	as->mm.vmas = 3;
	as->end = (struct vmwalk_end){ 1ULL << 63, 2, 3, 2, 5, 6, 255, 0 };
	assert_int_equal(vmw_aspace_add_swap(as, "/dev/zram0"), 0);
	assert_int_equal(vmw_aspace_add_swap(as, "/swap \xff\033[2J"), 0);
	as->complete = true;
	as->stopped = true;
	as->retries = 2;
	as->can = s->info.can;
	memcpy(as->levels, s->info.levels, sizeof(as->levels));
	as->nr_levels = s->info.nr_levels;
	as->vsyscall = VMW_VSYSCALL_EMULATE;
	strcpy(as->comm, "ev\033\xff\nl");
	strcpy(as->kernel, "6.1.0-test");
	strcpy(as->machine, "x86_64");
	fill_vmas(&f);
	vmw_aspace_finish(as);
	fill_runtime(as);
	s->as = *as;
	fill_images(s);
	s->time = 1700000000123456789;
	strcpy(s->note, "before new(int); DROP TABLE vmas; --'\"");
	strcpy(s->origin.host, "a host");
	strcpy(s->origin.boot, "b00t");
	strcpy(s->origin.exe, "/bin/\xff exe");
	strcpy(s->origin.build_id, "abcdef");
	return s;
}

static inline void append(struct collection *c, struct vmw_snapshot *s)
{
	struct vmw_store *store = open_store(c, VMW_STORE_APPEND);
	int ret = vmw_store_add(store, s, &c->err);

	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	vmw_store_close(store);
}

static inline struct vmw_snapshot *load(struct collection *c, const char *which)
{
	struct vmw_store *store = open_store(c, VMW_STORE_READ);
	struct vmw_snapshot *s = NULL;
	uint64_t number;
	int ret;

	ret = vmw_store_find(store, which, &number, &c->err);
	if (!ret)
		ret = vmw_store_load(store, number, &s, &c->err);
	if (ret)
		fail_msg("%d: %s", ret, c->err.text);
	vmw_store_close(store);
	return s;
}

/* What the process's runtime said, and which its files are. */
static inline void same_runtime(const struct vmw_snapshot *s,
				const struct vmw_snapshot *t)
{
	const struct vmw_runtime *a = &s->as.runtime, *b = &t->as.runtime;

	assert_int_equal(a->known, b->known);
	assert_string_equal(a->version, b->version);
	assert_string_equal(a->note, b->note);
	assert_int_equal(a->source, b->source);
	assert_int_equal(a->torn, b->torn);
	assert_int_equal(a->unread, b->unread);
	assert_int_equal(a->nr_gs, b->nr_gs);
	assert_int_equal(a->nr_spans, b->nr_spans);
	assert_int_equal(a->nr_labels, b->nr_labels);
	if (a->nr_gs)
		assert_memory_equal(a->gs, b->gs, a->nr_gs * sizeof(*a->gs));
	if (a->nr_spans)
		assert_memory_equal(a->spans, b->spans,
				    a->nr_spans * sizeof(*a->spans));
	if (a->nr_labels)
		assert_memory_equal(a->labels, b->labels,
				    a->nr_labels * sizeof(*a->labels));
	assert_int_equal(s->nr_images, t->nr_images);
	if (s->nr_images)
		assert_memory_equal(s->images, t->images,
				    s->nr_images * sizeof(*s->images));
}

static inline int64_t query(struct collection *c, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

#define test_of(f) \
	cmocka_unit_test_setup_teardown(f, setup_collection, teardown_collection)

#endif
