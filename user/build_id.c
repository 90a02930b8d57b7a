// SPDX-License-Identifier: GPL-2.0
#include "build_id.h"

#include <ctype.h>
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOTES_MAX	4096	/* bytes, of a segment of notes */
#define SEGMENTS_MAX	64
#define NT_GO_BUILD_ID	4	/* what Go's linker leaves */

/* What the notes of a file say. */
struct found {
	char *id;		/* of .size bytes, all 0 before */
	size_t size;
	bool gnu, go;
};

static bool read_at(int fd, void *buf, size_t len, uint64_t at)
{
	return pread(fd, buf, len, at) == (ssize_t)len;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void take_gnu(struct found *f, const uint8_t *id, size_t len)
{
	f->gnu = true;
	memset(f->id, 0, f->size);
	for (size_t i = 0; i < len && 2 * i + 2 < f->size; i++)
		sprintf(f->id + 2 * i, "%02x", id[i]);
}

/*
 * Go's linker writes no build-id unless told to, but one of its own: hashes in
 * base64, with slashes between them, the last of what was linked.
 */
static void take_go(struct found *f, const uint8_t *id, size_t len)
{
	const uint8_t *slash = memrchr(id, '/', len);
	const size_t skip = slash ? slash + 1 - id : 0;

	f->go = true;
	for (size_t i = skip; i < len && i - skip + 4 < f->size; i++)
		if (!isalnum(id[i]) && !strchr("_-", id[i]))
			return;
	if (!f->gnu && len > skip)
		snprintf(f->id, f->size, "go:%.*s", (int)(len - skip), id + skip);
}

/* Looks through @len bytes of notes; whoever made the file made their lengths. */
static void read_notes(const uint8_t *notes, size_t len, struct found *f)
{
	Elf64_Nhdr note;
	size_t name, desc;

	while (len >= sizeof(note)) {
		memcpy(&note, notes, sizeof(note));
		name = sizeof(note);
		if (note.n_namesz > len || note.n_descsz > len)
			return;
		desc = name + padded(note.n_namesz);
		if (desc + note.n_descsz > len)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4))
			take_gnu(f, notes + desc, note.n_descsz);
		if (note.n_type == NT_GO_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "Go\0", 4))
			take_go(f, notes + desc, note.n_descsz);
		desc += padded(note.n_descsz);
		if (desc > len)
			return;
		notes += desc;
		len -= desc;
	}
}

static void search(int fd, struct found *f)
{
	uint8_t notes[NOTES_MAX];
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;

	if (!read_at(fd, &ehdr, sizeof(ehdr), 0) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) ||
	    ehdr.e_ident[EI_CLASS] != ELFCLASS64)
		return;
	for (unsigned int i = 0; i < ehdr.e_phnum && i < SEGMENTS_MAX; i++) {
		if (!read_at(fd, &phdr, sizeof(phdr),
			     ehdr.e_phoff + i * sizeof(phdr)))
			return;
		if (phdr.p_type == PT_NOTE && phdr.p_filesz <= NOTES_MAX &&
		    read_at(fd, notes, phdr.p_filesz, phdr.p_offset))
			read_notes(notes, phdr.p_filesz, f);
	}
}

static void search_path(const char *path, struct found *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return;
	search(fd, f);
	close(fd);
}

void vmw_build_id(const char *path, char *buf, size_t size)
{
	struct found f = { .id = buf, .size = size };

	memset(buf, 0, size);
	search_path(path, &f);
}

void vmw_build_id_of(int fd, char *buf, size_t size)
{
	struct found f = { .id = buf, .size = size };

	memset(buf, 0, size);
	search(fd, &f);
}

bool vmw_build_id_is_go(const char *path)
{
	char id[8] = "";
	struct found f = { .id = id, .size = sizeof(id) };

	search_path(path, &f);
	return f.go;
}
