// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

static int take_operands(const struct vmw_reader *reader,
			 const struct vmw_options *opts,
			 struct vmw_capture_request *req)
{
	if (opts->nr_args < 1 || (opts->nr_args > 1 && !reader->operands))
		return vmw_usage_error(reader->cmd, "one process wanted, %d "
				       "given", opts->nr_args);
	req->target = opts->args[0];
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
	if (!ret && !opts->json)
		ret = vmw_render_stamp(stdout, as);
	vmw_segments_deinit(&segs);
	return ret;
}

/* One reading, of a process that is held still if that is wished for. */
static int capture(const struct vmw_options *opts,
		   struct vmw_capture_request *req, struct vmw_aspace *as,
		   struct vmw_error *err)
{
	struct vmw_stop *stop = NULL;
	struct vmw_info info;
	int ret = 0;

	if (opts->atomic)
		req->flags |= VMWALK_WALK_F_ATOMIC;
	req->stopped = opts->stop;
	if (opts->stop)
		ret = vmw_capture_hold(req->target, &stop, err);
	if (!ret)
		ret = vmw_capture(req, &info, as, err);
	vmw_stop_end(stop);
	return ret;
}

int vmw_reader_run(const struct vmw_reader *reader, int argc, char **argv)
{
	struct vmw_capture_request req = {
		.flags = reader->flags,
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
	ret = capture(&opts, &req, &as, &err);
	if (ret)
		return vmw_fail(ret, &err);
	ret = vmw_finish_reading(&opts, &as, render(reader, &opts, &as));
	vmw_aspace_deinit(&as);
	return ret;
}
