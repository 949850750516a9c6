"""synfire's functional model, one sample, through the library as any program would call it."""
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
import networks
import synfire


def version():
    return synfire.version()


def run(net, events, ticks, record):
    path = os.path.join(os.environ["SYNFIRE_COMPARE"], net.name + ".h5")
    networks.write(net, path)
    sim = synfire.Sim(path)
    tick, source = events
    # An event for every core, in the order of the ticks in which they arrive.
    at = np.concatenate([tick + p.delay[source] for p in net.parts])
    axon = np.concatenate([source for _ in net.parts])
    core = np.concatenate([np.full(len(tick), i) for i in range(len(net.parts))])
    order = np.argsort(at, kind="stable")[:np.count_nonzero(at < ticks)]  # what would arrive after the end is left out
    at, axon, core = (a[order].astype(np.uint32) for a in (at, axon, core))
    sim.run(at[:1], axon[:1], core[:1], int(at[0]) + 1)  # the first call pays for the pages
    seconds = float("inf")
    for _ in range(3):  # the fastest of three
        began = time.process_time()
        spikes = sim.run(at, axon, core, ticks)
        seconds = min(seconds, time.process_time() - began)
    raster = list(zip(spikes.tick.tolist(), spikes.neuron.tolist())) if record else None
    return {"seconds": seconds, "spikes": len(spikes.tick), "raster": raster}
