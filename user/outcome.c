// SPDX-License-Identifier: GPL-2.0
/* How a command ends: what it says when it fails, and its exit code. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "progress.h"

void vmw_cmd_help(const struct vmw_cmd *cmd)
{
	printf("Usage: vmwalk %s %s\n%s\n\n%s", cmd->name, cmd->args,
	       cmd->summary, cmd->help);
}

/* Names of processes and files get into messages, too. */
static void complain(const char *text)
{
	char safe[4 * sizeof(((struct vmw_error *)0)->text)];

	vmw_escape_name(text, safe, sizeof(safe));
	vmw_progress_clear();
	fprintf(stderr, "vmwalk: %s\n", safe);
}

int vmw_usage_error(const struct vmw_cmd *cmd, const char *fmt, ...)
{
	char why[256], text[384];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	snprintf(text, sizeof(text), "%s: %s (see 'vmwalk help %s')", cmd->name,
		 why, cmd->name);
	complain(text);
	return VMW_EXIT_USAGE;
}

int vmw_fail(int errnum, const struct vmw_error *err)
{
	complain(err->text[0] ? err->text : strerror(-errnum));
	return errnum == -ESRCH ? VMW_EXIT_NO_PROCESS : VMW_EXIT_ERROR;
}

/* @as: of what kernel it is; NULL: of the running one. */
static int finish_view(const struct vmw_options *opts,
		       const struct vmw_aspace *as, int ret)
{
	struct vmw_error err = { "" };

	if (!ret && opts->explain) {
		putchar('\n');
		ret = vmw_explain(opts, as, NULL);
	}
	if (ret > 0)
		return ret;
	if (ret && !ferror(stdout))
		return vmw_fail(ret, &err);
	return vmw_finish_output(VMW_EXIT_OK);
}

int vmw_finish_view(const struct vmw_options *opts, int ret)
{
	return finish_view(opts, NULL, ret);
}

int vmw_finish_reading(const struct vmw_options *opts,
		       const struct vmw_aspace *as, int ret)
{
	ret = finish_view(opts, as, ret);
	if (as->complete && as->end.consistency != VMWALK_CHANGED)
		return ret;
	if (ret == VMW_EXIT_OK) {
		ret = VMW_EXIT_PARTIAL;
		fprintf(stderr, "vmwalk: process %u changed its mappings during "
			"each of %u walks: this shows a mixture, try --atomic\n",
			as->mm.pid, as->retries + 1);
	}
	return ret;
}

int vmw_finish_output(int exit_code)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return exit_code;
	/* Whoever closed the pipe has seen enough. */
	if (errno != EPIPE)
		fprintf(stderr, "vmwalk: cannot write the output: %s\n",
			errno ? strerror(errno) : "an earlier write failed");
	return VMW_EXIT_ERROR;
}
