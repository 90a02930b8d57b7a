// SPDX-License-Identifier: GPL-2.0
#include "runtime_pack.h"

/*
 * Bytes of an arena whose spans make a run. One span that changes has a run
 * written anew, some hundred spans of a dozen bytes; each run costs a row.
 */
#define RUN	(4 << 20)

size_t vmw_spans_run(const struct vmw_go_span *spans, size_t nr)
{
	const uint64_t first = spans[0].start / RUN;
	size_t i = 1;

	while (i < nr && spans[i].start / RUN == first)
		i++;
	return i;
}

void vmw_pack_spans(struct vmw_pack *p, const struct vmw_go_span *spans, size_t nr)
{
	uint64_t end = nr ? spans[0].start : 0;

	for (size_t i = 0; i < nr; i++) {
		const struct vmw_go_span *s = &spans[i];

		vmw_pack_number(p, s->start - end);
		vmw_pack_number(p, s->end - s->start);
		vmw_pack_number(p, s->elem_size);
		vmw_pack_number(p, s->nr_elems);
		vmw_pack_number(p, s->nr_used);
		vmw_pack_number(p, s->state << 1 | !!s->noscan);
		end = s->end;
	}
}

bool vmw_unpack_span(struct vmw_unpack *u, uint64_t *end, struct vmw_go_span *span)
{
	struct vmw_unpack at = *u;
	uint64_t v[6];

	for (int i = 0; i < 6; i++)
		if (!vmw_unpack_number(&at, &v[i]))
			return false;
	if (v[0] > UINT64_MAX - *end || !v[1] ||
	    v[1] > UINT64_MAX - *end - v[0] || v[3] > UINT32_MAX ||
	    v[4] > UINT32_MAX || v[5] >> 1 >= VMW_SPAN_STATES)
		return false;
	*span = (struct vmw_go_span){
		.start = *end + v[0],
		.end = *end + v[0] + v[1],
		.elem_size = v[2],
		.nr_elems = v[3],
		.nr_used = v[4],
		.state = v[5] >> 1,
		.noscan = v[5] & 1,
	};
	*end = span->end;
	*u = at;
	return true;
}

void vmw_pack_frames(struct vmw_pack *p, uint64_t sp,
		     const struct vmw_call *frames, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		vmw_pack_number(p, frames[i].pc);
		vmw_pack_number(p, (frames[i].cfa - sp) << 1 | frames[i].linked);
		sp = frames[i].cfa;
	}
}

bool vmw_unpack_call(struct vmw_unpack *u, uint64_t *start,
		     struct vmw_call *frame)
{
	struct vmw_unpack at = *u;
	uint64_t v[2];

	for (int i = 0; i < 2; i++)
		if (!vmw_unpack_number(&at, &v[i]))
			return false;
	if (!(v[1] >> 1) || v[1] >> 1 > UINT64_MAX - *start)
		return false;
	*frame = (struct vmw_call){
		.pc = v[0], .cfa = *start + (v[1] >> 1), .linked = v[1] & 1,
	};
	*start = frame->cfa;
	*u = at;
	return true;
}
