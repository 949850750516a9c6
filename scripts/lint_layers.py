#!/usr/bin/env python3
"""lint_layers.py [BUILD] - the rooms of LAYERS: no include and, where BUILD (default build/obj) holds objects, no symbol points to
a higher room or across one layer; harness enters cmodel by its doors; no room is left out; every module of rtl/ stands in a file
of its name, and the file that its "C twin" line names is there; every room has a README.md, and the files that it names are there.
One line for each breach; exit status 1 when there is one."""
import glob
import os
import re
import subprocess
import sys

breaches = []


def listed(*patterns):
    return sorted(f for p in patterns for f in glob.glob(p, recursive=True))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def layers():
    level, doors = {}, set()
    for n, line in enumerate(read("LAYERS").splitlines()):
        words = line.split("#")[0].split()
        if words[:1] == ["door"]:
            doors.add(words[1])
        else:
            level.update({room: n for room in words})
    return level, doors


LEVEL, DOORS = layers()


def may_use(user, used):
    if user not in LEVEL or used not in LEVEL:
        return True  # check_includes() says that LAYERS does not name it
    return user == used or LEVEL[used] < LEVEL[user]


def check_includes():
    for path in listed("cmodel/**/*.[ch]", "harness/**/*.[ch]", "harness/**/*.cpp"):
        room = os.path.dirname(path)
        if room not in LEVEL:
            breaches.append(f"{path}: LAYERS does not name {room}")
            continue
        for name in re.findall(r'^#\s*include\s+"([^"]+)"', read(path), flags=re.M):
            at = [top + name for top in ("cmodel/include/", "cmodel/", "harness/") if os.path.exists(top + name)]
            if not at and os.path.exists(os.path.join(room, name)):
                breaches.append(f'{path}: includes "{name}", which is to be written from the root of cmodel or harness')
            if not at:
                continue  # of a library, or of Verilator
            used = os.path.dirname(at[0])
            if not may_use(room, used):
                breaches.append(f'{path}: includes "{name}", which is not below {room}')
            elif room.startswith("harness") and used.startswith("cmodel") and used != "cmodel/include/synfire" \
                    and at[0] not in DOORS:
                breaches.append(f'{path}: includes "{name}", which is no door of LAYERS')


def check_symbols(build):
    objects = [o for o in (f"{build}/{c[:-2]}.o" for c in listed("cmodel/**/*.c", "harness/**/*.c")) if os.path.exists(o)]
    if not objects:
        return 0
    owner, uses = {}, []
    for line in subprocess.check_output(["nm", "-A", *objects], text=True).splitlines():
        path, rest = line.split(":", 1)
        kind, name = rest.split()[-2:]
        if kind == "U":
            uses.append((path, name))
        elif kind.isupper():
            owner[name] = path
    for path, name in uses:
        if name not in owner:
            continue
        user, used = (os.path.dirname(os.path.relpath(p, build)) for p in (path, owner[name]))
        if not may_use(user, used):
            breaches.append(f"{os.path.relpath(path, build)}: uses {name} of {os.path.relpath(owner[name], build)}, "
                            f"which is not below {user}")
    return len(uses)


def check_modules():
    for path in listed("rtl/**/*.v"):
        text = read(path)
        modules = re.findall(r"^\s*module\s+(\w+)", text, flags=re.M)
        if modules != [os.path.basename(path)[:-2]]:
            breaches.append(f"{path}: holds the modules {', '.join(modules)}, not one of its own name")
        for twin in re.findall(r"C twin:\s+(\S+\.[ch])", text):
            if not os.path.exists(twin):
                breaches.append(f"{path}: names the C twin {twin}, which is not there")
        if path.startswith("rtl/core/") and "C twin:" not in text:
            breaches.append(f"{path}: names no C twin")


def check_readmes():
    rooms = [room for room in LEVEL if room not in ("cmodel/include/synfire", "harness")]
    for room in rooms + ["cmodel/include", "rtl/core", "rtl/prim"]:
        path = f"{room}/README.md"
        if not os.path.exists(path):
            breaches.append(f"{room}: has no README.md")
            continue
        for name in re.findall(r"`([\w./]+\.(?:c|h|v|f|cpp|js|css|md))`", read(path)):
            if not any(os.path.exists(os.path.normpath(p + name)) for p in (f"{room}/", "", "cmodel/include/", "cmodel/include/synfire/", "cmodel/")):
                breaches.append(f"{path}: names {name}, which is not there")


def main():
    check_includes()
    uses = check_symbols(sys.argv[1] if len(sys.argv) > 1 else "build/obj")
    check_modules()
    check_readmes()
    print(*breaches, sep="\n", end="\n" if breaches else "")
    symbols = f"{uses} uses of symbols" if uses else "symbols not looked at, nothing is built"
    print(f"{len(LEVEL)} rooms, {symbols}, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
