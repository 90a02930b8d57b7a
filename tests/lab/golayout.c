// SPDX-License-Identifier: GPL-2.0
/*
 * golayout PROGRAM...: a row of user/annotate/golayout_table.c for each, from its DWARF. To
 * add a version of Go, build any program with it and let this speak.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "annotate/elf_file.h"
#include "annotate/golayout.h"

static void print_row(const char *version, const struct vmw_golayout *l)
{
	/* Of "go1.19.8 X:..." what patch releases have in common. */
	const char *minor = strchr(version, '.');
	size_t len = minor ? minor + 1 - version +
		strspn(minor + 1, "0123456789") : strlen(version);

	printf("\t{\n\t\t.version = \"%.*s\",\n\t\t.field = {", (int)len, version);
	for (size_t i = 0; i < VMW_GO_FIELDS; i++)
		printf("%s{ %d, %u },", i % 4 ? " " : "\n\t\t\t",
		       l->field[i].offset, l->field[i].size);
	printf("\n\t\t},\n\t\t.size = {");
	for (size_t i = 0; i < VMW_GO_TYPES; i++)
		printf(" %u,", l->size[i]);
	printf(" },\n\t},\n");
}

int main(int argc, char **argv)
{
	char version[VMW_NAME_MAX];
	struct vmw_golayout layout;
	struct vmw_elf *elf;
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		int ret = vmw_elf_open(&elf, open(argv[i], O_RDONLY));

		if (!ret) {
			ret = vmw_golayout_read(elf, &layout, version);
			vmw_elf_close(elf);
		}
		if (!ret && layout.source == VMW_EVIDENCE_DWARF)
			print_row(version[0] ? version : argv[i], &layout);
		else
			fprintf(stderr, "%s: no DWARF of a Go program\n", argv[i]);
		failed |= ret;
	}
	return !!failed;
}
