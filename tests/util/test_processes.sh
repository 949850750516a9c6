#!/bin/bash
# test_processes.sh - what the program and its scripts do to the machine they run on: no tool writes to a device; whoever is
# killed leaves no process, no lock and no folder; a checkout that another user built can be used.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh processes
trap 'kill $(cat "$work"/pids* 2>/dev/null) 2>/dev/null; chmod -R u+w "$work"; rm -rf "$work"' EXIT
synfire=$root/build/synfire

# ---- devices: a tool that makes its output executable, run by root, would do that to /dev/null ---------------------------
mkdir "$work/tools" "$work/scripts-tree"
cp -r scripts rtl cmodel harness tests "$work/scripts-tree/"
for tool in gcc g++ cc c++ clang clang++ aarch64-linux-gnu-gcc iverilog verilator yosys pkg-config; do
  printf '#!/bin/sh\necho "%s $*" >>"%s/commands"\n' $tool "$work" >"$work/tools/$tool"
  chmod +x "$work/tools/$tool"
done
stand_in() { env PATH="$work/tools:$PATH" "$@" >/dev/null 2>&1 </dev/null; }
stand_in "$work/scripts-tree/scripts/lint.sh"
holds "lint.sh runs Icarus Verilog" grep -q '^iverilog .* -o' "$work/commands"
stand_in "$work/scripts-tree/scripts/install-deps.sh" test --check
holds "install-deps.sh links with the compiler" grep -q '^gcc .* -o' "$work/commands"
holds "neither gives a tool a device to write to" sh -c "! grep -E ' /dev/(null|zero|full|std|fd|tty)' '$work/commands'"
holds "nor does any other script or test" sh -c "! grep -rnE -- '(-o|-l|--output|-Mdir) *[\"'\'']?/dev/' \
  Makefile scripts synth tests data/*.sh examples harness"

# ---- processes: tools that never end by themselves, with children of their own, one of them in another session ------------
mkdir "$work/bin"
cat >"$work/bin/yosys" <<EOF
#!/bin/sh
case \$1 in -V) echo "Yosys 9.9 (stand-in)"; exit;; --version) echo "tool (Version 9.8)"; exit;; --getenv) echo "$work"; exit;; esac
[ ! -e "$work/fails" ] || exit 1
trap '' INT
[ -z "\$STUBBORN" ] || trap '' TERM
setsid sh -c 'echo \$\$ >>"$work/pids"; while :; do sleep 0.1; done' &
sh -c 'echo \$\$ >>"$work/pids"; sleep 1000; true' &
echo \$\$ >>"$work/pids"
: >"$work/started.\$\$"
while :; do sleep 0.1; done
EOF
chmod +x "$work/bin/yosys"
for tool in nextpnr-ice40 icetime icepack verilator g++; do cp "$work/bin/yosys" "$work/bin/$tool"; done
export SYNFIRE_CACHE=$work/cache SYNFIRE_VERILATOR=verilator # the one in PATH
begin() { # begin TOOLS COMMAND...: in the background until TOOLS tools are at work; \$started is its pid
  local tools=$1 i
  shift
  rm -f "$work"/started.* "$work/pids"
  env --default-signal=INT PATH="$work/bin:$PATH" CXX="$work/bin/g++" "$@" >"$work/out" 2>"$work/err" </dev/null &
  started=$!
  for i in $(seq 600); do
    [ "$(find "$work" -maxdepth 1 -name 'started.*' | wc -l)" -lt "$tools" ] || return 0
    sleep 0.1
  done
  echo "     no tool was started"
}
living() { # of what the tools started, and of our own program in this test's folder
  local pid
  for pid in $(cat "$work/pids" 2>/dev/null); do [ ! -e "/proc/$pid" ] || echo "$pid"; done
  grep -lzF -- "$work" /proc/[0-9]*/cmdline 2>/dev/null | sed 's,/proc/,,; s,/cmdline,,' | while read -r pid; do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != synfire ] || echo "$pid"
  done
}
none_is_left() {
  local i
  for i in $(seq 100); do
    [ -n "$(living)" ] || return 0
    sleep 0.1
  done
  echo "     left: $(living | tr '\n' ' ')"
  kill -KILL $(living)
  return 1
}
synth=("$synfire" synth configs/tiny.json --target up5k --out "$work/run")
for signal in TERM INT HUP KILL; do
  begin 1 "${synth[@]}"
  kill -$signal $started
  wait $started
  holds "synth, SIG$signal: it ends by that" [ $? -eq $((128 + $(kill -l $signal))) ]
  holds "synth, SIG$signal: no tool is left, nor what it started" none_is_left
  holds "synth, SIG$signal: the folder is free" flock -w 20 "$work/run/.lock" true # who saw the last tool end drops it then
done
export STUBBORN=1
begin 1 "${synth[@]}"
kill -KILL $started
until flock -n "$work/run/.lock" true; do sleep 0.02; done
holds "the lock is held until the last tool is dead" [ -z "$(living)" ]
unset STUBBORN

printf '{"format": "synfire-sweep", "version": 1, "targets": ["up5k"], "steps": ["synth"], "traffic": {"events": 6, "ticks": 20},
  "parameters": {"AXONS": 16, "NEURONS": 16, "LANES": [2, 4]}}\n' >"$work/sweep.json"
for signal in TERM INT HUP KILL; do
  begin 2 "$synfire" explore "$work/sweep.json" -j 2
  kill -$signal $started
  wait $started
  holds "explore, SIG$signal: status is not 0" [ $? -ne 0 ]
  holds "explore, SIG$signal: no point is left, no tool, nor what it started" none_is_left
done

begin 1 "$synfire" demo --digits 1 --report "$work/demo.html" # the synthesis beside it is a program of ours with tools of its own
kill -KILL $started
wait $started
holds "demo, SIGKILL: no synthesis is left, nor what it started" none_is_left

build=("$synfire" check --random 1 --config configs/tiny.json --fst "$work/none.fst")
folders() { find "$work/cache/rtl" -maxdepth 1 -type d -name '*.work-*' | wc -l; }
locks() { find "$work/cache/rtl" -maxdepth 1 -name '*.lock' | wc -l; }
rm -rf "$work/cache/rtl" # the demo may have been killed at work there too
begin 1 "${build[@]}"
kill -KILL $started
wait $started
holds "a killed build of RTL leaves no compiler" none_is_left
holds "it leaves its folders" [ "$(folders)" = 2 ] # of the core and of the run-time library
touch "$work/fails"
env PATH="$work/bin:$PATH" CXX="$work/bin/g++" "${build[@]}" >"$work/out" 2>"$work/err"
holds "a later build fails as its tool does" [ $? -eq 2 ]
holds "and has removed the folders" [ "$(folders)" = 0 ]
holds "and the locks" [ "$(locks)" = 0 ]
rm "$work/fails"
unset SYNFIRE_CACHE

# ---- a checkout that somebody else built: what is built goes into the user's own cache ------------------------------------
mkdir -p "$work/tree/build/rtl" "$work/home" "$work/mine"
cp -r rtl configs synth data sweeps "$work/tree/"
mkdir -p "$work/tree/harness/verilated" "$work/tree/harness/explore" "$work/tree/cmodel"
cp harness/verilated/vshim.cpp "$work/tree/harness/verilated/"
cp harness/explore/page.* "$work/tree/harness/explore/"
cp -r cmodel/include "$work/tree/cmodel/"
cp "$synfire" "$work/tree/build/"
touch "$work/tree/build/rtl/core-0.so.lock"
chmod -R go=u-w "$work"
if [ "$(id -u)" = 0 ]; then
  other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$work/home" "$work/mine"
else
  other=()
  chmod -R a-w "$work/tree/build"
fi
as_other() { (cd "$work/mine" && env -u XDG_CACHE_HOME HOME="$work/home" "${other[@]}" "$work/tree/build/synfire" "$@" >"$work/out" 2>"$work/err" </dev/null); }
as_other check --random 1 --config "$work/tree/configs/tiny.json"
holds "another user checks" [ $? -eq 0 ]
holds "what was built is in the user's cache" [ -n "$(find "$work/home/.cache/synfire/rtl" -name 'core-*.so')" ]
XDG_CACHE_HOME=$work/mine/xdg as_other explore "$work/tree/explore-is-no-sweep.json"
holds "and is told of a missing file as anybody is" grep -q 'explore-is-no-sweep.json: No such file' "$work/err"
printf '{"format": "synfire-sweep", "version": 1, "steps": ["model"], "traffic": {"events": 6, "ticks": 20},
  "parameters": {"AXONS": 16, "NEURONS": 16, "LANES": 2}}\n' >"$work/model.json"
as_other explore "$work/model.json"
holds "another user explores" [ $? -eq 0 ]
(cd "$work/mine" && env -u XDG_CACHE_HOME HOME="$work/tree/build/none" "${other[@]}" "$work/tree/build/synfire" check --random 1 \
  --config "$work/tree/configs/tiny.json") >"$work/out" 2>"$work/err" </dev/null
holds "a user without any cache: status 2" [ $? -eq 2 ]
holds "and one line that says what to set" [ "$(wc -l <"$work/err")" = 1 -a "$(grep -c 'set SYNFIRE_CACHE or HOME' "$work/err")" = 1 ]

closing_line
