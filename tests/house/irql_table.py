#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that the table of documented IRQL limits and the façades say the same.

  irql_table.py ROOT             every routine that src/wdk_api defines with C linkage has exactly one row; what a row says
                                 is checked by the façade is checked by it, under its own name, and nothing else is
  irql_table.py ROOT LIBRARY     and the names that the built library exports for drivers are those routines
"""
import re
import subprocess
import sys
from pathlib import Path

ROW = re.compile(r"^PW_IRQL_(MOST|ARGUMENTS|ROOM|ANY|UNSTATED)\((\w+)(?:, (\w+))?(?:, \"([^\"]*)\")?\)$")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
HEAD = re.compile(r"^(?:\[\[\w+\]\] )?[A-Za-z_][\w\*: ]*?[ \*]([A-Z]\w+)\s*\(", re.M)
LIMITS = ("PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL", "HIGH_LEVEL")


def table(root, problems):
    rows = {}
    for path in sorted((root / "src/wdk_api/irql").glob("*.inc")):
        if path.name == "all.inc":
            continue
        last = ""
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.startswith("PW_IRQL_"):
                continue
            row = ROW.match(line)
            if not row or (row[1] in ("ANY", "UNSTATED")) != (row[3] is None) or (row[1] in ("ARGUMENTS", "ROOM")) != (row[4] is not None):
                problems.append(f"{path.name}:{number}: no row: {line}")
                continue
            if row[3] and row[3] not in LIMITS:
                problems.append(f"{path.name}:{number}: no limit: {row[3]}")
            if row[2] in rows:
                problems.append(f"{path.name}:{number}: {row[2]} has a row already")
            if row[2] < last:
                problems.append(f"{path.name}:{number}: {row[2]} out of order")
            last = row[2]
            rows[row[2]] = (row[1], row[3])
    return rows


def closing(text, start, opened, closed):
    depth, at = 1, start
    while depth:
        depth += {opened: 1, closed: -1}.get(text[at], 0)
        at += 1
    return at


def routines(root):
    """Name, file and body of every definition with C linkage."""
    for path in sorted((root / "src/wdk_api").glob("*.cpp")):
        if path.name.endswith("_test.cpp"):
            continue
        text = COMMENT.sub("", path.read_text())
        for block in re.finditer(r'extern "C" \{', text):
            end = closing(text, block.end(), "{", "}")
            part, at = text[block.end():end - 1], 0
            while head := HEAD.search(part, at):
                at = closing(part, head.end(), "(", ")")
                body = re.compile(r"\s*(?:noexcept\s*)?\{").match(part, at)
                if not body:
                    continue
                at = closing(part, body.end(), "{", "}")
                yield head[1], path.name, part[body.end():at]


def main():
    root, problems = Path(sys.argv[1]), []
    rows, defined = table(root, problems), set()
    for name, file, body in routines(root):
        defined.add(name)
        kind, limit = rows.get(name, (None, None))
        checks = set(re.findall(r"PW_IRQL_(?:LIMIT|AT_MOST)\((\w+)", body))
        if kind is None:
            problems.append(f"{file}: {name} has no row in src/wdk_api/irql")
        elif kind == "MOST" and not re.match(rf"\s*PW_IRQL_LIMIT\({name}\);", body):
            problems.append(f"{file}: {name} does not begin with PW_IRQL_LIMIT({name})")
        elif kind in ("ROOM", "ANY", "UNSTATED") and checks:
            problems.append(f"{file}: {name} checks what its row does not say")
        if checks - {name}:
            problems.append(f"{file}: {name} checks under the name {', '.join(sorted(checks - {name}))}")
    problems += [f"{name} has a row and no definition" for name in sorted(set(rows) - defined)]
    if len(defined) < 700:
        problems.append(f"only {len(defined)} routines found: the reader of the sources is wrong")
    if len(sys.argv) > 2 and sys.argv[2]:
        listing = subprocess.run(["nm", "-D", "--defined-only", sys.argv[2]], check=True, capture_output=True, text=True).stdout
        exported = {match[1] for match in re.finditer(r"^\w+ [TW] ([A-Z]\w+)@@", listing, re.M)}
        problems += [f"{name} is exported and not in the table" for name in sorted(exported - set(rows))]
        problems += [f"{name} is in the table and not exported" for name in sorted(set(rows) - exported)]
    print("\n".join(problems) or f"{len(rows)} routines")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
