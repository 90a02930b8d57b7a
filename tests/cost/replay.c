// SPDX-License-Identifier: GPL-2.0
/*
 * replay [-1m] COMMAND VMAS EXTENTS: runs the client's own code, from the decoder to
 * the view, over the answer to a walk of a process that there is not: so many
 * VMAs of so many extents each. No socket, no module, no root: for a profiler.
 * COMMAND is a reader, "ps" (of VMAS processes), or "nothing". -1: all VMAs
 * are of one segment, not each of its own. -m: prints on standard error how many
 * kilobytes it had resident at most.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "genl/genl_int.h"
#include "render/render.h"

#define MESSAGE		32000	/* bytes of attributes, as the kernel fills it */
#define PAGE		4096UL

static struct {
	size_t vmas, extents;
	bool one;		/* segment */
} target;

struct message {
	char bytes[MESSAGE];
	size_t len;
	struct vmw_exchange *to;
	int error;
};

static void send_message(struct message *m)
{
	if (!m->error && m->len)
		m->error = m->to->record((struct nlattr *)m->bytes, m->len,
					 m->to->arg);
	m->len = 0;
}

static void *put(struct message *m, uint16_t type, size_t len)
{
	struct nlattr *a = (struct nlattr *)(m->bytes + m->len);

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	m->len += NLA_HDRLEN + NLA_ALIGN(len);
	return a + 1;
}

static struct nlattr *open_nest(struct message *m, uint16_t type)
{
	return (struct nlattr *)put(m, type, 0) - 1;
}

static void close_nest(struct message *m, struct nlattr *nest)
{
	nest->nla_len = m->bytes + m->len - (char *)nest;
}

static void put_mm(struct message *m)
{
	const struct vmwalk_mm mm = {
		.pid = 1, .task_size = 0x7ffffffff000, .start_code = 0x400000,
	};
	struct nlattr *nest = open_nest(m, VMWALK_WALK_A_MM);

	memcpy(put(m, VMWALK_MM_A_INFO, sizeof(mm)), &mm, sizeof(mm));
	strcpy(put(m, VMWALK_MM_A_COMM, sizeof("target")), "target");
	close_nest(m, nest);
}

/*
 * A file's memory every third time, one of 50, apart from the others: hardly any
 * two VMAs are of one segment. With target.one, all are of the same.
 */
static struct vmwalk_vma make_vma(size_t i, char *name, size_t size)
{
	const uint64_t size_of_one = (target.one ? 1 : 2) * target.extents * PAGE;
	const uint64_t start = 0x7f0000000000 + i * size_of_one;
	struct vmwalk_vma v = {
		.start = start, .from = start,
		.end = start + target.extents * PAGE,
		.flags = VMWALK_VMA_F_READ | (i & 1 ? VMWALK_VMA_F_WRITE : 0),
		.page_shift = 12,
	};

	*name = '\0';
	if (target.one || i % 3) {
		v.flags |= VMWALK_VMA_F_ANON;
		return v;
	}
	v.flags |= VMWALK_VMA_F_FILE;
	v.ino = 1000 + i % 50;
	v.dev_major = 8;
	v.offset = i * PAGE;
	snprintf(name, size, "/usr/lib/x86_64-linux-gnu/libnumber-%zu.so.0",
		 i % 50);
	return v;
}

static void put_vma(struct message *m, size_t i, size_t from, size_t extents)
{
	char name[64];
	struct vmwalk_vma v = make_vma(i, name, sizeof(name));
	struct nlattr *nest;
	uint64_t *e;

	if (from) {
		v.flags |= VMWALK_VMA_F_CONTINUED;
		v.from += from * PAGE;
		*name = '\0';
	}
	nest = open_nest(m, VMWALK_WALK_A_VMA);
	memcpy(put(m, VMWALK_VMA_A_INFO, sizeof(v)), &v, sizeof(v));
	if (*name)
		strcpy(put(m, VMWALK_VMA_A_NAME, strlen(name) + 1), name);
	e = put(m, VMWALK_VMA_A_EXTENTS, extents * sizeof(*e));
	for (size_t k = 0; k < extents; k++) {
		uint64_t packed = VMWALK_EXTENT(1, (from + k) & 1 ?
						VMWALK_KIND_NONE :
						VMWALK_KIND_ANON);

		memcpy(&e[k], &packed, sizeof(packed));
	}
	close_nest(m, nest);
}

static void put_vmas(struct message *m)
{
	const size_t most = 3000;

	for (size_t i = 0; i < target.vmas; i++)
		for (size_t k = 0; k < target.extents; k += most) {
			size_t n = target.extents - k;

			if (n > most)
				n = most;
			if (m->len + n * sizeof(uint64_t) + 256 > MESSAGE)
				send_message(m);
			put_vma(m, i, k, n);
		}
}

static void send_walk(struct message *m)
{
	const struct vmwalk_end end = { .walk_ns = 1, .vmas = target.vmas };

	put_mm(m);
	put_vmas(m);
	send_message(m);
	memcpy(put(m, VMWALK_WALK_A_END, sizeof(end)), &end, sizeof(end));
	send_message(m);
}

static void send_tasks(struct message *m)
{
	for (size_t i = 0; i < target.vmas; i++) {
		const struct vmwalk_task task = {
			.pid = i + 1, .ppid = 1, .state = 'S', .threads = 1,
			.flags = VMWALK_TASK_F_MM, .mapped = i * 10 * PAGE,
			.rss_anon = i * PAGE, .hiwater_rss = 2 * i * PAGE,
			.page_tables = 10 * PAGE, .comm = "process",
		};

		if (m->len + sizeof(task) + NLA_HDRLEN > MESSAGE)
			send_message(m);
		memcpy(put(m, VMWALK_TASKS_A_TASK, sizeof(task)), &task,
		       sizeof(task));
	}
	send_message(m);
}

/* In the place of exchange.c. */
int vmw_exchange_setup(struct nl_sock *sk)
{
	(void)sk;
	return 0;
}

int vmw_errno_of_libnl(int nle)
{
	return nle;
}

int vmw_exchange_run(struct nl_sock *sk, struct vmw_exchange *x)
{
	static struct message m;
	const struct genlmsghdr *g = nlmsg_data(nlmsg_hdr(x->request));

	(void)sk;
	m = (struct message){ .to = x };
	if (g->cmd == VMWALK_CMD_TASKS)
		send_tasks(&m);
	else
		send_walk(&m);
	return m.error;
}

static int view(const char *command, const struct vmw_style *style,
		const struct vmw_aspace *as)
{
	struct vmw_segments segs;
	int ret = -EINVAL;

	if (!strcmp(command, "nothing"))
		return 0;
	if (vmw_classify(as, &segs))
		return -ENOMEM;
	if (!strcmp(command, "classify"))
		ret = 0;
	else if (!strcmp(command, "show"))
		ret = vmw_render_show(stdout, style, as, &segs);
	else if (!strcmp(command, "maps"))
		ret = vmw_render_maps(stdout, style, as);
	else if (!strcmp(command, "extents"))
		ret = vmw_render_extents(stdout, style, as, false);
	else if (!strcmp(command, "map"))
		ret = vmw_render_map(stdout, style, as, &segs);
	else if (!strcmp(command, "json"))
		ret = vmw_json_maps(stdout, as, &segs);
	else if (!strcmp(command, "json-extents"))
		ret = vmw_json_extents(stdout, as, true);
	vmw_segments_deinit(&segs);
	return ret;
}

/* Runs @command; an exit code. */
static int replay(const char *command)
{
	const struct vmw_style style = { .width = 200 };
	const struct vmw_walk_request req = {
		.pid = 1, .flags = VMWALK_WALK_F_EXTENTS,
	};
	struct vmw_genl genl = { .info = { .page_shift = 12 } };
	struct vmw_tasks tasks;
	struct vmw_aspace as;
	struct vmw_error err;
	int ret;

	if (!strcmp(command, "ps")) {
		ret = vmw_genl_tasks(&genl, &tasks, &err);
		if (!ret)
			ret = vmw_render_ps(stdout, &style, &tasks);
		return !!ret;
	}
	ret = vmw_genl_walk(&genl, &req, &as, &err);
	if (ret) {
		fprintf(stderr, "replay: %s\n", err.text);
		return 1;
	}
	ret = view(command, &style, &as);
	vmw_aspace_deinit(&as);
	return !!ret;
}

/* Kilobytes of this process that were resident at most. */
static void print_peak(void)
{
	struct rusage usage;

	fflush(stdout);
	getrusage(RUSAGE_SELF, &usage);
	fprintf(stderr, "%ld\n", usage.ru_maxrss);
}

int main(int argc, char **argv)
{
	bool peak = false;
	int opt, ret;

	while ((opt = getopt(argc, argv, "1m")) != -1) {
		if (opt == '?')
			return 2;
		peak |= opt == 'm';
		target.one |= opt == '1';
	}
	if (argc - optind != 3)
		return 2;
	argv += optind - 1;
	target.vmas = strtoul(argv[2], NULL, 10);
	target.extents = strtoul(argv[3], NULL, 10);
	ret = replay(argv[1]);
	if (peak)
		print_peak();
	return ret;
}
