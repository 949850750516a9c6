#!/bin/bash
# test-report.sh - the page that `synfire report` writes from the shipped network: complete, loads nothing, and, where a
# browser is installed, drawn wide and on a phone's width, in light and dark.
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/lib.sh page
page=$work/report.html
build/synfire report data/mnist-240.h5 --spikes data/mnist-test.h5 --samples 500 --config configs/up5k.json --out "$page"
holds "written" [ $? -eq 0 ]
for part in " on its way" "What ran" "The core" 'class="film"' 'class="raster"' 'class="bd"' "prefers-color-scheme"; do
  holds "has: $part" grep -qF "$part" "$page"
done
loads() { grep -qiE '<script|<link|<iframe|<img|@import|src=|href="http|url\([^#]' "$page"; }
not() { ! "$@"; }
holds "loads nothing" not loads
for tag in section table svg details div; do
  holds "every <$tag> is closed" [ "$(grep -oE "<$tag[ >]" "$page" | wc -l)" = "$(grep -oE "</$tag>" "$page" | wc -l)" ]
done
holds "smaller than a megabyte" [ "$(wc -c <"$page")" -lt 1000000 ]

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "no browser here: the page was checked as text only"
else
  for look in 1100 390 1100-dark; do
    dark=
    case $look in *-dark) dark=--force-dark-mode ;; esac
    mkdir "$work/profile-$look"
    timeout 90 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
      --disable-component-update --disable-sync --user-data-dir="$work/profile-$look" $dark \
      --window-size="${look%-dark},2000" --screenshot="$work/$look.png" "file://$page" >/dev/null 2>&1
    # A blank page of this size is a few kilobytes.
    holds "drawn at $look" [ "$(wc -c <"$work/$look.png" 2>/dev/null || echo 0)" -gt 40000 ]
  done
fi
closing_line
