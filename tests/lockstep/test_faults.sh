#!/bin/bash
# test_faults.sh - does the lockstep see a fault? One line of a copy of the RTL is changed, in one module after the other;
# the check must end with status 1 and name a signal that this line drives, and the waveform must be valid, show both
# sides, and show the first difference in the very cycle that the report names. Then bits of the models are flipped.
# The hardware is fixed and small, with every feature; random networks and traffic on it until the fault is found, so that none
# hangs on what a case with a certain number happens to draw.
# Needs Verilator and fst2vcd (Debian package gtkwave).
set -u
cd "$(dirname "$0")/../.." || exit 2
synfire=$PWD/build/synfire
command -v verilator >/dev/null || { echo "verilator is not installed"; exit 77; }
command -v fst2vcd >/dev/null || { echo "fst2vcd (gtkwave) is not installed"; exit 77; }
. tests/lib.sh faults
field() { sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$work/json" | head -n 1; }

# hardware LEAK - a configuration; up to MANY random cases run on it.
many=24
hardware() {
  cat <<EOF
{"AXONS": 40, "NEURONS": 64, "LANES": 16, "NEURON_LANES": 2, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 12, "DELAY_SLOTS": 8,
 "PROFILES": 9, "ROUTES": 300, "HAS_CURRENT": 1, "HAS_REFRACTORY": 1, "HAS_ADAPTATION": 1, "HAS_NOISE": 1, "LEAK": "$1"}
EOF
}
hardware multiply >"$work/multiply.json"
hardware shift >"$work/shift.json"

. tests/lockstep/mutate.sh

# The cycle of the first 1 in scope diff (a cycle lasts 10 ns), from the waveform itself.
first_difference() {
  fst2vcd "$1" 2>/dev/null | awk '
    $1 == "$scope" { scope[++depth] = $3 } $1 == "$upscope" { depth-- }
    $1 == "$var" && scope[depth] == "diff" { watched[$4] = 1 }
    /^#/ { time = substr($0, 2) }
    /^1/ && (substr($0, 2) in watched) { print time / 10; exit }'
}
both_sides() { # both_sides FST: a valid waveform with inputs, both sides and their difference
  fst2vcd "$1" >"$work/vcd" 2>/dev/null && [ "$(grep -cE '^\$scope module (in|model|rtl|diff) \$end' "$work/vcd")" = 4 ]
}

# The save file beside it: the waveform by its name alone, marker on the cycle, groups, the signal on top, and no name that the
# waveform does not have.
names_of() { # names_of FST: every signal as GTKWave writes it, by fst2vcd
  fst2vcd "$1" 2>/dev/null | awk '
    $1 == "$scope" { scope[++depth] = $3 } $1 == "$upscope" { depth-- }
    $1 == "$var" { name = ""; for (i = 1; i <= depth; i++) name = name scope[i] "."
      print name $5 ($3 > 1 && $2 != "integer" ? "[" $3 - 1 ":0]" : "") }' | sort -u
}
save_file() { # save_file FST SIGNAL CYCLE: CYCLE empty for any
  local gtkw=${1%.fst}.gtkw
  [ -s "$gtkw" ] || { echo "no $gtkw"; return 1; }
  grep -qxF "[dumpfile] \"$(basename "$1")\"" "$gtkw" || { echo "dumpfile"; return 1; }
  grep -qE "^\*-?[0-9.]+ ${3:-[0-9]+}${3:+0}( -1){26}\$" "$gtkw" || { echo "marker: $(grep '^\*' "$gtkw")"; return 1; }
  sed -n 's/^+{[^}]*} //; s/^\(lockstep\..*\)/\1/p' "$gtkw" >"$work/shown"
  [ "$(wc -l <"$work/shown")" -gt 60 ] || { echo "shows $(wc -l <"$work/shown") signals"; return 1; }
  local missing
  missing=$(sort -u "$work/shown" | comm -23 - <(names_of "$1") | head -n 3)
  [ -z "$missing" ] || { echo "not in the waveform: $missing"; return 1; }
  local groups
  groups=$(awk 'next_one { print; next_one = 0 } $0 == "@800200" { next_one = 1 }' "$gtkw")
  [ "$(sed 1d <<<"$groups" | tr '\n' ' ')" = "-in -model -rtl -diff " ] || { echo "groups: $groups"; return 1; }
  local top=${2%%[*} lane
  lane=$(sed -n 's/.*\[\([0-9]*\)\]/\1/p' <<<"$2")
  head -n 1 <<<"$groups" | grep -qF -- "-$2, cycle " || { echo "title: $groups"; return 1; }
  [ -z "$top" ] || [ "$(grep -c "^+{\(rtl\|model\|differ\)} lockstep\.\(rtl\|model\|diff\)\.\(probe_\)\{0,1\}$top\(\.lane${lane:-[0-9]*}\)\{0,1\}\(\[.*\)\{0,1\}\$" "$gtkw")" = 3 ] || { echo "top"; return 1; }
}

# fault NAME FILE FROM TO SIGNALS [LEAK] - SIGNALS: an extended regular expression
fault() {
  local name=$1 status cycle signal
  mutate "$2" "$3" "$4" || { holds "$name: the line is there" false; return; }
  rm -f "$work/w.fst" "$work/w.gtkw"
  SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" check --random $many --seed 1 --jobs 1 \
    --config "$work/${6:-multiply}.json" --fst "$work/w.fst" --json >"$work/json" 2>"$work/text"
  status=$? cycle=$(field cycle) signal=$(field signal)
  echo "     $2: $name -> status $status, cycle $cycle, $signal"
  holds "$name: status 1" [ $status -eq 1 ]
  holds "$name: signal is one of $5" grep -qE "^($5)(\[|\$)" <<<"$signal"
  holds "$name: the waveform is valid and shows both sides" both_sides "$work/w.fst"
  holds "$name: the save file shows $signal in cycle $cycle" save_file "$work/w.fst" "$signal" "$cycle"
  holds "$name: the first difference in the waveform is cycle $cycle" [ "$(first_difference "$work/w.fst")" = "$cycle" ]
  holds "$name: the report says so too" grep -qE "^MISMATCH cycle $cycle  tick [0-9]+  " "$work/text"
}

fault "sum subtracts" crossbar.v 'grown = sum_q + weight' 'grown = sum_q - weight' probe_sum
fault "threshold is exclusive" lif_lane.v '&& x_10 >= wide_limit_10' '&& x_10 > wide_limit_10' 'probe_spike|probe_v'
fault "potential does not saturate" lif_lane.v 'v_13     <= fits_12 ? next_12[VB-1:0] : {next_12[X_W], {(VB-1){!next_12[X_W]}}};' \
  'v_13     <= next_12[VB-1:0];' 'probe_v'
fault "refractory time is one longer" lif_lane.v 'spike_11 ? period_11 : 8'"'"'d0' \
  'spike_11 ? period_11 + 8'"'"'d1 : 8'"'"'d0' probe_r
fault "one bit of the noise" counter_rng.v '{hi, {x[13:0], x[15:14]} ^ hi}' '{hi, {x[13:0], x[14], x[14]} ^ hi}' \
  'probe_v|probe_spike'
fault "decay rounds up" decay.v "{(WIDTH-1){1'b0}}, inexact_q}" "{(WIDTH-1){1'b0}}, 1'b0}" 'probe_(v|u|a|spike)' shift
fault "an event clears its word" delay_ring.v 'event_new  = event_word | event_bit' 'event_new  = event_bit' \
  'tick|probe_issue.*|probe_group|probe_event_merged|host_rdata'
fault "an event misses the word written a cycle ago" delay_ring.v \
  'forward_q      <= (event_q && event_address == read_address) || (' 'forward_q      <= (' \
  'tick|probe_issue.*|probe_group|probe_event_merged|host_rdata'
fault "an event misses the word written two cycles ago" delay_ring.v '|| (last_q && last_address_q == read_address);' ';' \
  'tick|probe_issue.*|probe_group|probe_event_merged|host_rdata'
fault "the host reads two banks" crossbar.v 'hide_q <= {LEAF_BANKS{tree_only}} & ~(mine & {LEAF_BANKS{!tree_end}});' \
  'hide_q <= {LEAF_BANKS{tree_only && tree_end}};' host_rdata
fault "loop-back one tick late" spike_router.v 'out_entry_q[NEURON_W+AXON_W +: SLOT_W];' \
  "out_entry_q[NEURON_W+AXON_W +: SLOT_W] + 1'b1;" 'probe_event_slot'
fault "tick ends before its routes" core_control.v 'if (!groups_busy_i && !router_busy_i)' 'if (!groups_busy_i)' 'probe_phase'
fault "a tick ends before its groups" quiet_groups.v "!(finished && flight_q == 5'd1)" '!finished' 'probe_phase'
fault "the host's write wakes nobody" synfire_core.v '.wake_i(neuron_clear || neuron_we || profile_we)' \
  '.wake_i(neuron_clear)' 'probe_.*|cycles of the tick|no write-back'
fault "a spike does not count as change" lif_lane.v 'still_12 <= still_11 && !spike_11;' 'still_12 <= still_11;' \
  'probe_.*|cycles of the tick|no write-back'
fault "a potential that moves does not count as change" lif_lane.v 'rest_o   <= still_13 && v_13 == v_was_13;' \
  'rest_o   <= still_13;' 'probe_.*|cycles of the tick|no write-back'
fault "the list keeps quiet groups" quiet_groups.v 'finished_q && restless && empty_o' 'finished_q && empty_o' \
  'probe_.*|cycles of the tick'
fault "the merge counter loses its lowest bit" host_bus.v '5'"'"'h0B: status = merges_q;' \
  '5'"'"'h0B: status = {merges_q[31:1], 1'"'"'b0};' 'host_rdata'
fault "reset forgets the queue" fifo.v "if (rst_i)" "if (1'b0)" '.*'

# An RTL that does not compile: one line with the first error and the log, status 2, nothing left over.
mutate crossbar.v 'grown = sum_q + weight' 'grown = sum_q + ' || holds "the line is there" false
SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" check --random 1 --config "$work/multiply.json" --fst "$work/none" \
  >"$work/out" 2>"$work/err"
holds "broken RTL: status 2" [ $? -eq 2 ]
holds "broken RTL: one line" [ "$(wc -l <"$work/err")" = 1 ]
holds "broken RTL: the line names verilator, the file and the log" grep -q 'verilator failed: .*crossbar.v.*(log: .*\.log)' "$work/err"
holds "broken RTL: the log is there" test -s "$(sed -n 's/.*(log: \(.*\))$/\1/p' "$work/err")"
holds "broken RTL: no waveform, no folder left" [ ! -e "$work/none" -a -z "$(ls -d "$work"/cache/rtl/build-* 2>/dev/null)" ]

# A $stop of the RTL belongs to the core that it stopped: with many cores of one object at work, the same case is named as with one.
mutate synfire_core.v '  wire unused = &{' "  always @(posedge clk_i) if (!rst_i && tick_o == 32'd150) \$stop; wire unused = &{" || holds "the line is there" false
named() { # named JOBS: the case that is named, and status 1
  SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" check --random 10 --seed 1 --config configs/tiny.json --jobs "$1" \
    --fst "$work/w.fst" >"$work/out" 2>"$work/err"
  [ $? -eq 1 ] && grep -q 'the RTL stopped at .*synfire_core.v:' "$work/out" && sed -n 's/^case \([0-9]*\): .*/\1/p' "$work/out"
}
alone=$(named 1)
holds "a case that is not the first one runs into \$stop" test "${alone:-0}" -gt 0
for i in 1 2; do
  holds "eight threads name the same case as one ($alone)" [ "$(named 8)" = "${alone:-none}" ]
done

# Flipped bits: in an output of the mirror, in its state, in the functional model.
flip() { # flip WHAT CYCLE SIGNALS WHERE
  rm -f "$work/w.fst" "$work/w.gtkw"
  "$synfire" check --random $many --seed 1 --jobs 1 --config "$work/multiply.json" --flip "$1" --fst "$work/w.fst" --json \
    >"$work/json" 2>"$work/text"
  local status=$?
  echo "     flip $1 -> status $status, cycle $(field cycle), $(field signal)"
  holds "flip $1: status 1" [ $status -eq 1 ]
  holds "flip $1: signal is one of $3" grep -qE "^($3)(\[|\$)" <<<"$(field signal)"
  holds "flip $1: $4" grep -qF -- "$4" "$work/text"
  holds "flip $1: the waveform is valid and shows both sides" both_sides "$work/w.fst"
  holds "flip $1: the save file shows $(field signal)" save_file "$work/w.fst" "$(field signal)" "$2"
  [ -z "$2" ] || holds "flip $1: cycle $2" [ "$(field cycle)" = "$2" ]
}
flip 40000:probe_phase:1 40000 probe_phase 'rtl/core/core_control.v'
flip 40000:host_ready:0 40000 host_ready 'rtl/core/host_bus.v'
flip 40000:sum[3]:9 40000 'probe_sum' 'rtl/core/crossbar.v'
flip 40000:probe_v[1]:5 '' 'probe_v' 'rtl/core/neuron_lif.v'
flip 40000:probe_spike[0]:0 '' 'probe_spike' 'rtl/core/neuron_lif.v'
flip 40000:threshold[7]:3 '' 'probe_.*|host_rdata' 'rtl/'
# The mirror made for its parameters finds faults like the other, and has its own found.
SYNFIRE_MIRROR=made fault "sum subtracts, mirror made for it" crossbar.v 'grown = sum_q + weight' 'grown = sum_q - weight' probe_sum
SYNFIRE_MIRROR=made flip 40000:sum[3]:9 40000 'probe_sum' 'rtl/core/crossbar.v'
SYNFIRE_MIRROR=made flip 40000:threshold[7]:3 '' 'probe_.*|host_rdata' 'rtl/'
flip 4:model.a[5]:2 '' 'a|spike|host read' 'neuron 5'

"$synfire" check data/mnist-240.h5 --spikes data/mnist-test.h5 --samples 0:2 --level cycle --flip 3:model.v[17]:5 \
  --fst "$work/w.fst" >"$work/text"
holds "flip model.v[17] in tick 3: status 1" [ $? -eq 1 ]
holds "flip model.v[17] in tick 3: tick and neuron" grep -qE '^MISMATCH cycle [0-9]+  tick 3  v  \(neuron 17\)' "$work/text"
holds "flip model.v[17] in tick 3: which side is wrong" grep -qE 'expected \(functional model\) .* got \(mirror\)' "$work/text"

# Moved, GTKWave finds the waveform by the save file; the next waveform at the same place brings its own.
before=$(cat "$work/w.gtkw")
"$synfire" check --random $many --seed 1 --jobs 1 --config "$work/multiply.json" --level cycle --flip 3:model.a[5]:2 --fst "$work/w.fst" >"$work/text"
holds "another waveform: another save file" [ -s "$work/w.gtkw" -a "$(cat "$work/w.gtkw")" != "$before" ]
holds "the report names it" grep -qxF "  to see it: gtkwave $work/w.gtkw" "$work/text"
"$synfire" check --random $many --seed 1 --jobs 1 --config "$work/multiply.json" --level cycle --flip 3:model.a[5]:2 --fst "$work/named" >"$work/text"
holds "a waveform of another name" grep -qxF '[dumpfile] "named"' "$work/named.gtkw"
mkdir "$work/taken.gtkw"
"$synfire" check --random 1 --level cycle --fst "$work/taken.fst" >"$work/out" 2>"$work/err"
holds "no place for the save file: status 2, before the work" [ $? -eq 2 -a ! -e "$work/taken.fst" ]

# --json when something is found: one object, the report elsewhere.
mutate crossbar.v 'grown = sum_q + weight' 'grown = sum_q - weight' || holds "the line is there" false
object() { perl -MJSON::PP -0777 -ne 'exit 1 unless ref(JSON::PP->new->decode($_)) eq "HASH"' "$work/json" 2>&1; }
SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" run examples/logic/and.json --spikes examples/logic/two-inputs.csv \
  --backend lockstep --config examples/logic/core.json --json >"$work/json" 2>"$work/text"
holds "run --json of RTL that differs: status 1" [ $? -eq 1 ]
holds "run --json of RTL that differs: one object" object
holds "run --json of RTL that differs: its signal" [ "$(field signal)" = 'probe_sum[0]' ]
SYNFIRE_RTL=$work/rtl SYNFIRE_CACHE=$work/cache "$synfire" demo logic --json >"$work/json" 2>"$work/text"
holds "demo logic --json of RTL that differs: status 1" [ $? -eq 1 ]
holds "demo logic --json of RTL that differs: one object" object
holds "demo logic --json of RTL that differs: the report" grep -q '^MISMATCH cycle' "$work/text"

# The command that a report prints repeats it.
SYNFIRE_RTL='' "$synfire" check --random 1 --seed 1 --config "$work/multiply.json" --flip 40000:sum[3]:9 --fst "$work/w.fst" \
  >"$work/first"
rerun=$(sed -n 's/^  rerun: synfire //p' "$work/first")
(cd "$work" && eval "\"$synfire\" $rerun" >"$work/second" 2>&1)
holds "the rerun line repeats the mismatch" [ "$(grep ^MISMATCH "$work/first")" = "$(grep ^MISMATCH "$work/second")" ]

closing_line
