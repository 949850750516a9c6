#!/bin/bash
# test_packaging.sh - synfire.core (FuseSoC) and CITATION.cff say what is so: exactly the files of rtl/synfire.f, in its order, files that exist, the parameters
# of the configurations, the version. Where FuseSoC is installed its lint and its simulation are run too.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh packaging
files() { sed -n 's|^ *- \([a-z0-9_/]*\.[a-z]*\).*|\1|p' synfire.core; }
exist() { files | while read -r f; do [ -f "$f" ] || echo "$f"; done; }
listed() { sed -n 's|^\([^/].*\)|rtl/\1|p' rtl/synfire.f; }
spram=rtl/prim/ram_spram.v # in a fileset of its own, behind the others: the iCE40 has another
holds_quietly "synfire.core lists the files of rtl/synfire.f, in its order" \
  diff <(files | grep -E '^rtl/(core|prim)/') <(listed | grep -v "^$spram\$"; echo $spram)
holds_quietly "and those of rtl/hard/ice40" diff <(files | grep '^rtl/hard/') <(sed -n 's|^\([^/].*\)|rtl/hard/ice40/\1|p' rtl/hard/ice40/ice40.f)
hard() { for f in rtl/hard/*/*.f; do sed -n "s|^\([^/].*\)|${f%/*}/\1|p" "$f"; done; }
holds_quietly "the lists of rtl/hard name its files" diff <(hard | sort) <(ls rtl/hard/*/*.v)
holds_quietly "each takes the place of a file of its name" diff <(hard | sed 's|.*/||' | sort -u) <(ls rtl/hard/*/*.v | sed 's|.*/|rtl/prim/|' | xargs ls | sed 's|.*/||' | sort -u)
holds_quietly "rtl/synfire.f lists every module of rtl/core and rtl/prim" diff <(listed | sort) <(ls rtl/core/*.v rtl/prim/*.v)
holds_quietly "synfire.core lists files that exist" diff <(exist) /dev/null
holds_quietly "synfire.core lists bench and boards" [ "$(files | grep -cE '^(synth/boards|tests)/')" = 8 ]

version=$(awk '$2 ~ /^SF_VERSION_(MAJOR|MINOR|PATCH)$/ {printf "%s%s", dot, $3; dot = "."}' cmodel/include/synfire/version.h)
holds_quietly "synfire.core has the version of version.h" grep -qx "name: ::synfire:$version" synfire.core
holds_quietly "CITATION.cff has the version of version.h" grep -qx "version: $version" CITATION.cff

cat >"$work/parameters.py" <<'E'
# The parameters of a target are those of the configuration of its name; whatever is left out is the RTL's default there too.
import json, re, sys
core = open("synfire.core").read()
default = dict(re.findall(r"parameter (\w+) += (\d+)", open("synth/boards/bare_core.v").read()))
for name in ("up5k", "hx8k"):
    target = core[core.index(f"\n  {name}:\n"):]
    got = default | dict(re.findall(r"(\w+)=(\d+)", re.search(r"parameters: \[(.*?)\]", target, re.S)[1]))
    want = default | {k: str(v) for k, v in json.load(open(f"configs/{name}.json")).items() if k.isupper() and k in default}
    c = json.load(open(f"configs/{name}.json"))
    want |= {"LEAK_SHIFT": str(int(c["LEAK"] == "shift")), "WEIGHT_MEMORY": str(int(c["WEIGHT_MEMORY"] == "spram"))}
    if got != want: sys.exit(f"{name}: {sorted(set(got.items()) ^ set(want.items()))}")
    if f'--freq, "{c["clock_mhz_min"]}"' not in target.split("\n\n")[0]: sys.exit(f"{name}: another clock")
E
holds_quietly "targets have their configuration's parameters" python3 "$work/parameters.py"
if python3 -c 'import yaml' 2>/dev/null; then
  holds_quietly "both are YAML" python3 -c 'import yaml; [yaml.safe_load(open(f)) for f in ("synfire.core", "CITATION.cff")]'
fi
if command -v fusesoc >/dev/null; then
  cd "$work" || exit 2
  holds_quietly "fusesoc lint" fusesoc --cores-root "$root" run --target=lint synfire
  holds_quietly "fusesoc sim" fusesoc --cores-root "$root" run --target=sim synfire
  fusesoc --cores-root "$root" run --target=sim synfire >"$work/sim" 2>&1
  holds_quietly "fusesoc sim plays the session" grep -q 'board: [0-9]* bytes as expected' "$work/sim"
fi

closing_line
