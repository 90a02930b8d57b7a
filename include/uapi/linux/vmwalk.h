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
 * user namespace, and CAP_SYS_ADMIN there for VMWALK_WALK_F_PHYS; checked once,
 * when the request arrives. Attributes:
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
 *    VMWALK_WALK_A_THREAD: nested, one per thread, the oldest first; only
 *                      with VMWALK_WALK_F_THREADS
 *        VMWALK_THREAD_A_INFO: struct vmwalk_thread
 *        VMWALK_THREAD_A_COMM: string, the thread's name, at most 15 bytes
 *    VMWALK_WALK_A_VMA: nested, any number, by ascending address
 *        VMWALK_VMA_A_INFO: struct vmwalk_vma
 *        VMWALK_VMA_A_NAME: string as /proc/PID/maps prints it, but raw (no
 *                      octal escapes); absent if the VMA has none
 *        VMWALK_VMA_A_EXTENTS: array of u64 extents, see VMWALK_EXTENT_*;
 *                      only with VMWALK_WALK_F_EXTENTS. With
 *                      VMWALK_WALK_F_PHYS an array of pairs of u64, an extent
 *                      and its frame, see VMWALK_FRAME_*
 *        VMWALK_VMA_A_PAGES: struct vmwalk_pages, of this record's extents;
 *                      only with VMWALK_WALK_F_PAGES
 *        VMWALK_VMA_A_TABLES: struct vmwalk_tables, of the tables this record
 *                      is the first to meet; only with VMWALK_WALK_F_TABLES
 *    VMWALK_WALK_A_END: struct vmwalk_end, once, last
 *
 * A VMA whose extents do not fit, or during whose walk the lock was let go,
 * goes on in a further VMWALK_WALK_A_VMA with VMWALK_VMA_F_CONTINUED set, the
 * same VMWALK_VMA_A_INFO but for vmwalk_vma.from and shmem_swapped, and no name.
 * The reader coalesces them and adds up VMWALK_VMA_A_PAGES and _TABLES. The
 * extents of one VMA tile it from vmwalk_vma.from on: each starts where the one
 * before it ended. Neighbours of equal state may appear at such seams; the
 * reader merges them.
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
 *    -EPERM    no CAP_SYS_PTRACE in the initial user namespace; for frames and
 *              raw entries, no CAP_SYS_ADMIN, or the kernel is locked down
 *    -ESRCH    no such process, it has exited (zombies too), or the pid is
 *              another process's by now; during the stream: the address space
 *              went away (exit or exec)
 *    -EINTR    the reader was killed while waiting for the target's mmap_lock,
 *              or for the end of its exec()
 *    -EBUSY    a dump is under way on this socket already
 *    -ENOMEM   no memory for the request's state or a message
 *    -E2BIG    VMWALK_WALK_F_ATOMIC, and the answer is larger than
 *              VMWALK_INFO_A_ATOMIC_MAX
 *
 * VMWALK_CMD_PTE
 * --------------
 *
 * NLM_F_REQUEST. The way of one address through the page tables. The caller
 * needs CAP_SYS_PTRACE and CAP_SYS_ADMIN in the initial user namespace.
 * Attributes: VMWALK_REQ_A_PID and VMWALK_REQ_A_START, required, the address
 * need not be aligned; VMWALK_REQ_A_START_TIME. The reply holds
 *
 *    VMWALK_PTE_A_MM: as VMWALK_WALK_A_MM
 *    VMWALK_PTE_A_VMA: as VMWALK_WALK_A_VMA, without extents; absent if the
 *                      address is in none, and then there is nothing more
 *    VMWALK_PTE_A_TOP: u64, physical address of the top-level table
 *    VMWALK_PTE_A_ENTRY: struct vmwalk_entry, once per level, top first; the
 *                      last is the leaf, or where the walk stops
 *    VMWALK_PTE_A_EXTENT: u64, an extent of one page: what the last is
 *    VMWALK_PTE_A_FRAME: u64, its frame, see VMWALK_FRAME_*
 *    VMWALK_PTE_A_PAGE: struct vmwalk_page, if there is one
 *
 * Errors as those of a walk, in NLMSG_ERROR.
 *
 * VMWALK_CMD_TASKS
 * ----------------
 *
 * NLM_F_REQUEST | NLM_F_DUMP, no attributes. Every process of the caller's pid
 * namespace, kernel threads and zombies too, from counters alone: no page table
 * is read, and no lock of an address space taken. The caller needs CAP_SYS_PTRACE
 * in the initial user namespace: what /proc/PID/status shows to everybody, a
 * mount with hidepid= does not, and netlink has no mount to go by. A message is a
 * flat list of
 *
 *    VMWALK_TASKS_A_TASK: struct vmwalk_task, once per process, by ascending pid
 *
 * A process that lives throughout is met, and met once; of one that starts or
 * ends meanwhile, either may be. The processes are not of one moment, nor are the
 * counters of one process.
 *
 * Errors: -EPERM as above, -EINVAL for any attribute, -EBUSY, -ENOMEM, and -EINTR
 * if the reader was killed.
 */
#ifndef _UAPI_LINUX_VMWALK_H
#define _UAPI_LINUX_VMWALK_H

#include <linux/types.h>

#define VMWALK_GENL_NAME	"vmwalk"
#define VMWALK_GENL_VERSION	1

/* Counts additions to the interface within VMWALK_GENL_VERSION. */
#define VMWALK_ABI_REVISION	4

enum vmwalk_cmd {
	VMWALK_CMD_UNSPEC,
	VMWALK_CMD_INFO,
	VMWALK_CMD_WALK,
	VMWALK_CMD_PTE,
	VMWALK_CMD_TASKS,
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
 * @VMWALK_INFO_A_CHUNK: u32, steps at most under one hold of the target's
 *                       mmap_lock, see vmwalk_end.hold_max_steps
 * @VMWALK_INFO_A_MESSAGE_MAX: u32, bytes, the largest message of a dump: a
 *                       receive buffer of this size never truncates
 * @VMWALK_INFO_A_PAD: padding
 * @VMWALK_INFO_A_ENTRY_BIT: struct vmwalk_entry_bit, once per named bit of an
 *                       entry, ascending
 * @VMWALK_INFO_A_ATOMIC_MAX: u64, bytes of records, the most that a walk with
 *                       VMWALK_WALK_F_ATOMIC holds
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
	VMWALK_INFO_A_ENTRY_BIT,
	VMWALK_INFO_A_ATOMIC_MAX,
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
 * struct vmwalk_entry_bit - a bit of a page-table entry, or the lowest of several
 * @name: the running kernel's own name for it ("_PAGE_RW"), NUL-padded
 * @shift: its number
 * @width: how many bits
 * @levels: mask, at which levels it means this: 1 << vmwalk_entry.level
 * @leaf: 1: in leaves only, 2: in entries that point to a table only, 3: in both;
 *        4: in leaves that are VMWALK_STATE_PROTNONE only, and any other meaning
 *        of the bit is void there
 */
struct vmwalk_entry_bit {
	char	name[24];
	__u8	shift;
	__u8	width;
	__u8	levels;
	__u8	leaf;
};

/**
 * enum vmwalk_can - what the running kernel lets the module tell
 * @VMWALK_CAN_CONSISTENCY: every change of the VMAs during a walk is noticed
 *                       (the kernel keeps a sequence); without it only some
 *                       are, and a quiet walk is VMWALK_BEST_EFFORT
 * @VMWALK_CAN_ANON_NAME: names given by PR_SET_VMA_ANON_NAME
 * @VMWALK_CAN_SOFT_DIRTY: VMWALK_STATE_SOFT_DIRTY
 * @VMWALK_CAN_UFFD_WP: VMWALK_STATE_UFFD_WP
 * @VMWALK_CAN_PKEY: VMWALK_STATE_PKEY
 * @VMWALK_CAN_MAPS: exact numbers of mappings; without it VMWALK_STATE_MAPS
 *                       is 1 or 2, for one and for more
 */
enum vmwalk_can {
	VMWALK_CAN_CONSISTENCY	= 1U << 0,
	VMWALK_CAN_ANON_NAME	= 1U << 1,
	VMWALK_CAN_SOFT_DIRTY	= 1U << 2,
	VMWALK_CAN_UFFD_WP	= 1U << 3,
	VMWALK_CAN_PKEY		= 1U << 4,
	VMWALK_CAN_MAPS		= 1U << 5,
};

/* Attributes of a VMWALK_CMD_WALK or VMWALK_CMD_PTE request: see above. */
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
 *                       record as well: VMWALK_STATE_WRITE, EXEC, DIRTY,
 *                       ACCESSED, SOFT_DIRTY, UFFD_WP, PROTNONE and PKEY.
 *                       Needs F_EXTENTS
 * @VMWALK_WALK_F_PAGES: look at the pages as well: VMWALK_STATE_SHARED, KSM,
 *                       MLOCKED, ORDER and MAPS, and struct vmwalk_pages.
 *                       Needs F_EXTENTS
 * @VMWALK_WALK_F_PHYS: frames, and tell extents apart by them. Needs F_EXTENTS
 * @VMWALK_WALK_F_ABSENCE: why pages of a file are VMWALK_KIND_NONE:
 *                       VMWALK_STATE_CACHED and BEYOND_EOF. Needs F_EXTENTS
 * @VMWALK_WALK_F_TABLES: page tables and how full they are. Needs F_EXTENTS
 * @VMWALK_WALK_F_THREADS: threads and their registers
 * @VMWALK_WALK_F_ATOMIC: all VMAs under one hold of mmap_lock, into a buffer
 */
enum vmwalk_walk_flag {
	VMWALK_WALK_F_EXTENTS	= 1U << 0,
	VMWALK_WALK_F_ENTRY	= 1U << 1,
	VMWALK_WALK_F_PAGES	= 1U << 2,
	VMWALK_WALK_F_PHYS	= 1U << 3,
	VMWALK_WALK_F_ABSENCE	= 1U << 4,
	VMWALK_WALK_F_TABLES	= 1U << 5,
	VMWALK_WALK_F_THREADS	= 1U << 6,
	VMWALK_WALK_F_ATOMIC	= 1U << 7,
};

/* Top-level attributes of the answer to VMWALK_CMD_WALK: see above. */
enum vmwalk_walk_attr {
	VMWALK_WALK_A_UNSPEC,
	VMWALK_WALK_A_MM,
	VMWALK_WALK_A_VMA,
	VMWALK_WALK_A_END,
	VMWALK_WALK_A_THREAD,
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

enum vmwalk_thread_attr {
	VMWALK_THREAD_A_UNSPEC,
	VMWALK_THREAD_A_INFO,
	VMWALK_THREAD_A_COMM,
	__VMWALK_THREAD_A_MAX
};

#define VMWALK_THREAD_A_MAX (__VMWALK_THREAD_A_MAX - 1)

enum vmwalk_vma_attr {
	VMWALK_VMA_A_UNSPEC,
	VMWALK_VMA_A_INFO,
	VMWALK_VMA_A_NAME,
	VMWALK_VMA_A_EXTENTS,
	VMWALK_VMA_A_PAGES,
	VMWALK_VMA_A_TABLES,
	__VMWALK_VMA_A_MAX
};

#define VMWALK_VMA_A_MAX (__VMWALK_VMA_A_MAX - 1)

/* Attributes of the reply to VMWALK_CMD_PTE: see above. */
enum vmwalk_pte_attr {
	VMWALK_PTE_A_UNSPEC,
	VMWALK_PTE_A_MM,
	VMWALK_PTE_A_VMA,
	VMWALK_PTE_A_TOP,
	VMWALK_PTE_A_ENTRY,
	VMWALK_PTE_A_EXTENT,
	VMWALK_PTE_A_FRAME,
	VMWALK_PTE_A_PAGE,
	VMWALK_PTE_A_PAD,
	__VMWALK_PTE_A_MAX
};

#define VMWALK_PTE_A_MAX (__VMWALK_PTE_A_MAX - 1)

/* Attributes of the answer to VMWALK_CMD_TASKS: see above. */
enum vmwalk_tasks_attr {
	VMWALK_TASKS_A_UNSPEC,
	VMWALK_TASKS_A_TASK,
	__VMWALK_TASKS_A_MAX
};

#define VMWALK_TASKS_A_MAX (__VMWALK_TASKS_A_MAX - 1)

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
 * @hiwater_rss: bytes, the most that was ever resident (VmHWM)
 * @hiwater_vm: bytes, the most that was ever mapped (VmPeak)
 * @locked: bytes of locked VMAs (VmLck)
 * @pinned: bytes pinned by drivers (VmPin)
 * @data: bytes of private writable VMAs but for stacks (VmData)
 * @exec: bytes of executable VMAs that are not writable (mm->exec_vm)
 * @stack: bytes of VMAs that grow down (VmStk)
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
	__u64	hiwater_rss;
	__u64	hiwater_vm;
	__u64	locked;
	__u64	pinned;
	__u64	data;
	__u64	exec;
	__u64	stack;
};

/**
 * enum vmwalk_thread_flag - how far a thread's registers can be relied on
 * @VMWALK_THREAD_F_REGS: sp, pc and fs_base are known
 * @VMWALK_THREAD_F_RUNNING: it was on a CPU, or about to be: they are of the
 *                       moment it last entered the kernel
 */
enum vmwalk_thread_flag {
	VMWALK_THREAD_F_REGS	= 1U << 0,
	VMWALK_THREAD_F_RUNNING	= 1U << 1,
};

/**
 * struct vmwalk_thread - one thread (struct task_struct)
 *
 * Read without stopping it.
 *
 * @tid: in the caller's pid namespace
 * @state: a letter, as field 3 of /proc/PID/stat
 * @flags: enum vmwalk_thread_flag
 * @reserved: 0
 * @sp: the user stack pointer, an address
 * @pc: the user program counter, an address
 * @fs_base: the thread pointer: FS base on x86, TPIDR_EL0 on arm64
 */
struct vmwalk_thread {
	__u32	tid;
	__u32	state;
	__u32	flags;
	__u32	reserved;
	__u64	sp;
	__u64	pc;
	__u64	fs_base;
};

/**
 * enum vmwalk_task_flag - what a process is
 * @VMWALK_TASK_F_MM: it has an address space. A kernel thread has none, nor has a
 *                    process that has exited
 * @VMWALK_TASK_F_KTHREAD: a kernel thread
 */
enum vmwalk_task_flag {
	VMWALK_TASK_F_MM	= 1U << 0,
	VMWALK_TASK_F_KTHREAD	= 1U << 1,
};

/**
 * struct vmwalk_task - one process (thread group), as /proc/PID/status has it
 *
 * Bytes are the kernel's own counters, and 0 without VMWALK_TASK_F_MM.
 *
 * @pid: the process, in the caller's pid namespace
 * @ppid: its parent, likewise; 0 if that is in none of the caller's
 * @uid: real user, in the initial user namespace
 * @euid: effective user, likewise
 * @state: of its leader, a letter, as field 3 of /proc/PID/stat
 * @flags: enum vmwalk_task_flag
 * @threads: how many there are
 * @vmas: number of VMAs (mm->map_count)
 * @start_time: nanoseconds from boot (CLOCK_BOOTTIME) to its leader's start
 * @cgroup: its cgroup in the unified hierarchy: the inode number of the directory
 *          there; 0 without cgroups
 * @mapped: bytes of all VMAs (VmSize)
 * @rss_file: bytes resident, of files (RssFile)
 * @rss_anon: likewise, anonymous (RssAnon)
 * @rss_shmem: likewise, shmem (RssShmem)
 * @swap: bytes of swap entries (VmSwap)
 * @hugetlb: bytes of hugetlb pages, which are in none of these (HugetlbPages)
 * @page_tables: bytes of page tables of all levels (VmPTE)
 * @hiwater_rss: bytes, the most that was ever resident (VmHWM)
 * @hiwater_vm: bytes, the most that was ever mapped (VmPeak)
 * @locked: bytes of locked VMAs (VmLck)
 * @pinned: bytes pinned by drivers (VmPin)
 * @data: bytes of private writable VMAs but for stacks (VmData)
 * @exec: bytes of executable VMAs that are not writable (mm->exec_vm)
 * @stack: bytes of VMAs that grow down (VmStk)
 * @comm: its name, NUL-padded, at most 15 bytes of whatever its owner likes
 */
struct vmwalk_task {
	__u32	pid;
	__u32	ppid;
	__u32	uid;
	__u32	euid;
	__u32	state;
	__u32	flags;
	__u32	threads;
	__u32	vmas;
	__u64	start_time;
	__u64	cgroup;
	__u64	mapped;
	__u64	rss_file;
	__u64	rss_anon;
	__u64	rss_shmem;
	__u64	swap;
	__u64	hugetlb;
	__u64	page_tables;
	__u64	hiwater_rss;
	__u64	hiwater_vm;
	__u64	locked;
	__u64	pinned;
	__u64	data;
	__u64	exec;
	__u64	stack;
	char	comm[16];
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
 * @VMWALK_KIND_HWPOISON: not present, memory failure, real or made by
 *                    userfaultfd: an access gets SIGBUS
 * @VMWALK_KIND_DEVICE: not present, its page is in a device's memory or held
 *                    by a device
 * @VMWALK_KIND_MARKER: not present, a userfaultfd marker without a page
 * @VMWALK_KIND_BAD: an entry that the kernel would call bad; left as it is
 * @VMWALK_KIND_GUARD: not present, made by MADV_GUARD_INSTALL: an access gets
 *                    SIGSEGV
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
	VMWALK_KIND_GUARD,
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
 * @VMWALK_STATE_SHARED: mapped by others as well, as smaps decides between
 *                      shared and private (F_PAGES; hugetlb leaves always)
 * @VMWALK_STATE_WRITE: the entry permits writing (F_ENTRY; present kinds)
 * @VMWALK_STATE_EXEC: the entry permits execution (F_ENTRY; present kinds)
 * @VMWALK_STATE_DIRTY: written through this entry since it was last cleaned
 *                      (F_ENTRY; present kinds)
 * @VMWALK_STATE_ACCESSED: used through this entry since it was last aged
 *                      (F_ENTRY; present kinds)
 * @VMWALK_STATE_SOFT_DIRTY: written since /proc/PID/clear_refs was, by the entry;
 *                      a VMA that is marked as a whole leaves no trace in it
 *                      (F_ENTRY; any kind but VMWALK_KIND_NONE)
 * @VMWALK_STATE_UFFD_WP: write-protected by userfaultfd (F_ENTRY; any kind but
 *                      VMWALK_KIND_NONE)
 * @VMWALK_STATE_PROTNONE: present to the kernel, hidden from the CPU: a VMA
 *                      that permits nothing, or a NUMA hint (F_ENTRY)
 * @VMWALK_STATE_KSM: shared by content (F_PAGES)
 * @VMWALK_STATE_MLOCKED: locked in memory (F_PAGES)
 * @VMWALK_STATE_PKEY: mask, the entry's protection key (F_ENTRY)
 * @VMWALK_STATE_ORDER: mask, log2 of the pages of the folio it is part of, 15 at
 *                      most: a leaf of a lower level maps a part of it (F_PAGES)
 * @VMWALK_STATE_MAPS: mask, how often the page is mapped, in all address spaces,
 *                      127 at most; 0 if it has no count (F_PAGES)
 * @VMWALK_STATE_CACHED: of VMWALK_KIND_NONE: the file's page is in the page
 *                      cache (F_ABSENCE)
 * @VMWALK_STATE_BEYOND_EOF: of VMWALK_KIND_NONE: past the file's last page, an
 *                      access gets SIGBUS (F_ABSENCE)
 * @VMWALK_STATE_SWAPPED: of VMWALK_KIND_NONE: the page of the shmem object is in
 *                      swap, see vmwalk_vma.shmem_swapped (F_ABSENCE)
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
	VMWALK_STATE_SOFT_DIRTY	= 1U << 12,
	VMWALK_STATE_UFFD_WP	= 1U << 13,
	VMWALK_STATE_PROTNONE	= 1U << 14,
	VMWALK_STATE_KSM	= 1U << 15,
	VMWALK_STATE_MLOCKED	= 1U << 16,
	VMWALK_STATE_PKEY	= 0xfU << 17,
	VMWALK_STATE_ORDER	= 0xfU << 21,
	VMWALK_STATE_MAPS	= 0x7fU << 25,
	/* An absent page permits nothing: the same bits. */
	VMWALK_STATE_CACHED	= 1U << 8,
	VMWALK_STATE_BEYOND_EOF	= 1U << 9,
	VMWALK_STATE_SWAPPED	= 1U << 10,
};

#define VMWALK_STATE_LEVEL_SHIFT	4
#define VMWALK_STATE_PKEY_SHIFT	17
#define VMWALK_STATE_ORDER_SHIFT	21
#define VMWALK_STATE_MAPS_SHIFT	25

/*
 * A frame: where the first page of an extent is; those after it follow. For a
 * present page with a frame, and for VMWALK_KIND_MIGRATION, the page frame
 * number and above it the NUMA node, VMWALK_FRAME_NO_NODE if none is known. For
 * VMWALK_KIND_SWAP the offset in the swap area and above it the area's number,
 * as in /proc/PID/pagemap. 0 for every other kind.
 */
#define VMWALK_FRAME_SHIFT	52
#define VMWALK_FRAME_NO_NODE	0xfffU
#define VMWALK_FRAME(number, node)	((__u64)(node) << VMWALK_FRAME_SHIFT | (number))
#define VMWALK_FRAME_NUMBER(frame)	((frame) & ((1ULL << VMWALK_FRAME_SHIFT) - 1))
#define VMWALK_FRAME_NODE(frame)	((__u32)((frame) >> VMWALK_FRAME_SHIFT))

/**
 * struct vmwalk_pages - sums over the pages, as smaps makes them
 *
 * All are bytes. Those of @pss* are in units of 1 << VMWALK_PSS_SHIFT parts of
 * a byte: a page's share is its size by the number of its mappings, rounded
 * down to such a part.
 *
 * @pss: proportional share of what is resident (Pss)
 * @pss_anon: of it, anonymous (Pss_Anon)
 * @pss_file: of it, of files (Pss_File)
 * @pss_shmem: of it, shmem (Pss_Shmem)
 * @pss_dirty: of it, dirty (Pss_Dirty)
 * @pss_locked: of it, in a locked VMA (Locked)
 * @shared_clean: resident, mapped by others as well, not dirty (Shared_Clean)
 * @shared_dirty: likewise, dirty by the entry or by the page
 * @private_clean: resident, mapped once, not dirty
 * @private_dirty: likewise, dirty
 * @referenced: accessed by the entry or by the page (Referenced)
 * @ksm: shared by content (KSM)
 * @lazyfree: to be dropped under pressure, MADV_FREE (LazyFree)
 */
struct vmwalk_pages {
	__u64	pss;
	__u64	pss_anon;
	__u64	pss_file;
	__u64	pss_shmem;
	__u64	pss_dirty;
	__u64	pss_locked;
	__u64	shared_clean;
	__u64	shared_dirty;
	__u64	private_clean;
	__u64	private_dirty;
	__u64	referenced;
	__u64	ksm;
	__u64	lazyfree;
};

#define VMWALK_PSS_SHIFT	12

/**
 * struct vmwalk_tables - page tables, and entries in use
 *
 * A table that several VMAs use counts where it is met first, and so does the
 * entry that points to it; any other entry, where its VMA is. The sum over all
 * VMAs of @pte, @pmd, @pud and @deposited is vmwalk_mm.page_tables: the kernel
 * counts neither P4D tables nor the top one.
 *
 * @pte: tables of the lowest level
 * @pmd: likewise, of the one above
 * @pud: likewise
 * @p4d: likewise; 0 where there are four levels
 * @deposited: tables of the lowest level laid by for the day that a huge page
 *             is split, one per PMD leaf of an anonymous VMA
 * @pte_entries: entries in use of the lowest level
 * @pmd_entries: likewise, of the one above
 * @pud_entries: likewise
 * @p4d_entries: likewise
 * @pgd_entries: likewise, of the top
 * @reserved: 0
 */
struct vmwalk_tables {
	__u32	pte;
	__u32	pmd;
	__u32	pud;
	__u32	p4d;
	__u32	deposited;
	__u32	reserved;
	__u64	pte_entries;
	__u64	pmd_entries;
	__u64	pud_entries;
	__u64	p4d_entries;
	__u64	pgd_entries;
};

/**
 * enum vmwalk_entry_flag - what an entry of any level is
 * @VMWALK_ENTRY_F_PRESENT: present to the kernel
 * @VMWALK_ENTRY_F_LEAF: maps a page; else, if present, it points to a table
 * @VMWALK_ENTRY_F_BAD: what the kernel calls bad; the walk stops there
 * @VMWALK_ENTRY_F_WRITE: permits writing
 * @VMWALK_ENTRY_F_EXEC: permits execution
 * @VMWALK_ENTRY_F_USER: permits access from user mode
 * @VMWALK_ENTRY_F_AGAIN: @again could be read
 */
enum vmwalk_entry_flag {
	VMWALK_ENTRY_F_PRESENT	= 1U << 0,
	VMWALK_ENTRY_F_LEAF	= 1U << 1,
	VMWALK_ENTRY_F_BAD	= 1U << 2,
	VMWALK_ENTRY_F_WRITE	= 1U << 3,
	VMWALK_ENTRY_F_EXEC	= 1U << 4,
	VMWALK_ENTRY_F_USER	= 1U << 5,
	VMWALK_ENTRY_F_AGAIN	= 1U << 6,
};

/**
 * struct vmwalk_entry - one level's entry
 * @level: 0 PTE, 1 PMD, 2 PUD, 3 P4D, 4 PGD
 * @index: of the entry in its table
 * @phys: physical address of the entry
 * @value: raw, as the walk read it
 * @again: raw, read a second time, through physical addresses from the top-level
 *         table down
 * @flags: enum vmwalk_entry_flag
 * @reserved: 0
 */
struct vmwalk_entry {
	__u32	level;
	__u32	index;
	__u64	phys;
	__u64	value;
	__u64	again;
	__u32	flags;
	__u32	reserved;
};

/**
 * struct vmwalk_page - what an entry maps (struct page, struct folio)
 * @pfn: page frame number
 * @flags: as /proc/kpageflags would have them, 1 << KPF_*, as far as @known
 * @known: which of these bits the module can tell
 * @index: of the page in its file or address range, in pages
 * @ino: inode number of its file, 0 if it has none
 * @dev_major: device of its file
 * @dev_minor: as above
 * @node: NUMA node
 * @order: log2 of the pages of its folio
 * @refcount: of the folio
 * @mapcount: how often this page is mapped
 */
struct vmwalk_page {
	__u64	pfn;
	__u64	flags;
	__u64	known;
	__u64	index;
	__u64	ino;
	__u32	dev_major;
	__u32	dev_minor;
	__u32	node;
	__u32	order;
	__s32	refcount;
	__s32	mapcount;
};

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
 * @hold_max_steps: most steps under one hold: a step is a VMA, or, within one, a
 *               lowest-level page table, a leaf of an upper level, or an empty
 *               entry there. At most VMWALK_INFO_A_CHUNK without
 *               VMWALK_WALK_F_ATOMIC
 * @reserved: 0
 */
struct vmwalk_end {
	__u64	walk_ns;
	__u64	hold_max_ns;
	__u32	locks;
	__u32	consistency;
	__u32	vmas;
	__u32	tables;
	__u32	hold_max_steps;
	__u32	reserved;
};

#endif /* _UAPI_LINUX_VMWALK_H */
