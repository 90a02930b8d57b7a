#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# reproducible.sh BUILD SERIES: builds the module in two directories whose names differ
# in length, and compares what comes out.
set -eu
lab=$(dirname "$0")
kernel=$("$lab/kernel.sh" "$2")
rm -rf "$1/once" "$1/reproduced-elsewhere"
first=$("$lab/module.sh" "$kernel/build" "$1/once" -s)
second=$("$lab/module.sh" "$kernel/build" "$1/reproduced-elsewhere" -s)
cmp "$first" "$second"
sha256sum "$first" | sed 's/ .*/ for both/'
rm -rf "$1/once" "$1/reproduced-elsewhere"
