#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernel.sh SERIES: prints the directory in the cache that holds this kernel,
# fetching it from Debian if it is not there or not whole:
#	release		its name, as uname -r
#	vmlinuz		its image
#	build		what KDIR= takes
set -eu
here=$(dirname "$0")
# shellcheck source=cache.sh
. "$here/cache.sh"

# Names and sizes: enough to notice a damaged or half-removed tree quickly.
manifest() {
	(cd "$1" && find boot lib usr -type f -printf '%s %p\n' |
		LC_ALL=C sort | sha256sum)
}

whole() {
	[ -f "$1/manifest" ] && [ "$(manifest "$1")" = "$(cat "$1/manifest")" ]
}

newest_release() {
	in_suites "$suites" apt-cache search --names-only "^linux-image-$1\$" |
		sed -n 's/^linux-image-\([^ ]*\) .*/\1/p' | sort -V | tail -n 1
}

# The headers and the parts of them that are packages of their own.
headers_packages() {
	echo "linux-headers-$1"
	in_suites "$suites" apt-cache depends "linux-headers-$1" |
		sed -nE 's/^ *Depends: (linux-(headers|kbuild)-.*)/\1/p'
}

fetch() {
	row=$(awk -v s="$1" '$1 == s { print $2, $3 }' "$here/kernels")
	[ -n "$row" ] ||
		die "KERNEL=$1 is not known, only:" \
		    "$(awk '/^[0-9]/ { printf "%s ", $1 }' "$here/kernels")"
	# shellcheck disable=SC2046 # a list of suites
	open_suites $(echo "${row% *}" | tr ',' ' ')
	release=$(newest_release "${row#* }")
	[ -n "$release" ] || die "no kernel named ${row#* } in ${row% *}"

	say "fetching Linux $release"
	new=$cache/kernel/$1.new
	rm -rf "$new"
	mkdir -p "$new/debs"
	# shellcheck disable=SC2046 # a list of packages
	(cd "$new/debs" && in_suites "$suites" apt-get download \
		"linux-image-$release" $(headers_packages "$release")) >&2 ||
		die "cannot fetch Linux $release"
	say "unpacking Linux $release"
	for deb in "$new"/debs/*.deb; do
		dpkg -x "$deb" "$new"
	done
	rm -r "$new/debs" "$new/usr/share/doc"

	# The headers find each other by absolute paths.
	sed -i "s,/usr/src/,$dir/usr/src/," "$new"/usr/src/*/Makefile
	ln -s "boot/vmlinuz-$release" "$new/vmlinuz"
	ln -s "usr/src/linux-headers-$release" "$new/build"
	echo "$release" >"$new/release"
	manifest "$new" >"$new/manifest"
	rm -rf "$dir"
	mv "$new" "$dir"
}

dir=$cache/kernel/$1
lock_cache
whole "$dir" || fetch "$1"
echo "$dir"
