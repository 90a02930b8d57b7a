/* SPDX-License-Identifier: GPL-2.0 */
/* A terminal as a whole. screen.c and curses.c are the only users of ncurses. */
#ifndef VMW_SCREEN_H
#define VMW_SCREEN_H

#include "error.h"
#include "state.h"

struct vmw_screen;

/* What is on it. Text is fit for a terminal, and may have SGR sequences in it. */
struct vmw_frame {
	const char *head[3];	/* above all; NULL: a line less */
	const char *title;	/* of the rows; may be NULL */
	const struct vmw_watch_row *row;	/* all there are */
	size_t nr;
	size_t top, cursor;	/* the first to be seen; the one with the cursor */
	const char *foot;	/* the last line */
};

/* Returns 0 or a negative errno with @err filled: standard output is no terminal. */
int vmw_screen_open(struct vmw_screen **screen, bool color,
		    struct vmw_error *err);
/* The terminal is as it was before. NULL is fine. */
void vmw_screen_close(struct vmw_screen *screen);
/* The terminal has become of another size. */
void vmw_screen_resize(struct vmw_screen *screen);

/*
 * Gives the terminal back and stops this process, as SIGTSTP is meant to, until it
 * goes on; the terminal may be of another size by then. The caller has the signal
 * blocked for as long as there is a screen.
 */
void vmw_screen_stop(struct vmw_screen *screen);

/* Columns that the text of a line has. */
unsigned int vmw_screen_width(const struct vmw_screen *screen);
/* Rows that there is room for under so much. */
size_t vmw_screen_height(const struct vmw_screen *screen,
			 const struct vmw_frame *frame);
/*
 * Does the terminal take anything? If not, as when it is stopped, what is drawn
 * would have to wait for it.
 */
bool vmw_screen_is_ready(const struct vmw_screen *screen);
void vmw_screen_draw(struct vmw_screen *screen, const struct vmw_frame *frame);
/* The next key that was pressed, as vmw_watch_key() takes it; 0: none. */
int vmw_screen_key(struct vmw_screen *screen);

#endif
