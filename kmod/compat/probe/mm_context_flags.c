// SPDX-License-Identifier: GPL-2.0
#include <linux/mm_types.h>

bool probe(struct mm_struct *mm);
bool probe(struct mm_struct *mm)
{
	return mm->context.flags & MM_CONTEXT_HAS_VSYSCALL;
}
