#!/usr/bin/env python3
"""lint_form.py [FILE...] - the form of the C sources, as far as a script can see it: no assignment in the condition of an if, a
while or a for; one statement a line; no line longer than 120 columns. Without FILE: every .c and .h of cmodel, harness, tests, examples.
One line for each breach, path:line: what; exit status 1 when there is one."""
import glob
import re
import sys

COLUMNS = 120


def blanked(text):
    """The same text with comments, strings and preprocessor lines emptied, every character in its place."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S | re.M)


def closing(text, at):
    """The place of the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return len(text)


def breaches(text):
    code = list(blanked(text))
    plain = "".join(code)
    for m in re.finditer(r"\b(if|while|for)\s*\(", plain):
        end = closing(plain, m.end() - 1)
        condition = plain[m.end():end]
        if m.group(1) == "for":
            parts = condition.split(";")
            condition = parts[1] if len(parts) == 3 else ""
            for i in range(m.end(), end):  # its semicolons end no statement
                code[i] = " " if code[i] == ";" else code[i]
        if re.search(r"(?<![=!<>])=(?!=)|<<=|>>=", condition):
            yield m.start(), f"assignment in the condition of {m.group(1)}"
    statements = "".join(code)
    for m in re.finditer(r";[^;\n]*;", statements):
        if not re.match(r"[^{]*\{[^{}]*;", statements[statements.rfind("\n", 0, m.start()) + 1:m.end()]) \
                or statements[m.start() + 1:m.end()].strip(" };"):
            yield m.end() - 1, "more than one statement in a line"
    for m in re.finditer(r"^.*$", text, flags=re.M):
        if len(m.group()) > COLUMNS:
            yield m.start(), f"{len(m.group())} columns, at most {COLUMNS}"


def main():
    files = sys.argv[1:] or sorted(f for top in ("cmodel", "harness", "tests", "examples")
                                   for f in glob.glob(f"{top}/**/*.[ch]", recursive=True))
    found = 0
    for path in files:
        text = open(path, encoding="utf-8").read()
        for at, what in sorted(breaches(text)):
            print(f"{path}:{text.count(chr(10), 0, at) + 1}: {what}")
            found += 1
    print(f"{len(files)} files, {found} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
