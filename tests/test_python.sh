#!/bin/bash
# test_python.sh - examples/python: libsynfire through ctypes gives the program's own numbers, spikes as numpy arrays, and
# errors as exceptions. Skipped without python3 or numpy.
set -u
cd "$(dirname "$0")/.." || exit 2
command -v python3 >/dev/null 2>&1 || { echo "python3 is not installed"; exit 77; }
python3 -c 'import numpy' 2>/dev/null || { echo "numpy is not installed for python3"; exit 77; }
make -s --no-print-directory build/libsynfire.so build/synfire || exit 2
unset SYNFIRE_LIBRARY
export PYTHONPATH=examples/python PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8
work=$(mktemp -d "${TMPDIR:-/tmp}/synfire-python.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
holds() { # holds NAME COMMAND...
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); echo "ok   $name"; else failed=$((failed + 1)); echo "FAIL $name"; fi
}

python3 examples/python/digits.py >"$work/said" 2>&1
holds "digits.py ends well" [ $? -eq 0 ]
tail -n 4 "$work/said"
build/synfire run data/mnist-240.h5 --spikes data/mnist-test.h5 --samples 0:1000 --out "$work/out.h5" --json >"$work/run.json"
right=$(sed -n 's/.*"correct":[[:space:]]*\([0-9]*\).*/\1/p' "$work/run.json")
holds "as many right answers as synfire run" grep -q "^$right of 1000 digits right" "$work/said"
holds "a raster of eight groups of neurons" [ "$(grep -c '^  neurons' "$work/said")" -eq 8 ]
python3 examples/python/digits.py --net "$work/none.h5" >"$work/said" 2>&1
holds "a missing file: exit status 2 and one line that names it" [ "$? $(wc -l <"$work/said") $(grep -c none.h5 "$work/said")" = "2 1 1" ]
SYNFIRE_LIBRARY=$work/none.so python3 examples/python/digits.py >"$work/said" 2>&1
holds "a missing library: says what to do" grep -q 'make all' "$work/said"

WORK=$work python3 - <<'PY'
import os
import numpy as np

import synfire

passed = failed = 0


def holds(name, yes):
    global passed, failed
    passed, failed = passed + bool(yes), failed + (not yes)
    print("ok  " if yes else "FAIL", name)


def refused(words, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except synfire.Error as e:
        holds(f"refused: {e}", words in str(e))
    else:
        holds(f"refused: {words}", False)


net, digits = synfire.Sim("data/mnist-240.h5"), synfire.Spikes("data/mnist-test.h5")
header = open("cmodel/include/synfire/version.h").read().split()
numbers = [header[header.index("SF_VERSION_" + p) + 1] for p in ("MAJOR", "MINOR", "PATCH")]
holds("version", synfire.version() == ".".join(numbers))
holds("sizes", (net.cores, net.axons, net.neurons, net.ticks, net.classes) == (1, [1024], [256], 6, 10))
holds("spikes file", digits.samples == 10000 and len(digits.tick) == digits.first[-1] and len(digits.label) == 10000)

theirs = synfire.Spikes(os.environ["WORK"] + "/out.h5")  # what `synfire run` wrote: output events of 1,000 digits
equal = True
for i in range(200):
    net.run(*digits.sample(i))
    out = net.outputs()
    tick, neuron, _ = theirs.sample(i)
    equal &= np.array_equal(out.tick, tick) and np.array_equal(out.neuron, neuron)
holds("output events of 200 digits are those of synfire run", equal)

tick, axon, core = digits.sample(3)
whole = net.run(tick, axon, core)
potentials = net.potentials()
net.reset()
for t in range(net.ticks):
    net.inject(axon[tick == t])
    net.step()
stepped = net.spikes()
holds("tick by tick equals a run", all(np.array_equal(a, b) for a, b in zip(whole, stepped)) and len(whole.tick) > 0)
holds("and so do the potentials", np.array_equal(potentials, net.potentials()) and potentials.dtype == np.int32)
net.reset()
net.inject(axon, delay=tick)
net.step(net.ticks)
holds("events with delays, too", all(np.array_equal(a, b) for a, b in zip(whole, net.spikes())))
holds("the answer is the largest score", net.answer() == int(np.argmax(net.scores())) == digits.label[3])
holds("arrays are copies", (net.reset(), len(whole.tick))[1] > 0 and len(net.spikes().tick) == 0)
net.hardware(0, lanes=16)
net.run(tick, axon)
few = net.cycles()
net.hardware(0, lanes=64)
net.run(tick, axon)
holds("more lanes, fewer cycles, same spikes", 0 < net.cycles() < few and len(net.spikes().tick) == len(whole.tick))

refused("no-such.h5", synfire.Sim, "no-such.h5")
refused("README.md", synfire.Sim, "README.md")
refused("axon[0] = 1024: must be 0 .. 1023", net.run, [0], [1024])
refused("tick[1] = 0", net.run, [1, 0], [5, 5])
refused("one length", net.run, [1, 2], [5])
refused("integers", net.run, [0], [-1])
refused("integers", net.run, [0], [0.5])
refused("core 1: must be 0 .. 0", net.potentials, 1)
refused("LANES = 3", net.hardware, lanes=3)
print(f"{passed} passed, {failed} failed in Python")
open(os.environ["WORK"] + "/count", "w").write(f"{passed} {failed}")
PY
if read -r p f <"$work/count" 2>/dev/null || [ -n "${p:-}" ]; then passed=$((passed + p)) failed=$((failed + f)); else failed=$((failed + 1)); fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
