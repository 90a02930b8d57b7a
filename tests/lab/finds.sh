#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# finds.sh WORDS COMMAND...: that an analyser says WORDS of what is planted for it,
# whatever its status. One that does not would say nothing of anything else either.
words=$1
shift
said=$("$@" 2>&1)
case $said in
*"$words"*) exit 0 ;;
esac
echo "$1 does not find what is planted: $words" >&2
printf '%s\n' "$said" | head -n 5 >&2
exit 1
