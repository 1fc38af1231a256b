#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/symbols.sh - the module gives away one symbol, and everything that is
# installed is hardened.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

so=build/mod_spbe_guard.so
[ -e $so ] || { echo "$so: build first"; exit 1; }
names=$(nm -D --defined-only $so | awk '{print $NF}' | sort | tr '\n' ' ')
if [ "$names" != "spbe_guard_module " ]; then
    echo "$so exports: $names"
    bad=1
fi

n=0
for f in $so build/spbe-guardlog build/spbe-guardctl; do
    n=$((n + 1))
    headers=$(readelf -Wld "$f")
    check()
    {
        grep -qE "$2" <<<"$headers" || { echo "$f: $1"; bad=1; }
    }
    check "no RELRO" GNU_RELRO
    check "binds lazily" 'BIND_NOW|FLAGS.*NOW'
    check "no GNU_STACK" 'GNU_STACK +0x0+ 0x0+ 0x0+ 0x0+ 0x0+ RW '
    check "not position independent" 'Elf file type is DYN'
    nm -D "$f" | grep -q __stack_chk_fail || {
        echo "$f: no stack protector"
        bad=1
    }
    nm -D "$f" | grep -qE '__[a-z]+_chk' || {
        echo "$f: nothing fortified"
        bad=1
    }
    if grep -qE 'RPATH|RUNPATH|TEXTREL' <<<"$headers"; then
        echo "$f: RPATH or TEXTREL"
        bad=1
    fi
done
echo "checked: $n files"
exit $bad
