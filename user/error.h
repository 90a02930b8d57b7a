/* SPDX-License-Identifier: GPL-2.0 */
/* What went wrong, in one line: the object, the cause, the next step. */
#ifndef VMW_ERROR_H
#define VMW_ERROR_H

struct vmw_error {
	char text[512];		/* no newline; empty: nothing went wrong */
};

/* Formats the text; returns @errnum (negative) so that callers can return it. */
int vmw_error_set(struct vmw_error *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
