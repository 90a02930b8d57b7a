#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernel.sh: as ../kernel.sh, for the debug kernel: prints the directory in the
# cache that holds it, building it from Debian's source package if it is not
# there or was built by another configuration or compiler.
#	cpu		what its processor must be like, for QEMU
set -eu
here=$(dirname "$0")
# shellcheck source=../cache.sh
. "$here/../cache.sh"
config=$(cd "$here" && pwd)/config
compiler=${CC:-gcc}

key() {
	sha256sum <"$config"
	"$compiler" -v 2>&1 | tail -n 1
}

ready() {
	[ -f "$dir/key" ] && [ "$(key)" = "$(cat "$dir/key")" ] &&
		[ -s "$dir/vmlinuz" ] && [ -f "$dir/build/Module.symvers" ]
}

# The cache's other users need not wait for more than the download.
fetch_source() {
	lock_cache
	open_suites bookworm bookworm-security
	say "fetching the source of Linux 6.1, 130 MB"
	(cd "$new" && in_suites "$suites" apt-get download linux-source-6.1) >&2
	exec 9>&-
	say "unpacking the source of Linux 6.1"
	dpkg --fsys-tarfile "$new"/*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$new/build" --strip-components=1
	rm "$new"/*.deb
}

# Every line of the fragment must have survived Kconfig.
configure() {
	KCONFIG_ALLCONFIG=$config make -s -C "$new/build" allnoconfig >&2
	lost=$(grep '^CONFIG_' "$config" | grep -vxFf "$new/build/.config" || true)
	[ -z "$lost" ] || die "this kernel does not take" "$lost"
}

compile() {
	wrapper=
	if command -v ccache >/dev/null; then
		export CCACHE_DIR="${CCACHE_DIR:-$cache/ccache}"
		wrapper='ccache '
	fi
	say "building the debug kernel: ten minutes, or two with a warm ccache"
	nice make -s -j "$(nproc)" -C "$new/build" CC="$wrapper$compiler" \
		bzImage modules >"$new/log" 2>&1 && return
	tail -n 30 "$new/log" >&2
	die "the debug kernel does not build, see $new/log"
}

# What a module's build needs stays, as in a package of headers.
prune() {
	cd "$new/build"
	cp arch/x86/boot/bzImage "$new/vmlinuz"
	make -s kernelrelease >"$new/release"
	find . -mindepth 1 -maxdepth 1 ! -name Makefile ! -name .config \
		! -name Module.symvers ! -name include ! -name scripts \
		! -name arch ! -name tools -exec rm -rf {} +
	find arch -mindepth 1 -maxdepth 1 ! -name x86 -exec rm -rf {} +
	find arch/x86 -mindepth 1 -maxdepth 1 ! -name 'Makefile*' \
		! -name include -exec rm -rf {} +
	find tools -mindepth 1 -maxdepth 1 ! -name objtool -exec rm -rf {} +
	cd - >/dev/null
}

build() {
	new=$dir.new
	rm -rf "$new"
	mkdir -p "$new/build"
	fetch_source
	configure
	compile
	prune
	# With five levels of page tables, KASAN has a false report at boot.
	echo la57=off >"$new/cpu"
	key >"$new/key"
	rm -rf "$dir"
	mv "$new" "$dir"
}

# The caller's jobserver is not handed down to here.
unset MAKEFLAGS
dir=$cache/kernel/debug
mkdir -p "$cache/kernel"
exec 8>"$dir.lock"
flock 8
ready || build
echo "$dir"
