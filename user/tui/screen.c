// SPDX-License-Identifier: GPL-2.0
#include "screen.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "curses.h"

#define GUTTER		2	/* columns: the cursor's mark, and that of a change */
#define ESCAPE_MS	25	/* until an Escape is one, and not a key's beginning */
#define LEAST_WIDTH	40

struct vmw_screen {
	SCREEN *curses;
	WINDOW *win;
	unsigned int lines, columns;
	short colors;		/* 0: none are wanted, or to be had */
	struct sigaction stop;	/* what SIGTSTP did before */
};

static void measure(struct vmw_screen *s)
{
	struct winsize size;

	s->lines = 24;
	s->columns = 80;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row &&
	    size.ws_col) {
		s->lines = size.ws_row;
		s->columns = size.ws_col;
	}
}

/* Pair n + 1 is colour n on whatever the terminal's own is. */
static void set_up_colors(struct vmw_screen *s)
{
	const int colors = vmw_curses.tigetnum("colors");

	if (colors < 8 || vmw_curses.start_color() == ERR)
		return;
	vmw_curses.use_default_colors();
	s->colors = colors >= 16 ? 16 : 8;
	for (short i = 0; i < s->colors; i++)
		vmw_curses.init_pair(i + 1, i, -1);
}

/* The signal is blocked while there is a screen: this only has to be there. */
static void be_stopped(int signal)
{
	(void)signal;
}

/*
 * ncurses has a way of its own to be stopped, which loses a ^Z that comes while it
 * draws. Where somebody else handles the signal, it leaves it alone.
 */
static void handle_stop(struct vmw_screen *s)
{
	sigaction(SIGTSTP, &(struct sigaction){ .sa_handler = be_stopped },
		  &s->stop);
}

int vmw_screen_open(struct vmw_screen **out, bool color, struct vmw_error *err)
{
	struct vmw_screen *s;
	int ret;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return vmw_error_set(err, -ENOTTY, "this takes a terminal; 'show' "
				     "and 'record' do without");
	ret = vmw_curses_open(err);
	if (ret)
		return ret;
	s = calloc(1, sizeof(*s));
	if (!s)
		return vmw_error_set(err, -ENOMEM, "no memory for the screen");
	handle_stop(s);
	s->curses = vmw_curses.newterm(NULL, stdout, stdin);
	if (!s->curses) {
		sigaction(SIGTSTP, &s->stop, NULL);
		free(s);
		return vmw_error_set(err, -ENOTTY, "ncurses knows no terminal "
				     "'%.40s': set TERM to what yours is",
				     getenv("TERM") ? getenv("TERM") : "");
	}
	measure(s);
	s->win = vmw_curses.newwin(0, 0, 0, 0);
	vmw_curses.cbreak();
	vmw_curses.noecho();
	vmw_curses.set_escdelay(ESCAPE_MS);
	vmw_curses.curs_set(0);
	vmw_curses.keypad(s->win, TRUE);
	vmw_curses.nodelay(s->win, TRUE);
	if (color)
		set_up_colors(s);
	*out = s;
	return 0;
}

void vmw_screen_close(struct vmw_screen *s)
{
	if (!s)
		return;
	vmw_curses.endwin();
	vmw_curses.delscreen(s->curses);
	sigaction(SIGTSTP, &s->stop, NULL);
	free(s);
}

void vmw_screen_resize(struct vmw_screen *s)
{
	measure(s);
	vmw_curses.resizeterm(s->lines, s->columns);
	vmw_curses.wresize(s->win, s->lines, s->columns);
	vmw_curses.clearok(s->win, TRUE);
}

void vmw_screen_stop(struct vmw_screen *s)
{
	sigset_t set;

	vmw_curses.endwin();
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaction(SIGTSTP, &s->stop, NULL);
	raise(SIGTSTP);
	/* It stops here, and goes on from here. */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	handle_stop(s);
	vmw_screen_resize(s);
}

unsigned int vmw_screen_width(const struct vmw_screen *s)
{
	return s->columns < LEAST_WIDTH + GUTTER ? LEAST_WIDTH :
						   s->columns - GUTTER;
}

/* Lines above the rows. */
static unsigned int top_lines(const struct vmw_frame *f)
{
	unsigned int n = f->title ? 1 : 0;

	for (size_t i = 0; i < sizeof(f->head) / sizeof(f->head[0]); i++)
		n += f->head[i] ? 1 : 0;
	return n;
}

size_t vmw_screen_height(const struct vmw_screen *s, const struct vmw_frame *f)
{
	const unsigned int taken = top_lines(f) + 1;

	return s->lines > taken ? s->lines - taken : 1;
}

bool vmw_screen_is_ready(const struct vmw_screen *s)
{
	struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

	(void)s;
	return poll(&p, 1, 0) > 0 && p.revents & POLLOUT;
}

/* One of the parameters of an SGR sequence. */
static attr_t apply(const struct vmw_screen *s, attr_t attr, long parameter)
{
	long color = -1;

	switch (parameter) {
	case 0:
		return A_NORMAL;
	case 1:
		return attr | A_BOLD;
	case 7:
		return attr | A_REVERSE;
	default:
		break;
	}
	if (parameter >= 30 && parameter <= 37)
		color = parameter - 30;
	else if (parameter >= 90 && parameter <= 97)
		color = parameter - 90 + 8;
	if (color < 0 || !s->colors)
		return attr;
	if (color >= s->colors) {
		color -= 8;
		attr |= A_BOLD;
	}
	return (attr & ~A_COLOR) | (attr_t)(color + 1) << NCURSES_ATTR_SHIFT;
}

/* Past the sequence at @p, "\033[1;31m", what it says added to *@attr. */
static const char *take_sgr(const struct vmw_screen *s, const char *p,
			    attr_t *attr)
{
	char *end;

	p += 2;
	for (;;) {
		*attr = apply(s, *attr, strtol(p, &end, 10));
		p = end;
		if (*p != ';')
			break;
		p++;
	}
	return *p == 'm' ? p + 1 : p;
}

/* Bytes of the character at @p, and its columns. */
static size_t character(const char *p, unsigned int *columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	const size_t bytes = mbrtowc(&c, p, MB_LEN_MAX, &state);

	*columns = 1;
	if (!bytes || bytes > MB_LEN_MAX)
		return 1;
	*columns = wcwidth(c) > 0 ? wcwidth(c) : 0;
	return bytes;
}

/* A coloured bar is not reversed: what is full would be where it is empty. */
static attr_t joined(attr_t attr, attr_t extra)
{
	return attr | (attr & A_COLOR ? extra & ~A_REVERSE : extra);
}

/* At most @room columns of @text, @extra on all of it. */
static void put_text(struct vmw_screen *s, const char *text, unsigned int room,
		     attr_t extra)
{
	attr_t attr = A_NORMAL;
	unsigned int columns;
	size_t bytes;

	vmw_curses.wattrset(s->win, extra);
	while (*text) {
		if (text[0] == '\033' && text[1] == '[') {
			text = take_sgr(s, text, &attr);
			vmw_curses.wattrset(s->win, joined(attr, extra));
			continue;
		}
		bytes = character(text, &columns);
		if (columns > room)
			break;
		vmw_curses.waddnstr(s->win, text, bytes);
		text += bytes;
		room -= columns;
	}
	/* The bar of the cursor goes to the edge. */
	for (; extra & A_REVERSE && room; room--)
		vmw_curses.waddnstr(s->win, " ", 1);
	vmw_curses.wattrset(s->win, A_NORMAL);
}

/* The corner stays empty: a character there would scroll some terminals. */
static unsigned int room_of(const struct vmw_screen *s, unsigned int line,
			    unsigned int column)
{
	const unsigned int end = s->columns - (line + 1 == s->lines);

	return column < end ? end - column : 0;
}

static void put_line(struct vmw_screen *s, unsigned int line, const char *text,
		     attr_t extra)
{
	if (line >= s->lines)
		return;
	vmw_curses.wmove(s->win, line, 0);
	put_text(s, text, room_of(s, line, 0), extra);
}

static void put_row(struct vmw_screen *s, unsigned int line,
		    const struct vmw_watch_row *row, bool cursor)
{
	const char mark[] = { cursor ? '>' : ' ', row->changed ? '*' : ' ', '\0' };
	attr_t extra = cursor ? A_REVERSE : A_NORMAL;

	if (line >= s->lines)
		return;
	if (row->changed)
		extra |= A_BOLD;
	vmw_curses.wmove(s->win, line, 0);
	put_text(s, mark, room_of(s, line, 0), extra & ~A_REVERSE);
	put_text(s, row->text, room_of(s, line, GUTTER), extra);
}

void vmw_screen_draw(struct vmw_screen *s, const struct vmw_frame *f)
{
	const size_t height = vmw_screen_height(s, f);
	unsigned int line = 0;

	vmw_curses.werase(s->win);
	for (size_t i = 0; i < sizeof(f->head) / sizeof(f->head[0]); i++)
		if (f->head[i])
			put_line(s, line++, f->head[i], i ? A_NORMAL : A_BOLD);
	if (f->title && line < s->lines) {
		vmw_curses.wmove(s->win, line, GUTTER);
		put_text(s, f->title, room_of(s, line, GUTTER), A_UNDERLINE);
		line++;
	}
	for (size_t i = 0; i < height && f->top + i < f->nr; i++)
		put_row(s, line + i, &f->row[f->top + i],
			f->top + i == f->cursor);
	if (s->lines > 1)
		put_line(s, s->lines - 1, f->foot, A_NORMAL);
	vmw_curses.wrefresh(s->win);
}

int vmw_screen_key(struct vmw_screen *s)
{
	static const struct {
		int curses, key;
	} keys[] = {
		{ KEY_UP, VMW_KEY_UP }, { KEY_DOWN, VMW_KEY_DOWN },
		{ KEY_PPAGE, VMW_KEY_PAGE_UP }, { KEY_NPAGE, VMW_KEY_PAGE_DOWN },
		{ KEY_HOME, VMW_KEY_HOME }, { KEY_END, VMW_KEY_END },
		{ KEY_LEFT, VMW_KEY_LEFT }, { KEY_RIGHT, VMW_KEY_RIGHT },
		{ KEY_ENTER, VMW_KEY_ENTER }, { '\r', VMW_KEY_ENTER },
		{ KEY_BACKSPACE, VMW_KEY_BACKSPACE }, { '\b', VMW_KEY_BACKSPACE },
	};
	int c;

	do {
		c = vmw_curses.wgetch(s->win);
	} while (c == KEY_RESIZE);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c > 0 && c < 128 ? c : c == ERR ? 0 : -1;
}
