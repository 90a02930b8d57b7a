// SPDX-License-Identifier: GPL-2.0
#include "fields.h"

#include <string.h>

#include "aspace.h"
#include "genl/info.h"
#include "snapshot.h"

#define FIELD(in, member, type) \
	{ #member, offsetof(in, member), \
	  sizeof(((in *)0)->member), VMW_FIELD_##type }
#define FIELDS(array) { array, sizeof(array) / sizeof(array[0]) }

#define MM(member, type)	FIELD(struct vmwalk_mm, member, type)
static const struct vmw_field mm[] = {
	MM(pid, NUMBER),
	MM(flags, NUMBER),
	MM(start_time, NUMBER),
	MM(start_code, ADDRESS),
	MM(end_code, ADDRESS),
	MM(start_data, ADDRESS),
	MM(end_data, ADDRESS),
	MM(start_brk, ADDRESS),
	MM(brk, ADDRESS),
	MM(start_stack, ADDRESS),
	MM(arg_start, ADDRESS),
	MM(arg_end, ADDRESS),
	MM(env_start, ADDRESS),
	MM(env_end, ADDRESS),
	MM(mmap_base, ADDRESS),
	MM(task_size, ADDRESS),
	MM(mapped, NUMBER),
	MM(rss_file, NUMBER),
	MM(rss_anon, NUMBER),
	MM(rss_shmem, NUMBER),
	MM(swap, NUMBER),
	MM(page_tables, NUMBER),
	MM(vmas, NUMBER),
	MM(hiwater_rss, NUMBER),
	MM(hiwater_vm, NUMBER),
	MM(locked, NUMBER),
	MM(pinned, NUMBER),
	MM(data, NUMBER),
	MM(exec, NUMBER),
	MM(stack, NUMBER),
};

const struct vmw_fields vmw_fields_of_mm = FIELDS(mm);

#define END(member)	FIELD(struct vmwalk_end, member, NUMBER)
static const struct vmw_field end[] = {
	END(walk_ns),
	END(hold_max_ns),
	END(locks),
	END(consistency),
	END(vmas),
	END(tables),
	END(hold_max_steps),
};

const struct vmw_fields vmw_fields_of_end = FIELDS(end);
/* All but the last. */
const struct vmw_fields vmw_fields_of_old_end = {
	end, sizeof(end) / sizeof(end[0]) - 1
};

#define ASPACE(member, type)	FIELD(struct vmw_aspace, member, type)
static const struct vmw_field aspace[] = {
	ASPACE(comm, TEXT),
	ASPACE(flags, NUMBER),
	ASPACE(complete, BOOL),
	ASPACE(retries, NUMBER),
	ASPACE(stopped, BOOL),
	ASPACE(sums_only, BOOL),
	ASPACE(vsyscall, NUMBER),
};

const struct vmw_fields vmw_fields_of_aspace = FIELDS(aspace);

#define VMA(member, type)	FIELD(struct vmwalk_vma, member, type)
static const struct vmw_field vma[] = {
	VMA(start, ADDRESS),
	VMA(end, ADDRESS),
	VMA(from, ADDRESS),
	VMA(offset, ADDRESS),
	VMA(ino, NUMBER),
	VMA(dev_major, NUMBER),
	VMA(dev_minor, NUMBER),
	VMA(flags, NUMBER),
	VMA(page_shift, NUMBER),
	VMA(shmem_swapped, NUMBER),
};

const struct vmw_fields vmw_fields_of_vma = FIELDS(vma);

#define USAGE(member)	FIELD(struct vmw_usage, member, NUMBER)
static const struct vmw_field usage[] = {
	USAGE(present),
	USAGE(resident),
	USAGE(anon),
	USAGE(file),
	USAGE(shmem),
	USAGE(zero),
	USAGE(pfn),
	USAGE(hugetlb),
	USAGE(hugetlb_shared),
	USAGE(anon_huge),
	USAGE(swapped),
	USAGE(other),
};

const struct vmw_fields vmw_fields_of_usage = FIELDS(usage);

#define PAGES(member)	FIELD(struct vmwalk_pages, member, NUMBER)
static const struct vmw_field pages[] = {
	PAGES(pss),
	PAGES(pss_anon),
	PAGES(pss_file),
	PAGES(pss_shmem),
	PAGES(pss_dirty),
	PAGES(pss_locked),
	PAGES(shared_clean),
	PAGES(shared_dirty),
	PAGES(private_clean),
	PAGES(private_dirty),
	PAGES(referenced),
	PAGES(ksm),
	PAGES(lazyfree),
};

const struct vmw_fields vmw_fields_of_pages = FIELDS(pages);

#define TABLES(member)	FIELD(struct vmwalk_tables, member, NUMBER)
static const struct vmw_field tables[] = {
	TABLES(pte),
	TABLES(pmd),
	TABLES(pud),
	TABLES(p4d),
	TABLES(deposited),
	TABLES(pte_entries),
	TABLES(pmd_entries),
	TABLES(pud_entries),
	TABLES(p4d_entries),
	TABLES(pgd_entries),
};

const struct vmw_fields vmw_fields_of_tables = FIELDS(tables);

#define THREAD(member, type)	FIELD(struct vmw_thread, member, type)
static const struct vmw_field thread[] = {
	THREAD(tid, NUMBER),
	THREAD(comm, TEXT),
	THREAD(state, NUMBER),
	THREAD(has_regs, BOOL),
	THREAD(running, BOOL),
	THREAD(sp, ADDRESS),
	THREAD(pc, ADDRESS),
	THREAD(fs_base, ADDRESS),
};

const struct vmw_fields vmw_fields_of_thread = FIELDS(thread);

#define RUNTIME(member, type)	FIELD(struct vmw_runtime, member, type)
static const struct vmw_field runtime[] = {
	RUNTIME(version, TEXT),
	RUNTIME(source, NUMBER),
	RUNTIME(torn, NUMBER),
	RUNTIME(unread, NUMBER),
	RUNTIME(note, TEXT),
};

const struct vmw_fields vmw_fields_of_runtime = FIELDS(runtime);

#define G(member, type)	FIELD(struct vmw_g, member, type)
static const struct vmw_field g[] = {
	G(addr, ADDRESS),
	G(id, NUMBER),
	G(lo, ADDRESS),
	G(hi, ADDRESS),
	G(sp, ADDRESS),
	G(kind, NUMBER),
	G(status, NUMBER),
	G(tid, NUMBER),
	G(source, NUMBER),
	G(wait, TEXT),
	G(start, TEXT),
};

const struct vmw_fields vmw_fields_of_g = FIELDS(g);

#define LABEL(member, type)	FIELD(struct vmw_label, member, type)
static const struct vmw_field label[] = {
	LABEL(start, ADDRESS),
	LABEL(end, ADDRESS),
	LABEL(kind, NUMBER),
	LABEL(source, NUMBER),
	LABEL(sure, NUMBER),
	LABEL(name, TEXT),
};

const struct vmw_fields vmw_fields_of_label = FIELDS(label);

#define IMAGE(member, type)	FIELD(struct vmw_image, member, type)
static const struct vmw_field image[] = {
	IMAGE(ino, NUMBER),
	IMAGE(dev_major, NUMBER),
	IMAGE(dev_minor, NUMBER),
	IMAGE(build_id, TEXT),
};

const struct vmw_fields vmw_fields_of_image = FIELDS(image);

#define INFO(member, type)	FIELD(struct vmw_info, member, type)
static const struct vmw_field info[] = {
	INFO(abi, NUMBER),
	INFO(version, TEXT),
	INFO(arch, TEXT),
	INFO(page_shift, NUMBER),
	INFO(can, NUMBER),
	INFO(walk_flags, NUMBER),
	INFO(chunk, NUMBER),
	INFO(message_max, NUMBER),
	INFO(atomic_max, NUMBER),
};

const struct vmw_fields vmw_fields_of_info = FIELDS(info);

uint64_t vmw_field_get(const struct vmw_field *f, const void *of)
{
	const char *at = (const char *)of + f->offset;

	switch (f->size) {
	case sizeof(uint8_t):
		return *(const uint8_t *)at;
	case sizeof(uint32_t):
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

bool vmw_field_set(const struct vmw_field *f, void *of, uint64_t value)
{
	char *at = (char *)of + f->offset;

	if (f->type == VMW_FIELD_BOOL && value > 1)
		return false;
	switch (f->size) {
	case sizeof(uint8_t):
		*(uint8_t *)at = value;
		return value <= UINT8_MAX;
	case sizeof(uint32_t):
		*(uint32_t *)at = value;
		return value <= UINT32_MAX;
	default:
		*(uint64_t *)at = value;
		return true;
	}
}

const char *vmw_field_text(const struct vmw_field *f, const void *of)
{
	return (const char *)of + f->offset;
}

bool vmw_field_set_text(const struct vmw_field *f, void *of, const char *value)
{
	if (strlen(value) >= f->size)
		return false;
	strcpy((char *)of + f->offset, value);
	return true;
}
