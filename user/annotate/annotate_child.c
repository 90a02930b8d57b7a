// SPDX-License-Identifier: GPL-2.0
/*
 * What the child of annotate.c does: the program's file and its memory, read with
 * as little trust as they deserve.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "annotate.h"
#include "build_id.h"
#include "elf_file.h"
#include "golayout.h"
#include "gopclntab.h"
#include "gorace.h"
#include "goruntime.h"
#include "malloc.h"
#include "mem.h"

#define PAGES_MAX	(4U << 20)	/* that are read of a target: 16 GiB */

/* A file that is mapped, and where. */
struct image {
	const struct vmw_annotate_request *req;
	struct vmw_elf *elf;
	uint64_t ino;
	uint64_t bias;		/* from an address as linked to one in memory */
};

/* On a tmpfs as well, which the kernel calls shmem. */
static bool is_file(const struct vmw_vma *vma)
{
	return vma->info.flags & VMWALK_VMA_F_FILE &&
	       !(vma->info.flags & VMWALK_VMA_F_ANON);
}

/* The file itself, if the name still leads to it. */
static int open_mapped(const struct vmw_aspace *as, const struct vmw_vma *vma)
{
	char path[PATH_MAX + 64];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx", as->mm.pid,
		 vma->info.start, vma->info.end);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && vma->name && vma->name[0] == '/') {
		snprintf(path, sizeof(path), "/proc/%u/root%s", as->mm.pid,
			 vma->name);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == vma->info.ino &&
	    S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Of a snapshot: the build-id of what was mapped there, or NULL. */
static const char *build_id_of(const struct vmw_annotate_request *req,
			       const struct vmw_vma *vma)
{
	for (size_t i = 0; i < req->nr_images; i++) {
		const struct vmw_image *image = &req->images[i];

		if (image->ino == vma->info.ino &&
		    image->dev_major == vma->info.dev_major &&
		    image->dev_minor == vma->info.dev_minor)
			return image->build_id;
	}
	return NULL;
}

/* What bears the name now, if it has the build-id that the snapshot knows. */
static int open_named(const struct vmw_annotate_request *req,
		      const struct vmw_vma *vma)
{
	const char *want = build_id_of(req, vma);
	char is[sizeof(req->images->build_id)];
	struct stat st;
	int fd;

	if (!want || !vma->name || vma->name[0] != '/')
		return -1;
	fd = open(vma->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		vmw_build_id_of(fd, is, sizeof(is));
		if (*is && !strcmp(is, want))
			return fd;
	}
	close(fd);
	return -1;
}

static void close_image(struct image *image)
{
	vmw_elf_close(image->elf);
	*image = (struct image){ .req = image->req };
}

/* Opens the file of @vma, unless it is open. Its bias is that of @vma. */
static bool open_image(const struct vmw_aspace *as, const struct vmw_vma *vma,
		       struct image *image)
{
	uint64_t addr;
	int fd;

	if (!image->elf || image->ino != vma->info.ino) {
		close_image(image);
		fd = image->req->images ? open_named(image->req, vma) :
					  open_mapped(as, vma);
		if (fd < 0 || vmw_elf_open(&image->elf, fd))
			return false;
		image->ino = vma->info.ino;
	}
	if (!vmw_elf_address_of(image->elf, vma->info.offset, &addr))
		return false;
	image->bias = vma->info.start - addr;
	return true;
}

/* The file's VMA whose image @addr belongs to; its bss touches it. NULL: none. */
static const struct vmw_vma *image_vma(const struct vmw_aspace *as, uint64_t addr)
{
	const struct vmw_vma *vma = vmw_aspace_find_vma(as, addr);

	if (vma && !is_file(vma) && vma > as->vmas && !vma->name &&
	    vma[-1].info.end == vma->info.start)
		vma--;
	return vma && is_file(vma) ? vma : NULL;
}

/* A file of a snapshot that is not there to be looked at: said once. */
static void note_file(const struct image *image, const struct vmw_vma *vma,
		      struct vmw_runtime *rt)
{
	if (!image->req->images || rt->note[0] || !vma->name ||
	    !build_id_of(image->req, vma))
		return;
	vmw_runtime_note(rt, "symbols are in the files that were mapped, and "
			 "'%.120s' is not here, or is another now", vma->name);
}

static int find_by_address(const struct vmw_aspace *as, struct image *image,
			   uint64_t addr, struct vmw_runtime *rt)
{
	const struct vmw_vma *vma = image_vma(as, addr);
	struct vmw_runtime_symbol out = { .asked = addr };
	struct vmw_elf_symbol symbol;

	if (vma && !open_image(as, vma, image)) {
		note_file(image, vma, rt);
	} else if (vma && vmw_elf_symbol_at(image->elf, addr - image->bias,
					    &symbol)) {
		out.start = symbol.start + image->bias;
		out.size = symbol.size;
		snprintf(out.name, sizeof(out.name), "%s", symbol.name);
	}
	return vmw_runtime_add_symbol(rt, &out);
}

/* The program's first, then each library's, as the linker would look. */
static int find_by_name(const struct vmw_aspace *as, struct image *image,
			const char *name, struct vmw_runtime *rt)
{
	struct vmw_runtime_symbol out = { 0 };
	struct vmw_elf_symbol symbol;

	for (size_t i = 0; i < as->nr_vmas && !out.name[0]; i++) {
		const struct vmw_vma *vma = &as->vmas[i];

		if (!is_file(vma) || (i && vma[-1].info.ino == vma->info.ino))
			continue;
		if (!open_image(as, vma, image)) {
			note_file(image, vma, rt);
			continue;
		}
		if (!vmw_elf_symbol(image->elf, name, &symbol))
			continue;
		out.start = symbol.start + image->bias;
		out.size = symbol.size;
		snprintf(out.name, sizeof(out.name), "%s", name);
	}
	return vmw_runtime_add_symbol(rt, &out);
}

/* The symbol, or what Go's own table calls the function: stripped programs have it. */
static bool find_function(struct image *image, uint64_t pc, char name[VMW_NAME_MAX],
			  uint64_t *start)
{
	struct vmw_gopclntab table;
	struct vmw_elf_symbol symbol;
	struct vmw_go_function f;

	if (vmw_elf_symbol_at(image->elf, pc - image->bias, &symbol)) {
		*start = symbol.start + image->bias;
		snprintf(name, VMW_NAME_MAX, "%s", symbol.name);
		return true;
	}
	/* By the file alone, as for a snapshot. */
	if (!vmw_golayout_functions(image->elf, NULL, image->bias, &table) ||
	    !vmw_gopclntab_at(&table, pc - image->bias, &f))
		return false;
	*start = f.start + image->bias;
	snprintf(name, VMW_NAME_MAX, "%s", f.name);
	return true;
}

static void find_variable(struct image *image, uint64_t pc, struct vmw_slot *slot)
{
	struct vmw_elf_variable v;

	if (!vmw_elf_variable_at(image->elf, pc - image->bias,
				 slot->asked - slot->cfa, &v))
		return;
	slot->kind = v.parameter ? VMW_SLOT_PARAMETER : VMW_SLOT_LOCAL;
	slot->size = v.size;
	slot->offset = v.offset;
	memcpy(slot->name, v.name, sizeof(slot->name));
	memcpy(slot->type, v.type, sizeof(slot->type));
}

/* What is at the slot's address, given its frame and its caller's, or NULL. */
static void find_in_frame(const struct vmw_aspace *as, struct image *image,
			  const struct vmw_call *caller, struct vmw_slot *slot)
{
	/* Behind the call, which may be the last that the function does. */
	const uint64_t pc = slot->pc - !!slot->number;
	const struct vmw_vma *vma = image_vma(as, pc);
	uint64_t start;

	if (!vma || !open_image(as, vma, image))
		return;
	find_function(image, pc, slot->in, &slot->function);
	if (slot->asked >= slot->cfa - 8) {
		slot->kind = VMW_SLOT_RETURN;
		if (caller)
			find_function(image, caller->pc - 1, slot->name, &start);
	} else if (slot->linked && slot->asked >= slot->cfa - 16) {
		slot->kind = VMW_SLOT_LINK;
	} else {
		find_variable(image, pc, slot);
	}
}

static int find_slot(const struct vmw_aspace *as, struct image *image,
		     const struct vmw_runtime *known, uint64_t addr,
		     struct vmw_runtime *rt)
{
	const struct vmw_g *g = vmw_runtime_g_at(known, addr);
	struct vmw_slot slot = { .asked = addr };
	const struct vmw_call *f;
	size_t i;

	if (!g)
		return 0;
	i = vmw_runtime_frame_at(known, g, addr, &slot.start);
	if (i == g->nr_frames)
		return 0;
	f = &known->frames[g->first_frame + i];
	slot.pc = f->pc;
	slot.cfa = f->cfa;
	slot.linked = f->linked;
	slot.number = i;
	slot.nr = g->nr_frames;
	find_in_frame(as, image, i + 1 < g->nr_frames ? f + 1 : NULL, &slot);
	return vmw_runtime_add_slot(rt, &slot);
}

/* What functions are called, by Go's own table or, where it does not say, symbols. */
struct names {
	struct image *exe;
	bool has_table;
	struct vmw_gopclntab table;
};

static void name_function(void *arg, uint64_t pc, char name[VMW_NAME_MAX])
{
	const struct names *n = arg;
	struct vmw_elf_symbol symbol;
	struct vmw_go_function f;

	if (n->has_table && vmw_gopclntab_at(&n->table, pc - n->exe->bias, &f))
		snprintf(name, VMW_NAME_MAX, "%s", f.name);
	else if (vmw_elf_symbol_at(n->exe->elf, pc - n->exe->bias, &symbol) &&
		 symbol.size)
		snprintf(name, VMW_NAME_MAX, "%s", symbol.name);
}

/* Of a Go program of which nothing better is known. */
static int read_stripped(struct vmw_goruntime *go)
{
	int ret;

	go->rt->nr_gs = 0;
	go->rt->nr_spans = 0;
	go->rt->nr_labels = 0;
	go->rt->note[0] = '\0';
	go->rt->source = VMW_EVIDENCE_TLS;
	ret = vmw_goruntime_read_tls(go);
	vmw_runtime_note(go->rt, "neither DWARF nor a table tells where this "
			 "Go program keeps its runtime: only the stacks that "
			 "its threads are on are known");
	return ret;
}

/* Where the file does not tell it, the runtime's own variable does. */
static void read_version(struct vmw_mem *mem, uint64_t bias,
			 const struct vmw_golayout *layout,
			 char version[VMW_NAME_MAX])
{
	const uint64_t var = layout->var[VMW_GO_VAR_VERSION];
	uint64_t string[2];	/* address, length */

	if (version[0] || !var ||
	    vmw_mem_read(mem, var + bias, string, sizeof(string)) ||
	    string[1] >= VMW_NAME_MAX)
		return;
	if (vmw_mem_read(mem, string[0], version, string[1]))
		string[1] = 0;
	version[string[1]] = '\0';
}

/*
 * Down the ladder: DWARF; symbols, and types as of the version; variables as the
 * code has them. Fills in the layout and the version.
 */
static int find_layout(const struct image *exe, struct vmw_mem *mem,
		       struct vmw_golayout *layout, char version[VMW_NAME_MAX])
{
	int ret = vmw_golayout_read(exe->elf, layout, version);

	if (ret == -ENOENT)
		return ret;
	layout->source = VMW_EVIDENCE_DWARF;
	if (ret && layout->var[VMW_GO_VAR_HEAP]) {
		layout->source = VMW_EVIDENCE_SYMTAB;
	} else if (ret) {
		layout->source = VMW_EVIDENCE_PATTERN;
		vmw_golayout_find_vars(exe->elf, mem, exe->bias, layout);
	}
	read_version(mem, exe->bias, layout, version);
	if (ret)
		vmw_golayout_of_version(version, layout);
	return vmw_golayout_is_complete(layout) ? 0 : -ENODATA;
}

/*
 * What rests on patterns is believed if all of it fits together: arenas, and in
 * them goroutines on stacks.
 */
static bool is_plausible(const struct vmw_runtime *rt)
{
	return rt->source != VMW_EVIDENCE_PATTERN ||
	       (rt->nr_gs && rt->nr_spans && rt->torn <= rt->nr_gs / 16);
}

static int read_frames(struct vmw_goruntime *go,
		       const struct vmw_annotate_request *req)
{
	if (!go->table || !(req->all_frames || req->nr_addrs))
		return 0;
	return req->all_frames ? vmw_go_read_frames(go, NULL, 0) :
		vmw_go_read_frames(go, req->addrs, req->nr_addrs);
}

static int read_go(const struct vmw_aspace *as, struct image *exe,
		   struct vmw_mem *mem, struct vmw_runtime *rt)
{
	struct vmw_golayout layout;
	struct names names = { .exe = exe };
	struct vmw_goruntime go = {
		.as = as, .layout = &layout, .bias = exe->bias, .mem = mem,
		.rt = rt, .name_function = name_function, .names = &names,
	};
	int ret = find_layout(exe, mem, &layout, rt->version);

	if (ret == -ENOENT)
		return 0;
	if (!rt->version[0])
		snprintf(rt->version, sizeof(rt->version), "go");
	names.has_table = vmw_golayout_functions(exe->elf, mem, exe->bias,
						 &names.table);
	/* Where the return address is, is x86's. */
	if (names.has_table && vmw_elf_is_x86_64(exe->elf))
		go.table = &names.table;
	rt->source = layout.source;
	if (!ret)
		ret = vmw_goruntime_read(&go);
	if (ret == -ENOMEM)
		return ret;
	if (ret == -ENODATA || !is_plausible(rt))
		return read_stripped(&go);
	if (!ret && read_frames(&go, exe->req))
		return -ENOMEM;
	return layout.var[VMW_GO_VAR_ALLM] ? 0 : vmw_goruntime_read_tls(&go);
}

static int read_runtime(const struct vmw_aspace *as, struct image *image,
			struct vmw_runtime *rt)
{
	const struct vmw_vma *exe = image_vma(as, as->mm.start_code);
	struct vmw_mem_process process;
	struct vmw_mem mem = {
		.read_page = vmw_mem_read_process, .source = &process,
		.budget = PAGES_MAX,
	};
	int ret = vmw_mem_open(&process, as);

	if (ret) {
		vmw_runtime_note(rt, "the process's memory cannot be read: %s",
				 strerror(-ret));
		return 0;
	}
	ret = vmw_mem_init(&mem);
	if (!ret && exe && open_image(as, exe, image))
		ret = read_go(as, image, &mem, rt);
	vmw_runtime_finish(rt);
	if (!ret)
		ret = vmw_gorace_read_shadow(as, rt);
	if (!ret)
		ret = vmw_malloc_read(as, &mem, rt);
	vmw_runtime_finish(rt);
	if (!ret)
		ret = vmw_gorace_read_rest(as, rt);
	rt->unread = mem.unread;
	vmw_mem_deinit(&mem);
	vmw_mem_close(&process);
	return ret;
}

int vmw_annotate_read(const struct vmw_aspace *as,
		      const struct vmw_annotate_request *req,
		      struct vmw_runtime *rt)
{
	const struct vmw_runtime *known = req->saved ? req->saved : rt;
	struct image image = { .req = req };
	int ret = 0;

	if (req->runtime)
		ret = read_runtime(as, &image, rt);
	for (size_t i = 0; !ret && i < req->nr_addrs; i++)
		ret = find_slot(as, &image, known, req->addrs[i], rt);
	for (size_t i = 0; !ret && i < req->nr_addrs; i++)
		ret = find_by_address(as, &image, req->addrs[i], rt);
	for (size_t i = 0; !ret && i < req->nr_names; i++)
		ret = find_by_name(as, &image, req->names[i], rt);
	close_image(&image);
	vmw_runtime_finish(rt);
	return ret;
}
