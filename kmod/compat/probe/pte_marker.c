// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>

bool probe(swp_entry_t entry);
bool probe(swp_entry_t entry)
{
	return is_pte_marker_entry(entry);
}
