// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/pgtable.h>

bool probe(pte_t pte);
bool probe(pte_t pte)
{
	return pte_uffd(pte) || pte_swp_uffd(pte);
}
