#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives tests/layouts/layout_table.inc: sizes and field offsets on x64 Windows.

Compiles a probe per size and offset named in structures.txt with mingw-w64's cross compiler and its
headers, and reads the numbers from the assembly. What mingw-w64 does not declare is listed on
standard error; documented_layouts.inc holds such structures by hand.

usage: generate.py [--check]     --check: compare with the file in the tree, change nothing
"""
import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TABLE = ROOT / "tests" / "layouts" / "layout_table.inc"
COMPILER = "x86_64-w64-mingw32-gcc"
VERSION = "#define _WIN32_WINNT 0x0A00\n#define NTDDI_VERSION 0x0A000000\n#include <stddef.h>\n"
# Both sides of the boundary; they cannot be included together in mingw-w64.
PRELUDES = (VERSION + "#include <ntifs.h>\n",
            VERSION + "#include <windows.h>\n#include <winternl.h>\n")
# Structure, structure.field or structure.sizeof: where mingw-w64's declaration is known to differ from x64 Windows as documented; each with its reason.
KNOWN_WRONG = dict(
    line.split(maxsplit=1)
    for line in (HERE / "known_wrong.txt").read_text().splitlines()
    if line and not line.startswith("#")
)


def read_structures():
    for line in (HERE / "structures.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, fields = line.partition(":")
            yield name.strip(), fields.split()


def compile_probes(prelude, probes):
    """Takes and returns {index: C expression or its number}; probes that do not compile are missing."""
    good = dict(probes)
    while True:
        order = sorted(good)
        lines = [f"const unsigned long long pw_probe_{i} = 1 + {good[i]};" for i in order]
        first = prelude.count("\n") + 1
        run = subprocess.run(
            [COMPILER, "-S", "-O0", "-w", "-fmax-errors=0", "-x", "c", "-", "-o", "-",
             "-I/usr/x86_64-w64-mingw32/include/ddk"],
            input=prelude + "\n".join(lines) + "\n", capture_output=True, text=True)
        if run.returncode == 0:
            numbers = re.findall(r"^pw_probe_(\d+):\s*\n\s*\.quad\s+(\d+)", run.stdout, re.M)
            return {int(i): int(n) - 1 for i, n in numbers}
        bad = {int(n) - first for n in re.findall(r"^<stdin>:(\d+):\d+: error", run.stderr, re.M)}
        if not bad:
            sys.exit("the probe does not compile:\n" + run.stderr)
        for index in bad:
            good.pop(order[index])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()

    keys, probes = [], []
    for name, fields in read_structures():
        keys.append((name, None))
        probes.append(f"sizeof({name})")
        for field in fields:
            keys.append((name, field))
            probes.append(f"offsetof({name}, {field})")
    numbers = compile_probes(PRELUDES[0], dict(enumerate(probes)))
    # A structure that the driver's side lacks altogether is looked up on the application's side.
    absent = {name for index, (name, field) in enumerate(keys) if field is None and index not in numbers}
    numbers |= compile_probes(
        PRELUDES[1], {i: p for i, p in enumerate(probes) if keys[i][0] in absent})

    lines = ["// SPDX-License-Identifier: Apache-2.0",
             "// Written by tools/layouts/generate.py: sizes and offsets on x64 Windows, in bytes."]
    missing = []
    for index, (name, field) in enumerate(keys):
        label = f"{name}.{field or 'sizeof'}"
        if label in KNOWN_WRONG or name in KNOWN_WRONG:
            continue
        if index not in numbers:
            missing.append(label)
        elif field is None:
            lines.append(f"PW_SIZE({name}, {numbers[index]})")
        else:
            lines.append(f"PW_OFFSET({name}, {field}, {numbers[index]})")
    text = "\n".join(lines) + "\n"
    print("not declared by mingw-w64: " + " ".join(missing), file=sys.stderr)
    if options.check:
        if TABLE.read_text() != text:
            sys.exit(f"{TABLE} is not what the headers of mingw-w64 say")
        return
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text)
    print(f"{len(lines) - 2} numbers in {TABLE}")


if __name__ == "__main__":
    main()
