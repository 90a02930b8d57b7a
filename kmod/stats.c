// SPDX-License-Identifier: GPL-2.0
/* Counters since the module was loaded, shown in debugfs. */
#include "walk.h"

struct vmw_stats vmw_stats;

static void raise_to(atomic64_t *max, s64 value)
{
	s64 old = atomic64_read(max);

	while (old < value && !atomic64_try_cmpxchg(max, &old, value))
		;
}

void vmw_stats_add(const struct vmwalk_end *end)
{
	atomic64_add(end->tables, &vmw_stats.tables);
	raise_to(&vmw_stats.hold_max_ns, end->hold_max_ns);
	raise_to(&vmw_stats.hold_max_steps, end->hold_max_steps);
}
