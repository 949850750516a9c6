#!/bin/bash
# test-install.sh - `make install` into an empty folder: the program works from elsewhere without the source tree, and a
# program of somebody else compiles against library and headers with pkg-config.
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/lib.sh install
unset SYNFIRE_DATA SYNFIRE_CACHE
holds "make install" make --no-print-directory install DESTDIR="$work" PREFIX=/opt/synfire
at=$work/opt/synfire
holds "no build output and no training data in it" [ -z "$(find "$at" -name '*.o' -o -name '*idx3-ubyte')" ]

elsewhere() { (cd "$work" && HOME=$work/home XDG_CACHE_HOME= "$@"); }
mkdir "$work/home"
holds "demo logic" elsewhere "$at/bin/synfire" demo logic
holds "built files go to the user's cache" [ -d "$work/home/.cache/synfire" ]
cache=$work/home/.cache/synfire
made() { # made NAME: RTL and the mirror made for its parameters; what is on standard error goes to $work/err
  holds "$1" elsewhere env SYNFIRE_CACHE="$cache" SYNFIRE_MIRROR=made "${as[@]}" "$at/bin/synfire" check --random 2 --seed 1 \
    --config "$at/share/synfire/configs/tiny.json" --fst "$(mktemp -u)" 2>"$work/err"
}
as=()
made "check, with a mirror made for its parameters"
holds "nothing to say about it" [ ! -s "$work/err" ]
holds "it lies beside the RTL" [ -n "$(ls "$cache"/rtl/mirror-*.so)" ]
# Where nobody may write to the cache, what is in it serves; a mirror that is not in it is replaced by the program's own.
chmod -R a+rX "$work"
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); else chmod a-w "$cache/rtl"; fi
made "check, with a cache that is read-only"
holds "nothing to say about that either" [ ! -s "$work/err" ]
[ -w "$cache/rtl" ] || chmod u+w "$cache/rtl"
rm "$cache"/rtl/mirror-*.so
[ ${#as[@]} -gt 0 ] || chmod a-w "$cache/rtl"
made "check, with a cache that is read-only and without the mirror in it"
chmod u+w "$cache/rtl"
holds "one line about it" [ "$(grep -c '^synfire: the mirror is not made for its parameters' "$work/err")-$(wc -l <"$work/err")" = 1-1 ]
holds "explore, with its page" elsewhere "$at/bin/synfire" explore "$at/share/synfire/explore/quick.json" --steps model --out sweep
holds "the page is there" [ -s "$work/sweep/report.html" ]
holds "info" elsewhere "$at/bin/synfire" info "$at/share/synfire/data/mnist-240.h5"


# The library, with DESTDIR taken for a file system that is mounted at its place: the package file names PREFIX alone.
pc=$at/lib/pkgconfig/synfire.pc
version=$(awk '$2 ~ /^SF_VERSION_(MAJOR|MINOR|PATCH)$/ { printf "%s%s", dot, $3; dot = "." }' cmodel/include/synfire/version.h)
holds "the package file names the prefix" grep -qx 'prefix=/opt/synfire' "$pc"
sed -i "s|^prefix=.*|prefix=$at|" "$pc"
flags() { PKG_CONFIG_PATH=$at/lib/pkgconfig pkg-config "$@" synfire; }
holds "the package has the version of version.h" [ "$(flags --modversion)" = "$version" ]
holds "and so has the library" [ -f "$at/lib/libsynfire.so.$version" ]
holds "the link for the loader leads to it" [ "$(readlink -f "$at/lib/libsynfire.so.${version%%.*}")" = \
  "$(readlink -f "$at/lib/libsynfire.so.$version")" ]
holds "the link for the linker, too" [ "$(readlink -f "$at/lib/libsynfire.so")" = "$(readlink -f "$at/lib/libsynfire.so.$version")" ]
holds "all public headers are there" diff -r cmodel/include/synfire "$at/include/synfire"

example=$at/share/synfire/examples/library/digits.c
data=$at/share/synfire/data
digits() { # digits PROGRAM: what it prints about 100 digits
  (cd "$work" && LD_LIBRARY_PATH=$at/lib "$1" "$data/mnist-240.h5" "$data/mnist-test.h5" 100)
}
# shellcheck disable=SC2046
holds "the example compiles against the shared library" \
  gcc -std=c11 -Wall -Wextra -Werror "$example" $(flags --cflags --libs) -o "$work/digits"
said=$(digits "$work/digits")
echo "     $said"
holds "and recognises digits" grep -qE '^(100|9[5-9]) of 100 digits right' <<<"$said"
mkdir "$work/static"
cp "$at/lib/libsynfire.a" "$work/static/"
# shellcheck disable=SC2046
holds "the example compiles against the static library" \
  gcc -std=c11 "$example" "-L$work/static" $(flags --cflags --static --libs | sed "s|-L$at/lib||") -o "$work/digits-static"
holds "and does without the shared one" [ -z "$(ldd "$work/digits-static" | grep libsynfire)" ]
holds "and says the same" [ "$(digits "$work/digits-static")" = "$said" ]

# The program in cmodel/README.md, by the model's own interface.
{
  printf '#include <stdio.h>\n#include <synfire/model.h>\nint main(void) {\n'
  sed -n '/^    sf_msg msg;/,/^    sf_network_free(net);/p' cmodel/README.md
  printf 'return 0;\n}\n'
} >"$work/and.c"
# shellcheck disable=SC2046
holds "the program in cmodel/README.md compiles" gcc -std=c11 -Wall "$work/and.c" $(flags --cflags --libs) -o "$work/and"
holds "and prints what it says there" [ "$(LD_LIBRARY_PATH=$at/lib "$work/and")" = "tick 0: 1 spikes" ]
closing_line
