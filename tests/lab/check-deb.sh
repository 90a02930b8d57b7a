#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check-deb.sh BUILD SERIES...: installs the packages in a clean Debian 12 with
# the headers of these kernels, has DKMS build the module for each, loads that in
# the lab VM, and removes the packages. Says how it went for tally.awk. The clean
# Debian is kept in the cache. For root: it is a chroot.
set -u
lab=$(dirname "$0")
# shellcheck source=cache.sh
. "$lab/cache.sh"
[ "$(id -u)" = 0 ] || die "to install packages in a clean root takes root"
build=$1
shift
debs=$build/deb
root=$debs/root share=$debs/share
trap 'rm -rf "$root" "$share"' EXIT
n=0 failed=0

# test NAME COMMAND...
test() {
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$debs/out" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 30 "$debs/out" | sed 's/^/# /'
		failed=1
	fi
}

# begin NAME, end NAME: a program, as tally.awk sees it.
begin() {
	echo "#:begin $1"
}

end() {
	echo "1..$n"
	echo "#:end $1 $failed"
	n=0 failed=0
}

# inside COMMAND...: in the clean Debian. All that it starts ends with it.
inside() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --pid --fork --kill-child sh -ec '
		mount -t proc proc "$0/proc"
		exec chroot "$0" "$@"' "$root" env -i PATH=/usr/sbin:/usr/bin \
		DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@" </dev/null
}

release() {
	cat "$cache/kernel/$1/release"
}

headers() {
	for series; do
		echo "linux-headers-$(release "$series")"
	done
}

# Debian with apt and these headers, as a tar archive; with the names of those.
make_clean() {
	open_suites bookworm bookworm-security
	mkdir -p "$cache/clean"
	say "making a clean Debian 12 with $(echo "$wanted" | tr '\n' ' ')"
	mmdebstrap --quiet --variant=apt --mode=root \
		--aptopt='APT::Install-Recommends "false"' \
		--include="$(echo "$wanted" | tr '\n' ,)" \
		bookworm "$clean.new.tar" "$suites/sources.list" >&2 || return
	mv "$clean.new.tar" "$clean"
	echo "$wanted" >"$cache/clean/wanted"
}

unpack_clean() {
	rm -rf "$root" "$share"
	mkdir "$root" "$share"
	tar -C "$root" -xf "$clean" || die "cannot unpack $clean"
	cp /etc/resolv.conf "$root/etc"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	cp "$debs"/vmwalk_*.deb "$debs"/vmwalk-dkms_*.deb "$root/tmp"
}

install_packages() {
	inside apt-get -q update && inside sh -c \
		'apt-get -qy --no-install-recommends install /tmp/*.deb'
}

# The packages' own script builds for one kernel where none of them runs.
built() {
	inside dkms autoinstall -k "$1" &&
		inside dkms status -m vmwalk -k "$1" | grep installed
}

aliased() {
	inside modprobe -S "$1" -R net-pf-16-proto-16-family-vmwalk |
		grep '^vmwalk$'
}

client() {
	inside vmwalk --version &&
		inside cat /usr/share/man/man1/vmwalk.1.gz \
			/usr/share/man/man4/vmwalk.4.gz \
			/usr/share/bash-completion/completions/vmwalk >/dev/null
}

# What the VM takes over from there.
take() {
	rm -rf "${share:?}"/*
	mkdir -p "$share/modules/$1"
	cp "$root/usr/bin/kmod" "$root/usr/bin/vmwalk" "$share"
	cp -r "$root/lib/modules/$1/updates" "$root/lib/modules/$1"/modules.* \
		"$share/modules/$1"
}

in_vm() {
	SHARE=$share "$lab/boot.sh" "$build" "$1" "/lab/installed deb/$1" 2>&1
	echo "#:vm deb/$1 $?"
}

removed() {
	inside apt-get -qy purge vmwalk vmwalk-dkms
	! find "$root/lib/modules" "$root/var/lib/dkms" "$root/usr/src" \
		-name '*vmwalk*' | grep .
}

for series; do
	"$lab/kernel.sh" "$series" >/dev/null || exit
done
clean=$cache/clean/bookworm.tar wanted=$(headers "$@")
lock_cache
[ -f "$clean" ] && [ "$(cat "$cache/clean/wanted")" = "$wanted" ] ||
	make_clean || die "cannot make a clean Debian"
unpack_clean
exec 9>&-

begin deb/install
test 'installed by apt' install_packages
test 'client, manuals, completion' client
for series; do
	test "DKMS builds it for $(release "$series")" built "$(release "$series")"
	test 'which modprobe knows by its family' aliased "$(release "$series")"
done
end deb/install

for series; do
	take "$(release "$series")"
	in_vm "$series"
done

begin deb/remove
test 'purged without a trace' removed
end deb/remove
