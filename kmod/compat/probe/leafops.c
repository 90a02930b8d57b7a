// SPDX-License-Identifier: GPL-2.0
#include <linux/leafops.h>

bool probe(pte_t pte);
bool probe(pte_t pte)
{
	return softleaf_is_swap(softleaf_from_pte(pte));
}
