#!/bin/bash
# test-mnist.sh model|lockstep|lanes - the shipped MNIST network.
#   model     all 10,000 test digits on the functional model: at least 98 %, and exactly what README.md says
#   lockstep  DIGITS (2000) of them on RTL, mirror and functional model: every port and probe of every cycle
#   lanes     other numbers of lanes: lockstep again, and the same output events to the last one
set -u
cd "$(dirname "$0")/.." || exit 2
net=data/mnist-240.h5 digits=data/mnist-test.h5 config=configs/up5k.json
. tests/lib.sh mnist
number() { scripts/json-number.sh "$1" <"$work/json"; }

model() {
  build/synfire run $net --spikes $digits --json >"$work/json"
  holds "the run" [ $? -eq 0 ]
  cat "$work/json"
  holds "all 10,000 digits" [ "$(number samples)" = 10000 ]
  holds "at least 98.0 % right" [ "$(number correct)" -ge 9800 ]
  local percent
  percent=$(awk -v c="$(number correct)" 'BEGIN { printf "%.2f", c / 100 }')
  holds "README.md says $percent %" grep -qF "$percent %" README.md
}

lockstep() {
  build/synfire check $net --spikes $digits --config $config --samples "0:${DIGITS:-2000}" --fst "$work/mismatch.fst" \
    --json >"$work/json"
  holds "the check" [ $? -eq 0 ]
  cat "$work/json"
  holds "no mismatch" [ "$(number mismatches)" = 0 ]
  holds "${DIGITS:-2000} digits" [ "$(number samples)" = "${DIGITS:-2000}" ]
  holds "cycles were compared" [ "$(number cycles_compared)" -ge 1000000 ]
}

lanes() {
  local shape p u s
  for s in 0 1 2; do
    build/synfire run $net --spikes $digits --samples $s:$((s + 1)) --out "$work/model-$s.csv" >/dev/null
    holds "digit $s on the functional model" [ $? -eq 0 ]
  done
  for shape in 1/1 32/8 256/1; do
    p=${shape%/*} u=${shape#*/}
    sed -e "s/\"LANES\": *[0-9]*/\"LANES\": $p/" -e "s/\"NEURON_LANES\": *[0-9]*/\"NEURON_LANES\": $u/" \
      -e 's/"spram"/"block"/' $config >"$work/config.json"
    build/synfire check $net --spikes $digits --config "$work/config.json" --samples 0:20 --fst "$work/mismatch.fst" >"$work/log" 2>&1
    holds "$p lanes, $u neuron lanes: lockstep" [ $? -eq 0 ] || cat "$work/log"
    tail -n 3 "$work/log"
    for s in 0 1 2; do
      build/synfire run $net --spikes $digits --config "$work/config.json" --backend rtl --samples $s:$((s + 1)) \
        --out "$work/rtl-$s.csv" >/dev/null
      holds "$p lanes, $u neuron lanes: digit $s, the same events" cmp "$work/model-$s.csv" "$work/rtl-$s.csv"
    done
    for s in model rtl; do
      build/synfire run $net --spikes $digits --config "$work/config.json" --backend $s --samples 0:3 --clock 40 --json >"$work/json"
      grep -E 'busy_cycles|hardware_seconds' "$work/json" >"$work/$s-cycles"
    done
    holds "$p lanes, $u neuron lanes: the clock cycles of the RTL, predicted" cmp "$work/model-cycles" "$work/rtl-cycles"
    holds "$p lanes, $u neuron lanes: there were cycles" [ "$(grep -c '[1-9]' "$work/rtl-cycles")" = 2 ]
  done
  holds "there were events to compare" [ "$(cat "$work"/model-*.csv | wc -l)" -gt 6 ]
}

case ${1:-} in
  model|lockstep|lanes) "$1" ;;
  *) echo "usage: test-mnist.sh model|lockstep|lanes" >&2; exit 2 ;;
esac
closing_line
