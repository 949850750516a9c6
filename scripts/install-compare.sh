#!/bin/sh
# install-compare.sh FOLDER - optional extra: the simulators that `make compare` runs beside ours, from PyPI, in a Python
# environment of their own. Versions are pinned so that results repeat. One that cannot be installed is left out.
set -u
folder=${1:?usage: install-compare.sh FOLDER}
python=${PYTHON:-python3}
base="numpy==2.2.6 h5py==3.12.1"
if ! command -v "$python" >/dev/null 2>&1; then
  echo "synfire: the comparison needs python3 (Debian: apt-get install python3-venv)" >&2
  exit 1
fi
log=$(mktemp "${TMPDIR:-/tmp}/synfire-compare.XXXXXX")
trap 'rm -f "$log"' EXIT
why() { grep -iE '^ *error' "$log" | tail -n 1; }
has() { "$folder/bin/python" -c "import $1" >/dev/null 2>&1; }
if [ ! -x "$folder/bin/python" ] && ! "$python" -m venv "$folder" >"$log" 2>&1; then
  echo "synfire: python3 -m venv failed (Debian: apt-get install python3-venv): $(tail -n 1 "$log")" >&2
  rm -rf "$folder"
  exit 1
fi
if ! has h5py; then
  echo "Installing into $folder: $base"
  # shellcheck disable=SC2086
  if ! "$folder/bin/pip" -q install $base >"$log" 2>&1; then
    echo "synfire: cannot install $base (no network?): $(why)" >&2
    exit 1
  fi
fi
for one in brian2=brian2==2.9.0 nest=nest-simulator==3.10.0; do
  module=${one%%=*} package=${one#*=}
  has "$module" && continue
  echo "Installing into $folder: $package"
  # shellcheck disable=SC2086
  "$folder/bin/pip" -q install $base "$package" >"$log" 2>&1 && has "$module" ||
    echo "synfire: no $package for this Python or machine, left out: $(why)" >&2
done
