// SPDX-License-Identifier: GPL-2.0
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define SIZE(title, member, when) \
	{ title, VMW_COLUMN_SIZE, offsetof(struct vmw_usage, member), when }

const struct vmw_segment_column vmw_segment_columns[] = {
	{ "SEGMENT", VMW_COLUMN_SEGMENT, 0, VMW_ALWAYS },
	SIZE("MAPPED", mapped, VMW_ALWAYS),
	SIZE("RESERVED", reserved, VMW_ALWAYS),
	SIZE("PRESENT", present, VMW_ALWAYS),
	SIZE("RESIDENT", resident, VMW_ALWAYS),
	SIZE("SWAPPED", swapped, VMW_ALWAYS),
	SIZE("PSS", pss, VMW_SHARING),
	SIZE("SHARED", shared, VMW_SHARING),
	SIZE("PRIVATE", private, VMW_SHARING),
	SIZE("THP", anon_huge, VMW_EXTRA),
	SIZE("ZERO", zero, VMW_EXTRA),
	SIZE("PFN", pfn, VMW_EXTRA),
	SIZE("HUGETLB", hugetlb, VMW_EXTRA),
	SIZE("OTHER", other, VMW_EXTRA),
	SIZE("ANON", anon, VMW_ON_REQUEST),
	SIZE("FILE", file, VMW_ON_REQUEST),
	SIZE("SHMEM", shmem, VMW_ON_REQUEST),
	{ "VMAS", VMW_COLUMN_COUNT, 0, VMW_ON_REQUEST },
	{ "RES%", VMW_COLUMN_PERCENT, 0, VMW_ALWAYS },
	{ "BAR", VMW_COLUMN_BAR, 0, VMW_ALWAYS },
	{ "START", VMW_COLUMN_START, 0, VMW_ALWAYS },
	{ "RANGE", VMW_COLUMN_RANGE, 0, VMW_ALWAYS },
	{ "NAME", VMW_COLUMN_PATH, 0, VMW_ALWAYS },
};

const size_t vmw_nr_segment_columns =
	sizeof(vmw_segment_columns) / sizeof(vmw_segment_columns[0]);

const struct vmw_segment_column *vmw_find_column(const char *name, size_t len)
{
	for (size_t i = 0; i < vmw_nr_segment_columns; i++) {
		const struct vmw_segment_column *c = &vmw_segment_columns[i];

		if (strlen(c->title) == len && !strncasecmp(c->title, name, len))
			return c;
	}
	return NULL;
}

bool vmw_is_column(const char *name, size_t len, bool *sharing)
{
	const struct vmw_segment_column *c = vmw_find_column(name, len);

	if (c && c->when == VMW_SHARING)
		*sharing = true;
	return c;
}

uint64_t vmw_column_value(const struct vmw_usage *u,
			  const struct vmw_segment_column *c)
{
	return *(const uint64_t *)((const char *)u + c->offset);
}

/* Of what is resident; nothing mapped, nothing resident. */
static double share(const struct vmw_usage *u)
{
	return u->mapped ? (double)u->resident / u->mapped : 0;
}

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Below 0 if @a comes first. */
static int compare(const struct vmw_row *a, const struct vmw_row *b,
		   const struct vmw_segment_column *c)
{
	const struct vmw_segment *x = a->seg, *y = b->seg;
	char name_x[VMW_ROW_NAME], name_y[VMW_ROW_NAME];

	switch (c->kind) {
	case VMW_COLUMN_SIZE:
		return by_number(vmw_column_value(&y->usage, c),
				 vmw_column_value(&x->usage, c));
	case VMW_COLUMN_PERCENT:
	case VMW_COLUMN_BAR:
		return (share(&y->usage) > share(&x->usage)) -
		       (share(&y->usage) < share(&x->usage));
	case VMW_COLUMN_COUNT:
		return by_number(y->nr_vmas, x->nr_vmas);
	case VMW_COLUMN_START:
	case VMW_COLUMN_RANGE:
		return by_number(x->start, y->start);
	case VMW_COLUMN_PATH:
		return strcmp(x->name ? x->name : "", y->name ? y->name : "");
	case VMW_COLUMN_SEGMENT:
		break;
	}
	vmw_row_name(a, name_x, sizeof(name_x));
	vmw_row_name(b, name_y, sizeof(name_y));
	return strcmp(name_x, name_y);
}

/* What is equal stays in its order, which is that of the segments. */
static int compare_rows(const void *a, const void *b, void *column)
{
	const struct vmw_row *x = a, *y = b;
	const int order = compare(x, y, column);

	return order ? order : by_number(x->index, y->index);
}

void vmw_sort_rows(struct vmw_rows *rows, const struct vmw_segment_column *c)
{
	qsort_r(rows->row, rows->nr, sizeof(*rows->row), compare_rows,
		(void *)c);
}
