// SPDX-License-Identifier: GPL-2.0
#include "module.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kmod.h"
#include "proc.h"

#define MODULE		"vmwalk"
#define LOG_NOTHING	-1	/* below syslog's lowest level */

static struct kmod_ctx *new_context(const struct vmw_kmod *kmod,
				    struct vmw_error *err)
{
	const char *no_config = NULL;
	struct kmod_ctx *ctx = kmod->new(NULL, &no_config);

	if (ctx)
		kmod->set_log_priority(ctx, LOG_NOTHING);
	else
		vmw_error_set(err, -ENOMEM, "no memory for libkmod");
	return ctx;
}

/* The module in file @path, or the installed one. */
static int find_module(const struct vmw_kmod *kmod, struct kmod_ctx *ctx,
		       const char *path, struct kmod_module **mod)
{
	struct kmod_list *list = NULL;
	int ret;

	if (path)
		return kmod->module_new_from_path(ctx, path, mod);
	ret = kmod->module_new_from_lookup(ctx, MODULE, &list);
	if (ret < 0 || !list)
		return -ENOENT;
	*mod = kmod->module_get_module(list);
	kmod->module_unref_list(list);
	return 0;
}

static int not_found(const char *path, int error, struct vmw_error *err)
{
	struct utsname uts;

	if (path)
		return vmw_error_set(err, error, "cannot use %s: %s", path,
				     strerror(-error));
	uname(&uts);
	return vmw_error_set(err, error,
			     "vmwalk.ko is not installed for kernel %s: build "
			     "and install it, or name the file",
			     uts.release);
}

/*
 * Calls @use with the module that @path means, as for vmw_module_load(), or
 * explains why there is none.
 */
static int with_module(const char *path,
		       int (*use)(const struct vmw_kmod *kmod,
				  struct kmod_module *mod, void *arg,
				  struct vmw_error *err),
		       void *arg, struct vmw_error *err)
{
	const struct vmw_kmod *kmod = vmw_kmod(err);
	struct kmod_ctx *ctx = kmod ? new_context(kmod, err) : NULL;
	struct kmod_module *mod;
	int ret;

	if (!ctx)
		return -ENOMEM;
	ret = find_module(kmod, ctx, path, &mod);
	if (ret) {
		not_found(path, ret, err);
	} else {
		ret = use(kmod, mod, arg, err);
		kmod->module_unref(mod);
	}
	kmod->unref(ctx);
	return ret;
}

static void take_info(struct vmw_module_file *file, const char *key,
		      const char *value)
{
	if (!strcmp(key, "vermagic"))
		snprintf(file->vermagic, sizeof(file->vermagic), "%s", value);
	else if (!strcmp(key, "version"))
		snprintf(file->version, sizeof(file->version), "%s", value);
	else if (!strcmp(key, "sig_id"))
		file->has_signature = true;
}

static int examine(const struct vmw_kmod *kmod, struct kmod_module *mod,
		   void *arg, struct vmw_error *err)
{
	struct vmw_module_file *file = arg;
	struct kmod_list *list = NULL, *pos;
	const char *path = kmod->module_get_path(mod);
	int ret;

	snprintf(file->path, sizeof(file->path), "%s", path ? path : "");
	ret = kmod->module_get_info(mod, &list);
	if (ret < 0)
		return vmw_error_set(err, ret, "cannot read %s: %s",
				     file->path, strerror(-ret));
	for (pos = list; pos; pos = kmod->list_next(list, pos))
		take_info(file, kmod->module_info_get_key(pos),
			  kmod->module_info_get_value(pos));
	kmod->module_info_free_list(list);
	return 0;
}

int vmw_module_examine(const char *path, struct vmw_module_file *file,
		       struct vmw_error *err)
{
	*file = (struct vmw_module_file){ 0 };
	return with_module(path, examine, file, err);
}

bool vmw_module_fits(const struct vmw_module_file *file)
{
	struct utsname uts;
	size_t len;

	uname(&uts);
	len = strlen(uts.release);
	return !strncmp(file->vermagic, uts.release, len) &&
	       (file->vermagic[len] == ' ' || !file->vermagic[len]);
}

static bool file_has(const char *path, const char *text)
{
	char buf[128];

	return vmw_proc_read(path, buf, sizeof(buf)) > 0 && strstr(buf, text);
}

static bool locked_down(void)
{
	const char *path = "/sys/kernel/security/lockdown";

	return file_has(path, "[integrity]") ||
	       file_has(path, "[confidentiality]");
}

bool vmw_module_must_be_signed(void)
{
	return locked_down() ||
	       file_has("/sys/module/module/parameters/sig_enforce", "Y");
}

static const char *cause_of_eperm(void)
{
	if (geteuid())
		return "needs CAP_SYS_MODULE: run vmwalk as root";
	if (file_has("/proc/sys/kernel/modules_disabled", "1"))
		return "kernel.modules_disabled is set, until the next boot";
	if (locked_down())
		return "the kernel is locked down and takes signed modules "
		       "only: sign it with an enrolled key";
	return "not permitted: no CAP_SYS_MODULE in this container?";
}

/* What init_module() means by its errno. */
static const char *cause_of_load_error(int error)
{
	switch (-error) {
	case EPERM:
		return cause_of_eperm();
	case EEXIST:
		return "it is loaded already";
	case ENOENT:
		return "the kernel lacks a symbol it needs, see dmesg: rebuild "
		       "it for this kernel";
	case ENOEXEC:
		return "not a module for this kernel, see dmesg: rebuild it";
	case EKEYREJECTED:
	case ENOKEY:
	case EBADMSG:
		return "the kernel does not accept its signature: sign it with "
		       "an enrolled key";
	default:
		return strerror(-error);
	}
}

static int load(const struct vmw_kmod *kmod, struct kmod_module *mod, void *arg,
		struct vmw_error *err)
{
	struct vmw_module_file file = { 0 };
	int ret = kmod->module_insert_module(mod, 0, NULL);
	struct utsname uts;

	(void)arg;
	if (!ret)
		return 0;
	uname(&uts);
	if (ret == -ENOEXEC && !examine(kmod, mod, &file, err) &&
	    !vmw_module_fits(&file))
		return vmw_error_set(err, ret,
				     "cannot load %.200s: it was built for kernel "
				     "%.*s, this is %s: rebuild it", file.path,
				     (int)strcspn(file.vermagic, " "),
				     file.vermagic, uts.release);
	return vmw_error_set(err, ret, "cannot load %.200s: %s",
			     kmod->module_get_path(mod),
			     cause_of_load_error(ret));
}

int vmw_module_load(const char *path, struct vmw_error *err)
{
	return with_module(path, load, NULL, err);
}

static int unload(const struct vmw_kmod *kmod, struct kmod_ctx *ctx,
		  struct vmw_error *err)
{
	struct kmod_module *mod;
	int ret;

	ret = kmod->module_new_from_name(ctx, MODULE, &mod);
	if (ret)
		return vmw_error_set(err, ret, "cannot unload vmwalk.ko: %s",
				     strerror(-ret));
	ret = kmod->module_remove_module(mod, 0);
	kmod->module_unref(mod);
	switch (-ret) {
	case 0:
		return 0;
	case ENOENT:
		return vmw_error_set(err, ret, "vmwalk.ko is not loaded");
	case EAGAIN:
	case EBUSY:
		return vmw_error_set(err, -EBUSY,
				     "cannot unload vmwalk.ko: it is in use, "
				     "by an open dump or a file in debugfs");
	case EPERM:
		return vmw_error_set(err, ret, "cannot unload vmwalk.ko: %s",
				     cause_of_eperm());
	default:
		return vmw_error_set(err, ret, "cannot unload vmwalk.ko: %s",
				     strerror(-ret));
	}
}

int vmw_module_unload(struct vmw_error *err)
{
	const struct vmw_kmod *kmod = vmw_kmod(err);
	struct kmod_ctx *ctx = kmod ? new_context(kmod, err) : NULL;
	int ret;

	if (!ctx)
		return -ENOMEM;
	ret = unload(kmod, ctx, err);
	kmod->unref(ctx);
	return ret;
}

bool vmw_module_loaded(void)
{
	return file_has("/sys/module/" MODULE "/initstate", "live");
}
