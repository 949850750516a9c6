#!/usr/bin/env python3
"""The same networks on synfire's functional model and on public simulators: equal spikes on a small case, then synaptic
operations per second of processor time, one thread each. `make compare` runs it where the simulators are installed.

    compare.py [--only synfire,brian2,nest] [--networks check,N1,N2,N3] [--json FILE]

Every measurement is a process of its own (compare.py --one SIMULATOR NETWORK), so that none pays for another's memory.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import networks

SIMULATORS = ("synfire", "brian2", "nest")
# Ticks that give each about a second: the slower the simulator, the fewer. All start from the same first ticks. The
# fastest of three runs counts, so that a busy machine does less harm.
TICKS = {"synfire": {"N1": 40000, "N2": 10000, "N3": 1000}, "brian2": {"N1": 20000, "N2": 3000, "N3": 400},
         "nest": {"N1": 6000, "N2": 600, "N3": 120}}  # divisible by 3


def one(simulator, name):
    """Runs one network on one simulator and returns what came of it."""
    module = __import__("sim_" + simulator)
    if name == "check":
        net = networks.small()
        ticks = networks.CHECK_TICKS
    else:
        net = networks.load(name)
        ticks = TICKS[simulator][name]
    events = networks.inputs(net, ticks)
    result = module.run(net, events, ticks, record=name == "check")
    out = {"simulator": simulator, "network": name, "version": module.version(), "ticks": ticks, "seconds": result["seconds"],
           "spikes": result["spikes"], "synaptic_operations": networks.operations(net, events)}
    if name == "check":
        out["raster"] = sorted(result["raster"])
    return out


def measured(simulator, name, work):
    environment = dict(os.environ, OMP_NUM_THREADS="1", SYNFIRE_COMPARE=work)
    done = subprocess.run([sys.executable, __file__, "--one", simulator, name], capture_output=True, text=True,
                          env=environment, cwd=work, timeout=1800)
    last = done.stdout.strip().splitlines()[-1:] or [""]
    if done.returncode != 0 or not last[0].startswith("{"):
        why = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return {"simulator": simulator, "network": name, "error": why[:200]}
    return json.loads(last[0])


def check(results):
    """Spikes of the small case against synfire's. Prints a line each; False if one differs."""
    good = True
    ours = next((r for r in results if r["simulator"] == "synfire"), None)
    for r in results:
        if "error" in r:
            print(f"  {r['simulator']:8}  left out: {r['error']}")
        elif ours is None or "error" in ours or r is ours:
            print(f"  {r['simulator']:8}  {r['version']:8}  {r['spikes']} spikes in {r['ticks']} ticks")
        else:
            a, b = {tuple(x) for x in ours["raster"]}, {tuple(x) for x in r["raster"]}
            same = a == b and len(r["raster"]) == len(ours["raster"]) and len(a) > 0
            good &= same
            print(f"  {r['simulator']:8}  {r['version']:8}  {r['spikes']} spikes in {r['ticks']} ticks: "
                  + ("the same ones" if same else f"DIFFERENT, first (tick, neuron) {min(a ^ b)}"))
    return good


def table(results):
    names = [s for s in SIMULATORS if any(r["simulator"] == s for r in results)]
    print(f"  {'network':8}{'':36}" + "".join(f"{s:>22}" for s in names))
    for name in ("N1", "N2", "N3"):
        row = {r["simulator"]: r for r in results if r["network"] == name}
        if not row:
            continue
        cells, rates = "", "  "
        ours = row.get("synfire", {}).get("rate")
        for s in names:
            r = row.get(s, {"error": ""})
            times = f" ({ours / r['rate']:.0f} x)" if ours and "rate" in r and s != "synfire" else ""
            cells += f"{r['rate'] / 1e9:.3f}{times:>9}".rjust(22) if "rate" in r else f"{'-':>22}"
            rates += f"{100 * r['spike_rate']:.1f} % " if "rate" in r else ""
        print(f"  {name:8}{networks.TEXT[name]:36}{cells}{rates.rstrip():>24}")


def about():
    """Where and of what the numbers are."""
    def said(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent).stdout.strip()
        except OSError:
            return ""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    cpu = next((line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")), "unknown")
    return {"format": "synfire-compare", "version": 1, "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "commit": said("git", "rev-parse", "--short=10", "HEAD") or "unknown",
            "machine": {"cpu": cpu, "processors": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)},
            "compiler": said("gcc", "--version").split("\n")[0]}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--only", default=",".join(SIMULATORS), help="simulators, by comma")
    p.add_argument("--networks", default="check,N1,N2,N3")
    p.add_argument("--json", metavar="FILE", help="write the numbers there")
    p.add_argument("--one", nargs=2, metavar=("SIMULATOR", "NETWORK"), help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.one:
        print(json.dumps(one(*a.one)))
        return 0
    chosen, nets = a.only.split(","), a.networks.split(",")
    if set(chosen) - set(SIMULATORS) or set(nets) - {"check", "N1", "N2", "N3"}:
        p.error("simulators: " + " ".join(SIMULATORS) + "; networks: check N1 N2 N3")
    results, good = [], True
    where = about()
    with tempfile.TemporaryDirectory(prefix="synfire-compare.") as work:
        os.environ["SYNFIRE_COMPARE"] = work
        if "check" in nets:
            print("Equal spikes: 96 neurons that integrate exactly, recurrent, delays of 1 to 15 ticks")
            small = [measured(s, "check", work) for s in chosen]
            good = check(small)
            results += [{k: v for k, v in r.items() if k != "raster"} for r in small]
        sized = [n for n in nets if n != "check"]
        if sized:
            for name in sized:
                networks.save(name)
                for s in chosen:
                    if sys.stderr.isatty():
                        print(f"\r\033[K  {s} on {name} ...", end="", file=sys.stderr)
                    r = measured(s, name, work)
                    if "error" not in r:
                        r["rate"] = r["synaptic_operations"] / r["seconds"]
                        r["spike_rate"] = r["spikes"] / r["ticks"] / networks.NEURONS[name]
                    else:
                        print(f"  {s} on {name}: {r['error']}", file=sys.stderr)
                    results.append(r)
            if sys.stderr.isatty():
                print("\r\033[K", end="", file=sys.stderr)
            print("Billions of synaptic operations per second of processor time, one thread; share of neurons that spike a tick")
            table(results)
    if a.json:
        Path(a.json).write_text(json.dumps(where | {"results": results}, indent=1) + "\n")
    return 0 if good and not any("error" in r and r["simulator"] == "synfire" for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
