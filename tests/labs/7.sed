# SPDX-License-Identifier: GPL-2.0
# What the gate permits is for lab 8.
/^f+600000-/d
# Threads come when they come.
/^\[New LWP/d
# How much of each was touched; lines of Go's source.
s/^(text|rodata|data|bss|heap|anon|vvar|Go arena|Go runtime|total) .*/\1/
s/^((400000|CODE|c000\.+|c00400000|RANDOM)-[^ ]+ [-rwxp]{4}) [0-9a-f]{8} .*/\1/
s/line [0-9]+/line N/
s/\.(go|s):[0-9]+/.\1:N/
s/^[0-9]+\t?( ?in )/N\1/
s/^( ?[0-9]) [-0-9]+ [0-9:.]+ ([^ ]+) [0-9]+ quiz [0-9]+ [0-9]+ [0-9]+/\1 \2 quiz/
