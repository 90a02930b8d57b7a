// SPDX-License-Identifier: GPL-2.0
/*
 * The text front's file for one address:
 *
 *   exec 3<>/sys/kernel/debug/vmwalk/pte
 *   echo "PID ADDR" >&3; cat <&3
 *
 * The answer belongs to the open file. The text is for people and may change;
 * programs use netlink.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "debugfs.h"
#include "pte.h"

/**
 * struct pte_reader - an open file
 * @lock: keeps a new request out of an answer that is being read
 * @pte: the answer, NULL before the first request
 */
struct pte_reader {
	struct mutex	lock;	/* of @pte */
	struct vmw_pte	*pte;
};

static void show_entry(struct seq_file *m, const struct vmwalk_entry *e)
{
	struct vmwalk_level level = vmw_level(e->level);

	seq_printf(m, "%s %3u at %08llx: %016llx", level.name, e->index, e->phys, e->value);
	if (e->flags & VMWALK_ENTRY_F_AGAIN)
		seq_printf(m, " again %016llx", e->again);
	if (e->flags & VMWALK_ENTRY_F_LEAF)
		seq_puts(m, " leaf");
	else if (e->flags & VMWALK_ENTRY_F_BAD)
		seq_puts(m, " bad");
	else if (!(e->flags & VMWALK_ENTRY_F_PRESENT))
		seq_puts(m, e->value ? " not present" : " none");
	seq_putc(m, '\n');
}

static void show_page(struct seq_file *m, const struct vmwalk_page *page)
{
	seq_printf(m, "pfn %llx node %u order %u flags %llx of %llx refs %d maps %d",
		   page->pfn, page->node, page->order, page->flags, page->known,
		   page->refcount, page->mapcount);
	seq_printf(m, " dev %02x:%02x ino %llu index %llx\n",
		   page->dev_major, page->dev_minor, page->ino, page->index);
}

static int show_pte(struct seq_file *m, void *v)
{
	struct pte_reader *r = m->private;
	const struct vmwalk_entry *e;
	u32 level = VMW_LEVELS;
	int ret = 0;

	mutex_lock(&r->lock);
	if (!r->pte) {
		ret = -EINVAL;
	} else if (!r->pte->has_vma) {
		seq_puts(m, "no VMA\n");
	} else {
		seq_printf(m, "%08llx-%08llx ", r->pte->vma.start, r->pte->vma.end);
		seq_escape(m, r->pte->name, "\n\\");
		seq_printf(m, "\ntop at %08llx\n", vmw_pte_top(r->pte));
		while (level-- > 0) {
			e = vmw_pte_entry(r->pte, level);
			if (e)
				show_entry(m, e);
		}
		if (r->pte->trace.has_page)
			show_page(m, &r->pte->trace.page);
	}
	mutex_unlock(&r->lock);
	return ret;
}

/* "PID ADDR" */
static int parse_text(char *text, struct vmw_request *req)
{
	char *word = strsep(&text, " ");

	*req = (struct vmw_request){ 0 };
	if (kstrtoint(word, 10, &req->pid) || req->pid <= 0)
		return -EINVAL;
	return text && !kstrtoul(text, 16, &req->start) ? 0 : -EINVAL;
}

static struct vmw_pte *get_pte(struct file *file, const char __user *ubuf, size_t len)
{
	char buf[VMW_REQUEST_MAX], *text;
	struct vmw_request req;
	struct vmw_refusal why;
	struct vmw_pte *pte;

	text = vmw_debugfs_request(file, ubuf, len, buf);
	if (IS_ERR(text))
		return ERR_CAST(text);
	if (!vmw_debugfs_may_raw(file))
		return ERR_PTR(-EPERM);
	if (parse_text(text, &req))
		return ERR_PTR(-EINVAL);
	pte = vmw_pte_get(&req, &why);
	return pte ?: ERR_PTR(why.err);
}

static ssize_t write_pte(struct file *file, const char __user *ubuf, size_t len, loff_t *pos)
{
	struct pte_reader *r = ((struct seq_file *)file->private_data)->private;
	struct vmw_pte *pte;

	atomic64_inc(&vmw_stats.requests);
	pte = get_pte(file, ubuf, len);
	if (IS_ERR(pte)) {
		atomic64_inc(&vmw_stats.refusals);
		return PTR_ERR(pte);
	}

	mutex_lock(&r->lock);
	swap(r->pte, pte);
	mutex_unlock(&r->lock);
	if (pte)
		vmw_pte_put(pte);
	/* The answer is read from its start. */
	*pos = 0;
	return len;
}

static int open_pte(struct inode *inode, struct file *file)
{
	struct pte_reader *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int ret;

	if (!r)
		return -ENOMEM;
	mutex_init(&r->lock);
	ret = single_open(file, show_pte, r);
	if (ret)
		kfree(r);
	return ret;
}

static int release_pte(struct inode *inode, struct file *file)
{
	struct pte_reader *r = ((struct seq_file *)file->private_data)->private;

	if (r->pte)
		vmw_pte_put(r->pte);
	mutex_destroy(&r->lock);
	kfree(r);
	return single_release(inode, file);
}

const struct file_operations vmw_debugfs_pte_fops = {
	.owner = THIS_MODULE,
	.open = open_pte,
	.read = seq_read,
	.write = write_pte,
	.llseek = seq_lseek,
	.release = release_pte,
};
