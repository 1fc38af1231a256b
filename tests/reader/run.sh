#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# reader/run.sh - a second reader, written from store/FORMAT.md in another
# language, opens and verifies what the first has written, and finds what was
# altered where spbe-guardctl verify finds it.
set -u

cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
D=$(mktemp -d) || exit 1
trap 'rm -rf "$D"' EXIT
bad=0 n=0
READ=tests/reader/read_archive.py

ok()
{
    local what=$1
    shift
    n=$((n + 1))
    if "$@"; then
        echo "ok $what"
    else
        echo "not ok $what"
        bad=1
    fi
}

same()
{
    [ "$1" = "$2" ] || { echo "  '$1' is not '$2'"; return 1; }
}

read_archive()
{
    python3 $READ "$@"
}

ctl()
{
    "$B/spbe-guardctl" verify "$@" --json
}

# member NAME: of a JSON object on stdin.
member()
{
    python3 -c 'import json, sys
value = json.loads(sys.stdin.readlines()[-1])
for name in sys.argv[1].split("."):
    value = value[int(name)] if isinstance(value, list) else (value or {}).get(name)
print(value)' "$1"
}

mkdir "$D/home"
for name in daily recovery stranger; do
    openssl genpkey -algorithm X25519 -out "$D/$name.key" 2>/dev/null
    openssl pkey -in "$D/$name.key" -pubout >>"$D/$name.pub" 2>/dev/null
done
cat "$D/daily.pub" "$D/recovery.pub" >"$D/recipients.pem"
make_archive()
{
    "$B/tools/sample" "$D/home" "$D/recipients.pem" >"$D/said"
}
ok "an archive is made" make_archive
grep -E '^[0-9]+:[0-9a-f]{64}$' "$D/said" >"$D/heads"
ok "with many groups" test "$(wc -l <"$D/heads")" -gt 30
ok "in many segments" test "$(find "$D/home/archive" -name '*.jsonl' | wc -l)" -gt 5
first=$(sed -n 1p "$D/home/first.pub")
printed=$(sed -n 2p "$D/home/first.pub")

# Both readers, on a copy without anything secret.
mkdir "$D/copy"
cp -r "$D/home/archive" "$D/copy/"
heads=()
while read -r head; do
    heads+=(--head "$head")
done <"$D/heads"
ctl --archive "$D/copy" --first-key "$printed" "${heads[@]}" >"$D/ours"
same_code=$?
read_archive "$D/copy" --first-key "$first" "${heads[@]}" >"$D/theirs"
ok "the second reader finds it intact" same $? 0
ok "as the first does, but for three lines nobody kept" test $same_code -le 3
ok "no finding of weight" same "$(member broken <"$D/ours")" 0
ok "the same head" same "$(member head <"$D/ours")" "$(member head <"$D/theirs")"
ok "the same groups" same "$(member groups <"$D/ours")" "$(member groups <"$D/theirs")"
ok "the same entries" same "$(member entries <"$D/ours")" "$(member entries <"$D/theirs")"
ok "purged groups are seen" test "$(member purged <"$D/theirs")" -gt 3
ok "all heads agree" same "$(member heads_confirmed <"$D/ours")" "$(wc -l <"$D/heads")"
ok "the printed key is read" read_archive "$D/copy" --first-key "$printed" >/dev/null
wrong=$(sed 's/^A/B/; t; s/^./A/' <<<"$first")
ok "another key is refused" same "$(read_archive "$D/copy" --first-key "$wrong" | member found.0.what)" wrong-key

# Opened with the private key of each recipient, and with none other.
for name in daily recovery; do
    read_archive "$D/copy" --first-key "$first" --key "$D/$name.key" --records >"$D/$name.out"
    ok "$name opens what was not purged" python3 - "$D/$name.out" "$D/said" <<'PY'
import json, re, sys
records = [json.loads(line) for line in open(sys.argv[1])][:-1]
seen = {r['h']['n']: r for r in records if 'n' in r['h']}
opened = {n for n, r in seen.items() if r.get('opened')}
for n in opened:
    assert seen[n]['d']['message'] == f'rahasia {n}', n
    assert len(seen[n]['d']['pad']) == (8000 if n % 7 == 0 else 0), n
assert opened and max(seen) == 60, seen.keys()
# In order: details purged, bodies purged, all the rest there.
shut = set(range(1, 61)) - opened
gone = set(range(1, 61)) - set(seen)
assert shut == set(range(1, max(shut) + 1)) and len(opened) > 30, (shut, opened)
assert gone and gone < shut and max(gone) == max(shut), (gone, shut)
PY
done
read_archive "$D/copy" --first-key "$first" --key "$D/stranger.key" --records >"$D/stranger.out"
ok "a stranger opens nothing" same "$(grep -c '"opened": true' "$D/stranger.out")" 0

# alter LABEL GROUP COMMAND...: both name the same group.
alter()
{
    local label=$1 group=$2
    shift 2
    rm -rf "$D/copy/archive"
    cp -r "$D/home/archive" "$D/copy/"
    "$@"
    ok "$label: spbe-guardctl" same "$(ctl --archive "$D/copy" --first-key "$first" "${heads[@]}" | member first_bad.group)" "$group"
    ok "$label: the second reader" same "$(read_archive "$D/copy" --first-key "$first" "${heads[@]}" | member found.0.group)" "$group"
}

file_of()
{
    grep -l "^{\"g\":$1," "$D"/copy/archive/*.jsonl
}

edit()
{
    local file line
    file=$(file_of 25)
    line=$(grep -n '^{"g":25,' "$file" | cut -d: -f1)
    sed -i "$((line - 1))s/\"kind\":\"error\"/\"kind\":\"other\"/" "$file"
}

drop_group()
{
    local file line before
    file=$(file_of 25)
    line=$(grep -n '^{"g":25,' "$file" | cut -d: -f1)
    before=$(grep -n '^{"g":24,' "$file" | cut -d: -f1)
    sed -i "$((before + 1)),${line}d" "$file"
}

flip_signature()
{
    sed -i '/^{"g":25,/{s/"s":"A/"s":"B/;t;s/"s":"./"s":"A/}' "$(file_of 25)"
}

cut_tail()
{
    local file
    file=$(file_of 31)
    sed -i '/^{"g":30,/q' "$(file_of 30)"
    [ "$file" = "$(file_of 30)" ] || rm -f "$file"
    for file in "$D"/copy/archive/*.jsonl; do
        grep -q '^{"g":\([1-9]\|[12][0-9]\|30\),' "$file" || rm -f "$file"
    done
}

alter "an edited entry" 25 edit
alter "a removed group" 25 drop_group
alter "an altered signature" 25 flip_signature

# The orders stood in the tail: what they purged is without order now, too.
rm -rf "$D/copy/archive"
cp -r "$D/home/archive" "$D/copy/"
cut_tail
ctl --archive "$D/copy" --first-key "$first" "${heads[@]}" >"$D/ours"
ok "a removed tail: spbe-guardctl" grep -q '"kind":"head-missing","group":31,' "$D/ours"
read_archive "$D/copy" --first-key "$first" "${heads[@]}" >"$D/theirs"
ok "a removed tail: the second reader" grep -q '"group": 31, "what": "head missing"' "$D/theirs"
ok "its orders are missed: spbe-guardctl" grep -q '"kind":"purged","group":1,' "$D/ours"
ok "its orders are missed: the second reader" grep -q '"group": 1, "what": "purged without order"' "$D/theirs"
echo "checked: $n claims"
exit $bad
