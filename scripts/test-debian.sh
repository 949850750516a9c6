#!/bin/bash
# test-debian.sh RELEASE [WORD] [--demo] [--folder FOLDER] [--mirror] - `make demo` and `make test` on a fresh Debian.
#   RELEASE          12, 13, or a release by its name (bookworm, trixie, forky, sid)
#   WORD             no demo, and only the suites with that word in their name
#   --demo           only the demo
#   --folder FOLDER  keep the machine in FOLDER, and use it again when it is there: packages, build and all. Without, it is
#                    a folder in /var/tmp that is gone afterwards.
#   --mirror         only say which mirror has the release
#
# The machine is a chroot: debootstrap's smallest, make, and a clone of what is committed here, HEAD; everything else is
# for the project's own targets to install, as for a newcomer. It has its own /proc, /dev, /dev/pts, /dev/shm and
# processes, in a name space that ends with this script however it ends, so that nothing stays mounted or running.
# Needs root, debootstrap (installed when missing) and a Debian mirror, which is one that apt uses here.
#
# Logs are in build/debian/RELEASE. A skipped suite counts as failed, for nothing is missing on a fresh Debian; so does a
# device that is no longer one. Closes with "N passed, N failed"; exit status 2 when nothing could be tried.
set -u
cd "$(dirname "$0")/.." || exit 2
here=$PWD
export LC_ALL=C.UTF-8

die() { echo "test-debian.sh: $*" >&2; exit 2; }
usage() { die "usage: test-debian.sh RELEASE [WORD] [--demo] [--folder FOLDER] [--mirror]"; }

release='' word='' what=all folder=''
while [ $# -gt 0 ]; do
  case $1 in
    --demo) what=demo ;;
    --mirror) what=mirror ;;
    --folder) [ $# -ge 2 ] || usage; folder=$2; shift ;;
    -*) usage ;;
    *) if [ -z "$release" ]; then release=$1; elif [ -z "$word" ]; then word=$1 what=test; else usage; fi ;;
  esac
  shift
done
case $release in
  12) name=bookworm ;;
  13) name=trixie ;;
  14) name=forky ;;
  *[!a-z]*|'') usage ;;
  *) name=$release ;;
esac
command -v apt-get >/dev/null || die "no apt-get here: the mirror comes from apt's configuration"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/synfire-debian.XXXXXX") || exit 2
machine='' made='' child=''
leave() {
  [ -z "$child" ] || { kill -KILL "$child" && wait "$child"; } 2>/dev/null # and with it all of its name space
  [ -z "$made" ] || rm -rf --one-file-system "$made"
  rm -rf "$scratch"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The archives that apt would ask here, whichever way its sources are written: what apt says itself.
archives() {
  apt-get update --print-uris 2>/dev/null | sed -n "s|^'\([^']*\)/dists/.*|\1|p" | awk '!seen[$0]++' |
    while read -r uri; do
      case $uri in
        mirror+file:*) awk '/^[a-z]+:/ { print $1 }' "${uri#mirror+file:}" 2>/dev/null ;;
        *) echo "$uri" ;;
      esac
    done
}
# An archive may be a snapshot that ends before the release, or somebody's own packages for it.
is_debian() { # is_debian ARCHIVE: it has the release, and it is Debian's
  local file
  for file in InRelease Release; do
    rm -f "$scratch/$file"
    /usr/lib/apt/apt-helper download-file "$1/dists/$name/$file" "$scratch/$file" >/dev/null 2>&1 || continue
    grep -qx 'Origin: Debian' "$scratch/$file" && grep -qixE "(Codename|Suite): $name" "$scratch/$file" && return 0
  done
  return 1
}
mirror=
asked=
while read -r uri; do
  asked+=" $uri"
  if is_debian "$uri"; then mirror=$uri; break; fi
done < <(archives)
[ -n "$asked" ] || die "apt has no sources here, and with them no mirror of Debian"
[ -n "$mirror" ] || die "no mirror has $name; asked:$asked"
if [ "$what" = mirror ]; then echo "$mirror"; exit 0; fi

[ "$(id -u)" -eq 0 ] || die "needs root, for debootstrap and chroot"
for tool in git unshare; do command -v $tool >/dev/null || die "$tool: not found in PATH"; done
if ! command -v debootstrap >/dev/null; then
  echo "Installing the Debian package debootstrap"
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install debootstrap; } \
    </dev/null >"$scratch/apt.log" 2>&1 || { tail -n 3 "$scratch/apt.log" >&2; die "debootstrap cannot be installed"; }
fi

logs=$here/build/debian/$release
rm -rf "$logs"
mkdir -p "$logs" || exit 2
passed=0 failed=0

# In the background, so that a signal is heard at once.
run() { # run LOG COMMAND...
  local log=$1
  shift
  "$@" </dev/null >>"$log" 2>&1 &
  child=$!
  wait "$child"
  local status=$?
  child=
  return $status
}
step() { # step NAME COMMAND...: one line, with the seconds; ends everything when it fails
  local label=$1 log=$logs/prepare.log began=$SECONDS
  shift
  printf '%s ...' "$label"
  if run "$log" "$@"; then echo " done ($((SECONDS - began)) s)"; return; fi
  echo " failed"
  tail -n 5 "$log" | sed 's/^/    /' >&2
  die "$label failed (log: $log)"
}

# --- the machine ---
# Runs in the name space, as its first process, which gathers orphans like any init.
enter() {
  local root=$1
  shift
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc" && mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" &&
    mount -t tmpfs -o mode=755,nosuid dev "$root/dev" && mkdir "$root/dev/pts" "$root/dev/shm" &&
    mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts" &&
    mount -t tmpfs -o mode=1777,nosuid,nodev shm "$root/dev/shm" || return 2
  local device
  for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}" || return 2
  done
  mknod -m 666 "$root/dev/tty" c 5 0 || return 2
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  for device in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${device%:*}" "$root/dev/${device#*:}"; done
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
    DEBIAN_FRONTEND=noninteractive sh -c 'cd /root/synfire 2>/dev/null || cd /root; exec "$@"' sh "$@" &
  local status
  wait $!
  status=$?
  for device in null zero full random urandom tty; do
    [ "$(stat -c '%F %a' "$root/dev/$device")" = "character special file 666" ] && continue
    echo "/dev/$device is no device any more: $(stat -c '%F %a' "$root/dev/$device")"
    status=3
  done
  return $status
}
# apart COMMAND...: in a name space with mounts and processes of its own. They go with its first process, and
# that goes with this script, even when it is killed: nothing stays mounted or running.
apart() {
  exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc --propagation private \
    bash -c "$(declare -f enter); \"\$@\"" apart "$@"
}
bootstrap() { # bootstrap FOLDER
  local script=() extra=()
  [ -e "/usr/share/debootstrap/scripts/$name" ] || script=(/usr/share/debootstrap/scripts/sid) # newer than debootstrap
  case $mirror in https:*) extra=(--include=ca-certificates) ;; esac
  apart debootstrap --variant=minbase "${extra[@]}" "$name" "$1" "$mirror" "${script[@]}"
}
outside() { # outside FOLDER: what the machine around it knows
  # How apt gets through here: proxies, and snapshots whose time is over.
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-)' >"$1/etc/apt/apt.conf.d/90outside"
  echo "127.0.1.1 $(hostname)" >>"$1/etc/hosts"
}
if [ -n "$folder" ]; then
  machine=$(realpath -m "$folder")
  { [ ! -e "$machine" ] || [ -e "$machine/etc/debian_version" ] || rmdir "$machine" 2>/dev/null; } ||
    die "$folder: there is something else in it"
else
  made=$(mktemp -d /var/tmp/synfire-debian.XXXXXX) || exit 2
  machine=$made/root
fi
if [ ! -e "$machine" ]; then
  half=$machine.half # debootstrap's work, until it is complete
  rm -rf --one-file-system "$half"
  mkdir -p "$half" || exit 2
  [ -n "$made" ] || made=$half
  step "debootstrap of $name from $mirror" bootstrap "$half"
  outside "$half" || exit 2
  mv "$half" "$machine" || exit 2
  [ -z "$folder" ] || made=
fi

inside() { apart enter "$machine" "$@"; } # inside COMMAND...
clone() { # what is committed, with the history that a clone has; again in a kept folder: only what changed since
  local to=$machine/root/synfire
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
  [ -e "$to/.git" ] || git init -q "$to" || return 1
  git -C "$to" fetch -q "$here" HEAD && git -C "$to" reset -q --hard FETCH_HEAD
}
run "$logs/prepare.log" inside true || { tail -n 3 "$logs/prepare.log" >&2; die "no name space with mounts of its own here"; }
step "apt-get install make" inside sh -c \
  'command -v make || { apt-get -q update && apt-get -q -y --no-install-recommends install make; }'
step "clone of $(git -c safe.directory='*' rev-parse --short HEAD)" clone

# --- demo and tests, as a newcomer types them ---
count() { # count NAME STATUS LOG
  if [ "$2" -eq 0 ]; then passed=$((passed + 1)); echo "ok   $1"; return; fi
  failed=$((failed + 1))
  echo "FAIL $1: status $2 (log: $3)"
  tail -n 10 "$3" | sed 's/^/     | /'
}
if [ "$what" != test ]; then
  began=$SECONDS
  run "$logs/demo.log" inside make demo
  count "make demo ($((SECONDS - began)) s)" $? "$logs/demo.log"
fi
if [ "$what" != demo ]; then
  began=$SECONDS
  run "$logs/test.log" inside make test ${word:+T="$word"}
  status=$?
  rm -rf "$logs/test"
  cp -r "$machine/root/synfire/build/test" "$logs/test" 2>/dev/null
  grep -E '^(ok|FAIL|skip) ' "$logs/test.log"
  if read -r p f < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$logs/test.log" | tail -n 1); then
    passed=$((passed + p)) failed=$((failed + f))
    [ $status -eq 0 ] || [ "$f" -gt 0 ] || count "make test" $status "$logs/test.log"
  else
    count "make test" $((status ? status : 1)) "$logs/test.log"
  fi
  skipped=$(grep -c '^skip ' "$logs/test.log")
  [ "$skipped" -eq 0 ] || { failed=$((failed + skipped)); echo "skipped on a fresh Debian: $skipped suites"; }
  echo "make test: $((SECONDS - began)) s"
fi
sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' "$machine/etc/os-release"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
