#!/usr/bin/env python3
"""Handwritten digits through libsynfire: accuracy, activity and predicted hardware time, and one digit's spikes as text.

    python3 examples/python/digits.py [--digits 1000] [--show 0] [--net FILE] [--spikes FILE]
"""
import argparse
import sys
import time
from pathlib import Path

import numpy as np

import synfire


def raster(run, ticks, neurons, width):
    """One line a group of neurons, one column a tick; the taller the mark, the more of the group spiked."""
    marks = " .:+*#"
    groups = -(-neurons // width)
    count = np.zeros((groups, ticks), int)
    np.add.at(count, (run.neuron // width, run.tick), 1)
    for g in range(groups):
        last = min((g + 1) * width, neurons) - 1
        level = np.ceil(count[g] * (len(marks) - 1) / max(count.max(), 1)).astype(int)
        yield f"neurons {g * width:4d} .. {last:4d}  |" + "|".join(3 * marks[x] for x in level) + f"|  {count[g].sum():3d}"


def picture(axon, side=28):
    """The pixels that sent an event, two rows of them in one line of text."""
    on = np.zeros((side, side), bool)
    on.flat[axon[axon < side * side]] = True
    return ["".join(" ▀▄█"[top + 2 * low] for top, low in zip(on[r], on[r + 1])).rstrip() for r in range(0, side, 2)]


def main():
    data = Path(__file__).resolve().parents[2] / "data"
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--net", default=data / "mnist-240.h5")
    p.add_argument("--spikes", default=data / "mnist-test.h5")
    p.add_argument("--digits", type=int, default=1000, help="how many (1000)")
    p.add_argument("--show", type=int, default=0, help="the one whose spikes are shown (0)")
    p.add_argument("--clock", type=float, default=24, help="of the hardware, in MHz (24)")
    a = p.parse_args()

    net, digits = synfire.Sim(a.net), synfire.Spikes(a.spikes)
    if digits.label is None or net.ticks == 0:
        raise synfire.Error("needs a network with a readout, and labels")
    n = max(0, min(a.digits, digits.samples))
    if n == 0 or not 0 <= a.show < digits.samples:
        raise synfire.Error(f"the file has digits 0 .. {digits.samples - 1}")
    net.hardware(0)
    spikes = np.zeros(n, int)
    cycles = np.zeros(n, int)
    answer = np.zeros(n, int)
    began = time.perf_counter()
    for i in range(n):
        run = net.run(*digits.sample(i))
        spikes[i], cycles[i], answer[i] = len(run.tick), net.cycles(), net.answer()
    seconds = time.perf_counter() - began

    tick, axon, core = digits.sample(a.show)
    run = net.run(tick, axon, core)
    print(f"digit {a.show}, a {digits.label[a.show]}: {len(tick)} input events, {len(run.tick)} spikes, "
          f"answer {net.answer()}")
    print("scores of the classes:", *net.scores())
    for line in picture(axon):
        print("    " + line)
    print(" " * 23 + "ticks 0 .. %d" % (net.ticks - 1))
    for line in raster(run, net.ticks, net.neurons[0], 32):
        print("  " + line)
    print()
    print(f"libsynfire {synfire.version()}, {n / seconds:.0f} digits a second from Python")
    print(f"{spikes.mean():.1f} spikes and {cycles.mean():.0f} clock cycles a digit: "
          f"{cycles.mean() / a.clock:.0f} microseconds at {a.clock:.10g} MHz")
    right = int((answer == digits.label[:n]).sum())
    print(f"{right} of {n} digits right: {100 * right / n:.2f} %")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except synfire.Error as error:
        print(f"digits.py: {error}", file=sys.stderr)
        sys.exit(2)
