/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows that hold for a while: from one snapshot of a process on until another.
 * Private to the store.
 */
#ifndef VMW_STORE_ROWS_H
#define VMW_STORE_ROWS_H

#include "store_db.h"

/* Columns of vma_rows, but for those that each such table has. */
enum vmw_vma_column {
	VMW_VMA_START,		/* the key */
	VMW_VMA_SIZE,		/* in units of 4 KiB */
	VMW_VMA_SKIPPED,	/* bytes up to where its extents begin */
	VMW_VMA_OFFSET,
	VMW_VMA_MAPPING,	/* of mappings */
	VMW_VMA_SHMEM_SWAPPED,
	VMW_VMA_CONTENT,	/* of contents */
	VMW_VMA_BACK,		/* to where its segment begins, in units of 4 KiB */
	VMW_VMA_COLUMNS
};

enum vmw_thread_column {
	VMW_THREAD_NR,		/* the key */
	VMW_THREAD_TID,
	VMW_THREAD_COMM,
	VMW_THREAD_STATE,
	VMW_THREAD_HAS_REGS,
	VMW_THREAD_RUNNING,
	VMW_THREAD_SP,
	VMW_THREAD_PC,
	VMW_THREAD_FS_BASE,
	VMW_THREAD_COLUMNS
};

enum vmw_g_column {
	VMW_G_ADDR,		/* the key */
	VMW_G_ID,
	VMW_G_LO,
	VMW_G_HI,
	VMW_G_SP,
	VMW_G_KIND,
	VMW_G_STATUS,
	VMW_G_TID,
	VMW_G_SOURCE,
	VMW_G_WAIT,
	VMW_G_START,
	VMW_G_FRAMES,
	VMW_G_COLUMNS
};

enum vmw_label_column {
	VMW_LABEL_START,	/* the key */
	VMW_LABEL_STOP,
	VMW_LABEL_KIND,
	VMW_LABEL_SOURCE,
	VMW_LABEL_SURE,
	VMW_LABEL_NAME,
	VMW_LABEL_COLUMNS
};

enum vmw_spans_column {
	VMW_SPANS_START,	/* the key */
	VMW_SPANS_RUN,
	VMW_SPANS_COLUMNS
};

enum vmw_image_column {
	VMW_IMAGE_INO,		/* the key */
	VMW_IMAGE_DEV_MAJOR,
	VMW_IMAGE_DEV_MINOR,
	VMW_IMAGE_BUILD_ID,
	VMW_IMAGE_COLUMNS
};

struct vmw_store_row {
	int64_t v[VMW_G_COLUMNS];	/* the most that any has */
};

struct vmw_row_kind {
	const char *table;
	const char *columns;	/* in the order of v, the key first */
	unsigned int nr;
	uint64_t null;		/* columns that are NULL where v is 0: 1 << column */
	/*
	 * Stored by process, until and the key, which comes once, and without an
	 * id and an index; where it still holds, until is 0, not NULL.
	 */
	bool clustered;
};

extern const struct vmw_row_kind vmw_rows_of_vmas;
extern const struct vmw_row_kind vmw_rows_of_threads;
extern const struct vmw_row_kind vmw_rows_of_gs;
extern const struct vmw_row_kind vmw_rows_of_labels;
extern const struct vmw_row_kind vmw_rows_of_spans;
extern const struct vmw_row_kind vmw_rows_of_images;

/* @rows by ascending key: what holds from snapshot @number on. */
int vmw_rows_write(struct vmw_store *store, const struct vmw_row_kind *kind,
		   int64_t process, uint64_t number, const struct vmw_store_row *rows,
		   size_t nr, struct vmw_error *err);
/* The number of @state in this collection. */
int vmw_store_state(struct vmw_store *store, uint32_t state, uint32_t *id,
		    struct vmw_error *err);
void vmw_store_forget_states(struct vmw_store *store);

#endif
