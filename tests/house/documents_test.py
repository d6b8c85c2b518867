#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The driver and the application that documents tell people to copy: they compile without a warning and run.

documents_test.py PARTYWALL SOURCE_FOLDER
"""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PARTYWALL = str(Path(sys.argv.pop(1)).resolve())
SOURCE = Path(sys.argv.pop(1)).resolve()


class CodeToCopy(unittest.TestCase):
    def check(self, document):
        blocks = re.findall(r"```c\n(.*?)```", (SOURCE / document).read_text(), re.DOTALL)
        drivers = [b for b in blocks if "DriverEntry" in b]
        applications = [b for b in blocks if "int main(" in b]
        self.assertEqual((len(drivers), len(applications)), (1, 1), document)
        with tempfile.TemporaryDirectory(prefix="partywall-documents-") as folder:
            (Path(folder) / "driver.c").write_text(drivers[0])
            (Path(folder) / "app.c").write_text(applications[0])

            def partywall(*arguments):
                done = subprocess.run([PARTYWALL, *arguments], cwd=folder, capture_output=True, text=True, check=False,
                                      timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                return done

            self.assertEqual(partywall("cc", "--driver", "-Wall", "-Wextra", "driver.c", "-o", "driver.sys").stderr, "")
            self.assertEqual(partywall("cc", "--app", "-Wall", "-Wextra", "app.c", "-o", "app").stderr, "")
            for mode in ([], ["--embedded"]):
                done = partywall("run", *mode, "--driver", "driver.sys", "--", "./app")
                self.assertIn("written by the driver", done.stdout)

    def test_readme(self):
        self.check("README.md")

    def test_first_steps(self):
        self.check("docs/first-steps.md")


if __name__ == "__main__":
    unittest.main()
