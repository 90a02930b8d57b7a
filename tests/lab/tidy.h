/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For clang's analyzer alone, after the kernel's own configuration: a call that is
 * patched at boot hands over registers, which begin as variables set to themselves. It
 * would look no further than the first of them.
 */
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_XXL
#undef CONFIG_PARAVIRT_SPINLOCKS
