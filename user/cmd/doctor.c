// SPDX-License-Identifier: GPL-2.0
/* What vmwalk needs of this machine, checked piece by piece, with cures. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/magic.h>

#include "cmd.h"
#include "genl/genl.h"
#include "module.h"
#include "options.h"
#include "proc.h"
#include "render/json.h"

#define DEBUGFS		"/sys/kernel/debug"
#define WHOLE_RANGE	4294967295U	/* ids, of the initial user namespace */

enum verdict {
	OK,
	WARN,		/* something will be missing, or harder to do */
	FAIL,		/* vmwalk cannot work */
};

struct finding {
	enum verdict verdict;
	char detail[256];
	char cure[256];		/* empty if OK */
};

static void __attribute__((format(printf, 3, 4)))
found(struct finding *f, enum verdict how, const char *fmt, ...)
{
	va_list ap;

	f->verdict = how;
	va_start(ap, fmt);
	vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
}

static void __attribute__((format(printf, 2, 3)))
cure(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->cure, sizeof(f->cure), fmt, ap);
	va_end(ap);
}

static void check_kernel(struct finding *f)
{
	struct utsname uts;

	uname(&uts);
	found(f, OK, "%s %s %s", uts.sysname, uts.release, uts.machine);
}

static void check_module(struct finding *f)
{
	char version[32] = "";

	if (!vmw_module_loaded()) {
		found(f, FAIL, "vmwalk.ko is not loaded");
		cure(f, "vmwalk load");
		return;
	}
	if (vmw_proc_read("/sys/module/vmwalk/version", version,
			  sizeof(version)) > 0)
		version[strcspn(version, "\n")] = '\0';
	found(f, OK, "vmwalk.ko %s is loaded", version);
}

static void check_file(struct finding *f)
{
	struct vmw_module_file file;
	struct vmw_error err;
	struct utsname uts;

	uname(&uts);
	if (vmw_module_examine(NULL, &file, &err)) {
		found(f, WARN, "no vmwalk.ko is installed for kernel %s",
		      uts.release);
		cure(f, "make module, then vmwalk load FILE");
	} else if (!vmw_module_fits(&file)) {
		found(f, WARN, "%.150s was built for kernel %.*s", file.path,
		      (int)strcspn(file.vermagic, " "), file.vermagic);
		cure(f, "make module, for kernel %s", uts.release);
	} else {
		found(f, OK, "%.200s fits this kernel", file.path);
	}
}

static void check_signature(struct finding *f)
{
	struct vmw_module_file file;
	struct vmw_error err;
	bool found_one = !vmw_module_examine(NULL, &file, &err);
	bool has_signature = found_one && file.has_signature;

	if (!vmw_module_must_be_signed()) {
		found(f, OK, "not required%s",
		      has_signature ? ", vmwalk.ko has one" : "");
	} else if (has_signature || vmw_module_loaded()) {
		found(f, OK, "required, and vmwalk.ko has one");
	} else {
		found(f, WARN, "required, and vmwalk.ko has none");
		cure(f, "sign it (kmodsign) with a key enrolled by mokutil, or "
		     "boot without module.sig_enforce and lockdown");
	}
}

static void check_lockdown(struct finding *f)
{
	char modes[64];
	const char *mode;

	if (vmw_proc_read("/sys/kernel/security/lockdown", modes,
			  sizeof(modes)) <= 0) {
		found(f, OK, "this kernel tells of none");
		return;
	}
	mode = strchr(modes, '[');
	mode = mode ? mode + 1 : modes;
	found(f, OK, "%.*s", (int)strcspn(mode, "]\n"), mode);
	if (!strncmp(mode, "none", strlen("none")))
		return;
	f->verdict = WARN;
	cure(f, "sign vmwalk.ko, or boot without lockdown=");
}

static void check_headers(struct finding *f)
{
	struct utsname uts;
	char path[128];

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/build", uts.release);
	if (!access(path, F_OK)) {
		found(f, OK, "%s", path);
		return;
	}
	found(f, WARN, "%s is missing: vmwalk.ko cannot be built here", path);
	cure(f, "apt install linux-headers-%s", uts.release);
}

static void check_debugfs(struct finding *f)
{
	struct statfs fs;

	if (statfs(DEBUGFS, &fs) || fs.f_type != DEBUGFS_MAGIC) {
		found(f, WARN, DEBUGFS " is not mounted");
		cure(f, "mount -t debugfs none " DEBUGFS);
	} else if (!access(DEBUGFS "/vmwalk", F_OK)) {
		found(f, OK, DEBUGFS "/vmwalk");
	} else if (errno == EACCES) {
		found(f, WARN, DEBUGFS " is closed to you");
		cure(f, "run vmwalk as root");
	} else {
		found(f, WARN, DEBUGFS "/vmwalk is missing");
		cure(f, "vmwalk load");
	}
}

static uint64_t effective_capabilities(void)
{
	char status[4096];
	const char *line;

	if (vmw_proc_read("/proc/self/status", status, sizeof(status)) <= 0)
		return 0;
	line = strstr(status, "\nCapEff:");
	return line ? strtoull(line + strlen("\nCapEff:"), NULL, 16) : 0;
}

static void check_capability(struct finding *f)
{
	uint64_t have = effective_capabilities();

	if (!(have >> CAP_SYS_PTRACE & 1)) {
		found(f, FAIL, "no CAP_SYS_PTRACE: walks will be refused");
		cure(f, "run vmwalk as root");
	} else if (!(have >> CAP_SYS_ADMIN & 1)) {
		found(f, WARN, "no CAP_SYS_ADMIN: no physical addresses");
		cure(f, "run vmwalk as root");
	} else {
		found(f, OK, "CAP_SYS_PTRACE and CAP_SYS_ADMIN");
	}
}

static void check_namespace(struct finding *f)
{
	unsigned int inside, outside, count;
	char map[128] = "";

	if (vmw_proc_read("/proc/self/uid_map", map, sizeof(map)) > 0 &&
	    sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 &&
	    !inside && !outside && count == WHOLE_RANGE) {
		found(f, OK, "the initial user namespace");
		return;
	}
	found(f, FAIL, "a user namespace: capabilities count only outside");
	cure(f, "run vmwalk outside of this container");
}

static void check_interface(struct finding *f)
{
	struct vmw_genl *genl;
	struct vmw_info info;
	struct vmw_error err;
	int ret;

	ret = vmw_genl_open(&genl, &err);
	if (!ret) {
		ret = vmw_genl_info(genl, &info, &err);
		vmw_genl_close(genl);
	}
	if (ret) {
		found(f, FAIL, "%.200s", err.text);
		cure(f, "vmwalk load");
	} else if (info.abi < VMWALK_ABI_REVISION) {
		found(f, WARN, "vmwalk.ko %s speaks revision %u, vmwalk %u",
		      info.version, info.abi, VMWALK_ABI_REVISION);
		cure(f, "vmwalk unload, then load the vmwalk.ko that came "
		     "with vmwalk");
	} else {
		found(f, OK, "vmwalk.ko %s answers, revision %u", info.version,
		      info.abi);
	}
}

static const struct check {
	const char *name;
	void (*run)(struct finding *f);
} checks[] = {
	{ "kernel", check_kernel },
	/* Asking for the family may load the module: before looking for it. */
	{ "interface", check_interface },
	{ "module", check_module },
	{ "capability", check_capability },
	{ "namespace", check_namespace },
	{ "debugfs", check_debugfs },
	{ "file", check_file },
	{ "signature", check_signature },
	{ "lockdown", check_lockdown },
	{ "headers", check_headers },
};

#define NR_CHECKS	(sizeof(checks) / sizeof(*checks))

static const char *const verdict_names[] = {
	[OK] = "ok",
	[WARN] = "warn",
	[FAIL] = "fail",
};

static void print_text(const struct finding *f)
{
	for (size_t i = 0; i < NR_CHECKS; i++) {
		printf("%-5s %-11s %s\n", verdict_names[f[i].verdict],
		       checks[i].name, f[i].detail);
		if (f[i].cure[0])
			printf("%-17s cure: %s\n", "", f[i].cure);
	}
}

static void write_json(struct vmw_json *j, const struct finding *f, bool works)
{
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "schema", "vmwalk-doctor-1");
	vmw_json_bool(j, "works", works);
	vmw_json_array_begin(j, "checks");
	for (size_t i = 0; i < NR_CHECKS; i++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", checks[i].name);
		vmw_json_string(j, "status", verdict_names[f[i].verdict]);
		vmw_json_string(j, "detail", f[i].detail);
		vmw_json_string(j, "cure", f[i].cure[0] ? f[i].cure : NULL);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	vmw_json_object_end(j);
}

static int print_json(const struct finding *f, bool works,
		      struct vmw_error *err)
{
	struct vmw_json *j = vmw_json_create(stdout);
	int ret = -ENOMEM;

	if (j) {
		write_json(j, f, works);
		ret = vmw_json_destroy(j);
	}
	if (ret)
		vmw_error_set(err, ret, "cannot write: %s", strerror(-ret));
	return ret;
}

static int run(int argc, char **argv)
{
	struct finding findings[NR_CHECKS] = { 0 };
	struct vmw_options opts;
	struct vmw_error err;
	bool works = true;
	int ret;

	ret = vmw_options_parse(&vmw_cmd_doctor, argc, argv, &opts);
	if (ret)
		return ret - 1;
	if (opts.nr_args)
		return vmw_usage_error(&vmw_cmd_doctor, "takes no operands");
	for (size_t i = 0; i < NR_CHECKS; i++) {
		checks[i].run(&findings[i]);
		works &= findings[i].verdict != FAIL;
	}
	if (opts.json)
		ret = print_json(findings, works, &err);
	else
		print_text(findings);
	if (ret)
		return vmw_fail(ret, &err);
	return vmw_finish_output(works ? VMW_EXIT_OK : VMW_EXIT_ERROR);
}

const struct vmw_cmd vmw_cmd_doctor = {
	.name = "doctor",
	.run = run,
	.args = "[--json]",
	.summary = "check what vmwalk needs, and tell the cures",
	.help =
	"Exits with 0 if vmwalk can work now, with 1 if not.\n"
	"\n"
	"  --json  {\"schema\", \"works\", \"checks\": [{\"name\", \"status\": \"ok\",\n"
	"          \"warn\" or \"fail\", \"detail\", \"cure\": text or null}]}\n"
	"\n"
	"Examples:\n"
	"  vmwalk doctor\n"
	"  vmwalk doctor --json | jq -r '.checks[].cure // empty'\n",
};
