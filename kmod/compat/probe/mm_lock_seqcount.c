// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/seqlock.h>

bool probe(struct mm_struct *mm);
bool probe(struct mm_struct *mm)
{
	return read_seqcount_retry(&mm->mm_lock_seq, 0);
}
