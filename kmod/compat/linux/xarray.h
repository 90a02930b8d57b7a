/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMW_COMPAT_LINUX_XARRAY_H
#define VMW_COMPAT_LINUX_XARRAY_H

#include_next <linux/xarray.h>
#include <compat/config.h>

#ifndef VMW_HAVE_XAS_GET_ORDER
/* Looks the entry up once more. */
static inline int xas_get_order(struct xa_state *xas)
{
	return xa_get_order(xas->xa, xas->xa_index);
}
#endif

#endif
