#!/bin/bash
# test_results.sh - what the READMEs say of clocks and areas is what the reports in synth/results/ say, and those name their tools.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh results
expect() { # expect NAME STATUS WORDS: of a check of the copy
  python3 "$work/synth/results_tables.py" --check >"$work/out" 2>&1
  local got=$?
  if [ $got -eq "$2" ] && grep -qF -- "$3" "$work/out"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAIL $1: status $got (expected $2):"
    cat "$work/out"
  fi
}
copy() {
  rm -rf "$work/synth" "$work/configs"
  cp -r synth configs README.md "$work/"
}
copy
python3 "$work/synth/results_tables.py" --check && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAIL the tables are not up to date"; }
sed -i 's/ | all 10,000 MNIST/9 | all 10,000 MNIST/' "$work/README.md"
expect "a figure of README.md that was changed by hand" 1 "README.md: the table is not"
copy
sed -i 's/"fmax_mhz":.*/"fmax_mhz": 99.25,/' "$work/synth/results/hx8k.json"
expect "a report that is newer than the tables" 1 "synth/README.md: the table is not"
copy
sed -i 's/"nextpnr":.*"/"nextpnr": ""/' "$work/synth/results/up5k.json"
expect "a report that does not name its nextpnr" 1 "synth/results/up5k: JSON and Markdown do not name the same tools"
copy
sed -i 's/"route_seeds":.*/"route_seeds": 2,/' "$work/synth/results/hx8k.json"
python3 "$work/synth/results_tables.py"
if grep -q '^| \[hx8k\]' "$work/README.md" || ! grep -q '^| `hx8k`' "$work/synth/README.md"; then
  failed=$((failed + 1))
  echo "FAIL a clock of two seeds is for synth/README.md, not for README.md"
else passed=$((passed + 1)); fi
copy
sed -i 's/<!-- end of results -->//' "$work/README.md"
expect "a README without its table" 1 "README.md: no table"

closing_line
