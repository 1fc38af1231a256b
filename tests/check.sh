#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/check.sh - every test, with one line each and a summary at the end.
#
# Called by "make -f apxs.mk check". Goes on after a failure, except of the
# build; the output of each test is in build/check/. Exits non-zero when a
# test failed or when a kind of test found nothing to run.
set -u

cd "$(dirname "$0")/.." || exit 1
B=build
MAKE=${MAKE:-make}
SELF=${SELF:-apxs.mk}
MPMS=${MPMS:-event worker prefork}
LOGS=$B/check
FAILED=()
COUNT=0
export NODE_PATH=$PWD/$B/npm/node_modules
export ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=0:detect_leaks=1}
rm -rf "$LOGS"
mkdir -p "$LOGS"

section()
{
    echo
    echo "== $*"
}

# step NAME COMMAND...: runs it, says how it went and how long it took.
step()
{
    local name=$1 log start code took
    shift
    log=$LOGS/${name//\//-}.log
    start=$SECONDS
    "$@" >"$log" 2>&1 </dev/null
    code=$?
    took=$((SECONDS - start))
    COUNT=$((COUNT + 1))
    if [ $code -eq 0 ]; then
        printf '  ok      %-34s %s\n' "$name" "$(detail "$log" $took)"
        grep -h '^NOTE' "$log" | sed 's/^/          /'
        return 0
    fi
    printf '  FAILED  %-34s exit %d, %ds: %s\n' "$name" $code $took "$log"
    tail -25 "$log" | sed 's/^/          | /'
    FAILED+=("$name")
    return 1
}

# What a test program says of itself: cmocka's number, prove's last line.
detail()
{
    local n
    n=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1 tests/p;
        s/^Files=\([0-9]*\), Tests=\([0-9]*\).*/\2 tests in \1 files/p;
        s/^checked: \(.*\)/\1/p' "$1" | tail -1)
    printf '%s%s' "${n:+$n, }" "${2}s"
}

nothing()
{
    printf '  FAILED  %-34s nothing found to run\n' "$1"
    COUNT=$((COUNT + 1))
    FAILED+=("$1")
}

#
# Build
#

section "build"
jobs=$(nproc 2>/dev/null || echo 2)
if ! $MAKE --no-print-directory -f "$SELF" -j "$jobs" all unit-programs \
    replay tools; then
    echo
    echo "BUILD FAILED"
    exit 1
fi

section "unit tests (ASan, UBSan)"
found=
for t in tests/unit/*_test.c; do
    [ -e "$t" ] || continue
    found=yes
    name=$(basename "$t" .c)
    step "unit/$name" "$B/tests/$name"
done
[ -n "$found" ] || nothing unit

section "fuzz targets, seeds replayed"
found=
for t in tests/fuzz/fuzz_*.c; do
    [ -e "$t" ] || continue
    found=yes
    name=$(basename "$t" .c)
    step "fuzz/$name" "$B/fuzz/$name" "tests/fuzz/$name.in"
done
[ -n "$found" ] || nothing fuzz

section "guards"
found=
for t in tests/guards/*.sh tests/guards/*.pl; do
    [ -x "$t" ] || continue
    found=yes
    step "guards/$(basename "$t")" "$t"
done
[ -n "$found" ] || nothing guards

section "httpd (Apache::Test)"
if [ -x t/run ]; then
    for mpm in $MPMS; do
        step "t/$mpm" t/run "$mpm"
    done
else
    nothing t
fi

section "a second reader, in Python"
if [ -x tests/reader/run.sh ]; then
    step reader tests/reader/run.sh
else
    nothing reader
fi

section "faults, the short form (at length: make -f $SELF faults)"
if [ -x tests/faults/run.sh ]; then
    step faults tests/faults/run.sh
    grep -hE '^(not )?ok ' "$LOGS/faults.log" | sed 's/^/          /'
else
    nothing faults
fi

section "browser (Chromium)"
found=
for t in tests/browser/*.test.js; do
    [ -e "$t" ] || continue
    found=yes
    step "browser/$(basename "$t" .test.js)" node "$t"
done
[ -n "$found" ] || nothing browser

echo
if [ ${#FAILED[@]} -eq 0 ]; then
    echo "ALL PASSED: $COUNT steps in ${SECONDS}s"
    exit 0
fi
echo "FAILED ${#FAILED[@]} of $COUNT steps in ${SECONDS}s: ${FAILED[*]}"
exit 1
