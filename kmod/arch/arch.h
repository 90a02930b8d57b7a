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

#endif
