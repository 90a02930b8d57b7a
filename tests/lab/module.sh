#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# module.sh KDIR OUT [MAKE ARGUMENT]...: builds the module for the kernel whose
# headers are in KDIR and prints the path of the result. Kbuild builds beside
# the sources, so it gets a tree of links to them: OUT/RELEASE.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)

kdir=$1 out=$2
shift 2
utsrelease=$kdir/include/generated/utsrelease.h
[ -f "$utsrelease" ] || {
	echo "vmwalk: no kernel headers in $kdir" >&2
	exit 1
}
release=$(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' "$utsrelease")
dir=$out/$release
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
cp -rsf "$top/Kbuild" "$top/kmod" "$top/include" "$dir"
find "$dir" -xtype l -delete
# Debian's headers name the compiler of their own release, which need not be
# here. The caller's jobserver is not handed down to here.
unset MAKEFLAGS
make --no-print-directory -j "$(nproc)" -C "$kdir" \
	M="$(cd "$dir" && pwd)" CC="${CC:-gcc}" W=1 "$@" modules >&2
echo "$dir/vmwalk.ko"
