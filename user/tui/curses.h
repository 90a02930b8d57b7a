/* SPDX-License-Identifier: GPL-2.0 */
/* ncurses, opened with the first screen. Private to screen.c. */
#ifndef VMW_CURSES_H
#define VMW_CURSES_H

/* Functions alone: there is nothing to link macros' variables with. */
#define NCURSES_NOMACROS
#include <ncurses.h>
#include <term.h>
#undef lines
#undef columns

#include "error.h"

/* The functions of ncurses, by their names. */
struct vmw_curses {
	__typeof__(cbreak) *cbreak;
	__typeof__(clearok) *clearok;
	__typeof__(curs_set) *curs_set;
	__typeof__(delscreen) *delscreen;
	__typeof__(endwin) *endwin;
	__typeof__(init_pair) *init_pair;
	__typeof__(keypad) *keypad;
	__typeof__(newterm) *newterm;
	__typeof__(newwin) *newwin;
	__typeof__(nodelay) *nodelay;
	__typeof__(noecho) *noecho;
	__typeof__(resizeterm) *resizeterm;
	__typeof__(set_escdelay) *set_escdelay;
	__typeof__(start_color) *start_color;
	__typeof__(tigetnum) *tigetnum;
	__typeof__(use_default_colors) *use_default_colors;
	__typeof__(waddnstr) *waddnstr;
	__typeof__(wattrset) *wattrset;
	__typeof__(werase) *werase;
	__typeof__(wgetch) *wgetch;
	__typeof__(wmove) *wmove;
	__typeof__(wrefresh) *wrefresh;
	__typeof__(wresize) *wresize;
};

extern struct vmw_curses vmw_curses;

/* Returns 0, or -ENOENT with @err filled: no ncurses, or one that is too old. */
int vmw_curses_open(struct vmw_error *err);

#endif
