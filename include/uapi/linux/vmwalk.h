/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmwalk: how Linux maps a process's memory, over generic netlink.
 *
 * The family is VMWALK_GENL_NAME, version VMWALK_GENL_VERSION. Loading it by
 * name works (MODULE_ALIAS_GENL_FAMILY). The same interface as a netlink spec:
 * include/vmwalk.yaml.
 *
 * Conventions
 * ===========
 *
 * - Addresses and lengths are bytes; ranges are half-open, [start, end).
 * - A "page" is the base page, 1 << VMWALK_INFO_A_PAGE_SHIFT bytes, whatever
 *   the size of the leaf that maps it.
 * - Integers are in host byte order: the peer is always this machine.
 * - A struct below only ever grows at its end. A reader copies as much as both
 *   sides know and takes the rest as zero; it ignores attributes that it does
 *   not know. The kernel refuses attributes and flags that it does not know.
 * - Every refusal carries an extack text and, where one attribute is at fault,
 *   its offset; but a kernel that lets a dump explain itself in NLMSG_DONE only
 *   has room for the text there.
 *
 * VMWALK_CMD_INFO
 * ---------------
 *
 * NLM_F_REQUEST, no attributes, open to everybody. The reply holds
 * VMWALK_INFO_A_*. It never fails but for want of memory (-ENOMEM).
 *
 * VMWALK_CMD_WALK
 * ---------------
 *
 * NLM_F_REQUEST | NLM_F_DUMP. The caller needs CAP_SYS_PTRACE in the initial
 * user namespace, checked once, when the request arrives. Attributes:
 *
 *    VMWALK_REQ_A_PID: u32, required, in the caller's pid namespace; a thread's
 *                      id serves as well as its leader's
 *    VMWALK_REQ_A_START: u64, first address, page-aligned; default 0
 *    VMWALK_REQ_A_END: u64, first address past the range, page-aligned and
 *                      above START; default: the top of the address space
 *    VMWALK_REQ_A_FLAGS: u32, enum vmwalk_walk_flag; default 0
 *    VMWALK_REQ_A_START_TIME: u64, optional guard against a reused pid: the
 *                      walk is refused unless it equals vmwalk_mm.start_time
 *                      in whole clock ticks (field 22 of /proc/PID/stat)
 *
 * The answer is one stream of records, cut into messages wherever one is full.
 * A message is a flat list of these attributes, in this order over the whole
 * stream:
 *
 *    VMWALK_WALK_A_MM: nested, once, first
 *        VMWALK_MM_A_INFO: struct vmwalk_mm
 *        VMWALK_MM_A_COMM: string, the task's name, at most 15 bytes
 *    VMWALK_WALK_A_VMA: nested, any number, by ascending address
 *        VMWALK_VMA_A_INFO: struct vmwalk_vma
 *        VMWALK_VMA_A_NAME: string as /proc/PID/maps prints it, but raw (no
 *                      octal escapes); absent if the VMA has none
 *        VMWALK_VMA_A_EXTENTS: array of u64 extents, see VMWALK_EXTENT_*;
 *                      only with VMWALK_WALK_F_EXTENTS
 *    VMWALK_WALK_A_END: struct vmwalk_end, once, last
 *
 * A VMA whose extents do not fit, or during whose walk the lock was let go,
 * goes on in a further VMWALK_WALK_A_VMA with VMWALK_VMA_F_CONTINUED set, the
 * same VMWALK_VMA_A_INFO but for vmwalk_vma.from and shmem_swapped, and no name.
 * The reader coalesces them. The extents of one VMA tile it from vmwalk_vma.from on: each
 * starts where the one before it ended. Neighbours of equal state may appear
 * at such seams; the reader merges them.
 *
 * The VMA at the vsyscall address is not the process's own and comes last,
 * with VMWALK_VMA_F_GATE.
 *
 * A stream without VMWALK_WALK_A_END is incomplete: NLMSG_DONE then carries
 * the error. Errors, at the start or there:
 *
 *    -EINVAL   a malformed attribute or range, a reserved flag, or a task
 *              without an address space of its own (a kernel thread)
 *    -ERANGE   pid 0
 *    -EPERM    no CAP_SYS_PTRACE in the initial user namespace
 *    -ESRCH    no such process, it has exited (zombies too), or the pid is
 *              another process's by now; during the stream: the address space
 *              went away (exit or exec)
 *    -EINTR    the reader was killed while waiting for the target's mmap_lock,
 *              or for the end of its exec()
 *    -EBUSY    a dump is under way on this socket already
 *    -ENOMEM   no memory for the request's state or a message
 */
#ifndef _UAPI_LINUX_VMWALK_H
#define _UAPI_LINUX_VMWALK_H

#include <linux/types.h>

#define VMWALK_GENL_NAME	"vmwalk"
#define VMWALK_GENL_VERSION	1

/* Counts additions to the interface within VMWALK_GENL_VERSION. */
#define VMWALK_ABI_REVISION	1

enum vmwalk_cmd {
	VMWALK_CMD_UNSPEC,
	VMWALK_CMD_INFO,
	VMWALK_CMD_WALK,
	__VMWALK_CMD_MAX
};

#define VMWALK_CMD_MAX (__VMWALK_CMD_MAX - 1)

/**
 * enum vmwalk_info_attr - reply to VMWALK_CMD_INFO
 * @VMWALK_INFO_A_UNSPEC: unused
 * @VMWALK_INFO_A_ABI: u32, VMWALK_ABI_REVISION of the module
 * @VMWALK_INFO_A_VERSION: string, the module's own version
 * @VMWALK_INFO_A_ARCH: string, as uname -m names it
 * @VMWALK_INFO_A_PAGE_SHIFT: u32, log2 of the base page's bytes
 * @VMWALK_INFO_A_LEVEL: struct vmwalk_level, once per level of the page tables
 *                       in use (levels folded away are left out), top first
 * @VMWALK_INFO_A_HUGEPAGE: u64, bytes, once per size a leaf above the PTE
 *                       level can have, ascending
 * @VMWALK_INFO_A_CAN: u32, enum vmwalk_can, what this kernel can tell
 * @VMWALK_INFO_A_WALK_FLAGS: u32, the enum vmwalk_walk_flag bits accepted
 * @VMWALK_INFO_A_CHUNK: u32, page tables or VMAs visited at most under one
 *                       hold of the target's mmap_lock
 * @VMWALK_INFO_A_MESSAGE_MAX: u32, bytes, the largest message of a dump: a
 *                       receive buffer of this size never truncates
 * @VMWALK_INFO_A_PAD: padding
 */
enum vmwalk_info_attr {
	VMWALK_INFO_A_UNSPEC,
	VMWALK_INFO_A_ABI,
	VMWALK_INFO_A_VERSION,
	VMWALK_INFO_A_ARCH,
	VMWALK_INFO_A_PAGE_SHIFT,
	VMWALK_INFO_A_LEVEL,
	VMWALK_INFO_A_HUGEPAGE,
	VMWALK_INFO_A_CAN,
	VMWALK_INFO_A_WALK_FLAGS,
	VMWALK_INFO_A_CHUNK,
	VMWALK_INFO_A_MESSAGE_MAX,
	VMWALK_INFO_A_PAD,
	/* private: */
	__VMWALK_INFO_A_MAX
};

#define VMWALK_INFO_A_MAX (__VMWALK_INFO_A_MAX - 1)

/**
 * struct vmwalk_level - one level of the page tables
 * @name: "pgd", "p4d", "pud", "pmd" or "pte", NUL-padded
 * @shift: log2 of the bytes that one entry spans
 * @entries: entries in one table
 */
struct vmwalk_level {
	char	name[8];
	__u32	shift;
	__u32	entries;
};

/**
 * enum vmwalk_can - what the running kernel lets the module tell
 * @VMWALK_CAN_CONSISTENCY: every change of the VMAs during a walk is noticed
 *                       (the kernel keeps a sequence); without it only some
 *                       are, and a quiet walk is VMWALK_BEST_EFFORT
 * @VMWALK_CAN_ANON_NAME: names given by PR_SET_VMA_ANON_NAME
 */
enum vmwalk_can {
	VMWALK_CAN_CONSISTENCY	= 1U << 0,
	VMWALK_CAN_ANON_NAME	= 1U << 1,
};

/* Attributes of a VMWALK_CMD_WALK request: see above. */
enum vmwalk_req_attr {
	VMWALK_REQ_A_UNSPEC,
	VMWALK_REQ_A_PID,
	VMWALK_REQ_A_START,
	VMWALK_REQ_A_END,
	VMWALK_REQ_A_FLAGS,
	VMWALK_REQ_A_START_TIME,
	VMWALK_REQ_A_PAD,
	__VMWALK_REQ_A_MAX
};

#define VMWALK_REQ_A_MAX (__VMWALK_REQ_A_MAX - 1)

/**
 * enum vmwalk_walk_flag - what a walk reports beyond MM, VMA and END
 * @VMWALK_WALK_F_EXTENTS: the page tables: extents by kind and leaf level
 * @VMWALK_WALK_F_ENTRY: tell extents apart by what their entries permit and
 *                       record as well: VMWALK_STATE_WRITE, EXEC, DIRTY and
 *                       ACCESSED. Needs F_EXTENTS
 */
enum vmwalk_walk_flag {
	VMWALK_WALK_F_EXTENTS	= 1U << 0,
	VMWALK_WALK_F_ENTRY	= 1U << 1,
};

/* Top-level attributes of the answer to VMWALK_CMD_WALK: see above. */
enum vmwalk_walk_attr {
	VMWALK_WALK_A_UNSPEC,
	VMWALK_WALK_A_MM,
	VMWALK_WALK_A_VMA,
	VMWALK_WALK_A_END,
	__VMWALK_WALK_A_MAX
};

#define VMWALK_WALK_A_MAX (__VMWALK_WALK_A_MAX - 1)

enum vmwalk_mm_attr {
	VMWALK_MM_A_UNSPEC,
	VMWALK_MM_A_INFO,
	VMWALK_MM_A_COMM,
	__VMWALK_MM_A_MAX
};

#define VMWALK_MM_A_MAX (__VMWALK_MM_A_MAX - 1)

enum vmwalk_vma_attr {
	VMWALK_VMA_A_UNSPEC,
	VMWALK_VMA_A_INFO,
	VMWALK_VMA_A_NAME,
	VMWALK_VMA_A_EXTENTS,
	__VMWALK_VMA_A_MAX
};

#define VMWALK_VMA_A_MAX (__VMWALK_VMA_A_MAX - 1)

/**
 * enum vmwalk_mm_flag - properties of an address space
 * @VMWALK_MM_F_VSYSCALL: 64-bit x86, to which the vsyscall page belongs if the
 *                       kernel has one
 * @VMWALK_MM_F_COMPAT: a 32-bit address space
 */
enum vmwalk_mm_flag {
	VMWALK_MM_F_VSYSCALL	= 1U << 0,
	VMWALK_MM_F_COMPAT	= 1U << 1,
};

/**
 * struct vmwalk_mm - the address space as a whole (struct mm_struct)
 *
 * Read in one go before the walk, without stopping the target: the counters
 * are the kernel's own, as /proc/PID/status has them.
 *
 * @pid: the process (thread group), in the caller's pid namespace
 * @flags: enum vmwalk_mm_flag
 * @start_time: nanoseconds from boot (CLOCK_BOOTTIME) to the start of the
 *              thread group's leader
 * @start_code: landmarks, addresses; 0 where the binary format has none
 * @end_code: as above
 * @start_data: as above
 * @end_data: as above
 * @start_brk: where the brk heap starts
 * @brk: where it ends now; not page-aligned
 * @start_stack: the initial stack pointer's neighbourhood: top of the argument
 *              block's lower end, as in field 28 of /proc/PID/stat
 * @arg_start: argument strings
 * @arg_end: as above
 * @env_start: environment strings
 * @env_end: as above
 * @mmap_base: where the search for a free range starts
 * @task_size: first address past what the process can map
 * @mapped: bytes of all VMAs (mm->total_vm)
 * @rss_file: bytes resident, by the kernel's counters (MM_FILEPAGES)
 * @rss_anon: as above (MM_ANONPAGES)
 * @rss_shmem: as above (MM_SHMEMPAGES)
 * @swap: bytes of swap entries (MM_SWAPENTS)
 * @page_tables: bytes of page tables of all levels
 * @vmas: number of VMAs (mm->map_count)
 * @reserved: 0
 */
struct vmwalk_mm {
	__u32	pid;
	__u32	flags;
	__u64	start_time;
	__u64	start_code;
	__u64	end_code;
	__u64	start_data;
	__u64	end_data;
	__u64	start_brk;
	__u64	brk;
	__u64	start_stack;
	__u64	arg_start;
	__u64	arg_end;
	__u64	env_start;
	__u64	env_end;
	__u64	mmap_base;
	__u64	task_size;
	__u64	mapped;
	__u64	rss_file;
	__u64	rss_anon;
	__u64	rss_shmem;
	__u64	swap;
	__u64	page_tables;
	__u32	vmas;
	__u32	reserved;
};

/**
 * enum vmwalk_vma_flag - properties of a VMA; VM_* bits move between kernel
 * versions, these do not
 * @VMWALK_VMA_F_READ: VM_READ
 * @VMWALK_VMA_F_WRITE: VM_WRITE
 * @VMWALK_VMA_F_EXEC: VM_EXEC
 * @VMWALK_VMA_F_SHARED: VM_MAYSHARE, the "s" of /proc/PID/maps
 * @VMWALK_VMA_F_GROWSDOWN: VM_GROWSDOWN
 * @VMWALK_VMA_F_PFNMAP: VM_PFNMAP, pages without struct page
 * @VMWALK_VMA_F_MIXEDMAP: VM_MIXEDMAP, with or without struct page
 * @VMWALK_VMA_F_IO: VM_IO
 * @VMWALK_VMA_F_HUGETLB: VM_HUGETLB
 * @VMWALK_VMA_F_LOCKED: VM_LOCKED
 * @VMWALK_VMA_F_DONTCOPY: VM_DONTCOPY, not inherited by fork
 * @VMWALK_VMA_F_DONTDUMP: VM_DONTDUMP
 * @VMWALK_VMA_F_NORESERVE: VM_NORESERVE
 * @VMWALK_VMA_F_HUGEPAGE: madvise(MADV_HUGEPAGE)
 * @VMWALK_VMA_F_NOHUGEPAGE: madvise(MADV_NOHUGEPAGE)
 * @VMWALK_VMA_F_ANON: no vm_ops: anonymous memory
 * @VMWALK_VMA_F_FILE: backed by a file, dev and ino say which
 * @VMWALK_VMA_F_SHMEM: backed by shmem: memfd, SysV, shared anonymous, tmpfs
 * @VMWALK_VMA_F_SPECIAL: a mapping the kernel named itself (vdso, vvar)
 * @VMWALK_VMA_F_GATE: not in the process's VMA list: the vsyscall page. READ,
 *                       WRITE and EXEC are not known and left clear
 * @VMWALK_VMA_F_CONTINUED: goes on with the VMA of the record before
 * @VMWALK_VMA_F_NAME_LOST: it has a name, longer than PATH_MAX
 */
enum vmwalk_vma_flag {
	VMWALK_VMA_F_READ	= 1U << 0,
	VMWALK_VMA_F_WRITE	= 1U << 1,
	VMWALK_VMA_F_EXEC	= 1U << 2,
	VMWALK_VMA_F_SHARED	= 1U << 3,
	VMWALK_VMA_F_GROWSDOWN	= 1U << 4,
	VMWALK_VMA_F_PFNMAP	= 1U << 5,
	VMWALK_VMA_F_MIXEDMAP	= 1U << 6,
	VMWALK_VMA_F_IO		= 1U << 7,
	VMWALK_VMA_F_HUGETLB	= 1U << 8,
	VMWALK_VMA_F_LOCKED	= 1U << 9,
	VMWALK_VMA_F_DONTCOPY	= 1U << 10,
	VMWALK_VMA_F_DONTDUMP	= 1U << 11,
	VMWALK_VMA_F_NORESERVE	= 1U << 12,
	VMWALK_VMA_F_HUGEPAGE	= 1U << 13,
	VMWALK_VMA_F_NOHUGEPAGE	= 1U << 14,
	VMWALK_VMA_F_ANON	= 1U << 15,
	VMWALK_VMA_F_FILE	= 1U << 16,
	VMWALK_VMA_F_SHMEM	= 1U << 17,
	VMWALK_VMA_F_SPECIAL	= 1U << 18,
	VMWALK_VMA_F_GATE	= 1U << 19,
	VMWALK_VMA_F_CONTINUED	= 1U << 20,
	VMWALK_VMA_F_NAME_LOST	= 1U << 21,
};

/**
 * struct vmwalk_vma - one virtual memory area (struct vm_area_struct)
 * @start: first address
 * @end: first address past it
 * @from: address of this record's first extent; @start in the first record of
 *        a VMA unless the request's range cuts it
 * @offset: bytes into the file of @start; 0 without a file
 * @ino: inode number of the file; 0 without a file
 * @dev_major: device of the file; 0 without a file
 * @dev_minor: as above
 * @flags: enum vmwalk_vma_flag
 * @page_shift: log2 of the bytes one leaf has in this VMA: larger than the
 *              base page in hugetlb only
 * @shmem_swapped: bytes of a shmem object that are in swap where this record's
 *              extents are VMWALK_KIND_NONE: a swapped shmem page leaves no
 *              entry. smaps counts them as "Swap". Continuations add up
 */
struct vmwalk_vma {
	__u64	start;
	__u64	end;
	__u64	from;
	__u64	offset;
	__u64	ino;
	__u32	dev_major;
	__u32	dev_minor;
	__u32	flags;
	__u32	page_shift;
	__u64	shmem_swapped;
};

/*
 * An extent: a run of pages of one state. Length in pages in the low half,
 * never 0; state in the high half. A longer run comes in several extents.
 */
#define VMWALK_EXTENT_PAGES_MAX	0xffffffffU
#define VMWALK_EXTENT(pages, state)	((__u64)(state) << 32 | (pages))
#define VMWALK_EXTENT_PAGES(extent)	((__u32)(extent))
#define VMWALK_EXTENT_STATE(extent)	((__u32)((extent) >> 32))

/**
 * enum vmwalk_kind - what the page-table entry holds
 * @VMWALK_KIND_NONE: nothing: never touched, or dropped
 * @VMWALK_KIND_ANON: present, an anonymous page (counted in RSS, but for
 *                    hugetlb)
 * @VMWALK_KIND_FILE: present, a page of the mapping's own object: page cache,
 *                    or the kernel's page behind [vdso] (counted in RSS)
 * @VMWALK_KIND_SHMEM: present, a page of a shmem object (counted in RSS)
 * @VMWALK_KIND_ZERO: present, the zero page or the huge zero page (not counted)
 * @VMWALK_KIND_PFN: present, a raw page frame (not counted): device memory,
 *                    [vvar], the vsyscall page
 * @VMWALK_KIND_SWAP: not present, in swap
 * @VMWALK_KIND_MIGRATION: not present, its page is moving to another frame
 * @VMWALK_KIND_HWPOISON: not present, memory failure: an access gets SIGBUS
 * @VMWALK_KIND_DEVICE: not present, its page is in a device's memory or held
 *                    by a device
 * @VMWALK_KIND_MARKER: not present, a marker without a page (userfaultfd, guard)
 * @VMWALK_KIND_BAD: an entry that the kernel would call bad; left as it is
 */
enum vmwalk_kind {
	VMWALK_KIND_NONE,
	VMWALK_KIND_ANON,
	VMWALK_KIND_FILE,
	VMWALK_KIND_SHMEM,
	VMWALK_KIND_ZERO,
	VMWALK_KIND_PFN,
	VMWALK_KIND_SWAP,
	VMWALK_KIND_MIGRATION,
	VMWALK_KIND_HWPOISON,
	VMWALK_KIND_DEVICE,
	VMWALK_KIND_MARKER,
	VMWALK_KIND_BAD,
	/* private: */
	__VMWALK_KIND_MAX
};

#define VMWALK_KIND_MAX (__VMWALK_KIND_MAX - 1)

/**
 * enum vmwalk_state - the state of a page, in an extent's high half
 * @VMWALK_STATE_KIND: mask, enum vmwalk_kind
 * @VMWALK_STATE_LEVEL: mask, the level of the leaf above the PTE level (0 PTE,
 *                      1 PMD, 2 PUD), see VMWALK_STATE_LEVEL_SHIFT; 0 for
 *                      VMWALK_KIND_NONE
 * @VMWALK_STATE_HUGETLB: a hugetlb leaf
 * @VMWALK_STATE_SHARED: hugetlb leaves only: mapped by others as well
 * @VMWALK_STATE_WRITE: the entry permits writing (F_ENTRY; present kinds)
 * @VMWALK_STATE_EXEC: the entry permits execution (F_ENTRY; present kinds)
 * @VMWALK_STATE_DIRTY: written through this entry since it was last cleaned
 *                      (F_ENTRY; present kinds)
 * @VMWALK_STATE_ACCESSED: used through this entry since it was last aged
 *                      (F_ENTRY; present kinds)
 */
enum vmwalk_state {
	VMWALK_STATE_KIND	= 0xfU,
	VMWALK_STATE_LEVEL	= 0x30U,
	VMWALK_STATE_HUGETLB	= 1U << 6,
	VMWALK_STATE_SHARED	= 1U << 7,
	VMWALK_STATE_WRITE	= 1U << 8,
	VMWALK_STATE_EXEC	= 1U << 9,
	VMWALK_STATE_DIRTY	= 1U << 10,
	VMWALK_STATE_ACCESSED	= 1U << 11,
};

#define VMWALK_STATE_LEVEL_SHIFT	4

/**
 * enum vmwalk_consistency - how far the records of a walk go together
 * @VMWALK_CONSISTENT: the VMAs did not change from first to last
 * @VMWALK_CHANGED: they did: take the answer again, or as what it is
 * @VMWALK_BEST_EFFORT: no change was seen, and this kernel cannot promise
 *                      that there was none (see VMWALK_CAN_CONSISTENCY)
 */
enum vmwalk_consistency {
	VMWALK_CONSISTENT,
	VMWALK_CHANGED,
	VMWALK_BEST_EFFORT,
};

/**
 * struct vmwalk_end - the end stamp of a walk
 * @walk_ns: nanoseconds spent walking, waits for the lock and for the reader
 *           not counted
 * @hold_max_ns: nanoseconds, longest hold of the target's mmap_lock
 * @locks: times the lock was taken
 * @consistency: enum vmwalk_consistency
 * @vmas: VMA records sent, continuations not counted
 * @tables: lowest-level page tables read
 */
struct vmwalk_end {
	__u64	walk_ns;
	__u64	hold_max_ns;
	__u32	locks;
	__u32	consistency;
	__u32	vmas;
	__u32	tables;
};

#endif /* _UAPI_LINUX_VMWALK_H */
