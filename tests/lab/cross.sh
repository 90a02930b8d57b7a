#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# cross.sh ARCH COMMAND...: runs it with an environment to build for a foreign
# architecture: against libraries of Debian's packages, unpacked in the cache.
set -eu
here=$(dirname "$0")
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=arch.sh
. "$here/arch.sh"

packages="libc6-dev libnl-3-dev libnl-genl-3-dev libkmod-dev libncurses-dev libsqlite3-dev
	libdw-dev libelf-dev libyajl-dev libcmocka-dev libyaml-dev libbpf-dev bash
	busybox-static"

fetch() {
	open_suites bookworm bookworm-security
	new=$sysroot.new
	rm -rf "$new"
	mkdir -p "$new/debs/partial"
	say "fetching libraries for $arch"
	# shellcheck disable=SC2046 # a list of packages
	in_suites "$suites" apt-get -qq -o Dir::Cache::Archives="$new/debs" -y \
		--no-install-recommends --download-only install \
		$(for p in $packages; do echo "$p:$arch"; done) >&2
	for deb in "$new"/debs/*_"$arch".deb; do
		dpkg -x "$deb" "$new"
	done
	rm -r "$new/debs" "$new/usr/share/doc"
	echo "$packages" >"$new/packages"
	rm -rf "$sysroot"
	mv "$new" "$sysroot"
}

arch=$1
shift
toolchain "$arch"
sysroot=$cache/sysroot/$arch
lock_cache
[ "$(cat "$sysroot/packages" 2>/dev/null)" = "$packages" ] || fetch
exec 9>&-

libdir=$sysroot/usr/lib/$triplet
export CC="$triplet-gcc --sysroot=$sysroot" SYSROOT="$sysroot" GOARCH="$arch"
export PKG_CONFIG_SYSROOT_DIR="$sysroot" \
	PKG_CONFIG_LIBDIR="$libdir/pkgconfig:$sysroot/usr/share/pkgconfig"
exec "$@"
