/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_FS_H
#define VMW_COMPAT_LINUX_FS_H

#include_next <linux/fs.h>
#include <compat/config.h>

#ifndef VMW_HAVE_FILE_USER_PATH
/* Without it, a file on overlayfs has its user's path in f_path. */
static inline const struct path *file_user_path(const struct file *file)
{
	return &file->f_path;
}
#endif

#endif
