// SPDX-License-Identifier: GPL-2.0
/* What the module told of a kernel: lists become words, and words lists. */
#include "store_db.h"

#include <stdio.h>
#include <string.h>

/* "pgd:48:512 p4d:39:512 …" */
static char *levels_text(const struct vmw_info *info)
{
	sqlite3_str *s = vmw_sql.str_new(NULL);

	for (unsigned int i = 0; i < info->nr_levels; i++)
		vmw_sql.str_appendf(s, "%s%.8s:%u:%u", i ? " " : "",
				    info->levels[i].name, info->levels[i].shift,
				    info->levels[i].entries);
	return vmw_sql.str_finish(s);
}

static char *hugepages_text(const struct vmw_info *info)
{
	sqlite3_str *s = vmw_sql.str_new(NULL);

	for (unsigned int i = 0; i < info->nr_hugepages; i++)
		vmw_sql.str_appendf(s, "%s%llu", i ? " " : "",
				    (unsigned long long)info->hugepages[i]);
	return vmw_sql.str_finish(s);
}

/* "_PAGE_PRESENT:0:1:31:3 …": shift, width, levels, leaf. */
static char *bits_text(const struct vmw_info *info)
{
	sqlite3_str *s = vmw_sql.str_new(NULL);

	for (unsigned int i = 0; i < info->nr_bits; i++)
		vmw_sql.str_appendf(s, "%s%.24s:%u:%u:%u:%u", i ? " " : "",
				    info->bits[i].name, info->bits[i].shift,
				    info->bits[i].width, info->bits[i].levels,
				    info->bits[i].leaf);
	return vmw_sql.str_finish(s);
}

struct kernel {
	const struct vmw_snapshot *s;
	char *levels, *hugepages, *bits;
};

static void bind_kernel(struct vmw_query *q, const void *arg)
{
	const struct kernel *k = arg;

	vmw_put_text(q, k->s->as.kernel);
	vmw_put_text(q, k->s->as.machine);
	vmw_put_text(q, k->levels ? k->levels : "");
	vmw_put_text(q, k->hugepages ? k->hugepages : "");
	vmw_put_text(q, k->bits ? k->bits : "");
	vmw_put_fields(q, &vmw_fields_of_info, &k->s->info);
}

static char *sql_of_kernel(bool add)
{
	sqlite3_str *sql = vmw_sql.str_new(NULL);

	if (add) {
		vmw_sql.str_appendall(sql, "INSERT INTO kernels (release, "
				      "machine, levels, hugepages, bits");
		vmw_sql_columns(sql, "", &vmw_fields_of_info, "");
		vmw_sql.str_appendall(sql, ") VALUES (?, ?, ?, ?, ?");
		vmw_sql_marks(sql, vmw_fields_of_info.nr);
		vmw_sql.str_appendall(sql, ")");
	} else {
		vmw_sql.str_appendall(sql, "SELECT id FROM kernels WHERE "
				      "release = ? AND machine = ? AND "
				      "levels = ? AND hugepages = ? AND "
				      "bits = ?");
		vmw_sql_match(sql, "", &vmw_fields_of_info);
	}
	return vmw_sql.str_finish(sql);
}

int vmw_store_write_kernel(struct vmw_store *store,
			   const struct vmw_snapshot *s, int64_t *id,
			   struct vmw_error *err)
{
	struct kernel k = {
		.s = s,
		.levels = levels_text(&s->info),
		.hugepages = hugepages_text(&s->info),
		.bits = bits_text(&s->info),
	};
	struct vmw_query find, add;

	find = vmw_query_take(store, sql_of_kernel(false));
	add = vmw_query_take(store, sql_of_kernel(true));
	*id = vmw_find_or_add(&find, &add, bind_kernel, &k);
	vmw_sql.free(k.levels);
	vmw_sql.free(k.hugepages);
	vmw_sql.free(k.bits);
	return vmw_query_end_both(&find, &add, err);
}

/* Each reads an item, and is done at the end of the text. */
static bool parse_levels(const char *text, struct vmw_info *info)
{
	int len;

	for (; *text; text += len) {
		struct vmwalk_level l = { 0 };
		char name[8];

		if (info->nr_levels == VMW_MAX_LEVELS ||
		    sscanf(text, " %7[^: ]:%u:%u%n", name, &l.shift, &l.entries,
			   &len) != 3 ||
		    l.shift > 63 || !l.entries || l.entries > 1 << 20)
			return false;
		memcpy(l.name, name, strlen(name));
		info->levels[info->nr_levels++] = l;
	}
	return true;
}

static bool parse_hugepages(const char *text, struct vmw_info *info)
{
	unsigned long long bytes;
	int len;

	for (; *text; text += len) {
		if (info->nr_hugepages == VMW_MAX_HUGEPAGES ||
		    sscanf(text, " %llu%n", &bytes, &len) != 1)
			return false;
		info->hugepages[info->nr_hugepages++] = bytes;
	}
	return true;
}

static bool parse_bits(const char *text, struct vmw_info *info)
{
	unsigned int shift, width, levels, leaf;
	int len;

	for (; *text; text += len) {
		struct vmwalk_entry_bit b = { 0 };
		char name[24];

		if (info->nr_bits == VMW_MAX_ENTRY_BITS ||
		    sscanf(text, " %23[^: ]:%u:%u:%u:%u%n", name, &shift,
			   &width, &levels, &leaf, &len) != 5 ||
		    shift > 63 || !width || width > 64 - shift ||
		    levels > UINT8_MAX || leaf > UINT8_MAX)
			return false;
		memcpy(b.name, name, strlen(name));
		b.shift = shift;
		b.width = width;
		b.levels = levels;
		b.leaf = leaf;
		info->bits[info->nr_bits++] = b;
	}
	return true;
}

static bool parse_kernel(struct vmw_query *q, struct vmw_info *info)
{
	const char *levels = vmw_get_text(q);
	const char *hugepages = vmw_get_text(q);
	const char *bits = vmw_get_text(q);

	return levels && parse_levels(levels, info) && hugepages &&
	       parse_hugepages(hugepages, info) && bits &&
	       parse_bits(bits, info) && info->page_shift >= 12 &&
	       info->page_shift <= 20;
}

int vmw_store_read_kernel(struct vmw_store *store, int64_t id,
			  struct vmw_snapshot *s, struct vmw_error *err)
{
	sqlite3_str *sql = vmw_sql.str_new(NULL);
	struct vmw_aspace *as = &s->as;
	struct vmw_info *info = &s->info;
	bool good = false;
	struct vmw_query q;
	int ret;

	vmw_sql.str_appendall(sql, "SELECT release, machine");
	vmw_sql_columns(sql, "", &vmw_fields_of_info, "");
	vmw_sql.str_appendall(sql, ", levels, hugepages, bits FROM kernels "
			      "WHERE id = ?");
	q = vmw_query_take(store, vmw_sql.str_finish(sql));
	vmw_put(&q, id);
	if (vmw_next_row(&q)) {
		vmw_get_string(&q, as->kernel, sizeof(as->kernel), "release");
		vmw_get_string(&q, as->machine, sizeof(as->machine), "machine");
		vmw_get_fields(&q, &vmw_fields_of_info, info);
		good = parse_kernel(&q, info);
	}
	ret = vmw_query_end(&q, err);
	if (ret || !good)
		return ret ? ret : vmw_store_damaged(store, "the snapshot's kernel",
						    err);
	as->page_shift = info->page_shift;
	as->can = info->can;
	memcpy(as->levels, info->levels, sizeof(as->levels));
	as->nr_levels = info->nr_levels;
	return 0;
}
