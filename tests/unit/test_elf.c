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

/* All that annotate_child.c asks of a file. */
static void read_file(int fd)
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

	if (vmw_mem_init(&mem) || vmw_elf_open(&elf, fd))
		return;
	vmw_golayout_read(elf, &layout, version);
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
		read_file(fd);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_false(status && is_our_fault(report));
	close(report);
	return status;
}

/* A tenth of what is wrong is in the first bytes, where it tells the most. */
static void spoil(unsigned char *bytes, size_t size, unsigned int seed)
{
	srand(seed);
	for (int i = 0; i < 1 + (int)(seed % 200); i++) {
		size_t at = i % 10 ? ((size_t)rand() << 8 ^ rand()) % size :
				     (size_t)rand() % 1024;

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
	unsigned int ended = 0, crashed = 0;
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
	assert_int_equal(read_in_child(copy_of(bytes, st.st_size)), 0);
	for (unsigned int seed = first; seed < first + files; seed++) {
		int status;

		memcpy(spoiled, bytes, st.st_size);
		spoil(spoiled, st.st_size, seed);
		/* Every other one is cut short as well. */
		status = read_in_child(copy_of(spoiled, seed % 2 ? st.st_size :
					       st.st_size / (1 + seed % 7)));
		ended += status == 0;
		crashed += status != 0;
	}
	print_message("# %s: %u read to the end, %u ended by a limit or a crash\n",
		      name, ended, crashed);
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
		cmocka_unit_test(test_go_stripped),
		cmocka_unit_test(test_c),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
