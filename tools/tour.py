#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds every sample, runs it embedded and hosted, and prints a table of what it proved.

A sample is a folder of samples/ with driver/ and app/. Its application, run with --tour --mode NAME, prints a line for
each mechanism: TOUR mechanism=… mode=… bytes_shared=… bytes_copied=… reason=… same_page=… time_us=…
Exit code: 0 if every sample was built, ended with 0 and proved what it set out to; else 1; 2 for wrong usage.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODES = ("embedded", "hosted")
SOURCES = (".c", ".cc", ".cpp", ".cxx")
FIELDS = ("mechanism", "mode", "bytes_shared", "bytes_copied", "reason", "same_page", "time_us")

Row = namedtuple("Row", ("driver",) + FIELDS)

# Samples whose mechanism needs more than one application at a time: the commands, run at once on one driver host.
TOGETHER = {"mapped_buffer": ("--first", "--second"), "section": ("--first", "--second")}


# Samples with a stack of drivers: the folders of driver/, in the order in which they are loaded.
STACKS = {"filter": ("store", "filter")}


class Failed(Exception):
    """One line that says what went wrong, and the output that shows it."""

    def __init__(self, text, output=""):
        super().__init__(text)
        self.output = output


def run(command, timeout_s):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False,
                              text=True, errors="replace")
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"") + (error.stderr or b"")
        raise Failed(f"no end after {timeout_s} s", said.decode(errors="replace")) from error
    except OSError as error:
        raise Failed(str(error)) from error
    if done.returncode != 0:
        raise Failed(f"exit code {done.returncode}", done.stdout + done.stderr)
    return done.stdout


def parse_tour_lines(driver, output):
    """The rows that an application's output holds. Raises Failed for a TOUR line that is none."""
    rows = []
    for line in output.splitlines():
        if not line.startswith("TOUR "):
            continue
        values = dict(word.split("=", 1) for word in line.split()[1:] if "=" in word)
        if set(FIELDS) - set(values):
            raise Failed(f"a TOUR line without {', '.join(sorted(set(FIELDS) - set(values)))}", line)
        rows.append(Row(driver, *(values[field] for field in FIELDS)))
    return rows


def sources(folder):
    return [str(p) for p in sorted(folder.iterdir()) if p.suffix in SOURCES]


class Tour:
    def __init__(self, root, out, timeout_s, verbose):
        self.partywall = str(Path(root) / "bin" / "partywall")
        self.out = Path(out)
        self.timeout_s = timeout_s
        self.verbose = verbose
        self.rows = []
        self.failures = []
        self.runs = 0

    def attempt(self, what, action, *arguments):
        """True if the action did not fail; a failure is printed and remembered."""
        self.runs += 1
        try:
            action(*arguments)
            return True
        except Failed as failure:
            self.failures.append(what)
            print(f"FAILED {what}: {failure}", file=sys.stderr)
            for line in failure.output.strip().splitlines()[-30:]:
                print("    " + line, file=sys.stderr)
            return False

    def sample(self, folder, modes):
        name = folder.name
        if not self.attempt(f"{name}, build", self.build, folder):
            return
        for mode in modes:
            self.attempt(f"{name}, {mode}", self.visit, name, mode)
        if name in TOGETHER and "hosted" in modes:
            self.attempt(f"{name}, two processes", self.visit_together, name)

    def build(self, folder):
        drivers, app = self.files(folder.name)
        stack = STACKS.get(folder.name)
        folders = [folder / "driver" / part for part in stack] if stack else [folder / "driver"]
        for driver, place in zip(drivers, folders):
            run([self.partywall, "cc", "--driver", "-O2", *sources(place), "-o", driver], self.timeout_s)
        run([self.partywall, "cc", "--app", "-O2", *sources(folder / "app"), "-o", app], self.timeout_s)

    def visit(self, name, mode):
        drivers, app = self.files(name)
        embedded = ["--embedded"] if mode == "embedded" else []
        loaded = [word for driver in drivers for word in ("--driver", driver)]
        output = run([self.partywall, "run", *embedded, *loaded, "--", app, "--tour", "--mode", mode], self.timeout_s)
        self.take(name, output)

    def visit_together(self, name):
        (driver,), app = self.files(name)
        script = self.out / f"{name}_together.sh"
        first, second = TOGETHER[name]
        script.write_text("#!/bin/sh\n"
                          f"'{app}' {first} --tour --mode hosted & one=$!\n"
                          f"'{app}' {second} --tour --mode hosted; two=$?\n"
                          "wait $one && exit $two\n")
        script.chmod(0o755)
        output = run([self.partywall, "run", "--driver", driver, "--", str(script)], self.timeout_s)
        self.take(name, output)

    def take(self, name, output):
        if self.verbose:
            print(output, end="")
        rows = parse_tour_lines(name, output)
        if not rows:
            raise Failed("the application printed no TOUR line", output)
        self.rows += rows
        for row in rows:
            # What the method copies by itself is not one page; everything that shares must have proven it.
            if row.same_page == "no" and row.bytes_shared != "0":
                raise Failed(f"{row.mechanism}: the same page was not proven", output)

    def files(self, name):
        parts = STACKS.get(name, (name,))
        return [str(self.out / f"{part}.sys") for part in parts], str(self.out / f"{name}_app")


def same_page_text(row):
    if row.same_page == "no" and row.bytes_shared == "0":
        return "no: a copy by design"
    return row.same_page.replace("-", " ")


def print_table(rows):
    titles = ("mechanism", "driver", "mode", "bytes shared", "bytes copied, why", "same page", "time")
    table = [titles]
    for row in rows:
        copied = "0" if row.bytes_copied == "0" else f"{row.bytes_copied}, {row.reason.replace('-', ' ')}"
        table.append((row.mechanism, row.driver, row.mode, row.bytes_shared, copied, same_page_text(row), row.time_us + " µs"))
    widths = [max(len(line[i]) for line in table) for i in range(len(titles))]
    to_right = {3, 6}
    for number, line in enumerate(table):
        cells = [cell.rjust(width) if i in to_right else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def main():
    parser = argparse.ArgumentParser(description="Runs the samples in every mode and prints what they proved.")
    parser.add_argument("--root", required=True, help="a build folder or an installation prefix of Partywall")
    parser.add_argument("--samples", default=str(HERE.parent / "samples"), help="the folder of the samples")
    parser.add_argument("--out", help="where the built samples go (default: a temporary folder)")
    parser.add_argument("--sample", action="append", help="only this sample; may be given several times")
    parser.add_argument("--mode", action="append", choices=MODES, help="only this mode; may be given several times")
    parser.add_argument("--timeout", type=int, default=120, help="seconds that one step may take")
    parser.add_argument("--verbose", action="store_true", help="show the applications' own output, too")
    options = parser.parse_args()

    folders = [p for p in sorted(Path(options.samples).iterdir()) if (p / "driver").is_dir() and (p / "app").is_dir()]
    if options.sample:
        unknown = set(options.sample) - {p.name for p in folders}
        if unknown:
            parser.error(f"no such sample: {', '.join(sorted(unknown))}")
        folders = [p for p in folders if p.name in options.sample]
    if not folders:
        parser.error(f"no samples in {options.samples}")
    if not os.access(Path(options.root) / "bin" / "partywall", os.X_OK):
        parser.error(f"no bin/partywall in {options.root}")

    out = options.out or tempfile.mkdtemp(prefix="partywall-tour-")
    Path(out).mkdir(parents=True, exist_ok=True)
    try:
        tour = Tour(options.root, Path(out).resolve(), options.timeout, options.verbose)
        for folder in folders:
            tour.sample(folder, options.mode or MODES)
    finally:
        if not options.out:
            shutil.rmtree(out, ignore_errors=True)
    print()
    if tour.rows:
        print_table(tour.rows)
    print(f"\n{len(folders)} samples: {tour.runs - len(tour.failures)} steps passed, {len(tour.failures)} failed"
          + "".join(f"\n  failed: {what}" for what in tour.failures))
    return 1 if tour.failures else 0


if __name__ == "__main__":
    sys.exit(main())
