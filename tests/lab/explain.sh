#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain.sh SERIES: TAP: what the table of explanations places in a header of
# that kernel is there: members of structures, inline functions, macros and
# enumerators. The VM's test explain looks up the rest.
set -u
lab=$(dirname "$0")
# shellcheck source=arch.sh
. "$lab/arch.sh"

# has NAME FILE: only definitions count, not uses.
has() {
	name=${1%()}
	case $1 in
	*.*)
		grep -qE "^(typedef )?(struct|union) ${1%.*} \{" "$2" &&
			grep -qwF "${1#*.}" "$2"
		;;
	*) grep -qE "^#[[:space:]]*define[[:space:]]+$name\>|\
^[[:space:]]+$name( =|,|\$)|^([[:alnum:]_].*[ *])?$name\(" "$2" ;;
	esac
}

# find_header FILE: prints its path; Debian's headers are in two trees.
find_header() {
	for tree in "$kernel"/usr/src/linux-headers-* "$kernel/build"; do
		[ ! -f "$tree/$1" ] || { echo "$tree/$1"; return; }
	done
	echo /dev/null
}

kernel=$("$lab/kernel.sh" "$1") || exit
release=$(cat "$kernel/release")
case $(arch_of "$release") in
amd64) machine=x86_64 ;;
arm64) machine=aarch64 ;;
esac

n=0 failed=0
# result STATUS NAME
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

while read -r name file; do
	has "$name" "$(find_header "$file")"
	result $? "$name in $file"
done <<EOF
$(awk -v series="$release" -v machine="$machine" \
	-f "$lab/../../user/model/explain.awk" "$lab/../../user/model/explain.tbl" | grep '\.h$' | sort -u)
EOF
for name in mm_struct.vmw_none vmw_none.brk 'vmw_none()' VMW_NONE; do
	! has $name "$(find_header include/linux/mm_types.h)"
	result $? "noticed that there is no $name"
done
echo "1..$n"
exit $failed
