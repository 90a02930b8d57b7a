#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# tidy-module.sh KDIR OBJECT [SOURCE]: clang-tidy on the source of OBJECT, which Kbuild has
# made for the kernel whose headers are in KDIR; or on SOURCE, as if that were it. It is
# given the flags of the build, but for those of gcc's code generator, which clang does
# not have, and warnings, which are the build's business.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
object=$(readlink -f "$2")
command=$(sed -n 's/^\(saved\)*cmd_[^ ]* := //p;q' \
	"$(dirname "$object")/.$(basename "$object").cmd" | sed 's/ ; .*//')
source=$(readlink -f "${3:-${object%.o}.c}")

flags=$(printf '%s\n' "$command" | tr ' ' '\n' | sed '1d;/^-c$/,$d' | grep -vE \
	'^-(W|O|g|pg|m(preferred|skip|record|indirect|function|harden|fentry|tune)|f(conserve|no-allow|harden|trivial|min-function|stack|macro|debug))')
# Right after kconfig.h, wherever that is.
flags=$(printf '%s\n' "$flags" | sed "s,.*/linux/kconfig\.h\$,& -include $lab/tidy.h,")

cd "$1"
# What is quoted in the command is quoted for a shell.
# shellcheck disable=SC2086
eval "set -- $(printf '%s ' $flags | sed "s/'/'\\\\''/g; s/'\\\\''/'/g")"
# The sources are links: findings are told by where the build has them.
clang-tidy --quiet --config-file="$lab/../../.clang-tidy" "$source" -- "$@" -Wno-everything
