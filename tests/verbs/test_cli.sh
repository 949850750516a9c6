#!/bin/bash
# test_cli.sh - bad usage and bad input of the synfire program: exit status 2, exactly one line on standard error, nothing
# on standard output, no file left behind; and what every verb promises: --help, --json, exit statuses.
set -u
cd "$(dirname "$0")/../.." || exit 2
synfire=$PWD/build/synfire
. tests/lib.sh cli
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

mkdir "$work/in" "$work/out" "$work/bin" "$work/locked"
cd "$work/out" || exit 2
net=$root/data/mnist-240.h5 digits=$root/data/mnist-test.h5

# refused NAME PATTERN ARGUMENTS... - one row of the table. Whatever a verb makes would lie in the current folder.
refused() {
  local name=$1 pattern=$2 status
  shift 2
  "$synfire" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null
  status=$?
  if [ $status -eq 2 ] && [ "$(wc -l <"$work/stderr")" = 1 ] && [ ! -s "$work/stdout" ] &&
    grep -qE -- "$pattern" "$work/stderr" && [ -z "$(ls -A "$work/out")" ]; then
    passed=$((passed + 1)); echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name: status $status, wanted one line with /$pattern/, got:"
    head -n 3 "$work/stdout" "$work/stderr"
    ls -A "$work/out"
    rm -rf "$work/out"/*
  fi
}

# ---- inputs --------------------------------------------------------------------------------------------------------
cat >"$work/in/net.json" <<'JSON'
{"format": "synfire-network", "version": 1, "AXONS": 2, "NEURONS": 1, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 8,
 "DELAY_SLOTS": 4, "weights": [[0, 0, 1], [1, 0, 1]], "neurons": [{"id": 0, "threshold": 2}],
 "profiles": [{"v_decay": 4096}], "routes": [[0, -1, 0, 0]]}
JSON
variant() { sed -e "$2" "$work/in/net.json" >"$work/in/$1.json"; } # variant NAME SED
variant route-delay-0 's/\[\[0, -1, 0, 0\]\]/[[0, 0, 1, 0]]/'
variant route-delay-4 's/\[\[0, -1, 0, 0\]\]/[[0, 0, 1, 4]]/'
variant route-axon    's/\[\[0, -1, 0, 0\]\]/[[0, 0, 2, 1]]/'
variant route-neuron  's/\[\[0, -1, 0, 0\]\]/[[1, -1, 0, 0]]/'
variant weight        's/\[1, 0, 1\]/[1, 0, 8]/'
variant weight-bits   's/"WEIGHT_BITS": 4/"WEIGHT_BITS": 5/'
variant axons         's/"AXONS": 2/"AXONS": 5000/'
variant misspelt      's/"threshold"/"treshold"/'
variant decay         's/"v_decay": 4096/"v_decay": 4097/'
variant refractory    's/"v_decay": 4096/"refractory": 256/'
variant slots         's/"DELAY_SLOTS": 4/"DELAY_SLOTS": 5/'
variant cut           's/"profiles".*//'
variant no-shift      's/"v_decay": 4096/"v_decay": 1000/'
variant refractory-3  's/"v_decay": 4096/"refractory": 3/'
printf 'tick,unit\n0,0\n0,1\n2,1\n' >"$work/in/in.csv"
printf 'tick,unit\n0,0\n0,2\n' >"$work/in/axon.csv"
printf 'tick,unit\n0,-1\n' >"$work/in/minus.csv"
printf 'tick,unit\n0\n' >"$work/in/short.csv"
printf 'tick,unit,core\n0,0,1\n' >"$work/in/core.csv"
printf 'tick,unit\n4000000000,0\n' >"$work/in/late.csv"
printf ' \n\t\n' >"$work/in/blank.csv"
printf '{"LANES": 4,\n"AXONS" 4}\n' >"$work/in/broken.json"
printf '[1, 2]\n' >"$work/in/list.json"
printf '{"format": "netcdf", "version": 1}\n' >"$work/in/format.json"
printf '{"format": "synfire-network", "version": 1, "AXONS": 4, "NEURONS": 3, "weight": []}\n' >"$work/in/weight-key.json"
printf '\357\273\277tick,unit\r\n0,0 # both\r\n0,1\r\n2,1\r\n' >"$work/in/sheet.csv"
head -c 5000 "$net" >"$work/in/cut.h5"
head -c 40000 "$digits" >"$work/in/cut-spikes.h5"
: >"$work/in/empty.h5"
head -c 4096 /dev/urandom >"$work/in/noise.h5"
config() { printf '%s\n' "$2" >"$work/in/$1.json"; } # config NAME TEXT
config lanes-3        '{"LANES": 3}'
config lanes-over     '{"LANES": 8192}'
config neuron-lanes   '{"LANES": 4, "NEURON_LANES": 8}'
config neurons        '{"NEURONS": 100, "LANES": 16}'
config learning       '{"LEARNING_LANES": 4}'
config weight-bits-3  '{"WEIGHT_BITS": 3}'
config potential      '{"POTENTIAL_BITS": 25}'
config delay          '{"DELAY_SLOTS": 1}'
config profiles       '{"PROFILES": 0}'
config routes         '{"ROUTES": 70000}'
config spram          '{"WEIGHT_MEMORY": "spram", "LANES": 2, "WEIGHT_BITS": 4}'
config unknown        '{"LANE": 4}'
config type           '{"LANES": "many"}'
config cut-config     '{"LANES": 4'
config other-bits     '{"WEIGHT_BITS": 8, "POTENTIAL_BITS": 8, "AXONS": 16, "NEURONS": 16}'
config good           '{"WEIGHT_BITS": 4, "POTENTIAL_BITS": 8, "AXONS": 16, "NEURONS": 16, "DELAY_SLOTS": 4, "PROFILES": 2}'
config good-shift     '{"WEIGHT_BITS": 4, "POTENTIAL_BITS": 8, "AXONS": 16, "NEURONS": 16, "DELAY_SLOTS": 4, "PROFILES": 2, "LEAK": "shift"}'
in=$work/in
run=(run "$in/net.json" --spikes "$in/in.csv")

# ---- usage ---------------------------------------------------------------------------------------------------------
refused "no verb"                     'no verb'
refused "unknown verb"                "unknown verb 'fly'"                 fly
refused "unknown option"              "unknown option '--fast'"            "${run[@]}" --fast
refused "one dash"                    "unknown option '-json'"             "${run[@]}" -json
refused "option without its value"    '--ticks needs a value'              "${run[@]}" --ticks
refused "flag with a value"           '--json takes no value'              "${run[@]}" --json=yes
refused "no number"                   "--ticks 'ten'"                      "${run[@]}" --ticks ten
refused "number below 0"              "--ticks '-1'"                       "${run[@]}" --ticks=-1
refused "number over 32 bits"         "--ticks '4294967296'"               "${run[@]}" --ticks 4294967296
refused "more ticks than files have"  "--ticks '2147483648'.* 1 to 2147483647" "${run[@]}" --ticks 2147483648
refused "no ticks"                    "--ticks '0'.* from 1"               "${run[@]}" --ticks 0
refused "check: no ticks"             "--ticks '0'.* from 1"               check "$in/net.json" --spikes "$in/in.csv" --ticks 0
refused "empty range"                 "--samples '3:3'"                    "${run[@]}" --samples 3:3
refused "range beyond the file"       'samples 0 .. 0'                     "${run[@]}" --samples 5:9
refused "one argument too many"       "unexpected argument 'b'"            run a b --spikes c
refused "no network"                  'usage'                              run --spikes "$in/in.csv"
refused "no spikes"                   '--spikes FILE is required'          run "$in/net.json"
refused "clock of 0"                  "--clock .0.: must be 0.001"          run "$in/net.json" --spikes "$in/in.csv" --clock 0
refused "clock no number"             "--clock .fast.: must be"              run "$in/net.json" --spikes "$in/in.csv" --clock fast
refused "unknown backend"             "backend 'gpu'"                      "${run[@]}" --backend gpu
for b in netlist bitstream board; do
  refused "backend $b"                "backend $b: not built in this version" "${run[@]}" --backend $b
done
refused "unknown level"               "level 'gate'"                       check "$in/net.json" --spikes "$in/in.csv" --level gate
refused "level netlist"               'not built in this version'          check "$in/net.json" --spikes "$in/in.csv" --level netlist
refused "check without anything"      'needs NET'                          check
refused "check: network and random"   '--random draws its own'             check "$in/net.json" --random 3
refused "case without random"         '--case goes with --random'          check "$in/net.json" --spikes "$in/in.csv" --case 1
refused "case beyond random"          '--case: must be 0 .. 2'             check --random 3 --case 3
refused "flip of no signal"           "no signal 'foo'"                    check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip 1:foo:1
refused "flip: what there is"         'there are tick_ready,.*probe_\{.*issue_axon,.*model.a$' check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip 1:foo_o:1
refused "flip of an input"            'in_axon is an input'                check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip 1:in_axon_i:0
refused "flip of no bit"              'bit 8: must be 0 .. 7'              check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip '1:v[0]:8'
refused "flip after the end"          'the run was over before'            check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip 9999999:tick_done:0
refused "weights of three bits"       'weight-bits: 3 is out of range, allowed 1, 2, 4, 8' train mnist --weight-bits 3
refused "bench of no time"            '--seconds: must be 1'               bench --seconds 0

# ---- files ---------------------------------------------------------------------------------------------------------
refused "missing network"             'missing.h5: .*No such file'         run "$in/missing.h5" --spikes "$in/in.csv"
refused "a folder for a network"      'in: is a folder'                               run "$in" --spikes "$in/in.csv"
refused "empty network"               'empty.h5'                           run "$in/empty.h5" --spikes "$in/in.csv"
refused "truncated network"           'cut.h5'                             run "$in/cut.h5" --spikes "$in/in.csv"
refused "noise for a network"         'noise.h5'                           run "$in/noise.h5" --spikes "$in/in.csv"
refused "spikes for a network"        'mnist-test.h5'                      run "$digits" --spikes "$in/in.csv"
refused "a cut JSON network"          'cut.json'                           run "$in/cut.json" --spikes "$in/in.csv"
refused "route with delay 0"          'delay.*1 .. 3'                      run "$in/route-delay-0.json" --spikes "$in/in.csv"
refused "route with delay D"          'delay.*1 .. 3'                      run "$in/route-delay-4.json" --spikes "$in/in.csv"
refused "route to no axon"            'axon.*0 .. 1'                       run "$in/route-axon.json" --spikes "$in/in.csv"
refused "route from no neuron"        'neuron'                             run "$in/route-neuron.json" --spikes "$in/in.csv"
refused "weight out of range"         '-8 .. 7'                            run "$in/weight.json" --spikes "$in/in.csv"
refused "impossible weight width"     'WEIGHT_BITS'                        run "$in/weight-bits.json" --spikes "$in/in.csv"
refused "too many axons"              'AXONS.*4096'                        run "$in/axons.json" --spikes "$in/in.csv"
refused "misspelt field"              'treshold'                           run "$in/misspelt.json" --spikes "$in/in.csv"
refused "decay over 4096"             'v_decay.*0 .. 4096'                 run "$in/decay.json" --spikes "$in/in.csv"
refused "refractory over 255"         'refractory.*0 .. 255'               run "$in/refractory.json" --spikes "$in/in.csv"
refused "delay slots no power of two" 'DELAY_SLOTS'                        run "$in/slots.json" --spikes "$in/in.csv"
refused "missing spikes"              'missing.csv'                        run "$in/net.json" --spikes "$in/missing.csv"
refused "truncated spikes"            'cut-spikes.h5'                      run "$net" --spikes "$in/cut-spikes.h5"
refused "event to no axon"            'axon.csv.* 2'                       run "$in/net.json" --spikes "$in/axon.csv"
refused "event below axon 0"          'minus.csv'                          run "$in/net.json" --spikes "$in/minus.csv"
refused "half a line"                 'short.csv'                          run "$in/net.json" --spikes "$in/short.csv"
refused "event to no core"            'core.csv'                           run "$in/net.json" --spikes "$in/core.csv"
refused "event after the last tick"   'late.csv'                           run "$in/net.json" --spikes "$in/late.csv"
refused "digits for another network"  'mnist-test.h5'                      run "$in/net.json" --spikes "$digits"
refused "info of nothing"             'missing'                            info "$in/missing"
refused "info of noise"               'noise.h5'                           info "$in/noise.h5"
refused "info of a truncated network" 'cut.h5'                             info "$in/cut.h5"
refused "info of an empty file"       'empty.h5: the file is empty'        info "$in/empty.h5"
refused "info of blanks"              'blank.csv: is empty but for blanks' info "$in/blank.csv"
refused "info of a folder"            'in: is a folder'                    info "$in"
refused "info of a program"           'neither HDF5 nor text: it has a 0 byte' info "$synfire"
refused "info of a text"              'taken for spikes in CSV'            info "$root/README.md"
refused "info of broken JSON"         'broken.json: line 2: is not valid JSON' info "$in/broken.json"
refused "info of a JSON list"         'is no JSON object'                  info "$in/list.json"
refused "info of another format"      'format = "netcdf"'                  info "$in/format.json"
refused "info of a misspelt network"  'unknown key weight;'                info "$in/weight-key.json"
refused "info of nothing through a pipe" 'standard input: the file is empty' info -

# ---- rules ---------------------------------------------------------------------------------------------------------
printf 'x1: tau 20, add 64\ndw = 2^-4*x1*y3\n' >"$in/y3.rule"
printf 'x1: tau 20, add 64\n' >"$in/constants.rule"
refused "rule of nothing"              'usage: synfire rule'               rule
refused "rule with an unknown factor"  "rule: line 1, column 9: 'x3': must be" rule 'dw = x0*x3'
refused "rule in a file"               "y3.rule: line 2, column 14: 'y3': must be" rule "$in/y3.rule"
refused "rule without a term"          'no term is left'                   rule "$in/constants.rule"
refused "rule that is no text"         'No such file .* taken for a file'  rule 'x1*y0'
refused "rule of nine terms"           'takes 9 terms: a table has at most 8' rule 'dw = (x0+x1+x2)*(y0+y1+y2)'
refused "rule that needs a shift"      's = 0: must be 7 .. 24 with'    rule 'dw = y1*y1'
refused "rule for no core"             'TRACE_BITS = 17: must be 3 .. 16'  rule 'dw = y1' --trace-bits 17
refused "rule for weights of 3 bits"   'WEIGHT_BITS = 3: must be 2, 4, 8'  rule 'dw = y1' --weight-bits 3
refused "rule for wide potentials"     'POTENTIAL_BITS = 25: must be 8 ..' rule 'dw = y1' --potential-bits 25

# ---- configurations ------------------------------------------------------------------------------------------------
rtl=("${run[@]}" --backend cycle)
refused "lanes no power of two"       'LANES'                              "${rtl[@]}" --config "$in/lanes-3.json"
refused "too many lanes"              'LANES.*4096'                        "${rtl[@]}" --config "$in/lanes-over.json"
refused "more neuron lanes than lanes" 'NEURON_LANES'                      "${rtl[@]}" --config "$in/neuron-lanes.json"
refused "neurons no multiple of lanes" 'NEURONS'                           "${rtl[@]}" --config "$in/neurons.json"
refused "learning lanes"              'LEARNING_LANES'                     "${rtl[@]}" --config "$in/learning.json"
refused "weight bits"                 'WEIGHT_BITS'                        "${rtl[@]}" --config "$in/weight-bits-3.json"
refused "potential bits"              'POTENTIAL_BITS.*8 .. 24'            "${rtl[@]}" --config "$in/potential.json"
refused "delay slots"                 'DELAY_SLOTS'                        "${rtl[@]}" --config "$in/delay.json"
refused "no profile"                  'PROFILES'                           "${rtl[@]}" --config "$in/profiles.json"
refused "too many routes"             'ROUTES.*65536'                      "${rtl[@]}" --config "$in/routes.json"
refused "SPRAM rows"                  'spram|WEIGHT_MEMORY'                "${rtl[@]}" --config "$in/spram.json"
refused "unknown parameter"           'LANE'                               "${rtl[@]}" --config "$in/unknown.json"
refused "parameter of another type"   'LANES'                              "${rtl[@]}" --config "$in/type.json"
refused "cut configuration"           'cut-config.json'                    "${rtl[@]}" --config "$in/cut-config.json"
refused "missing configuration"       'missing.json'                       "${rtl[@]}" --config "$in/missing.json"
refused "network does not fit: bits"  'does not fit .*(WEIGHT_BITS|weight_bits)' "${rtl[@]}" --config "$in/other-bits.json"
refused "network does not fit: size"  'does not fit'                       run "$net" --spikes "$digits" --backend cycle --config "$in/good.json"
refused "feature that is not built"   'refractory|REFRACTORY'              run "$in/refractory-3.json" --spikes "$in/in.csv" --backend cycle --config "$in/good.json"
refused "decay that is no shift"      'power|shift'                        run "$in/no-shift.json" --spikes "$in/in.csv" --backend cycle --config "$in/good-shift.json"

# ---- output --------------------------------------------------------------------------------------------------------
refused "output in no folder"         'none/out.csv'                       "${run[@]}" --out "$work/none/out.csv"
refused "output is a folder"          'is a folder'                        "${run[@]}" --out "$work/locked"
refused "waveform in no folder"       'none/w.fst'                         check "$in/net.json" --spikes "$in/in.csv" --fst "$work/none/w.fst"
if [ "$(id -u)" != 0 ]; then
  chmod a-w "$work/locked"
  refused "output may not be written" 'locked/out.h5'                      "${run[@]}" --out "$work/locked/out.h5"
fi
refused "many samples as CSV"         'CSV'                                run "$net" --spikes "$digits" --samples 0:2 --out many.csv
refused "bad input, output asked for" 'axon.csv'                           run "$in/net.json" --spikes "$in/axon.csv" --out out.h5

# ---- tools that are missing -------------------------------------------------------------------------------------------
export SYNFIRE_CACHE=$work/cache SYNFIRE_VERILATOR=verilator # the one in PATH
for tool in verilator g++; do # all others stay in reach
  rm -rf "$work/bin" && mkdir "$work/bin"
  ln -s /usr/bin/* "$work/bin/"
  rm -f "$work/bin/$tool"
  missing="[ :]${tool//+/\\+}: not found in PATH"
  PATH=$work/bin refused "no $tool: run"   "$missing"  "${run[@]}" --backend rtl
  PATH=$work/bin refused "no $tool: check" "$missing"  check "$in/net.json" --spikes "$in/in.csv"
  PATH=$work/bin refused "no $tool: check --random" "$missing" check --random 1
done
SYNFIRE_RTL=$work/none refused "no such RTL" 'SYNFIRE_RTL='                check "$in/net.json" --spikes "$in/in.csv"
SYNFIRE_RTL=$work/in refused "a folder without RTL" 'no synfire_core.v'    check "$in/net.json" --spikes "$in/in.csv"
unset SYNFIRE_CACHE SYNFIRE_VERILATOR

# ---- what works ------------------------------------------------------------------------------------------------------
for v in run check info bench synth explore train demo report rule; do
  "$synfire" $v --help >"$work/help" 2>"$work/stderr"
  holds "$v --help: status 0" [ $? -eq 0 ]
  holds "$v --help: usage and options on standard output" grep -q "^usage: synfire $v" "$work/help"
  holds "$v --help: nothing on standard error" [ ! -s "$work/stderr" ]
done

# The manual and --help have the same options, with the same names for what they take; and what any manual tells people to type exists.
helped() { "$synfire" "$1" --help | sed -n 's/^  \(--[^ ]*\( [^ ][^ ]*\)\{0,1\}\)  .*/\1/p' | grep -vx -e --help -e --json | sort; }
manual() {
  awk -v verb="$1" '/^##* /{ on = $0 == "### synfire " verb } on && /^[|] `--/' "$root/harness/README.md" | cut -d'|' -f2 |
    grep -o -- '--[^`]*' | sort
}
for v in run check info bench synth explore train demo report rule; do
  helped $v >"$work/helped"
  manual $v >"$work/manual"
  differ=$(diff "$work/helped" "$work/manual" | sed -n 's/^</only in --help:/p; s/^>/only in the manual:/p' | tr '\n' ' ')
  holds "$v: the manual has the options of --help $differ" [ -z "$differ" ]
  holds "$v: stands in the manual" grep -qx "### synfire $v" "$root/harness/README.md"
done
holds "the manual has options at all" [ "$(for v in run check explore; do manual $v; done | wc -l)" -gt 30 ]
(cd "$root" && find . -name '*.md' -not -path './build*' -not -path './.git/*' -exec grep -noE 'synfire (run|check|info|bench|synth|explore|train|demo|report|rule) [^`|#]*--[^`|#]*' {} +) >"$work/told"
while IFS=: read -r file line text; do
  read -r _ v _ <<<"$text"
  for o in $(grep -oE -- '(^| )--[a-z-]+' <<<"$text"); do
    "$synfire" "$v" --help | grep -qE -- "^  $o( |\$)" || echo "$file:$line: synfire $v knows no $o"
  done
done <"$work/told" >"$work/unknown"
holds "what the manuals tell people to type exists: $(wc -l <"$work/told") lines $(head -n 2 "$work/unknown" | tr '\n' ' ')" \
  [ "$(wc -l <"$work/told")" -gt 20 -a ! -s "$work/unknown" ]
"$synfire" --help >"$work/help"
holds "--help names every verb" [ "$(grep -cE '^  (run|check|info|bench|synth|explore|train|demo|report|rule) ' "$work/help")" = 10 ]
holds "--version" grep -qE '^synfire [0-9]+\.[0-9]+\.[0-9]+$' <("$synfire" --version)
holds "rule: the table" grep -qx '   1    -1   4  x0     y1              1            all      all      always' \
  <("$synfire" rule 'dw = 2^-4*x1*y0 - 2^-4*x0*y1')
holds "rule: a file through a pipe is printed as itself" [ "$(grep -v '^#' "$root/rules/sdsp.rule" | "$synfire" rule - | grep '^dw')" = \
  "$(grep '^dw' "$root/rules/sdsp.rule")" ]
"$synfire" "${run[@]}" --out out.csv >/dev/null
holds "AND of two inputs: one output event, in tick 0" [ "$(tail -n +2 out.csv)" = "0,0" ]
"$synfire" "${run[@]}" --backend cycle --config "$in/good.json" --out cycle.csv >/dev/null
holds "the same on the mirror" cmp -s out.csv cycle.csv
"$synfire" "${run[@]}" --json >"$work/json" 2>"$work/stderr"
holds "run --json: one object, nothing else" [ "$(head -c 1 "$work/json")$(tail -n 1 "$work/json")" = "{}" -a ! -s "$work/stderr" ]
"$synfire" check "$in/net.json" --spikes "$in/in.csv" --level cycle >"$work/stdout"
holds "check --level cycle: status 0" [ $? -eq 0 ]
holds "check counts what it compared" grep -qE '[1-9][0-9]* cycles and 7 ticks compared, 0 mismatches' "$work/stdout"
# Events in ticks 0 and 2, two of them for one axon; DELAY_SLOTS is 4.
printf '0,0\n0,1\n0,1\n2,1\n' >"$in/twice.csv"
sed -e 's/"routes.*/"routes": [[0, 0, 1, 3], [0, -1, 0, 0]], "name": "loop"}/' "$in/net.json" >"$in/loop.json"
for v in run "check --level cycle"; do
  "$synfire" $v "$in/net.json" --spikes "$in/twice.csv" --json >"$work/json"
  holds "$v: DELAY_SLOTS ticks after the last event" grep -q '"ticks":[[:space:]]*7,' "$work/json"
  "$synfire" $v "$in/net.json" --spikes "$in/twice.csv" >"$work/stdout"
  holds "$v: says what merged" grep -q '^  merged  *1 event into another' "$work/stdout"
  holds "$v: synapses are those of the network" grep -q ', 3 synaptic operations$' "$work/stdout"
  "$synfire" $v "$in/net.json" --spikes "$in/twice.csv" --ticks 2 >"$work/stdout"
  holds "$v: says what comes too late" grep -q '^  late  *1 of 4 input events come at or after tick 2' "$work/stdout"
  "$synfire" $v "$in/loop.json" --spikes "$in/twice.csv" --ticks 3 >"$work/stdout"
  holds "$v: says what is on its way" grep -q '^  at the end  *1 spike still on the way$' "$work/stdout"
  "$synfire" $v "$in/loop.json" --spikes "$in/twice.csv" --ticks 4 >"$work/stdout"
  holds "$v: which has arrived a tick later" [ "$(grep -c 'on the way' "$work/stdout")" = 0 ]
done
holds "check: what padded lanes add has a name of its own" grep -q '^  lanes  *[0-9]* lane operations' "$work/stdout"
"$synfire" check --random 3 --level cycle --json >"$work/json"
holds "check --random --level cycle: status 0" [ $? -eq 0 ]
"$synfire" check "$in/net.json" --spikes "$in/in.csv" --no-probes >"$work/stdout" 2>&1
holds "check --no-probes: status 0" [ $? -eq 0 ]
"$synfire" check --random 6 --case 2 --no-probes >"$work/stdout" 2>&1
holds "check --random --no-probes: status 0" [ $? -eq 0 ]
cp "$in/net.json" "$in/a n'et.json"
rerun=$("$synfire" check "$in/a n'et.json" --spikes "$in/in.csv" --level cycle --flip '1:model.threshold[0]:1' --fst w.fst | tee "$work/first" |
  sed -n 's/^  rerun: synfire //p')
eval "\"\$synfire\" $rerun --fst w.fst" >"$work/second" 2>&1
holds "the rerun line is quoted for the shell" [ -n "$rerun" -a "$(grep ^MISM "$work/first")" = "$(grep ^MISM "$work/second")" ]

# --json: one object and nothing else, whatever a verb is asked for, and when it finds something too.
one_object() { # one_object STATUS ARGUMENTS...
  local status=$1 got
  shift
  "$synfire" "$@" --json >"$work/json" 2>"$work/stderr" </dev/null
  got=$?
  [ $got -eq "$status" ] || { echo "status $got"; head -n 3 "$work/stderr"; return 1; }
  perl -MJSON::PP -0777 -ne 'exit 1 unless ref(JSON::PP->new->decode($_)) eq "HASH"' "$work/json" 2>&1 || { head -n 3 "$work/json"; return 1; }
}
says() { grep -qE -- "$1" "$work/json"; }
cat >"$work/in/sweep.json" <<'JSON'
{"format": "synfire-sweep", "version": 1, "steps": ["model"], "traffic": {"events": 2, "ticks": 5},
 "parameters": {"AXONS": 16, "NEURONS": 16, "LANES": [2, 3]}}
JSON
sed 's/, 3\]/, 4]/' "$work/in/sweep.json" >"$work/in/sound.json"
flip=(--level cycle --flip '1:model.threshold[0]:1' --fst "$work/w.fst")
export SYNFIRE_CACHE=$work/cache
holds "--json: run"                        one_object 0 "${run[@]}"
holds "--json: run with a clock"           one_object 0 "${run[@]}" --clock 30 --out out.csv
holds "--json: run on the mirror"          one_object 0 "${run[@]}" --backend cycle
holds "--json: check"                      one_object 0 check "$in/net.json" --spikes "$in/in.csv" --level cycle
holds "--json: check that finds a fault"   one_object 1 check "$in/net.json" --spikes "$in/in.csv" "${flip[@]}"
holds "--json: check --random"             one_object 0 check --random 2 --level cycle
holds "--json: explore --list"             one_object 0 explore "$in/sound.json" --list
holds "--json: explore --list, its rows"   says '"LANES":[[:space:]]*4'
holds "--json: explore"                    one_object 0 explore "$in/sound.json"
holds "--json: explore --collect"          one_object 0 explore "$in/sound.json" --collect
holds "--json: explore --point"            one_object 0 explore "$in/sound.json" --point 1
holds "--json: info"                       one_object 0 info
holds "--json: info FILE"                  one_object 0 info "$in/net.json"
holds "--json: rule"                       one_object 0 rule 'dw = 2^-4*x1*y0 - 2^-4*x0*y1'
holds "--json: rule, its table"            says '"F":[[:space:]]*"x1"'
holds "--json: report"                     one_object 0 report "$net" --spikes "$digits" --samples 20 --out "$work/report.html"
holds "--json: report, what ran"           says '"samples":[[:space:]]*20'
unset SYNFIRE_CACHE
rm -f out.csv
without=$(for v in run check info bench synth explore train demo report rule; do "$synfire" $v --help | grep -q '^  --json ' || echo "$v"; done)
holds "every verb knows --json: but for '$without'" [ -z "$without" ]

# Numbers for people have no exponents.
"$synfire" run "$net" --spikes "$digits" --samples 0:20 --config "$root/configs/up5k.json" --clock 30 >"$work/stdout"
holds "run --clock: a grouped rate" grep -qE ' [0-9]{2,3},[0-9]{3},[0-9]{3} synaptic operations a second$' "$work/stdout"
exponents() { grep -nE '[0-9]e[+-]?[0-9]' "$1"; }
holds "run --clock: no exponent" [ -z "$(exponents "$work/stdout")" ]

# A port is flipped under the RTL's name too, and the error line lists what there is.
"$synfire" check "$in/net.json" --spikes "$in/in.csv" --level cycle --flip 1:probe_v_o[0]:1 --fst "$work/w.fst" >"$work/stdout"
holds "flip of probe_v_o[0]: found" [ $? -eq 1 ]
holds "info of a network" grep -q '"AXONS":[[:space:]]*1024' <("$synfire" info "$net" --json)
holds "info of spikes" grep -q '"samples":[[:space:]]*10000' <("$synfire" info "$digits" --json)
holds "info of a configuration" grep -q '"LANES":[[:space:]]*16' <("$synfire" info "$root/configs/up5k.json" --json)
kind_of() { "$synfire" info "$1" --json | sed -n 's/.*"kind":[[:space:]]*"\(.*\)".*/\1/p'; } # kind_of FILE
holds "info of a sweep" [ "$(kind_of "$root/sweeps/quick.json")" = sweep ]
holds "info of a sweep counts its points" grep -q '"points":[[:space:]]*17' <("$synfire" info "$root/sweeps/quick.json" --json)
holds "info of results" [ "$(kind_of "$root/synth/results/sweep-quick/results.json")" = "results of explore" ]
holds "info of a projection" [ "$(kind_of "$root/synth/results/sweep-quick/projection.json")" = projection ]
holds "info of a result of synth" [ "$(kind_of "$root/synth/results/up5k.json")" = "result of synth" ]
holds "info of CSV spikes, byte-order mark and comments" [ "$(kind_of "$in/sheet.csv")" = spikes ]
holds "info of what comes through a pipe" [ "$(kind_of - <"$net")" = network ]
"$synfire" run "$in/net.json" --spikes - --out pipe.csv <"$in/sheet.csv" >/dev/null
holds "spikes from standard input" cmp -s cycle.csv pipe.csv
"$synfire" run <(cat "$in/net.json") --spikes <(cat "$in/sheet.csv") --out pipe.csv >/dev/null
holds "network and spikes from pipes" cmp -s cycle.csv pipe.csv
"$synfire" run "$net" --spikes "$digits" --samples 0:200 --out file.h5 >/dev/null
cat "$digits" | "$synfire" run "$net" --spikes /dev/stdin --samples 0:200 --out pipe.h5 >/dev/null
holds "HDF5 spikes through a pipe" cmp -s file.h5 pipe.h5
rm -f file.h5 pipe.h5 pipe.csv
holds "info of tools" grep -q '^verilator' <("$synfire" info)

closing_line
