// SPDX-License-Identifier: GPL-2.0
/* What the process's runtime said, by the same door as from the process itself. */
#include <errno.h>

#include "import_doc.h"

/* [pc, cfa, linked] */
static bool get_frame(yajl_val v, struct vmw_call *frame)
{
	return YAJL_IS_ARRAY(v) && vmw_doc_length(v) == 3 &&
	       vmw_doc_is_address(vmw_doc_element(v, 0), &frame->pc) &&
	       vmw_doc_is_address(vmw_doc_element(v, 1), &frame->cfa) &&
	       vmw_doc_is_number(vmw_doc_element(v, 2), &frame->linked);
}

/* Of the goroutine that was added last. */
static void get_frames(struct vmw_import *im, yajl_val v)
{
	struct vmw_runtime *rt = &im->s->as.runtime;
	yajl_val array = vmw_doc_array(im, v, "frames");
	const size_t nr = vmw_doc_length(array);
	struct vmw_call frames[VMW_FRAMES_OF_G];
	bool fits = nr <= VMW_FRAMES_OF_G;

	for (size_t i = 0; fits && i < nr; i++)
		fits = get_frame(vmw_doc_element(array, i), &frames[i]);
	if (!fits || (nr && vmw_runtime_add_frames(rt, &rt->gs[rt->nr_gs - 1],
						   frames, nr)))
		vmw_doc_blame(im, "frames");
}

static void get_g(struct vmw_import *im, yajl_val v)
{
	struct vmw_g g = { 0 };

	vmw_doc_fields(im, v, &vmw_fields_of_g, &g);
	if (!im->bad && vmw_aspace_add_g(&im->s->as, &g))
		vmw_doc_blame(im, "goroutines");
	if (!im->bad)
		get_frames(im, v);
}

static void get_label(struct vmw_import *im, yajl_val v)
{
	struct vmw_label label = { 0 };

	vmw_doc_fields(im, v, &vmw_fields_of_label, &label);
	if (!im->bad && vmw_aspace_add_label(&im->s->as, &label))
		vmw_doc_blame(im, "labels");
}

/* [start, bytes, elem_size, nr_elems, nr_used, state, noscan] */
static void get_span(struct vmw_import *im, yajl_val v)
{
	struct vmw_go_span span;
	uint64_t n[7] = { 0 };
	bool fits;

	fits = YAJL_IS_ARRAY(v) && vmw_doc_length(v) == 7 &&
	       vmw_doc_is_address(vmw_doc_element(v, 0), &n[0]);
	for (size_t i = 1; fits && i < 7; i++)
		fits = vmw_doc_is_number(vmw_doc_element(v, i), &n[i]);
	span = (struct vmw_go_span){
		.start = n[0],
		.end = n[0] + n[1],
		.elem_size = n[2],
		.nr_elems = n[3],
		.nr_used = n[4],
		.state = n[5],
		.noscan = n[6],
	};
	if (!fits || n[1] > UINT64_MAX - n[0] || n[3] > UINT32_MAX ||
	    n[4] > UINT32_MAX || n[5] >= VMW_SPAN_STATES || n[6] > 1 ||
	    vmw_aspace_add_span(&im->s->as, &span))
		vmw_doc_blame(im, "spans");
}

static void get_image(struct vmw_import *im, yajl_val v)
{
	struct vmw_image image = { 0 };

	vmw_doc_fields(im, v, &vmw_fields_of_image, &image);
	if (!im->bad &&
	    (!*image.build_id || vmw_snapshot_add_image(im->s, &image)))
		vmw_doc_blame(im, "images");
}

static void get_each(struct vmw_import *im, yajl_val of, const char *name,
		     void (*get)(struct vmw_import *im, yajl_val v))
{
	yajl_val array = vmw_doc_array(im, of, name);

	for (size_t i = 0; !im->bad && i < vmw_doc_length(array); i++)
		get(im, vmw_doc_element(array, i));
}

void vmw_import_runtime(struct vmw_import *im, yajl_val doc)
{
	yajl_val of = vmw_doc_member(doc, "runtime", yajl_t_object);
	struct vmw_runtime *rt = &im->s->as.runtime;

	if (vmw_doc_member(doc, "images", yajl_t_any))
		get_each(im, doc, "images", get_image);
	if (!of) {
		if (vmw_doc_member(doc, "runtime", yajl_t_any))
			vmw_doc_blame(im, "runtime");
		return;
	}
	vmw_doc_fields(im, of, &vmw_fields_of_runtime, rt);
	if (rt->source >= VMW_EVIDENCES)
		vmw_doc_blame(im, "source");
	get_each(im, of, "goroutines", get_g);
	get_each(im, of, "labels", get_label);
	get_each(im, of, "spans", get_span);
	rt->known = true;
	if (!im->bad)
		vmw_runtime_finish(rt);
}
