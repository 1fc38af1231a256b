#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/statics.sh - no mutable statics: workers are threads of one process.
#
# Reads the sections of what was compiled. Allowed are the names below, each
# with its reason.
set -u
cd "$(dirname "$0")/../.." || exit 1

# spbe_guard_module: httpd fills it in.
# thread.o current: the one thread-local struct, for the crash handler.
# thread.o process: written once in child_init, before any thread runs.
# crash.o before: the same; a signal handler gets no argument of ours.
# crash.o heard: in the parent only, which has one thread.
allowed='mod_spbe_guard.o .* spbe_guard_module|thread.o .* current'
allowed="$allowed|thread.o .* process|crash.o .* before|crash.o .* heard"

objects=$(find build/o/mod_spbe_guard -name '*.o' 2>/dev/null | while read -r o; do
    [ -e "${o#build/o/}" ] || [ -e "$(echo "${o#build/o/}" | sed 's/o$/c/')" ] && echo "$o"; done)
[ -n "$objects" ] || { echo "no objects: build first"; exit 1; }

found=$(for o in $objects; do
    objdump -t "$o" | awk -v o="$o" '
        $0 ~ / O / {
            for (i = 2; i <= NF; i++)
                if ($i ~ /^\.(data|bss|tbss|tdata)(\.|$)/ &&
                    $i !~ /^\.data\.rel\.ro/)
                    print o, $i, $NF
        }'
done)
bad=$(echo "$found" | grep -v '^$' | grep -vE "/($allowed)\$")
if [ -n "$bad" ]; then
    echo "mutable statics:"
    echo "$bad"
    exit 1
fi
echo "checked: $(echo "$objects" | wc -l) objects"
