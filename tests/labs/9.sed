# SPDX-License-Identifier: GPL-2.0
s/^PTE\[.*/PTE/
s/^[0-9]+: consistent:.*//
