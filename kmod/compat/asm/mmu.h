/* SPDX-License-Identifier: GPL-2.0 */
/* Does the vsyscall page belong to this mm? Three ways to keep one bit. */
#ifndef VMW_COMPAT_ASM_MMU_H
#define VMW_COMPAT_ASM_MMU_H

#include_next <asm/mmu.h>
#include <compat/config.h>

#if defined(VMW_HAVE_MM_CONTEXT_BITS)
#define vmw_mm_has_vsyscall(mm)	test_bit(MM_CONTEXT_HAS_VSYSCALL, &(mm)->context.flags)
#elif defined(VMW_HAVE_MM_CONTEXT_FLAGS)
#define vmw_mm_has_vsyscall(mm)	(READ_ONCE((mm)->context.flags) & MM_CONTEXT_HAS_VSYSCALL)
#else
#define vmw_mm_has_vsyscall(mm)	(!READ_ONCE((mm)->context.ia32_compat))
#endif

#endif
