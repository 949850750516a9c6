#!/bin/bash
# test_library.sh - what the shared library exports is what the public headers declare and cmodel/libsynfire.map lists,
# no more and no less; every public header compiles on its own, as C11 and (synfire.h) as C++.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh library
make -s --no-print-directory build/libsynfire.so || exit 2
headers=cmodel/include/synfire

# Declarations: comments and preprocessor lines away, then everything that ends in ");" and is not inside a body.
cat "$headers"/*.h | sed -e 's|//.*||' -e '/^ *#/d' | tr '\n' ' ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' |
  grep -oE '[a-z_0-9 *]+[ *]sf_[a-z0-9_]+\([^{};]*\)[^{};]*[;{]' | grep ';$' | grep -v 'return' |
  grep -oE 'sf_[a-z0-9_]+\(' | tr -d '(' | sort -u >"$work/declared"
sed -n 's/^    \(sf_[a-z0-9_]*\);$/\1/p' cmodel/libsynfire.map | sort >"$work/listed"
nm -D --defined-only build/libsynfire.so | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"

same() { # same FILE FILE: shows what is on one side only
  diff "$1" "$2" | sed -n -e "s|^< |  only in $(basename "$1"): |p" -e "s|^> |  only in $(basename "$2"): |p"
  cmp -s "$1" "$2"
}
holds "at least 50 functions are declared" [ "$(wc -l <"$work/declared")" -ge 50 ]
holds "every function of the public headers is listed in cmodel/libsynfire.map" same "$work/declared" "$work/listed"
holds "every function that is listed is exported, and nothing else" same "$work/listed" "$work/exported"

major=$(awk '$2 == "SF_VERSION_MAJOR" { print $3 }' $headers/version.h)
soname() { readelf -d build/libsynfire.so | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'; }
holds "the shared object's name has the major version" [ "$(soname)" = "libsynfire.so.$major" ]
holds "and so has the node of its symbols" grep -q "^SYNFIRE_$major {" cmodel/libsynfire.map

included() { # every header but the umbrella itself
  local h missing=0
  for h in "$headers"/*.h; do
    h=$(basename "$h")
    [ "$h" = synfire.h ] || grep -q "^#include \"synfire/$h\"" $headers/synfire.h || { echo "  not included: $h"; missing=1; }
  done
  return $missing
}
holds "synfire.h includes every public header" included

for h in "$headers"/*.h; do
  printf '#include <synfire/%s>\nint main(void) { return 0; }\n' "$(basename "$h")" >"$work/alone.c"
  holds "$(basename "$h") compiles alone" gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
    -Icmodel/include -c "$work/alone.c" -o "$work/alone.o"
done
cat >"$work/plus.cc" <<'C'
#include <synfire/synfire.h>
int main() {
  uint32_t number = 0;
  return *sf_version(&number) && number == SF_VERSION_NUMBER ? 0 : 1;
}
C
holds "synfire.h compiles as C++" g++ -std=c++11 -Wall -Wextra -Werror -Icmodel/include -c "$work/plus.cc" -o "$work/plus.o"
holds "and its functions are found" g++ "$work/plus.o" build/libsynfire.so -Wl,-rpath,"$work" -o "$work/plus"
ln -s "$PWD/build/libsynfire.so" "$work/libsynfire.so.$major"
holds "and it runs" "$work/plus"

closing_line
