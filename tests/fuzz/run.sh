#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/fuzz/run.sh SECONDS FUZZER... - libFuzzer on each parser in turn.
#
# Starts from the seeds in tests/fuzz/fuzz_X.in/ and keeps what it learns in
# build/corpus/; a crash is left in build/corpus/X.crash-*, to become a seed
# once it is understood. Exits non-zero when one crashed or none was given.
set -u
seconds=$1
shift
[ $# -gt 0 ] || { echo "no fuzz targets" >&2; exit 1; }
bad=0
for f in "$@"; do
    name=$(basename "$f")
    corpus=build/corpus/$name
    mkdir -p "$corpus"
    printf '  %-22s ' "$name"
    if "$f" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$corpus." \
        "$corpus" "tests/fuzz/$name.in" >"$corpus.log" 2>&1; then
        echo "ok, $(sed -n 's/^stat::number_of_executed_units: //p' \
            "$corpus.log") inputs"
    else
        echo "FAILED: $corpus.log"
        tail -20 "$corpus.log" | sed 's/^/    | /'
        bad=1
    fi
done
exit $bad
