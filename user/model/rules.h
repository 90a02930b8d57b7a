/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules by which classify.c knows what a VMA is: a table, tried in order,
 * gives it a kind; the kind and a key say which VMAs make one segment.
 */
#ifndef VMW_RULES_H
#define VMW_RULES_H

#include "classify.h"

/* Which segment a VMA belongs to: all that have kind and key in common. */
struct vmw_member {
	enum vmw_segment_kind kind;
	uint64_t key[2];
	uint32_t vma;		/* index */
};

/* A file that is mapped somewhere with execution permitted. */
struct vmw_image {
	uint64_t dev, ino;
};

struct vmw_sp {
	uint64_t sp;
	pid_t tid;
};

struct vmw_rules {
	const struct vmw_aspace *as;
	const struct vmwalk_vma *exe;	/* a VMA of the executable, or NULL */
	struct vmw_image *images;	/* sorted */
	size_t nr_images;
	struct vmw_sp *sps;		/* of all threads but the main, sorted */
	size_t nr_sps;
	struct vmw_member *members;	/* filled up to the VMA at hand */
};

/*
 * Fills in the member of VMA @i. Rules may look at what the VMA below was found
 * to be: they are applied by ascending address.
 */
void vmw_rules_apply(const struct vmw_rules *c, uint32_t i);
/* Order of images: by device, then inode. */
int vmw_rules_compare_images(const void *a, const void *b);
/* Is VMA @i the code of an image, that is, of a program or library? */
bool vmw_rules_is_image(const struct vmw_rules *c, size_t i);
/* The file of @v. */
struct vmw_image vmw_rules_image(const struct vmwalk_vma *v);
/* A thread other than the main one whose sp is in @v, 0 if none is. */
pid_t vmw_rules_thread_in(const struct vmw_rules *c,
			  const struct vmwalk_vma *v);

#endif
