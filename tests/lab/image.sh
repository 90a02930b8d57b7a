#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# image.sh BUILD MODULE OUT.cpio: packs the lab VM's root from this machine's
# busybox, the built programs and the libraries they need; or from $SYSROOT's, if
# they are foreign (cross.sh).
set -eu
lab=$(dirname "$0")
# shellcheck source=root.sh
. "$lab/root.sh"
build=$1 module=$2 out=$3

root=$(mktemp -d "$build/lab/root.XXXXXX")
trap 'rm -rf "$root"' EXIT

# put DIR FILE...: those that exist.
put() {
	dir=$root/$1
	shift
	mkdir -p "$dir"
	for f; do
		[ ! -f "$f" ] || cp -L "$f" "$dir"
	done
}

# put_as PATH FILE
put_as() {
	[ ! -f "$2" ] || cp -L "$2" "$root/$1"
}

# gdb with its Python, if they are here: about 100 MB, hence for the labs only.
put_gdb() {
	gdb=$(command -v gdb) || return 0
	python=$(gdb -batch -nx -ex 'python import os; print(os.path.dirname(os.__file__))')
	[ -d "$python" ] || return 0
	put usr/bin "$gdb"
	mkdir -p "$root/$python/lib-dynload"
	put "$python" "$python"/*.py
	for d in collections encodings importlib re; do
		put "$python/$d" "$python/$d"/*.py
	done
	mkdir -p "$root/usr/share/gdb"
	cp -rL /usr/share/gdb/python "$root/usr/share/gdb"
	# It handles names as UTF-32.
	for d in /usr/lib/*/gconv; do
		put "$d" "$d"/UTF-32.so "$d"/gconv-modules*
	done
}

make_skeleton "$root"
if [ -n "${SYSROOT:-}" ]; then
	put usr/bin "$SYSROOT/bin/busybox" "$SYSROOT/bin/bash"
else
	put usr/bin "$(command -v busybox)" "$(command -v bash)"
fi
put usr/bin "$build/vmwalk"
busybox --list | while read -r applet; do
	[ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
put . "$build/lab/init"
# A terminal, and what is to be known of it.
if [ -z "${SYSROOT:-}" ] && command -v tmux >/dev/null; then
	put usr/bin "$(command -v tmux)"
	for term in s/screen t/tmux-256color x/xterm-256color; do
		put usr/share/terminfo/"${term%/*}" /lib/terminfo/"$term" \
			/usr/share/terminfo/"$term"
	done
fi
put lab "$lab"/guest/*
put lib/vmwalk "$module"
put demos "$build"/demos/*
put labs "$lab"/../labs/* "$lab"/../../docs/labs/[0-9].md
put labs "$lab"/../../user/gdb/vmwalk.py
put usr/bin "$lab"/guest/lab
[ -z "${GDB:-}" ] || put_gdb
# For what draws in UTF-8 where the terminal can.
mkdir -p "$root/usr/lib/locale"
[ ! -d /usr/lib/locale/C.utf8 ] ||
	cp -rL /usr/lib/locale/C.utf8 "$root/usr/lib/locale"
put tests/targets "$build"/tests/vm/targets/*
put tests "$build/fail.so"
put tests/lib "$lab"/../vm/lib/*.sh
put tests/json-schema "$lab"/../../docs/json-schema/*
for t in "$lab"/../vm/test_* "$lab"/../stress/test_* "$lab"/../fuzz/test_*; do
	name=$(basename "${t%.*}" | sed 's/^test_//').t
	case $t in
	*.sh) put_as tests/"$name" "$t" ;;
	*.c) put_as tests/"$name" "$build/tests/vm/$name" ;;
	esac
done
mkdir -p "$root/etc" "$root/root"
echo 'root:x:0:0::/root:/bin/sh
user:x:1000:1000::/tmp:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:
user:x:1000:' >"$root/etc/group"
# These vmwalk opens when it needs them.
add_libraries "$root" "$root" libkmod.so.2 libsqlite3.so.0 libdw.so.1 \
	libncursesw.so.6
pack "$root" "$out"
