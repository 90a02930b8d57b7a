#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# ynl.sh: prints the directory in the cache that holds the kernel tree's own netlink
# client, tools/net/ynl, as Debian's source package of Linux 6.12 has it.
set -eu
here=$(dirname "$0")
# shellcheck source=cache.sh
. "$here/cache.sh"

fetch() {
	open_suites bookworm bookworm-security
	new=$dir.new
	rm -rf "$new"
	mkdir -p "$new"
	say "fetching ynl, inside a source package of 150 MB"
	(cd "$new" && in_suites "$suites" apt-get download linux-source-6.12) >&2
	say "unpacking ynl"
	dpkg --fsys-tarfile "$new"/*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$new" --strip-components=1 --wildcards \
			'*/tools/net/ynl' '*/Documentation/netlink' \
			'*/scripts/coccinelle' '*/scripts/coccicheck'
	rm "$new"/*.deb
	rm -rf "$dir"
	mv "$new" "$dir"
}

dir=$cache/ynl
lock_cache
[ -d "$dir/tools/net/ynl" ] || fetch
echo "$dir"
