// SPDX-License-Identifier: GPL-2.0
#include "snapshot.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IMAGES_MAX	(1U << 16)

struct vmw_snapshot *vmw_snapshot_create(void)
{
	return calloc(1, sizeof(struct vmw_snapshot));
}

void vmw_snapshot_destroy(struct vmw_snapshot *s)
{
	if (!s)
		return;
	vmw_aspace_deinit(&s->as);
	vmw_ways_deinit(&s->ways);
	free(s->images);
	free(s);
}

int vmw_snapshot_add_image(struct vmw_snapshot *s, const struct vmw_image *image)
{
	struct vmw_image *images;

	if (s->nr_images >= IMAGES_MAX)
		return -E2BIG;
	images = reallocarray(s->images, s->nr_images + 1, sizeof(*images));
	if (!images)
		return -ENOMEM;
	s->images = images;
	images[s->nr_images++] = *image;
	return 0;
}

bool vmw_label_is_valid(const char *label)
{
	const size_t len = strlen(label);

	if (!len || len > VMW_LABEL_MAX || strspn(label, "+-0123456789") == len)
		return false;
	for (; *label; label++)
		if (!isgraph((unsigned char)*label) || strchr("@/", *label))
			return false;
	return true;
}
