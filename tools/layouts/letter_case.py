#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/kernel/rtl/letter_case_table.inc: runs of 16-bit characters with their simple upper case,
from Python's Unicode data. Characters whose mapping does not round-trip (dotless i, long s, micro
sign ...) keep their case, as NT's table has it."""
import pathlib


def mapping():
    for c in range(0x61, 0x10000):
        if 0xD800 <= c < 0xE000:
            continue
        up = chr(c).upper()
        if len(up) == 1 and ord(up) != c and ord(up) < 0x10000 and up.lower() == chr(c):
            yield c, ord(up)


def main():
    runs = []  # first, last, step, delta
    for low, up in mapping():
        delta = up - low
        if runs:
            first, last, step, d = runs[-1]
            gap = low - last
            if d == delta and gap in (1, 2) and (step == gap or first == last):
                runs[-1] = (first, low, gap, d)
                continue
        runs.append((low, low, 1, delta))
    out = ["// SPDX-License-Identifier: Apache-2.0",
           "// Written by tools/layouts/letter_case.py: {first, last, step, distance to the upper case}."]
    out += [f"{{0x{f:04X}, 0x{l:04X}, {s}, {d}}}," for f, l, s, d in runs]
    path = pathlib.Path(__file__).resolve().parents[2] / "src/kernel/rtl/letter_case_table.inc"
    path.write_text("\n".join(out) + "\n")
    print(len(runs), "runs")


if __name__ == "__main__":
    main()
