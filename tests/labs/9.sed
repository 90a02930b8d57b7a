# SPDX-License-Identifier: GPL-2.0
s/^PTE\[.*/PTE/
