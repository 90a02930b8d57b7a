// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/mmap_lock.h>

bool probe(struct mm_struct *mm, unsigned int *seq);
bool probe(struct mm_struct *mm, unsigned int *seq)
{
	return mmap_lock_speculate_try_begin(mm, seq) && !mmap_lock_speculate_retry(mm, *seq);
}
