# SPDX-License-Identifier: GPL-2.0
s/^(MemTotal|SwapTotal): .*/\1/
# A page table more or less, by where it begins.
s/^(stack:N 67108868 [0-9]+) .*/\1/
