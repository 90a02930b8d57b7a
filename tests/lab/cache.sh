# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced: the cache of fetched things, outside the checkout, and an apt that
# has its own state there, so that any suite can be fetched on any Debian.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/vmwalk

say() {
	echo "vmwalk: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# Held until the script ends.
lock_cache() {
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock -n 9 && return
	say "waiting for another run to finish with $cache"
	flock 9
}

# archive LABEL: where this machine gets that Debian archive from, if it does.
archive() {
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --format '$(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 'Origin: Debian' |
		awk -v label="$1" '$1 == label { print $2; exit }'
}

# mirror SUITE: the archive that has it; VMWALK_MIRROR names another one. Where
# only the main archive is known, the security archive lies beside it.
mirror() {
	case $1 in
	*-security) label=Debian-Security suffix=-security ;;
	*) label=Debian suffix= ;;
	esac
	[ -n "${VMWALK_MIRROR:-}" ] || ! archive $label | grep . || return 0
	main=${VMWALK_MIRROR:-$(archive Debian)}
	echo "${main:+${main%/}$suffix}"
}

# in_suites DIR TOOL ARGUMENTS...: an apt tool that knows only DIR's sources, and
# beside amd64 the architecture $foreign, if set.
in_suites() {
	apt_dir=$1 apt_tool=$2
	shift 2
	"$apt_tool" -q -o Dir::State="$apt_dir" -o Dir::Cache="$apt_dir/cache" \
		-o Dir::State::status=/dev/null \
		-o Dir::Etc::SourceList="$apt_dir/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o APT::Architecture=amd64 \
		-o APT::Architectures="amd64${foreign:+,$foreign}" \
		-o APT::Sandbox::User=root -o Acquire::Languages=none \
		-o APT::Update::Error-Mode=any "$@"
}

# open_suites SUITE...: sets $suites, a DIR for in_suites, with fresh indexes.
open_suites() {
	command -v apt-get >/dev/null || die "apt-get is needed to fetch from Debian"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f $keyring ] || die "$keyring is missing: install debian-archive-keyring"
	suites=$cache/apt/$(echo "$*${foreign:+ $foreign}" | tr ' ' '+')
	mkdir -p "$suites/lists/partial" "$suites/cache/archives/partial"
	for suite; do
		uri=$(mirror "$suite")
		[ -n "$uri" ] ||
			die "apt knows no Debian mirror for $suite: run apt-get" \
			    "update, or set VMWALK_MIRROR=http://host/debian"
		echo "deb [signed-by=$keyring] $uri $suite main"
	done >"$suites/sources.list"
	say "reading the package index of $*"
	in_suites "$suites" apt-get update >"$suites/log" 2>&1 && return
	cat "$suites/log" >&2
	if grep -q 'expired' "$suites/log"; then
		die "the mirror's index is out of date: set VMWALK_MIRROR to" \
		    "another, or 'Acquire::Check-Valid-Until \"false\";' in apt.conf"
	fi
	die "cannot read the package index of $*"
}
