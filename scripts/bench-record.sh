#!/bin/bash
# bench-record.sh [--out FILE] [--note TEXT] [OPTIONS OF synfire bench] - one entry of bench/history: what
# `synfire bench --json` measures, with machine, compiler, commit and date around it. Default file:
# bench/history/DATE-COMMIT.json. Refuses an unclean source tree, unless --out says that it goes elsewhere; prints the
# file's name. Compare two with scripts/bench-compare.py.
set -u
cd "$(dirname "$0")/.." || exit 2
out="" note="" program=build/synfire pass=()
while [ $# -gt 0 ]; do
  case $1 in
    --out | --note) [ $# -ge 2 ] || { echo "bench-record: $1 needs a value" >&2; exit 2; } ;;&
    --out) out=$2; shift 2 ;;
    --note) note=$2; shift 2 ;;
    --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
    *) pass+=("$1"); shift ;;
  esac
done
[ -x $program ] || { echo "bench-record: no $program; run: make all" >&2; exit 2; }

commit=$(git rev-parse --short=10 HEAD 2>/dev/null || echo unknown)
changed=$(git status --porcelain -- cmodel harness rtl Makefile 2>/dev/null | head -n 1)
[ -z "$changed" ] || commit=$commit-changed
if [ -z "$out" ]; then
  [ -z "$changed" ] || { echo "bench-record: sources differ from commit ${commit%-changed} (${changed:3}); commit first, or give --out" >&2; exit 2; }
  out=bench/history/$(date -u +%Y-%m-%d)-$commit.json
fi

text() { # text STRING: as a JSON string
  printf '"%s"' "$(printf '%s' "$1" | tr '\t\n' '  ' | tr -d '\000-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"
}
cpu() { sed -n "s/^$1[[:space:]]*:[[:space:]]*//p" /proc/cpuinfo | head -n 1; }
flags() { # those that the kernels and their speed depend on
  local all word
  all=" $(cpu flags) "
  for word in sse4_2 avx avx2 fma bmi2 popcnt avx512f avx512bw avx512vl avx512_vnni avx512_vbmi avx512_bitalg \
    avx512_vpopcntdq avx_vnni amx_tile amx_int8 hypervisor; do
    [[ $all != *" $word "* ]] || printf '%s ' "$word"
  done
}
cache() { getconf "$1" 2>/dev/null | grep -E '^[0-9]+$' || echo 0; }
settings() { cat build/flags 2>/dev/null; }

work=$(mktemp "${TMPDIR:-/tmp}/synfire-bench.XXXXXX") || exit 2
trap 'rm -f "$work" "$work.all"' EXIT
load=$(cut -d ' ' -f 1 /proc/loadavg)
$program bench --json ${pass[@]+"${pass[@]}"} >"$work" || { echo "bench-record: synfire bench failed" >&2; exit 1; }
grep -q '^{' "$work" || { echo "bench-record: synfire bench printed no JSON object" >&2; exit 1; }
{
  echo '{'
  echo '  "format": "synfire-bench", "version": 1,'
  echo "  \"date\": $(text "$(date -u +%Y-%m-%dT%H:%M:%SZ)"), \"commit\": $(text "$commit"), \"note\": $(text "$note"),"
  echo '  "machine": {'
  echo "    \"cpu\": $(text "$(cpu 'model name')"), \"family_model_stepping\": $(text "$(cpu 'cpu family')/$(cpu model)/$(cpu stepping)"),"
  echo "    \"mhz\": $(cpu 'cpu MHz' | grep -E '^[0-9.]+$' || echo 0), \"processors\": $(nproc), \"load_before\": $load,"
  echo "    \"l1d_bytes\": $(cache LEVEL1_DCACHE_SIZE), \"l2_bytes\": $(cache LEVEL2_CACHE_SIZE), \"l3_bytes\": $(cache LEVEL3_CACHE_SIZE),"
  echo "    \"memory_kib\": $(awk '/^MemTotal/ { print $2 }' /proc/meminfo), \"flags\": $(text "$(flags | sed 's/ $//')"), \"system\": $(text "$(uname -sm)")"
  echo '  },'
  echo "  \"compiler\": $(text "$(${CC:-gcc} --version | head -n 1)"), \"compiler_options\": $(text "$(settings)"),"
  echo "  \"verilator\": $(text "$(build/synfire info | sed -n 's/^verilator *//p')"),"
  echo "  \"arguments\": $(text "${pass[*]-}"),"
  printf '  "bench": '
  sed '2,$s/^/  /' "$work"
  echo '}'
} >"$work.all"
mkdir -p "$(dirname "$out")" && mv "$work.all" "$out" && chmod 644 "$out" && echo "$out"
