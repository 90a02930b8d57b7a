// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink front. One dump is one walk: prepared in start() with the
 * credentials and in the pid namespace of the caller, driven by dumpit() in
 * the context of whoever reads, ended by done().
 */
#include <linux/capability.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/utsname.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "arch/arch.h"
#include "capture.h"
#include "netlink.h"
#include "pgwalk.h"
#include "version.h"
#include "walk.h"

/* What a thread's record takes. */
#define THREAD_ROOM	(nla_total_size(0) + nla_total_size(sizeof(struct vmwalk_thread)) + \
			 nla_total_size(TASK_COMM_LEN))

/* The largest skb that netlink offers a reader with a large enough buffer. */
#define MESSAGE_MAX	32768

/* INFO and TASKS take no attributes: refuse them all. */
static const struct nla_policy no_policy[] = {
	[VMWALK_INFO_A_UNSPEC + 1] = { .type = NLA_REJECT },
};

static const struct nla_policy walk_policy[VMWALK_REQ_A_MAX + 1] = {
	[VMWALK_REQ_A_PID]		= NLA_POLICY_MIN(NLA_U32, 1),
	[VMWALK_REQ_A_START]		= { .type = NLA_U64 },
	[VMWALK_REQ_A_END]		= { .type = NLA_U64 },
	[VMWALK_REQ_A_FLAGS]		= NLA_POLICY_MASK(NLA_U32, VMW_WALK_FLAGS),
	[VMWALK_REQ_A_START_TIME]	= { .type = NLA_U64 },
};

/* Top first. */
static int put_levels(struct sk_buff *skb)
{
	struct vmwalk_level level;
	unsigned int i = VMW_LEVELS;
	int ret;

	while (i-- > 0) {
		level = vmw_level(i);
		if (level.entries == 1)
			continue;
		ret = nla_put(skb, VMWALK_INFO_A_LEVEL, sizeof(level), &level);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_entry_bits(struct sk_buff *skb)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(vmw_entry_bits); i++) {
		/* A bit that this kernel has not been built with. */
		if (!vmw_entry_bits[i].width)
			continue;
		ret = nla_put(skb, VMWALK_INFO_A_ENTRY_BIT, sizeof(vmw_entry_bits[i]),
			      &vmw_entry_bits[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int put_hugepages(struct sk_buff *skb)
{
	int ret = nla_put_u64_64bit(skb, VMWALK_INFO_A_HUGEPAGE, PMD_SIZE, VMWALK_INFO_A_PAD);

	if (!ret && vmw_arch_pud_leaves())
		ret = nla_put_u64_64bit(skb, VMWALK_INFO_A_HUGEPAGE, PUD_SIZE, VMWALK_INFO_A_PAD);
	return ret;
}

static int put_info(struct sk_buff *skb)
{
	if (nla_put_u32(skb, VMWALK_INFO_A_ABI, VMWALK_ABI_REVISION) ||
	    nla_put_string(skb, VMWALK_INFO_A_VERSION, VMW_VERSION) ||
	    nla_put_string(skb, VMWALK_INFO_A_ARCH, utsname()->machine) ||
	    nla_put_u32(skb, VMWALK_INFO_A_PAGE_SHIFT, PAGE_SHIFT) ||
	    put_levels(skb) || put_hugepages(skb) ||
	    nla_put_u32(skb, VMWALK_INFO_A_CAN, vmw_walk_can()) ||
	    nla_put_u32(skb, VMWALK_INFO_A_WALK_FLAGS, VMW_WALK_FLAGS) ||
	    nla_put_u32(skb, VMWALK_INFO_A_CHUNK, VMW_CHUNK) ||
	    nla_put_u32(skb, VMWALK_INFO_A_MESSAGE_MAX, MESSAGE_MAX) ||
	    nla_put_u64_64bit(skb, VMWALK_INFO_A_ATOMIC_MAX, vmw_capture_max(),
			      VMWALK_INFO_A_PAD) ||
	    put_entry_bits(skb))
		return -EMSGSIZE;
	return 0;
}

static int info_doit(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &vmw_genl_family, 0, VMWALK_CMD_INFO);
	if (!hdr || put_info(skb)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * struct dump - one dump, from start() to done()
 * @walk: the walk, NULL if it was refused
 * @why: the refusal, for the first dumpit() to tell
 * @capture: what an atomic walk has found, and is not out yet
 * @captured: it is over
 * @mm_sent: the MM record is out
 * @threads_sent: so are all threads
 * @walked: all VMAs are out, END is not
 * @finished: END is out too
 */
struct dump {
	struct vmw_walk		*walk;
	struct vmw_refusal	why;
	struct vmw_capture	capture;
	bool			captured;
	bool			mm_sent;
	bool			threads_sent;
	bool			walked;
	bool			finished;
};

/* What netlink keeps for us between the callbacks. */
struct dump_ctx {
	struct dump *dump;
};

static struct dump_ctx *dump_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump_ctx) > sizeof(cb->ctx));
	return (struct dump_ctx *)cb->ctx;
}

/* Page-aligned, or the default if the attribute is not there. */
static int get_address(struct nlattr **attrs, int attr, unsigned long *address,
		       struct vmw_refusal *why)
{
	u64 value;

	if (!attrs[attr])
		return 0;
	value = nla_get_u64(attrs[attr]);
	if (!PAGE_ALIGNED(value))
		return vmw_refuse(why, -EINVAL, attr, "addresses must be page-aligned");
	*address = value;
	return 0;
}

/* What the policy cannot check. */
static int parse_request(struct nlattr **attrs, struct vmw_request *req, struct vmw_refusal *why)
{
	*req = (struct vmw_request){ .end = PAGE_MASK };

	if (!attrs[VMWALK_REQ_A_PID])
		return vmw_refuse(why, -EINVAL, 0, "VMWALK_REQ_A_PID is missing");
	req->pid = nla_get_u32(attrs[VMWALK_REQ_A_PID]);

	if (get_address(attrs, VMWALK_REQ_A_START, &req->start, why) ||
	    get_address(attrs, VMWALK_REQ_A_END, &req->end, why))
		return why->err;
	if (req->start >= req->end)
		return vmw_refuse(why, -EINVAL, VMWALK_REQ_A_END,
				  "the range is empty: end <= start");

	if (attrs[VMWALK_REQ_A_FLAGS])
		req->flags = nla_get_u32(attrs[VMWALK_REQ_A_FLAGS]);
	if ((req->flags & VMW_EXTENTS_FLAGS) && !(req->flags & VMWALK_WALK_F_EXTENTS))
		return vmw_refuse(why, -EINVAL, VMWALK_REQ_A_FLAGS,
				  "what is asked of extents needs VMWALK_WALK_F_EXTENTS");

	if (attrs[VMWALK_REQ_A_START_TIME])
		req->start_time = nla_get_u64(attrs[VMWALK_REQ_A_START_TIME]);
	return 0;
}

void vmw_genl_set_extack(struct netlink_ext_ack *extack, const struct vmw_refusal *why,
			 struct nlattr **attrs)
{
	if (!extack)
		return;
	extack->_msg = why->text;
	if (attrs && why->attr)
		NL_SET_BAD_ATTR(extack, attrs[why->attr]);
}

/*
 * Kernels differ in whether start() has an extack to explain itself with. Where
 * it has none, the first dumpit() does, which still runs in the request's own
 * sendmsg(): the refusal waits until then, and comes in NLMSG_DONE.
 */
int vmw_genl_refuse_start(struct netlink_callback *cb, const struct vmw_refusal *why,
			  struct nlattr **attrs)
{
	atomic64_inc(&vmw_stats.refusals);
	if (!cb->extack)
		return 0;
	vmw_genl_set_extack(cb->extack, why, attrs);
	return why->err;
}

/* Who sends must have it, in the initial user namespace; netlink may ask the opener as well. */
int vmw_genl_check_caller(struct sk_buff *skb, struct vmw_refusal *why)
{
	if (netlink_ns_capable(skb, &init_user_ns, CAP_SYS_PTRACE))
		return 0;
	return vmw_refuse(why, -EPERM, 0, "CAP_SYS_PTRACE in the initial user namespace is needed");
}

/* What shows where memory is: as /proc/PID/pagemap and /proc/kcore. */
int vmw_genl_check_raw(struct sk_buff *skb, struct vmw_refusal *why)
{
	if (!netlink_ns_capable(skb, &init_user_ns, CAP_SYS_ADMIN))
		return vmw_refuse(why, -EPERM, 0,
				  "CAP_SYS_ADMIN in the initial user namespace is needed");
	if (security_locked_down(LOCKDOWN_KCORE))
		return vmw_refuse(why, -EPERM, 0, "the kernel is locked down");
	return 0;
}

static struct vmw_walk *start_walk(struct sk_buff *skb, struct nlattr **attrs,
				   struct vmw_refusal *why)
{
	struct vmw_request req;

	if (vmw_genl_check_caller(skb, why) || parse_request(attrs, &req, why))
		return NULL;
	if ((req.flags & VMWALK_WALK_F_PHYS) && vmw_genl_check_raw(skb, why))
		return NULL;
	return vmw_walk_start(&req, why);
}

static int walk_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct dump *dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	int err;

	if (!dump)
		return -ENOMEM;
	vmw_capture_init(&dump->capture);

	atomic64_inc(&vmw_stats.requests);
	dump->walk = start_walk(cb->skb, attrs, &dump->why);
	if (!dump->walk) {
		err = vmw_genl_refuse_start(cb, &dump->why, attrs);
		if (err) {
			kfree(dump);
			return err;
		}
	}
	dump_ctx(cb)->dump = dump;
	cb->min_dump_alloc = VMW_MESSAGE_MIN;
	return 0;
}

/**
 * struct skb_sink - a sink whose room is the tail of an skb
 * @base: the sink
 * @skb: the message under way, NULL if there is none yet
 * @at: where the next record goes in it; those before are put by commit_records()
 * @limit: end of its room
 * @capture: where more of them are, NULL if that is for the caller
 * @flags: VMWALK_WALK_F_*, what is asked for
 * @least: bytes that a record takes at least without its name
 * @vma: the open record's nest
 * @info: in it, struct vmwalk_vma
 * @pages: likewise, struct vmwalk_pages
 * @tables: likewise, struct vmwalk_tables
 * @extents: its array
 */
struct skb_sink {
	struct vmw_sink		base;
	struct sk_buff		*skb;
	void			*at;
	void			*limit;
	struct vmw_capture	*capture;
	u32			flags;
	size_t			least;
	struct nlattr		*vma;
	void			*info;
	void			*pages;
	void			*tables;
	struct nlattr		*extents;
};

static void use_skb(struct skb_sink *sink, struct sk_buff *skb)
{
	sink->skb = skb;
	sink->at = skb ? skb_tail_pointer(skb) : NULL;
	sink->limit = skb ? skb_end_pointer(skb) : NULL;
}

static void commit_records(struct skb_sink *sink)
{
	if (sink->skb)
		skb_put(sink->skb, sink->at - (void *)skb_tail_pointer(sink->skb));
}

/*
 * The record is written past the tail of the skb, and put with the others in the end:
 * there is nothing to take back, and the room is looked at once. Returns where the
 * attribute goes that comes after.
 */
static void *lay(struct nlattr *nla, int type, size_t len)
{
	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	return (void *)nla + nla_total_size(len);
}

static void *lay_name(struct nlattr *nla, const char *name, size_t len)
{
	void *next = lay(nla, VMWALK_VMA_A_NAME, len);

	memset(next - NLA_ALIGNTO, 0, NLA_ALIGNTO);
	memcpy(nla_data(nla), name, len);
	return next;
}

static size_t least_bytes(u32 flags)
{
	size_t bytes = nla_total_size(nla_total_size(sizeof(struct vmwalk_vma)));

	if (flags & VMWALK_WALK_F_PAGES)
		bytes += nla_total_size(sizeof(struct vmwalk_pages));
	if (flags & VMWALK_WALK_F_TABLES)
		bytes += nla_total_size(sizeof(struct vmwalk_tables));
	if (flags & VMWALK_WALK_F_EXTENTS)
		bytes += nla_total_size(0) + VMW_ROOM_MIN * sizeof(u64);
	return bytes;
}

/* There is the room. @name_len: with its NUL, 0 if there is none. */
static void lay_record(struct skb_sink *sink, const struct vmwalk_vma *info, const char *name,
		       size_t name_len)
{
	void *at = sink->at;

	sink->vma = at;
	at = lay(at, VMWALK_WALK_A_VMA | NLA_F_NESTED, 0);
	sink->info = nla_data(at);
	memcpy(sink->info, info, sizeof(*info));
	at = lay(at, VMWALK_VMA_A_INFO, sizeof(*info));
	if (name_len)
		at = lay_name(at, name, name_len);
	if (sink->flags & VMWALK_WALK_F_PAGES) {
		sink->pages = nla_data(at);
		at = lay(at, VMWALK_VMA_A_PAGES, sizeof(struct vmwalk_pages));
	}
	if (sink->flags & VMWALK_WALK_F_TABLES) {
		sink->tables = nla_data(at);
		at = lay(at, VMWALK_VMA_A_TABLES, sizeof(struct vmwalk_tables));
	}
	/* As long as the skb has room, to be cut to size in the end. */
	if (sink->flags & VMWALK_WALK_F_EXTENTS) {
		sink->extents = at;
		at = lay(at, VMWALK_VMA_A_EXTENTS, 0);
	}
	vmw_extents_init(&sink->base.ext, at, sink->limit - at);
}

/* Goes on in the next message of an atomic walk. */
static int next_piece(struct skb_sink *sink, size_t bytes)
{
	if (!sink->capture)
		return -EMSGSIZE;
	commit_records(sink);
	use_skb(sink, vmw_capture_next(sink->capture));
	if (!sink->skb)
		return -E2BIG;
	return sink->limit - sink->at < bytes ? -EMSGSIZE : 0;
}

static int skb_sink_begin(struct vmw_sink *base, const struct vmwalk_vma *info, const char *name)
{
	struct skb_sink *sink = container_of(base, struct skb_sink, base);
	size_t name_len = name ? strlen(name) + 1 : 0;
	size_t bytes = sink->least + (name ? nla_total_size(name_len) : 0);
	int ret;

	if (sink->limit - sink->at < bytes) {
		ret = next_piece(sink, bytes);
		if (ret)
			return ret;
	}
	lay_record(sink, info, name, name_len);
	return 0;
}

/* Attributes are aligned to 4 bytes only: all is copied. */
static void skb_sink_end(struct vmw_sink *base, const struct vmw_sums *sums)
{
	struct skb_sink *sink = container_of(base, struct skb_sink, base);
	void *end = base->ext.next;

	memcpy(sink->info + offsetof(struct vmwalk_vma, shmem_swapped), &sums->shmem_swapped,
	       sizeof(sums->shmem_swapped));
	if (sink->flags & VMWALK_WALK_F_PAGES)
		memcpy(sink->pages, &sums->pages, sizeof(sums->pages));
	if (sink->flags & VMWALK_WALK_F_TABLES)
		memcpy(sink->tables, &sums->tables, sizeof(sums->tables));
	if (sink->flags & VMWALK_WALK_F_EXTENTS)
		sink->extents->nla_len = end - (void *)sink->extents;
	sink->vma->nla_len = end - (void *)sink->vma;
	sink->at = end;
}

int vmw_genl_put_mm(struct sk_buff *skb, const struct vmw_target *target)
{
	struct nlattr *nest = nla_nest_start(skb, VMWALK_WALK_A_MM);
	struct vmwalk_mm info;

	if (!nest)
		return -EMSGSIZE;
	vmw_target_info(target, &info);
	if (nla_put(skb, VMWALK_MM_A_INFO, sizeof(info), &info) ||
	    nla_put_string(skb, VMWALK_MM_A_COMM, target->comm)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* As many VMAs as fit; all of them are walked first if the walk is atomic. */
static int put_vmas(struct sk_buff *skb, struct dump *dump)
{
	struct vmw_walk *walk = dump->walk;
	bool atomic = vmw_walk_is_atomic(walk);
	struct skb_sink sink = {
		.base = { .begin = skb_sink_begin, .end = skb_sink_end },
		.capture = atomic ? &dump->capture : NULL,
		.flags = walk->req.flags,
		.least = least_bytes(walk->req.flags),
	};
	int ret;

	if (!atomic) {
		use_skb(&sink, skb);
		ret = vmw_walk_next(walk, &sink.base);
		commit_records(&sink);
		return ret == VMW_FULL ? -EMSGSIZE : ret;
	}
	if (!dump->captured) {
		ret = vmw_capture_walk(&dump->capture, walk, &sink.base);
		commit_records(&sink);
		if (ret)
			return ret;
		dump->captured = true;
	}
	return vmw_capture_send(&dump->capture, skb);
}

static void put_thread(struct sk_buff *skb, const struct vmw_thread *thread)
{
	struct nlattr *nest = nla_nest_start(skb, VMWALK_WALK_A_THREAD);

	nla_put(skb, VMWALK_THREAD_A_INFO, sizeof(thread->info), &thread->info);
	nla_put_string(skb, VMWALK_THREAD_A_COMM, thread->comm);
	nla_nest_end(skb, nest);
}

/* As many as fit. */
static int put_threads(struct sk_buff *skb, struct vmw_walk *walk)
{
	struct vmw_thread thread;

	if (!(walk->req.flags & VMWALK_WALK_F_THREADS))
		return 0;
	for (;;) {
		if (skb_tailroom(skb) < THREAD_ROOM)
			return -EMSGSIZE;
		if (!vmw_threads_next(walk, &thread))
			return 0;
		put_thread(skb, &thread);
	}
}

/* One message's worth. 0, or -EMSGSIZE if there is more than fits, or what went wrong. */
static int fill_message(struct sk_buff *skb, struct dump *dump)
{
	struct vmw_walk *walk = dump->walk;
	int ret;

	if (!dump->mm_sent) {
		ret = vmw_genl_put_mm(skb, &walk->target);
		if (ret)
			return ret;
		dump->mm_sent = true;
	}
	if (!dump->threads_sent) {
		ret = put_threads(skb, walk);
		if (ret)
			return ret;
		dump->threads_sent = true;
	}
	if (!dump->walked) {
		ret = put_vmas(skb, dump);
		if (ret)
			return ret;
		dump->walked = true;
	}
	ret = nla_put(skb, VMWALK_WALK_A_END, sizeof(walk->end), &walk->end);
	if (!ret)
		dump->finished = true;
	return ret;
}

static const char *walk_error_text(int err)
{
	switch (err) {
	case -ESRCH:
		return "the process exited, or runs another program by now";
	case -EINTR:
		return "killed while waiting for the target's mmap_lock";
	case -E2BIG:
		return "larger than atomic_max permits: raise it, walk a range, or not atomically";
	case -ENOMEM:
		return "no memory for the answer: walk a range, or not atomically";
	default:
		return NULL;
	}
}

static int walk_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_ctx(cb)->dump;
	void *hdr;
	int ret;

	if (!dump->walk) {
		vmw_genl_set_extack(cb->extack, &dump->why, NULL);
		return dump->why.err;
	}
	if (dump->finished)
		return 0;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &vmw_genl_family,
			  NLM_F_MULTI, VMWALK_CMD_WALK);
	if (!hdr)
		return -EMSGSIZE;

	ret = fill_message(skb, dump);
	if (ret && ret != -EMSGSIZE) {
		genlmsg_cancel(skb, hdr);
		vmw_genl_set_extack(cb->extack,
				    &(struct vmw_refusal){ .text = walk_error_text(ret) }, NULL);
		return ret;
	}

	/* Sets NLM_F_DUMP_INTR once the VMAs have been seen changed. */
	cb->seq = dump->walk->changes + 1;
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return skb->len;
}

static int walk_done(struct netlink_callback *cb)
{
	struct dump *dump = dump_ctx(cb)->dump;

	if (dump->walk)
		vmw_walk_finish(dump->walk);
	vmw_capture_free(&dump->capture);
	kfree(dump);
	return 0;
}

static const struct genl_ops ops[] = {
	{
		.cmd = VMWALK_CMD_INFO,
		.doit = info_doit,
		.policy = no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd = VMWALK_CMD_WALK,
		.start = walk_start,
		.dumpit = walk_dumpit,
		.done = walk_done,
		.policy = walk_policy,
		.maxattr = VMWALK_REQ_A_MAX,
	},
	{
		.cmd = VMWALK_CMD_PTE,
		.doit = vmw_genl_pte_doit,
		.policy = vmw_genl_pte_policy,
		.maxattr = VMWALK_REQ_A_MAX,
	},
	{
		.cmd = VMWALK_CMD_TASKS,
		.start = vmw_genl_tasks_start,
		.dumpit = vmw_genl_tasks_dumpit,
		.done = vmw_genl_tasks_done,
		.policy = no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
};

struct genl_family vmw_genl_family __ro_after_init = {
	.name = VMWALK_GENL_NAME,
	.version = VMWALK_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
};

int __init vmw_netlink_init(void)
{
	return genl_register_family(&vmw_genl_family);
}

void vmw_netlink_uninit(void)
{
	genl_unregister_family(&vmw_genl_family);
}
