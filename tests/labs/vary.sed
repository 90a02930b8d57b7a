# SPDX-License-Identifier: GPL-2.0
# What differs between two runs of a lab and teaches nothing. Where a program or Go's
# heap begins is kept: 400000, c000.

# Addresses that the kernel chooses at random: of libraries, stacks, PIE programs.
s/\b(0x)?7[0-9a-f]{11}\b/\1RANDOM/g
s/\b(0x)?5[56][0-9a-f]{10}\b/\1RANDOM/g
# Where in the arena Go's allocator puts an object, a span or a stack; the distance
# from the start of its VMA.
s/\b(0x)?c000[0-3][0-9a-f]{5}\b/\1c000....../g
s/\bobject [0-9]+ of\b/object N of/
s/\+0x[0-9a-f]+/+OFFSET/g
# Code and data move with each version of the compiler.
s/\b400000\b/FIRST/g
s/\b[45][0-9a-f]{5}\b/CODE/g
s/FIRST/400000/g
# Numbers that the kernel hands out.
s/\b(pid|thread|process|stack:)( ?)[0-9]+\b/\1\2N/g
s/physical 0x[0-9a-f]+/physical N/g
s/entry +0x[0-9a-f]*[1-9a-f][0-9a-f]* at/entry N at/
# Which sentence it is depends on how often the kernel had to let others go first.
/^([a-z0-9]+: )?(consistent|best effort): /d
# The gate is a VMA, or is none.
s/[0-9]+ VMAs, [0-9]+ extents$/N VMAs, N extents/
# Which node a page comes from is for the machine to say.
s/of node [0-9]+/of node N/
# Columns are as wide as what is in them.
s/ +/ /g
s/ +$//
