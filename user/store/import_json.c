// SPDX-License-Identifier: GPL-2.0
#include "import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import_doc.h"

#define SCHEMA "vmwalk-snapshot-1"

static void get_origin(struct vmw_import *im, yajl_val of)
{
	struct vmw_origin *o = &im->s->origin;

	vmw_doc_text(im, of, "host", o->host, sizeof(o->host));
	vmw_doc_text(im, of, "boot", o->boot, sizeof(o->boot));
	vmw_doc_text(im, of, "exe", o->exe, sizeof(o->exe));
	vmw_doc_text(im, of, "build_id", o->build_id, sizeof(o->build_id));
}

/* Of a level or a bit: zeros behind it. No ' ' and ':', which a list is of. */
static void get_name(struct vmw_import *im, yajl_val of, char *to, size_t size)
{
	memset(to, 0, size);
	vmw_doc_text(im, of, "name", to, size);
	if (!*to || strpbrk(to, " :"))
		vmw_doc_blame(im, "name");
}

static void get_levels(struct vmw_import *im, yajl_val of,
		       struct vmw_info *info)
{
	yajl_val levels = vmw_doc_array(im, of, "levels");

	if (vmw_doc_length(levels) > VMW_MAX_LEVELS)
		vmw_doc_blame(im, "levels");
	for (size_t i = 0; !im->bad && i < vmw_doc_length(levels); i++) {
		struct vmwalk_level *l = &info->levels[i];
		yajl_val v = vmw_doc_element(levels, i);

		get_name(im, v, l->name, sizeof(l->name));
		l->shift = vmw_doc_number(im, v, "shift");
		l->entries = vmw_doc_number(im, v, "entries");
		info->nr_levels++;
		if (l->shift > 63 || !l->entries || l->entries > 1 << 20)
			vmw_doc_blame(im, "levels");
	}
}

static void get_bits(struct vmw_import *im, yajl_val of, struct vmw_info *info)
{
	yajl_val bits = vmw_doc_array(im, of, "bits");

	if (vmw_doc_length(bits) > VMW_MAX_ENTRY_BITS)
		vmw_doc_blame(im, "bits");
	for (size_t i = 0; !im->bad && i < vmw_doc_length(bits); i++) {
		struct vmwalk_entry_bit *b = &info->bits[i];
		yajl_val v = vmw_doc_element(bits, i);

		get_name(im, v, b->name, sizeof(b->name));
		b->shift = vmw_doc_number(im, v, "shift");
		b->width = vmw_doc_number(im, v, "width");
		b->levels = vmw_doc_number(im, v, "levels");
		b->leaf = vmw_doc_number(im, v, "leaf");
		info->nr_bits++;
		if (b->shift > 63 || !b->width || b->width > 64 - b->shift)
			vmw_doc_blame(im, "bits");
	}
}

static void get_kernel(struct vmw_import *im, yajl_val of)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmw_info *info = &im->s->info;
	yajl_val huge = vmw_doc_array(im, of, "hugepages");

	vmw_doc_text(im, of, "release", as->kernel, sizeof(as->kernel));
	vmw_doc_text(im, of, "machine", as->machine, sizeof(as->machine));
	vmw_doc_fields(im, of, &vmw_fields_of_info, info);
	get_levels(im, of, info);
	get_bits(im, of, info);
	if (vmw_doc_length(huge) > VMW_MAX_HUGEPAGES)
		vmw_doc_blame(im, "hugepages");
	for (size_t i = 0; !im->bad && i < vmw_doc_length(huge); i++)
		if (!vmw_doc_is_number(vmw_doc_element(huge, i),
				       &info->hugepages[info->nr_hugepages++]))
			vmw_doc_blame(im, "hugepages");
	if (info->page_shift < 12 || info->page_shift > 20)
		vmw_doc_blame(im, "page_shift");
	as->page_shift = info->page_shift;
	as->can = info->can;
	memcpy(as->levels, info->levels, sizeof(as->levels));
	as->nr_levels = info->nr_levels;
}

static int add_extent(struct vmw_aspace *as, yajl_val v)
{
	const bool phys = as->flags & VMWALK_WALK_F_PHYS;
	uint64_t n[3] = { 0 }, words[2], nr;
	int ret = 0;

	if (!YAJL_IS_ARRAY(v) || vmw_doc_length(v) != 2u + phys)
		return -EPROTO;
	for (size_t i = 0; i < vmw_doc_length(v); i++)
		if (!vmw_doc_is_number(vmw_doc_element(v, i), &n[i]))
			return -EPROTO;
	if (!n[0] || n[1] > UINT32_MAX)
		return -EPROTO;
	for (; !ret && n[0]; n[0] -= nr) {
		nr = n[0] < VMWALK_EXTENT_PAGES_MAX ? n[0] :
						      VMWALK_EXTENT_PAGES_MAX;
		words[0] = VMWALK_EXTENT(nr, n[1]);
		words[1] = n[2];
		ret = vmw_aspace_add_extents(as, words,
					     sizeof(words[0]) << phys);
		n[2] += n[2] ? nr : 0;
	}
	return ret;
}

/* Of the VMA added last. */
static void get_sums(struct vmw_import *im, yajl_val v)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmwalk_tables tables = { 0 };
	struct vmwalk_pages pages = { 0 };
	int ret = 0;

	if (as->flags & VMWALK_WALK_F_PAGES) {
		vmw_doc_fields(im, vmw_doc_member(v, "pages", yajl_t_object),
			       &vmw_fields_of_pages, &pages);
		ret = vmw_aspace_add_pages(as, &pages);
	}
	if (!ret && as->flags & VMWALK_WALK_F_TABLES) {
		vmw_doc_fields(im, vmw_doc_member(v, "tables", yajl_t_object),
			       &vmw_fields_of_tables, &tables);
		ret = vmw_aspace_add_tables(as, &tables);
	}
	if (ret)
		vmw_doc_blame(im, "vmas");
}

static void get_vma(struct vmw_import *im, yajl_val v)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmwalk_vma info = { 0 };
	char name[2 * PATH_MAX];
	struct vmw_vma *vma;
	yajl_val extents = NULL;
	bool named;

	vmw_doc_fields(im, v, &vmw_fields_of_vma, &info);
	named = vmw_doc_may_text(im, v, "name", name, sizeof(name));
	if (im->bad)
		return;
	if (info.flags & VMWALK_VMA_F_CONTINUED ||
	    (as->nr_vmas && info.start < as->vmas[as->nr_vmas - 1].info.end) ||
	    vmw_aspace_add_vma(as, &info, named ? name : NULL)) {
		vmw_doc_blame(im, "vmas");
		return;
	}
	vma = &as->vmas[as->nr_vmas - 1];
	if (as->flags & VMWALK_WALK_F_EXTENTS)
		extents = vmw_doc_array(im, v, "extents");
	for (size_t i = 0; i < vmw_doc_length(extents); i++)
		if (add_extent(as, vmw_doc_element(extents, i)))
			vmw_doc_blame(im, "extents");
	vmw_doc_fields(im, vmw_doc_member(v, "usage", yajl_t_object),
		       &vmw_fields_of_usage, &vma->usage);
	get_sums(im, v);
}

static void get_thread(struct vmw_import *im, yajl_val v)
{
	struct vmw_thread t = { 0 };

	vmw_doc_fields(im, v, &vmw_fields_of_thread, &t);
	if (t.tid <= 0 || (t.state && (t.state < 'A' || t.state > 'z')))
		vmw_doc_blame(im, "threads");
	if (!im->bad && vmw_aspace_add_thread(&im->s->as, &t))
		vmw_doc_blame(im, "threads");
}

/* Older exports do not tell of steps. */
static void get_end(struct vmw_import *im, yajl_val of, struct vmwalk_end *end)
{
	const bool steps = vmw_doc_member(of, "hold_max_steps", yajl_t_any);

	vmw_doc_fields(im, of, steps ? &vmw_fields_of_end : &vmw_fields_of_old_end,
		       end);
}

/* Not there if there is nothing in swap. */
static void get_swaps(struct vmw_import *im, yajl_val doc)
{
	yajl_val swaps = vmw_doc_member(doc, "swaps", yajl_t_array);
	char name[PATH_MAX];

	for (size_t i = 0; !im->bad && i < vmw_doc_length(swaps); i++) {
		vmw_doc_text(im, vmw_doc_element(swaps, i), "name", name,
			     sizeof(name));
		if (!im->bad && vmw_aspace_add_swap(&im->s->as, name))
			vmw_doc_blame(im, "swaps");
	}
}

static void get_walk(struct vmw_import *im, yajl_val doc)
{
	struct vmw_aspace *as = &im->s->as;

	vmw_doc_fields(im, vmw_doc_member(doc, "walk", yajl_t_object),
		       &vmw_fields_of_aspace, as);
	get_end(im, vmw_doc_member(doc, "end", yajl_t_object), &as->end);
	vmw_doc_fields(im, vmw_doc_member(doc, "mm", yajl_t_object),
		       &vmw_fields_of_mm, &as->mm);
	if (as->vsyscall > VMW_VSYSCALL_EMULATE || as->mm.pid >> 31 ||
	    as->end.consistency > VMWALK_BEST_EFFORT || !as->mm.task_size)
		vmw_doc_blame(im, "walk");
}

static void get_head(struct vmw_import *im, yajl_val doc)
{
	struct vmw_snapshot *s = im->s;
	char text[64] = "";

	vmw_doc_text(im, doc, "schema", text, sizeof(text));
	if (strcmp(text, SCHEMA))
		vmw_doc_blame(im, "schema");
	vmw_doc_text(im, doc, "uuid", text, sizeof(text));
	if (vmw_doc_hex(text, s->uuid, sizeof(s->uuid)) != sizeof(s->uuid))
		vmw_doc_blame(im, "uuid");
	s->time = vmw_doc_number(im, doc, "time_ns");
	vmw_doc_text(im, doc, "label", s->label, sizeof(s->label));
	vmw_doc_text(im, doc, "note", s->note, sizeof(s->note));
	if (*s->label && !vmw_label_is_valid(s->label))
		vmw_doc_blame(im, "label");
}

static void get_entries(struct vmw_import *im, yajl_val of)
{
	struct vmw_pack *packed = &im->s->ways.packed;
	yajl_val v = vmw_doc_member(of, "packed", yajl_t_string);
	const char *hex = v ? YAJL_GET_STRING(v) : NULL;
	size_t room;
	int len = -1;

	v = vmw_doc_member(of, "top", yajl_t_string);
	if (hex && vmw_doc_is_address(v, &im->s->ways.top)) {
		room = strlen(hex) / 2;
		packed->data = malloc(room + 1);
		if (packed->data)
			len = vmw_doc_hex(hex, packed->data, room);
	}
	if (len <= 0)
		vmw_doc_blame(im, "entries");
	packed->len = len < 0 ? 0 : len;
	packed->room = packed->len;
}

static void get_all(struct vmw_import *im, yajl_val doc)
{
	yajl_val entries = vmw_doc_member(doc, "entries", yajl_t_object);
	yajl_val vmas, threads;

	get_head(im, doc);
	get_origin(im, vmw_doc_member(doc, "origin", yajl_t_object));
	get_kernel(im, vmw_doc_member(doc, "kernel", yajl_t_object));
	get_walk(im, doc);
	get_swaps(im, doc);
	vmas = vmw_doc_array(im, doc, "vmas");
	for (size_t i = 0; !im->bad && i < vmw_doc_length(vmas); i++)
		get_vma(im, vmw_doc_element(vmas, i));
	threads = vmw_doc_array(im, doc, "threads");
	for (size_t i = 0; !im->bad && i < vmw_doc_length(threads); i++)
		get_thread(im, vmw_doc_element(threads, i));
	if (!im->bad && entries)
		get_entries(im, entries);
	if (!im->bad)
		vmw_aspace_finish(&im->s->as);
	if (!im->bad)
		vmw_import_runtime(im, doc);
}

int vmw_import_json(const char *line, size_t len, struct vmw_snapshot **s,
		    struct vmw_error *err)
{
	struct vmw_import im = {.s = vmw_snapshot_create()};
	char why[200] = "it has a NUL in it";
	yajl_val doc = NULL;

	if (!im.s)
		return vmw_error_set(err, -ENOMEM,
				     "no memory for the snapshot");
	if (strlen(line) == len)
		doc = vmw_doc_parse(line, why, sizeof(why));
	if (doc)
		get_all(&im, doc);
	yajl_tree_free(doc);
	if (doc && !im.bad) {
		*s = im.s;
		return 0;
	}
	vmw_snapshot_destroy(im.s);
	if (!doc)
		return vmw_error_set(err, -EBADMSG, "this is no JSON: %s", why);
	return vmw_error_set(err, -EBADMSG,
			     "this is no snapshot as 'vmwalk "
			     "export --json' writes them: '%s' is missing or "
			     "cannot be",
			     im.bad);
}
