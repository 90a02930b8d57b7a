#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boot.sh BUILD SERIES [COMMAND]: lab.sh on that kernel, with the module built
# for it and whatever else has been built by now. Into another directory, MODULES,
# the module may be built in another way: KBUILD_ARGS.
set -eu
lab=$(dirname "$0")
build=$1 series=$2
shift 2

mkdir -p "$build/lab"
kernel=$("$lab/kernel.sh" "$series")
# shellcheck disable=SC2086 # a list of arguments
module=$("$lab/module.sh" "$kernel/build" "${MODULES:-$build/module}" ${KBUILD_ARGS:-})
image=$build/lab/$series.cpio
"$lab/image.sh" "$build" "$module" "$image"
exec "$lab/lab.sh" "$kernel" "$image" "$@"
