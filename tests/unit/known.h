/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything (everything.h), all that can be known of it beside, and a second reading
 * of it a moment later. What has a name is called @name.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "everything.h"

#define GO_ARENA	0xc000000000ULL

static inline void add_stacks(struct vmw_runtime *rt, const char *name,
			      bool later)
{
	struct vmw_g gs[] = {
		{ .id = 1, .lo = GO_ARENA, .hi = GO_ARENA + 2048,
		  .sp = GO_ARENA + 1024, .status = VMW_G_WAITING,
		  .source = VMW_EVIDENCE_DWARF },
		{ .id = later ? 71 : 7, .lo = GO_ARENA + 2048,
		  .hi = GO_ARENA + 4096, .status = VMW_G_RUNNING, .tid = 77,
		  .source = VMW_EVIDENCE_DWARF },
		{ .kind = VMW_G_G0, .lo = 0x7ffc0001e000, .hi = 0x7ffc00021000,
		  .tid = 76, .source = VMW_EVIDENCE_DWARF },
	};

	for (size_t i = 0; i < sizeof(gs) / sizeof(gs[0]); i++) {
		snprintf(gs[i].start, sizeof(gs[i].start), "%s", name);
		snprintf(gs[i].wait, sizeof(gs[i].wait), "%s", name);
		assert_int_equal(vmw_runtime_add_g(rt, &gs[i]), 0);
	}
}

static inline void add_runtime(struct fixture *f, const char *name, bool later)
{
	struct vmw_runtime *rt = &f->as.runtime;
	const struct vmw_go_span spans[] = {
		{ .start = GO_ARENA, .end = GO_ARENA + 2 * PAGE,
		  .elem_size = 2048, .nr_elems = 4, .state = VMW_SPAN_STACK },
		{ .start = GO_ARENA + 2 * PAGE, .end = GO_ARENA + 4 * PAGE,
		  .elem_size = 48, .nr_elems = 170, .nr_used = later ? 9 : 8,
		  .state = VMW_SPAN_HEAP, .noscan = 1 },
		{ .start = GO_ARENA + 4 * PAGE, .end = GO_ARENA + 1024 * PAGE,
		  .state = VMW_SPAN_SCAVENGED },
	};
	struct vmw_label labels[] = {
		{ .start = GO_ARENA, .end = GO_ARENA + 2048 * PAGE, .sure = 1,
		  .kind = VMW_LABEL_GO_ARENA, .source = VMW_EVIDENCE_DWARF },
		{ .start = 0x7f0000001000, .end = 0x7f0000003000,
		  .kind = VMW_LABEL_GO_RUNTIME, .source = VMW_EVIDENCE_DWARF },
		{ .start = 0x800000, .end = later ? 0x805000 : 0x803000,
		  .kind = VMW_LABEL_MALLOC_BRK, .source = VMW_EVIDENCE_SHAPE },
	};
	struct vmw_runtime_symbol symbol = {
		.asked = 0x400010, .start = 0x400008, .size = 99,
	};

	rt->known = true;
	rt->source = VMW_EVIDENCE_DWARF;
	snprintf(rt->version, sizeof(rt->version), "%s", name);
	snprintf(symbol.name, sizeof(symbol.name), "%s", name);
	vmw_runtime_note(rt, "what lies in %s", name);
	add_stacks(rt, name, later);
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_int_equal(vmw_runtime_add_span(rt, &spans[i]), 0);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		snprintf(labels[i].name, sizeof(labels[i].name), "%s", name);
		assert_int_equal(vmw_runtime_add_label(rt, &labels[i]), 0);
	}
	assert_int_equal(vmw_runtime_add_symbol(rt, &symbol), 0);
	vmw_runtime_finish(rt);
}

static inline void add_tables(struct fixture *f)
{
	static const struct vmwalk_level levels[] = {
		{ "pgd", 39, 512 }, { "pud", 30, 512 }, { "pmd", 21, 512 },
		{ "pte", 12, 512 },
	};
	static const struct vmwalk_tables none, first = {
		.pte = 1, .pmd = 1, .pud = 1, .pte_entries = 3,
		.pmd_entries = 1, .pud_entries = 1, .pgd_entries = 1,
	};

	memcpy(f->as.levels, levels, sizeof(levels));
	f->as.nr_levels = 4;
	assert_int_equal(vmw_aspace_add_tables(&f->as, &none), 0);
	f->as.tables[0] = first;
	f->as.mm.page_tables = 6 * PAGE;
}

/* A frame for each page that has one; what was written since has another. */
static inline void add_frames(struct fixture *f, bool later)
{
	for (size_t i = 0; i < f->as.nr_extents; i++) {
		struct vmw_extent *e = &f->as.extents[i];

		if (vmw_state_present(e->state))
			e->frame = VMWALK_FRAME(0x1000 + (e->start >> SHIFT) % 4096 +
						(later && e->start == 0x800000),
						0);
	}
}

static inline struct fixture *make_known(const char *name, bool later)
{
	struct fixture *f = make_fixture(later);

	f->as.flags |= VMWALK_WALK_F_PHYS | VMWALK_WALK_F_PAGES |
		       VMWALK_WALK_F_ABSENCE | VMWALK_WALK_F_TABLES;
	add_runtime(f, name, later);
	add_tables(f);
	add_frames(f, later);
	vmw_segments_deinit(&f->segs);
	assert_int_equal(vmw_classify(&f->as, &f->segs), 0);
	return f;
}

/* The way of GO_ARENA's first page. To be deinited. */
static inline struct vmw_pte make_way(struct vmw_info *info)
{
	static const struct vmwalk_entry_bit bits[] = {
		{ "_PAGE_PRESENT", 0, 1, 0x1f, 3 },
		{ "_PAGE_RW", 1, 1, 0x1f, 3 },
		{ "_PAGE_ACCESSED", 5, 1, 0x1f, 3 },
		{ "_PAGE_DIRTY", 6, 1, 0x1f, 3 },
		{ "_PAGE_SOFT_DIRTY", 11, 1, 0x1f, 3 },
		{ "_PAGE_NX", 63, 1, 0x1f, 3 },
	};
	struct vmw_pte pte = {
		.addr = GO_ARENA + 0x10, .has_vma = true, .top = 0x5000,
		.state = VMWALK_KIND_ANON | WDA, .has_page = true,
		.vma.info = { .start = GO_ARENA, .end = GO_ARENA + 1024 * PAGE,
			      .flags = R | W | ANON, .page_shift = SHIFT },
		.page = { .pfn = 0x1234, .flags = 0x1868, .mapcount = 1,
			  .refcount = 2, .node = VMWALK_FRAME_NO_NODE },
	};

	memset(info, 0, sizeof(*info));
	info->page_shift = SHIFT;
	info->nr_levels = 4;
	info->nr_bits = sizeof(bits) / sizeof(bits[0]);
	memcpy(info->bits, bits, sizeof(bits));
	for (uint32_t i = 0; i < 4; i++) {
		static const char *const names[] = { "pgd", "pud", "pmd", "pte" };
		struct vmwalk_entry e = {
			.level = i ? 3 - i : 4, .phys = 0x1000 * (i + 1),
			.index = pte.addr >> (39 - 9 * i) & 511,
			.value = i < 3 ? 0x2067 : 0x8000000001234867,
			.flags = VMWALK_ENTRY_F_PRESENT | VMWALK_ENTRY_F_WRITE |
				 VMWALK_ENTRY_F_USER | VMWALK_ENTRY_F_AGAIN |
				 (i < 3 ? VMWALK_ENTRY_F_EXEC :
					  VMWALK_ENTRY_F_LEAF),
		};

		e.again = e.value;
		strcpy(info->levels[i].name, names[i]);
		info->levels[i].shift = 39 - 9 * i;
		info->levels[i].entries = 512;
		assert_int_equal(vmw_pte_add_entry(&pte, info, &e), 0);
	}
	vmw_pte_finish(&pte);
	return pte;
}

#endif
