# SPDX-License-Identifier: GPL-2.0
# With page-table isolation no entry is global.
s/ _PAGE_GLOBAL//
