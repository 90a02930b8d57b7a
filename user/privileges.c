// SPDX-License-Identifier: GPL-2.0
/*
 * capset(2) itself: libcap-ng reads files of /proc at each start to find out how many
 * capabilities there are, and one more library would be relocated.
 */
#include "privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(cap)	(1ULL << (cap))

/* Files that only root may read, directories in which only others may write. */
#define FILES		(BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH))

/* Another's memory, and the files that it has mapped, deleted ones included. */
#define MEMORY		(BIT(CAP_SYS_PTRACE) | BIT(CAP_CHECKPOINT_RESTORE))

/* To ask the module, for frames and raw entries too; to load it. */
#define READING		(MEMORY | BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_MODULE))

/* Of those that are there; only ever fewer. 0 or a negative errno. */
static int keep(uint64_t wanted)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2] = { { 0 } };

	if (syscall(SYS_capget, &h, d))
		return -errno;
	for (int i = 0; i < 2; i++) {
		const uint32_t mask = wanted >> 32 * i;

		d[i].permitted &= mask;
		d[i].effective &= mask;
		d[i].inheritable &= mask;
	}
	return syscall(SYS_capset, &h, d) ? -errno : 0;
}

int vmw_privileges_begin(bool files_only, struct vmw_error *err)
{
	int ret;

	if (geteuid() != getuid() || getegid() != getgid())
		return vmw_error_set(err, -EPERM, "vmwalk is not made to be setuid: "
				     "it would write files as another; give it "
				     "capabilities instead, see setcap(8)");
	ret = keep(files_only ? FILES : FILES | READING);
	return ret ? vmw_error_set(err, ret, "cannot give up capabilities: %s",
				   strerror(-ret)) : 0;
}

void vmw_privileges_read_only(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	keep(MEMORY | BIT(CAP_DAC_READ_SEARCH));
}

void vmw_privileges_end(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	keep(0);
}
