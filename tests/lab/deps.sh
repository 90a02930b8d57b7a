#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# deps.sh [PACKAGE]...: installs what the build, the lab VM and the checks need
# from Debian, or names it where there is no apt. The lab's kernels are not
# installed but cached, see kernel.sh.
set -eu
# shellcheck source=cache.sh
. "$(dirname "$0")/cache.sh"

packages="gcc make libc6-dev pkg-config libnl-3-dev libnl-genl-3-dev
	libkmod-dev libdw-dev libelf-dev libncurses-dev libsqlite3-dev libyajl-dev
	libcmocka-dev libyaml-dev libbpf-dev golang-go qemu-system-x86
	busybox-static chromium chromium-driver cpio fish kmod mandoc pahole sparse
	perl python3-prometheus-client shellcheck tmux xz-utils zsh $*"

commands="gcc make pkg-config go qemu-system-x86_64 busybox cpio sparse perl
	shellcheck tmux xz pahole"
libraries="libnl-3.0 libnl-genl-3.0 libkmod libdw libelf sqlite3 yajl
	ncursesw cmocka yaml-0.1 libbpf"

missing_packages() {
	for p in $packages; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = \
		  installed ] || printf ' %s' "$p"
	done
}

missing_tools() {
	for c in $commands; do
		command -v "$c" >/dev/null || printf ' %s' "$c"
	done
	for l in $libraries; do
		pkg-config --exists "$l" 2>/dev/null || printf ' %s' "$l.pc"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "neither root nor sudo: cannot run $*"
	fi
}

if ! command -v apt-get >/dev/null; then
	missing=$(missing_tools)
	[ -z "$missing" ] && exit 0
	die "no apt here; install yourself:$missing"
fi

missing=$(missing_packages)
[ -z "$missing" ] && exit 0
say "installing from Debian:$missing"
as_root apt-get -q -o DPkg::Lock::Timeout=600 update >&2
# shellcheck disable=SC2086 # a list of packages
as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	-o DPkg::Lock::Timeout=600 --no-install-recommends \
	install $missing </dev/null >&2
