// SPDX-License-Identifier: GPL-2.0
/* How far a reading can be trusted: the last line of every text. */
#include <errno.h>

#include "render.h"

static const char *verdict(const struct vmw_aspace *as)
{
	if (!as->complete)
		return "INCOMPLETE: the walk broke off";
	switch (as->end.consistency) {
	case VMWALK_CONSISTENT:
		return "consistent: no VMA changed meanwhile";
	case VMWALK_CHANGED:
		return "CHANGED: VMAs changed meanwhile";
	default:
		return "best effort: no change seen; this kernel cannot promise more";
	}
}

int vmw_render_stamp(FILE *out, const struct vmw_aspace *as)
{
	fputs(verdict(as), out);
	if (as->flags & VMWALK_WALK_F_ATOMIC)
		fputs(", all under one lock", out);
	if (as->stopped)
		fputs(", the process was stopped", out);
	if (as->retries)
		fprintf(out, " (retried %u time%s)", as->retries,
			as->retries == 1 ? "" : "s");
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}
