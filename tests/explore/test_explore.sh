#!/bin/bash
# test_explore.sh - `synfire explore` as a program: a sweep from end to end, the cache (nothing twice, only what is new, a
# stopped sweep goes on), failed points, bad input, GNU parallel on this machine, and the page in a browser.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh sweep
synfire=$root/build/synfire
export SYNFIRE_CACHE=$work/cache SYNFIRE_DATA=$root
json() { sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\"\{0,1\}\([^,\"]*\)\"\{0,1\},\{0,1\}$/\1/p" "$2" | head -n 1; }
explore() { "$synfire" explore "$@" --json >"$work/out" 2>"$work/err" </dev/null; }
counts() { # counts POINTS OK FAILED ERROR MISSING COMPUTED: what the last run said
  local got
  got="$(json points "$work/out") $(json ok "$work/out") $(json failed "$work/out") $(json error "$work/out") $(json missing "$work/out") $(json computed "$work/out")"
  [ "$got" = "$*" ] || { echo "     points, ok, failed, error, missing, computed: $got, expected $*"; false; }
}
entries() { find "$work/cache/explore" -maxdepth 1 -name "$1-*" -type d ! -name '*.failed' ! -name '*.work-*' | wc -l; }
tiny='"AXONS": 16, "NEURONS": 16, "NEURON_LANES": 1, "PROFILES": 2, "ROUTES": 16, "DELAY_SLOTS": 4, "LEAK": "shift"'
sweep() { printf '{"format": "synfire-sweep", "version": 1, "traffic": {"events": 6, "ticks": 20}, %s}\n' "$2" >"$work/$1.json"; }

# --- a whole sweep, real tools, two seeds; a point that does not fit and one that cannot be built are rows of it ---
sweep all "\"targets\": [\"up5k\"], \"parameters\": {$tiny}, \"grids\": [{\"parameters\": {\"LANES\": 2}, \"route_seeds\": [1, 2]}, {\"parameters\": {\"LANES\": 4}},
  {\"name\": \"large\", \"steps\": [\"model\", \"synth\"], \"parameters\": {\"AXONS\": 4096, \"NEURONS\": 2048}},
  {\"name\": \"odd\", \"parameters\": {\"NEURONS\": 24, \"LANES\": 16}}]"
explore "$work/all.json" -j 2
holds "a whole sweep: status 0" [ $? -eq 0 ]
holds "counts" counts 4 2 2 0 0 3 # the odd one takes no computing
results=$work/cache/explore/all
for f in results.csv results.json results.md report.html; do holds "$f" [ -s "$results/$f" ]; done
holds "no half-written file" [ -z "$(find "$work/cache/explore" \( -name '*.??????' -o -name '*work-*' -o -name '*.lock' \) -not -name '*.failed')" ]
# --- another RTL is other lint, lockstep, area and clock; the same Verilog in another folder is not ---
cp -r rtl "$work/rtl"
status_on() { SYNFIRE_RTL=$1 "$synfire" explore "$work/all.json" --list --steps "$2" | awk '$1 == 0 { print $NF }'; }
for step in lint lockstep synth synth,route; do
  holds "$step: a copy of the RTL is the same RTL" [ "$(status_on "$work/rtl" $step)" = ok ]
done
echo "// changed" >>"$work/rtl/core/crossbar.v"
for step in lint lockstep synth synth,route; do
  holds "$step: a changed RTL has not been computed" [ "$(status_on "$work/rtl" $step)" = missing ]
done
holds "the functional model is the same on any RTL" [ "$(status_on "$work/rtl" model)" = ok ]
SYNFIRE_RTL=$work/nowhere "$synfire" explore "$work/all.json" >"$work/out" 2>"$work/err"
holds "an RTL that is not there: status 2" [ $? -eq 2 ]
holds "and one line" grep -qE '^synfire explore: SYNFIRE_RTL=.*nowhere: No such file' "$work/err"
csv() { awk -F, -v row="$1" -v key="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == key) at = i } $1 == row && at { print $at }' "$results/results.csv"; }
holds "lockstep compared cycles, no mismatch" [ "$(csv 0 lockstep_cycles)" -gt 500 -a "$(csv 0 mismatches)" = 0 ]
holds "spikes do not depend on lanes, cycles do" [ "$(csv 0 spikes)" = "$(csv 1 spikes)" -a "$(csv 0 cycles)" -gt "$(csv 1 cycles)" ]
holds "routed with two seeds" [ "$(csv 0 route_seeds)" = 2 -a -n "$(csv 0 fmax_mhz)" ]
holds "lint was clean" [ "$(csv 1 lint)" = clean ]
holds "what does not fit is a row" grep -q '^2,failed,synth,.*block RAM ran out.*,large,up5k,4096,2048,' "$results/results.csv"
holds "what cannot be built is a row" grep -q '^3,failed,parameters,.*NEURONS.*,odd,up5k,' "$results/results.csv"
holds "three routes in the cache" [ "$(entries route)" = 3 ]
dangling() { # every log that the page leads to is there
  local n=0 path
  while read -r path; do [ -d "$results/$path" ] || echo "$path"; n=$((n + 1)); done \
    < <(sed -n 's/^[[:space:]]*"\(lint\|model\|lockstep\|synth\|route [0-9]*\)":[[:space:]]*"\(\.\.\/.*\)",\{0,1\}$/\2/p' "$results/results.json")
  [ $n -ge 12 ] || echo "only $n logs"
}
holds "every point leads to its logs" [ -z "$(dangling)" ]
holds "the logs are the tools'" [ -s "$(find "$work/cache/explore" -path '*route-*' -name nextpnr.log | head -n 1)" -a \
  -s "$(find "$work/cache/explore" -path '*synth-*' -name yosys.log | head -n 1)" ]

# --- the cache ---
cp "$results/results.csv" "$work/first.csv"
find "$work/cache/explore" -name result.json -newer "$work/first.csv" >"$work/none"
explore "$work/all.json"
holds "again: nothing is computed" counts 4 2 2 0 0 0
holds "again: the same results" cmp -s "$work/first.csv" "$results/results.csv"
sed 's/"LANES": 4/"LANES": [4, 8]/; s/"route_seeds": \[1, 2\]/"route_seeds": 2/' "$work/all.json" >"$work/more.json"
explore "$work/more.json" --steps model,lockstep
holds "enlarged: only the new point is computed" counts 5 4 1 0 0 2 # and the large one's lockstep
sed 's/"route_seeds": \[1, 2\]/"route_seeds": 2/' "$work/all.json" >"$work/fewer.json"
explore "$work/fewer.json"
holds "fewer seeds: nothing is computed" counts 4 2 2 0 0 0
holds "fewer seeds: that seed's clock" [ "$(json fmax_mhz "$work/cache/explore/fewer/results.json")" != "" -a "$(json route_seeds "$work/cache/explore/fewer/results.json")" = 1 ]
cp -r rtl "$work/rtl"
echo "// changed" >>"$work/rtl/core/synfire_core.v"
SYNFIRE_RTL=$work/rtl explore "$work/more.json" --steps lint --collect
holds "another RTL: what was computed with this one does not count" [ "$(json missing "$work/out")" -ge 3 ]
holds "not computed: status 1" [ "$(SYNFIRE_RTL=$work/rtl "$synfire" explore "$work/more.json" --steps lint --collect >/dev/null; echo $?)" = 1 ]

# --- stopped and taken up again ---
sweep slow "\"steps\": [\"model\"], \"parameters\": {$tiny, \"LANES\": 4, \"WEIGHT_BITS\": [1, 2, 4, 8]}, \"traffic\": {\"events\": 6, \"ticks\": 1000000, \"seed\": {\"from\": 1, \"to\": 6, \"step\": 1}}"
sed -i 's/"traffic": {"events": 6, "ticks": 20}, //' "$work/slow.json"
"$synfire" explore "$work/slow.json" -j 1 >"$work/stopped" 2>&1 &
pid=$!
for _ in $(seq 200); do [ "$(entries model)" -ge 8 ] && break; sleep 0.1; done
kill -TERM $pid
wait $pid
holds "stopped: status 1" [ $? -eq 1 ]
holds "stopped: says how to go on" grep -q 'goes on from there' "$work/stopped"
explore "$work/slow.json" --collect
ready=$(json ok "$work/out")
holds "stopped: some points are there, some are not" [ "$ready" -ge 1 -a "$ready" -lt 24 ]
explore "$work/slow.json" -j2
holds "taken up: only the rest is computed" counts 24 24 0 0 0 $((24 - ready))

# --- a step that needs a tool that is not there: an error, tried again, not a finding ---
mkdir "$work/bin"
ln -s /usr/bin/* "$work/bin/" 2>/dev/null
rm -f "$work/bin/verilator"
sweep tools "\"steps\": [\"model\", \"lint\"], \"parameters\": {$tiny, \"LANES\": 1}"
PATH=$work/bin explore "$work/tools.json"
holds "no Verilator: status 1" [ $? -eq 1 ]
holds "no Verilator: an error of its points" counts 1 0 0 1 0 0
holds "no Verilator: says so" grep -q 'verilator' "$work/cache/explore/tools/results.csv"
explore "$work/tools.json"
holds "with Verilator: computed" counts 1 1 0 0 0 1

# --- a point that takes too long ---
sweep long "\"steps\": [\"model\"], \"limit_s\": 1, \"parameters\": {\"AXONS\": 4096, \"NEURONS\": 4096}"
sed -i 's/"traffic": {"events": 6, "ticks": 20}/"traffic": {"events": 2000, "ticks": 100000}/' "$work/long.json"
explore "$work/long.json"
holds "too long: an error that says so" grep -q 'stopped after 1 s' "$work/cache/explore/long/results.csv"

# --- RTL that is not the model: exit status 1 ---
sed -i -E 's/sum_q \+ /sum_q - /' "$work/rtl/core/crossbar.v"
sed -i -E 's/\(rst_i\)/(1'"'b0"')/' "$work/rtl/prim/fifo.v"
holds "two faults were put into the RTL" [ "$(cmp -s rtl/core/crossbar.v "$work/rtl/core/crossbar.v"; echo $?)$(cmp -s rtl/prim/fifo.v "$work/rtl/prim/fifo.v"; echo $?)" = 11 ]
sweep wrong "\"steps\": [\"lockstep\"], \"parameters\": {$tiny, \"LANES\": 4}"
SYNFIRE_RTL=$work/rtl explore "$work/wrong.json"
holds "wrong RTL: status 1" [ $? -eq 1 ]
holds "wrong RTL: a failed point" counts 1 0 1 0 0 1
holds "wrong RTL: cycle and signal" grep -q 'mismatch in cycle' "$work/cache/explore/wrong/results.csv"
holds "wrong RTL: report, waveform and save file" [ -n "$(find "$work/cache/explore" -name mismatch.txt)" -a -n "$(find "$work/cache/explore" -name mismatch.fst)" -a -n "$(find "$work/cache/explore" -name mismatch.gtkw)" ]

# --- a network trained for the point's weights, once for all points that have them ---
if [ -e data/mnist/train-images-idx3-ubyte ] || [ -e data/mnist/train-images-idx3-ubyte.gz ]; then
  cat >"$work/train.json" <<JSON
{"format": "synfire-sweep", "version": 1, "steps": ["model"],
 "networks": [{"train": {"epochs": 1}, "spikes": "$root/data/mnist-test.h5", "samples": 1000}],
 "parameters": {"AXONS": 1024, "NEURONS": 256, "LANES": [16, 32], "WEIGHT_BITS": [2, 8]}}
JSON
  explore "$work/train.json"
  holds "trained: all points" counts 4 4 0 0 0 4
  results=$work/cache/explore/train
  holds "trained: one network for each width" [ "$(entries train)" = 2 ]
  holds "trained: better than chance, the same for all lanes" [ "$(csv 0 correct)" -gt 600 -a "$(csv 0 correct)" = "$(csv 2 correct)" ]
  holds "trained: digits a second need a clock" [ -z "$(csv 0 samples_per_s)" ]
  results=$work/cache/explore/all
else
  echo "no training digits here: sweeps over trained networks were not tried (make mnist)"
fi

# --- a projection ---
holds "projection of two points: refused" [ "$("$synfire" explore --project "$results/results.json" 2>&1 >/dev/null | grep -c '4 or more routed points')" = 1 ]
cat >"$work/law.json" <<'JSON'
{"format": "synfire-explore", "version": 1, "sweep": "law", "rows": [
 {"point": 0, "status": "ok", "target": "hx8k", "AXONS": 64, "NEURONS": 64, "LANES": 4, "NEURON_LANES": 2, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 16, "WEIGHT_MEMORY": "spram", "luts": 4720, "block_ram": 15, "fmax_mhz": 84},
 {"point": 1, "status": "ok", "target": "hx8k", "AXONS": 64, "NEURONS": 64, "LANES": 8, "NEURON_LANES": 2, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 16, "WEIGHT_MEMORY": "spram", "luts": 4840, "block_ram": 15, "fmax_mhz": 84},
 {"point": 2, "status": "ok", "target": "hx8k", "AXONS": 64, "NEURONS": 64, "LANES": 16, "NEURON_LANES": 2, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 16, "WEIGHT_MEMORY": "spram", "luts": 5080, "block_ram": 15, "fmax_mhz": 84},
 {"point": 3, "status": "ok", "target": "hx8k", "AXONS": 64, "NEURONS": 64, "LANES": 32, "NEURON_LANES": 2, "WEIGHT_BITS": 4, "POTENTIAL_BITS": 16, "WEIGHT_MEMORY": "spram", "luts": 5560, "block_ram": 19, "fmax_mhz": 84}]}
JSON
"$synfire" explore --project "$work/law.json" --out "$work/projection" >"$work/out" 2>"$work/err"
holds "projection: status 0" [ $? -eq 0 ]
holds "projection: the law that the rows follow" grep -qE '\| hx8k \| LUTs \| 4 \| 4,600 \+ 3 lanes sum_bits .*\| 0.0 % \|' "$work/out"
for f in projection.json projection.md projection.html; do holds "$f" [ -s "$work/projection/$f" ]; done
sed -i 's/"synfire-explore"/"synfire-other"/' "$work/law.json"
holds "projection from something else: status 2" [ "$("$synfire" explore --project "$work/law.json" >/dev/null 2>&1; echo $?)" = 2 ]

# --- one point ---
"$synfire" explore "$work/all.json" --point 0 >"$work/point" 2>"$work/err"
holds "--point: status 0" [ $? -eq 0 ]
holds "--point: its row" [ "$(json LANES "$work/point")" = 2 ]
"$synfire" explore "$work/all.json" --point 2 >"$work/point" 2>"$work/err"
holds "--point of one that failed: status 1" [ $? -eq 1 ]
"$synfire" explore "$work/all.json" --list >"$work/list"
holds "--list, as a table" [ "$(wc -l <"$work/list")" = 5 ]

# --- bad use: status 2, one line ---
refused() { # refused NAME PATTERN ARGUMENTS...
  local name=$1 pattern=$2 status
  shift 2
  env PATH="${only:-$PATH}" "$synfire" explore "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  holds "$name" [ $status -eq 2 -a "$(wc -l <"$work/err")" = 1 -a ! -s "$work/out" ]
  holds "$name: says why" grep -qE -- "$pattern" "$work/err"
}
refused "no sweep" 'usage' --json
refused "missing sweep" 'nowhere.json' "$work/nowhere.json"
refused "unknown step" "--steps 'taste': must be lint" "$work/all.json" --steps taste
refused "no such point" 'must be 0 .. 3' "$work/all.json" --point 4
refused "two ways at once" 'only one of them' "$work/all.json" --slurm --collect
refused "options for nothing" 'goes with --slurm' "$work/all.json" --slurm-options x
refused "synthesis without target" 'without targets' "$work/slow.json" --steps synth
refused "out is a file" 'all.json' "$work/all.json" --collect --out "$work/all.json"
printf '{"format": "synfire-sweep", "version": 1, "parameters": {"LANES": 3}}' >"$work/bad.json"
refused "bad lanes" 'bad.json: parameters/LANES = 3: must be a power of two' "$work/bad.json"
mkdir "$work/empty"
only=$work/empty refused "no GNU parallel" '--hosts needs GNU parallel' "$work/tools.json" --steps lint,lockstep,model --hosts :
only=$work/empty refused "no sbatch" '--slurm needs sbatch' "$work/tools.json" --steps lint,lockstep,model --slurm

# --- GNU parallel, on this machine ---
if command -v parallel >/dev/null; then
  sweep hosts "\"steps\": [\"model\"], \"parameters\": {$tiny, \"LANES\": [1, 2, 4]}, \"networks\": [{\"random\": {\"density\": [0.2, 0.7]}}]"
  HOME=$work explore "$work/hosts.json" --hosts : -j 2
  holds "parallel: status 0" [ $? -eq 0 ]
  holds "parallel: all points" counts 6 6 0 0 0 6
  holds "parallel: it was GNU parallel" [ "$(tail -n +2 "$work/cache/explore/hosts/parallel.joblog" | wc -l)" = 6 ]
  echo "2/:" >"$work/machines"
  sed 's/"LANES": \[1, 2, 4\]/"LANES": [1, 2, 4, 8]/' "$work/hosts.json" >"$work/hosts2.json"
  HOME=$work explore "$work/hosts2.json" --hosts "$work/machines"
  holds "parallel: hosts from a file, only what is new" counts 8 8 0 0 0 2
else
  echo "no GNU parallel here: --hosts was not tried (Debian package parallel)"
fi

# --- the page in a browser ---
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "no browser here: the page was checked as text only (Debian package chromium)"
else
  view() { timeout 90 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$work/profile" "$@" 2>/dev/null; }
  view --dump-dom "file://$results/report.html" | tr '\n' ' ' >"$work/dom"
  holds "page: the script ran through" grep -q 'data-drawn="yes"' "$work/dom"
  plotted() { grep -o "<svg[^>]*data-chart=\"$1\".*" "$work/dom" | sed 's,</svg>.*,,' | grep -o 'data-point="[0-9]*"' | sort -u | wc -l; }
  for chart in pareto-luts pareto-ram pareto-energy lanes-fmax lanes-luts lanes-gops; do
    holds "page: both routed points in $chart" [ "$(plotted $chart)" = 2 ]
  done
  holds "page: the array sizes" [ "$(plotted size-cycles)" = 2 ]
  holds "page: a row for every point" [ "$(grep -o '<tr data-row="[0-9]*"' "$work/dom" | wc -l)" = 4 ]
  holds "page: links to the logs" [ "$(grep -o '<a href="../[a-z]*-[0-9a-f]*" class="log"' "$work/dom" | wc -l)" -ge 12 ]
  holds "page: reasons" grep -q 'block RAM ran out' "$work/dom"
  view --dump-dom "file://$work/projection/projection.html" | tr '\n' ' ' >"$work/dom"
  holds "projection: drawn, measured points filled" [ "$(grep -o '<svg[^>]*data-chart="wall-luts".*' "$work/dom" | sed 's,</svg>.*,,' | grep -o '<path[^>]*class="mark best"' | wc -l)" = 4 ]
  drawn() { grep -o "<svg[^>]*data-chart=\"$1\".*" "$work/dom" | sed 's,</svg>.*,,' | grep -o '<path[^>]*class="curve"' | wc -l; }
  holds "projection: a curve of the clock, none of the block RAM of which nothing was to fit" [ "$(drawn wall-clock) $(drawn wall-ram)" = "1 0" ]
  holds "projection: says so" grep -qE 'hx8k: nothing to fit: [^<]*; no curve' "$work/dom"
  holds "projection: a constant fit says so, with its error" grep -qE 'hx8k: the fit is constant, [^<]* missed by 0\.0.%, at most 0\.0.%' "$work/dom"
  # Sorting and filtering, by a script of the test's own in a copy of the page.
  sed 's|</body>|<script>const h = k => document.querySelector(`th[data-key="${k}"]`);\
    h("LANES").click(); h("LANES").click();\
    const order = [...document.querySelectorAll("tbody tr")].map(r => r.dataset.row).join(" ");\
    const f = h("LANES").querySelector("input"); f.value = ">=4"; f.dispatchEvent(new Event("input"));\
    document.title = "order " + order + "; shown " + [...document.querySelectorAll("tbody tr")].map(r => r.dataset.row).join(" ") +\
      "; drawn " + document.querySelectorAll("[data-chart=lanes-fmax] .mark").length;</script></body>|' "$results/report.html" >"$work/sorted.html"
  view --dump-dom "file://$work/sorted.html" | tr '\n' ' ' >"$work/dom"
  title=$(grep -o '<title>order [^<]*' "$work/dom" | head -n 1 | cut -c 8-)
  holds "page: sorted by lanes, downwards; filtered; charts follow ($title)" [ "$title" = "order 2 1 0 3; shown 2 1; drawn 1" ]
  # Filters: what is not understood is said and not used, what nothing matches is said.
  cat >"$work/filters.js" <<'JS'
const input = k => document.querySelector(`th[data-key="${k}"] input`), lines = [];
function filtered(set) {
  for (const e of document.querySelectorAll('th input')) { e.value = set[e.closest('th').dataset.key] || ''; e.dispatchEvent(new Event('input')); }
  return document.querySelectorAll('tbody tr').length + ' rows; ' + document.querySelector('.notice').textContent + (document.querySelector('[aria-invalid]') ? ' marked' : '');
}
for (const [name, set] of Object.entries({none: {}, wrong: {LANES: '!=4'}, half: {LANES: '>='}, twice: {LANES: '=>4'}, open: {LANES: '2..'},
  words: {LANES: 'a..b'}, turned: {LANES: '8..2'}, sound: {LANES: '2..4'}, grouped: {lockstep_cycles: '>=1,000'}, nothing: {LANES: '77'}, text: {status: '>4'},
  both: {LANES: '2', status: 'failed'}, mixed: {LANES: '!=4', status: 'failed'}})) lines.push(name + ': ' + filtered(set));
document.title = 'filters\n' + lines.join('\n');
JS
  { sed 's|</body>.*||' "$results/report.html"; echo '<script>'; cat "$work/filters.js"; echo '</script></body></html>'; } >"$work/filters.html"
  view --dump-dom "file://$work/filters.html" | sed -n '/<title>filters/,/<\/title>/p' >"$work/filters"
  filter() { holds "page: filter, $1: $(sed -n "s/^$1: //p" "$work/filters")" grep -qE "^$1: $2" "$work/filters"; }
  filter none '4 rows; (</title>)?$'
  filter wrong '4 rows; Filter of .* not understood, and not used: !=4 \(there is no !=\)\. It may be a text, .* marked'
  filter half '4 rows; .*not used: &gt;= \(&gt;= wants a number\)'
  filter twice '4 rows; .*there is no =&gt;'
  filter open '4 rows; .*a range is two numbers'
  filter words '4 rows; .*a range is two numbers'
  filter turned '4 rows; .*the range is empty'
  filter sound '2 rows; (</title>)?$'
  filter grouped '[1-4] rows; (</title>)?$'
  filter nothing '0 rows; Filter of .*: nothing matches 77\.'
  filter text '0 rows; Filter of .*: nothing matches &gt;4\.'
  filter both '0 rows; Each filter matches something, but nothing matches all of them'
  filter mixed '[12] rows; .*not understood'
  # However many series there are, no two look alike; their colours keep apart for every eye, and from the page.
  cat >"$work/looks.js" <<'JS'
const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4, times = (m, v) => m.map(r => r.reduce((s, x, i) => s + x * v[i], 0));
const rgb = text => [1, 3, 5].map(i => linear(parseInt(text.slice(i, i + 2), 16) / 255));
const light = v => 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2], contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
/* Machado, Oliveira, Fernandes 2009, severity 1: protanopia, deuteranopia, tritanopia. */
const eyes = [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]];
const oklab = v => times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]],
  times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], v.map(x => Math.min(1, Math.max(0, x)))).map(Math.cbrt));
const sheet = document.querySelector('style').textContent, lines = [];
for (const part of [sheet.split('@media(prefers-color-scheme:dark)')[0], sheet.split('@media(prefers-color-scheme:dark)')[1]]) {
  const box = rgb(part.match(/--box:(#\w{6})/)[1]), colours = [...part.matchAll(/--c\d:(#\w{6})/g)].map(m => rgb(m[1]));
  let least = 9;
  for (const eye of eyes) for (const a of colours) for (const b of colours)
    if (a !== b) least = Math.min(least, Math.hypot(...oklab(times(eye, a)).map((x, i) => x - oklab(times(eye, b))[i])));
  lines.push(`${colours.length} colours, ${Math.min(...colours.map(c => contrast(c, box))) >= 3 ? 'clear' : 'faint'}, ${least >= 0.1 ? 'apart' : 'alike'}`);
}
const looks = [...document.querySelectorAll('.legend span')].map(s => [...s.querySelectorAll('path')].map(p => p.getAttribute('stroke') + p.getAttribute('stroke-dasharray') + p.getAttribute('d')).join());
lines.push(`${looks.length} entries, ${new Set(looks).size} looks`);
document.title = 'looks ' + lines.join('; ');
JS
  many() { # many N: the page of a projection with N series
    sed "s|</body>.*||; s|<script type=\"application/json\" id=\"data\">.*|<script type=\"application/json\" id=\"data\">$(awk -v n="$1" 'BEGIN {
      printf "{\"charts\": [{\"id\": \"c\", \"title\": \"t\", \"xname\": \"x\", \"yname\": \"y\", \"points\": ["
      for (i = 0; i < n; i++) printf "%s{\"series\": \"s%d\", \"x\": %d, \"y\": 1}", i ? ", " : "", i, i + 1
      print "]}]}" }')</script>|" "$work/projection/projection.html" | awk '/id="data"/ { print; skip = 1; next } skip && /^<script>/ { skip = 0 } !skip'
    echo '<script>'; cat "$work/looks.js"; echo '</script></body></html>'
  }
  for n in 9 300; do
    many $n >"$work/many.html"
    looks=$(view --dump-dom "file://$work/many.html" | grep -o '<title>looks [^<]*' | cut -c 14-)
    holds "page: $n series ($looks)" [ "$looks" = "7 colours, clear, apart; 7 colours, clear, apart; $n entries, $n looks" ]
  done
  view --window-size=1300,2400 --screenshot="$work/page.png" "file://$results/report.html" >/dev/null
  holds "page: drawn" [ "$(wc -c <"$work/page.png" 2>/dev/null || echo 0)" -gt 40000 ]
fi
closing_line
