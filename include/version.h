/* SPDX-License-Identifier: GPL-2.0 */
/* The one place that says which vmwalk this is: module and CLI alike. */
#ifndef VMW_VERSION_H
#define VMW_VERSION_H

#define VMW_VERSION "0.1.0"

#endif
