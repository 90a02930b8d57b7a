// SPDX-License-Identifier: GPL-2.0
/* The module's own coming and going. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

#define MODULE "/lib/vmwalk/vmwalk.ko"

bool vmw_module_out(void)
{
	return !syscall(SYS_delete_module, "vmwalk", O_NONBLOCK);
}

bool vmw_module_in(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && !syscall(SYS_finit_module, fd, "", 0);

	if (fd >= 0)
		close(fd);
	return ok;
}

/*
 * Out as soon as no walker holds it, while they try again and again: it is
 * refused as long as one does. Walkers rest most of the time until it is out,
 * else that would be never.
 */
void vmw_module_run(void *arg)
{
	const uint64_t *seed = arg;
	struct rng r;

	vmw_rng_seed(&r, *seed, 200);
	while (!atomic_load(&vmw_stress->stop)) {
		atomic_store(&vmw_stress->quiet, true);
		while (!vmw_module_out() && !atomic_load(&vmw_stress->stop)) {
			if (errno != EWOULDBLOCK && errno != ENOENT)
				vmw_broken("delete_module: %m");
			atomic_fetch_add(&vmw_stress->refused, 1);
			usleep(vmw_below(&r, 2000));
		}
		atomic_store(&vmw_stress->quiet, false);
		usleep(vmw_below(&r, 5000));
		if (vmw_module_in())
			atomic_fetch_add(&vmw_stress->reloads, 1);
		else if (errno != EEXIST)
			vmw_broken("finit_module: %m");
		usleep(vmw_below(&r, 100000));
	}
}
