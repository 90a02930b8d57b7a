/* SPDX-License-Identifier: GPL-2.0 */
/* What the module tells of itself and of this kernel: VMWALK_CMD_INFO. */
#ifndef VMW_INFO_H
#define VMW_INFO_H

#include <stdint.h>

#include <linux/vmwalk.h>

#define VMW_MAX_LEVELS		5
#define VMW_MAX_HUGEPAGES	4
#define VMW_MAX_ENTRY_BITS	64

struct vmw_info {
	uint32_t abi;
	char version[32];
	char arch[16];
	uint32_t page_shift;
	struct vmwalk_level levels[VMW_MAX_LEVELS];	/* top first */
	unsigned int nr_levels;
	uint64_t hugepages[VMW_MAX_HUGEPAGES];	/* bytes */
	unsigned int nr_hugepages;
	uint32_t can;		/* VMWALK_CAN_* */
	uint32_t walk_flags;	/* VMWALK_WALK_F_* accepted */
	uint32_t chunk;
	uint32_t message_max;
	uint64_t atomic_max;	/* bytes */
	struct vmwalk_entry_bit bits[VMW_MAX_ENTRY_BITS];	/* ascending */
	unsigned int nr_bits;
};

#endif
