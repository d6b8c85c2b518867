# SPDX-License-Identifier: Apache-2.0
"""The recipes of samples/cookbook do what they promise, on a standing host with several applications, and embedded."""
import os
import signal
import subprocess
import unittest

from standing_host import HERE, PARTYWALL, TIMEOUT, StandingHost

COOKBOOK = HERE.parent.parent / "samples" / "cookbook"


class Cookbook(StandingHost):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for recipe in sorted(p for p in COOKBOOK.iterdir() if p.is_dir()):
            for side, name in (("driver", f"{recipe.name}.sys"), ("app", recipe.name)):
                done = subprocess.run([PARTYWALL, "cc", f"--{side}", "-Wall", "-Wextra", "-Wno-sign-compare", "-O2", str(recipe / f"{side}.c"), "-o",
                                       str(cls.build / name)], capture_output=True, text=True, timeout=TIMEOUT, check=False)
                assert (done.returncode, done.stderr) == (0, ""), (recipe.name, side, done.stderr)

    def embedded(self, recipe, *arguments):
        done = subprocess.run([PARTYWALL, "run", "--embedded", "--driver", str(self.build / f"{recipe}.sys"), "--",
                               str(self.build / recipe), *arguments], input="\n", capture_output=True, text=True,
                              env=self.environment, timeout=TIMEOUT, check=False)
        return done.returncode, done.stdout, done.stderr

    def app(self, recipe, *arguments):
        done = subprocess.run([str(self.build / recipe), *arguments], input="\n", capture_output=True, text=True,
                              env=self.environment, timeout=TIMEOUT, check=False)
        return done.returncode, done.stdout, done.stderr

    def viewer(self):
        viewer = subprocess.Popen([str(self.build / "viewers")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env=self.environment)
        self.addCleanup(viewer.stdout.close)
        self.addCleanup(viewer.stdin.close)
        self.addCleanup(viewer.wait)
        self.addCleanup(viewer.kill)
        return viewer, viewer.stdout.readline()

    def test_viewers_see_one_page_and_a_killed_one_leaves_it(self):
        self.start_host("--driver", self.build / "viewers.sys")
        first, line = self.viewer()
        self.assertEqual(line, "visit 1, viewers now: 1\n")
        second, line = self.viewer()
        self.assertEqual(line, "visit 2, viewers now: 2\n")
        pages = [m for m in self.data("maps")["maps"] if m["kind"] == "MDL mapping"]
        self.assertEqual(sorted(m["pid"] for m in pages), sorted([first.pid, second.pid]))
        self.assertEqual(len({m["first_frame"] for m in pages}), 1)
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=TIMEOUT)
        # The host runs it down by itself; that its process is gone from the list says that it is done.
        while first.pid in {p["pid"] for p in self.data("processes")["processes"]}:
            os.sched_yield()
        third, line = self.viewer()
        self.assertEqual(line, "visit 3, viewers now: 2\n")
        third.communicate("\n", timeout=TIMEOUT)
        output, _ = second.communicate("\n", timeout=TIMEOUT)
        self.assertEqual(output, "visits since: 3\n")
        self.ok("unload", "viewers", "--wait", "60")

    def test_viewers_embedded(self):
        self.assertEqual(self.embedded("viewers"), (0, "visit 1, viewers now: 1\nvisits since: 1\n", ""))

    def test_notify(self):
        self.start_host("--driver", self.build / "notify.sys")
        for run in (self.app, self.embedded):
            code, output, error = run("notify")
            self.assertEqual((code, error), (0, ""), output)
            # STATUS_OBJECT_TYPE_MISMATCH is ERROR_INVALID_HANDLE.
            self.assertEqual(output, "a semaphore instead of an event: refused with error 6\n"
                                     "5 waits satisfied, at least as many signals: yes\n")

    def test_telemetry(self):
        self.start_host("--driver", self.build / "telemetry.sys")
        for run in (self.app, self.embedded):
            self.assertEqual(run("telemetry"), (0, "five consistent sets of numbers\nthe page is read-only\n", ""))

    def test_handover(self):
        self.start_host("--driver", self.build / "handover.sys")
        self.assertEqual(self.app("handover", "take"), (1, "cannot take: error 259\n", ""))
        self.assertEqual(self.app("handover", "give", "from me"), (0, "given\n", ""))
        # The giver has gone; the section lives by the driver's reference, and has no name.
        self.assertEqual(self.app("handover", "take"), (0, "to write it: refused with error 5\ntaken: from me\n", ""))
        self.ok("unload", "handover", "--wait", "60")


if __name__ == "__main__":
    unittest.main()
