#!/bin/bash
# test-configs.sh - every configuration of configs/ in lockstep: random networks and traffic on exactly that hardware.
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/lib.sh configs
for config in configs/*.json; do
  if build/synfire check --random "${CASES:-2}" --seed "${SEED:-1}" --config "$config" --fst "$work/mismatch.fst"; then
    passed=$((passed + 1)); echo "ok   $config"
  else
    failed=$((failed + 1)); echo "FAIL $config"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
