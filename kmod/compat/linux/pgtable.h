/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_PGTABLE_H
#define VMW_COMPAT_LINUX_PGTABLE_H

#include_next <linux/pgtable.h>
#include <compat/config.h>

#ifndef VMW_HAVE_PMDP_GET_LOCKLESS
static inline pmd_t pmdp_get_lockless(pmd_t *pmdp)
{
	return READ_ONCE(*pmdp);
}
#endif

#ifndef VMW_HAVE_PTE_UFFD
/* Userfaultfd had one use for its bit: write protection. */
#define pte_uffd(pte)		pte_uffd_wp(pte)
#define pte_swp_uffd(pte)	pte_swp_uffd_wp(pte)
#endif

#endif
