/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_XARRAY_H
#define VMW_COMPAT_LINUX_XARRAY_H

#include_next <linux/xarray.h>
#include <compat/config.h>

#ifndef VMW_HAVE_XAS_GET_ORDER
/* Swap entries were of one page each before it was there to ask. */
static inline int xas_get_order(struct xa_state *xas)
{
	return 0;
}
#endif

#endif
