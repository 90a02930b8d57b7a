/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_ASM_MMU_H
#define VMW_COMPAT_ASM_MMU_H

#include_next <asm/mmu.h>
#include <compat/config.h>

/* The flags were masks in an unsigned short before they were bit numbers. */
#ifdef VMW_HAVE_MM_CONTEXT_BITS
#define vmw_mm_context_has(mm, flag)	test_bit(flag, &(mm)->context.flags)
#else
#define vmw_mm_context_has(mm, flag)	(READ_ONCE((mm)->context.flags) & (flag))
#endif

#endif
