#!/bin/bash
# test_ecp5_ram.sh - the memories that name the ECP5's block RAM: addresses, slices, byte enables and output registers, on a model
# of that block written from its data sheet, for every width of slice; and how many of them the weights take.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh ram
for depth in 64 100 512 1024 2048 3000 4096 8192 16384; do
  for width in 16 18 32 37; do
    if iverilog -g2005 -Pecp5_ram_tb.DEPTH=$depth -Pecp5_ram_tb.WIDTH=$width -s ecp5_ram_tb -o "$work/tb" \
      tests/rtl/ecp5_ram_tb.v tests/rtl/dp16kd_model.v rtl/prim/ram_1rw.v rtl/prim/ram_1r1w.v rtl/hard/ecp5/ram_*.v >"$work/log" 2>&1 &&
      vvp "$work/tb" >>"$work/log" 2>&1 && grep -qE '^compared [1-9][0-9]{3} wrong 0$' "$work/log"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAIL $depth words of $width bits"
      tail -n 3 "$work/log"
    fi
  done
done

# The core's files, those of the ECP5 in the place of their plain ones.
sources=$(sed -n 's|^[^/]|rtl/&|p' rtl/synfire.f | while read -r f; do
  hard=rtl/hard/ecp5/${f##*/}
  [ -e "$hard" ] && echo "$hard" || echo "$f"
done | tr '\n' ' ')
# Lanes a block: half the weight bits, twice the lanes. 512 rows fill a block of 36 bits, of which weights use 32.
for bits in 1 2 4 8 16; do
  blocks=$((128 * bits / 32))
  if yosys -q -p "read_verilog $sources; \
      read_verilog -lib +/ecp5/cells_sim.v +/ecp5/cells_bb.v; hierarchy -top synfire_core -chparam AXONS 512 -chparam NEURONS 128 \
      -chparam LANES 128 -chparam NEURON_LANES 8 -chparam WEIGHT_BITS $bits; proc; flatten; \
      select -assert-count $blocks t:DP16KD c:u_synapses.* %i" \
    >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL 128 lanes of $bits bits take $blocks blocks"
    tail -n 3 "$work/log"
  fi
done
closing_line
