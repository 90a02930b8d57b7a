// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>

unsigned long probe(swp_entry_t entry);
unsigned long probe(swp_entry_t entry)
{
	return is_pfn_swap_entry(entry) ? swp_offset_pfn(entry) : 0;
}
