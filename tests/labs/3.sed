# SPDX-License-Identifier: GPL-2.0
s/^ *[0-9]+ frame/TID frame/
s/^PTE\[.*/PTE/
s/^ *TID/TID/
