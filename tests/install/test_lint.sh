#!/bin/bash
# test_lint.sh - the scripts behind `make lint` find what they are there for: upward includes and symbols, rooms without a name or a
# README, missing twins; and each breach of form, but nothing that only looks like one.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh lint

# ---- form: a snippet, and how many breaches it has ----
breaches() { # breaches COUNT: that many in x.c, and the exit status that belongs to it
  local said status
  said=$("$root/scripts/lint_form.py" "$work/x.c")
  status=$?
  echo "$said"
  [ "$(grep -c "^$work/x.c:" <<<"$said")" = "$1" ] && [ $status = $(($1 > 0)) ]
}
form() { # form COUNT WHY SNIPPET
  printf '%b\n' "$3" >"$work/x.c"
  holds_quietly "form: $2" breaches "$1"
}
form 1 "assignment in an if" 'int f(void) { if ((e = g())) return e; }'
form 1 "assignment in a chain, on its second line" 'void f(void) {\n  if (a ||\n      (e = g()))\n    h();\n}'
form 1 "assignment in a while" 'void f(void) {\n  while ((c = g()) != 0) h();\n}'
form 1 "assignment in the middle of a for" 'void f(void) {\n  for (; (c = g());) h();\n}'
form 0 "a for's first and last part" 'void f(void) {\n  for (i = 0; i <= n; i = next(i)) h();\n}'
form 0 "comparisons" 'void f(void) {\n  if (a == b || c != d || e <= f || g >= h) h();\n}'
form 0 "an equals sign in a text or a comment" 'void f(void) {\n  if (is(a, "x = 1") /* b = 2 */) h();\n}'
form 1 "an assignment that shifts" 'void f(void) {\n  if (a <<= 1) h();\n}'
form 1 "two statements in a line" 'void f(void) {\n  a(); b();\n}'
form 1 "a case with its break" 'void f(void) {\n  switch (a) {\n  case 1: b(); break;\n  }\n}'
form 1 "statements joined by a comma" 'void f(void) {\n  a = 1, b = 2;\n}'
form 1 "the same over lines, with calls" 'void f(void) {\n  p->x[i] += g(1, 2),\n      h(3);\n}'
form 1 "the same behind an if" 'void f(void) {\n  if (a) b = 1, c = 2;\n}'
form 1 "the same behind an else" 'void f(void) {\n  if (a)\n    b();\n  else *c = (T){1, 2}, d++;\n}'
form 1 "the same behind a case" 'void f(void) {\n  switch (a) {\n    case 1:\n      (void)b, (void)c;\n  }\n}'
form 1 "a comma in a return" 'int f(void) {\n  return a(), 1;\n}'
form 0 "declarations of several" 'static const T *a = g(1, 2), b[] = {1, 2};\nstruct s {\n  int a, b;\n} c, d;\nenum { A = 1, B = 2 };'
form 0 "commas in a for, in arguments and in braces" 'void f(void) {\n  for (i = 0, j = 1; i < j; i++, j--) a = (T){1, 2};\n  g(a, b);\n}'
form 0 "one statement behind an if" 'void f(void) {\n  if (a) return;\n}'
form 0 "a function on one line" 'int f(void) { return 1; }'
form 0 "semicolons in a text" 'void f(void) {\n  a("b; c;");\n}'
form 1 "121 columns" "$(printf '/* %0115d */' 0)"
form 0 "120 columns" "$(printf '/* %0114d */' 0)"

# ---- layers: a house of two rooms, sound; then one fault at a time ----
house() {
  rm -rf "$work/house"
  mkdir -p "$work/house/"{cmodel/{low,include/synfire},harness/high,rtl/{core,prim}}
  cd "$work/house" || exit 2
  printf '%s\n' cmodel/include/synfire cmodel/low harness/high 'door cmodel/low/door.h' >LAYERS
  for room in cmodel/low cmodel/include harness/high rtl/core rtl/prim; do echo "# $room" >$room/README.md; done
  echo 'int low(void);' | tee cmodel/low/door.h >cmodel/low/inside.h
  echo 'int high(void);' >harness/high/high.h
  printf '#include "low/door.h"\nint low(void) { return 1; }\n' >cmodel/low/low.c
  printf '#include "high/high.h"\n#include "low/door.h"\nint high(void) { return low(); }\n' >harness/high/high.c
  printf '// C twin:   cmodel/low/low.c\nmodule a;\nendmodule\n' >rtl/core/a.v
}
lint() { # lint [REGEX]: sound, or one breach that says this
  local said status
  said=$("$root/scripts/lint_layers.py")
  status=$?
  echo "$said"
  if [ $# -eq 0 ]; then [ $status = 0 ]; else
    [ $status = 1 ] && [ "$(grep -cE -- "$1" <<<"$said")" = 1 ] && [ "$(wc -l <<<"$said")" = 2 ]
  fi
}
layers() { # layers WHY [REGEX]
  local why=$1
  shift
  for f in cmodel/low/low harness/high/high; do
    mkdir -p "build/obj/${f%/*}"
    gcc -iquote cmodel -iquote harness -c $f.c -o build/obj/$f.o
  done
  holds_quietly "layers: $why" lint "$@"
  house
}
house
layers "a sound house"
sed -i '1i #include "high/high.h"' cmodel/low/low.c
layers "an include that points upward" 'low.c: includes "high/high.h", which is not below cmodel/low'
sed -i 's/return 1/extern int high(void); return high()/' cmodel/low/low.c
layers "a symbol that points upward" 'low.o: uses high of harness/high/high.o'
sed -i 's/door.h/inside.h/' harness/high/high.c
layers "another way in than the doors" 'high.c: includes "low/inside.h", which is no door'
sed -i 's|"high/high.h"|"high.h"|' harness/high/high.c
layers "an include that is not written from the root" 'high.c: includes "high.h", which is to be written from the root'
mkdir cmodel/new
echo 'int x;' >cmodel/new/x.c
layers "a room that LAYERS does not name" 'x.c: LAYERS does not name cmodel/new'
rm harness/high/README.md
layers "a room without a README" 'harness/high: has no README.md'
echo 'See `gone.c` and `low.c`.' >>cmodel/low/README.md
layers "a README that names what is not there" 'low/README.md: names gone.c'
sed -i 's/low.c$/gone.c/' rtl/core/a.v
layers "a twin that is not there" 'a.v: names the C twin cmodel/low/gone.c'
sed -i '1d' rtl/core/a.v
layers "a module of the core without a twin" 'a.v: names no C twin'
sed -i 's/module a/module b/' rtl/core/a.v
layers "a module in a file of another name" 'a.v: holds the modules b'

closing_line
