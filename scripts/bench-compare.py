#!/usr/bin/env python3
"""Two records of bench/history side by side, with the ratio: bench-compare.py [OLD NEW]

Without arguments: the last two of bench/history. Prints every measured speed (keys that end in _per_second) and ratio
(speed_over_..., time_over_...). Exit status 1 if a speed fell by more than --limit percent on one machine."""
import argparse
import json
import sys
from pathlib import Path


def flat(value, name=""):
    """(name, number) of every leaf; an object in a list is called by what tells it from the others."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            tag = i
            if isinstance(inner, dict):
                tag = inner.get("name", inner.get("network", f"lanes={inner['lanes']}" if "lanes" in inner else i))
            yield from flat(inner, f"{name}[{tag}]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, float(value)


def load(path):
    try:
        record = json.loads(Path(path).read_text())
        if record["format"] != "synfire-bench":
            raise ValueError("is no record of bench-record.sh")
        return record
    except (OSError, ValueError, KeyError, TypeError) as e:
        print(f"bench-compare: {path}: {e}", file=sys.stderr)
        sys.exit(2)


def short(x):
    for scale, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(x) >= scale:
            return f"{x / scale:.3f} {letter}"
    return f"{x:.3f}  "


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("record", nargs="*", help="two files; default: the last two of bench/history")
    p.add_argument("--limit", type=float, default=10, help="a fall of more percent is a failure (10)")
    a = p.parse_args()
    files = a.record
    if not files:
        folder = Path(__file__).resolve().parents[1] / "bench" / "history"
        files = sorted(folder.glob("*.json"), key=lambda f: load(f).get("date", ""))[-2:]
    if len(files) != 2:
        print("bench-compare: needs two records", file=sys.stderr)
        return 2
    records = [load(f) for f in files]
    for label, r in zip(("old", "new"), records):
        m = r["machine"]
        print(f"{label}  {r['date'][:10]}  {r['commit']:19}  {m['cpu']}, {m['processors']} processors, load {m['load_before']}; {r['compiler']}"
              + (f"; {r['note']}" if r.get("note") else ""))
    numbers = [dict(flat(r["bench"])) for r in records]
    same_machine = all(records[0]["machine"][k] == records[1]["machine"][k] for k in ("cpu", "processors", "flags"))
    fell = []
    print(f"{'':62}{'old':>12}{'new':>12}{'new/old':>9}")
    for name in numbers[0]:
        last = name.rsplit(".", 1)[-1]
        if name not in numbers[1] or not (last.endswith("_per_second") or "_over_" in last):
            continue
        old, new = numbers[0][name], numbers[1][name]
        ratio = new / old if old else float("nan")
        worse = last.endswith("_per_second") and ratio < 1 - a.limit / 100
        fell += [name] if worse else []
        print(f"{name:62}{short(old):>12}{short(new):>12}{ratio:9.2f}" + ("  <" if worse else ""))
    only = [n for n in numbers[0].keys() ^ numbers[1].keys() if n.endswith("_per_second")]
    if only:
        print(f"in one of the two only: {len(only)} speeds, such as {sorted(only)[0]}")
    if fell and not same_machine:
        print("different machines: slower is no failure")
    return 1 if fell and same_machine else 0


if __name__ == "__main__":
    sys.exit(main())
