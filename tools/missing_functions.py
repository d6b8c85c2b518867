#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says, tier by tier, which functions of a list the driver side has.

The list is a text with "## Tier N" headings and paragraphs such as "**Driver side, functions …**: Name Name …". A name is
  provided   defined in src/ with C linkage, so that drivers link it
  header     a macro or an inline function of include/wdk or include/shared
  declared   declared there without a definition: using it is a link error
  missing    not known to the headers at all

  tools/missing_functions.py LIST              counts, and the names that are declared or missing
  tools/missing_functions.py LIST --all        every name with what it is
  tools/missing_functions.py LIST --declared   also what the headers declare beyond the list and src/ does not define
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRIVER_SOURCES = ("src/wdk_api", "src/crt", "src/exceptions", "src/platform")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
NAME = r"[A-Za-z_][A-Za-z0-9_]*"


def strip(path):
    return COMMENT.sub("", path.read_text())


def listed_functions(path):
    tier = None
    for line in path.read_text().splitlines():
        heading = re.match(r"##\s+(Tier \d+)", line)
        if heading:
            tier = heading[1]
        elif line.startswith("## ") or line.startswith("# "):
            tier = None
        paragraph = re.match(r"\*\*Driver side, functions[^*]*\*\*:?(.*)", line)
        if tier and paragraph:
            yield tier, [word for word in paragraph[1].split() if re.fullmatch(NAME, word)]


def headers():
    macros, inlines, declared, pasted = set(), set(), set(), set()
    for folder in ("include/wdk", "include/shared"):
        for path in sorted((ROOT / folder).rglob("*.h")):
            text = strip(path)
            macros.update(re.findall(rf"^\s*#\s*define\s+({NAME})", text, re.M))
            pasted.update(re.findall(rf"\b({NAME})##", text))
            plain = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.M)
            inlines.update(re.findall(rf"\b({NAME})\s*\([^;{{}}]*\)\s*\{{", plain))
            declared.update(re.findall(rf"\b({NAME})\s*\([^;{{}}]*\)\s*;", text))
            if path.name == "pw_native_calls.h":
                for name in re.findall(rf"PW_NATIVE\(({NAME}),", text):
                    declared.update(("Zw" + name, "Nt" + name))
            for before, after in re.findall(rf"#\s*define\s+({NAME})\([^)]*\)\s*({NAME})\(", text):
                declared.update((before, after))
    return macros, inlines, declared, tuple(name for name in pasted if len(name) > 3)


def definitions():
    found = set()
    for folder in DRIVER_SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".S":
                found.update(re.findall(rf"^({NAME}):", path.read_text(), re.M))
            if path.suffix != ".cpp" or path.name.endswith("_test.cpp"):
                continue
            text = strip(path)
            found.update(re.findall(rf"\b({NAME})\s*\([^;{{}}]*\)\s*(?:noexcept\s*)?\{{", text))
            found.update(re.findall(rf"\b({NAME})\s*(?:=[^=;]*|\{{[^;]*\}})?;", text) if 'extern "C"' in text else ())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=pathlib.Path, help="the text with the names")
    parser.add_argument("--all", action="store_true", help="print every name")
    parser.add_argument("--declared", action="store_true", help="print all that is declared and not defined")
    arguments = parser.parse_args()
    macros, inlines, declared, pasted = headers()
    defined = definitions()

    def state(name):
        if name in defined:
            return "provided"
        if name in macros or name in inlines:
            return "header"
        if name in declared:
            return "declared"
        return "header" if name.startswith(pasted) else "missing"  # a name that a macro of the headers puts together

    listed = set()
    for tier, names in listed_functions(arguments.list):
        groups = {"provided": [], "header": [], "declared": [], "missing": []}
        for name in names:
            groups[state(name)].append(name)
        listed.update(names)
        print(f"{tier}: {len(names)} functions, " + ", ".join(f"{len(group)} {kind}" for kind, group in groups.items()))
        for kind, group in groups.items():
            if group and (arguments.all or kind in ("declared", "missing")):
                print(f"  {kind}: {' '.join(group)}")
    if arguments.declared:
        rest = sorted(name for name in declared - listed if re.match(r"[A-Z][a-z]", name) and state(name) == "declared")
        print(f"declared beyond the list: {len(rest)}\n  {' '.join(rest)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
