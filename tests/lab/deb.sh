#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# deb.sh OUT: builds the Debian packages into the directory OUT, out of a copy of
# the sources, and has lintian look at them.
set -eu
lab=$(dirname "$0")
# shellcheck source=cache.sh
. "$lab/cache.sh"
top=$lab/../..
mkdir -p "$1"
out=$(cd "$1" && pwd)

version=$(dpkg-parsechangelog -l "$top/debian/changelog" -S Version)
tree=$out/vmwalk-$version
rm -rf "$out"
mkdir -p "$tree"
(cd "$top" && cp -r Kbuild Makefile dkms.conf README.md CHANGELOG.md COPYING \
	debian docs include kmod man user -t "$tree")
say "building vmwalk $version as packages, log in $out/log"
(cd "$tree" && unset MAKEFLAGS BUILD && dpkg-buildpackage -us -uc -b) \
	>"$out/log" 2>&1 || {
	tail -n 30 "$out/log" >&2
	die "dpkg-buildpackage failed"
}
rm -rf "$tree"
lintian --fail-on error --allow-root "$out"/*.changes
ls "$out"/*.deb
