// SPDX-License-Identifier: GPL-2.0
/* The page around the data. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>

#include "model/classify.h"
#include "render.h"
#include "report_data.h"

#include "report_page.h"	/* made of user/report/ */

struct vmw_report {
	FILE *out;
	struct vmw_report_pools pools;
};

struct vmw_report *vmw_report_create(FILE *out)
{
	struct vmw_report *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->out = out;
	fwrite(report_head, 1, sizeof(report_head), out);
	return r;
}

/*
 * JSON on its way into a script element, where "</script" and "<!--" would mean
 * something: in JSON such characters stand in strings alone.
 */
static ssize_t put_script(void *cookie, const char *text, size_t len)
{
	FILE *out = cookie;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '<' || text[i] == '>' || text[i] == '&')
			fprintf(out, "\\u%04x", text[i]);
		else
			putc_unlocked(text[i], out);
	}
	return ferror(out) ? 0 : len;
}

static FILE *open_script(FILE *out, const char *view)
{
	const cookie_io_functions_t io = { .write = put_script };
	FILE *script = fopencookie(out, "w", io);

	if (script)
		fprintf(out, "<script type=\"application/json\" "
			"data-view=\"%s\">", view);
	return script;
}

static int close_script(FILE *out, FILE *script)
{
	const int ret = fclose(script) ? -EIO : 0;

	fputs("</script>\n", out);
	return ret;
}

static int put_view(struct vmw_report *r, const char *view,
		    const struct vmw_snapshot *s, const struct vmw_segments *segs)
{
	FILE *script = open_script(r->out, view);
	int ret, end;

	if (!script)
		return -ENOMEM;
	switch (*view) {
	case 'm':
		ret = vmw_report_json(script, &r->pools, s, segs);
		break;
	case 't':
		ret = vmw_json_threads(script, &s->as, segs);
		break;
	default:
		ret = vmw_json_go(script, &s->as);
		break;
	}
	end = close_script(r->out, script);
	return ret ? ret : end;
}

/* What each document is of, the page knows by their order: "memory" comes first. */
int vmw_report_add(struct vmw_report *r, const struct vmw_snapshot *s)
{
	const struct vmw_runtime *rt = &s->as.runtime;
	struct vmw_segments segs;
	int ret = vmw_classify(&s->as, &segs);

	if (ret)
		return ret;
	ret = put_view(r, "memory", s, &segs);
	if (!ret && s->as.nr_threads)
		ret = put_view(r, "threads", s, &segs);
	if (!ret && (rt->version[0] || rt->nr_gs || rt->nr_spans))
		ret = put_view(r, "go", s, &segs);
	vmw_segments_deinit(&segs);
	return ret;
}

int vmw_report_destroy(struct vmw_report *r)
{
	int ret;

	fwrite(report_tail, 1, sizeof(report_tail), r->out);
	ret = ferror(r->out) ? -EIO : 0;
	vmw_pool_deinit(&r->pools.names);
	vmw_pool_deinit(&r->pools.states);
	vmw_pool_deinit(&r->pools.vmas);
	free(r);
	return ret;
}
