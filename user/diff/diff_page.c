// SPDX-License-Identifier: GPL-2.0
/* What there is to say of one page, by what it was and what it is. */
#include "diff.h"

/* Present before and after. */
static uint32_t present_changes(uint32_t a, uint32_t b)
{
	const uint32_t access = VMWALK_STATE_WRITE | VMWALK_STATE_EXEC |
				VMWALK_STATE_PROTNONE;
	const bool anon = vmw_state_kind(b) == VMWALK_KIND_ANON;
	uint32_t changes = 0;

	if (vmw_state_kind(a) != vmw_state_kind(b))
		return anon ? 1U << VMW_PAGE_COPIED :
			      1U << VMW_PAGE_DROPPED | 1U << VMW_PAGE_FAULTED;
	if (anon && a & VMWALK_STATE_KSM && !(b & VMWALK_STATE_KSM))
		changes |= 1U << VMW_PAGE_COPIED;
	if ((a & VMWALK_STATE_LEVEL) < (b & VMWALK_STATE_LEVEL))
		changes |= 1U << VMW_PAGE_COLLAPSED;
	if ((a & VMWALK_STATE_LEVEL) > (b & VMWALK_STATE_LEVEL))
		changes |= 1U << VMW_PAGE_SPLIT;
	if (~a & b & VMWALK_STATE_DIRTY)
		changes |= 1U << VMW_PAGE_DIRTIED;
	if (a & ~b & VMWALK_STATE_DIRTY)
		changes |= 1U << VMW_PAGE_CLEANED;
	if ((a ^ b) & access)
		changes |= 1U << VMW_PAGE_PROTECTED;
	return changes;
}

uint32_t vmw_page_changes(uint32_t a, uint32_t b)
{
	const bool swapped_a = vmw_state_kind(a) == VMWALK_KIND_SWAP;
	const bool swapped_b = vmw_state_kind(b) == VMWALK_KIND_SWAP;

	if (vmw_state_present(a) && vmw_state_present(b))
		return present_changes(a, b);
	if (vmw_state_present(b))
		return swapped_a ? 1U << VMW_PAGE_SWAPPED_IN :
				   1U << VMW_PAGE_FAULTED;
	if (swapped_b)
		return swapped_a ? 0 : 1U << VMW_PAGE_SWAPPED_OUT;
	return vmw_state_present(a) || swapped_a ? 1U << VMW_PAGE_DROPPED : 0;
}
