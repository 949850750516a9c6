#!/bin/bash
# test_debian.sh - scripts/test-debian.sh as far as it goes without a machine: which mirror it takes from apt's sources, in both
# of their forms, and what it says when it has none, or is not root.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh apt
chmod 755 "$work"
# archive NAME RELEASE ORIGIN: a mirror in a folder, that has this release and no other
archive() {
  mkdir -p "$work/$1/dists/$2"
  printf 'Origin: %s\nCodename: %s\n' "$3" "$2" >"$work/$1/dists/$2/Release"
}
archive snapshot bookworm Debian
archive full trixie Debian
archive full bookworm Debian
archive others trixie Somebody
mkdir "$work/parts"
printf 'Dir::Etc::sourcelist "%s/none";\nDir::Etc::sourceparts "%s/parts";\n' "$work" "$work" >"$work/apt.conf"
ask() { APT_CONFIG=$work/apt.conf scripts/test-debian.sh "$@" >"$work/said" 2>&1; }
takes() { # takes NAME: the mirror in that folder
  ask 13 --mirror && [ "$(cat "$work/said")" = "file:$work/$1" ] || { cat "$work/said"; false; }
}

ask 13 --mirror
holds "no sources: status 2, and says so" grep -q 'apt has no sources here' "$work/said"
cat >"$work/parts/debian.sources" <<APT
Types: deb
# the day this was made
URIs: file:$work/snapshot
Suites: bookworm
Components: main

Types: deb
Enabled: no
URIs: file:$work/full
Suites: bookworm
Components: main

Types: deb
URIs: file:$work/others
Suites: trixie
Components: main
APT
ask 13 --mirror
holds "a snapshot of another release, and somebody's packages for this one: none" grep -q "no mirror has trixie; asked:.* file:$work/snapshot" "$work/said"
holds "one line" [ "$(wc -l <"$work/said")" = 1 ]
echo "deb [trusted=yes] file:$work/full bookworm main" >"$work/parts/more.list"
holds "the next source has it, written on one line" takes full
rm "$work/parts/more.list"
echo "deb mirror+file:$work/mirrors bookworm main" >"$work/parts/more.list"
printf 'file:%s/snapshot\nfile:%s/full\tpriority:2\n' "$work" "$work" >"$work/mirrors"
holds "a list of mirrors" takes full
rm "$work/parts/more.list"
sed -i '/^Enabled: no$/d' "$work/parts/debian.sources"
holds "written as a paragraph" takes full
ask 12 --mirror
holds "Debian 12 is bookworm" grep -qx "file:$work/snapshot" "$work/said"

for use in '' '13 a b' '13 --root' '1x' '13 --folder'; do
  # shellcheck disable=SC2086
  ask $use
  holds "'$use': status 2 and how it is used" [ "$? $(grep -c 'usage: ' "$work/said")" = "2 1" ]
done
plain() { setpriv --reuid=65534 --regid=65534 --clear-groups env APT_CONFIG="$work/apt.conf" scripts/test-debian.sh 13 >"$work/said" 2>&1; }
if [ "$(id -u)" -ne 0 ]; then ask 13; else plain; fi
holds "not root: status 2, and says so" [ "$? $(grep -c 'needs root' "$work/said")" = "2 1" ]
closing_line
