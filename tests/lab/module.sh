#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# module.sh KDIR OUT [MAKE ARGUMENT]...: builds the module for the kernel whose
# headers are in KDIR and prints the path of the result. Kbuild builds beside
# the sources, so it gets a tree of links to them: OUT/RELEASE. TOP=directory
# has other sources, MODULE=name another module.
set -eu
# shellcheck source=arch.sh
. "$(dirname "$0")/arch.sh"
top=$(cd "${TOP:-$(dirname "$0")/../..}" && pwd)

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
case ${MODULE:=vmwalk} in
vmwalk) cp -rsf "$top/Kbuild" "$top/kmod" "$top/include" "$dir" ;;
*) cp -rsf "$top"/* "$dir" ;;
esac
find "$dir" -xtype l -delete

# Where the headers came with their tools, that /usr takes the place of this
# machine's for the build alone. Else this machine's compiler will do: Debian's
# headers name that of their own release, which need not be here.
# shellcheck disable=SC2016,SC2086 # for the inner shell; an option or none
in_own_usr() {
	[ "$(id -u)" = 0 ] && as= || as=--map-root-user
	unshare $as --mount true || {
		echo "vmwalk: to build for this kernel takes a mount namespace" >&2
		exit 1
	}
	unshare $as --mount sh -ec 'mount --rbind "$0" /usr; exec "$@"' "$usr" "$@"
}

usr=${kdir%/build}/usr
if [ -x "$usr/bin/make" ]; then
	where=in_own_usr
else
	where=
	set -- CC="${CC:-gcc}" "$@"
fi
# Where it was built is not told, so that the bytes are the same everywhere.
abs=$(cd "$dir" && pwd)
set -- KCFLAGS="-fdebug-prefix-map=$abs=. -fmacro-prefix-map=$abs=." "$@"

# The caller's jobserver is not handed down to here.
unset MAKEFLAGS
toolchain "$(arch_of "$release")"
# shellcheck disable=SC2086 # a list of arguments
$where make --no-print-directory -j "$(nproc)" -C "$kdir" \
	M="$abs" W=1 "$@" $kbuild modules >&2
echo "$dir/$MODULE.ko"
