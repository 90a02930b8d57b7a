/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the text front share. */
#ifndef VMW_DEBUGFS_H
#define VMW_DEBUGFS_H

#include <linux/fs.h>

/* Bytes of a request, with the NUL. */
#define VMW_REQUEST_MAX	128

extern const struct file_operations vmw_debugfs_pte_fops;

char *vmw_debugfs_request(struct file *file, const char __user *ubuf, size_t len,
			  char text[VMW_REQUEST_MAX]);
bool vmw_debugfs_may_raw(struct file *file);

#endif
