// SPDX-License-Identifier: GPL-2.0
#include "state.h"

#include <string.h>

const char *const vmw_watch_sorts[] = {
	NULL, "resident", "mapped", "swapped", "res%", "start", "segment",
};

#define NR_SORTS	(sizeof(vmw_watch_sorts) / sizeof(vmw_watch_sorts[0]))

static struct vmw_watch_cursor *cursor(struct vmw_watch_state *s)
{
	return &s->at[s->view];
}

/*
 * The row at @row, or the next that tells of something: downwards if @down, else
 * upwards, else the other way. Where none does, each will do.
 */
static size_t find_told(const struct vmw_watch_row *rows, size_t nr, size_t row,
			bool down)
{
	size_t at;

	if (row >= nr)
		row = nr ? nr - 1 : 0;
	for (int turn = 0; turn < 2; turn++, down = !down)
		for (at = row; at < nr; at += down ? 1 : -1)
			if (rows[at].end)
				return at;
	return row;
}

/* Scrolls as little as will do; what is above the first that tells is seen with it. */
static void scroll(struct vmw_watch_state *s,
		   const struct vmw_watch_row *rows, size_t nr)
{
	struct vmw_watch_cursor *c = cursor(s);

	if (c->row < s->height && c->row == find_told(rows, nr, 0, true))
		c->top = 0;
	if (c->top > c->row)
		c->top = c->row;
	if (c->row - c->top >= s->height)
		c->top = c->row - s->height + 1;
	/* No empty lines where there are rows above. */
	if (c->top + s->height > nr)
		c->top = nr > s->height ? nr - s->height : 0;
}

/* The row that starts where the cursor's did, or the last that starts below. */
static size_t find(const struct vmw_watch_cursor *c,
		   const struct vmw_watch_row *rows, size_t nr)
{
	if (c->row < nr && rows[c->row].start == c->start)
		return c->row;
	for (size_t i = 0; i < nr; i++)
		if (rows[i].end && rows[i].start == c->start)
			return i;
	return c->row;
}

void vmw_watch_settle(struct vmw_watch_state *s,
		      const struct vmw_watch_row *rows, size_t nr)
{
	struct vmw_watch_cursor *c = cursor(s);

	if (c->start)
		c->row = find(c, rows, nr);
	c->row = find_told(rows, nr, c->row, true);
	scroll(s, rows, nr);
	c->start = c->row < nr ? rows[c->row].start : 0;
}

static enum vmw_watch_todo move_to(struct vmw_watch_state *s, size_t row,
				   const struct vmw_watch_row *rows, size_t nr)
{
	struct vmw_watch_cursor *c = cursor(s);

	c->row = find_told(rows, nr, row, row >= c->row);
	scroll(s, rows, nr);
	c->start = c->row < nr ? rows[c->row].start : 0;
	return VMW_TODO_DRAW;
}

/* VMW_TODO_NOTHING: the key is none that moves. */
static enum vmw_watch_todo move(struct vmw_watch_state *s, int key,
				const struct vmw_watch_row *rows, size_t nr)
{
	const size_t row = cursor(s)->row;

	switch (key) {
	case VMW_KEY_UP:
	case 'k':
		return move_to(s, row ? row - 1 : 0, rows, nr);
	case VMW_KEY_DOWN:
	case 'j':
		return move_to(s, row + 1, rows, nr);
	case VMW_KEY_PAGE_UP:
		return move_to(s, row > s->height ? row - s->height : 0, rows,
			       nr);
	case VMW_KEY_PAGE_DOWN:
	case ' ':
		return move_to(s, row + s->height, rows, nr);
	case VMW_KEY_HOME:
	case 'g':
		return move_to(s, 0, rows, nr);
	case VMW_KEY_END:
	case 'G':
		return move_to(s, nr ? nr - 1 : 0, rows, nr);
	default:
		return VMW_TODO_NOTHING;
	}
}

static enum vmw_watch_todo type(struct vmw_watch_state *s, int key)
{
	const size_t len = strlen(s->filter);

	switch (key) {
	case VMW_KEY_ENTER:
		s->typing = false;
		return VMW_TODO_DRAW;
	case VMW_KEY_ESCAPE:
		s->typing = false;
		s->filter[0] = '\0';
		return VMW_TODO_LAY_OUT;
	case VMW_KEY_BACKSPACE:
		if (!len)
			return VMW_TODO_NOTHING;
		s->filter[len - 1] = '\0';
		return VMW_TODO_LAY_OUT;
	default:
		break;
	}
	if (key < ' ' || key > '~' || len + 1 >= sizeof(s->filter))
		return VMW_TODO_NOTHING;
	s->filter[len] = key;
	s->filter[len + 1] = '\0';
	return VMW_TODO_LAY_OUT;
}

static enum vmw_watch_todo go_to(struct vmw_watch_state *s,
				 enum vmw_watch_view view)
{
	s->view = view;
	return VMW_TODO_LAY_OUT;
}

/* The view begins at its first row. */
static enum vmw_watch_todo begin(struct vmw_watch_state *s,
				 enum vmw_watch_view view)
{
	s->at[view] = (struct vmw_watch_cursor){ 0 };
	return go_to(s, view);
}

static enum vmw_watch_todo open_row(struct vmw_watch_state *s,
				    const struct vmw_watch_row *row)
{
	if (!row || !row->end)
		return VMW_TODO_NOTHING;
	if (row->folded) {
		s->all = true;
		return VMW_TODO_LAY_OUT;
	}
	switch (s->view) {
	case VMW_WATCH_SEGMENTS:
	case VMW_WATCH_MAP:
		s->segment = row->start;
		return begin(s, VMW_WATCH_EXTENTS);
	case VMW_WATCH_EXTENTS:
		s->page = row->start;
		begin(s, VMW_WATCH_PAGE);
		return VMW_TODO_READ_PAGE;
	default:
		return VMW_TODO_NOTHING;
	}
}

static enum vmw_watch_todo go_back(struct vmw_watch_state *s)
{
	switch (s->view) {
	case VMW_WATCH_SEGMENTS:
		if (!*s->filter)
			return VMW_TODO_NOTHING;
		s->filter[0] = '\0';
		return VMW_TODO_LAY_OUT;
	case VMW_WATCH_HELP:
		return go_to(s, s->before_help);
	case VMW_WATCH_PAGE:
		return go_to(s, VMW_WATCH_EXTENTS);
	case VMW_WATCH_EXTENTS:
	case VMW_WATCH_MAP:
		return go_to(s, VMW_WATCH_SEGMENTS);
	default:
		return VMW_TODO_NOTHING;
	}
}

/* Half of what is seen, around the cursor; never less than a page. */
static enum vmw_watch_todo zoom_in(struct vmw_watch_state *s,
				   const struct vmw_watch_row *rows, size_t nr)
{
	const struct vmw_watch_row *row = &rows[cursor(s)->row];
	uint64_t start = s->zoom_start, last = s->zoom_last, half;

	if (cursor(s)->row >= nr || !row->end)
		return VMW_TODO_NOTHING;
	/* All of it is zoomed into where the cursor is: its line, and not its hole. */
	if (!last) {
		s->zoom_start = row->start;
		s->zoom_last = row->end - 1;
		return VMW_TODO_LAY_OUT;
	}
	half = (last - start) / 2;
	if (half < s->page_size)
		return VMW_TODO_NOTHING;
	start = row->start > start + half / 2 ? row->start - half / 2 : start;
	start &= -s->page_size;
	s->zoom_start = start;
	s->zoom_last = (start + half < last ? start + half : last) |
		       (s->page_size - 1);
	return VMW_TODO_LAY_OUT;
}

/* Twice as much; all of it, as soon as that is what it comes to. */
static enum vmw_watch_todo zoom_out(struct vmw_watch_state *s)
{
	const uint64_t more = (s->zoom_last - s->zoom_start) / 2 + 1;

	if (!s->zoom_last)
		return VMW_TODO_NOTHING;
	if (s->zoom_last > UINT64_MAX - more || more >> 46) {
		s->zoom_start = 0;
		s->zoom_last = 0;
		return VMW_TODO_LAY_OUT;
	}
	s->zoom_start = s->zoom_start > more ?
		(s->zoom_start - more) & -s->page_size : 0;
	s->zoom_last = (s->zoom_last + more) | (s->page_size - 1);
	return VMW_TODO_LAY_OUT;
}

static enum vmw_watch_todo step_page(struct vmw_watch_state *s, bool up)
{
	if (s->view != VMW_WATCH_PAGE)
		return VMW_TODO_NOTHING;
	if (up && s->page <= UINT64_MAX - s->page_size)
		s->page += s->page_size;
	if (!up && s->page >= s->page_size)
		s->page -= s->page_size;
	return VMW_TODO_READ_PAGE;
}

/* Keys that mean the same in every view. */
static enum vmw_watch_todo command(struct vmw_watch_state *s, int key,
				   const struct vmw_watch_row *rows, size_t nr)
{
	switch (key) {
	case '?':
	case 'h':
		if (s->view == VMW_WATCH_HELP)
			return go_back(s);
		s->before_help = s->view;
		return begin(s, VMW_WATCH_HELP);
	case 'q':
	case 3: /* ^C */
		return VMW_TODO_QUIT;
	case VMW_KEY_ESCAPE:
	case VMW_KEY_BACKSPACE:
		return go_back(s);
	case VMW_KEY_ENTER:
		return open_row(s, cursor(s)->row < nr ? &rows[cursor(s)->row] :
							 NULL);
	case 's':
		return VMW_TODO_SNAPSHOT;
	case 'r':
		return VMW_TODO_READ;
	case 'p':
		s->paused = !s->paused;
		return VMW_TODO_DRAW;
	case VMW_KEY_LEFT:
		return VMW_TODO_EARLIER;
	case VMW_KEY_RIGHT:
		return VMW_TODO_LATER;
	case 'm':
		return go_to(s, s->view == VMW_WATCH_MAP ? VMW_WATCH_SEGMENTS :
							   VMW_WATCH_MAP);
	default:
		return VMW_TODO_NOTHING;
	}
}

/* Keys that mean something in some. */
static enum vmw_watch_todo change(struct vmw_watch_state *s, int key,
				  const struct vmw_watch_row *rows, size_t nr)
{
	const bool table = s->view == VMW_WATCH_SEGMENTS;

	switch (key) {
	case '/':
		if (!table)
			return VMW_TODO_NOTHING;
		s->typing = true;
		return VMW_TODO_DRAW;
	case 'o':
		s->sort = (s->sort + 1) % NR_SORTS;
		return table ? VMW_TODO_LAY_OUT : VMW_TODO_DRAW;
	case 'a':
		s->all = !s->all;
		return table ? VMW_TODO_LAY_OUT : VMW_TODO_DRAW;
	case '+':
	case '=':
		return s->view == VMW_WATCH_MAP ? zoom_in(s, rows, nr) :
						  VMW_TODO_NOTHING;
	case '-':
		return s->view == VMW_WATCH_MAP ? zoom_out(s) : VMW_TODO_NOTHING;
	case 'n':
		return step_page(s, true);
	case 'b':
		return step_page(s, false);
	default:
		return VMW_TODO_NOTHING;
	}
}

enum vmw_watch_todo vmw_watch_key(struct vmw_watch_state *s, int key,
				  const struct vmw_watch_row *rows, size_t nr)
{
	enum vmw_watch_todo todo;

	if (s->typing)
		return type(s, key);
	todo = move(s, key, rows, nr);
	if (!todo)
		todo = command(s, key, rows, nr);
	return todo ? todo : change(s, key, rows, nr);
}
