/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user of the live view has got to: which view, where the cursor is, how
 * it is sorted and filtered. Plain data and pure functions: keys in, what is to be
 * done out; nothing is drawn or read here.
 */
#ifndef VMW_WATCH_STATE_H
#define VMW_WATCH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VMW_WATCH_FILTER	128	/* bytes, with the NUL */

enum vmw_watch_view {
	VMW_WATCH_SEGMENTS,
	VMW_WATCH_EXTENTS,	/* of one segment */
	VMW_WATCH_PAGE,		/* the way of one through the tables */
	VMW_WATCH_MAP,
	VMW_WATCH_HELP,
	VMW_WATCH_VIEWS
};

/* Beside characters, which are themselves. */
enum vmw_watch_key {
	VMW_KEY_ENTER = '\n',
	VMW_KEY_ESCAPE = 27,
	VMW_KEY_BACKSPACE = 127,
	VMW_KEY_UP = 0x110000,
	VMW_KEY_DOWN,
	VMW_KEY_PAGE_UP,
	VMW_KEY_PAGE_DOWN,
	VMW_KEY_HOME,
	VMW_KEY_END,
	VMW_KEY_LEFT,
	VMW_KEY_RIGHT,
};

/* What is to be done about a key; each includes that it is drawn. */
enum vmw_watch_todo {
	VMW_TODO_NOTHING,
	VMW_TODO_DRAW,
	VMW_TODO_LAY_OUT,	/* the rows are others */
	VMW_TODO_READ_PAGE,	/* .page is another, or to be read again */
	VMW_TODO_READ,		/* at once, without waiting for the time */
	VMW_TODO_SNAPSHOT,
	VMW_TODO_EARLIER,	/* snapshot of the collection */
	VMW_TODO_LATER,
	VMW_TODO_QUIT,
};

/* A line of a view, and what of the address space it tells of. */
struct vmw_watch_row {
	const char *text;
	uint64_t start, end;	/* addresses, both 0: of nothing */
	bool changed;
	bool folded;		/* several segments: opened, it is unfolded */
};

struct vmw_watch_cursor {
	size_t row, top;	/* it, and the first that is on the screen */
	uint64_t start;		/* of its row, by which it is found again */
};

struct vmw_watch_state {
	enum vmw_watch_view view, before_help;
	struct vmw_watch_cursor at[VMW_WATCH_VIEWS];
	size_t height;		/* rows that the screen has room for, 1 or more */
	bool all;		/* nothing is folded */
	unsigned int sort;	/* index of vmw_watch_sorts */
	bool paused;
	bool typing;		/* of the filter */
	char filter[VMW_WATCH_FILTER];
	uint64_t segment;	/* an address of the one that is open */
	uint64_t page;		/* likewise */
	uint64_t page_size;	/* bytes */
	uint64_t zoom_start, zoom_last;	/* of the map; both 0: all of it */
};

/* Titles of columns; the first is NULL: by kind. */
extern const char *const vmw_watch_sorts[];

/* @rows: those of the view, @nr of them. */
enum vmw_watch_todo vmw_watch_key(struct vmw_watch_state *s, int key,
				  const struct vmw_watch_row *rows, size_t nr);
/*
 * The rows are others now: the cursor goes to what it was at, or stays where it is
 * if that is gone, and is on the screen.
 */
void vmw_watch_settle(struct vmw_watch_state *s,
		      const struct vmw_watch_row *rows, size_t nr);

#endif
