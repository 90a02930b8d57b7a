# SPDX-License-Identifier: GPL-2.0
s/ syscall [0-9]+ / syscall TID /
# How many pages the runtime has touched, for stacks and for all else.
s/^([A-Za-z ]+) 65536 .*/\1 65536/
# The last column has what the others leave of the line.
s/runtime\.ma[in]*$/runtime.main/
