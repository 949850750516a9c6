#!/usr/bin/env python3
"""lint_form.py [FILE...] - the form of the C sources, as far as a script can see it: no assignment in the condition of an if, a
while or a for; one statement a line, and none that commas chain; no line longer than 120 columns. Without FILE: every .c and .h of cmodel, harness, tests, examples.
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


def hollowed(plain):
    """The same text without what stands in braces that hold no statement: initialisers, enumerators."""
    again = 1
    while again:
        plain, again = re.subn(r"\{[^{};]*\}", lambda m: re.sub(r"[^\n]", " ", m.group()), plain)
    return plain


def statements_of(plain):
    """(place, text) of each statement that ends with a semicolon, without the `if (...)`, `case X:` in front of it."""
    begin, depth, opened = 0, 0, []
    for i, c in enumerate(plain):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(c, 0)
        if depth or c not in ";{}":
            continue
        if c == "{":
            opened.append(re.search(r"\b(struct|union|enum)\b[\s\w]*$", plain[begin:i]))
        at, begin = begin, i + 1
        declares = c == "}" and opened and opened.pop()  # and names what it declares, or the type
        if declares:
            begin = plain.find(";", i) + 1
        while c == ";" and at <= i:
            m = re.compile(r"\s*(?:(if|while|for|switch)\s*\(|else\b|do\b|case\b[^:;]*:|\w+\s*:|\s+)").match(plain, at, i)
            if not m:
                yield at, plain[at:i]
                break
            at = closing(plain, m.end() - 1) + 1 if m.group(1) else m.end()


def chains(plain):
    """Places of statements that a comma joins: `a = 1, b = 2;`. A declaration has a type and a name in front."""
    for at, text in statements_of(hollowed(plain)):
        depth, commas = 0, False
        for c in text:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(c, 0)
            commas = commas or (c == "," and depth == 0)
        left = re.match(r"[*\s]*(?:\w+(?:\s*(?:->|\.)\s*\w+|\[[^\]]*\])*)?\s*(?:[-+*/%&|^]|<<|>>)*[=(,+-]", text)
        if commas and (left or text.lstrip().startswith("return")):
            yield at


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
    for at in chains(plain):
        yield at, "statements joined by a comma"
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
