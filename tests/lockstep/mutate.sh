# mutate.sh - one wrong line in a copy of the RTL; for test_faults.sh and test_mutants.sh, which set $work.

# mutate FILE FROM TO [FILE FROM TO]... - a new copy in $work/rtl; of each file exactly one line may hold FROM, literally.
mutate() {
  local at
  rm -rf "$work/rtl"
  cp -r rtl "$work/rtl"
  while [ $# -gt 0 ]; do
    at=$(find "$work/rtl" -name "$1")
    [ "$(grep -cF -- "$2" "$at")" = 1 ] || { echo "$1: not exactly one line has: $2"; return 1; }
    FROM=$2 TO=$3 awk '{ at = index($0, ENVIRON["FROM"])
      if (at) $0 = substr($0, 1, at - 1) ENVIRON["TO"] substr($0, at + length(ENVIRON["FROM"])); print }' \
      "$at" >"$work/mutated" && mv "$work/mutated" "$at"
    shift 3
  done
}
