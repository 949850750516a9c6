#!/usr/bin/env python3
"""results_tables.py [--check] - rewrite the tables of README.md and synth/README.md from the reports in synth/results/.

README.md has those of three seeds and more alone. The tables stand between "<!-- results: ... -->" and "<!-- end of results -->". With --check nothing is written: exit status 1,
and one line a file, when a table is not what the reports say or a report does not name its tools."""
import glob
import json
import os
import sys

DEVICE = {"up5k": "iCE40 UP5K", "hx8k": "iCE40 HX8K", "ecp5-25": "ECP5-25F (extra)", "ecp5-85": "ECP5-85F (extra)"}
# What else was compared on exactly this hardware, beside random networks and traffic.
VERIFIED = {"up5k": "all 10,000 MNIST test digits; random"}
BEGIN, END = "<!-- results:", "<!-- end of results -->"


def reports():
    """(name, report) of every JSON file in synth/results/, fewest lanes first."""
    found = []
    for path in glob.glob("synth/results/*.json"):
        with open(path, encoding="utf-8") as f:
            found.append((os.path.basename(path)[:-5], json.load(f)))
    return sorted(found, key=lambda item: (item[1]["parameters"]["LANES"], item[0]))


def tools(r):
    return "yosys {yosys}, nextpnr {nextpnr}".format(**r["tool_versions"])


def spread(r):
    if "seeds" not in r:
        return f"seed {r['seed']} alone"
    failed = len(r["seeds"]) - r["route_seeds"]
    return (f"{r['fmax_min_mhz']:.1f} to {r['fmax_max_mhz']:.1f}, {r['route_seeds']} seeds"
            + (f", {failed} more not routed" if failed else ""))


def of(r, key):
    return f"{r[key]:,} of {r['available'][key]:,}" if key in r["available"] else f"{r[key]:,}"


def ops(r):
    value = r["synaptic_ops_per_s"] / 1e9
    return f"{value:.2f} billion" if value < 10 else f"{value:.1f} billion"


def first_screen():
    yield "| configuration | synapses | on | lanes | logic cells | block RAM | clock, routed: median (range) | synaptic operations a second | tools | verified in lockstep |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |"
    for _, r in reports():
        if r.get("route_seeds", 1) < 3:
            continue
        p, config = r["parameters"], r["config"]
        on = DEVICE[r["target"]] + (f", {r['spram']} SPRAMs" if r["spram"] else "") + (", core alone" if r["top"] == "bare_core" else "")
        yield (f"| [{config}](configs/{config}.json): {p['AXONS']:,} axons × {p['NEURONS']:,} neurons, {p['WEIGHT_BITS']} bit "
               f"| {p['AXONS'] * p['NEURONS']:,} | {on} | {p['LANES']:,} | {of(r, 'logic_cells')} | {of(r, 'block_ram')} "
               f"| {r['fmax_mhz']:.1f} MHz ({spread(r)}) | {ops(r)} | {tools(r)} | {VERIFIED.get(config, 'random')} |")


def all_results():
    yield "| configuration | target | lanes | LUT4 | flip-flops | block RAM | SPRAM | DSP | aimed for, MHz | Fmax MHz, median | range | icetime MHz | ops/s | tools | report |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | --- | --- |"
    for name, r in reports():
        with open(f"configs/{r['config']}.json", encoding="utf-8") as f:
            wanted = json.load(f).get("clock_mhz_min", 0)  # --freq may have aimed higher
        missed = "" if r["fmax_mhz"] >= wanted else " (clock missed)"
        icetime = f"{r['fmax_icetime_mhz']:.1f}" if "fmax_icetime_mhz" in r else "–"
        core = ", core alone" if r["top"] == "bare_core" else ""
        yield (f"| `{r['config']}` | `{r['target']}`{core}{missed} | {r['parameters']['LANES']:,} | {r['lut4']:,} | {r['ff']:,} "
               f"| {of(r, 'block_ram')} | {r['spram']} | {r['dsp']} | {r['freq_target_mhz']} | {r['fmax_mhz']:.1f} | {spread(r)} "
               f"| {icetime} | {ops(r)} | {tools(r)} | [{name}.md](results/{name}.md) |")


def rewritten(path, table):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    head, begin, rest = text.partition(BEGIN)
    marker, _, rest = rest.partition("\n")
    _, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path}: no table between {BEGIN} and {END}")
    return text, head + begin + marker + "\n" + "\n".join(table) + "\n" + end + tail


def main():
    check = sys.argv[1:] == ["--check"]
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    wrong = 0
    for name, r in reports():
        with open(f"synth/results/{name}.md", encoding="utf-8") as f:
            named = f"| tools | {tools(r)} |" in f.read()
        if not named or not all(r["tool_versions"].get(tool) for tool in ("yosys", "nextpnr")):
            print(f"synth/results/{name}: JSON and Markdown do not name the same tools")
            wrong += 1
    for path, table in (("README.md", first_screen()), ("synth/README.md", all_results())):
        text, new = rewritten(path, table)
        if text != new and check:
            print(f"{path}: the table is not what synth/results/ says (synth/update-results.sh table)")
            wrong += 1
        elif text != new:
            with open(path, "w", encoding="utf-8") as f:
                f.write(new)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
