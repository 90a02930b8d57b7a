#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# coverage.sh BUILD: what of the module the run whose words are in
# BUILD/coverage/log has reached: a table, and line by line in
# BUILD/coverage/index.html.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1/coverage"

find . -name '*.gcda' -delete
sed -n '/^#:coverage$/,/^#:covered$/{/^#:/!p}' log | base64 -d | tar -C / -xz
# shellcheck disable=SC2035 # one directory, named by the kernel's release
gcovr --root "$top" --filter "$top/kmod/" --exclude-unreachable-branches \
	--exclude-throw-branches --print-summary --html-details index.html \
	--txt coverage.txt --json-summary coverage.json .
cat coverage.txt
