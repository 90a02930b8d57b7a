// SPDX-License-Identifier: GPL-2.0
/* The way of one address: what follows from it, what is printed, what is refused. */
#include <errno.h>
#include <yajl/yajl_tree.h>

#include "everything.h"
#include "model/pte.h"

#define ADDR	0xc00001c250ULL
#define PRESENT	VMWALK_ENTRY_F_PRESENT
#define LEAF	VMWALK_ENTRY_F_LEAF
#define RWX	(VMWALK_ENTRY_F_WRITE | VMWALK_ENTRY_F_EXEC | \
		 VMWALK_ENTRY_F_USER)
#define AGAIN	VMWALK_ENTRY_F_AGAIN

static const struct vmw_style plain = { .width = 200 };

/* Four levels, and bits that are enough to be mistaken for each other. */
static const struct vmw_info info = {
	.page_shift = SHIFT,
	.levels = {
		{ "pgd", 39, 512 }, { "pud", 30, 512 }, { "pmd", 21, 512 },
		{ "pte", 12, 512 },
	},
	.nr_levels = 4,
	.bits = {
		{ "_PAGE_PRESENT", 0, 1, 0x1f, 3 },
		{ "_PAGE_RW", 1, 1, 0x1f, 3 },
		{ "_PAGE_ACCESSED", 5, 1, 0x1f, 3 },
		{ "_PAGE_PAT", 7, 1, 0x01, 1 },
		{ "_PAGE_PSE", 7, 1, 0x06, 1 },
		{ "_PAGE_GLOBAL", 8, 1, 0x1f, 1 },
		{ "_PAGE_PROTNONE", 8, 1, 0x1f, 4 },
		{ "_PAGE_NOPTISHADOW", 58, 1, 0x10, 2 },
		{ "_PAGE_PKEY_MASK", 59, 4, 0x1f, 1 },
		{ "_PAGE_NX", 63, 1, 0x1f, 3 },
		{ "hostile: no width", 3, 0, 0x1f, 7 },
		{ "hostile: wide, no NUL at", 60, 200, 0x1f, 7 },
		{ "hostile: far", 255, 1, 0x1f, 7 },
	},
	.nr_bits = 13,
};

static int add_entry(struct vmw_pte *pte, uint32_t level, uint64_t value,
		     uint32_t flags)
{
	const struct vmwalk_entry e = {
		.level = level,
		.index = ADDR >> (12 + 9 * (level > 3 ? 3 : level)) & 511,
		.phys = 0x1000 * (level + 1),
		.value = value,
		.again = value,
		.flags = flags | AGAIN,
	};

	return vmw_pte_add_entry(pte, &info, &e);
}

/* A page of 4 KiB; @leaf and @flags are its entry's. */
static struct vmw_pte make_pte(uint64_t leaf, uint32_t flags, uint32_t state)
{
	struct vmw_pte pte = {
		.addr = ADDR, .has_vma = true, .top = 0x5000, .state = state,
		.vma.info = { .start = 0xc000000000, .end = 0xc000400000,
			      .flags = R | W | ANON, .page_shift = SHIFT },
	};

	assert_int_equal(add_entry(&pte, 4, 0x2027, PRESENT | RWX), 0);
	assert_int_equal(add_entry(&pte, 2, 0x3027, PRESENT | RWX), 0);
	assert_int_equal(add_entry(&pte, 1, 0x4027, PRESENT | RWX), 0);
	assert_int_equal(add_entry(&pte, 0, leaf, flags), 0);
	vmw_pte_finish(&pte);
	return pte;
}

static const char *render(struct fixture *f, const struct vmw_pte *pte)
{
	struct vmw_place place = place_at(f, pte->addr);
	FILE *out = open_text(f);

	place.vma = pte->has_vma ? &pte->vma : NULL;
	place.has_state = true;
	place.state = pte->state;
	place.frame = pte->frame;
	assert_int_equal(vmw_render_pte(out, &plain, &info, &f->as, &place,
					pte), 0);
	fclose(out);
	check_tame(f->text);
	return f->text;
}

static const char a_page_in_full[] =
	"0xc00001c250: the top-level table is at physical 0x5000\n"
	"\n"
	"PGD[1]: bits 47..39 of the address, 0x1\n"
	"  entry    0x0000000000002027 at physical 0x5000\n"
	"  bits     _PAGE_PRESENT _PAGE_RW _PAGE_ACCESSED\n"
	"  permits  rwx to user mode\n"
	"  again    the same, read through its physical address\n"
	"\n"
	"PUD[256]: bits 38..30 of the address, 0x100\n"
	"  entry    0x0000000000003027 at physical 0x3000\n"
	"  bits     _PAGE_PRESENT _PAGE_RW _PAGE_ACCESSED\n"
	"  permits  rwx to user mode\n"
	"  again    the same, read through its physical address\n"
	"\n"
	"PMD[0]: bits 29..21 of the address, 0x0\n"
	"  entry    0x0000000000004027 at physical 0x2000\n"
	"  bits     _PAGE_PRESENT _PAGE_RW _PAGE_ACCESSED\n"
	"  permits  rwx to user mode\n"
	"  again    the same, read through its physical address\n"
	"\n"
	"PTE[28]: bits 20..12 of the address, 0x1c\n"
	"  entry    0x8800000000abc0a3 at physical 0x1000\n"
	"  bits     _PAGE_PRESENT _PAGE_RW _PAGE_ACCESSED _PAGE_PAT "
	"_PAGE_PKEY_MASK=1 _PAGE_NX\n"
	"  permits  rw- to user mode; the VMA: rw-\n"
	"  again    the same, read through its physical address\n"
	"\n"
	"  vma      c000000000-c000400000 rw-p, 4096 KiB, +0x1c250\n"
	"  page     c00001c000: present, anonymous, 4K leaf, "
	"writable, dirty, accessed\n"
	"  frame    PFN 0xabc of node 3: the byte is at physical "
	"0xabc250\n"
	"  flags    UPTODATE LRU MMAP ANON\n"
	"  counts   mapped 1 time, 2 references, folio of 1 page\n"
	"  mapping  anonymous, index 0xc00001c\n";

static void a_page(void **state)
{
	struct vmw_pte pte = make_pte(0x8800000000abc0a3ULL, PRESENT | LEAF |
				      VMWALK_ENTRY_F_USER |
				      VMWALK_ENTRY_F_WRITE,
				      VMWALK_KIND_ANON | WDA);

	pte.has_page = true;
	pte.page = (struct vmwalk_page){
		.pfn = 0xabc, .flags = 0x1828, .known = ~0ULL, .node = 3,
		.mapcount = 1, .refcount = 2, .index = 0xc00001c,
	};
	assert_string_equal(render(*state, &pte), a_page_in_full);
}

static void a_missing_entry(void **state)
{
	struct vmw_pte pte = make_pte(0, 0, VMWALK_KIND_NONE);

	contains(render(*state, &pte), "\nstops at PTE: none\n");
	contains(render(*state, &pte), "not present: never touched");
	pte = make_pte(0x1234, 0, VMWALK_KIND_SWAP);
	pte.frame = VMWALK_FRAME(0x77, 1);
	contains(render(*state, &pte), "\nstops at PTE: in swap\n");
	contains(render(*state, &pte), "  swap     area 1, page 0x77 of it\n");
	assert_int_equal(vmw_aspace_add_swap(&((struct fixture *)*state)->as,
					     "/dev/\033[2J"), 0);
	contains(render(*state, &pte), "  swap     area 1, page 0x77 of it, on "
		 "/dev/\\033[2J\n");
	/* Its bits are no permissions. */
	assert_null(strstr(strstr(render(*state, &pte), "PTE["), "bits  "));
	pte = make_pte(0x12, VMWALK_ENTRY_F_BAD, VMWALK_KIND_BAD);
	contains(render(*state, &pte), "\nstops at PTE: bad entry\n");
}

static void a_hidden_page(void **state)
{
	struct vmw_pte pte = make_pte(0xabc122, PRESENT | LEAF,
				      VMWALK_KIND_ANON |
				      VMWALK_STATE_PROTNONE);

	contains(render(*state, &pte), "_PAGE_ACCESSED _PAGE_PROTNONE\n");
	contains(render(*state, &pte), "nothing: hidden from the CPU; the VMA");
	pte.state = VMWALK_KIND_ANON;
	contains(render(*state, &pte), "_PAGE_ACCESSED _PAGE_GLOBAL\n");
}

static void no_vma(void **state)
{
	struct vmw_pte pte = { .addr = 0x40a000 };

	contains(render(*state, &pte), "0x40a000 is in no VMA\n  below ");
	pte.addr = 0xffff888000000000;
	contains(render(*state, &pte), ": no process can map it\n");
}

static void isolation(void **state)
{
	struct vmw_pte pte = make_pte(0xabc027, PRESENT | LEAF | RWX,
				      VMWALK_KIND_ANON);
	struct vmw_permission p;

	pte.entries[0].flags &= ~VMWALK_ENTRY_F_EXEC;
	p = vmw_pte_permission(&pte, 3);
	assert_true(p.isolated && p.exec && p.write && p.user);
	contains(render(*state, &pte), "(page-table isolation)");
	/* Nowhere but at the top. */
	pte.entries[1].flags &= ~VMWALK_ENTRY_F_EXEC;
	assert_false(vmw_pte_permission(&pte, 3).exec);
	assert_true(vmw_pte_permission(&pte, 0).exec);
	pte.entries[2].flags &= ~VMWALK_ENTRY_F_USER;
	assert_false(vmw_pte_permission(&pte, 3).user);
	assert_true(vmw_pte_permission(&pte, 1).user);
	/* One level is enough to forbid it, wherever. */
	pte.entries[1].flags &= ~VMWALK_ENTRY_F_WRITE;
	assert_true(vmw_pte_permission(&pte, 0).write);
	assert_false(vmw_pte_permission(&pte, 3).write);
}

static void agreement(void **state)
{
	struct vmw_pte pte = make_pte(0xabc007, PRESENT | LEAF | RWX,
				      VMWALK_KIND_ANON);
	struct vmwalk_entry *e = &pte.entries[3];

	assert_int_equal(vmw_pte_agreement(&info, e), VMW_SAME);
	assert_true(vmw_pte_consistent(&pte, &info));
	e->again = 0xabc027;
	assert_int_equal(vmw_pte_agreement(&info, e), VMW_SAME_BUT_USED);
	assert_true(vmw_pte_consistent(&pte, &info));
	contains(render(*state, &pte), "the same but for what the CPU notes");
	e->flags = AGAIN;
	assert_int_equal(vmw_pte_agreement(&info, e), VMW_DIFFERENT);
	e->flags = PRESENT | LEAF | AGAIN;
	e->again = 0xabd027;
	assert_int_equal(vmw_pte_agreement(&info, e), VMW_DIFFERENT);
	assert_false(vmw_pte_consistent(&pte, &info));
	contains(render(*state, &pte), "0x0000000000abd027: DIFFERENT");
	e->flags = PRESENT | LEAF;
	assert_int_equal(vmw_pte_agreement(&info, e), VMW_READ_ONCE);
	assert_false(vmw_pte_consistent(&pte, &info));
}

/* What no honest kernel sends. */
static void hostile_entries(void **state)
{
	struct vmw_pte pte = { .addr = ADDR };
	struct vmwalk_entry e = { .level = 4, .index = 512 };

	(void)state;
	assert_int_equal(vmw_pte_add_entry(&pte, &info, &e), -EPROTO);
	e = (struct vmwalk_entry){ .level = 5 };
	assert_int_equal(vmw_pte_add_entry(&pte, &info, &e), -EPROTO);
	e.level = UINT32_MAX;
	assert_int_equal(vmw_pte_add_entry(&pte, &info, &e), -EPROTO);
	/* A level that INFO has not. */
	e.level = 3;
	assert_int_equal(vmw_pte_add_entry(&pte, &info, &e), -EPROTO);
	assert_int_equal(pte.nr_entries, 0);
	assert_null(vmw_pte_last(&pte));
	assert_int_equal(add_entry(&pte, 2, 0, PRESENT), 0);
	assert_int_equal(add_entry(&pte, 2, 0, PRESENT), -EPROTO);
	assert_int_equal(add_entry(&pte, 4, 0, PRESENT), -EPROTO);
	assert_int_equal(pte.nr_entries, 1);
}

static void json(void **state)
{
	const char *name[2] = { "levels", NULL };
	const char *page[3] = { "struct_page", "pfn", NULL };
	struct vmw_pte pte = make_pte(0xabc027, PRESENT | LEAF | RWX,
				      VMWALK_KIND_ANON);
	struct fixture *f = *state;
	struct vmw_place place = place_at(f, ADDR);
	FILE *out = open_text(f);
	char error[256];
	yajl_val root;

	pte.has_page = true;
	pte.page.pfn = 0xabc;
	place.vma = &pte.vma;
	assert_int_equal(vmw_json_pte(out, &info, &f->as, &place, &pte), 0);
	fclose(out);
	root = yajl_tree_parse(f->text, error, sizeof(error));
	assert_non_null(root);
	assert_int_equal(YAJL_GET_ARRAY(yajl_tree_get(root, name, yajl_t_array))
			 ->len, 4);
	assert_string_equal(YAJL_GET_STRING(yajl_tree_get(root, page,
							  yajl_t_string)),
			    "0xabc");
	yajl_tree_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_page),
		test(a_missing_entry),
		test(a_hidden_page),
		test(no_vma),
		test(isolation),
		test(agreement),
		test(hostile_entries),
		test(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
