// SPDX-License-Identifier: GPL-2.0
/* What must be as it was before; and what the command line of the machine says. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../vm/lib/target.h"
#include "stress.h"

long vmw_active_objects(const char *cache)
{
	FILE *f;
	char line[512], name[64], path[128];
	long active = -1, n;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	vmw_write_text(path, "1");
	f = fopen("/proc/slabinfo", "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", name, &n) == 2 &&
		    !strcmp(name, cache))
			active = n;
	if (f)
		fclose(f);
	return active;
}

/* Dead address spaces are freed a while after, by others. */
bool vmw_settles(const char *cache, long before)
{
	/* One leaked at each walk would be hundreds. */
	const long slack = 50;
	long after = 0;

	for (int ms = 0; ms < 10000; ms += 100) {
		after = vmw_active_objects(cache);
		if (after <= before + slack)
			break;
		poll(NULL, 0, 100);
	}
	vmw_diag("%s: %ld objects before, %ld after", cache, before, after);
	return before >= 0 && after <= before + slack;
}

uint64_t vmw_setting(const char *name, uint64_t otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoull(s, NULL, 0) : otherwise;
}
