/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sequence that counts every write lock of an mm. Without it these never
 * promise anything.
 */
#ifndef VMW_COMPAT_LINUX_MMAP_LOCK_H
#define VMW_COMPAT_LINUX_MMAP_LOCK_H

#include_next <linux/mmap_lock.h>
#include <compat/config.h>

#ifdef VMW_HAVE_MMAP_LOCK_SPECULATE
#define VMW_HAS_MM_SEQUENCE	IS_ENABLED(CONFIG_PER_VMA_LOCK)
#elif defined(VMW_HAVE_MM_LOCK_SEQCOUNT)
#define VMW_HAS_MM_SEQUENCE	1

#include <linux/seqlock.h>

static inline bool mmap_lock_speculate_try_begin(struct mm_struct *mm, unsigned int *seq)
{
	*seq = raw_read_seqcount(&mm->mm_lock_seq);
	return !(*seq & 1);
}

static inline bool mmap_lock_speculate_retry(struct mm_struct *mm, unsigned int seq)
{
	return read_seqcount_retry(&mm->mm_lock_seq, seq);
}
#else
#define VMW_HAS_MM_SEQUENCE	0

static inline bool mmap_lock_speculate_try_begin(struct mm_struct *mm, unsigned int *seq)
{
	return false;
}

static inline bool mmap_lock_speculate_retry(struct mm_struct *mm, unsigned int seq)
{
	return true;
}
#endif

#endif
