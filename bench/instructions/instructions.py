#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of the embedded hot paths with callgrind and holds them against bench/instructions/budget.json.

Instructions, unlike seconds, are the same on every run of the same build, whatever else the machine does. A path's cost is
the difference of two runs with different counts, so start-up does not matter.

  instructions.py BUILD_FOLDER             prints the table; exit code 1 when a path is above its budget
  instructions.py BUILD_FOLDER --json      the same as JSON
  instructions.py BUILD_FOLDER --record    writes what it finds as the new budget (say in the commit why it changed)

The budget is of the build that ./test.sh makes (gcc, RelWithDebInfo). Exit code 77: valgrind is not installed.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUDGET = HERE / "budget.json"
FEW, MANY = 200, 1200
TOLERANCE = 0.05


def compile_pair(build, folder):
    wrapper = build / "bin" / "partywall"
    suite = HERE.parent / "suite"
    driver, app = folder / "bench.sys", folder / "paths_app"
    subprocess.run([wrapper, "cc", "--driver", "-O2", "-I", suite, *sorted((suite / "driver").glob("*.c")), "-o", driver], check=True)
    subprocess.run([wrapper, "cc", "--app", "-O2", "-I", suite, HERE / "paths_app.c", "-o", app], check=True)
    return driver, app


def count(build, driver, app, path, repeats):
    """Instructions of the application's process: the largest figure of the processes under `partywall run`."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=yes",
               build / "bin" / "partywall", "run", "--embedded", "--driver", driver, "--", app, path, str(repeats)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"instructions.py: {path} ended with {result.returncode}:\n{result.stderr[-2000:]}")
    return max(int(figure) for figure in re.findall(r"Collected : (\d+)", result.stderr))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    if not shutil.which("valgrind"):
        print("instructions.py: valgrind is not installed (apt-get install valgrind)")
        return 77
    budget = json.loads(BUDGET.read_text())
    rows = []
    with tempfile.TemporaryDirectory(prefix="partywall-instructions-") as folder:
        driver, app = compile_pair(arguments.build.resolve(), pathlib.Path(folder))
        for path, allowed in budget.items():
            few, many = (count(arguments.build.resolve(), driver, app, path, n) for n in (FEW, MANY))
            found = round((many - few) / (MANY - FEW))
            rows.append({"path": path, "instructions": found, "budget": allowed,
                         "ok": found <= allowed * (1 + TOLERANCE)})
    if arguments.record:
        BUDGET.write_text(json.dumps({row["path"]: row["instructions"] for row in rows}, indent=2) + "\n")
    if arguments.json:
        print(json.dumps(rows, indent=2))
    else:
        print(f"{'path':<20}{'instructions':>14}{'budget':>10}")
        for row in rows:
            print(f"{row['path']:<20}{row['instructions']:>14}{row['budget']:>10}{'' if row['ok'] else '  ABOVE'}")
    return 0 if arguments.record or all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
