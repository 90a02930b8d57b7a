// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs front, for a machine without the CLI:
 *
 *   exec 3<>/sys/kernel/debug/vmwalk/walk
 *   echo "PID [START-END] [extents] [entry] [pages] [phys] [absence]" >&3; cat <&3
 *
 * The request and its walk belong to the open file. The text is for people and
 * may change; programs use netlink.
 */
#include <linux/bitfield.h>
#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "pgwalk.h"
#include "walk.h"

#define EXTENTS_MAX	512

/**
 * struct reader - an open file: its walk and the record that is being shown
 * @lock: keeps a new request out of an answer that is being read
 * @walk: NULL before the first request
 * @sink: holds one record
 * @index: which record of the walk that is, from 0
 * @state: what @sink holds
 * @info: the record's VMA
 * @name: its name, empty if it has none
 * @pages: the sums over its pages
 * @slots: its extents
 */
struct reader {
	struct mutex		lock;	/* of everything below */
	struct vmw_walk		*walk;
	struct vmw_sink		sink;
	loff_t			index;
	enum { NOTHING, RECORD, END, OVER } state;
	struct vmwalk_vma	info;
	char			name[PATH_MAX];
	struct vmwalk_pages	pages;
	u64			slots[EXTENTS_MAX];
};

static const char * const kind_names[VMWALK_KIND_MAX + 1] = {
	[VMWALK_KIND_NONE]	= "none",
	[VMWALK_KIND_ANON]	= "anon",
	[VMWALK_KIND_FILE]	= "file",
	[VMWALK_KIND_SHMEM]	= "shmem",
	[VMWALK_KIND_ZERO]	= "zero",
	[VMWALK_KIND_PFN]	= "pfn",
	[VMWALK_KIND_SWAP]	= "swap",
	[VMWALK_KIND_MIGRATION]	= "migration",
	[VMWALK_KIND_HWPOISON]	= "hwpoison",
	[VMWALK_KIND_DEVICE]	= "device",
	[VMWALK_KIND_MARKER]	= "marker",
	[VMWALK_KIND_BAD]	= "bad",
	[VMWALK_KIND_GUARD]	= "guard",
};

/* A sink of one record: the second does not fit. */
static int reader_begin(struct vmw_sink *sink, const char *name)
{
	struct reader *r = container_of(sink, struct reader, sink);

	if (r->state == RECORD)
		return -EMSGSIZE;
	r->state = RECORD;
	sink->info = &r->info;
	strscpy(r->name, name ?: "", sizeof(r->name));
	vmw_extents_init(&sink->ext, r->slots, sizeof(r->slots));
	return 0;
}

static void reader_end(struct vmw_sink *sink, const struct vmw_sums *sums)
{
	struct reader *r = container_of(sink, struct reader, sink);

	r->info.shmem_swapped = sums->shmem_swapped;
	r->pages = sums->pages;
}

/* Gets the next record. NULL at the end, ERR_PTR on failure. */
static void *advance(struct reader *r)
{
	int ret;

	if (r->state == END || r->state == OVER) {
		r->state = OVER;
		return NULL;
	}
	r->state = NOTHING;
	ret = vmw_walk_next(r->walk, &r->sink);
	if (ret < 0)
		return ERR_PTR(ret);
	if (r->state == NOTHING)
		r->state = END;
	return r;
}

static void *walk_seq_start(struct seq_file *m, loff_t *pos)
{
	struct reader *r = m->private;

	mutex_lock(&r->lock);
	if (!r->walk)
		return ERR_PTR(-EINVAL);
	if (*pos == 0) {
		vmw_walk_rewind(r->walk);
		r->state = NOTHING;
		r->index = 0;
		return advance(r);
	}
	if (*pos != r->index)
		return ERR_PTR(-ESPIPE);
	/* Where next() fails, seq_file ends what it was reading and says nothing. */
	if (r->state == NOTHING)
		return advance(r);
	return r->state == OVER ? NULL : r;
}

static void *walk_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reader *r = m->private;

	r->index = ++*pos;
	return advance(r);
}

static void walk_seq_stop(struct seq_file *m, void *v)
{
	struct reader *r = m->private;

	mutex_unlock(&r->lock);
}

/* An absent page's bits are others. */
static void show_absent(struct seq_file *m, u32 state)
{
	if (state & VMWALK_STATE_CACHED)
		seq_puts(m, " cached");
	if (state & VMWALK_STATE_SWAPPED)
		seq_puts(m, " swapped");
	if (state & VMWALK_STATE_BEYOND_EOF)
		seq_puts(m, " beyond-eof");
	seq_putc(m, '\n');
}

static void show_pages(struct seq_file *m, const struct vmwalk_pages *p)
{
	seq_printf(m, "  pss %llu shared %llu+%llu private %llu+%llu (clean+dirty) bytes\n",
		   p->pss >> VMWALK_PSS_SHIFT, p->shared_clean, p->shared_dirty,
		   p->private_clean, p->private_dirty);
}

/* What F_PAGES found out; what is not there goes without saying. */
static void show_page_state(struct seq_file *m, u32 state)
{
	if (state & VMWALK_STATE_MAPS)
		seq_printf(m, " maps %u", (u32)FIELD_GET(VMWALK_STATE_MAPS, state));
	if (state & VMWALK_STATE_ORDER)
		seq_printf(m, " order %u", (u32)FIELD_GET(VMWALK_STATE_ORDER, state));
	if (state & VMWALK_STATE_KSM)
		seq_puts(m, " ksm");
	if (state & VMWALK_STATE_MLOCKED)
		seq_puts(m, " mlocked");
}

static void show_frame(struct seq_file *m, u32 state, u64 frame)
{
	if (!frame)
		return;
	seq_printf(m, (state & VMWALK_STATE_KIND) == VMWALK_KIND_SWAP ?
		   " swap %u:%llx" : " node %u pfn %llx",
		   VMWALK_FRAME_NODE(frame), VMWALK_FRAME_NUMBER(frame));
}

static void show_extent(struct seq_file *m, u64 from, u64 to, u32 state, u64 frame)
{
	static const struct {
		u32 bit;
		char letter;
	} bits[] = {
		{ VMWALK_STATE_WRITE, 'w' },
		{ VMWALK_STATE_EXEC, 'x' },
		{ VMWALK_STATE_DIRTY, 'd' },
		{ VMWALK_STATE_ACCESSED, 'a' },
		{ VMWALK_STATE_SOFT_DIRTY, 's' },
		{ VMWALK_STATE_UFFD_WP, 'u' },
		{ VMWALK_STATE_PROTNONE, 'n' },
	};
	static const char * const levels[] = { "pte", "pmd", "pud", "?" };
	size_t i;

	seq_printf(m, "  %08llx-%08llx %8llu %-9s %s ", from, to, (to - from) >> PAGE_SHIFT,
		   kind_names[state & VMWALK_STATE_KIND],
		   levels[FIELD_GET(VMWALK_STATE_LEVEL, state)]);
	if ((state & VMWALK_STATE_KIND) == VMWALK_KIND_NONE) {
		seq_puts(m, "-------");
		show_absent(m, state);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(bits); i++)
		seq_putc(m, state & bits[i].bit ? bits[i].letter : '-');
	if (state & VMWALK_STATE_PKEY)
		seq_printf(m, " pkey %u", (u32)FIELD_GET(VMWALK_STATE_PKEY, state));
	if (state & VMWALK_STATE_HUGETLB)
		seq_puts(m, " hugetlb");
	if (state & VMWALK_STATE_SHARED)
		seq_puts(m, " shared");
	show_page_state(m, state);
	show_frame(m, state, frame);
	seq_putc(m, '\n');
}

static void show_record(struct seq_file *m, const struct reader *r)
{
	const struct vmwalk_vma *v = &r->info;
	u64 from = v->from, to;
	const u64 *e;

	if (!(v->flags & VMWALK_VMA_F_CONTINUED)) {
		seq_printf(m, "%08llx-%08llx %c%c%c%c %08llx %02x:%02x %llu ", v->start, v->end,
			   v->flags & VMWALK_VMA_F_READ ? 'r' : '-',
			   v->flags & VMWALK_VMA_F_WRITE ? 'w' : '-',
			   v->flags & VMWALK_VMA_F_EXEC ? 'x' : '-',
			   v->flags & VMWALK_VMA_F_SHARED ? 's' : 'p',
			   v->offset, v->dev_major, v->dev_minor, v->ino);
		seq_escape(m, r->name, "\n\\");
		seq_putc(m, '\n');
	}
	for (e = r->slots; e < r->sink.ext.next; e += r->sink.ext.width, from = to) {
		to = from + ((u64)VMWALK_EXTENT_PAGES(*e) << PAGE_SHIFT);
		show_extent(m, from, to, VMWALK_EXTENT_STATE(*e),
			    r->sink.ext.width > 1 ? e[1] : 0);
	}
	if (r->pages.pss)
		show_pages(m, &r->pages);
	if (v->shmem_swapped)
		seq_printf(m, "  %llu bytes of its object in swap\n", v->shmem_swapped);
}

static void show_end(struct seq_file *m, const struct vmwalk_end *end)
{
	static const char * const words[] = {
		[VMWALK_CONSISTENT]	= "consistent",
		[VMWALK_CHANGED]	= "changed",
		[VMWALK_BEST_EFFORT]	= "best effort",
	};

	seq_printf(m, "# %u vmas, %u tables, %u locks, longest hold %llu ns, %s\n",
		   end->vmas, end->tables, end->locks, end->hold_max_ns,
		   words[end->consistency]);
}

static int walk_seq_show(struct seq_file *m, void *v)
{
	const struct reader *r = v;

	if (r->state == RECORD)
		show_record(m, r);
	else
		show_end(m, &r->walk->end);
	return 0;
}

static const struct seq_operations walk_seq_ops = {
	.start = walk_seq_start,
	.next = walk_seq_next,
	.stop = walk_seq_stop,
	.show = walk_seq_show,
};

static int parse_range(char *word, struct vmw_request *req)
{
	char *dash = strchr(word, '-');

	if (!dash)
		return -EINVAL;
	*dash = '\0';
	if (kstrtoul(word, 16, &req->start) || kstrtoul(dash + 1, 16, &req->end))
		return -EINVAL;
	if (!PAGE_ALIGNED(req->start) || !PAGE_ALIGNED(req->end) || req->start >= req->end)
		return -EINVAL;
	return 0;
}

/* "PID [START-END] [extents] [entry] [pages] [phys] [absence]" */
static u32 flags_of_word(const char *word)
{
	static const struct {
		const char *word;
		u32 flags;
	} words[] = {
		{ "extents", VMWALK_WALK_F_EXTENTS },
		{ "entry", VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ENTRY },
		{ "pages", VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PAGES },
		{ "phys", VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_PHYS },
		{ "absence", VMWALK_WALK_F_EXTENTS | VMWALK_WALK_F_ABSENCE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i].word))
			return words[i].flags;
	return 0;
}

static int parse_text(char *text, struct vmw_request *req)
{
	char *word;
	u32 flags;

	*req = (struct vmw_request){ .end = PAGE_MASK };
	word = strsep(&text, " ");
	if (kstrtoint(word, 10, &req->pid) || req->pid <= 0)
		return -EINVAL;

	while ((word = strsep(&text, " "))) {
		flags = flags_of_word(word);
		req->flags |= flags;
		if (!flags && parse_range(word, req))
			return -EINVAL;
	}
	return 0;
}

/* Who opened the file and who writes: either may be a dupe of the other. */
static bool may(struct file *file, int cap)
{
	return file_ns_capable(file, &init_user_ns, cap) && capable(cap);
}

/* May frames and raw entries be told? */
bool vmw_debugfs_may_raw(struct file *file)
{
	return may(file, CAP_SYS_ADMIN) && !security_locked_down(LOCKDOWN_KCORE);
}

/**
 * vmw_debugfs_request() - what was written, if who wrote it may
 * @file: to which file
 * @ubuf: what
 * @len: how much
 * @text: room for it
 *
 * Return: the words in @text, or ERR_PTR().
 */
char *vmw_debugfs_request(struct file *file, const char __user *ubuf, size_t len,
			  char text[VMW_REQUEST_MAX])
{
	if (!may(file, CAP_SYS_PTRACE))
		return ERR_PTR(-EPERM);
	if (len >= VMW_REQUEST_MAX)
		return ERR_PTR(-EINVAL);
	if (copy_from_user(text, ubuf, len))
		return ERR_PTR(-EFAULT);
	text[len] = '\0';
	return strim(text);
}

static struct vmw_walk *start_walk(struct file *file, const char __user *ubuf, size_t len)
{
	char buf[VMW_REQUEST_MAX], *text;
	struct vmw_request req;
	struct vmw_refusal why;
	struct vmw_walk *walk;

	text = vmw_debugfs_request(file, ubuf, len, buf);
	if (IS_ERR(text))
		return ERR_CAST(text);
	if (parse_text(text, &req))
		return ERR_PTR(-EINVAL);
	if ((req.flags & VMWALK_WALK_F_PHYS) && !vmw_debugfs_may_raw(file))
		return ERR_PTR(-EPERM);

	walk = vmw_walk_start(&req, &why);
	return walk ?: ERR_PTR(why.err);
}

static ssize_t walk_write(struct file *file, const char __user *ubuf, size_t len, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct reader *r = m->private;
	struct vmw_walk *walk;

	atomic64_inc(&vmw_stats.requests);
	walk = start_walk(file, ubuf, len);
	if (IS_ERR(walk)) {
		atomic64_inc(&vmw_stats.refusals);
		return PTR_ERR(walk);
	}

	mutex_lock(&r->lock);
	swap(r->walk, walk);
	r->index = -1;
	mutex_unlock(&r->lock);
	if (walk)
		vmw_walk_finish(walk);
	/* The answer is read from its start. */
	*pos = 0;
	return len;
}

static int walk_open(struct inode *inode, struct file *file)
{
	struct reader *r = kvzalloc(sizeof(*r), GFP_KERNEL);
	int ret;

	if (!r)
		return -ENOMEM;
	mutex_init(&r->lock);
	r->sink.begin = reader_begin;
	r->sink.end = reader_end;

	ret = seq_open(file, &walk_seq_ops);
	if (ret) {
		kvfree(r);
		return ret;
	}
	((struct seq_file *)file->private_data)->private = r;
	return 0;
}

static int walk_release(struct inode *inode, struct file *file)
{
	struct reader *r = ((struct seq_file *)file->private_data)->private;

	if (r->walk)
		vmw_walk_finish(r->walk);
	mutex_destroy(&r->lock);
	kvfree(r);
	return seq_release(inode, file);
}

static const struct file_operations walk_fops = {
	.owner = THIS_MODULE,
	.open = walk_open,
	.read = seq_read,
	.write = walk_write,
	.llseek = seq_lseek,
	.release = walk_release,
};

static int stats_show(struct seq_file *m, void *v)
{
	seq_printf(m, "requests %lld\n", atomic64_read(&vmw_stats.requests));
	seq_printf(m, "refusals %lld\n", atomic64_read(&vmw_stats.refusals));
	seq_printf(m, "tables %lld\n", atomic64_read(&vmw_stats.tables));
	seq_printf(m, "hold_max_ns %lld\n", atomic64_read(&vmw_stats.hold_max_ns));
	seq_printf(m, "hold_max_steps %lld\n", atomic64_read(&vmw_stats.hold_max_steps));
	seq_printf(m, "captured %lld\n", atomic64_read(&vmw_stats.captured));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static struct dentry *dir;

/* Without debugfs there is no such front, and that is all: nothing is checked. */
void __init vmw_debugfs_init(void)
{
	dir = debugfs_create_dir("vmwalk", NULL);
	debugfs_create_file("walk", 0600, dir, NULL, &walk_fops);
	debugfs_create_file("pte", 0600, dir, NULL, &vmw_debugfs_pte_fops);
	debugfs_create_file("stats", 0400, dir, NULL, &stats_fops);
}

void vmw_debugfs_uninit(void)
{
	debugfs_remove(dir);
}
