#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check-ynl.sh BUILD SERIES: the spec is one by the kernel's own schema, and the
# kernel tree's own client, driven by it, agrees with vmwalk in the lab VM. For
# tally.awk. Python is this machine's; only what ynl imports of it goes to the VM.
set -u
lab=$(dirname "$0")
top=$lab/../..
build=$1 series=$2
python=/usr/bin/python3
share=$build/ynl
spec=$top/include/vmwalk.yaml

ynl=$("$lab/ynl.sh") || exit

# Python, without what only its first lines would import.
bare() {
	PYTHONPATH=/usr/lib/python3/dist-packages "$python" -S -B "$@"
}

# Prints "ok", or what the schema does not like.
validate() {
	bare - "$ynl/Documentation/netlink/genetlink-legacy.yaml" "$spec" <<-'END'
	import sys, yaml, jsonschema
	schema, spec = (yaml.safe_load(open(name)) for name in sys.argv[1:])
	jsonschema.validate(spec, schema)
	END
}

# The files of the modules that compare.py and ynl have imported.
modules() {
	bare - "$ynl/tools/net/ynl" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	import json, os, signal, subprocess, traceback
	from lib import YnlFamily, NlError
	for module in list(sys.modules.values()):
	    name = getattr(module, "__file__", None)
	    if name and name.startswith("/usr/lib/python3"):
	        print(name)
	END
}

fill_share() {
	rm -rf "$share"
	mkdir -p "$share/usr/bin"
	cp -L "$python" "$share/usr/bin/python3"
	modules | sort -u | xargs cp --parents -t "$share" || return
	cp -r "$ynl/tools/net/ynl" "$share/ynl"
	cp "$top/tests/ynl/compare.py" "$spec" "$share"
}

echo "#:begin ynl/schema"
if why=$(validate 2>&1); then
	echo "ok 1 - the spec is one by the kernel's schema"
else
	echo "not ok 1 - the spec is one by the kernel's schema"
	echo "$why" | sed 's/^/# /'
fi
echo 1..1
echo "#:end ynl/schema 0"

fill_share || exit
SHARE=$share LOG=$build/ynl/kernel.log "$lab/boot.sh" "$build" "$series" \
	"/lab/ynl ynl/compare" 2>&1
echo "#:vm ynl $?"
