#!/bin/bash
# test_python.sh - examples/python: libsynfire through ctypes gives the program's own numbers, spikes as numpy arrays, and
# errors as exceptions. Skipped without python3 or numpy.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v python3 >/dev/null 2>&1 || { echo "python3 is not installed"; exit 77; }
python3 -c 'import numpy' 2>/dev/null || { echo "numpy is not installed for python3"; exit 77; }
make -s --no-print-directory build/libsynfire.so build/synfire || exit 2
unset SYNFIRE_LIBRARY
export PYTHONPATH=examples/python PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8
. tests/lib.sh python

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

# A network without readout: neuron 0 sends out and to neuron 1, which is set off seven ticks later and sends out, too.
cat >"$work/relay.json" <<'JSON'
{"format": "synfire-network", "version": 2, "AXONS": 2, "NEURONS": 2, "DELAY_SLOTS": 8, "weights": [[0, 0, 1], [1, 1, 1]],
 "neurons": [{"id": 0, "threshold": 1}, {"id": 1, "threshold": 1}], "profiles": [{"v_decay": 4096}],
 "routes": [[0, -1, 0, 0], [0, 0, 1, 7], [1, -1, 0, 0], [1, 0, 0, 6]]}
JSON
printf '0,0\n4,0\n' >"$work/relay.csv"
build/synfire run "$work/relay.json" --spikes "$work/relay.csv" --out "$work/relay-out.csv" >/dev/null
# Files of other people's making. Another python3 than Debian's may be first in PATH, without h5py.
maker=python3
python3 -c 'import h5py' 2>/dev/null || maker=/usr/bin/python3
"$maker" - "$work" <<'PY' || echo "no h5py: old files are not tried"
import sys, h5py, numpy as np
for name, version in (("old", 1), ("new", 2)):
    with h5py.File(f"{sys.argv[1]}/{name}.h5", "w") as f:
        f.attrs.update(format="synfire-network", version=version)
        f["core/0/weights"] = np.eye(4, dtype=np.int8)
PY
WORK=$work python3 - <<'PY'
import copy
import gc
import os
import pickle
import threading
import warnings

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

# ---- a run without a length ----
work = os.environ["WORK"]
with synfire.Sim(work + "/relay.json") as relay, synfire.Sim(work + "/relay.json") as other:
    events = synfire.Spikes(work + "/relay.csv")
    relay.run(*events.sample(0))
    out = synfire.Spikes(work + "/relay-out.csv")
    holds("without readout: the output events of synfire run",
          len(out.tick) == 4 and np.array_equal(relay.outputs().tick, out.tick) and relay.length(events) == 13)
    holds("what has not arrived is counted", relay.under_way() == 2)
    relay.run([0, 4], 0, 0, 5)  # numbers stand for rows
    other.reset()
    other.inject(0, core=0, delay=[0, 4])
    other.step(5)
    holds("numbers for rows", all(np.array_equal(a, b) for a, b in zip(relay.spikes(), other.spikes()))
          and len(relay.spikes().tick) == 2)
    refused("tick[1] = 4: must be 0 .. 3: the sample has 4 ticks", relay.run, [0, 4], [0, 0], ticks=4)

# ---- numbers that 32 bits do not hold ----
for ticks in (-1, 0, 2**31, 2**32 + 5):
    refused(f"ticks = {ticks}: must be 1 .. 2147483647", net.run, [0], [5], ticks=ticks)
for ticks in (-1, 2**31, 2**32 + 5):
    refused(f"ticks = {ticks}: must be 0 .. 2147483647", net.step, ticks)
refused("ticks = 1.5: must be an integer", net.step, 1.5)
for call in (net.potentials, net.cycles, net.hardware):
    for core in (-1, 1, 9, 2**32):
        refused(f"core = {core}: must be 0 .. 0", call, core=core)
refused("core: must be one row of integers, or one integer", net.inject, [1], core=-1)
refused("delay: must be one row of integers, or one integer", net.inject, [1], delay=[[0]])
refused("delay: must be one row of integers, or one integer", net.inject, [1], delay=[[0], [1, 2]])
refused("delay: must be one row of integers, or one integer", net.inject, [1], delay=2**32)
refused("axon: must be one row of integers, or one integer", net.inject, "three")
refused("axon is NULL", net.inject, None)
refused("lanes = -1: must be 0 .. 8192", net.hardware, lanes=-1)
refused("field = 'w': must be one of threshold", net.read, "w")
for i in (-1, 10000):
    refused(f"sample = {i}: must be 0 .. 9999", digits.sample, i)
refused("zero byte", synfire.Sim, "data/mnist-240.h5\0.csv")

# ---- handles ----
for copies in (copy.copy, copy.deepcopy, pickle.dumps):
    refused("a Sim cannot be copied", copies, net)
with synfire.Sim("data/mnist-240.h5") as closed:
    holds("open in a with block", closed.cycles() == 0)
closed.close()  # once more is harmless
calls = {"run": ([0], [5]), "inject": ([5],), "read": ("v",), "length": (digits,)}
for name in dir(synfire.Sim):
    if name != "close" and not name.startswith("_"):
        refused("this Sim is closed", getattr(closed, name), *calls.get(name, ()))
gone = synfire.Sim("data/mnist-240.h5")
kept = gone.run(*digits.sample(0))
gone.__init__("data/mnist-240.h5")  # a second time
del gone
gc.collect()
holds("arrays stay when the Sim is gone", len(kept.tick) > 0)


def many(sim):
    for i in range(20):
        sim.run(*digits.sample(i))


shared = synfire.Sim("data/mnist-240.h5")
threads = [threading.Thread(target=many, args=(shared,)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
shared.run(*digits.sample(3))
holds("threads take turns", np.array_equal(shared.spikes().neuron, whole.neuron))

# ---- version 1 without thresholds ----
if os.path.exists(work + "/new.h5"):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        synfire.Sim(work + "/old.h5").close()
        synfire.Sim(work + "/new.h5").close()
    holds("a version 1 file without thresholds is warned of, version 2 is not",
          len(said) == 1 and "old.h5: core/0/neuron/threshold: is left out" in str(said[0].message))

refused("no-such.h5", synfire.Sim, "no-such.h5")
refused("README.md", synfire.Sim, "README.md")
refused("axon[0] = 1024: must be 0 .. 1023", net.run, [0], [1024])
refused("tick[1] = 0", net.run, [1, 0], [5, 5])
refused("one length", net.run, [1, 2], [5])
refused("integers", net.run, [0], [-1])
refused("integers", net.run, [0], [0.5])
refused("LANES = 3", net.hardware, lanes=3)
print(f"{passed} passed, {failed} failed in Python")
open(os.environ["WORK"] + "/count", "w").write(f"{passed} {failed}")
PY
if read -r p f <"$work/count" 2>/dev/null || [ -n "${p:-}" ]; then passed=$((passed + p)) failed=$((failed + f)); else failed=$((failed + 1)); fi
closing_line
