# SPDX-License-Identifier: Apache-2.0
#
# tests/faults/lib.sh - what the scenarios share. For run.sh.

# The scenario's own folder D, and what it says of itself at the end.
begin()
{
    D=$W/$1
    mkdir -p "$D/spill"
    chmod 755 "$D"
    chmod 770 "$D/spill"
    if [ "$(id -u)" = 0 ]; then
        chown www-data:www-data "$D/spill"
    fi
    : >"$D/note"
    SUM=$D/sum
    : >"$SUM"
}

note() { printf '%s ' "$*" >>"$D/note"; }
wrong()
{
    echo "not so: $*"
    BAD=1
}

# The logger as httpd starts it, for the home H (D/home).
logger()
{
    local home=${H:-$D/home}
    LOGGER=("$B/spbe-guardlog" --home "$home" --no-syslog "${AS_LOGGER[@]}"
        ${DATABASE:+--database "$DATABASE"} "${MORE[@]}")
}

# pour OPTIONS...: the load with the logger under it, to its end.
pour()
{
    local code
    logger
    "$B/tools/pourer" --work "$D" "${AS_WRITER[@]}" "$@" -- \
        "${STEPPER[@]}" "${LOGGER[@]}"
    code=$?
    [ $code -eq 0 ] || wrong "the load ended with $code: pourer $*"
    return $code
}

# The same with a --die among the options.
pour_to_death()
{
    logger
    "$B/tools/pourer" --work "$D" "${AS_WRITER[@]}" "$@" -- "${LOGGER[@]}"
    [ $? -eq 137 ] || wrong "the load was not killed: pourer $*"
}

# reckon OPTIONS...: accepted and found; the counts are added to SUM.
reckon()
{
    local line
    [ -z "$DATABASE" ] || INDEX=(--index "$DATABASE")
    line=$("$B/tools/reckon" "${KEY[@]}" "${INDEX[@]}" "$@" "${H:-$D/home}" "$D"/truth*) ||
        wrong "reckon $*: $line"
    echo "$line"
    echo "$line" >>"$SUM"
}

# A crash never looks like an attack.
verified()
{
    local code
    "$B/spbe-guardctl" --home "${H:-$D/home}" verify >"$D/verify" 2>&1
    code=$?
    if [ $code -ne 0 ] && [ $code -ne 3 ]; then
        wrong "verify ended with $code"
        cat "$D/verify"
    fi
}

# The sum of one of reckon's counts; for "longest" the greatest.
counted()
{
    awk -v name="$1" '{ for (i = 1; i < NF; i++) if ($i == name) {
        sum += $(i + 1); if ($(i + 1) > most) most = $(i + 1) } }
        END { print name == "longest" ? most : sum + 0 }' "$SUM"
}

summed()
{
    local name
    for name in accepted found duplicate spilled lost missing altered; do
        printf '%s %s ' "$name" "$(counted "$name")"
    done
}

wait_for()
{
    local i
    for i in $(seq 200); do
        "$@" 2>/dev/null && return 0
        sleep 0.1
    done
    wrong "waited in vain for: $*"
    return 1
}

not() { ! "$@"; }
is_empty() { [ -z "$(ls -A "$1")" ]; }

# Below those that the kernel gives to the visitors of other scenarios.
free_port()
{
    perl -MIO::Socket::INET -e 'my ($port, $socket);
        do { $port = 15000 + int rand 16000;
             $socket = IO::Socket::INET->new(Listen => 1,
                 LocalAddr => "127.0.0.1", LocalPort => $port) }
            until $socket;
        print $port'
}

# pick SHORT LONG
pick()
{
    if [ -n "$LONG" ]; then echo "$2"; else echo "$1"; fi
}
