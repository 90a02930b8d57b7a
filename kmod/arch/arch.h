/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_ARCH_H
#define VMW_ARCH_H

#if defined(CONFIG_X86_64)
#include "x86.h"
#elif defined(CONFIG_ARM64)
#include "arm64.h"
#else
#error "vmwalk knows the page tables of x86-64 and arm64 only"
#endif

/* The upper levels, where what was built is what is used. */
#ifndef VMW_PGD_SHIFT
#define VMW_PGD_SHIFT		PGDIR_SHIFT
#define VMW_PGD_ENTRIES		PTRS_PER_PGD
#define VMW_P4D_ENTRIES		PTRS_PER_P4D
#endif

#endif
