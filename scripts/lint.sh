#!/bin/bash
# lint.sh [SET...] - the rooms and the form of the sources; the RTL under three tools and several parameter sets; the C under
# compilers that did not build it.
#   lint_layers.py, lint_form.py  no include or symbol points upward in LAYERS; one statement a line, and the like
#   clang-format 14  the layout of .clang-format, where that version is
#   verilator  --lint-only -Wall (waivers, each with its reason, in rtl/lint.vlt)
#   iverilog   -g2005 -Wall
#   yosys      no latch, and check (undriven, multiply driven and conflicting wires, combinational loops); no generate
#              block without a name, whichever version asks
#   clang, aarch64-linux-gnu-gcc  where they are: all sources, and cmodel/, with their warnings as errors
# SET: only these parameter sets, and no C. SYNFIRE_RTL: another folder of RTL, as for check, synth and explore.
#
# An error fails. A warning fails with the versions named here, the reference; other versions find other things to say
# about the same sources, so theirs are shown and counted.
# Closes with "N passed, N failed", one test per tool and parameter set.
set -u
cd "$(dirname "$0")/.." || exit 2
declare -A reference=([verilator]=5.006 [iverilog]=11.0 [yosys]=0.23) # Debian 12's
top=synfire_core
work=build/lint
mkdir -p "$work"
rtl=${SYNFIRE_RTL:-rtl} # the same folder that check, synth and explore take
files=("$rtl"/*.v)
[ ! -e "$rtl/synfire.f" ] || mapfile -t files < <(sed -n "s|^[^/]|$rtl/&|p" "$rtl/synfire.f")
[ -e "${files[0]}" ] || { echo "$rtl: no synfire.f, and no *.v"; exit 1; }
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
errors='(%|^)error|: (error|sorry)' warnings='(%|^)warning|: warning'
# What makes `yosys check` fail whatever the version: what no sound design has.
unsound='logger -werror multiple.conflicting.drivers|Drivers.conflicting|is.used.but.has.no.driver|found.logic.loop; check'

declare -A version=([verilator]=$(verilator --version 2>&1 | awk 'NR == 1 { print $2 }')
  [yosys]=$(yosys -V 2>&1 | awk 'NR == 1 { print $2 }')
  [iverilog]=$(iverilog -V 2>&1 | awk 'NR == 1 { print $4 }'))
insists() { [ "${version[$1]}" = "${reference[$1]}" ]; }

passed=0 failed=0 counted=0
good() { passed=$((passed + 1)); echo "ok   $1"; }
bad() { failed=$((failed + 1)); echo "FAIL $1"; }
try() { # try NAME LOG TOOL ARGUMENT...: holds when it exits 0 and says nothing that looks like an error, or a warning
  local name=$1 log=$work/$2 status n
  shift 2
  "$@" >"$log" 2>&1
  status=$?
  grep -vE "$harmless" "$log" >"$work/said"
  n=$(grep -ciE "$warnings" "$work/said")
  if [ $status -ne 0 ] || grep -qiE "$errors" "$work/said" || { [ "$n" -gt 0 ] && insists "$1"; }; then
    bad "$name"
    grep -iE "$errors|$warnings" "$work/said" | head -n 10
    tail -n 3 "$log"
  elif [ "$n" -gt 0 ]; then
    counted=$((counted + n))
    good "$name: $n warnings, first: $(grep -iEm 1 "$warnings" "$work/said")"
  else
    good "$name"
  fi
}

only=" $* "
fatal=()
insists verilator || fatal=(-Wno-fatal) # else it exits 1 for a warning
for set in "${sets[@]}"; do
  read -r name params <<<"$set"
  [ $# -eq 0 ] || [[ $only == *" $name "* ]] || continue
  verilator_g=() icarus_p=() yosys_p=
  for p in $params; do
    verilator_g+=("-G$p")
    icarus_p+=("-P$top.$p")
    yosys_p+=" -chparam ${p%=*} ${p#*=}"
  done
  try "verilator $name" "verilator-$name.log" verilator --lint-only -Wall "${fatal[@]}" --language 1364-2005 -DSF_CHECK \
    "${verilator_g[@]}" --top-module $top "${waivers[@]}" "${files[@]}"
  # A file of its own, never /dev/null: Icarus gives its output the mode of a program, which as root would be the device's.
  try "icarus $name" "icarus-$name.log" iverilog -g2005 -Wall -DSF_CHECK "${icarus_p[@]}" -s $top -o "$work/$name.vvp" \
    "${files[@]}"
  try "yosys $name" "yosys-$name.log" yosys -q -p "read_verilog -lib +/ice40/cells_sim.v; \
    read_verilog ${files[*]}; hierarchy -check -top $top$yosys_p; proc; \
    select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; opt_clean; $unsound"
done

# A name that a tool makes up for a block is another one in every tool, and in the next version: Verilog counts the blocks.
# Yosys' dump of what it has read shows the blocks as they were written. An `else if` is no block, nor is nothing.
unnamed() { # unnamed FILE...
  yosys -p "read_verilog -dump_ast1 $*" >"$work/tree.log" 2>&1 || { tail -n 1 "$work/tree.log"; return; }
  grep -q '^ *AST_GENBLOCK ' "$work/tree.log" || { echo "Yosys ${version[yosys]} shows no generate blocks"; return; }
  awk '
    function place(line) { match(line, /<[^>]*>/); return substr(line, RSTART + 1, RLENGTH - 2) }
    function indent(line) { match(line, /^ */); return RLENGTH }
    block != "" {
      if (indent($0) > depth && !($1 == "AST_GENIF" && place($0) == block)) print block ": unnamed generate block"
      block = ""
    }
    $1 == "AST_GENBLOCK" && !/ str=/ { block = place($0); depth = indent($0) }' "$work/tree.log"
}
families=("$rtl"/hard/*/*.v) # a flat folder has none
[ -e "${families[0]}" ] || families=()
{
  unnamed "${files[@]}" synth/boards/*.v
  for file in "${families[@]}"; do unnamed "$file"; done # modules of the same names
} >"$work/unnamed"
if [ -s "$work/unnamed" ]; then
  bad "every generate block has a name"
  head -n 10 "$work/unnamed"
else
  good "every generate block has a name"
fi


if [ $# -eq 0 ]; then
  holds() { # holds NAME LOG COMMAND...: exits 0
    local name=$1 log=$work/$2
    shift 2
    if "$@" >"$log" 2>&1; then
      good "$name: $(tail -n 1 "$log")"
    else
      bad "$name"
      tail -n 20 "$log"
    fi
  }
  holds "layers" layers.log scripts/lint_layers.py
  holds "form of the C" form.log scripts/lint_form.py
  if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    find cmodel harness tests examples -name '*.[ch]' >"$work/c-files"
    holds "layout of the C" layout.log xargs -a "$work/c-files" clang-format --dry-run -Werror
  else
    echo "not tried: layout of the C: there is no clang-format 14 here"
  fi

  # The core with an FPGA family's own cells: each file of rtl/hard in the place of its plain one.
  hard() { # hard FAMILY LIBRARIES PARAMETERS CELL
    local f list=()
    for f in "${files[@]}"; do
      [ -e "$rtl/hard/$1/${f##*/}" ] && list+=("$rtl/hard/$1/${f##*/}") || list+=("$f")
    done
    try "yosys hard-$1" "yosys-hard-$1.log" yosys -q -p "read_verilog -lib $2; read_verilog ${list[*]}; \
      hierarchy -check -top $top $3; proc; select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; opt_clean; $unsound; \
      select -assert-any t:$4"
  }
  if [ ${#families[@]} -gt 0 ]; then
    hard ice40 +/ice40/cells_sim.v "-chparam WEIGHT_MEMORY 1 -chparam AXONS 1024" SB_SPRAM256KA
    hard ecp5 "+/ecp5/cells_sim.v +/ecp5/cells_bb.v" "-chparam LANES 128 -chparam HAS_CURRENT 1" DP16KD
  fi

  # The block RAMs of the ECP5 with their own output registers, one for each width of a slice; and memory too deep for them.
  for depth in 512 1024 2048 4096 8192 16384 32768; do
    blocks=-assert-any
    [ $depth -gt 16384 ] && blocks=-assert-none
    try "yosys ecp5-$depth-words" "yosys-ecp5-$depth.log" yosys -q -p "read_verilog -lib +/ecp5/cells_sim.v +/ecp5/cells_bb.v; \
      read_verilog $rtl/prim/ram_1rw.v $rtl/hard/ecp5/ram_1rw_reg.v; hierarchy -check -top ram_1rw_reg -chparam DEPTH $depth; \
      proc; opt_clean; $unsound; select $blocks t:DP16KD"
  done

  # C that only one compiler takes, or only one processor.
  build() { # build COMPILER TARGET WHAT
    if ! command -v "$1" >/dev/null; then
      echo "not tried: $3: there is no $1 here"
    elif ! printf '#include <omp.h>\n' | "$1" -fopenmp -fsyntax-only -x c - 2>"$work/said"; then
      echo "not tried: $3: $(head -n 1 "$work/said" | cut -c 1-200) (for Clang: Debian package libomp-dev)"
    elif env -u MAKEFLAGS -u MFLAGS make -k -j"$(nproc)" BUILD="$work/$1" CC="$1" "$2" >"$work/$1.log" 2>&1; then
      good "$3"
    else
      bad "$3"
      grep -E 'error|Error' "$work/$1.log" | head -n 10
    fi
  }
  build clang objects "clang: all sources"
  build aarch64-linux-gnu-gcc model-objects "aarch64-linux-gnu-gcc: cmodel"
fi

for tool in verilator iverilog yosys; do
  insists $tool || echo "$tool ${version[$tool]} is not the reference, ${reference[$tool]}: its warnings are counted, and fail nothing"
done
[ $counted -eq 0 ] || echo "$counted warnings"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
