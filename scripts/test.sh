#!/bin/bash
# test.sh [WORD] - every test of the project, two suites at a time; `make test` builds what it needs and calls it.
#
# A suite is one command with a log of its own in build/test/. One line per suite as it ends; the tail of the log when
# it fails; a counted line at the end, alone on its line: "N passed, N failed". Exit status 0 when nothing failed.
# A suite's count comes from its output: the Check line "100%: Checks: 12, Failures: 0, Errors: 0", or a closing line
# "N passed, N failed"; a suite that prints neither counts as one test. Exit status 77 means skipped: the last line
# of the log says why. WORD runs only the suites with that word in their name. TEST_JOBS suites run at once.
set -u
cd "$(dirname "$0")/.." || exit 2
# The Verilator of PATH, so that what passes here passes for everybody; `warnings` tries that of `make verilator` beside it.
export SYNFIRE_VERILATOR=${SYNFIRE_VERILATOR:-verilator}
export LC_ALL=C.UTF-8 OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
word=${1:-}
jobs=${TEST_JOBS:-2}
logs=build/test
mkdir -p "$logs"
synfire=build/synfire

names=() commands=() limits=()
suite() { # suite NAME SECONDS COMMAND...: what to run, and the time after which it counts as hung
  local name=$1 limit=$2
  shift 2
  [[ -z $word || $name == *"$word"* ]] || return 0
  names+=("$name") limits+=("$limit") commands+=("$(printf '%q ' "$@")")
}

# --- the suites, longest first, so that two at a time end together ---
suite random-lockstep      1800 scripts/test-random.sh
suite configs              1200 scripts/test-configs.sh
suite mnist-lanes          1800 scripts/test-mnist.sh lanes
suite demo                 1200 "$synfire" demo --digits 500 --report build/test/demo.html
suite mnist-lockstep       1200 scripts/test-mnist.sh lockstep
for t in tests/*/test_*.sh; do
  [ -e "$t" ] || continue
  n=$(basename "$t" .sh)
  n=${n#test_}
  suite "${n//_/-}"        1200 "$t"
done
suite mnist-model           600 scripts/test-mnist.sh model
suite rtl-lint              600 scripts/lint.sh
suite install               900 scripts/test-install.sh
suite logic                 600 "$synfire" demo logic
for t in tests/*/fuzz_*.c; do
  [ -e "$t" ] || continue
  t=$(basename "$t" .c)
  suite "${t//_/-}" 900 "build/tests-san/$t"
done
for t in tests/*/test_*.c; do
  [ -e "$t" ] || continue
  t=$(basename "$t" .c)
  n=${t#test_}
  suite "san-${n//_/-}" 1200 "build/tests-san/$t"
  suite "unit-${n//_/-}" 600 "build/tests/$t"
done
suite report                300 scripts/test-report.sh

if [ ${#names[@]} -eq 0 ]; then
  echo "no suite has '$word' in its name"
  echo "0 passed, 1 failed"
  exit 1
fi

# --- running them ---
status_line() { # what is running now, on a terminal only
  [ -t 1 ] && printf '\r\033[K%s' "$1"
}
passed=0 failed=0 bad=() skipped=()
declare -A pid_of=() started_at=()

count() { # count LOG STATUS -> "passed failed"
  awk -v status="$2" '
    /^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/ {
      line = $0; gsub(/[^0-9 ]/, "", line); split(line, n, " "); good += n[2] - n[3] - n[4]; wrong += n[3] + n[4]; seen = 1 }
    /^[0-9]+ passed, [0-9]+ failed$/ { closing_good = $1; closing_wrong = $3; closed = 1 }
    END {
      if (closed) { good += closing_good; wrong += closing_wrong; seen = 1 }
      if (!seen) { good = status == 0; wrong = status != 0 }
      if (status != 0 && wrong == 0) wrong = 1
      print good + 0, wrong + 0 }' "$1"
}

finish() { # finish INDEX STATUS
  local name=${names[$1]} status=$2 log seconds good wrong
  log=$logs/$name.log
  seconds=$((SECONDS - ${started_at[$1]}))
  status_line ""
  if [ "$status" -eq 77 ]; then
    skipped+=("$name")
    printf 'skip  %-24s %s\n' "$name" "$(tail -n 1 "$log")"
    return
  fi
  read -r good wrong < <(count "$log" "$status")
  passed=$((passed + good)) failed=$((failed + wrong))
  if [ "$wrong" -eq 0 ]; then
    printf 'ok    %-24s %5d passed %16s\n' "$name" "$good" "$seconds s"
  else
    bad+=("$name")
    printf 'FAIL  %-24s %5d passed, %d failed %4s\n' "$name" "$good" "$wrong" "$seconds s"
    [ "$status" -ne 124 ] || echo "      stopped after ${limits[$1]} s"
    tail -n 25 "$log" | sed 's/^/      | /'
    echo "      whole log: $log"
  fi
}

next=0
trap 'for p in "${pid_of[@]}"; do kill "$p" 2>/dev/null; done; echo; echo "interrupted"; exit 130' INT TERM
while [ "$next" -lt ${#names[@]} ] || [ ${#pid_of[@]} -gt 0 ]; do
  while [ "$next" -lt ${#names[@]} ] && [ ${#pid_of[@]} -lt "$jobs" ]; do
    log=$logs/${names[$next]}.log
    eval "timeout -k 10 ${limits[$next]} ${commands[$next]} </dev/null >\"\$log\" 2>&1 &"
    pid_of[$next]=$!
    started_at[$next]=$SECONDS
    next=$((next + 1))
  done
  running=
  for i in "${!pid_of[@]}"; do running+=" ${names[$i]}"; done
  status_line "      running:$running  ($((${#names[@]} - next)) to go)"
  wait -n
  for i in "${!pid_of[@]}"; do
    kill -0 "${pid_of[$i]}" 2>/dev/null && continue
    wait "${pid_of[$i]}"
    code=$?
    unset "pid_of[$i]"
    finish "$i" "$code"
  done
done

[ ${#skipped[@]} -eq 0 ] || echo "skipped: ${skipped[*]}"
[ ${#bad[@]} -eq 0 ] || echo "failed: ${bad[*]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
