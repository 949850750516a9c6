#!/bin/bash
# lint.sh - the RTL under three tools and several parameter sets; any warning fails.
#   verilator  --lint-only -Wall (waivers, each with its reason, in rtl/lint.vlt)
#   iverilog   -g2005 -Wall
#   yosys      no latch, and check -assert (undriven, multiply driven and conflicting wires, combinational loops)
# Closes with "N passed, N failed", one test per tool and parameter set.
set -u
cd "$(dirname "$0")/.." || exit 2
top=synfire_core
work=build/lint
mkdir -p "$work"
rtl=${SYNFIRE_RTL:-rtl} # the same folder that check, synth and explore take
files=("$rtl"/*.v)
[ -e "${files[0]}" ] || { echo "no $rtl/*.v"; exit 1; }
waivers=()
[ -e "$rtl/lint.vlt" ] && waivers=("$rtl/lint.vlt")

# Name, then the parameters that differ from the defaults. The extremes are where widths go wrong.
sets=(
  "default"
  "up5k AXONS=1024 NEURONS=256 LANES=16 NEURON_LANES=1 WEIGHT_BITS=4 DELAY_SLOTS=16 WEIGHT_MEMORY=1 LEAK_SHIFT=1 HAS_CURRENT=0 HAS_REFRACTORY=0 HAS_ADAPTATION=0 HAS_NOISE=0"
  "hx8k AXONS=128 NEURONS=128 LANES=64 WEIGHT_BITS=4 LEAK_SHIFT=1"
  "smallest AXONS=16 NEURONS=16 LANES=1 NEURON_LANES=1 WEIGHT_BITS=1 POTENTIAL_BITS=8 DELAY_SLOTS=2 PROFILES=1 ROUTES=1 HAS_CURRENT=0 HAS_REFRACTORY=0 HAS_ADAPTATION=0 HAS_NOISE=0"
  "one-group AXONS=16 NEURONS=16 LANES=16 NEURON_LANES=16 WEIGHT_BITS=2 PROFILES=16 ROUTES=3 HAS_CURRENT=1 HAS_REFRACTORY=1 HAS_ADAPTATION=1 HAS_NOISE=1"
  "all-features AXONS=100 NEURONS=48 LANES=8 NEURON_LANES=4 WEIGHT_BITS=8 POTENTIAL_BITS=24 DELAY_SLOTS=64 PROFILES=5 ROUTES=65536 HAS_CURRENT=1 HAS_REFRACTORY=1 HAS_ADAPTATION=1 HAS_NOISE=1 PROBE=1"
  "wide-weights AXONS=4096 NEURONS=32 LANES=2 NEURON_LANES=1 WEIGHT_BITS=16 POTENTIAL_BITS=24 HAS_CURRENT=1 PROBE=1"
  "wide-array AXONS=64 NEURONS=512 LANES=256 NEURON_LANES=8 WEIGHT_BITS=1 LEAK_SHIFT=1 PROBE=1"
)

# Said by Yosys of pipelines written as arrays of registers, which is what they are to become; that a memory becomes
# registers against its will is for `synfire synth` to find.
harmless='Replacing memory .* with list of registers'
trouble='(%|^)(warning|error)|: (warning|error|sorry)'

passed=0 failed=0
try() { # try NAME LOG COMMAND...: holds when it exits 0 and says nothing that looks like a warning
  local name=$1 log=$work/$2
  shift 2
  if "$@" >"$log" 2>&1 && ! grep -vE "$harmless" "$log" | grep -qiE "$trouble"; then
    passed=$((passed + 1))
    echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    grep -vE "$harmless" "$log" | grep -iE "$trouble" | head -n 10
    tail -n 3 "$log"
  fi
}

for set in "${sets[@]}"; do
  read -r name params <<<"$set"
  verilator_g=() icarus_p=() yosys_p=
  for p in $params; do
    verilator_g+=("-G$p")
    icarus_p+=("-P$top.$p")
    yosys_p+=" -chparam ${p%=*} ${p#*=}"
  done
  try "verilator $name" "verilator-$name.log" verilator --lint-only -Wall --language 1364-2005 -DSF_CHECK \
    "${verilator_g[@]}" --top-module $top "${waivers[@]}" "${files[@]}"
  # A file of its own, never /dev/null: Icarus gives its output the mode of a program, which as root would be the device's.
  try "icarus $name" "icarus-$name.log" iverilog -g2005 -Wall -DSF_CHECK "${icarus_p[@]}" -s $top -o "$work/$name.vvp" \
    "${files[@]}"
  try "yosys $name" "yosys-$name.log" yosys -q -p "read_verilog -lib +/ice40/cells_sim.v; \
    read_verilog ${files[*]}; hierarchy -check -top $top$yosys_p; proc; \
    select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; opt_clean; check -assert"
done

# The block RAMs of the ECP5 with their own output registers, one for each width of a slice; and memory too deep for them.
for depth in 512 1024 2048 4096 8192 16384 32768; do
  blocks=-assert-any
  [ $depth -gt 16384 ] && blocks=-assert-none
  try "yosys ecp5-$depth-words" "yosys-ecp5-$depth.log" yosys -q -p "read_verilog -lib +/ecp5/cells_sim.v +/ecp5/cells_bb.v; \
    read_verilog -D SYNFIRE_ECP5 $rtl/ram_1rw.v $rtl/ram_1rw_reg.v; hierarchy -check -top ram_1rw_reg -chparam DEPTH $depth; \
    proc; opt_clean; check -assert; select $blocks t:DP16KD"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
