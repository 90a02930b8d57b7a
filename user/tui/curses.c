// SPDX-License-Identifier: GPL-2.0
#include "curses.h"

#include <stddef.h>

#include "library.h"

#define ENTRY(name) { #name, offsetof(struct vmw_curses, name) }

static const struct vmw_function functions[] = {
	ENTRY(cbreak),
	ENTRY(clearok),
	ENTRY(curs_set),
	ENTRY(delscreen),
	ENTRY(endwin),
	ENTRY(init_pair),
	ENTRY(keypad),
	ENTRY(newterm),
	ENTRY(newwin),
	ENTRY(nodelay),
	ENTRY(noecho),
	ENTRY(resizeterm),
	ENTRY(set_escdelay),
	ENTRY(start_color),
	ENTRY(tigetnum),
	ENTRY(use_default_colors),
	ENTRY(waddnstr),
	ENTRY(wattrset),
	ENTRY(werase),
	ENTRY(wgetch),
	ENTRY(wmove),
	ENTRY(wrefresh),
	ENTRY(wresize),
};

_Static_assert(sizeof(functions) / sizeof(functions[0]) ==
	       sizeof(struct vmw_curses) / sizeof(void *), "none is left out");

struct vmw_curses vmw_curses;

int vmw_curses_open(struct vmw_error *err)
{
	static struct vmw_library lib = {
		.soname = "libncursesw.so.6",
		.package = "libncursesw6",
		.purpose = "draw on a whole screen",
		.functions = functions,
		.nr = sizeof(functions) / sizeof(functions[0]),
	};

	return vmw_library_open(&lib, &vmw_curses, err);
}
