#!/bin/bash
# test_output.sh - what is printed and written: standard output that cannot be written is said and never ends with status 0; a
# file that grows too large leaves nothing behind; no output takes the place of an input, nor of another output.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh output
synfire=$root/build/synfire
export SYNFIRE_CACHE=$work/cache SYNFIRE_DATA=$root
net=$root/data/mnist-240.h5 digits=$root/data/mnist-test.h5
in=$work/in
mkdir "$in" "$work/bin" "$in/digits"
cat >"$in/net.json" <<'JSON'
{"format": "synfire-network", "version": 1, "AXONS": 2, "NEURONS": 1, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 8,
 "DELAY_SLOTS": 4, "weights": [[0, 0, 1], [1, 0, 1]], "neurons": [{"id": 0, "threshold": 2}],
 "profiles": [{"v_decay": 4096}], "routes": [[0, -1, 0, 0]]}
JSON
sed 's/"weights": \[.*\]\], /"weights_csv": "weights.csv", /' "$in/net.json" >"$in/by-csv.json"
printf '0,0,1\n1,0,1\n' >"$in/weights.csv"
printf 'tick,unit\n0,0\n0,1\n2,1\n' >"$in/in.csv"
echo '{"WEIGHT_BITS": 4, "POTENTIAL_BITS": 8, "AXONS": 16, "NEURONS": 16, "DELAY_SLOTS": 4}' >"$in/config.json"
cat >"$in/sweep.json" <<'JSON'
{"format": "synfire-sweep", "version": 1, "name": "two", "steps": ["model"], "traffic": {"events": 2, "ticks": 5},
 "parameters": {"AXONS": 16, "NEURONS": 16, "LANES": [2, 4]}}
JSON
run=(run "$in/net.json" --spikes "$in/in.csv")
check=(check "$in/net.json" --spikes "$in/in.csv" --level cycle --fst "$work/w.fst")

# ---- standard output -------------------------------------------------------------------------------------------------
# A table of calls that print, each with its status when they can.
declare -A call=(
  ["--help"]="--help" ["--version"]="--version" ["info"]="info" ["info --json"]="info --json" ["info FILE"]="info $in/net.json"
  ["run"]="${run[*]}" ["run --json"]="${run[*]} --json" ["check"]="${check[*]}" ["check --json"]="${check[*]} --json"
  ["check --random"]="check --random 2 --level cycle" ["check --random --json"]="check --random 2 --level cycle --json"
  ["report"]="report $net --spikes $digits --samples 5 --out $work/page.html" ["explore"]="explore $in/sweep.json"
  ["explore --json"]="explore $in/sweep.json --json" ["explore --list"]="explore $in/sweep.json --list"
  ["explore --list --json"]="explore $in/sweep.json --list --json" ["explore --point"]="explore $in/sweep.json --point 0"
  ["explore --collect"]="explore $in/sweep.json --collect" ["synth"]="synth $root/configs/tiny.json --target up5k --out $work/synth"
  ["synth --json"]="synth $root/configs/tiny.json --target up5k --out $work/synth --json"
)
for v in run check info bench synth explore train demo report; do call["$v --help"]="$v --help"; done
vectors=$root/tests/vectors/synth
tool() { # tool NAME: a program of that name from standard input
  { echo '#!/bin/sh'; echo 'case $1 in -V) echo "Yosys 9.9"; exit;; --version) echo "(Version 9.8)"; exit;; esac'; cat; } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
tool yosys <<EOF
sed 's/"SB_RAM40_4K": 2/"SB_RAM40_4K": 12/' $vectors/stat-ice40.json >stat.json
cp $vectors/counts.txt parts.txt; echo autoidx 1 > memories.txt; echo {} > netlist.json; echo done > yosys.log
EOF
tool nextpnr-ice40 <<EOF
cp $vectors/report-ice40.json nextpnr.json; echo .device 5k > routed.asc; echo done > nextpnr.log
EOF
tool icetime <<<"cat $vectors/icetime.txt"
tool icepack <<<'echo bits > "$2"'
export PATH=$work/bin:$PATH
told() { # told REASON: one line that says so
  [ "$(wc -l <"$work/err")" = 1 ] && grep -qF "standard output cannot be written: $1" "$work/err" || { head -n 3 "$work/err"; return 1; }
}
for name in "${!call[@]}"; do
  read -ra words <<<"${call[$name]}"
  "$synfire" "${words[@]}" >"$work/out" 2>"$work/err" </dev/null
  holds "$name: status 0, something on standard output" [ $? -eq 0 -a -s "$work/out" ]
  "$synfire" "${words[@]}" >/dev/full 2>"$work/err" </dev/null
  holds "$name: a full disk is status 2" [ $? -eq 2 ]
  holds "$name: and one line" told "No space left on device"
done
(sleep 0.2; "$synfire" "${run[@]}" 2>"$work/err"; echo $? >"$work/status") | :
holds "a closed pipe is status 2" [ "$(cat "$work/status")" = 2 ]
holds "and one line" told "Broken pipe"
"$synfire" "${run[@]}" --out "$work/spikes.csv" >&- 2>"$work/err"
holds "standard output that was closed: status 2" [ $? -eq 2 ]
holds "and one line" told "Bad file descriptor"
"$synfire" "${run[@]}" --out "$work/again.csv" >"$work/out"
holds "nothing that was printed went into a file" cmp "$work/spikes.csv" "$work/again.csv"
"$synfire" "${check[@]}" --flip '1:model.threshold[0]:1' >/dev/full 2>"$work/err"
holds "a mismatch is still status 1" [ $? -eq 1 ]
holds "and one line" told "No space left on device"

# ---- files that grow too large: an error like any other -----------------------------------------------------------------
mkdir "$work/small"
limited() { (ulimit -f "$1"; shift; cd "$work/small" && exec "$synfire" "$@" >"$work/out" 2>"$work/err" </dev/null); }
limited 1 run "$net" --spikes "$digits" --samples 0:1000 --out spikes.h5
holds "HDF5 over the limit: status 2" [ $? -eq 2 ]
holds "and one line that names the file" [ "$(wc -l <"$work/err")" = 1 -a "$(grep -c 'spikes.h5' "$work/err")" = 1 ]
awk 'BEGIN { print "tick,unit"; for (i = 0; i < 2000; i++) print i ",0\n" i ",1" }' >"$in/long.csv"
limited 1 run "$in/net.json" --spikes "$in/long.csv" --out spikes.csv
holds "CSV over the limit: status 2" [ $? -eq 2 ]
holds "and one line that names the file" [ "$(wc -l <"$work/err")" = 1 -a "$(grep -c 'spikes.csv' "$work/err")" = 1 ]
limited 1 report "$net" --spikes "$digits" --samples 5 --out page.html
holds "a page over the limit: status 2" [ $? -eq 2 ]
limited 1 check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip '1:model.threshold[0]:1' --fst w.fst
holds "a waveform over the limit: status 1, for the mismatch" [ $? -eq 1 ]
holds "and a line that names it" grep -q 'w.fst.*cannot be written' "$work/err"
limited 1 explore "$in/sweep.json" --out .
holds "results over the limit: status 2" [ $? -eq 2 ]
holds "nothing is left of any of them" [ -z "$(find "$work/small" -name '*.??????*' -o -name 'spikes.*' -o -name page.html -o -name 'w.fst*')" ]

# ---- outputs that are inputs --------------------------------------------------------------------------------------------
cp "$in/config.json" "$in/result.json" # a name that synth writes
mkdir "$in/src" "$in/seed-3"
cp "$in/config.json" "$in/src/"
cp "$in/config.json" "$in/seed-3/"
cp "$in/sweep.json" "$in/results.json"
sed "s/\"steps\"/\"networks\": [{\"file\": \"net.json\", \"spikes\": \"results.csv\"}], \"steps\"/" "$in/sweep.json" >"$in/names.json"
cp "$in/in.csv" "$in/results.csv"
cp "$in/in.csv" "$in/synfire-mismatch.fst"
cp "$in/in.csv" "$in/w.gtkw"
printf ':\n' >"$in/points.txt"
echo pixels >"$in/digits/t10k-images-idx3-ubyte.gz"
cp "$net" "$in/demo.h5"
ln -s net.json "$in/link"
ln "$in/net.json" "$in/hard"
ln -s unmade.csv "$in/to-unmade"
cp -a "$in" "$work/before"
mkdir "$work/elsewhere"
mkfifo "$work/pipe" # stands for /dev/null, which no test may try its luck with
# refused NAME PATTERN ARGUMENTS...: status 2, one line, every input as it was; the current folder is that of the inputs.
refused() {
  local name=$1 pattern=$2 status
  shift 2
  (cd "$in" && timeout 60 "$synfire" "$@" >"$work/out" 2>"$work/err" </dev/null)
  status=$?
  if [ $status -eq 2 ] && [ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ] && grep -qE -- "$pattern" "$work/err" &&
    diff -r --no-dereference "$work/before" "$in" >"$work/diff" 2>&1; then
    passed=$((passed + 1)); echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name: status $status, wanted one line with /$pattern/, got:"
    head -n 3 "$work/err" "$work/diff"
    rm -rf "$in"; cp -a "$work/before" "$in"
  fi
}
same='same file as .*, which is read'
refused "run: network"                  "--out .*$same"       run net.json --spikes in.csv --out net.json
refused "run: spikes"                   "--out .*--spikes"    run net.json --spikes in.csv --out in.csv
refused "run: configuration"            "--out .*--config"    run net.json --spikes in.csv --config config.json --out config.json
refused "run: by another path"          "$same"               run net.json --spikes in.csv --out ../in/digits/../net.json
refused "run: by an absolute path"      "$same"               run net.json --spikes in.csv --out "$in/in.csv"
refused "run: by a link"                "$same"               run net.json --spikes in.csv --out link
refused "run: a link for the input"     "$same"               run link --spikes in.csv --out net.json
refused "run: by a hard link"           "$same"               run net.json --spikes in.csv --out hard
refused "run: weights in a file of their own" 'weights_csv .*, which is read' run by-csv.json --spikes in.csv --out weights.csv
refused "run: a pipe, or a device"      'not a regular file'  run net.json --spikes in.csv --out "$work/pipe"
refused "check: network"                "--fst .*$same"       check net.json --spikes in.csv --level cycle --fst net.json
refused "check: spikes"                 "--fst .*--spikes"    check net.json --spikes in.csv --level cycle --fst in.csv
refused "check: configuration"          "--fst .*--config"    check net.json --spikes in.csv --level cycle --config config.json --fst config.json
refused "check: without --fst"          "synfire-mismatch.fst .*$same" check net.json --spikes synfire-mismatch.fst --level cycle
refused "check --random: configuration" "--fst .*--config"    check --random 1 --level cycle --config config.json --fst config.json
refused "check: the save file"          "--fst: the save file .*--spikes" check net.json --spikes w.gtkw --level cycle --fst w.fst
refused "check: a pipe, or a device"    'not a regular file'  check net.json --spikes in.csv --level cycle --fst "$work/pipe"
refused "report: network"               "--out .*$same"       report net.json --spikes in.csv --out net.json
refused "report: spikes"                "--out .*--spikes"    report net.json --spikes in.csv --out in.csv
refused "report: configuration"         "--out .*--config"    report net.json --spikes in.csv --config config.json --out config.json
refused "report: synthesis"             "--out .*--synth"     report net.json --spikes in.csv --synth result.json --out result.json
refused "train: both outputs one"       'are the same file'   train mnist --out new.h5 --spikes ./new.h5
refused "train: both one by a link"     'are the same file'   train mnist --out to-unmade --spikes unmade.csv
refused "train: the digits"             'the digits .*, which is read' train mnist --data digits --out digits/t10k-images-idx3-ubyte.gz
mkdir -p "$work/tree"
ln -s "$root/rtl" "$root/configs" "$root/harness" "$root/cmodel" "$work/tree/"
mkdir "$work/tree/data"
ln -s "$in/demo.h5" "$work/tree/data/mnist-240.h5"
ln -s "$digits" "$work/tree/data/mnist-test.h5"
SYNFIRE_DATA=$work/tree refused "demo: its network" "--report .*$same" demo --no-synth --digits 1 --report demo.h5
rm -f "$work/before/.lock" "$in/.lock"
: >"$work/before/.lock" # which synth makes in its folder
: >"$in/.lock"
refused "synth: a name that it writes"  "--out .*$same"       synth result.json --target up5k --out .
refused "synth: in a folder that it makes anew" 'src/, which is made anew' synth src/config.json --target up5k --out .
refused "synth: in the folder of a seed" 'seed-\*/, which is made anew' synth seed-3/config.json --target up5k --out .
refused "explore: the sweep"            "--out .*$same"       explore results.json --out .
refused "explore: spikes that it names" "spikes .*, which is read" explore names.json --out .
refused "explore: hosts"                "--hosts .*, which is read" explore sweep.json --hosts points.txt --out .
(cd "$work/elsewhere" && "$synfire" explore "$in/sweep.json" --out . >/dev/null && cp results.json "$in/projection.json" && cp results.json "$work/before/projection.json")
refused "explore --project: the results" "$same"              explore --project projection.json
cd "$in" || exit 2
"$synfire" "${run[@]}" --out new.csv >"$work/out" && "$synfire" "${run[@]}" --out new.csv >"$work/out"
holds "an output that is there already is written anew" [ $? -eq 0 ]

closing_line
