"""The networks that are compared, as numpy arrays, and as network files for synfire.

A network is a list of parts: sources -> neurons through a weight matrix (0: no synapse), with a delay a source. Part p has
`neurons` columns. The check network is recurrent: its neurons are sources, too.
"""
import os
import types

import h5py
import numpy as np

CHECK_TICKS = 300
NEURONS = {"N1": 256, "N2": 1024, "N3": 10000}
TEXT = {"N1": "256 x 256 dense, 10 % active", "N2": "1024 x 1024 dense, 10 % active",
        "N3": "10,000 x 1,000 synapses, 5 % active"}
LEAK = 512  # of 4096: an eighth of the potential each tick
DELAYS = 16


def small():
    """96 perfect integrators with reset to 0, 64 sources; weights -8 .. 7, integers all the way: exact in doubles."""
    rng = np.random.default_rng(7)
    net = types.SimpleNamespace(name="check", leak=0, threshold=40, active=0.1)
    net.parts = [types.SimpleNamespace(weights=rng.integers(-6, 8, (64, 96)), delay=np.zeros(64, int))]
    net.recurrent = types.SimpleNamespace(weights=rng.integers(-8, 8, (96, 96)), delay=rng.integers(1, DELAYS, 96))
    return net


def sized(name):
    """N1 and N2 are one dense crossbar; N3 is three, in each of which a neuron has 1,000 of 4,096 sources."""
    rng = np.random.default_rng({"N1": 1, "N2": 2, "N3": 3}[name])
    net = types.SimpleNamespace(name=name, leak=LEAK, recurrent=None, active=0.05 if name == "N3" else 0.1)
    net.parts = []
    for columns in {"N1": [256], "N2": [1024], "N3": [3334, 3333, 3333]}[name]:
        if name != "N3":
            n = columns
            w = rng.integers(-7, 8, (n, columns)).astype(np.int8)
            w[w == 0] = 1  # every synapse is one
            delay = np.zeros(n, int)
        else:
            w = np.zeros((4096, columns), np.int8)
            for j in range(columns):
                row = rng.permutation(4096)[:1000]
                w[row, j] = rng.choice([-7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7], 1000)
            delay = rng.integers(0, DELAYS, 4096)
        net.parts.append(types.SimpleNamespace(weights=w, delay=delay))
    net.threshold = threshold(net)
    return net


def threshold(net):
    """The one at which about 7 % of the neurons spike a tick: bisection on the first 200 neurons."""
    w = net.parts[0].weights[:, :200].astype(float)
    rng = np.random.default_rng(99)
    sums = [w[rng.random(len(w)) < net.active].sum(axis=0) for _ in range(200)]
    low, high = 1, 2000
    while high - low > 1:
        middle, v, spikes = (low + high) // 2, np.zeros(w.shape[1]), 0
        for s in sums:
            v = np.trunc(v * (4096 - net.leak) / 4096) + s
            fired = v >= middle
            spikes += fired.sum()
            v[fired] = 0
        low, high = (middle, high) if spikes > 0.07 * w.shape[1] * len(sums) else (low, middle)
    return int(high)


def inputs(net, ticks):
    """(tick, source) of every input event, sorted; the first ticks are the same whatever `ticks` is."""
    rng = np.random.default_rng(12345)
    n = len(net.parts[0].weights)
    tick, source = [], []
    for t in range(ticks):
        on = np.flatnonzero(rng.random(n) < net.active)
        tick.append(np.full(len(on), t))
        source.append(on)
    return np.concatenate(tick), np.concatenate(source)


def operations(net, events):
    """Synapses that the input events meet."""
    fan_out = sum((p.weights != 0).sum(axis=1, dtype=np.int64) for p in net.parts)
    return int(fan_out[events[1]].sum())


def place(name):
    return os.path.join(os.environ["SYNFIRE_COMPARE"], name + ".npz")


def save(name):
    """Made once, loaded by every simulator's process."""
    if os.path.exists(place(name)):
        return
    net = sized(name)
    arrays = {f"w{i}": p.weights for i, p in enumerate(net.parts)} | {f"d{i}": p.delay for i, p in enumerate(net.parts)}
    np.savez(place(name), leak=net.leak, active=net.active, threshold=net.threshold, **arrays)


def load(name):
    with np.load(place(name)) as f:
        parts = [types.SimpleNamespace(weights=f[f"w{i}"], delay=f[f"d{i}"]) for i in range(len(f.files) // 2 - 1)]
        return types.SimpleNamespace(name=name, leak=int(f["leak"]), active=float(f["active"]), parts=parts,
                                     threshold=int(f["threshold"]), recurrent=None)


def write(net, path):
    """As a synfire network file: a core a part; recurrent sources are axons after the outer ones."""
    with h5py.File(path, "w") as f:
        f.attrs.update(format="synfire-network", version=2)
        for i, part in enumerate(net.parts):
            core = f.create_group(f"core/{i}")
            w = part.weights if net.recurrent is None else np.vstack([part.weights, net.recurrent.weights])
            n = w.shape[1]
            core.attrs.update(WEIGHT_BITS=4, POTENTIAL_BITS=24, DELAY_SLOTS=DELAYS)
            core["weights"] = w.astype(np.int8)
            core["neuron/threshold"] = np.full(n, net.threshold)
            core["profile/v_decay"] = [net.leak]
            if net.recurrent is not None:
                core["route/neuron"] = np.arange(n)
                core["route/core"] = np.zeros(n, int)
                core["route/axon"] = len(part.weights) + np.arange(n)
                core["route/delay"] = net.recurrent.delay
