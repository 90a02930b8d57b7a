// SPDX-License-Identifier: GPL-2.0
/*
 * VMWALK_CMD_TASKS: every process is met once, with the numbers of its
 * /proc/PID/status, whatever comes and goes meanwhile; and who may ask.
 */
#include <dirent.h>
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
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "genl/genl.h"
#include "lib/child.h"
#include "lib/raw.h"
#include "lib/report.h"
#include "lib/target.h"

#define MANY 800		/* processes: several messages of them */
#define ROUNDS 50	/* listings while others come and go */
#define FEW 3		/* likewise, as many on the slowest machine */
#define ODD_NAME "a\n(b) \\\033[1m"

static struct vmw_msg msg;

static bool list(struct vmw_tasks *tasks)
{
	struct vmw_error err = { "" };
	struct vmw_genl *genl;

	if (!vmw_genl_open(&genl, &err)) {
		vmw_genl_tasks(genl, tasks, &err);
		vmw_genl_close(genl);
	}
	if (err.text[0])
		vmw_diag("%s", err.text);
	return !err.text[0];
}

static const struct vmwalk_task *find(const struct vmw_tasks *tasks, pid_t pid)
{
	for (size_t i = 0; i < tasks->nr; i++)
		if (tasks->task[i].info.pid == (uint32_t)pid)
			return &tasks->task[i].info;
	return NULL;
}

/* Of one process; false if it is not there. */
static bool record_of(pid_t pid, struct vmwalk_task *info)
{
	const struct vmwalk_task *found;
	struct vmw_tasks tasks;

	if (!list(&tasks))
		return false;
	found = find(&tasks, pid);
	if (found)
		*info = *found;
	vmw_tasks_deinit(&tasks);
	return found;
}

/* The oracle */

static ssize_t read_file(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, buf, size - 1);
	if (fd >= 0)
		close(fd);
	buf[len < 0 ? 0 : len] = '\0';
	return len;
}

/* The number @nr behind "@key:" in @status; 0 if there is none. */
static uint64_t field(const char *status, const char *key, int nr)
{
	char line[64];
	const char *s;

	snprintf(line, sizeof(line), "\n%s:", key);
	s = strstr(status, line);
	if (!s)
		return 0;
	s += strlen(line);
	for (; s && nr; nr--)
		s = strchr(s + 1, '\t');
	return s ? strtoull(s, NULL, 10) : 0;
}

static uint64_t start_ticks(pid_t pid)
{
	char stat[1024], *s;
	int i;

	read_file(pid, "stat", stat, sizeof(stat));
	s = strrchr(stat, ')');
	for (i = 0; s && i < 20; i++)
		s = strchr(s + 1, ' ');
	return s ? strtoull(s, NULL, 10) : 0;
}

static void compare_memory(struct vmw_report *r, const struct vmwalk_task *t,
			   const char *status)
{
	const struct {
		const char *key;
		uint64_t bytes;
	} sizes[] = {
		{ "VmPeak", t->hiwater_vm }, { "VmSize", t->mapped },
		{ "VmLck", t->locked }, { "VmPin", t->pinned },
		{ "VmHWM", t->hiwater_rss }, { "VmRSS", vmw_task_resident(t) },
		{ "RssAnon", t->rss_anon }, { "RssFile", t->rss_file },
		{ "RssShmem", t->rss_shmem }, { "VmData", t->data },
		{ "VmStk", t->stack }, { "VmPTE", t->page_tables },
		{ "VmSwap", t->swap }, { "HugetlbPages", t->hugetlb },
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		vmw_same_number(r, t->pid, sizes[i].key, sizes[i].bytes >> 10,
				field(status, sizes[i].key, 0));
	vmw_same_number(r, t->pid, "VmExe and VmLib", t->exec >> 10,
			field(status, "VmExe", 0) + field(status, "VmLib", 0));
}

/* Of kernel threads /proc tells more of the name than there is. */
static void compare_name(struct vmw_report *r, const struct vmwalk_task *t)
{
	char comm[256];
	size_t len;

	read_file(t->pid, "comm", comm, sizeof(comm));
	len = t->flags & VMWALK_TASK_F_KTHREAD ? strlen(t->comm) :
						 strlen(comm) - 1;
	if (strlen(t->comm) != len || strncmp(t->comm, comm, len))
		vmw_differ(r, "%u is called '%s', by /proc '%s'", t->pid,
			   t->comm, comm);
}

static void compare(struct vmw_report *r, const struct vmwalk_task *t,
		    const char *status)
{
	/* status is in the order of the fields, and Name: comes first. */
	bool zombie = strstr(status, "\nState:\tZ");

	vmw_same_number(r, t->pid, "Tgid", t->pid, field(status, "Tgid", 0));
	vmw_same_number(r, t->pid, "PPid", t->ppid, field(status, "PPid", 0));
	vmw_same_number(r, t->pid, "uid", t->uid, field(status, "Uid", 0));
	vmw_same_number(r, t->pid, "euid", t->euid, field(status, "Uid", 1));
	vmw_same_number(r, t->pid, "Threads", t->threads,
			field(status, "Threads", 0));
	vmw_same_number(r, t->pid, "start time",
			t->start_time / (1000000000 / sysconf(_SC_CLK_TCK)),
			start_ticks(t->pid));
	/* Those work now and then, in between. */
	if (!(t->flags & VMWALK_TASK_F_KTHREAD))
		vmw_same_number(r, t->pid, "state", t->state,
				*(strstr(status, "\nState:\t") +
				  strlen("\nState:\t")));
	/* That of a group without its leader is not in its status. */
	if (!zombie) {
		vmw_same_number(r, t->pid, "has memory",
				!!(t->flags & VMWALK_TASK_F_MM),
				!!strstr(status, "\nVmSize:"));
		compare_memory(r, t, status);
	}
	compare_name(r, t);
}

/*
 * A listing before, /proc, a listing after: what is the same in both is held
 * against what is between. Returns how many processes were compared.
 */
static size_t compare_all(struct vmw_report *r, const struct vmw_tasks *before,
			  char (*status)[4096], const struct vmw_tasks *after)
{
	size_t compared = 0;

	for (size_t i = 0; i < before->nr; i++) {
		const struct vmwalk_task *a = &before->task[i].info;
		const struct vmwalk_task *b = find(after, a->pid);

		if (!b || memcmp(a, b, sizeof(*a)))
			continue;
		if (!*status[i]) {
			vmw_differ(r, "%u is not in /proc", a->pid);
			continue;
		}
		compare(r, a, status[i]);
		compared++;
	}
	return compared;
}

static size_t read_pids(pid_t *pids, size_t room)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t nr = 0;

	while (proc && (entry = readdir(proc)) && nr < room) {
		pids[nr] = atoi(entry->d_name);
		nr += pids[nr] > 0;
	}
	if (proc)
		closedir(proc);
	return nr;
}

static size_t check_against_proc(struct vmw_report *r)
{
	struct vmw_tasks before, after;
	char (*status)[4096];
	size_t compared, nr;
	pid_t pids[1024];

	if (!list(&before))
		return 0;
	status = calloc(before.nr, sizeof(*status));
	for (size_t i = 0; i < before.nr; i++)
		read_file(before.task[i].info.pid, "status", status[i],
			  sizeof(*status));
	nr = read_pids(pids, sizeof(pids) / sizeof(pids[0]));
	if (!list(&after))
		return 0;
	for (size_t i = 0; i < nr; i++)
		if (!find(&before, pids[i]) && !find(&after, pids[i]))
			vmw_differ(r, "%d is not listed", pids[i]);
	compared = compare_all(r, &before, status, &after);
	free(status);
	vmw_tasks_deinit(&before);
	vmw_tasks_deinit(&after);
	return compared;
}

/* Against /proc/PID/status */

static void test_quiet_machine(void **state)
{
	static const char *const scenarios[][2] = {
		{ "anon", "heap" }, { "anon", "threads" }, { "file", "odd_name" },
		{ "shm", "memfd" }, { "swap", "anon" }, { "threads", "leaderless" },
		{ "huge", "hugetlb_private" }, { "huge", "thp" },
	};
	struct vmw_target t[sizeof(scenarios) / sizeof(scenarios[0])];
	bool runs[sizeof(t) / sizeof(t[0])];
	struct vmw_report r = { 0 };
	size_t compared, running = 0;
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *const argv[] = { path, scenarios[i][1], "/tmp", NULL };

		snprintf(path, sizeof(path), VMW_TARGET_DIR "/%s",
			 scenarios[i][0]);
		runs[i] = !vmw_target_start(&t[i], argv, NULL);
		running += runs[i];
	}
	compared = check_against_proc(&r);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (runs[i])
			vmw_target_end(&t[i]);
	vmw_diag("%zu processes compared, %zu targets", compared, running);
	assert_true(running > 4);
	assert_true(compared > running + 10);
	assert_int_equal(r.wrong, 0);
}

/* Kinds of processes */

static void test_kernel_thread(void **state)
{
	struct vmwalk_task t;

	(void)state;
	assert_true(record_of(2, &t));
	assert_string_equal(t.comm, "kthreadd");
	assert_int_equal(t.flags, VMWALK_TASK_F_KTHREAD);
	assert_int_equal(t.mapped + vmw_task_resident(&t) + t.page_tables, 0);
	assert_int_equal(t.ppid, 0);
}

static void test_zombie(void **state)
{
	struct vmwalk_task t;
	siginfo_t info;
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(0);
	assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	assert_true(record_of(pid, &t));
	waitpid(pid, NULL, 0);
	assert_int_equal(t.state, 'Z');
	assert_int_equal(t.flags, 0);
	assert_int_equal(t.mapped + vmw_task_resident(&t) + t.vmas, 0);
	assert_int_equal(t.ppid, getpid());
	assert_false(record_of(pid, &t));
}

/* Its leader has exited, and has no mm; the others have. */
static void test_leaderless(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/threads", "leaderless", NULL };
	struct vmw_target target;
	struct vmwalk_task t;
	bool found;

	(void)state;
	assert_int_equal(vmw_target_start(&target, argv, NULL), 0);
	found = record_of(target.pid, &t);
	vmw_target_end(&target);
	assert_true(found);
	assert_int_equal(t.state, 'Z');
	assert_int_equal(t.flags, VMWALK_TASK_F_MM);
	assert_true(t.mapped > 0 && t.rss_anon > 0 && t.page_tables > 0);
	assert_true(t.threads >= 2);
}

/* Forks, has the child do @prepare and wait; its pid. */
static pid_t fork_prepared(bool (*prepare)(void))
{
	int ready[2];
	char c = 0;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!prepare() || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

static bool become_somebody(void)
{
	return !prctl(PR_SET_NAME, ODD_NAME) &&
	       !setresuid(VMW_NOBODY, VMW_NOBODY + 1, 0);
}

static void test_name_and_user(void **state)
{
	pid_t pid = fork_prepared(become_somebody);
	struct vmwalk_task t;

	(void)state;
	assert_true(pid > 0);
	assert_true(record_of(pid, &t));
	vmw_end_idle(pid);
	assert_string_equal(t.comm, ODD_NAME);
	assert_int_equal(t.uid, VMW_NOBODY);
	assert_int_equal(t.euid, VMW_NOBODY + 1);
	assert_int_equal(t.threads, 1);
	assert_true(strchr("RSD", t.state));
}

/* The number is the directory's inode number. */
static void test_cgroup(void **state)
{
	char dir[] = "/tmp/cgroup.XXXXXX", child[64], file[96], text[16];
	struct vmwalk_task t;
	struct stat st;
	pid_t pid;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	if (mount("none", dir, "cgroup2", 0, NULL)) {
		rmdir(dir);
		skip();
	}
	snprintf(child, sizeof(child), "%s/inner", dir);
	snprintf(file, sizeof(file), "%s/cgroup.procs", child);
	assert_int_equal(mkdir(child, 0755), 0);
	assert_int_equal(stat(child, &st), 0);
	pid = vmw_fork_idle();
	fd = open(file, O_WRONLY | O_CLOEXEC);
	snprintf(text, sizeof(text), "%d", pid);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_true(record_of(pid, &t));
	vmw_end_idle(pid);
	rmdir(child);
	umount(dir);
	rmdir(dir);
	assert_int_equal(t.cgroup, st.st_ino);
	assert_true(record_of(1, &t));
	assert_int_not_equal(t.cgroup, st.st_ino);
}

/* Many, and changing */

static pid_t idle[MANY];

static void fork_many(size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		idle[i] = vmw_fork_idle();
		assert_true(idle[i] > 0);
	}
}

static void end_many(size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		kill(idle[i], SIGKILL);
	for (size_t i = 0; i < nr; i++)
		waitpid(idle[i], NULL, 0);
}

/* Those of @nr idle ones that are listed; the model refuses any met twice. */
static size_t count_idle(const struct vmw_tasks *tasks, size_t nr)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++)
		found += !!find(tasks, idle[i]);
	return found;
}

static void test_many(void **state)
{
	struct vmw_tasks tasks;
	size_t found;

	(void)state;
	fork_many(MANY);
	assert_true(list(&tasks));
	found = count_idle(&tasks, MANY);
	end_many(MANY);
	vmw_diag("%zu processes", tasks.nr);
	vmw_tasks_deinit(&tasks);
	assert_int_equal(found, MANY);
}

/* A child that forks without end. */
static bool churn(void)
{
	pid_t pid = fork();

	if (pid)
		return pid > 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		pid_t ours = fork();

		if (!ours)
			_exit(0);
		if (ours > 0)
			waitpid(ours, NULL, 0);
	}
}

static void test_changing(void **state)
{
	const char *const argv[] = { VMW_TARGET_DIR "/threads", "churn", NULL };
	const uint64_t start = vmw_now_ms();
	struct vmw_target threads;
	bool with_threads;
	size_t nr = 100, found = 0, rounds = 0;
	pid_t churning = fork_prepared(churn);

	(void)state;
	assert_true(churning > 0);
	with_threads = !vmw_target_start(&threads, argv, NULL);
	fork_many(nr);
	for (; rounds < ROUNDS; rounds++) {
		struct vmw_tasks tasks;

		if (rounds >= FEW && vmw_now_ms() - start > VMW_ENOUGH)
			break;
		if (!list(&tasks))
			break;
		found += count_idle(&tasks, nr);
		vmw_tasks_deinit(&tasks);
	}
	end_many(nr);
	if (with_threads)
		vmw_target_end(&threads);
	vmw_end_idle(churning);
	vmw_diag("%zu listings", rounds);
	assert_true(rounds >= FEW);
	assert_int_equal(found, rounds * nr);
}

/* The dump */

static int begin_dump(void)
{
	int fd = vmw_raw_open();

	vmw_msg_start(&msg, VMWALK_CMD_TASKS, NLM_F_DUMP);
	if (fd >= 0 && vmw_raw_send(fd, &msg)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What the reader leaves behind is let go with its socket. */
static void test_half_read(void **state)
{
	char buf[32 << 10];
	int fd;

	(void)state;
	fork_many(MANY);
	fd = begin_dump();
	assert_true(fd >= 0);
	assert_true(vmw_raw_receive(fd, buf, sizeof(buf)) > 0);
	close(fd);
	fd = begin_dump();
	assert_true(fd >= 0);
	close(fd);
	end_many(MANY);
	assert_true(vmw_module_idle());
	assert_true(vmw_raw_alive());
}

/* Slowly, while those that the cursor points at end. */
static void test_half_read_then_exits(void **state)
{
	struct vmw_verdict v;
	char buf[32 << 10];
	int fd;

	(void)state;
	fork_many(MANY);
	fd = begin_dump();
	assert_true(fd >= 0);
	assert_true(vmw_raw_receive(fd, buf, sizeof(buf)) > 0);
	end_many(MANY);
	vmw_raw_verdict(fd, &msg, &v, NULL);
	close(fd);
	assert_int_equal(v.error, 0);
	assert_true(v.done);
}

static void test_no_attributes(void **state)
{
	struct vmw_verdict v;
	int fd = vmw_raw_open();

	(void)state;
	for (int attr = 1; attr < 4; attr++) {
		vmw_msg_start(&msg, VMWALK_CMD_TASKS, NLM_F_DUMP);
		vmw_msg_u32(&msg, attr, 1);
		vmw_raw_ask(fd, &msg, &v);
		assert_int_equal(v.error, -EINVAL);
		assert_int_equal(v.messages, 0);
	}
	/* It is a dump, or nothing. */
	vmw_msg_start(&msg, VMWALK_CMD_TASKS, NLM_F_ACK);
	vmw_raw_ask(fd, &msg, &v);
	assert_int_equal(v.error, -EOPNOTSUPP);
	close(fd);
}

/* Who may */

static bool is_refused(void)
{
	struct vmw_verdict v;
	int fd = vmw_raw_open();

	vmw_msg_start(&msg, VMWALK_CMD_TASKS, NLM_F_DUMP);
	vmw_raw_ask(fd, &msg, &v);
	close(fd);
	if (v.error == -EPERM && !v.messages && strstr(v.text, "CAP_SYS_PTRACE"))
		return true;
	vmw_diag("error %d, %zu messages, \"%s\"", v.error, v.messages, v.text);
	return false;
}

static bool as_nobody(void *arg)
{
	(void)arg;
	return vmw_become_nobody() && is_refused();
}

static bool in_userns(void *arg)
{
	(void)arg;
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET) && is_refused();
}

static void test_unprivileged(void **state)
{
	(void)state;
	assert_true(vmw_in_child(as_nobody, NULL));
	assert_true(vmw_in_child(in_userns, NULL));
	assert_true(vmw_raw_alive());
}

/* Nobody outside is seen in there, not even as a parent. */
static bool as_pid_1(void *arg)
{
	struct vmw_tasks tasks;
	pid_t pid = vmw_fork_idle();
	bool ok = list(&tasks);

	(void)arg;
	ok = ok && tasks.nr == 2 && tasks.task[0].info.pid == 1 &&
	     tasks.task[0].info.ppid == 0 &&
	     tasks.task[1].info.pid == (uint32_t)pid &&
	     tasks.task[1].info.ppid == 1 && getpid() == 1;
	if (!ok)
		vmw_diag("%zu processes", tasks.nr);
	vmw_end_idle(pid);
	return ok;
}

static bool in_pidns(void *arg)
{
	return !unshare(CLONE_NEWPID) && vmw_in_child(as_pid_1, arg);
}

static void test_pid_namespace(void **state)
{
	(void)state;
	assert_true(vmw_in_child(in_pidns, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet_machine),
		cmocka_unit_test(test_kernel_thread),
		cmocka_unit_test(test_zombie),
		cmocka_unit_test(test_leaderless),
		cmocka_unit_test(test_name_and_user),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_changing),
		cmocka_unit_test(test_half_read),
		cmocka_unit_test(test_half_read_then_exits),
		cmocka_unit_test(test_no_attributes),
		cmocka_unit_test(test_unprivileged),
		cmocka_unit_test(test_pid_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
