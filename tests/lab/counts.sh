#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# counts.sh LOG: unpacks what was counted in the VM whose words those are
# (guest/coverage), to where the objects lie.
set -eu
sed -n '/^#:coverage$/,/^#:covered$/{/^#:/!p}' "$1" | base64 -d | tar -C / -xz
