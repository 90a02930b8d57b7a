// SPDX-License-Identifier: GPL-2.0
/*
 * Sums of pages and of tables. Few readers ask for them, so they lie beside the
 * VMAs, in arrays that are not there until the first comes.
 */
#include "aspace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Returns @array, which has @nr elements beside the first VMAs, with one for each
 * VMA, moved perhaps, the new ones all 0; NULL for want of memory, and it stays.
 */
static void *reach_last_vma(const struct vmw_aspace *as, void *array, size_t *nr,
			    size_t *room, size_t size)
{
	if (*room < as->nr_vmas) {
		array = reallocarray(array, as->room_vmas, size);
		if (!array)
			return NULL;
		*room = as->room_vmas;
	}
	for (; *nr < as->nr_vmas; ++*nr)
		memset((char *)array + *nr * size, 0, size);
	return array;
}

int vmw_aspace_add_pages(struct vmw_aspace *as, const struct vmwalk_pages *p)
{
	struct vmwalk_pages *pages;

	if (!as->nr_vmas)
		return -EPROTO;
	pages = reach_last_vma(as, as->pages, &as->nr_pages, &as->room_pages,
			       sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	as->pages = pages;
	vmw_pages_add(&pages[as->nr_vmas - 1], p);
	return 0;
}

int vmw_aspace_add_tables(struct vmw_aspace *as, const struct vmwalk_tables *t)
{
	struct vmwalk_tables *tables;

	if (!as->nr_vmas)
		return -EPROTO;
	tables = reach_last_vma(as, as->tables, &as->nr_tables, &as->room_tables,
				sizeof(*tables));
	if (!tables)
		return -ENOMEM;
	as->tables = tables;
	vmw_tables_add(&tables[as->nr_vmas - 1], t);
	return 0;
}

const struct vmwalk_pages *vmw_vma_pages(const struct vmw_aspace *as,
					 const struct vmw_vma *vma)
{
	static const struct vmwalk_pages none;
	const size_t i = vma - as->vmas;

	return i < as->nr_pages ? &as->pages[i] : &none;
}

const struct vmwalk_tables *vmw_vma_tables(const struct vmw_aspace *as,
					   const struct vmw_vma *vma)
{
	static const struct vmwalk_tables none;
	const size_t i = vma - as->vmas;

	return i < as->nr_tables ? &as->tables[i] : &none;
}

void vmw_pages_add(struct vmwalk_pages *sum, const struct vmwalk_pages *p)
{
	sum->pss += p->pss;
	sum->pss_anon += p->pss_anon;
	sum->pss_file += p->pss_file;
	sum->pss_shmem += p->pss_shmem;
	sum->pss_dirty += p->pss_dirty;
	sum->pss_locked += p->pss_locked;
	sum->shared_clean += p->shared_clean;
	sum->shared_dirty += p->shared_dirty;
	sum->private_clean += p->private_clean;
	sum->private_dirty += p->private_dirty;
	sum->referenced += p->referenced;
	sum->ksm += p->ksm;
	sum->lazyfree += p->lazyfree;
}

void vmw_tables_add(struct vmwalk_tables *sum, const struct vmwalk_tables *t)
{
	sum->pte += t->pte;
	sum->pmd += t->pmd;
	sum->pud += t->pud;
	sum->p4d += t->p4d;
	sum->deposited += t->deposited;
	sum->pte_entries += t->pte_entries;
	sum->pmd_entries += t->pmd_entries;
	sum->pud_entries += t->pud_entries;
	sum->p4d_entries += t->p4d_entries;
	sum->pgd_entries += t->pgd_entries;
}

uint64_t vmw_tables_bytes(const struct vmw_aspace *as,
			  const struct vmwalk_tables *t)
{
	const uint64_t nr = (uint64_t)t->pte + t->pmd + t->pud + t->deposited;

	return nr << as->page_shift;
}
