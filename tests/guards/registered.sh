#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/registered.sh - every unit test that is written is also run, and every
# fuzz target has seeds.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 n=0

for file in tests/unit/*_test.c; do
    [ -e "$file" ] || continue
    for name in $(sed -n 's/^static void \([a-z0-9_]*\)(void \*\*[a-z]*).*/\1/p' "$file"); do
        n=$((n + 1))
        grep -qE "cmocka_unit_test[a-z_]*\($name\b" "$file" || {
            echo "$file: $name is written but not in the list of tests"
            bad=1
        }
    done
    grep -q cmocka_run_group_tests "$file" || {
        echo "$file: runs no tests"
        bad=1
    }
done

targets=0
for file in tests/fuzz/fuzz_*.c; do
    [ -e "$file" ] || continue
    targets=$((targets + 1))
    seeds=$(find "${file%.c}.in" -type f 2>/dev/null | wc -l)
    [ "$seeds" -ge 3 ] || {
        echo "$file: $seeds seeds in ${file%.c}.in/, three are wanted"
        bad=1
    }
done

if [ $n -lt 50 ] || [ $targets -lt 3 ]; then
    echo "only $n test functions and $targets fuzz targets found: wrong folder?"
    bad=1
fi
echo "checked: $n test functions, $targets fuzz targets"
exit $bad
