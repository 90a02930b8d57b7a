// SPDX-License-Identifier: GPL-2.0
#include "build_id.h"

#include <ctype.h>
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOTES_MAX	4096	/* bytes, of a segment of notes */
#define SEGMENTS_MAX	64
#define NT_GO_BUILD_ID	4

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
	memset(buf, 0, size);
	for (size_t i = 0; i < len && 2 * i + 2 < size; i++)
		sprintf(buf + 2 * i, "%02x", id[i]);
}

/*
 * Go's linker writes no build-id unless told to, but one of its own: hashes in
 * base64, with slashes between them, the last of what was linked.
 */
static void print_go(const uint8_t *id, size_t len, char *buf, size_t size)
{
	const uint8_t *slash = memrchr(id, '/', len);
	const size_t skip = slash ? slash + 1 - id : 0;

	memset(buf, 0, size);
	for (size_t i = skip; i < len && i - skip + 4 < size; i++)
		if (!isalnum(id[i]) && !strchr("_-", id[i]))
			return;
	if (len > skip)
		snprintf(buf, size, "go:%.*s", (int)(len - skip), id + skip);
}

/*
 * Looks through @len bytes of notes; whoever made the file made their lengths.
 * True: no better one will come.
 */
static bool find_note(const uint8_t *notes, size_t len, char *buf, size_t size)
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
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4)) {
			print(notes + desc, note.n_descsz, buf, size);
			return true;
		}
		if (note.n_type == NT_GO_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "Go\0", 4))
			print_go(notes + desc, note.n_descsz, buf, size);
		desc += padded(note.n_descsz);
		if (desc > len)
			return false;
		notes += desc;
		len -= desc;
	}
	return false;
}

static void search(int fd, char *buf, size_t size)
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
		    read_at(fd, notes, phdr.p_filesz, phdr.p_offset) &&
		    find_note(notes, phdr.p_filesz, buf, size))
			return;
	}
}

void vmw_build_id(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	memset(buf, 0, size);
	if (fd < 0)
		return;
	search(fd, buf, size);
	close(fd);
}

void vmw_build_id_of(int fd, char *buf, size_t size)
{
	memset(buf, 0, size);
	search(fd, buf, size);
}
