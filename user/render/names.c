// SPDX-License-Identifier: GPL-2.0
/* What things are called, and how they are put in writing. */
#include "digits.h"
#include "render.h"

#include <inttypes.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

const char *vmw_kind_name(enum vmwalk_kind kind)
{
	static const char *const names[__VMWALK_KIND_MAX] = {
		[VMWALK_KIND_NONE] = "never touched",
		[VMWALK_KIND_ANON] = "anonymous",
		[VMWALK_KIND_FILE] = "file",
		[VMWALK_KIND_SHMEM] = "shmem",
		[VMWALK_KIND_ZERO] = "zero page",
		[VMWALK_KIND_PFN] = "raw page frame",
		[VMWALK_KIND_SWAP] = "in swap",
		[VMWALK_KIND_MIGRATION] = "migrating",
		[VMWALK_KIND_HWPOISON] = "poisoned",
		[VMWALK_KIND_DEVICE] = "in a device",
		[VMWALK_KIND_MARKER] = "marker",
		[VMWALK_KIND_BAD] = "bad entry",
		[VMWALK_KIND_GUARD] = "guard",
	};

	return kind < __VMWALK_KIND_MAX ? names[kind] : "unknown";
}

/* Of a page without an entry: what comes first is the stronger reason. */
static enum vmw_reason reason_for_none(const struct vmw_vma *vma,
				       uint32_t state)
{
	const uint32_t flags = vma->info.flags;

	if (flags & VMWALK_VMA_F_GATE)
		return VMW_REASON_EMULATED;
	if (vma->usage.reserved)
		return VMW_REASON_RESERVED;
	if (state & VMWALK_STATE_BEYOND_EOF)
		return VMW_REASON_BEYOND_EOF;
	if (state & VMWALK_STATE_SWAPPED)
		return VMW_REASON_OBJECT_SWAPPED;
	if (state & VMWALK_STATE_CACHED)
		return VMW_REASON_CACHED;
	if (flags & VMWALK_VMA_F_ANON)
		return VMW_REASON_UNTOUCHED;
	if (flags & (VMWALK_VMA_F_PFNMAP | VMWALK_VMA_F_HUGETLB) ||
	    !(flags & VMWALK_VMA_F_FILE))
		return VMW_REASON_UNMAPPED;
	return flags & VMWALK_VMA_F_SHMEM ? VMW_REASON_NO_CONTENT :
					    VMW_REASON_UNCACHED;
}

enum vmw_reason vmw_reason(const struct vmw_vma *vma, uint32_t state)
{
	switch (vmw_state_kind(state)) {
	case VMWALK_KIND_NONE:
		return reason_for_none(vma, state);
	case VMWALK_KIND_SWAP:
		return VMW_REASON_SWAPPED;
	case VMWALK_KIND_MIGRATION:
		return VMW_REASON_MIGRATING;
	case VMWALK_KIND_HWPOISON:
		return VMW_REASON_POISONED;
	case VMWALK_KIND_DEVICE:
		return VMW_REASON_DEVICE;
	case VMWALK_KIND_MARKER:
		return VMW_REASON_MARKER;
	case VMWALK_KIND_GUARD:
		return VMW_REASON_GUARD;
	case VMWALK_KIND_BAD:
		return VMW_REASON_BAD;
	default:
		return VMW_REASON_NONE;
	}
}

const char *vmw_reason_text(enum vmw_reason reason)
{
	static const char *const texts[VMW_REASONS] = {
		[VMW_REASON_NONE] = "present",
		[VMW_REASON_UNTOUCHED] = "never touched, or given back",
		[VMW_REASON_RESERVED] =
			"reserved (PROT_NONE), an access gets SIGSEGV",
		[VMW_REASON_EMULATED] =
			"no entry, the kernel emulates the calls",
		[VMW_REASON_BEYOND_EOF] =
			"beyond the end of the file, an access gets SIGBUS",
		[VMW_REASON_CACHED] =
			"in the page cache, but not mapped here",
		[VMW_REASON_UNCACHED] =
			"not in the page cache: an access reads the file",
		[VMW_REASON_NO_CONTENT] =
			"never touched by anybody: its object has no page",
		[VMW_REASON_UNMAPPED] =
			"not touched through this mapping, or taken away",
		[VMW_REASON_OBJECT_SWAPPED] = "in swap, by its shmem object",
		[VMW_REASON_SWAPPED] = "in swap",
		[VMW_REASON_MIGRATING] =
			"its content is moving to another page just now",
		[VMW_REASON_POISONED] = "poisoned, an access gets SIGBUS",
		[VMW_REASON_DEVICE] =
			"in a device's memory, or held by a device",
		[VMW_REASON_MARKER] = "a userfaultfd marker without a page",
		[VMW_REASON_GUARD] =
			"a guard (MADV_GUARD_INSTALL), an access gets SIGSEGV",
		[VMW_REASON_BAD] = "an entry that the kernel calls bad",
	};

	return texts[reason];
}

/* A table of one page holds as many entries of 8 bytes as fit. */
const char *vmw_leaf_size_name(const struct vmw_aspace *as, uint32_t state)
{
	const uint32_t level = (state & VMWALK_STATE_LEVEL) >>
			       VMWALK_STATE_LEVEL_SHIFT;

	switch (as->page_shift + level * (as->page_shift - 3)) {
	case 12:
		return "4K";
	case 14:
		return "16K";
	case 16:
		return "64K";
	case 21:
		return "2M";
	case 25:
		return "32M";
	case 29:
		return "512M";
	case 30:
		return "1G";
	case 36:
		return "64G";
	case 42:
		return "4T";
	default:
		return "?";
	}
}

const char *vmw_page_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"LOCKED", "ERROR", "REFERENCED", "UPTODATE", "DIRTY", "LRU",
		"ACTIVE", "SLAB", "WRITEBACK", "RECLAIM", "BUDDY", "MMAP",
		"ANON", "SWAPCACHE", "SWAPBACKED", "COMPOUND_HEAD",
		"COMPOUND_TAIL", "HUGE", "UNEVICTABLE", "HWPOISON", "NOPAGE",
		"KSM", "THP", "OFFLINE", "ZERO_PAGE", "IDLE", "PGTABLE",
		[32] = "RESERVED", "MLOCKED", "OWNER_2", "PRIVATE",
		"PRIVATE_2", "OWNER_PRIVATE", "ARCH", "UNCACHED", "SOFTDIRTY",
		"ARCH_2", "ARCH_3",
	};

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}

void vmw_perms(const struct vmw_vma *vma, char perms[5])
{
	const uint32_t flags = vma->info.flags;

	perms[0] = flags & VMWALK_VMA_F_READ ? 'r' : '-';
	perms[1] = flags & VMWALK_VMA_F_WRITE ? 'w' : '-';
	perms[2] = flags & VMWALK_VMA_F_EXEC ? 'x' : '-';
	perms[3] = flags & VMWALK_VMA_F_SHARED ? 's' : 'p';
	perms[4] = '\0';
}

/* Characters that are not seen themselves, but change how others are. */
static bool is_invisible(wchar_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0x61c || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/*
 * Bytes of the character at @s if the locale can print it, else 0. ASCII is itself
 * where a character begins, in every locale that there is.
 */
static size_t printable(const char *s, size_t len)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t bytes;

	if (*s >= ' ' && *s < 0x7f)
		return 1;
	bytes = mbrtowc(&c, s, len, &state);

	if (!bytes || bytes > len || !iswprint(c) || is_invisible(c))
		return 0;
	return bytes;
}

void vmw_escape_name(const char *name, char *buf, size_t size)
{
	size_t len = strlen(name), bytes, used = 0;

	while (len) {
		bytes = printable(name, len);
		if (used + (bytes ? bytes : 4) >= size)
			break;
		if (bytes) {
			memcpy(buf + used, name, bytes);
			used += bytes;
		} else {
			bytes = 1;
			used += snprintf(buf + used, size - used, "\\%03o",
					 (unsigned char)*name);
		}
		name += bytes;
		len -= bytes;
	}
	buf[used] = '\0';
}

/* Two digits where there is a unit; rounded up, so that nothing shows as 0. */
static void human_size(uint64_t bytes, char *buf, size_t room)
{
	const char *unit = "KMGTPE";
	unsigned int shift = 10;
	uint64_t tenths;

	if (bytes < 1024) {
		snprintf(buf, room, "%" PRIu64, bytes);
		return;
	}
	while (bytes >> shift >= 1024) {
		shift += 10;
		unit++;
	}
	/* Tenths of the unit; the shift by 10 keeps the product in 64 bits. */
	tenths = ((bytes >> (shift - 10)) * 10 + 1023) / 1024;
	if (tenths < 100)
		snprintf(buf, room, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10,
			 tenths % 10, *unit);
	else
		snprintf(buf, room, "%" PRIu64 "%c", (tenths + 9) / 10, *unit);
}

static uint64_t round_up_shift(uint64_t bytes, uint32_t shift)
{
	return (bytes >> shift) + !!(bytes & (((uint64_t)1 << shift) - 1));
}

const char *vmw_size(const struct vmw_style *style, uint32_t page_shift,
		     uint64_t bytes, char *buf, size_t room)
{
	switch (style->units) {
	case VMW_UNITS_HUMAN:
		human_size(bytes, buf, room);
		break;
	case VMW_UNITS_BYTES:
		vmw_decimal(buf, bytes);
		break;
	case VMW_UNITS_PAGES:
		vmw_decimal(buf, round_up_shift(bytes, page_shift));
		break;
	case VMW_UNITS_KIB:
		vmw_decimal(buf, round_up_shift(bytes, 10));
		break;
	}
	return buf;
}

const char *vmw_size_unit(const struct vmw_style *style)
{
	static const char *const units[] = {
		[VMW_UNITS_KIB] = " KiB",
		[VMW_UNITS_HUMAN] = "",
		[VMW_UNITS_BYTES] = " bytes",
		[VMW_UNITS_PAGES] = " pages",
	};

	return units[style->units];
}

static const char *base_name(const char *path)
{
	const char *slash = *path == '/' ? strrchr(path, '/') : NULL;

	return slash && slash[1] ? slash + 1 : path;
}

/* Threads' stacks are called as kernels once did. */
void vmw_segment_name(const struct vmw_segment *seg, char *buf, size_t size)
{
	switch (seg->kind) {
	case VMW_SEG_LIBRARY:
	case VMW_SEG_FILE:
	case VMW_SEG_SHM:
	case VMW_SEG_ANON:
		if (!seg->name)
			break;
		vmw_escape_name(base_name(seg->name), buf, size);
		return;
	case VMW_SEG_THREAD_STACK:
		if (!seg->tid)
			break;
		snprintf(buf, size, "stack:%d", seg->tid);
		return;
	default:
		break;
	}
	vmw_escape_name(vmw_segment_kind_name(seg->kind), buf, size);
}

const char *vmw_segment_color(enum vmw_segment_kind kind)
{
	static const char *const colors[VMW_SEG_KINDS] = {
		[VMW_SEG_TEXT] = "32",
		[VMW_SEG_RODATA] = "36",
		[VMW_SEG_DATA] = "33",
		[VMW_SEG_BSS] = "93",
		[VMW_SEG_HEAP] = "31",
		[VMW_SEG_MALLOC_ARENA] = "1;31",
		[VMW_SEG_MALLOC_MMAPPED] = "1;33",
		[VMW_SEG_GO_ARENA] = "1;36",
		[VMW_SEG_GO_RUNTIME] = "1;34",
		[VMW_SEG_STACK] = "35",
		[VMW_SEG_THREAD_STACK] = "95",
		[VMW_SEG_LIBRARY] = "34",
		[VMW_SEG_FILE] = "94",
		[VMW_SEG_SHM] = "96",
		[VMW_SEG_ANON] = "91",
		[VMW_SEG_VVAR] = "90",
		[VMW_SEG_VDSO] = "92",
		[VMW_SEG_VSYSCALL] = "37",
	};

	return colors[kind];
}
