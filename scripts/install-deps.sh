#!/bin/sh
# install-deps.sh [demo|test|ecp5] - see that the Debian packages are there, and install what is missing.
#   demo (default)  what building the program, `synfire check` and `synfire synth` for the iCE40 take
#   test            demo, and what only `make test` takes
#   ecp5            demo, and the native tools for the ECP5, which Debian has from 13 on (scripts/install-ecp5.sh asks for them)
#   --check         install nothing; exit 1 with one line when something is missing
# Nothing is installed, asked or printed when everything is there, whoever provided it: the check looks for the
# programs and libraries themselves. Says what it will install before it does. Works without a terminal.
set -eu

what=demo check_only=no
for arg in "$@"; do
  case $arg in
    demo|test|ecp5) what=$arg ;;
    --check) check_only=yes ;;
    *) echo "usage: install-deps.sh [demo|test|ecp5] [--check]" >&2; exit 2 ;;
  esac
done

# What the compiler makes goes into a folder of its own, never to a device.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/synfire-deps.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

missing=
need() { # need PACKAGE COMMAND...: the package is missing unless the command succeeds
  package=$1; shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
PATH=$PATH:/usr/sbin # where daemons lie, which Slurm's suite starts
program() { command -v "$1"; }
library() { # library HEADER LINKER-FLAG: pkg-config may be missing itself, so ask the compiler
  printf '#include <%s>\nint main(void) { return 0; }\n' "$1" | gcc -x c - $3 "$2" -o "$scratch/try"
}
browser() { program chromium || program chromium-browser || program google-chrome; }
# Debian's package does not serve a python3 of somebody's own: then there is nothing to install.
python() { python3 -c "import $1" || dpkg -s "python3-$1"; }
hdf5() {
  flags=$(pkg-config --cflags --libs hdf5 2>/dev/null || pkg-config --cflags --libs hdf5-serial) || return 1
  # shellcheck disable=SC2086
  printf '#include <hdf5.h>\nint main(void) { return 0; }\n' | gcc -x c - $flags -o "$scratch/try"
}

need gcc program gcc
need g++ program g++
need make program make
need pkg-config program pkg-config
need verilator program verilator
need yosys program yosys
need nextpnr-ice40 program nextpnr-ice40
need fpga-icestorm program icetime
need libhdf5-dev hdf5
need libcjson-dev library cjson/cJSON.h -lcjson ''
need libopenblas-dev library cblas.h -lopenblas ''
need zlib1g-dev library zlib.h -lz ''
if [ "$what" = test ]; then
  need check library check.h -lcheck ''
  need iverilog program iverilog
  need gtkwave program fst2vcd
  need parallel program parallel
  need chromium browser
  need slurm-wlm sh -c 'command -v sbatch && command -v slurmctld && command -v slurmd'
  need munge program munged
  need python3-numpy python numpy
  need python3-h5py python h5py
fi
if [ "$what" = ecp5 ]; then
  need nextpnr-ecp5 program nextpnr-ecp5
  need fpga-trellis program ecppack
fi
# icetime reads its chip data from a package of its own.
if [ -e /usr/bin/icetime ] && [ ! -e /usr/share/fpga-icestorm/chipdb/chipdb-5k.txt ]; then
  missing="$missing fpga-icestorm-chipdb"
elif ! command -v icetime >/dev/null 2>&1; then
  missing="$missing fpga-icestorm-chipdb"
fi

[ -n "$missing" ] || exit 0
missing=${missing# }
if [ "$check_only" = yes ]; then
  echo "synfire: missing packages (install them with: make install-deps): $missing" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "synfire: no apt-get here; install with your own package manager what Debian calls: $missing" >&2
  exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "synfire: neither root nor sudo; ask somebody to run: apt-get install $missing" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "Installing these Debian packages: $missing"
log=$scratch/log
run() { # run TEXT COMMAND...: quiet unless it fails
  text=$1; shift
  printf '  %s ...' "$text"
  if "$@" </dev/null >"$log" 2>&1; then echo " done"; else
    echo " failed"
    sed 's/^/    /' "$log" | tail -n 5 >&2
    echo "synfire: $text failed (no network, or no Debian package source?); needed are: $missing" >&2
    exit 1
  fi
}
# Ask for the password before the output goes into a file.
[ -z "$as_root" ] || sudo true
run "apt-get update" $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update
# shellcheck disable=SC2086
run "apt-get install" $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing
