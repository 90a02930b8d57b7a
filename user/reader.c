// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

#include "privileges.h"
#include "source.h"

static int take_operands(const struct vmw_reader *reader,
			 const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	if (opts->nr_args < 1 || (opts->nr_args > 1 && !reader->operands))
		return vmw_usage_error(reader->cmd, "one process or "
				       "snapshot wanted, %d given", opts->nr_args);
	return reader->operands ? reader->operands(opts, req) : 0;
}

static int render(const struct vmw_reader *reader,
		  const struct vmw_options *opts, const struct vmw_aspace *as)
{
	struct vmw_segments segs;
	int ret;

	ret = vmw_classify(as, &segs);
	if (ret)
		return ret;
	ret = reader->render(opts, as, &segs);
	if (!ret && !opts->json && !opts->csv)
		ret = vmw_render_stamp(stdout, as);
	vmw_segments_deinit(&segs);
	return ret;
}

/* One reading; a process is held still for it if that is wished for. */
static int capture(const struct vmw_reader *reader,
		   const struct vmw_options *opts,
		   struct vmw_capture_request *req, struct vmw_aspace *as,
		   struct vmw_error *err)
{
	const struct vmw_annotate_request runtime = { .runtime = true };
	struct vmw_source *src;
	int ret;

	if (opts->atomic)
		req->flags |= VMWALK_WALK_F_ATOMIC;
	ret = vmw_source_open(&src, opts->args[0], opts->stop, err);
	if (ret)
		return ret;
	ret = vmw_source_read(src, req, as, err);
	if (!ret && reader->annotate) {
		ret = vmw_source_annotate(src, as, &runtime, err);
		if (ret)
			vmw_aspace_deinit(as);
	}
	vmw_source_close(src);
	return ret;
}

int vmw_reader_run(const struct vmw_reader *reader, int argc, char **argv)
{
	struct vmw_capture_request req = {
		.flags = reader->flags,
		.sums = reader->sums,
	};
	struct vmw_options opts;
	struct vmw_aspace as;
	struct vmw_error err;
	int ret;

	ret = vmw_options_parse(reader->cmd, argc, argv, &opts);
	if (ret)
		return ret - 1;
	ret = take_operands(reader, &opts, &req);
	if (ret)
		return ret;
	ret = capture(reader, &opts, &req, &as, &err);
	if (ret)
		return vmw_fail(ret, &err);
	vmw_privileges_end();
	ret = vmw_finish_reading(&opts, &as, render(reader, &opts, &as));
	vmw_aspace_deinit(&as);
	return ret;
}
