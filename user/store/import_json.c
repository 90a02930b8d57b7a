// SPDX-License-Identifier: GPL-2.0
#include "import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_tree.h>

#include "model/fields.h"

#define SCHEMA	"vmwalk-snapshot-1"

struct import {
	struct vmw_snapshot *s;
	const char *bad;	/* what is missing or wrong; NULL: nothing yet */
};

static yajl_val member(yajl_val of, const char *name, yajl_type type)
{
	const char *const path[] = { name, NULL };

	return of ? yajl_tree_get(of, (const char **)path, type) : NULL;
}

static void blame(struct import *im, const char *what)
{
	if (!im->bad)
		im->bad = what;
}

/* yajl itself would make a double or a signed number of it. */
static bool number_of(yajl_val v, uint64_t *value)
{
	char *end;

	if (!v || !YAJL_IS_NUMBER(v) || *YAJL_GET_NUMBER(v) == '-')
		return false;
	errno = 0;
	*value = strtoull(YAJL_GET_NUMBER(v), &end, 10);
	return !errno && !*end;
}

static uint64_t get_number(struct import *im, yajl_val of, const char *name)
{
	uint64_t value = 0;

	if (!number_of(member(of, name, yajl_t_any), &value))
		blame(im, name);
	return value;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *d = c ? strchr(digits, c) : NULL;

	return d ? d - digits : -1;
}

/* Pairs of digits, all of them; returns the bytes, or -1. */
static int from_hex(const char *hex, uint8_t *to, size_t size)
{
	size_t len = 0;

	for (; hex[0]; hex += 2, len++) {
		if (len == size || hex_digit(hex[0]) < 0 ||
		    hex_digit(hex[1]) < 0)
			return -1;
		to[len] = hex_digit(hex[0]) << 4 | hex_digit(hex[1]);
	}
	return len;
}

/* A string of @size bytes at most with its NUL; false if it is null or none. */
static bool get_text(struct import *im, yajl_val of, const char *name, char *to,
		     size_t size)
{
	yajl_val v = member(of, name, yajl_t_string), bytes;
	const char *text = v ? YAJL_GET_STRING(v) : NULL;
	char key[64];
	int len;

	snprintf(key, sizeof(key), "%s_bytes", name);
	bytes = member(of, key, yajl_t_string);
	if (bytes) {
		len = from_hex(YAJL_GET_STRING(bytes), (uint8_t *)to, size - 1);
		if (len < 0 || memchr(to, 0, len))
			blame(im, name);
		to[len < 0 ? 0 : len] = '\0';
		return true;
	}
	if (text && strlen(text) >= size)
		blame(im, name);
	else if (text)
		strcpy(to, text);
	return text;
}

static void need_text(struct import *im, yajl_val of, const char *name,
		      char *to, size_t size)
{
	if (!get_text(im, of, name, to, size))
		blame(im, name);
}

static bool get_address(yajl_val v, uint64_t *value)
{
	const char *text = v && YAJL_IS_STRING(v) ? YAJL_GET_STRING(v) : "";
	char *end;

	if (strncmp(text, "0x", 2) || hex_digit(text[2]) < 0)
		return false;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return !errno && !*end;
}

static bool get_field(yajl_val v, const struct vmw_field *f, void *to)
{
	uint64_t value;

	switch (f->type) {
	case VMW_FIELD_NUMBER:
		return number_of(v, &value) && vmw_field_set(f, to, value);
	case VMW_FIELD_ADDRESS:
		return get_address(v, &value) && vmw_field_set(f, to, value);
	case VMW_FIELD_BOOL:
		return v && (YAJL_IS_TRUE(v) || YAJL_IS_FALSE(v)) &&
		       vmw_field_set(f, to, YAJL_IS_TRUE(v));
	default:
		return false;
	}
}

static void get_fields(struct import *im, yajl_val of,
		       const struct vmw_fields *fields, void *to)
{
	for (size_t i = 0; i < fields->nr; i++) {
		const struct vmw_field *f = &fields->field[i];

		if (f->type == VMW_FIELD_TEXT)
			need_text(im, of, f->name, (char *)to + f->offset,
				  f->size);
		else if (!get_field(member(of, f->name, yajl_t_any), f, to))
			blame(im, f->name);
	}
}

static yajl_val get_array(struct import *im, yajl_val of, const char *name)
{
	yajl_val v = member(of, name, yajl_t_array);

	if (!v)
		blame(im, name);
	return v;
}

static size_t length(yajl_val array)
{
	return array ? YAJL_GET_ARRAY(array)->len : 0;
}

static yajl_val element(yajl_val array, size_t i)
{
	return YAJL_GET_ARRAY(array)->values[i];
}

static void get_origin(struct import *im, yajl_val of)
{
	struct vmw_origin *o = &im->s->origin;

	need_text(im, of, "host", o->host, sizeof(o->host));
	need_text(im, of, "boot", o->boot, sizeof(o->boot));
	need_text(im, of, "exe", o->exe, sizeof(o->exe));
	need_text(im, of, "build_id", o->build_id, sizeof(o->build_id));
}

/* Of a level or a bit: zeros behind it. No ' ' and ':', which a list is of. */
static void get_name(struct import *im, yajl_val of, char *to, size_t size)
{
	memset(to, 0, size);
	need_text(im, of, "name", to, size);
	if (!*to || strpbrk(to, " :"))
		blame(im, "name");
}

static void get_levels(struct import *im, yajl_val of, struct vmw_info *info)
{
	yajl_val levels = get_array(im, of, "levels");

	if (length(levels) > VMW_MAX_LEVELS)
		blame(im, "levels");
	for (size_t i = 0; !im->bad && i < length(levels); i++) {
		struct vmwalk_level *l = &info->levels[i];
		yajl_val v = element(levels, i);

		get_name(im, v, l->name, sizeof(l->name));
		l->shift = get_number(im, v, "shift");
		l->entries = get_number(im, v, "entries");
		info->nr_levels++;
		if (l->shift > 63 || !l->entries || l->entries > 1 << 20)
			blame(im, "levels");
	}
}

static void get_bits(struct import *im, yajl_val of, struct vmw_info *info)
{
	yajl_val bits = get_array(im, of, "bits");

	if (length(bits) > VMW_MAX_ENTRY_BITS)
		blame(im, "bits");
	for (size_t i = 0; !im->bad && i < length(bits); i++) {
		struct vmwalk_entry_bit *b = &info->bits[i];
		yajl_val v = element(bits, i);

		get_name(im, v, b->name, sizeof(b->name));
		b->shift = get_number(im, v, "shift");
		b->width = get_number(im, v, "width");
		b->levels = get_number(im, v, "levels");
		b->leaf = get_number(im, v, "leaf");
		info->nr_bits++;
		if (b->shift > 63 || !b->width || b->width > 64 - b->shift)
			blame(im, "bits");
	}
}

static void get_kernel(struct import *im, yajl_val of)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmw_info *info = &im->s->info;
	yajl_val huge = get_array(im, of, "hugepages");

	need_text(im, of, "release", as->kernel, sizeof(as->kernel));
	need_text(im, of, "machine", as->machine, sizeof(as->machine));
	get_fields(im, of, &vmw_fields_of_info, info);
	get_levels(im, of, info);
	get_bits(im, of, info);
	if (length(huge) > VMW_MAX_HUGEPAGES)
		blame(im, "hugepages");
	for (size_t i = 0; !im->bad && i < length(huge); i++)
		if (!number_of(element(huge, i),
			       &info->hugepages[info->nr_hugepages++]))
			blame(im, "hugepages");
	if (info->page_shift < 12 || info->page_shift > 20)
		blame(im, "page_shift");
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

	if (!YAJL_IS_ARRAY(v) || length(v) != 2u + phys)
		return -EPROTO;
	for (size_t i = 0; i < length(v); i++)
		if (!number_of(element(v, i), &n[i]))
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
static void get_sums(struct import *im, yajl_val v)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmwalk_tables tables = { 0 };
	struct vmwalk_pages pages = { 0 };
	int ret = 0;

	if (as->flags & VMWALK_WALK_F_PAGES) {
		get_fields(im, member(v, "pages", yajl_t_object),
			   &vmw_fields_of_pages, &pages);
		ret = vmw_aspace_add_pages(as, &pages);
	}
	if (!ret && as->flags & VMWALK_WALK_F_TABLES) {
		get_fields(im, member(v, "tables", yajl_t_object),
			   &vmw_fields_of_tables, &tables);
		ret = vmw_aspace_add_tables(as, &tables);
	}
	if (ret)
		blame(im, "vmas");
}

static void get_vma(struct import *im, yajl_val v)
{
	struct vmw_aspace *as = &im->s->as;
	struct vmwalk_vma info = { 0 };
	char name[2 * PATH_MAX];
	struct vmw_vma *vma;
	yajl_val extents = NULL;
	bool named;

	get_fields(im, v, &vmw_fields_of_vma, &info);
	named = get_text(im, v, "name", name, sizeof(name));
	if (im->bad)
		return;
	if (info.flags & VMWALK_VMA_F_CONTINUED ||
	    (as->nr_vmas && info.start < as->vmas[as->nr_vmas - 1].info.end) ||
	    vmw_aspace_add_vma(as, &info, named ? name : NULL)) {
		blame(im, "vmas");
		return;
	}
	vma = &as->vmas[as->nr_vmas - 1];
	if (as->flags & VMWALK_WALK_F_EXTENTS)
		extents = get_array(im, v, "extents");
	for (size_t i = 0; i < length(extents); i++)
		if (add_extent(as, element(extents, i)))
			blame(im, "extents");
	get_fields(im, member(v, "usage", yajl_t_object), &vmw_fields_of_usage,
		   &vma->usage);
	get_sums(im, v);
}

static void get_thread(struct import *im, yajl_val v)
{
	struct vmw_thread t = { 0 };

	get_fields(im, v, &vmw_fields_of_thread, &t);
	if (t.tid <= 0 || (t.state && (t.state < 'A' || t.state > 'z')))
		blame(im, "threads");
	if (!im->bad && vmw_aspace_add_thread(&im->s->as, &t))
		blame(im, "threads");
}

/* Older exports do not tell of steps. */
static void get_end(struct import *im, yajl_val of, struct vmwalk_end *end)
{
	const bool steps = member(of, "hold_max_steps", yajl_t_any);

	get_fields(im, of, steps ? &vmw_fields_of_end : &vmw_fields_of_old_end,
		   end);
}

/* Not there if there is nothing in swap. */
static void get_swaps(struct import *im, yajl_val doc)
{
	yajl_val swaps = member(doc, "swaps", yajl_t_array);
	char name[PATH_MAX];

	for (size_t i = 0; !im->bad && i < length(swaps); i++) {
		need_text(im, element(swaps, i), "name", name, sizeof(name));
		if (!im->bad && vmw_aspace_add_swap(&im->s->as, name))
			blame(im, "swaps");
	}
}

static void get_walk(struct import *im, yajl_val doc)
{
	struct vmw_aspace *as = &im->s->as;

	get_fields(im, member(doc, "walk", yajl_t_object),
		   &vmw_fields_of_aspace, as);
	get_end(im, member(doc, "end", yajl_t_object), &as->end);
	get_fields(im, member(doc, "mm", yajl_t_object), &vmw_fields_of_mm,
		   &as->mm);
	if (as->vsyscall > VMW_VSYSCALL_EMULATE || as->mm.pid >> 31 ||
	    as->end.consistency > VMWALK_BEST_EFFORT || !as->mm.task_size)
		blame(im, "walk");
}

static void get_head(struct import *im, yajl_val doc)
{
	struct vmw_snapshot *s = im->s;
	char text[64] = "";

	need_text(im, doc, "schema", text, sizeof(text));
	if (strcmp(text, SCHEMA))
		blame(im, "schema");
	need_text(im, doc, "uuid", text, sizeof(text));
	if (from_hex(text, s->uuid, sizeof(s->uuid)) != sizeof(s->uuid))
		blame(im, "uuid");
	s->time = get_number(im, doc, "time_ns");
	need_text(im, doc, "label", s->label, sizeof(s->label));
	need_text(im, doc, "note", s->note, sizeof(s->note));
	if (*s->label && !vmw_label_is_valid(s->label))
		blame(im, "label");
}

static void get_entries(struct import *im, yajl_val of)
{
	struct vmw_pack *packed = &im->s->ways.packed;
	yajl_val v = member(of, "packed", yajl_t_string);
	const char *hex = v ? YAJL_GET_STRING(v) : NULL;
	size_t room;
	int len = -1;

	v = member(of, "top", yajl_t_string);
	if (hex && get_address(v, &im->s->ways.top)) {
		room = strlen(hex) / 2;
		packed->data = malloc(room + 1);
		if (packed->data)
			len = from_hex(hex, packed->data, room);
	}
	if (len <= 0)
		blame(im, "entries");
	packed->len = len < 0 ? 0 : len;
	packed->room = packed->len;
}

static void get_all(struct import *im, yajl_val doc)
{
	yajl_val entries = member(doc, "entries", yajl_t_object);
	yajl_val vmas, threads;

	get_head(im, doc);
	get_origin(im, member(doc, "origin", yajl_t_object));
	get_kernel(im, member(doc, "kernel", yajl_t_object));
	get_walk(im, doc);
	get_swaps(im, doc);
	vmas = get_array(im, doc, "vmas");
	for (size_t i = 0; !im->bad && i < length(vmas); i++)
		get_vma(im, element(vmas, i));
	threads = get_array(im, doc, "threads");
	for (size_t i = 0; !im->bad && i < length(threads); i++)
		get_thread(im, element(threads, i));
	if (!im->bad && entries)
		get_entries(im, entries);
	if (!im->bad)
		vmw_aspace_finish(&im->s->as);
}

int vmw_import_json(const char *line, size_t len, struct vmw_snapshot **s,
		    struct vmw_error *err)
{
	struct import im = { .s = vmw_snapshot_create() };
	char why[200] = "";
	yajl_val doc;

	if (!im.s)
		return vmw_error_set(err, -ENOMEM, "no memory for the snapshot");
	doc = strlen(line) == len ? yajl_tree_parse(line, why, sizeof(why)) :
				    NULL;
	if (doc)
		get_all(&im, doc);
	yajl_tree_free(doc);
	if (doc && !im.bad) {
		*s = im.s;
		return 0;
	}
	vmw_snapshot_destroy(im.s);
	if (!doc) {
		why[strcspn(why, "\n")] = '\0';
		return vmw_error_set(err, -EBADMSG, "this is no JSON: %s",
				     *why ? why : "it has a NUL in it");
	}
	return vmw_error_set(err, -EBADMSG, "this is no snapshot as 'vmwalk "
			     "export --json' writes them: '%s' is missing or "
			     "cannot be", im.bad);
}
