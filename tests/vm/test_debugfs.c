// SPDX-License-Identifier: GPL-2.0
/*
 * The text front. Its format is for people: only the ranges of the VMAs are
 * looked for. What matters is that an answer belongs to one open file.
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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/procmem.h"
#include "lib/raw.h"
#include "lib/target.h"

#define DIR "/sys/kernel/debug/vmwalk/"
#define WALK DIR "walk"
#define PTE DIR "pte"
#define ANSWER_MAX (16 << 20)

static struct vmw_target target;

/* Closed after each test, whatever became of it: they hold the module. */
static int opened[2] = { -1, -1 };

static int start(void **state)
{
	const char *const *argv = *state;

	if (vmw_target_start(&target, argv, NULL))
		return -1;
	return vmw_target_stop(&target);
}

static int end(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		if (opened[i] >= 0)
			close(opened[i]);
		opened[i] = -1;
	}
	vmw_target_end(&target);
	return vmw_module_idle() && vmw_raw_alive() ? 0 : -1;
}

static int open_file(const char *path)
{
	int *fd = &opened[opened[0] >= 0];

	assert_true(*fd < 0);
	*fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(*fd >= 0);
	return *fd;
}

static int open_walk(void)
{
	return open_file(WALK);
}

/* 0 or a negative errno. */
static int request(int fd, const char *fmt, ...)
{
	char text[64];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return write(fd, text, len) == len ? 0 : -errno;
}

/* The whole answer, read in pieces of @piece bytes; NULL with errno. */
static char *read_answer(int fd, size_t piece)
{
	size_t len = 0, room = ANSWER_MAX;
	char *text = malloc(room);
	ssize_t n;

	assert_non_null(text);
	do {
		if (room - len <= piece)
			fail_msg("the answer has no end: ...%.300s",
				 text + len - 300);
		n = read(fd, text + len, piece);
		len += n > 0 ? n : 0;
	} while (n > 0);
	text[len] = '\0';
	if (!n)
		return text;
	free(text);
	return NULL;
}

static void check_ranges(const char *text, pid_t pid)
{
	struct vmw_procmem pm;
	const char *at = text;
	char range[64];
	size_t i;

	assert_int_equal(vmw_procmem_read(&pm, pid), 0);
	for (i = 0; i < pm.nr; i++) {
		snprintf(range, sizeof(range), "%08llx-%08llx ",
			 (unsigned long long)pm.vma[i].start,
			 (unsigned long long)pm.vma[i].end);
		at = strstr(at, range);
		if (!at)
			fail_msg("%sis not there, or out of order", range);
	}
	vmw_procmem_free(&pm);
}

static void test_answer(void **state)
{
	int fd = open_walk();
	char *text;

	(void)state;
	assert_int_equal(request(fd, "%d\n", target.pid), 0);
	text = read_answer(fd, 4096);
	assert_non_null(text);
	check_ranges(text, target.pid);
	free(text);
	/* Another request on the same file has its own answer. */
	assert_int_equal(request(fd, "1"), 0);
	text = read_answer(fd, 4096);
	assert_non_null(text);
	check_ranges(text, 1);
	free(text);
}

/* The answer to a request on @fd, without its last line, which has times. */
static char *read_records(int fd, size_t piece)
{
	char *text, *stamp;

	assert_int_equal(request(fd, "%d extents", target.pid), 0);
	text = read_answer(fd, piece);
	assert_non_null(text);
	stamp = strstr(text, "\n# ");
	assert_non_null(stamp);
	*stamp = '\0';
	return text;
}

static void test_piecewise(void **state)
{
	int fd = open_walk();
	char *whole = read_records(fd, 1 << 20);
	char *pages = read_records(fd, 4096);
	char *lines = read_records(fd, 500);

	(void)state;
	check_ranges(whole, target.pid);
	assert_string_equal(pages, whole);
	assert_string_equal(lines, whole);
	free(whole);
	free(pages);
	free(lines);
}

static void test_range(void **state)
{
	struct vmw_procmem pm;
	char *text, other[32];
	int fd = open_walk();

	(void)state;
	assert_int_equal(vmw_procmem_read(&pm, target.pid), 0);
	assert_int_equal(request(fd, "%d %llx-%llx extents", target.pid,
				 (unsigned long long)pm.vma[1].start,
				 (unsigned long long)pm.vma[1].end), 0);
	text = read_answer(fd, 4096);
	assert_non_null(text);
	snprintf(other, sizeof(other), "%08llx-",
		 (unsigned long long)pm.vma[1].start);
	assert_non_null(strstr(text, other));
	snprintf(other, sizeof(other), "%08llx-",
		 (unsigned long long)pm.vma[0].start);
	assert_null(strstr(text, other));
	free(text);
	vmw_procmem_free(&pm);
}

static uint64_t first_vma(pid_t pid)
{
	struct vmw_procmem pm;
	uint64_t start;

	assert_int_equal(vmw_procmem_read(&pm, pid), 0);
	start = pm.vma[0].start;
	vmw_procmem_free(&pm);
	return start;
}

static void test_files_are_separate(void **state)
{
	int asked = open_walk(), silent = open_walk();
	char *text, c, first[32];
	char silent_c;

	(void)state;
	assert_int_equal(read(silent, &silent_c, 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(request(asked, "%d", target.pid), 0);
	assert_int_equal(read(asked, &c, 1), 1);
	assert_int_equal(read(silent, &silent_c, 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(request(silent, "1"), 0);
	text = read_answer(silent, 4096);
	assert_non_null(text);
	check_ranges(text, 1);
	free(text);
	text = read_answer(asked, 4096);
	assert_non_null(text);
	/* It goes on one byte after the start, as it was left. */
	snprintf(first, sizeof(first), "%08llx-",
		 (unsigned long long)first_vma(target.pid));
	assert_true(c == first[0]);
	assert_memory_equal(text, first + 1, strlen(first) - 1);
	free(text);
}

static void test_bad_text(void **state)
{
	static const char *const bad[] = {
		"\n", " ", "x", "-1", "0", "1x", "0x1", "99999999999",
		"1 2", "1 bogus", "1 extents bogus", "1 1000", "1 -",
		"1 1000-", "1 -2000", "1 1001-2000", "1 1000-2001",
		"1 2000-1000", "1 1000-1000", "1 1000-2000-3000",
	};
	int fd = open_walk();
	char flood[4096];
	void *unreadable = mmap(NULL, 4096, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (request(fd, "%s", bad[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
	memset(flood, '1', sizeof(flood));
	assert_int_equal(write(fd, flood, sizeof(flood)), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(write(fd, unreadable, 4), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(request(fd, "%d", 0x3fffff), -ESRCH);
	assert_int_equal(request(fd, "2"), -EINVAL);
	/* None of that counts as a request. */
	assert_int_equal(read(fd, flood, 1), -1);
	assert_int_equal(errno, EINVAL);
	munmap(unreadable, 4096);
}

static void test_target_exits(void **state)
{
	int fd = open_walk();
	char c[100];

	(void)state;
	assert_int_equal(request(fd, "%d extents", target.pid), 0);
	assert_int_equal(read(fd, c, sizeof(c)), sizeof(c));
	vmw_target_end(&target);
	assert_null(read_answer(fd, 4096));
	assert_int_equal(errno, ESRCH);
}

/* The way of an address: a line for each level, and the page. */
static void test_pte_answer(void **state)
{
	int fd = open_file(PTE);
	unsigned long start = first_vma(target.pid);
	char range[32], *text;

	(void)state;
	assert_int_equal(request(fd, "%d %lx\n", target.pid, start), 0);
	text = read_answer(fd, 16);
	assert_non_null(text);
	snprintf(range, sizeof(range), "%08lx-", start);
	assert_memory_equal(text, range, strlen(range));
	assert_non_null(strstr(text, "\ntop at "));
	assert_non_null(strstr(text, "\npgd "));
	assert_non_null(strstr(text, "\npte "));
	assert_non_null(strstr(text, " again "));
	assert_non_null(strstr(text, " leaf\npfn "));
	free(text);
	/* Another request on the same file has its own answer. */
	assert_int_equal(request(fd, "%d 0x10", target.pid), 0);
	text = read_answer(fd, 4096);
	assert_non_null(text);
	assert_string_equal(text, "no VMA\n");
	free(text);
}

static void test_pte_bad_text(void **state)
{
	static const char *const bad[] = {
		"\n", " ", "x", "1", "1 ", "1 x", "0 1000", "-1 1000",
		"1 1000 2000", "1 1000-2000", "1 -1", "1 10000000000000000",
		"99999999999 1000", "1  1000",
	};
	int fd = open_file(PTE);
	char flood[4096];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (request(fd, "%s", bad[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
	memset(flood, '1', sizeof(flood));
	assert_int_equal(write(fd, flood, sizeof(flood)), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(request(fd, "%d 0", 0x3fffff), -ESRCH);
	assert_int_equal(request(fd, "2 0"), -EINVAL);
	/* None of that counts as a request. */
	assert_int_equal(read(fd, flood, 1), -1);
	assert_int_equal(errno, EINVAL);
}

static bool open_as_nobody(void *arg)
{
	(void)arg;
	return vmw_become_nobody() && open(WALK, O_RDWR) < 0 &&
	       errno == EACCES && open(PTE, O_RDWR) < 0 && errno == EACCES &&
	       open(DIR "stats", O_RDONLY) < 0;
}

/* What is right for one file is wrong for the other, but not refused as such. */
static bool write_as_nobody(void *fd)
{
	return vmw_become_nobody() && request(*(int *)fd, "1") == -EPERM;
}

static void test_permission(void **state)
{
	struct stat st;
	int fd = open_walk(), pte = open_file(PTE);

	(void)state;
	assert_int_equal(stat(WALK, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(PTE, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(DIR "stats", &st), 0);
	assert_int_equal(st.st_mode & 0077, 0);
	assert_true(vmw_in_child(open_as_nobody, NULL));
	/* A file left open to someone else is no way in either. */
	assert_true(vmw_in_child(write_as_nobody, &fd));
	assert_true(vmw_in_child(write_as_nobody, &pte));
}

static long read_stat(const char *name)
{
	FILE *f = fopen(DIR "stats", "re");
	char line[128], key[64];
	long value, found = -1;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", key, &value) == 2 &&
		    !strcmp(key, name))
			found = value;
	fclose(f);
	return found;
}

static void test_stats(void **state)
{
	long requests = read_stat("requests"), refusals = read_stat("refusals");
	int fd = open_walk();

	(void)state;
	assert_true(requests >= 0 && refusals >= 0);
	assert_int_equal(request(fd, "1"), 0);
	assert_int_equal(request(fd, "nonsense"), -EINVAL);
	assert_true(read_stat("requests") >= requests + 2);
	assert_true(read_stat("refusals") >= refusals + 1);
	assert_true(read_stat("hold_max_ns") > 0);
	assert_true(read_stat("hold_max_steps") > 0);
}

#define CASE(f, ...)							\
	{ #f, f, start, end,						\
	  (void *)(const char *const[]){ __VA_ARGS__, NULL } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_answer, VMW_TARGET_DIR "/anon", "threads"),
		CASE(test_piecewise, VMW_TARGET_DIR "/big", "alternating"),
		CASE(test_piecewise, VMW_TARGET_DIR "/big", "vmas"),
		CASE(test_range, VMW_TARGET_DIR "/anon", "heap"),
		CASE(test_files_are_separate, VMW_TARGET_DIR "/anon", "heap"),
		CASE(test_bad_text, VMW_TARGET_DIR "/onepage"),
		CASE(test_target_exits, VMW_TARGET_DIR "/big", "vmas"),
		CASE(test_pte_answer, VMW_TARGET_DIR "/anon", "heap"),
		CASE(test_pte_bad_text, VMW_TARGET_DIR "/onepage"),
		CASE(test_permission, VMW_TARGET_DIR "/onepage"),
		CASE(test_stats, VMW_TARGET_DIR "/onepage"),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
