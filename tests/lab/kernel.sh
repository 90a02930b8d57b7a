#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernel.sh SERIES: prints the directory in the cache that holds this kernel,
# fetching it from Debian if it is not there or not whole:
#	release		its name, as uname -r
#	vmlinuz		its image
#	build		what KDIR= takes
#	usr		where this machine's tools are too old: with those it needs
# The series "debug" is built, not fetched.
set -eu
here=$(dirname "$0")
[ "$1" != debug ] || exec "$here/debug/kernel.sh"
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=arch.sh
. "$here/arch.sh"

# Names and sizes: enough to notice a damaged or half-removed tree quickly.
manifest() {
	(cd "$1" && find . -mindepth 2 -type f -printf '%s %P\n' |
		LC_ALL=C sort | sha256sum)
}

whole() {
	[ -f "$1/manifest" ] && [ "$(manifest "$1")" = "$(cat "$1/manifest")" ]
}

newest_release() {
	in_suites "$suites" apt-cache search --names-only "^linux-image-$1\$" |
		sed -n 's/^linux-image-\([^ ]*\) .*/\1/p' | sort -V | tail -n 1
}

# column N SERIES
column() {
	awk -v n="$1" -v s="$2" '$1 == s { print $n }' \
		"$here/kernels" "$here/kernels-foreign"
}

# with_parts PACKAGE...: with those of their parts that are packages as well. Of
# a foreign kernel they are meant to be this machine's: it is to build with them.
with_parts() {
	printf '%s\n' "$@"
	in_suites "$suites" apt-cache depends "$@" |
		sed -nE 's/^ *Depends: <?(linux-(binary|headers|kbuild)-[^:>]*).*/\1/p'
}

# What the headers depend on, and what they take for granted: a /usr of its own.
with_tools() {
	in_suites "$suites" apt-get -s --no-install-recommends install "$1" \
		binutils coreutils dash findutils grep make mawk sed |
		sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

packages() {
	with_parts "linux-image-$1" "linux-headers-$1"
	[ "$2" = host ] || with_tools "linux-headers-$1"
}

fetch() {
	pattern=$(column 4 "$1")
	[ -n "$pattern" ] ||
		die "KERNEL=$1 is not known, only:" \
		    "$(awk '/^[0-9]/ { printf "%s ", $1 }' \
				"$here/kernels" "$here/kernels-foreign")"
	toolchain "$(arch_of "$pattern")"
	# shellcheck disable=SC2046 # a list of suites
	open_suites $(column 2 "$1" | tr ',' ' ')
	release=$(newest_release "$pattern")
	[ -n "$release" ] || die "no kernel named $pattern in $(column 2 "$1")"

	say "fetching Linux $release"
	wanted=$(packages "$release" "$(column 3 "$1")" | sort -u)
	new=$cache/kernel/$1.new
	rm -rf "$new"
	mkdir -p "$new/debs"
	# shellcheck disable=SC2086 # a list of packages
	(cd "$new/debs" && in_suites "$suites" apt-get download $wanted) >&2 ||
		die "cannot fetch Linux $release"
	say "unpacking Linux $release"
	for deb in "$new"/debs/*.deb; do
		dpkg -x "$deb" "$new"
	done
	rm -r "$new/debs" "${new:?}/usr/share"
	[ ! -e "$new/usr/bin/mawk" ] || ln -s mawk "$new/usr/bin/awk"

	# The headers find each other by absolute paths.
	sed -i "s,/usr/src/,$dir/usr/src/," "$new"/usr/src/*/Makefile
	ln -s "$(cd "$new" && find . -type f -name 'vmlinuz*')" "$new/vmlinuz"
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
