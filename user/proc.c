// SPDX-License-Identifier: GPL-2.0
#include "proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The fields of /proc/PID/stat that are of use here. */
struct stat_line {
	char comm[16];
	char state;
	uint64_t start_time;	/* clock ticks since boot */
};

ssize_t vmw_proc_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	else
		buf[len] = '\0';
	close(fd);
	return len;
}

/* vmw_proc_read() of a file under /proc/@pid. */
static ssize_t read_of(pid_t pid, const char *file, char *buf, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return vmw_proc_read(path, buf, size);
}

/* The name may hold anything, ") R 1" too: it ends at the last parenthesis. */
static int parse_stat(const char *line, struct stat_line *out)
{
	const char *open = strchr(line, '('), *close = strrchr(line, ')');
	size_t len;

	if (!open || !close || close < open)
		return -EPROTO;
	*out = (struct stat_line){ 0 };
	len = close - open - 1;
	if (len >= sizeof(out->comm))
		len = sizeof(out->comm) - 1;
	memcpy(out->comm, open + 1, len);
	/* Fields 3 to 22: state, eighteen numbers, start time. */
	if (sscanf(close + 1,
		   " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s"
		   " %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64,
		   &out->state, &out->start_time) != 2)
		return -EPROTO;
	return 0;
}

static int read_stat(pid_t pid, const char *file, struct stat_line *out)
{
	char line[1024];
	ssize_t len = read_of(pid, file, line, sizeof(line));

	return len < 0 ? len : parse_stat(line, out);
}

/* A number above 0, or 0. */
static pid_t parse_pid(const char *s)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)*s))
		return 0;
	errno = 0;
	n = strtol(s, &end, 10);
	return errno || *end || n > INT_MAX ? 0 : n;
}

/* The thread group of thread @tid, 0 if there is none. */
static pid_t group_of(pid_t tid)
{
	char status[4096];
	const char *line;

	if (read_of(tid, "status", status, sizeof(status)) < 0)
		return 0;
	/* "Name:" comes first, its newlines escaped. */
	line = strstr(status, "\nTgid:");
	return line ? strtol(line + strlen("\nTgid:"), NULL, 10) : 0;
}

static int resolve_pid(pid_t tid, struct vmw_process *p, struct vmw_error *err)
{
	pid_t pid = group_of(tid);
	struct stat_line stat;

	if (!pid || read_stat(pid, "stat", &stat))
		return vmw_error_set(err, -ESRCH,
				     "no process %d (it may have exited)", tid);
	p->pid = pid;
	p->start_time = stat.start_time;
	memcpy(p->comm, stat.comm, sizeof(p->comm));
	return 0;
}

static bool base_name_is(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, name);
}

static bool exe_is(pid_t pid, const char *name)
{
	char link[64], path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return false;
	path[len] = '\0';
	return base_name_is(path, name);
}

/* Is @name what a person may call process @pid? Not if it is a zombie. */
static bool goes_by(pid_t pid, const char *name)
{
	char argv[PATH_MAX];
	struct stat_line stat;

	if (read_stat(pid, "stat", &stat) || strchr("ZX", stat.state))
		return false;
	if (!strcmp(stat.comm, name) || exe_is(pid, name))
		return true;
	return read_of(pid, "cmdline", argv, sizeof(argv)) > 0 &&
	       base_name_is(argv, name);
}

/* Appends "PID (command line)" to the list in @text, if it fits. */
static void list_candidate(char *text, size_t size, pid_t pid)
{
	char args[48] = "", item[80];
	ssize_t len = read_of(pid, "cmdline", args, sizeof(args));
	size_t used = strlen(text);
	int add;

	for (ssize_t i = 0; i + 1 < len; i++)
		if (!args[i])
			args[i] = ' ';
	add = snprintf(item, sizeof(item), "%s%d (%s)", used ? ", " : "", pid,
		       args);
	if (used + add < size)
		strcpy(text + used, item);
}

static int resolve_name(const char *name, struct vmw_process *p,
			struct vmw_error *err)
{
	char list[384] = "";
	struct dirent *entry;
	unsigned int found = 0;
	pid_t pid, match = 0;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return vmw_error_set(err, -errno, "cannot read /proc: %s",
				     strerror(errno));
	while ((entry = readdir(proc))) {
		pid = parse_pid(entry->d_name);
		if (!pid || pid == getpid() || !goes_by(pid, name))
			continue;
		match = pid;
		found++;
		list_candidate(list, sizeof(list), pid);
	}
	closedir(proc);
	if (!found)
		return vmw_error_set(err, -ESRCH, "no process is called '%s'",
				     name);
	if (found > 1)
		return vmw_error_set(err, -EEXIST,
				     "'%.32s' fits %u processes, give a pid: %s",
				     name, found, list);
	return resolve_pid(match, p, err);
}

int vmw_proc_resolve(const char *target, struct vmw_process *p,
		     struct vmw_error *err)
{
	pid_t pid = parse_pid(target);

	return pid ? resolve_pid(pid, p, err) : resolve_name(target, p, err);
}

enum vmw_vsyscall vmw_proc_vsyscall(void)
{
	enum vmw_vsyscall mode = VMW_VSYSCALL_NONE;
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128], perms[5];

	if (!maps)
		return VMW_VSYSCALL_UNKNOWN;
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, " [vsyscall]\n") &&
		    sscanf(line, "%*x-%*x %4s", perms) == 1)
			mode = perms[0] == 'r' ? VMW_VSYSCALL_EMULATE :
						 VMW_VSYSCALL_XONLY;
	fclose(maps);
	return mode;
}
