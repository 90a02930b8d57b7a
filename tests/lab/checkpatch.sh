#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# checkpatch.sh ARGUMENT...: the kernel's checkpatch.pl on files, out of the
# Debian source package of Linux 6.1, of which the cache keeps its three files.
set -eu
here=$(dirname "$0")
# shellcheck source=cache.sh
. "$here/cache.sh"

fetch() {
	open_suites bookworm bookworm-security
	new=$dir.new
	rm -rf "$new"
	mkdir -p "$new"
	say "fetching checkpatch.pl, inside a source package of 130 MB"
	(cd "$new" && in_suites "$suites" apt-get download linux-source-6.1) >&2
	say "unpacking checkpatch.pl"
	dpkg --fsys-tarfile "$new"/*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$new" --strip-components=2 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch'
	mkdir "$new/include"	# where it looks for names
	rm "$new"/*.deb
	rm -rf "$dir"
	mv "$new" "$dir"
}

dir=$cache/checkpatch
lock_cache
[ -f "$dir/checkpatch.pl" ] || fetch
exec 9>&-
# It leaves a list of the names in include/ behind where it runs.
trap 'rm -f .checkpatch-camelcase.*' EXIT
GIT_DIR=/nowhere perl "$dir/checkpatch.pl" --no-tree --root="$dir" --strict \
	--no-summary --quiet --show-types "$@"
