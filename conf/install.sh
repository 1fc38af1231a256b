#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# conf/install.sh install|uninstall - put the results of the build where
# Debian's apache2 expects them, or take them away again.
#
# Called by apxs.mk. Enables nothing and reloads nothing: that is for a2enmod
# and the administrator. A spbe_guard.conf that was edited is never overwritten
# nor removed, and records in /var/lib/spbe-guard, what waits to become one in
# /var/spool/spbe-guard, and keys in /etc/spbe-guard are never removed.
#
# Without DESTDIR the system user spbe-guard is made, whom the logger becomes
# once it has opened what it needs; a package does that in its postinst.
set -eu

D=${DESTDIR:-}
B=${B:-build}
LIBEXEC=${LIBEXEC:-/usr/lib/apache2/modules}
CONF=/etc/apache2/mods-available
SHARE=/usr/share/spbe-guard
STATE=/var/lib/spbe-guard
SPOOL=/var/spool/spbe-guard
KEYS=/etc/spbe-guard
OWNER=spbe-guard
GROUP=www-data

need_root()
{
    if [ -z "$D" ] && [ "$(id -u)" -ne 0 ]; then
        echo "$1: needs root: sudo make -f apxs.mk $1" >&2
        exit 1
    fi
}

# Is the settings file still as some version of ours shipped it?
unedited()
{
    cmp -s "$D$CONF/spbe_guard.conf" "$D$SHARE/spbe_guard.conf"
}

install_settings()
{
    if [ ! -e "$D$CONF/spbe_guard.conf" ] || unedited; then
        install -m 644 conf/spbe_guard.conf "$D$CONF/spbe_guard.conf"
        rm -f "$D$CONF/spbe_guard.conf.dist"
    elif cmp -s conf/spbe_guard.conf "$D$CONF/spbe_guard.conf"; then
        rm -f "$D$CONF/spbe_guard.conf.dist"
    else
        install -m 644 conf/spbe_guard.conf "$D$CONF/spbe_guard.conf.dist"
        echo "kept your $CONF/spbe_guard.conf; the new one: spbe_guard.conf.dist"
    fi
    # What was shipped last, to tell an edit from an older version.
    install -D -m 644 conf/spbe_guard.conf "$D$SHARE/spbe_guard.conf"
}

make_user()
{
    if getent passwd $OWNER >/dev/null; then
        return
    fi
    if command -v adduser >/dev/null &&
        adduser --system --group --no-create-home --home $STATE $OWNER \
            >/dev/null; then
        echo "made the system user $OWNER: the logger runs as it"
    else
        echo "no system user $OWNER could be made: the logger will run as root." \
            "Later: adduser --system --group --no-create-home --home $STATE" \
            "$OWNER"
    fi
}

# Modes hold everywhere; owners only on a real system.
make_folders()
{
    [ -d "$D$STATE" ] || install -d -m 2750 "$D$STATE"
    [ -d "$D$SPOOL" ] || install -d -m 770 "$D$SPOOL"
    [ -d "$D$KEYS" ] || install -d -m 755 "$D$KEYS"
    [ -z "$D" ] || return 0
    if getent group $GROUP >/dev/null; then
        chown $GROUP:$GROUP $SPOOL
        ! getent passwd $OWNER >/dev/null || chown $OWNER:$GROUP $STATE
        chmod 2750 $STATE
    fi
}

do_install()
{
    need_root install
    install -d "$D$LIBEXEC" "$D$CONF" "$D/usr/sbin" "$D/usr/bin"
    install -m 644 "$B/mod_spbe_guard.so" "$D$LIBEXEC/"
    install -m 755 "$B/spbe-guardlog" "$D/usr/sbin/"
    install -m 755 "$B/spbe-guardctl" "$D/usr/bin/"
    sed "s|/usr/lib/apache2/modules|$LIBEXEC|" conf/spbe_guard.load \
        >"$D$CONF/spbe_guard.load"
    chmod 644 "$D$CONF/spbe_guard.load"
    install_settings
    [ -n "$D" ] || make_user
    make_folders
    cat <<TEXT
installed. Next:
  spbe-guardctl init          first: keys, or no details are kept
  a2enmod spbe_guard && apachectl configtest && systemctl restart apache2
  spbe-guardctl doctor        what is in force, and what is missing
  spbe-guardctl list          the records
TEXT
}

# Settings of sites that would no longer be understood.
still_used()
{
    [ -d "$D/etc/apache2" ] || return 0
    grep -rlis '^[[:space:]]*SpbeGuard' "$D/etc/apache2/apache2.conf" \
        "$D/etc/apache2/sites-enabled" "$D/etc/apache2/conf-enabled" || true
}

do_uninstall()
{
    need_root uninstall
    if [ -e "$D/etc/apache2/mods-enabled/spbe_guard.load" ]; then
        if [ -z "$D" ] && command -v a2dismod >/dev/null; then
            a2dismod -q -f spbe_guard
        else
            rm -f "$D/etc/apache2/mods-enabled/spbe_guard.load" \
                "$D/etc/apache2/mods-enabled/spbe_guard.conf"
        fi
        echo "module disabled; to be reloaded: systemctl reload apache2"
    fi
    if unedited; then
        rm -f "$D$CONF/spbe_guard.conf"
    elif [ -e "$D$CONF/spbe_guard.conf" ]; then
        echo "kept your edited $CONF/spbe_guard.conf"
    fi
    rm -f "$D$LIBEXEC/mod_spbe_guard.so" "$D/usr/sbin/spbe-guardlog" \
        "$D/usr/bin/spbe-guardctl" "$D$CONF/spbe_guard.load" \
        "$D$CONF/spbe_guard.conf.dist" "$D$SHARE/spbe_guard.conf"
    rmdir "$D$SHARE" 2>/dev/null || true
    files=$(still_used)
    if [ -n "$files" ]; then
        echo "these still use SpbeGuard directives; take them out before" \
            "the next reload, or put them in <IfModule spbe_guard_module>:"
        echo "$files" | sed 's/^/  /'
    fi
    echo "uninstalled. The records stay in $STATE and $SPOOL, the public keys" \
        "in $KEYS; delete them yourself if the law lets you."
    [ -n "$D" ] || ! getent passwd $OWNER >/dev/null ||
        echo "The user $OWNER stays, who owns them; later: deluser $OWNER"
}

case ${1:-} in
install) do_install ;;
uninstall) do_uninstall ;;
*)
    echo "usage: conf/install.sh install|uninstall" >&2
    exit 2
    ;;
esac
