/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses worth a name, told beside the picture. Private to the views. */
#ifndef VMW_MARKS_H
#define VMW_MARKS_H

#include "render.h"

#define VMW_MARKS_ROOM	256	/* bytes of all marks of a line */

struct vmw_mark {
	uint64_t addr;
	char name[16];
};

struct vmw_marks {
	struct vmw_mark *mark;	/* by ascending address */
	size_t nr;
	size_t first;		/* that is in the picture */
	size_t next;		/* that has not been named */
};

/* Those of @as; what is below @start is not in the picture. -ENOMEM. */
int vmw_marks_find(struct vmw_marks *marks, const struct vmw_aspace *as,
		   uint64_t start);
void vmw_marks_deinit(struct vmw_marks *marks);
/* Names those up to @last that have not been named, behind "<". Returns @buf. */
const char *vmw_marks_name(struct vmw_marks *marks, uint64_t last,
			   char buf[VMW_MARKS_ROOM]);

#endif
