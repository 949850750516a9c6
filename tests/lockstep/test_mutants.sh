#!/bin/bash
# test_mutants.sh - does `make test` see faults of every kind? Each row is a fault in the RTL that a run of random cases once let
# through, or a sibling of it, and the one case of those that scripts/test-random.sh runs, `check --random 48 --seed 1`, that is
# to find it: with status 1 and in one of the signals. A fault that is not found says that random cases have lost something.
#
# What is drawn may change, and with it which case finds what: FIND=1 tests/test_mutants.sh [WORD] tries the cases for the rows
# with that word in their name and says which is the first to find them. Needs Verilator.
set -u
cd "$(dirname "$0")/../.." || exit 2
synfire=$PWD/build/synfire
command -v verilator >/dev/null || { echo "verilator is not installed"; exit 77; }
. tests/lib.sh mutants
. tests/lockstep/mutate.sh
cases=48 seed=1 word=${1:-}

# check CASE - on the mutant; the signal goes to $signal.
check() {
  SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" check --random $cases --seed $seed --case "$1" --fst "$work/fst" \
    --json >"$work/json" 2>"$work/text"
  local status=$?
  signal=$(sed -n 's/^[[:space:]]*"signal":[[:space:]]*"\([^"]*\)".*/\1/p' "$work/json" | head -n 1)
  rm -f "$work"/cache/rtl/core-* # a mutant is built once
  return $status
}

# mutant NAME CASE SIGNALS FILE FROM TO [FILE FROM TO]... - SIGNALS: an extended regular expression
mutant() {
  local name=$1 number=$2 signals=$3 status
  shift 3
  [[ $name == *"$word"* ]] || return 0
  mutate "$@" || { failed=$((failed + 1)); echo "FAIL $name: the line is not there"; return; }
  if [ -n "${FIND:-}" ]; then
    for ((number = 0; number < cases; number++)); do
      check $number || { echo "$name: case $number, $signal"; break; }
    done
    return
  fi
  check "$number"
  status=$?
  if [ $status -eq 1 ] && grep -qE "^($signals)(\[|\$)" <<<"$signal"; then
    passed=$((passed + 1))
    echo "ok   $name: case $number, $signal"
  else
    failed=$((failed + 1))
    echo "FAIL $name: case $number: status $status, signal '$signal', not one of $signals"
    tail -n 3 "$work/text"
  fi
}

# ---- widths: sums, drive, current and potential at the ends of their ranges ----
mutant "sums one bit too narrow" 36 'probe_sum|probe_v|probe_spike' \
  synfire_core.v 'WEIGHT_BITS + AXON_W + (WEIGHT_BITS == 1 ? 1 : 0);' 'WEIGHT_BITS + AXON_W + (WEIGHT_BITS == 1 ? 1 : 0) - 1;'
mutant "sums of unsigned 1-bit weights without their bit more" 16 'probe_sum|probe_v|probe_spike' \
  synfire_core.v 'WEIGHT_BITS + AXON_W + (WEIGHT_BITS == 1 ? 1 : 0);' 'WEIGHT_BITS + AXON_W;'
mutant "x without its bit more" 33 'probe_v|probe_spike' \
  lif_lane.v '(DRIVE_W > VB + 2 ? DRIVE_W : VB + 2) + 1;' '(DRIVE_W > VB + 2 ? DRIVE_W : VB + 2);'
mutant "u without its bit more" 29 'probe_[uv]|probe_spike' \
  lif_lane.v '(SUM_W + 7 > VB ? SUM_W + 7 : VB) + 1;' '(SUM_W + 7 > VB ? SUM_W + 7 : VB);'

# ---- rest ----
mutant "a tick in which no group is due visits one" 47 'probe_.*|tick' \
  quiet_groups.v 'none_o   <= empty_i && due_none_q;' "none_o   <= 1'b0;"

# ---- resets in the middle ----
mutant "reset forgets that an earlier word did not rest" 47 'probe_.*|tick' \
  quiet_groups.v "restless_q <= 1'b0;" ';'
mutant "reset forgets the root of the tree" 34 'probe_.*' crossbar.v "if (rst_i) root_q[BUS_W-1 -: 4] <= 4'd0;" ';'
mutant "reset forgets the copies of the root" 10 'probe_.*' crossbar.v "if (rst_i) copy_q[BUS_W-1 -: 4] <= 4'd0;" ';'

# ---- a write that a reset cuts off: was it executed? ----
mutant "a write goes out in the cycle of the reset" 19 'host_rdata|probe_.*' \
  host_bus.v 'if (rst_i) begin                                            // may come' "if (1'b0) begin // may come"
mutant "reset does not stop a write to the weights" 36 'host_rdata|probe_.*' crossbar.v "we_q   <= {LEAF_BANKS{1'b0}};" ';'
mutant "above 512 lanes a write is done before no reset can stop it" 10 '.*' \
  host_bus.v "BROADCAST > 1 ? 4'd5 : 4'd4" "4'd4"

# ---- addresses: one past the end, one bit too few, the wrong region; reads, and writes that do damage ----
mutant "weights end one row late" 44 'host_rdata' host_bus.v 'row < ROWS32' 'row <= ROWS32'
mutant "neurons end one late" 44 'host_rdata' host_bus.v "{7'd0, offset[27:3]} < NEURONS32" "{7'd0, offset[27:3]} <= NEURONS32"
mutant "profiles end one late" 47 'host_rdata' host_bus.v "{8'd0, offset[27:4]} < PROFILES32" "{8'd0, offset[27:4]} <= PROFILES32"
mutant "route pointers end one late" 23 'host_rdata' host_bus.v "{4'd0, offset} < NEURONS32" "{4'd0, offset} <= NEURONS32"
mutant "routes end one late" 47 'host_rdata' host_bus.v "{4'd0, offset} < ROUTES32" "{4'd0, offset} <= ROUTES32"
mutant "the ring is twice as long" 47 'host_rdata|probe_.*' host_bus.v 'RING32 = 1 << RING_W;' 'RING32 = 1 << (RING_W + 1);'
mutant "weights: the highest bit is not looked at" 36 'host_rdata|probe_.*' \
  host_bus.v "wire [31:0] row    = {4'd0, offset} >> BANK_S;" "wire [31:0] row    = {5'd0, offset[26:0]} >> BANK_S;"
mutant "neurons: the highest bit is not looked at" 44 'host_rdata' \
  host_bus.v "{7'd0, offset[27:3]} < NEURONS32" "{8'd0, offset[26:3]} < NEURONS32"
mutant "routes: bit 17 and up are not looked at" 47 'host_rdata' \
  host_bus.v "{4'd0, offset} < ROUTES32" "{15'd0, offset[16:0]} < ROUTES32"
mutant "registers go on at 0x40" 47 'host_rdata' \
  host_bus.v "registers_q   <= offset[27:6] == 22'd0;" "registers_q   <= offset[27:7] == 21'd0;"
mutant "CONTROL: the highest bit is not looked at" 44 '.*' \
  host_bus.v "offset == 28'h02" "offset[26:0] == 27'h02"
mutant "CONTROL in region 8" 47 '.*' host_bus.v "region == 4'd0 && offset == 28'h02" "region[2:0] == 3'd0 && offset == 28'h02"
mutant "SEED: bits 16 and up are not looked at" 23 'host_rdata|probe_.*' \
  host_bus.v "offset == 28'h03" "offset[15:0] == 16'h03"
mutant "weights in region 9" 47 'host_rdata|probe_.*' host_bus.v "region == 4'd1 && row" "region[2:0] == 3'd1 && row"

# ---- ticks and counts beyond their carries ----
mutant "the tick is 16 bits" 47 'tick|probe_.*' core_control.v "tick_q <= tick_q + 32'd1; " "tick_q[15:0] <= tick_q[15:0] + 16'd1; "
mutant "the tick is 31 bits" 47 'tick|probe_.*' core_control.v "tick_q <= tick_q + 32'd1; " "tick_q[30:0] <= tick_q[30:0] + 31'd1; "
mutant "noise takes only the low half of the tick" 44 'probe_.*' \
  counter_rng.v '{tick_i[31:16], seed_i[31:16], tick_i[15:0], seed_i[15:0]}' "{16'd0, seed_i[31:16], tick_i[15:0], seed_i[15:0]}"
mutant "events are counted in 31 bits" 44 'host_rdata' host_bus.v "events_in_q  <= events_in_q  + {31'd0, in_1};" \
  "events_in_q[30:0] <= events_in_q[30:0] + {30'd0, in_1};"
mutant "merges are counted in 16 bits" 44 'host_rdata' host_bus.v "merges_q     <= merges_q     + {31'd0, merge_1};" \
  "merges_q[15:0] <= merges_q[15:0] + {15'd0, merge_1};"
mutant "rows are counted in 32 bits" 47 'host_rdata' host_bus.v "axon_ops_q   <= axon_ops_q   + {47'd0, axon_1};" \
  "axon_ops_q[31:0] <= axon_ops_q[31:0] + {31'd0, axon_1};"
mutant "busy cycles are counted in 47 bits" 47 'host_rdata' host_bus.v "busy_q       <= busy_q       + {47'd0, busy_1};" \
  "busy_q[46:0] <= busy_q[46:0] + {46'd0, busy_1};"

# ---- wide arrays ----
mutant "512 lanes have a tree of two stages" 25 '.*' synfire_core.v 'BROADCAST = LANES > 512 ?' 'BROADCAST = LANES > 256 ?'
mutant "SPRAM behind a tree shows its word a cycle early" 3 'probe_.*|host_rdata' \
  weight_memory.v 'assign read[BANK_W*b +: BANK_W] = word_q;' 'assign read[BANK_W*b +: BANK_W] = word;'
mutant "above 64 lanes a mark alone adds the last row again" 34 'probe_.*' \
  crossbar.v 'issue_axon_valid_i || (RIDES != 0 && issue_end_i) || host_re_i' 'issue_axon_valid_i || host_re_i'

closing_line
