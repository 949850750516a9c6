# lib.sh - what the shell suites share. A suite goes to the top of the repository and says
#     . tests/lib.sh NAME
# It then has $root, that folder; $work, a folder of its own, which goes when the suite ends; `holds`, which counts in $passed and
# $failed; and `closing_line` for its end.
root=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/synfire-$1.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

holds() { # holds NAME COMMAND...
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); echo "ok   $name"; else failed=$((failed + 1)); echo "FAIL $name"; fi
}

# The same for commands that talk: what they say goes to $work/held, and its end is shown when they fail.
holds_quietly() { # holds_quietly NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$work/held" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL $name"; tail -n 5 "$work/held"; fi
}

closing_line() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
