# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced: what image.sh and lab.sh share in building parts of the VM's root.

# The merged /usr, so that every path a program may name leads somewhere.
make_skeleton() {
	mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/lib64"
	ln -s usr/bin "$1/bin"
	ln -s usr/bin "$1/sbin"
	ln -s bin "$1/usr/sbin"
	ln -s usr/lib "$1/lib"
	ln -s usr/lib64 "$1/lib64"
}

# add_libraries ROOT DIR [LIBRARY]...: the shared libraries of the programs below
# DIR, each where the program looks for it, and those that one opens for itself.
# Foreign programs cannot be asked: all there are.
add_libraries() {
	if [ -n "${SYSROOT:-}" ]; then
		to=$(realpath "$1")
		(cd "$SYSROOT" && find lib usr/lib \
			\( -name '*.so.[0-9]*' -o -name '*-[0-9]*.so' \) -exec \
			cp -P --parents -t "$to" {} +)
		return
	fi
	to=$1 programs=$2
	shift 2
	{
		# ldd fails of programs that need none.
		find "$programs" -type f -perm -u+x -exec ldd {} + || :
		for lib; do
			lib=$(gcc -print-file-name="$lib")
			ldd "$lib"
			echo "$lib => $lib"
		done
	} 2>/dev/null |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 }
		     $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' |
		sort -u |
		while read -r lib; do
			[ -e "$to$lib" ] && continue
			mkdir -p "$to$(dirname "$lib")"
			cp -L "$lib" "$to$lib"
		done
}

# pack ROOT OUT.cpio
pack() {
	(cd "$1" && find . | LC_ALL=C sort |
		cpio --quiet -o -H newc -R 0:0) >"$2.$$"
	mv "$2.$$" "$2"
}
