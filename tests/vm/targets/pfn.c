// SPDX-License-Identifier: GPL-2.0
/* Raw page frames: memory without a struct page behind the mapping. */
#include "target.h"

/* The BIOS, which a kernel with STRICT_DEVMEM still shows. */
#define BIOS 0xf0000
#define BIOS_PAGES 16

static void make_devmem(void)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	void *p;

	if (fd < 0)
		skip("no /dev/mem");
	p = mmap(NULL, BIOS_PAGES * PAGE, PROT_READ, MAP_SHARED, fd, BIOS);
	if (p == MAP_FAILED)
		skip("/dev/mem does not map the BIOS");
	want_page(p, BIOS_PAGES, "pfn", "pte");
	want_usage(p, "pfn", BIOS_PAGES * PAGE);
	close(fd);
}

static const struct scenario scenarios[] = {
	{ "devmem", make_devmem },
};

int main(int argc, char **argv)
{
	return target_main(argc, argv, scenarios,
			   sizeof(scenarios) / sizeof(scenarios[0]));
}
