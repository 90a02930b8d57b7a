#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boot.sh BUILD SERIES [COMMAND]: lab.sh on that kernel, with the module built
# for it and whatever else has been built by now.
set -eu
lab=$(dirname "$0")
build=$1 series=$2
shift 2

mkdir -p "$build/lab"
kernel=$("$lab/kernel.sh" "$series")
module=$("$lab/module.sh" "$kernel/build" "$build/module")
image=$build/lab/$series.cpio
"$lab/image.sh" "$build" "$module" "$image"
exec "$lab/lab.sh" "$kernel" "$image" "$@"
