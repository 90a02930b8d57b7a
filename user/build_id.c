// SPDX-License-Identifier: GPL-2.0
#include "build_id.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOTES_MAX	4096	/* bytes, of a segment of notes */
#define SEGMENTS_MAX	64
#define GO_BUILD_ID	4	/* type of the note that Go's linker leaves */

static bool read_at(int fd, void *buf, size_t len, uint64_t at)
{
	return pread(fd, buf, len, at) == (ssize_t)len;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void print(const uint8_t *id, size_t len, char *buf, size_t size)
{
	for (size_t i = 0; i < len && 2 * i + 2 < size; i++)
		sprintf(buf + 2 * i, "%02x", id[i]);
}

/* Whose note, and which of theirs; what it holds, in hexadecimal. */
struct wanted {
	const char *name;
	uint32_t type;
	char *buf;
	size_t size;
};

/* Looks through @len bytes of notes; whoever made the file made their lengths. */
static bool find_note(const uint8_t *notes, size_t len, const struct wanted *w)
{
	Elf64_Nhdr note;
	size_t name, desc;

	while (len >= sizeof(note)) {
		memcpy(&note, notes, sizeof(note));
		if (note.n_namesz > len || note.n_descsz > len)
			return false;
		name = sizeof(note);
		desc = name + padded(note.n_namesz);
		if (desc + note.n_descsz > len)
			return false;
		if (note.n_type == w->type && note.n_namesz == 4 &&
		    !memcmp(notes + name, w->name, 4)) {
			print(notes + desc, note.n_descsz, w->buf, w->size);
			return true;
		}
		desc += padded(note.n_descsz);
		if (desc > len)
			return false;
		notes += desc;
		len -= desc;
	}
	return false;
}

static bool search(int fd, const struct wanted *w)
{
	uint8_t notes[NOTES_MAX];
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;

	if (!read_at(fd, &ehdr, sizeof(ehdr), 0) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) ||
	    ehdr.e_ident[EI_CLASS] != ELFCLASS64)
		return false;
	for (unsigned int i = 0; i < ehdr.e_phnum && i < SEGMENTS_MAX; i++) {
		if (!read_at(fd, &phdr, sizeof(phdr),
			     ehdr.e_phoff + i * sizeof(phdr)))
			return false;
		if (phdr.p_type == PT_NOTE && phdr.p_filesz <= NOTES_MAX &&
		    read_at(fd, notes, phdr.p_filesz, phdr.p_offset) &&
		    find_note(notes, phdr.p_filesz, w))
			return true;
	}
	return false;
}

static bool look_for(const char *path, const struct wanted *w)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool found;

	if (fd < 0)
		return false;
	found = search(fd, w);
	close(fd);
	return found;
}

void vmw_build_id(const char *path, char *buf, size_t size)
{
	const struct wanted w = { "GNU", NT_GNU_BUILD_ID, buf, size };

	memset(buf, 0, size);
	look_for(path, &w);
}

bool vmw_build_id_is_go(const char *path)
{
	char id[8];
	const struct wanted w = { "Go\0", GO_BUILD_ID, id, sizeof(id) };

	return look_for(path, &w);
}
