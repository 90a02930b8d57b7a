#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# go.sh VERSION: prints the GOROOT of that Go in the cache, "1.27", fetching it
# from the Debian that has it if it is not there or not whole.
set -eu
here=$(dirname "$0")
# shellcheck source=cache.sh
. "$here/cache.sh"

suites_of() {
	case $1 in
	1.15) echo bullseye bullseye-security ;;
	1.19) echo bookworm bookworm-security ;;
	1.24 | 1.25 | 1.26 | 1.27) echo trixie trixie-backports ;;
	*) die "Go $1 is not known, only 1.15, 1.19, 1.24 to 1.27" ;;
	esac
}

fetch() {
	# shellcheck disable=SC2046 # a list of suites
	open_suites $(suites_of "$1")
	say "fetching Go $1"
	new=$dir.new
	rm -rf "$new"
	mkdir -p "$new/debs"
	(cd "$new/debs" &&
		in_suites "$suites" apt-get download "golang-$1-go" \
			"golang-$1-src") >&2 || die "cannot fetch Go $1"
	for deb in "$new"/debs/*.deb; do
		dpkg -x "$deb" "$new"
	done
	rm -r "$new/debs"
	rm -rf "$dir"
	mv "$new" "$dir"
	touch "$dir/whole"
}

dir=$cache/toolchain/go-$1
suites_of "$1" >/dev/null
lock_cache
[ -f "$dir/whole" ] || fetch "$1"
echo "$dir/usr/lib/go-$1"
