// SPDX-License-Identifier: GPL-2.0
/*
 * The members are those of the model, by their names. What is no UTF-8 comes in
 * hexadecimal beside it, since JSON cannot say it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/fields.h"
#include "export.h"
#include "json.h"
#include "views_json.h"

/* Well-formed, as json.c would leave it. */
static bool is_utf8(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p) {
		const unsigned int more = *p < 0x80 ? 0 : *p >> 5 == 6 ? 1 :
					  *p >> 4 == 14 ? 2 :
					  *p >> 3 == 30 ? 3 : 4;
		const unsigned int first = *p++;

		if (more == 4 || first == 0xc0 || first == 0xc1 || first > 0xf4)
			return false;
		for (unsigned int i = 0; i < more; i++, p++) {
			if (*p >> 6 != 2)
				return false;
			if (!i && ((first == 0xe0 && *p < 0xa0) ||
				   (first == 0xed && *p > 0x9f) ||
				   (first == 0xf0 && *p < 0x90) ||
				   (first == 0xf4 && *p > 0x8f)))
				return false;
		}
	}
	return true;
}

static void put_text(struct vmw_json *j, const char *key, const char *text)
{
	char hex[2 * 4096 + 1], bytes[64];
	size_t i;

	vmw_json_string(j, key, text);
	if (!text || is_utf8(text))
		return;
	for (i = 0; text[i] && 2 * i + 2 < sizeof(hex); i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)text[i]);
	hex[2 * i] = '\0';
	snprintf(bytes, sizeof(bytes), "%s_bytes", key);
	vmw_json_string(j, bytes, hex);
}

static void put_fields(struct vmw_json *j, const struct vmw_fields *f,
		       const void *of)
{
	for (size_t i = 0; i < f->nr; i++) {
		const struct vmw_field *m = &f->field[i];

		switch (m->type) {
		case VMW_FIELD_NUMBER:
			vmw_json_uint(j, m->name, vmw_field_get(m, of));
			break;
		case VMW_FIELD_ADDRESS:
			vmw_json_address(j, m->name, vmw_field_get(m, of));
			break;
		case VMW_FIELD_BOOL:
			vmw_json_bool(j, m->name, vmw_field_get(m, of));
			break;
		case VMW_FIELD_TEXT:
			put_text(j, m->name, vmw_field_text(m, of));
			break;
		}
	}
}

static void put_object(struct vmw_json *j, const char *key,
		       const struct vmw_fields *f, const void *of)
{
	vmw_json_object_begin(j, key);
	put_fields(j, f, of);
	vmw_json_object_end(j);
}

static void put_origin(struct vmw_json *j, const struct vmw_origin *o)
{
	vmw_json_object_begin(j, "origin");
	put_text(j, "host", o->host);
	put_text(j, "boot", o->boot);
	put_text(j, "exe", o->exe);
	put_text(j, "build_id", o->build_id);
	vmw_json_object_end(j);
}

static void put_bits(struct vmw_json *j, const struct vmw_info *info)
{
	char name[sizeof(info->bits[0].name) + 1] = "";

	vmw_json_array_begin(j, "bits");
	for (unsigned int i = 0; i < info->nr_bits; i++) {
		const struct vmwalk_entry_bit *b = &info->bits[i];

		memcpy(name, b->name, sizeof(name) - 1);
		vmw_json_object_begin(j, NULL);
		vmw_json_string(j, "name", name);
		vmw_json_uint(j, "shift", b->shift);
		vmw_json_uint(j, "width", b->width);
		vmw_json_uint(j, "levels", b->levels);
		vmw_json_uint(j, "leaf", b->leaf);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_kernel(struct vmw_json *j, const struct vmw_snapshot *s)
{
	const struct vmw_info *info = &s->info;

	vmw_json_object_begin(j, "kernel");
	put_text(j, "release", s->as.kernel);
	put_text(j, "machine", s->as.machine);
	put_fields(j, &vmw_fields_of_info, info);
	vmw_json_geometry(j, "levels", info->levels,
			  info->nr_levels);
	vmw_json_array_begin(j, "hugepages");
	for (unsigned int i = 0; i < info->nr_hugepages; i++)
		vmw_json_uint(j, NULL, info->hugepages[i]);
	vmw_json_array_end(j);
	put_bits(j, info);
	vmw_json_object_end(j);
}

/* [pages, state], or [pages, state, frame]. */
static void put_extents(struct vmw_json *j, const struct vmw_aspace *as,
			const struct vmw_vma *vma)
{
	const struct vmw_extent *e = as->extents + vma->first_extent;

	vmw_json_array_begin(j, "extents");
	for (size_t i = 0; i < vma->nr_extents; i++, e++) {
		vmw_json_array_begin(j, NULL);
		vmw_json_uint(j, NULL, e->pages);
		vmw_json_uint(j, NULL, e->state);
		if (as->flags & VMWALK_WALK_F_PHYS)
			vmw_json_uint(j, NULL, e->frame);
		vmw_json_array_end(j);
	}
	vmw_json_array_end(j);
}

static void put_vmas(struct vmw_json *j, const struct vmw_aspace *as)
{
	vmw_json_array_begin(j, "vmas");
	for (size_t i = 0; i < as->nr_vmas; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		vmw_json_object_begin(j, NULL);
		put_text(j, "name", vma->name);
		put_fields(j, &vmw_fields_of_vma, &vma->info);
		put_object(j, "usage", &vmw_fields_of_usage, &vma->usage);
		if (as->flags & VMWALK_WALK_F_EXTENTS)
			put_extents(j, as, vma);
		if (as->flags & VMWALK_WALK_F_PAGES)
			put_object(j, "pages", &vmw_fields_of_pages,
				   vmw_vma_pages(as, vma));
		if (as->flags & VMWALK_WALK_F_TABLES)
			put_object(j, "tables", &vmw_fields_of_tables,
				   vmw_vma_tables(as, vma));
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

static void put_swaps(struct vmw_json *j, const struct vmw_aspace *as)
{
	if (!as->nr_swaps)
		return;
	vmw_json_array_begin(j, "swaps");
	for (size_t i = 0; i < as->nr_swaps; i++) {
		vmw_json_object_begin(j, NULL);
		put_text(j, "name", as->swaps[i]);
		vmw_json_object_end(j);
	}
	vmw_json_array_end(j);
}

/* As a collection has them, in hexadecimal. */
static void put_entries(struct vmw_json *j, const struct vmw_ways *ways)
{
	char *hex = malloc(2 * ways->packed.len + 1);

	for (size_t i = 0; hex && i < ways->packed.len; i++)
		sprintf(hex + 2 * i, "%02x", ways->packed.data[i]);
	vmw_json_object_begin(j, "entries");
	vmw_json_address(j, "top", ways->top);
	vmw_json_string(j, "packed", hex);
	vmw_json_object_end(j);
	free(hex);
}

static void put_span(struct vmw_json *j, const struct vmw_go_span *span)
{
	vmw_json_array_begin(j, NULL);
	vmw_json_address(j, NULL, span->start);
	vmw_json_uint(j, NULL, span->end - span->start);
	vmw_json_uint(j, NULL, span->elem_size);
	vmw_json_uint(j, NULL, span->nr_elems);
	vmw_json_uint(j, NULL, span->nr_used);
	vmw_json_uint(j, NULL, span->state);
	vmw_json_uint(j, NULL, !!span->noscan);
	vmw_json_array_end(j);
}

static void put_g(struct vmw_json *j, const struct vmw_runtime *rt,
		  const struct vmw_g *g)
{
	const struct vmw_call *frames = rt->frames + g->first_frame;

	vmw_json_object_begin(j, NULL);
	put_fields(j, &vmw_fields_of_g, g);
	vmw_json_array_begin(j, "frames");
	for (size_t i = 0; i < g->nr_frames; i++) {
		vmw_json_array_begin(j, NULL);
		vmw_json_address(j, NULL, frames[i].pc);
		vmw_json_address(j, NULL, frames[i].cfa);
		vmw_json_uint(j, NULL, frames[i].linked);
		vmw_json_array_end(j);
	}
	vmw_json_array_end(j);
	vmw_json_object_end(j);
}

static void put_runtime(struct vmw_json *j, const struct vmw_runtime *rt)
{
	vmw_json_object_begin(j, "runtime");
	put_fields(j, &vmw_fields_of_runtime, rt);
	vmw_json_array_begin(j, "goroutines");
	for (size_t i = 0; i < rt->nr_gs; i++)
		put_g(j, rt, &rt->gs[i]);
	vmw_json_array_end(j);
	vmw_json_array_begin(j, "labels");
	for (size_t i = 0; i < rt->nr_labels; i++)
		put_object(j, NULL, &vmw_fields_of_label, &rt->labels[i]);
	vmw_json_array_end(j);
	vmw_json_array_begin(j, "spans");
	for (size_t i = 0; i < rt->nr_spans; i++)
		put_span(j, &rt->spans[i]);
	vmw_json_array_end(j);
	vmw_json_object_end(j);
}

/* In which files its programs and libraries are, by what was built. */
static void put_images(struct vmw_json *j, const struct vmw_snapshot *s)
{
	vmw_json_array_begin(j, "images");
	for (size_t i = 0; i < s->nr_images; i++)
		put_object(j, NULL, &vmw_fields_of_image, &s->images[i]);
	vmw_json_array_end(j);
}

int vmw_export_json(FILE *out, const struct vmw_snapshot *s)
{
	struct vmw_json *j = vmw_json_create(out);
	char uuid[2 * sizeof(s->uuid) + 1];

	if (!j)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(s->uuid); i++)
		sprintf(uuid + 2 * i, "%02x", s->uuid[i]);
	vmw_json_object_begin(j, NULL);
	vmw_json_string(j, "schema", "vmwalk-snapshot-1");
	vmw_json_string(j, "uuid", uuid);
	vmw_json_uint(j, "time_ns", s->time);
	put_text(j, "label", s->label);
	put_text(j, "note", s->note);
	put_origin(j, &s->origin);
	put_kernel(j, s);
	put_object(j, "walk", &vmw_fields_of_aspace, &s->as);
	put_object(j, "end", &vmw_fields_of_end, &s->as.end);
	put_object(j, "mm", &vmw_fields_of_mm, &s->as.mm);
	put_swaps(j, &s->as);
	put_vmas(j, &s->as);
	vmw_json_array_begin(j, "threads");
	for (size_t i = 0; i < s->as.nr_threads; i++)
		put_object(j, NULL, &vmw_fields_of_thread, &s->as.threads[i]);
	vmw_json_array_end(j);
	if (s->ways.packed.len)
		put_entries(j, &s->ways);
	if (s->as.runtime.known)
		put_runtime(j, &s->as.runtime);
	if (s->nr_images)
		put_images(j, s);
	vmw_json_object_end(j);
	return vmw_json_destroy(j);
}
