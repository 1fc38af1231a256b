#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# guards/includes.sh - who may include whom, and that headers stand alone.
#
# The direction: text < input, failure < record < store; httpd takes all but
# store (its query.h excepted), logger and ctl are programs. Only httpd/ may
# name the server's headers and functions.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 lines=0 headers=0

declare -A may=(
    [text]="text"
    [input]="input text"
    [failure]="failure text"
    [record]="record failure input text"
    [store]="store record text"
    [httpd]="httpd record failure input text"
    [logger]="logger store record failure text"
    [ctl]="ctl store record failure input text"
)

say()
{
    echo "$*"
    bad=1
}

for file in $(find mod_spbe_guard -name '*.[ch]' | sort); do
    part=${file#mod_spbe_guard/}
    part=${part%%/*}
    allowed=${may[$part]:-}
    [ -n "$allowed" ] || { say "$file: no rule for $part/"; continue; }
    while IFS=: read -r n target; do
        lines=$((lines + 1))
        [ "$part:$target" = httpd:store/query.h ] && continue
        [ "$target" = builtin_files.h ] && continue # made by the build
        case " $allowed " in
        *" ${target%%/*} "*) ;;
        *) say "$file:$n: $part/ may not include $target" ;;
        esac
        [ -e "mod_spbe_guard/$target" ] ||
            say "$file:$n: $target is not ours: write <...>, or the folder"
    done < <(sed -n 's/^# *include "\([^"]*\)".*/\1/p;t;s/.*//p' "$file" |
        grep -n .)
    if [ "$part" != httpd ]; then
        # Comments may speak of the server; code may not.
        if sed 's|//.*||' "$file" | perl -0pe 's{/\*.*?\*/}{}gs; s/"(\\.|[^"\\])*"//g' |
            grep -nE '<(httpd|http_[a-z]+|ap_[a-z]+|mod_[a-z]+)\.h>|\bap_[a-z_]+ *\(|\brequest_rec\b|\bserver_rec\b'; then
            say "$file: names the server outside of httpd/"
        fi
    fi
done

flags="-std=gnu11 -D_GNU_SOURCE -Imod_spbe_guard -I$(apxs -q INCLUDEDIR)"
flags="$flags $(pkg-config --cflags apr-1 apr-util-1 libcjson libpcre2-8 libhs)"
for file in $(find mod_spbe_guard -name '*.h' | sort); do
    headers=$((headers + 1))
    ${CC:-cc} $flags -Wall -Wextra -Werror -Wno-unused-parameter \
        -Wno-unused-function -fsyntax-only -x c \
        -include "$file" /dev/null || say "$file: does not compile alone"
done

if [ $lines -lt 50 ] || [ $headers -lt 10 ]; then
    say "only $lines includes and $headers headers found: wrong folder?"
fi
echo "checked: $lines includes, $headers headers"
exit $bad
