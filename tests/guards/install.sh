#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/install.sh - install and uninstall under a DESTDIR: everything lands
# where Debian's apache2 looks, httpd accepts the shipped settings, an edited
# settings file survives, and nothing but data stays behind.
set -u
cd "$(dirname "$0")/../.." || exit 1
D=$(mktemp -d "${TMPDIR:-/tmp}/spbe-install.XXXXXX") || exit 1
trap 'rm -rf "$D"' EXIT
bad=0 n=0
CONF=$D/etc/apache2/mods-available/spbe_guard.conf
HTTPD=${HTTPD:-/usr/sbin/apache2}
LIBEXEC=$(apxs -q LIBEXECDIR)

ok()
{
    n=$((n + 1))
    if ! "${@:2}" >"$D.out" 2>&1; then
        echo "not so: $1"
        cat "$D.out"
        bad=1
    fi
    rm -f "$D.out"
}
mode_is() { [ "$(stat -c %a "$2")" = "$1" ]; }
not() { ! "$@"; }
setup() { DESTDIR=$D LIBEXEC=$LIBEXEC conf/install.sh "$1"; }

ok "installs" setup install
ok "module" mode_is 644 "$D$LIBEXEC/mod_spbe_guard.so"
ok "logger" mode_is 755 "$D/usr/sbin/spbe-guardlog"
ok "tool" mode_is 755 "$D/usr/bin/spbe-guardctl"
ok "load file" grep -q "^LoadModule spbe_guard_module $LIBEXEC/" "${CONF%conf}load"
ok "settings" cmp conf/spbe_guard.conf "$CONF"
ok "state folder is not for everybody" mode_is 2750 "$D/var/lib/spbe-guard"
ok "nor is the spill folder" mode_is 770 "$D/var/spool/spbe-guard"
ok "public keys may be read" mode_is 755 "$D/etc/spbe-guard"
users=$(getent passwd)
ok "says that init comes first" sh -c \
    "DESTDIR=$D LIBEXEC=$LIBEXEC conf/install.sh install | grep -q 'spbe-guardctl init'"
ok "makes no user under a DESTDIR" test "$(getent passwd)" = "$users"

# httpd reads the installed files.
mkdir -p "$D/logs"
{
    for m in mpm_event authz_core; do
        echo "LoadModule ${m}_module $LIBEXEC/mod_$m.so"
    done
    sed "s|$LIBEXEC|$D$LIBEXEC|" "${CONF%conf}load"
    cat "$CONF"
    printf 'ServerName localhost\nListen 127.0.0.1:65000\nErrorLog %s\n' \
        "$D/logs/error.log"
    printf 'PidFile %s\nDefaultRuntimeDir %s\n' "$D/pid" "$D"
} >"$D/httpd.conf"
ok "httpd accepts the shipped settings" "$HTTPD" -t -f "$D/httpd.conf"
ok "configtest writes no record" not ls "$D/var/lib/spbe-guard/"*

# Every line that is a default is accepted as well when it is switched on; the
# file of public keys is what init would have made.
openssl genpkey -algorithm X25519 2>/dev/null |
    openssl pkey -pubout -out "$D/recipients.pem"
sed "s/^#Spbe/Spbe/; s|/etc/spbe-guard/recipients.pem|$D/recipients.pem|" \
    "$CONF" >"$D/all.conf"
sed "s|^SpbeGuardFailure|&|; /^SpbeGuard/d; /IfModule spbe/d" "$D/httpd.conf" |
    cat - "$D/all.conf" >"$D/httpd-all.conf"
ok "httpd accepts the defaults as they are written" \
    "$HTTPD" -t -f "$D/httpd-all.conf"
ok "at least six defaults are written" \
    test "$(grep -c '^#Spbe' "$CONF")" -ge 6

# An edited file is kept, the new one comes beside it; one that is not edited
# follows the new version.
echo "# edited" >>"$CONF"
ok "installs again" setup install
ok "an edit survives" grep -q '^# edited' "$CONF"
ok "the new one is beside it" cmp conf/spbe_guard.conf "$CONF.dist"
printf '# older version\n' >"$CONF"
cp "$CONF" "$D/usr/share/spbe-guard/spbe_guard.conf"
ok "installs over an older version" setup install
ok "an unedited file is renewed" cmp conf/spbe_guard.conf "$CONF"
ok "no .dist is left" not test -e "$CONF.dist"

mkdir -p "$D/var/lib/spbe-guard/archive"
touch "$D/var/lib/spbe-guard/archive/00000000000000000000.jsonl" \
    "$D/var/spool/spbe-guard/x.part" "$D/etc/spbe-guard/recipients.pem"
ok "uninstalls" setup uninstall
ok "records stay" test -e "$D/var/lib/spbe-guard/archive/00000000000000000000.jsonl"
ok "what waits to become one stays" test -e "$D/var/spool/spbe-guard/x.part"
ok "the keys stay" test -e "$D/etc/spbe-guard/recipients.pem"
rm -rf "$D/var/spool/spbe-guard" "$D/etc/spbe-guard"
rm -rf "$D/var/lib/spbe-guard" "$D/httpd.conf" "$D/httpd-all.conf" \
    "$D/all.conf" "$D/recipients.pem" "$D/logs" "$D/pid"
ok "nothing else stays" test -z "$(find "$D" -type f)"
echo "checked: $n claims"
exit $bad
