#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/tour.py over a stand-in for the partywall command: what it prints, and what it calls a failure."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOUR = Path(__file__).resolve().parents[2] / "tools" / "tour.py"
STAND_IN = """#!/bin/sh
[ "$1" = cc ] && exit {cc}
for word; do last=$word; done
echo "some text"
echo "TOUR mechanism=METHOD_BUFFERED mode=$last bytes_shared=0 bytes_copied=36 reason=the-method-copies same_page=no time_us=7"
echo "TOUR mechanism=METHOD_OUT_DIRECT(stack) mode=$last bytes_shared=8192 bytes_copied=0 reason=- same_page={same} time_us=31"
exit {run}
"""


class Tour(unittest.TestCase):
    def tour(self, *arguments, cc=0, run=0, same="yes", text=None):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path in ("bin", "samples/one/driver", "samples/one/app", "samples/not_a_sample/driver"):
                (root / path).mkdir(parents=True)
            (root / "samples/one/driver/one.c").write_text("")
            program = root / "bin/partywall"
            program.write_text(text or STAND_IN.format(cc=cc, run=run, same=same))
            program.chmod(0o755)
            return subprocess.run([sys.executable, str(TOUR), "--root", str(root), "--samples", str(root / "samples"),
                                   *arguments], capture_output=True, text=True, check=False)

    def test_each_mechanism_is_a_row_for_each_mode(self):
        done = self.tour()
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split("  ") for line in done.stdout.splitlines() if line.startswith("METHOD")]
        self.assertEqual(len(rows), 4)
        self.assertIn("36, the method copies", done.stdout)
        self.assertIn("embedded", done.stdout)
        self.assertIn("hosted", done.stdout)
        self.assertIn("3 steps passed, 0 failed", done.stdout)

    def test_one_mode_can_be_chosen(self):
        self.assertNotIn("hosted", self.tour("--mode", "embedded").stdout)

    def test_an_application_that_fails_fails_the_tour(self):
        done = self.tour(run=3)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: one, embedded", done.stdout)
        self.assertIn("exit code 3", done.stderr)

    def test_a_sample_that_does_not_compile_fails_the_tour(self):
        done = self.tour(cc=1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: one, build", done.stdout)

    def test_a_mechanism_that_shares_must_prove_the_page(self):
        done = self.tour(same="no")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the same page was not proven", done.stderr)

    def test_an_application_without_tour_lines_fails(self):
        done = self.tour(text="#!/bin/sh\necho fine\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("printed no TOUR line", done.stderr)

    def test_a_tour_line_that_lacks_a_field_fails(self):
        done = self.tour(text="#!/bin/sh\necho TOUR mechanism=x mode=y\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("without bytes_copied", done.stderr)

    def test_wrong_usage_is_told_apart(self):
        self.assertEqual(self.tour("--sample", "two").returncode, 2)
        self.assertEqual(self.tour("--mode", "both").returncode, 2)


if __name__ == "__main__":
    unittest.main()
