// SPDX-License-Identifier: GPL-2.0
/* LINK: user/annotate/elf_file.c user/annotate/golayout.c */
/* LINK: user/annotate/golayout_table.c user/annotate/gopclntab.c */
/* LINK: user/annotate/golayout_stripped.c user/annotate/mem.c */
/* LINK: user/annotate/elfutils.c user/annotate/elf_variable.c user/library.c */
/* LIBS: libdw libelf */
/*
 * ELF files with bytes that are wrong: whatever they say, reading them ends, if need
 * be by the limits that the reader's process has; and no fault is of our own code.
 * libdw is linked as well: the leak checker falls over thread-local variables of a
 * library that came later. ELF_FILES= has it read more of them, from ELF_SEED= on.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "annotate/elf_file.h"
#include "annotate/golayout.h"
#include "annotate/gopclntab.h"

#define FILES	40	/* of each program, unless told */
#define REPORT	16384	/* bytes of what a sanitizer says */
#define SECONDS	10	/* of CPU time for one */

static int refuse(const struct vmw_mem *mem, uint64_t addr, void *buf)
{
	(void)mem;
	(void)addr;
	(void)buf;
	return -EFAULT;
}

#define NOTHING	2	/* exit status: it is no Go program with a layout */

/* All that annotate_child.c asks of a file. Returns an exit status. */
static int read_file(int fd)
{
	struct vmw_mem mem = { .read_page = refuse, .budget = 1000 };
	char version[VMW_NAME_MAX];
	struct vmw_golayout layout;
	struct vmw_elf_variable v;
	struct vmw_gopclntab table;
	struct vmw_go_function f;
	struct vmw_elf_symbol s;
	struct vmw_elf *elf;
	uint64_t addr;
	int ret;

	if (vmw_mem_init(&mem) || vmw_elf_open(&elf, fd))
		return NOTHING;
	ret = vmw_golayout_read(elf, &layout, version) ? NOTHING : 0;
	vmw_golayout_find_vars(elf, &mem, 0, &layout);
	vmw_elf_symbol_at(elf, 0x401000, &s);
	vmw_elf_symbol(elf, "no such symbol", &s);
	vmw_elf_address_of(elf, 0x1000, &addr);
	for (uint64_t pc = 0x401000; pc < 0x500000; pc += 0x7fff)
		vmw_elf_variable_at(elf, pc, -24, &v);
	if (vmw_golayout_functions(elf, NULL, 0, &table))
		for (uint64_t pc = 0x401000; pc < 0x500000; pc += 0x101)
			if (vmw_gopclntab_at(&table, pc, &f))
				vmw_gopclntab_depth(&table, &f, pc, &addr);
	vmw_elf_close(elf);
	vmw_mem_deinit(&mem);
	return ret;
}

static int copy_of(const void *bytes, size_t size)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	return fd;
}

/*
 * What libdw may do to itself need not be read here. It is ours if the first place
 * named is.
 */
static bool is_our_fault(int report)
{
	static char text[REPORT];
	ssize_t len = pread(report, text, sizeof(text) - 1, 0);
	const char *ours, *theirs;

	text[len > 0 ? len : 0] = '\0';
	ours = strstr(text, "user/annotate/");
	theirs = strstr(text, "libdw");
	if (!theirs)
		theirs = strstr(text, "libelf");
	if (!ours || (theirs && theirs < ours))
		return false;
	print_message("%s\n", text);
	return true;
}

/* How the reader of the file ended, as waitpid() has it. */
static int read_in_child(int fd)
{
	const struct rlimit cpu = { SECONDS, SECONDS };
	int report = memfd_create("report", MFD_CLOEXEC);
	int status;
	pid_t pid;

	assert_true(report >= 0);
	pid = fork();
	if (!pid) {
		dup2(report, STDERR_FILENO);
		setrlimit(RLIMIT_CPU, &cpu);
		_exit(read_file(fd));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_false(is_our_fault(report));
	close(report);
	return status;
}

static bool is_understood(int status)
{
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool is_ended(int status)
{
	return is_understood(status) ||
	       (WIFEXITED(status) && WEXITSTATUS(status) == NOTHING);
}

static size_t any_below(size_t n)
{
	return n ? ((size_t)rand() << 15 ^ rand()) % n : 0;
}

/* One of the sections that are looked into: DWARF, symbols, Go's own tables. */
static void pick_section(const unsigned char *bytes, size_t *at, size_t *len)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)bytes;
	const Elf64_Shdr *s = (const Elf64_Shdr *)(bytes + e->e_shoff);
	const char *names = (const char *)bytes + s[e->e_shstrndx].sh_offset;

	for (int i = 0; i < 1000; i++) {
		const Elf64_Shdr *one = &s[any_below(e->e_shnum)];
		const char *name = names + one->sh_name;

		*at = one->sh_offset;
		*len = one->sh_size;
		if (one->sh_type != SHT_NOBITS && *len &&
		    (strstr(name, "debug") || strstr(name, "tab") ||
		     strstr(name, ".go.")))
			return;
	}
	abort();
}

/*
 * Of three files one has wrong bytes all over it, a tenth of them in its header; one
 * has a few where it is looked into; one has them where the section headers are.
 */
static void spoil(unsigned char *bytes, size_t size, unsigned int seed)
{
	const Elf64_Ehdr header = *(const Elf64_Ehdr *)bytes;
	size_t start = 0, len = size;
	unsigned int nr;

	srand(seed);
	nr = 1 + seed % (seed % 3 ? 20 : 200);
	if (seed % 3 == 1)
		pick_section(bytes, &start, &len);
	if (seed % 3 == 2) {
		start = header.e_shoff;
		len = header.e_shnum * sizeof(Elf64_Shdr);
	}
	for (unsigned int i = 0; i < nr; i++) {
		size_t at = start + any_below(seed % 3 || i % 10 ? len : 1024);

		bytes[at] = rand() % 2 ? rand() : 0xff;
	}
}

static unsigned int setting(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 0) : otherwise;
}

static void check(const char *name)
{
	const unsigned int first = setting("ELF_SEED", 0);
	const unsigned int files = setting("ELF_FILES", FILES);
	const char *build = getenv("BUILD");
	unsigned int ended = 0, understood = 0, crashed = 0;
	unsigned char *bytes, *spoiled;
	char path[512];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/tests/vm/targets/%s",
		 build ? build : "build", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip();
	assert_int_equal(fstat(fd, &st), 0);
	bytes = malloc(st.st_size);
	spoiled = malloc(st.st_size);
	assert_true(bytes && spoiled);
	assert_int_equal(read(fd, bytes, st.st_size), st.st_size);
	close(fd);
	assert_true(is_ended(read_in_child(copy_of(bytes, st.st_size))));
	for (unsigned int seed = first; seed < first + files; seed++) {
		int status;

		memcpy(spoiled, bytes, st.st_size);
		spoil(spoiled, st.st_size, seed);
		/* Some are cut short as well. */
		status = read_in_child(copy_of(spoiled, seed % 6 ? st.st_size :
					       st.st_size / (2 + seed % 7)));
		understood += is_understood(status);
		ended += is_ended(status);
		crashed += !is_ended(status);
	}
	print_message("# %s: %u read to the end, %u of them with a layout, %u ended "
		      "by a limit or a crash\n", name, ended, understood, crashed);
	/* The most of them do not even need the limits. */
	assert_true(ended >= files / 2);
	free(bytes);
	free(spoiled);
}

static void test_go_dwarf(void **state)
{
	(void)state;
	check("go_addr");
}

static void test_go_dwarf5(void **state)
{
	(void)state;
	check("go_addr-1.27");
}

/* Bytes of what is compressed are seldom wrong and yet read. */
static void test_go_plain(void **state)
{
	(void)state;
	check("go_addr-plain");
}

static void test_go_stripped(void **state)
{
	(void)state;
	check("go_addr-stripped");
}

static void test_c(void **state)
{
	(void)state;
	check("malloc");
}

/* The table of layouts says what the programs' DWARF says. */
static void check_row(const char *name, const char *of)
{
	struct vmw_golayout layout, row = { .source = VMW_EVIDENCE_DWARF };
	const char *build = getenv("BUILD");
	char version[VMW_NAME_MAX], path[512];
	struct vmw_elf *elf;
	int fd;

	snprintf(path, sizeof(path), "%s/tests/vm/targets/%s",
		 build ? build : "build", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip();
	assert_int_equal(vmw_elf_open(&elf, fd), 0);
	assert_int_equal(vmw_golayout_read(elf, &layout, version), 0);
	vmw_elf_close(elf);
	assert_true(vmw_golayout_of_version(of, &row));
	assert_memory_equal(layout.field, row.field, sizeof(row.field));
	assert_memory_equal(layout.size, row.size, sizeof(row.size));
}

static void test_table(void **state)
{
	struct vmw_golayout layout;

	(void)state;
	check_row("go_addr-1.15", "go1.15");
	check_row("go_addr", "go1.19.8");
	check_row("go_addr-1.24", "go1.24.4 X:norandomizedheapbase64");
	check_row("go_addr-1.27", "go1.27rc1");
	assert_false(vmw_golayout_of_version("go1.2", &layout));
	assert_false(vmw_golayout_of_version("go1.190", &layout));
	assert_false(vmw_golayout_of_version("", &layout));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go_dwarf),
		cmocka_unit_test(test_go_dwarf5),
		cmocka_unit_test(test_go_plain),
		cmocka_unit_test(test_go_stripped),
		cmocka_unit_test(test_c),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
