#!/bin/bash
# test-random.sh - random lockstep: at least 40 parameter sets and a million compared clock cycles, no mismatch.
# CASES and SEED may be set; a failing case prints the command that repeats it.
set -u
cd "$(dirname "$0")/.." || exit 2
cases=${CASES:-48}
seed=${SEED:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/synfire-random.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

build/synfire check --random "$cases" --seed "$seed" --fst "$work/mismatch.fst" --json >"$work/json"
status=$?
cat "$work/json"
number() { scripts/json-number.sh "$1" <"$work/json"; }
if [ $status -eq 0 ] && [ "$(number mismatches)" = 0 ] && [ "$(number parameter_sets)" -ge 40 ] &&
  [ "$(number cycles_compared)" -ge 1000000 ]; then
  echo "$cases passed, 0 failed"
else
  echo "exit status $status; wanted: 40 parameter sets, 1000000 cycles, no mismatch"
  echo "0 passed, 1 failed"
  exit 1
fi
