// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>

const struct path *probe(const struct file *file);
const struct path *probe(const struct file *file)
{
	return file_user_path(file);
}
