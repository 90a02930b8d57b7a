#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One version, wherever it is written.
cd "$(dirname "$0")/../.." || exit
n=0 failed=0

# says WHERE VERSION
says() {
	n=$((n + 1))
	if [ "$2" = "$version" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1 says $2, include/version.h $version"
		failed=1
	fi
}

version=$(sed -n 's/.*VMW_VERSION "\(.*\)"/\1/p' include/version.h)
says CHANGELOG.md "$(sed -n 's/^## \([^ ]*\).*/\1/p' CHANGELOG.md | head -n 1)"
says dkms.conf "$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)"
says debian/changelog \
	"$(sed -n '1s/^vmwalk (\(.*\)).*/\1/p' debian/changelog)"
echo "1..$n"
exit $failed
