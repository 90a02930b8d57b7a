#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# coverage.sh BUILD: what of the module the run whose words are in
# BUILD/coverage/log has reached: a table, and line by line in
# BUILD/coverage/html/index.html.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
kernel=$("$lab/kernel.sh" debug)
cd "$1/coverage"
tree=$PWD/$(cat "$kernel/release")

find . -name '*.gcda' -delete
"$lab/counts.sh" log
mkdir -p html
# The compiler ran in the kernel's tree.
gcovr --root "$tree" --filter '.*/kmod/.*' --object-directory "$kernel/build" \
	--print-summary --html-details html/index.html --txt coverage.txt \
	--json-summary coverage.json "$tree"
cat coverage.txt
