#!/bin/bash
# test_processes.sh - what the program and its scripts do to the machine they run on: no tool writes to a device.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/synfire-processes.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
holds() { # holds NAME COMMAND...
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); echo "ok   $name"; else failed=$((failed + 1)); echo "FAIL $name"; fi
}

# ---- devices: a tool that makes its output executable, run by root, would do that to /dev/null ---------------------------
mkdir "$work/tools" "$work/scripts-tree"
cp -r scripts rtl cmodel harness tests "$work/scripts-tree/"
for tool in gcc g++ cc c++ clang clang++ aarch64-linux-gnu-gcc iverilog verilator yosys pkg-config; do
  printf '#!/bin/sh\necho "%s $*" >>"%s/commands"\n' $tool "$work" >"$work/tools/$tool"
  chmod +x "$work/tools/$tool"
done
stand_in() { env PATH="$work/tools:$PATH" "$@" >/dev/null 2>&1 </dev/null; }
stand_in "$work/scripts-tree/scripts/lint.sh"
holds "lint.sh runs Icarus Verilog" grep -q '^iverilog .* -o' "$work/commands"
stand_in "$work/scripts-tree/scripts/install-deps.sh" test --check
holds "install-deps.sh links with the compiler" grep -q '^gcc .* -o' "$work/commands"
holds "neither gives a tool a device to write to" sh -c "! grep -E ' /dev/(null|zero|full|std|fd|tty)' '$work/commands'"
holds "nor does any other script or test" sh -c "! grep -rnE -- '(-o|-l|--output|-Mdir) *[\"'\'']?/dev/' \
  Makefile scripts synth tests/*.sh tests/*.c data/*.sh examples harness/*.c"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
