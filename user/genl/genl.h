/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink client: the only user of libnl. It turns the module's answers
 * into the model and prints nothing; what went wrong is in struct vmw_error.
 */
#ifndef VMW_GENL_H
#define VMW_GENL_H

#include <stdint.h>
#include <sys/types.h>

#include "model/aspace.h"
#include "error.h"
#include "info.h"
#include "model/pte.h"
#include "model/tasks.h"

struct vmw_walk_request {
	pid_t pid;
	uint64_t start, end;	/* both 0: everything */
	uint32_t flags;		/* VMWALK_WALK_F_* */
	uint64_t start_time;	/* clock ticks, 0: do not check */
	unsigned int retries;	/* of a walk during which the VMAs changed */
};

struct vmw_pte_request {
	pid_t pid;
	uint64_t addr;
	uint64_t start_time;	/* as above */
};

struct vmw_genl;

/*
 * All return 0 or a negative errno and fill @err on failure. -ENOENT from
 * vmw_genl_open(): the family is not there, the module is not loaded.
 */
int vmw_genl_open(struct vmw_genl **genl, struct vmw_error *err);
void vmw_genl_close(struct vmw_genl *genl);
int vmw_genl_info(struct vmw_genl *genl, struct vmw_info *info,
		  struct vmw_error *err);
/* What it said when it was opened. */
const struct vmw_info *vmw_genl_told(const struct vmw_genl *genl);
/* Inits @as, fills and finishes it; deinits it on failure. */
int vmw_genl_walk(struct vmw_genl *genl, const struct vmw_walk_request *req,
		  struct vmw_aspace *as, struct vmw_error *err);

/* Fills @pte; on failure it needs no deinit. */
int vmw_genl_pte(struct vmw_genl *genl, const struct vmw_pte_request *req,
		 struct vmw_pte *pte, struct vmw_error *err);
/* Fills @tasks, by ascending pid; on failure it needs no deinit. */
int vmw_genl_tasks(struct vmw_genl *genl, struct vmw_tasks *tasks,
		   struct vmw_error *err);

#endif
