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

#endif
