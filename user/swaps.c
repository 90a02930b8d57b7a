// SPDX-License-Identifier: GPL-2.0
/*
 * An entry tells the number of its swap area, and nothing the areas that go with
 * the numbers; /proc/swaps has them in that order. What an entry says of them holds
 * while none is switched on or off: it is looked up before and after.
 */
#include "swaps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' &&
	       s[2] >= '0' && s[2] <= '7';
}

/* Blanks and the like come as \040. */
static void unescape(char *name)
{
	const char *from = name;

	while (*from) {
		if (*from == '\\' && is_octal(from + 1)) {
			*name++ = (from[1] - '0') << 6 | (from[2] - '0') << 3 |
				  (from[3] - '0');
			from += 4;
		} else {
			*name++ = *from++;
		}
	}
	*name = '\0';
}

/*
 * "/dev/zram0    partition  1048572  0  100". In a container it may be somebody
 * else who answers; it then has "none" of type "virtual".
 */
static bool parse_line(char *line, struct vmw_swaps *swaps)
{
	char *type = strpbrk(line, " \t");

	if (!type || type == line || swaps->nr == VMW_SWAPS_MAX)
		return false;
	*type++ = '\0';
	type += strspn(type, " \t");
	type[strcspn(type, " \t\n")] = '\0';
	if (strcmp(type, "partition") && strcmp(type, "file"))
		return false;
	unescape(line);
	swaps->name[swaps->nr] = strdup(line);
	return swaps->name[swaps->nr] && ++swaps->nr;
}

void vmw_swaps_read(struct vmw_swaps *swaps)
{
	FILE *f = fopen("/proc/swaps", "re");
	char *line = NULL;
	bool head = true;
	size_t room = 0;

	*swaps = (struct vmw_swaps){ .nr = 0 };
	if (!f)
		return;
	while (getline(&line, &room, f) > 0) {
		if (!head && !parse_line(line, swaps)) {
			vmw_swaps_deinit(swaps);
			break;
		}
		head = false;
	}
	free(line);
	fclose(f);
}

void vmw_swaps_deinit(struct vmw_swaps *swaps)
{
	for (size_t i = 0; i < swaps->nr; i++)
		free(swaps->name[i]);
	*swaps = (struct vmw_swaps){ .nr = 0 };
}

int vmw_swaps_settle(const struct vmw_swaps *swaps, struct vmw_aspace *as,
		     struct vmw_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < swaps->nr; i++)
		ret = vmw_aspace_add_swap(as, swaps->name[i]);
	if (ret) {
		vmw_aspace_deinit(as);
		return vmw_error_set(err, -ENOMEM, "no memory for the swap "
				     "areas");
	}
	vmw_swaps_confirm(as);
	return 0;
}

void vmw_swaps_confirm(struct vmw_aspace *as)
{
	struct vmw_swaps now;
	bool same;

	if (!as->nr_swaps)
		return;
	vmw_swaps_read(&now);
	same = now.nr == as->nr_swaps;
	for (size_t i = 0; same && i < now.nr; i++)
		same = !strcmp(now.name[i], as->swaps[i]);
	if (!same)
		as->nr_swaps = 0;
	vmw_swaps_deinit(&now);
}
