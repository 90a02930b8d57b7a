// SPDX-License-Identifier: GPL-2.0
/* LIBS: yajl */
/* Succeeds if its input is one JSON document, whole and valid. */
#include <stdio.h>
#include <stdlib.h>

#include <yajl/yajl_parse.h>

int main(void)
{
	yajl_handle parser = yajl_alloc(NULL, NULL, NULL);
	unsigned char buf[4096];
	yajl_status status = yajl_status_ok;
	size_t len, total = 0;

	while (status == yajl_status_ok &&
	       (len = fread(buf, 1, sizeof(buf), stdin))) {
		status = yajl_parse(parser, buf, len);
		total += len;
	}
	if (status == yajl_status_ok)
		status = yajl_complete_parse(parser);
	if (status != yajl_status_ok)
		printf("# not JSON, about byte %zu: %s\n", total,
		       (char *)yajl_get_error(parser, 0, NULL, 0));
	yajl_free(parser);
	return status == yajl_status_ok && total ? 0 : 1;
}
