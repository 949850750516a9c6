"""Brian2, as C++ that it generates and compiles ("standalone"), one thread.

Within a step of Brian2: input, leak, synapses, thresholds, resets, the order of synfire's tick, so that a step is a tick.
A spike reaches the synapses in the next step at the earliest: a route of delay d is a synapse of delay d - 1 steps."""
import os

import brian2 as b
import numpy as np


def version():
    return b.__version__


def run(net, events, ticks, record):
    folder = os.path.join(os.environ["SYNFIRE_COMPARE"], "brian2-" + net.name)
    b.set_device("cpp_standalone", directory=folder, build_on_run=False)
    b.prefs.devices.cpp_standalone.openmp_threads = 0
    b.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j1"]
    b.BrianLogger.log_level_error()
    ms = b.ms
    b.defaultclock.dt = 1 * ms
    b.magic_network.schedule = ["start", "groups", "synapses", "thresholds", "resets", "end"]
    tick, source = events
    gen = b.SpikeGeneratorGroup(len(net.parts[0].weights), source, tick * ms, when="start")
    neurons = sum(p.weights.shape[1] for p in net.parts)
    space = {"theta": net.threshold}
    if net.leak:
        space["tau"] = -1 * ms / np.log(1 - net.leak / 4096)
        equations = "dv/dt = -v / tau : 1"
    else:
        equations = "v : 1"
    group = b.NeuronGroup(neurons, equations, threshold="v >= theta", reset="v = 0", namespace=space,
                          method="exact" if net.leak else None)
    keep = [gen, group]

    def synapses(origin, weights, delay, first):
        i, j = np.nonzero(weights)
        s = b.Synapses(origin, group, "w : 1", on_pre="v_post += w")
        if len(i) == weights.size and first == 0 and weights.shape[1] == neurons:
            s.connect()  # all to all: its own, faster way
        else:
            s.connect(i=i, j=j + first)
        s.w = weights[i, j].astype(float)
        if np.any(delay):
            s.delay = delay[i] * ms
        keep.append(s)

    first = 0
    for p in net.parts:
        synapses(gen, p.weights, p.delay, first)
        first += p.weights.shape[1]
    if net.recurrent is not None:
        synapses(group, net.recurrent.weights, net.recurrent.delay - 1, 0)
    monitor = b.SpikeMonitor(group, record=record)
    network = b.Network(*keep, monitor)
    network.schedule = ["start", "groups", "synapses", "thresholds", "resets", "end"]
    device = b.get_device()
    device.insert_code("before_network_run", "const clock_t sf_began = clock();")
    device.insert_code("after_network_run", 'std::ofstream("seconds.txt") << double(clock() - sf_began) / CLOCKS_PER_SEC;')
    network.run(ticks * ms)
    device.build(directory=folder, compile=True, run=True, with_output=False)

    def timed():
        with open(os.path.join(folder, "seconds.txt")) as f:
            return float(f.read())

    seconds = timed()
    for _ in range(0 if record else 2):  # the fastest of three
        device.run(directory=folder, with_output=False)
        seconds = min(seconds, timed())
    raster = None
    if record:
        raster = list(zip(np.rint(np.asarray(monitor.t / ms)).astype(int).tolist(), np.asarray(monitor.i).tolist()))
    return {"seconds": seconds, "spikes": int(monitor.num_spikes), "raster": raster}
