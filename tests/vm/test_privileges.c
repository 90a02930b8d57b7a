// SPDX-License-Identifier: GPL-2.0
/*
 * What the client may do, and who may run it: capabilities go as soon as they are
 * not needed; setuid is refused; a group gets in by file capabilities, without
 * root, and gets no further than that.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/capability.h>

#include <cmocka.h>

#include "lib/child.h"
#include "lib/raw.h"
#include "lib/target.h"

#define CLIENT		"/usr/bin/vmwalk"
#define COPY		"/tmp/vmwalk-copy"
#define COLLECTION	"/tmp/privileges.vmwalk"
#define GROUP		1000
#define STRANGER	1001
#define PATIENCE	60000	/* ms */

#define BIT(cap)	(1ULL << (cap))
#define FILES		(BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH))
#define READING		(BIT(CAP_SYS_PTRACE) | BIT(CAP_CHECKPOINT_RESTORE) | \
			 BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_MODULE))

/* A field of /proc/PID/status, hexadecimal; ~0 without it. */
static uint64_t status_of(pid_t pid, const char *field)
{
	char path[64], line[256];
	uint64_t value = ~0ULL;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, field, strlen(field)))
			value = strtoull(line + strlen(field) + 1, NULL, 16);
	if (f)
		fclose(f);
	return value;
}

/* As @uid, who is in the group @gid; its output goes to @out. */
static pid_t start_as(uid_t uid, gid_t gid, int out, const char *const argv[])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	if (uid && (setresgid(gid, gid, gid) || setresuid(uid, uid, uid)))
		_exit(120);
	execv(argv[0], (char *const *)argv);
	_exit(errno == EACCES ? 126 : 127);
}

/* Its exit status. What it says goes to @text, of 4096 bytes. */
static int run_as(uid_t uid, gid_t gid, char *text, const char *const argv[])
{
	char rest[4096];
	int fds[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = start_as(uid, gid, fds[1], argv);
	close(fds[1]);
	while ((n = read(fds[0], len < 4095 ? text + len : rest,
			 len < 4095 ? 4095 - len : sizeof(rest))) > 0)
		len += len < 4095 ? n : 0;
	text[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Has them, and no others, before long. */
static bool comes_to(pid_t pid, uint64_t caps, bool no_new)
{
	for (int ms = 0; ms < PATIENCE; ms += 10) {
		if (status_of(pid, "CapEff:") == caps && status_of(pid, "CapPrm:") == caps &&
		    status_of(pid, "NoNewPrivs:") == no_new)
			return true;
		poll(NULL, 0, 10);
	}
	vmw_diag("effective %llx, permitted %llx, no new %llu",
		 (unsigned long long)status_of(pid, "CapEff:"),
		 (unsigned long long)status_of(pid, "CapPrm:"),
		 (unsigned long long)status_of(pid, "NoNewPrivs:"));
	return false;
}

/* Into a pipe that holds less than it writes, and nobody reads. */
static bool while_it_writes(const char *const argv[], uint64_t caps, bool no_new)
{
	int fds[2];
	bool ok;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_true(fcntl(fds[1], F_SETPIPE_SZ, 4096) >= 4096);
	pid = start_as(0, 0, fds[1], argv);
	close(fds[1]);
	ok = comes_to(pid, caps, no_new);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	return ok;
}

/* The control: whoever starts it has more. */
static void test_none_while_drawing(void **state)
{
	(void)state;
	assert_true(status_of(getpid(), "CapEff:") & ~(FILES | READING));
	assert_true(while_it_writes(ARGV(CLIENT, "extents", "--json", "1"), 0, true));
	assert_true(while_it_writes(ARGV(CLIENT, "ps", "--all", "--json"), 0, true));
}

static void test_few_while_recording(void **state)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char text[4096] = "";
	pid_t pid;
	bool ok;

	(void)state;
	unlink(COLLECTION);
	pid = start_as(0, 0, null, ARGV(CLIENT, "record", "-o", COLLECTION, "1"));
	close(null);
	ok = comes_to(pid, FILES | READING, false);
	/* What it is for goes on all the same. */
	for (int ms = 0; ms < PATIENCE && !strstr(text, "init"); ms += 100) {
		run_as(0, 0, text, ARGV(CLIENT, "log", COLLECTION));
		poll(NULL, 0, 100);
	}
	kill(pid, SIGINT);
	waitpid(pid, NULL, 0);
	assert_true(ok);
	assert_non_null(strstr(text, "init"));
}

static void test_files_only(void **state)
{
	(void)state;
	assert_true(while_it_writes(ARGV(CLIENT, "export", COLLECTION), FILES, false));
}

/* A copy that belongs to @gid, with that mode. */
static void copy_client(gid_t gid, mode_t mode)
{
	int in = open(CLIENT, O_RDONLY | O_CLOEXEC);
	static char buf[1 << 16];
	ssize_t n;
	int out;

	unlink(COPY);
	out = open(COPY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		assert_int_equal(write(out, buf, n), n);
	assert_int_equal(fchown(out, 0, gid), 0);
	assert_int_equal(fchmod(out, mode), 0);
	close(in);
	close(out);
}

/* What setcap(8) does: permitted, and effective at once. */
static bool give_capabilities(uint64_t caps)
{
	const struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data = { { .permitted = caps }, { .permitted = caps >> 32 } },
	};

	return !setxattr(COPY, "security.capability", &data, XATTR_CAPS_SZ_2, 0);
}

static void test_setuid_refused(void **state)
{
	char text[4096];

	(void)state;
	copy_client(0, 04755);
	assert_int_equal(run_as(GROUP, GROUP, text, ARGV(COPY, "show", "1")), 1);
	assert_non_null(strstr(text, "setuid"));
	copy_client(0, 02755);
	assert_int_equal(run_as(GROUP, GROUP, text, ARGV(COPY, "show", "1")), 1);
	assert_non_null(strstr(text, "setuid"));
	/* Root is root. */
	assert_int_equal(run_as(0, 0, text, ARGV(COPY, "show", "1")), 0);
}

static void test_stranger(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(run_as(STRANGER, STRANGER, text, ARGV(CLIENT, "show", "1")), 1);
	assert_non_null(strstr(text, "CAP_SYS_PTRACE"));
	assert_int_equal(run_as(STRANGER, STRANGER, text, ARGV(CLIENT, "ps")), 1);
	assert_non_null(strstr(text, "CAP_SYS_PTRACE"));
	/* INFO is for anybody. */
	run_as(STRANGER, STRANGER, text, ARGV(CLIENT, "doctor"));
	assert_non_null(strstr(text, "answers, revision"));
}

/* As docs/security.md tells. */
static void test_group(void **state)
{
	char text[4096];
	struct stat st;

	(void)state;
	copy_client(GROUP, 0750);
	if (!give_capabilities(BIT(CAP_SYS_PTRACE) | BIT(CAP_SYS_ADMIN) |
			       BIT(CAP_CHECKPOINT_RESTORE))) {
		vmw_diag("skipped: no file capabilities here: %s", strerror(errno));
		skip();
	}
	assert_int_equal(run_as(GROUP, GROUP, text, ARGV(COPY, "show", "1")), 0);
	assert_int_equal(run_as(GROUP, GROUP, text,
				ARGV(COPY, "extents", "--phys", "1")), 0);
	/* Who is not in it cannot even start it. */
	assert_int_equal(run_as(STRANGER, STRANGER, text, ARGV(COPY, "show", "1")), 126);
	/* To read is not to load or unload. */
	assert_int_equal(run_as(GROUP, GROUP, text, ARGV(COPY, "unload")), 1);
	assert_true(vmw_raw_alive());
	/* What it writes is its own, and nobody else's to read. */
	unlink(COLLECTION);
	assert_int_equal(run_as(GROUP, GROUP, text,
				ARGV(COPY, "snap", "-o", COLLECTION, "1")), 0);
	assert_int_equal(stat(COLLECTION, &st), 0);
	assert_int_equal(st.st_uid, GROUP);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* It is not a way to write where its caller may not. */
	assert_int_equal(run_as(GROUP, GROUP, text,
				ARGV(COPY, "snap", "-o", "/root/x.vmwalk", "1")), 1);
}

static void assert_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void test_modes(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat("/sys/kernel/debug", &st), 0);
	assert_int_equal(st.st_mode & 0077, 0);
	assert_mode("/sys/kernel/debug/vmwalk/walk", 0600);
	assert_mode("/sys/kernel/debug/vmwalk/pte", 0600);
	assert_mode("/sys/kernel/debug/vmwalk/stats", 0400);
	assert_mode("/sys/module/vmwalk/parameters/atomic_max", 0644);
}

static bool reads_without_debugfs(void *arg)
{
	char text[4096];

	(void)arg;
	return !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !umount2("/sys/kernel/debug", MNT_DETACH) &&
	       access("/sys/kernel/debug/vmwalk", F_OK) &&
	       !run_as(0, 0, text, ARGV(CLIENT, "show", "1")) &&
	       !run_as(0, 0, text, ARGV(CLIENT, "doctor"));
}

static void test_without_debugfs(void **state)
{
	(void)state;
	assert_true(vmw_in_child(reads_without_debugfs, NULL));
}

/* In the upper half, and not the gate, whose address is the same everywhere. */
static bool is_kernel_address(uint64_t word)
{
	return word >= 0xffff800000000000ULL && word < 0xffffffffff600000ULL;
}

/* Each member of 8 bytes, of records within records; how many. */
static size_t check_attributes(const char *p, size_t len)
{
	const struct nlattr *a;
	size_t words = 0;

	for (; len >= NLA_HDRLEN; p += NLA_ALIGN(a->nla_len), len -= NLA_ALIGN(a->nla_len)) {
		size_t size;

		a = (const void *)p;
		size = a->nla_len - NLA_HDRLEN;
		if (a->nla_type & NLA_F_NESTED) {
			words += check_attributes(p + NLA_HDRLEN, size);
			continue;
		}
		for (size_t at = 0; at + 8 <= size; at += 8, words++) {
			uint64_t word;

			memcpy(&word, p + NLA_HDRLEN + at, sizeof(word));
			if (is_kernel_address(word))
				fail_msg("attribute %u has %llx at byte %zu", a->nla_type,
					 (unsigned long long)word, at);
		}
		if ((size_t)NLA_ALIGN(a->nla_len) > len)
			break;
	}
	return words;
}

/* All that a walk can be asked for. */
static void test_no_kernel_address(void **state)
{
	static struct vmw_msg msg;
	static char buf[64 << 10];
	pid_t pid = vmw_fork_idle();
	int fd = vmw_raw_open();
	size_t words = 0;
	bool last = false;

	(void)state;
	assert_true(is_kernel_address(0xffffffff81000000) && !is_kernel_address(1ULL << 47));
	vmw_msg_start(&msg, VMWALK_CMD_WALK, NLM_F_DUMP);
	vmw_msg_u32(&msg, VMWALK_REQ_A_PID, pid);
	vmw_msg_u32(&msg, VMWALK_REQ_A_FLAGS, 0x7f);
	assert_int_equal(vmw_raw_send(fd, &msg), 0);
	while (!last) {
		int len = vmw_raw_receive(fd, buf, sizeof(buf));
		struct nlmsghdr *h = (void *)buf;

		assert_true(len > 0);
		last = vmw_raw_is_last(buf, len);
		for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len))
			if (h->nlmsg_type >= NLMSG_MIN_TYPE)
				words += check_attributes((char *)NLMSG_DATA(h) + GENL_HDRLEN,
							  h->nlmsg_len - NLMSG_HDRLEN -
							  GENL_HDRLEN);
	}
	close(fd);
	vmw_end_idle(pid);
	assert_true(words > 500);
}

static int remove_files(void **state)
{
	(void)state;
	unlink(COPY);
	unlink(COLLECTION);
	return vmw_module_idle() && vmw_raw_alive() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_while_drawing),
		cmocka_unit_test(test_few_while_recording),
		cmocka_unit_test(test_files_only),
		cmocka_unit_test(test_setuid_refused),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_without_debugfs),
		cmocka_unit_test(test_no_kernel_address),
	};

	return cmocka_run_group_tests(tests, NULL, remove_files);
}
