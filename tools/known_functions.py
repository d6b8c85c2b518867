#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes share/known_functions.txt: the functions that Microsoft documents for drivers and applications.

'partywall cc' reads the list to tell a function that Partywall lacks from one that nobody knows. Names come from the
present list (it only grows), from files given with --names (every word in a "functions" paragraph), and from the
declarations in include/wdk, include/win32 and include/shared.

  tools/known_functions.py                     take in what the headers declare
  tools/known_functions.py --names list.md     and the names of a list
  tools/known_functions.py --check             fail if the file is not up to date
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "share" / "known_functions.txt"
HEADER = (
    "# Functions that Microsoft documents for drivers and applications, one a line, sorted.\n"
    "# Written by tools/known_functions.py; additions by hand are kept.\n"
)
NAME = re.compile(r"^[A-Z_a-z][A-Za-z0-9_]{2,}$")
MACRO = re.compile(r"^\s*#\s*define\s+([A-Z][A-Za-z0-9_]*[a-z][A-Za-z0-9_]*)\(", re.M)
PROTOTYPE = re.compile(r"^[^#\n]*?\b([A-Z][A-Za-z0-9_]*[a-z][A-Za-z0-9_]*)\s*\([^;{}]*\)[^;{}]*[;{]", re.M)


def names_of_list(path):
    found = set()
    for paragraph in path.read_text().split("\n\n"):
        heading = re.match(r"\*\*([^*]*)\*\*:?", paragraph.strip())
        if heading and ("function" in heading[1] or "C library" in heading[1]):
            words = paragraph.strip()[heading.end():].split()
            found.update(word for word in words if NAME.match(word) and word != "size_t")
    return found


def names_of_headers():
    found = set()
    for folder in ("wdk", "win32", "shared"):
        for header in sorted((ROOT / "include" / folder).rglob("*.h")):
            text = re.sub(r"/\*.*?\*/|//[^\n]*", "", header.read_text(), flags=re.S)
            found.update(MACRO.findall(text))
            found.update(PROTOTYPE.findall(text))
    return {name for name in found if NAME.match(name) and not name.startswith(("PW_", "_PW"))}


def present_names():
    if not LIST.exists():
        return set()
    lines = (line.split("#")[0].strip() for line in LIST.read_text().splitlines())
    return {line for line in lines if line}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", action="append", default=[], type=pathlib.Path, help="a list with function names")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if names are missing")
    arguments = parser.parse_args()
    present = present_names()
    names = present | names_of_headers()
    for path in arguments.names:
        names |= names_of_list(path)
    if arguments.check:
        missing = sorted(names - present)
        if missing:
            print(f"{LIST}: lacks {len(missing)} names, e.g. {missing[0]}; run tools/known_functions.py")
        return 1 if missing else 0
    LIST.parent.mkdir(exist_ok=True)
    LIST.write_text(HEADER + "".join(f"{name}\n" for name in sorted(names)))
    print(f"{LIST}: {len(names)} names, {len(names - present)} new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
