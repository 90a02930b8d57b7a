// SPDX-License-Identifier: GPL-2.0
#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "table.h"

struct vmw_log {
	FILE *out;
	struct vmw_table *table;	/* one of the two */
	struct vmw_json *json;
};

#define NS_PER_S	1000000000

void vmw_time_text(int64_t time, char buf[32])
{
	int64_t ns = time % NS_PER_S;
	time_t s = time / NS_PER_S;
	struct tm tm;
	size_t len;

	if (ns < 0) {
		ns += NS_PER_S;
		s--;
	}
	if (!localtime_r(&s, &tm)) {
		strcpy(buf, "?");
		return;
	}
	len = strftime(buf, 24, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(buf + len, 32 - len, ".%03d", (int)(ns / 1000000));
}

static void add_columns(struct vmw_table *t)
{
	vmw_table_column(t, "NR", VMW_COL_NUMBER);
	vmw_table_spare(t, "TIME", VMW_COL_TEXT, 1);
	vmw_table_spare(t, "HOST", VMW_COL_CUT, 7);
	vmw_table_spare(t, "PID", VMW_COL_NUMBER, 4);
	vmw_table_spare(t, "NAME", VMW_COL_CUT, 5);
	vmw_table_spare(t, "VMAS", VMW_COL_NUMBER, 6);
	vmw_table_spare(t, "MAPPED", VMW_COL_NUMBER, 3);
	vmw_table_column(t, "RSS", VMW_COL_NUMBER);
	vmw_table_spare(t, "LABEL", VMW_COL_CUT, 2);
	vmw_table_column(t, "NOTE", VMW_COL_CUT);
}

struct vmw_log *vmw_log_create(FILE *out, const struct vmw_style *style,
			       bool json)
{
	struct vmw_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	log->out = out;
	if (json)
		log->json = vmw_json_create(out);
	else
		log->table = vmw_table_create(out, style, 12);
	if (!log->json && !log->table) {
		free(log);
		return NULL;
	}
	if (json) {
		vmw_json_object_begin(log->json, NULL);
		vmw_json_string(log->json, "schema", "vmwalk-log-1");
		vmw_json_array_begin(log->json, "snapshots");
	} else {
		add_columns(log->table);
	}
	return log;
}

static uint64_t rss(const struct vmwalk_mm *mm)
{
	return mm->rss_anon + mm->rss_file + mm->rss_shmem;
}

static void add_row(struct vmw_table *t, const struct vmw_snapshot *s)
{
	char time[32];

	vmw_time_text(s->time, time);
	vmw_table_row(t, NULL);
	vmw_table_print(t, "%" PRIu64, s->number);
	vmw_table_text(t, time, NULL);
	vmw_table_name(t, s->origin.host);
	vmw_table_print(t, "%u", s->as.mm.pid);
	vmw_table_name(t, s->as.comm);
	vmw_table_print(t, "%u", s->as.mm.vmas);
	vmw_table_size(t, s->as.mm.mapped);
	vmw_table_size(t, rss(&s->as.mm));
	vmw_table_name(t, s->label);
	vmw_table_name(t, s->note);
}

static void add_object(struct vmw_json *j, const struct vmw_snapshot *s)
{
	char uuid[2 * sizeof(s->uuid) + 1];

	for (size_t i = 0; i < sizeof(s->uuid); i++)
		sprintf(uuid + 2 * i, "%02x", s->uuid[i]);
	vmw_json_object_begin(j, NULL);
	vmw_json_uint(j, "number", s->number);
	vmw_json_string(j, "uuid", uuid);
	vmw_json_uint(j, "time_ns", s->time);
	vmw_json_string(j, "label", *s->label ? s->label : NULL);
	vmw_json_string(j, "note", *s->note ? s->note : NULL);
	vmw_json_string(j, "host", s->origin.host);
	vmw_json_string(j, "kernel", s->as.kernel);
	vmw_json_string(j, "machine", s->as.machine);
	vmw_json_uint(j, "pid", s->as.mm.pid);
	vmw_json_string(j, "comm", s->as.comm);
	vmw_json_string(j, "exe", *s->origin.exe ? s->origin.exe : NULL);
	vmw_json_string(j, "build_id",
			*s->origin.build_id ? s->origin.build_id : NULL);
	vmw_json_uint(j, "vmas", s->as.mm.vmas);
	vmw_json_uint(j, "mapped", s->as.mm.mapped);
	vmw_json_uint(j, "rss", rss(&s->as.mm));
	vmw_json_bool(j, "phys", s->as.flags & VMWALK_WALK_F_PHYS);
	vmw_json_object_end(j);
}

void vmw_log_add(struct vmw_log *log, const struct vmw_snapshot *head)
{
	if (log->json)
		add_object(log->json, head);
	else
		add_row(log->table, head);
}

int vmw_log_destroy(struct vmw_log *log)
{
	int ret;

	if (log->json) {
		vmw_json_array_end(log->json);
		vmw_json_object_end(log->json);
		ret = vmw_json_destroy(log->json);
	} else {
		ret = vmw_table_destroy(log->table);
	}
	if (!ret && ferror(log->out))
		ret = -EIO;
	free(log);
	return ret;
}
