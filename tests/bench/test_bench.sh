#!/bin/bash
# test_bench.sh - the records under bench/ are whole, and scripts/bench-compare.py sees what changed between two. Speed
# itself is not tested: that is what the records are for.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v python3 >/dev/null 2>&1 || { echo "python3 is not installed"; exit 77; }
. tests/lib.sh records
compare() { scripts/bench-compare.py "$@" >"$work/said" 2>&1; }
fails() { # fails STATUS COMMAND...
  local want=$1
  shift
  "$@"
  [ $? -eq "$want" ]
}

records=(bench/history/*.json)
holds "there is a record" [ -f "${records[0]}" ]
for r in "${records[@]}"; do
  holds "$(basename "$r"): equal to itself" compare "$r" "$r"
  holds "$(basename "$r"): has speeds" [ "$(grep -c '_per_second .* 1.00$' "$work/said")" -ge 4 ]
done
for r in bench/compare/*.json; do
  holds "$(basename "$r"): whole" python3 - "$r" <<'PY'
import json
import sys
r = json.load(open(sys.argv[1]))
done = {(x["simulator"], x["network"]) for x in r["results"] if x.get("seconds", 0) > 0}
sys.exit(r["format"] != "synfire-compare" or not r["commit"] or not {("synfire", n) for n in ("check", "N1", "N2", "N3")} <= done)
PY
done

# Half the speed, on the same machine and on another.
python3 - "${records[0]}" "$work" <<'PY'
import json
import sys
r = json.load(open(sys.argv[1]))


def halve(x):
    for key in x if isinstance(x, dict) else range(len(x)):
        if isinstance(x[key], (dict, list)):
            halve(x[key])
        elif str(key).endswith("_per_second"):
            x[key] /= 2


halve(r["bench"])
json.dump(r, open(sys.argv[2] + "/slow.json", "w"))
r["machine"]["cpu"] = "another"
json.dump(r, open(sys.argv[2] + "/other.json", "w"))
PY
holds "half the speed is a failure" fails 1 compare "${records[0]}" "$work/slow.json"
holds "and marked" grep -q '0.50  <$' "$work/said"
holds "on another machine it is none" compare "${records[0]}" "$work/other.json"
holds "twice the speed is none" compare "$work/slow.json" "${records[0]}"
echo '{"format": "something else"}' >"$work/bad.json"
holds "another file is refused with one line" fails 2 compare "${records[0]}" "$work/bad.json"
holds "that names it" [ "$(wc -l <"$work/said") $(grep -c bad.json "$work/said")" = "1 1" ]
closing_line
