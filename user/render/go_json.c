// SPDX-License-Identifier: GPL-2.0
/* What the Go runtime keeps, as JSON. */
#include <errno.h>
#include <stdlib.h>

#include "go.h"
#include "views_json.h"

static void put_usage(struct vmw_json *j, const struct vmw_aspace *as,
		      uint64_t start, uint64_t end)
{
	struct vmw_usage u;

	vmw_aspace_usage(as, start, end, &u);
	vmw_json_uint(j, "mapped", u.mapped);
	vmw_json_uint(j, "present", u.present);
	vmw_json_uint(j, "resident", u.resident);
}

static void put_number(struct vmw_json *j, const char *key, uint64_t value)
{
	if (value)
		vmw_json_uint(j, key, value);
	else
		vmw_json_string(j, key, NULL);
}

void vmw_json_g(struct vmw_json *j, const struct vmw_aspace *as,
		const struct vmw_g *g)
{
	char status[VMW_STATUS_MAX];

	vmw_json_string(j, "kind", vmw_g_kind_name(g->kind));
	put_number(j, "id", g->id);
	vmw_json_string(j, "status", vmw_g_status_name(g->status, status));
	vmw_json_string(j, "waits_for", g->wait[0] ? g->wait : NULL);
	put_number(j, "tid", g->tid);
	vmw_json_address(j, "start", g->lo);
	vmw_json_address(j, "end", g->hi);
	if (g->sp)
		vmw_json_address(j, "sp", g->sp);
	else
		vmw_json_string(j, "sp", NULL);
	vmw_json_string(j, "function", g->start[0] ? g->start : NULL);
	put_usage(j, as, g->lo, g->hi);
}

static void put_gs(struct vmw_json *j, const struct vmw_aspace *as)
{
	vmw_json_array_begin(j, "stacks");
	for (size_t i = 0; i < as->runtime.nr_gs; i++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_g(j, as, &as->runtime.gs[i]);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static int put_classes(struct vmw_json *j, const struct vmw_aspace *as)
{
	struct vmw_go_class *c;
	ssize_t nr = vmw_go_classes(as, &c);

	if (nr < 0)
		return nr;
	vmw_json_array_begin(j, "spans");
	for (ssize_t i = 0; i < nr; i++) {
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "use", vmw_span_state_name(c[i].state));
		put_number(j, "elem_size", c[i].elem_size);
		vmw_json_bool(j, "noscan", c[i].noscan);
		vmw_json_uint(j, "nr", c[i].spans);
		vmw_json_uint(j, "allocated", c[i].used);
		vmw_json_uint(j, "room", c[i].room);
		vmw_json_uint(j, "mapped", c[i].usage.mapped);
		vmw_json_uint(j, "present", c[i].usage.present);
		vmw_json_uint(j, "resident", c[i].usage.resident);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
	free(c);
	return 0;
}

static void put_arena(struct vmw_json *j, const struct vmw_aspace *as,
		      const struct vmw_label *l)
{
	struct vmw_go_arena a;

	vmw_go_arena(as, l, &a);
	vmw_json_object_begin(j, "use");
	for (uint32_t i = 0; i < VMW_SPAN_STATES; i++)
		vmw_json_uint(j, vmw_span_state_name(i), a.bytes[i]);
	vmw_json_object_end(j);
}

static void put_labels(struct vmw_json *j, const struct vmw_aspace *as,
		       const char *key, enum vmw_label_kind kind)
{
	vmw_json_array_begin(j, key);
	for (size_t i = 0; i < as->runtime.nr_labels; i++) {
		const struct vmw_label *l = &as->runtime.labels[i];

		if (l->kind != kind)
			continue;
		vmw_json_object_begin(j, NULL);
		vmw_json_address(j, "start", l->start);
		vmw_json_address(j, "end", l->end);
		vmw_json_string(j, "name", l->name);
		put_usage(j, as, l->start, l->end);
		if (kind == VMW_LABEL_GO_ARENA)
			put_arena(j, as, l);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

int vmw_json_go(FILE *out, const struct vmw_aspace *as)
{
	const struct vmw_runtime *rt = &as->runtime;
	struct vmw_json *j = vmw_json_document(out, "vmwalk-go-1", as);
	int ret, end;

	if (!j)
		return -ENOMEM;
	vmw_json_string(j, "version", rt->version[0] ? rt->version : NULL);
	vmw_json_string(j, "source", vmw_evidence_id(rt->source));
	vmw_json_string(j, "not_known", rt->note[0] ? rt->note : NULL);
	vmw_json_uint(j, "goroutines", vmw_go_count(rt, VMW_G_USER));
	put_gs(j, as);
	ret = put_classes(j, as);
	put_labels(j, as, "arenas", VMW_LABEL_GO_ARENA);
	put_labels(j, as, "runtime", VMW_LABEL_GO_RUNTIME);
	end = vmw_json_document_end(j);
	return ret ? ret : end;
}

const char *vmw_evidence_id(enum vmw_evidence source)
{
	static const char *const ids[VMW_EVIDENCES] = {
		[VMW_EVIDENCE_DWARF] = "dwarf",
		[VMW_EVIDENCE_SYMTAB] = "symtab",
		[VMW_EVIDENCE_PATTERN] = "pattern",
		[VMW_EVIDENCE_TLS] = "tls",
		[VMW_EVIDENCE_SHAPE] = "shape",
		[VMW_EVIDENCE_VMA] = "vma",
	};

	return ids[source];
}

static void put_span(struct vmw_json *j, const struct vmw_go_span *s, uint64_t addr)
{
	vmw_json_object_begin(j, "span");
	vmw_json_string(j, "use", vmw_span_state_name(s->state));
	vmw_json_address(j, "start", s->start);
	vmw_json_address(j, "end", s->end);
	put_number(j, "elem_size", s->elem_size);
	if (s->state == VMW_SPAN_HEAP && s->elem_size)
		vmw_json_uint(j, "object", (addr - s->start) / s->elem_size);
	else
		vmw_json_string(j, "object", NULL);
	vmw_json_uint(j, "room", s->nr_elems);
	vmw_json_bool(j, "noscan", s->noscan);
	vmw_json_object_end(j);
}

const char *vmw_label_id(uint32_t kind)
{
	static const char *const kinds[VMW_LABEL_KINDS] = {
		[VMW_LABEL_GO_ARENA] = "go-arena",
		[VMW_LABEL_GO_RUNTIME] = "go-runtime",
		[VMW_LABEL_MALLOC_BRK] = "malloc-brk",
		[VMW_LABEL_MALLOC_ARENA] = "malloc-arena",
		[VMW_LABEL_MALLOC_TOP] = "malloc-top",
		[VMW_LABEL_MALLOC_RESERVED] = "malloc-reserved",
		[VMW_LABEL_MALLOC_MMAPPED] = "malloc-mmapped",
	};

	return kinds[kind];
}

static void put_label(struct vmw_json *j, const struct vmw_label *l)
{
	vmw_json_object_begin(j, "label");
	vmw_json_string(j, "kind", vmw_label_id(l->kind));
	vmw_json_string(j, "name", l->name);
	vmw_json_address(j, "start", l->start);
	vmw_json_address(j, "end", l->end);
	vmw_json_string(j, "source", vmw_evidence_id(l->source));
	vmw_json_bool(j, "sure", l->sure);
	vmw_json_object_end(j);
}

static void put_symbol(struct vmw_json *j, const struct vmw_runtime_symbol *s)
{
	vmw_json_object_begin(j, "symbol");
	vmw_json_string(j, "name", s->name);
	vmw_json_address(j, "start", s->start);
	vmw_json_uint(j, "size", s->size);
	vmw_json_object_end(j);
}

static void put_slot(struct vmw_json *j, const struct vmw_aspace *as,
		     uint64_t addr)
{
	static const char *const kinds[VMW_SLOT_KINDS] = {
		[VMW_SLOT_RETURN] = "return-address",
		[VMW_SLOT_LINK] = "frame-pointer",
		[VMW_SLOT_LOCAL] = "local",
		[VMW_SLOT_PARAMETER] = "parameter",
	};
	const struct vmw_slot *s = vmw_runtime_slot_at(&as->runtime, addr);
	const bool variable = s && (s->kind == VMW_SLOT_LOCAL ||
				    s->kind == VMW_SLOT_PARAMETER);

	if (!s) {
		vmw_json_string(j, "frame", NULL);
		return;
	}
	vmw_json_object_begin(j, "frame");
	vmw_json_uint(j, "number", s->number);
	vmw_json_uint(j, "frames", s->nr);
	vmw_json_string(j, "function", s->in[0] ? s->in : NULL);
	vmw_json_address(j, "pc", s->pc);
	vmw_json_address(j, "start", s->start);
	vmw_json_address(j, "end", s->cfa);
	vmw_json_bool(j, "rbp_agrees", s->linked);
	vmw_json_string(j, "slot", kinds[s->kind]);
	vmw_json_string(j, "into", s->kind == VMW_SLOT_RETURN && s->name[0] ?
			s->name : NULL);
	vmw_json_string(j, "variable", variable ? s->name : NULL);
	vmw_json_string(j, "type", s->type[0] ? s->type : NULL);
	if (variable) {
		vmw_json_uint(j, "size", s->size);
		vmw_json_uint(j, "offset", s->offset);
	} else {
		vmw_json_string(j, "size", NULL);
		vmw_json_string(j, "offset", NULL);
	}
	vmw_json_object_end(j);
}

void vmw_json_object(struct vmw_json *j, const struct vmw_aspace *as,
		     uint64_t addr)
{
	const struct vmw_runtime *rt = &as->runtime;
	const struct vmw_runtime_symbol *symbol = vmw_runtime_symbol_at(rt, addr);
	const struct vmw_g *g = vmw_runtime_g_at(rt, addr);
	const struct vmw_go_span *s = vmw_runtime_span_at(rt, addr);
	const struct vmw_label *l = vmw_runtime_label_at(rt, addr);

	if (g) {
		vmw_json_object_begin(j, "stack");
		vmw_json_g(j, as, g);
		vmw_json_object_end(j);
	} else {
		vmw_json_string(j, "stack", NULL);
	}
	put_slot(j, as, addr);
	if (s)
		put_span(j, s, addr);
	else
		vmw_json_string(j, "span", NULL);
	if (l)
		put_label(j, l);
	else
		vmw_json_string(j, "label", NULL);
	if (symbol)
		put_symbol(j, symbol);
	else
		vmw_json_string(j, "symbol", NULL);
}
