#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs a build into an empty prefix and uses it from there: install_test.py BUILD_FOLDER SOURCE_FOLDER"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path(sys.argv.pop(1)).resolve()
SOURCE = Path(sys.argv.pop(1)).resolve()


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="partywall-install-")
        cls.prefix = Path(cls.folder.name) / "prefix"
        subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(cls.prefix)], check=True,
                       stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_programs_and_libraries_are_where_users_expect_them(self):
        for program in ("partywall", "partywall-host", "partywall-driver-cc", "partywall-app-c++"):
            self.assertTrue(os.access(self.prefix / "bin" / program, os.X_OK), program)
        found = {p.name for p in self.prefix.glob("lib*/partywall/*.so")}
        self.assertLessEqual({f"libpartywall-{name}.so" for name in ("rt", "kernel", "win32")}, found)

    def test_every_header_is_installed(self):
        for side in ("shared", "wdk", "win32"):
            want = {p.relative_to(SOURCE / "include") for p in (SOURCE / "include" / side).rglob("*") if p.is_file()}
            have = {p.relative_to(self.prefix / "include/partywall")
                    for p in (self.prefix / "include/partywall" / side).rglob("*") if p.is_file()}
            self.assertEqual(want, have)
            self.assertTrue(have, side)

    def test_nothing_in_the_prefix_points_back_to_the_build(self):
        for path in [*self.prefix.glob("bin/*"), *self.prefix.glob("lib*/partywall/*.so")]:
            dynamic = subprocess.run(["readelf", "-d", str(path)], capture_output=True, text=True, check=True).stdout
            paths = [line for line in dynamic.splitlines() if "RPATH" in line or "RUNPATH" in line]
            self.assertFalse([line for line in paths if str(BUILD) in line], path.name)

    def tour(self, prefix, **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PARTYWALL_")}
        done = subprocess.run([sys.executable, str(SOURCE / "tools/tour.py"), "--root", str(prefix), "--samples",
                               str(prefix / "share/partywall/samples"), "--sample", "transfer"],
                              capture_output=True, text=True, check=False, env=dict(environment, **variables))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_sample_builds_and_runs_from_the_prefix(self):
        self.tour(self.prefix)

    def test_libraries_are_found_where_a_prefix_of_usr_puts_them(self):
        # With the prefix /usr, GNUInstallDirs puts libraries below lib/<architecture>. The tree is configured so, which says
        # where it would install and with which run path; then a copy of the installation gets that layout.
        with tempfile.TemporaryDirectory(prefix="partywall-usr-") as folder:
            build, usr = Path(folder) / "build", Path(folder) / "usr"
            subprocess.run(["cmake", "-S", str(SOURCE), "-B", str(build), "-DCMAKE_INSTALL_PREFIX=/usr", "-DBUILD_TESTING=OFF"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            script = (build / "cmake_install.cmake").read_text()
            libraries = re.search(r'DESTINATION "\$\{CMAKE_INSTALL_PREFIX\}/(\S+)" TYPE SHARED_LIBRARY', script).group(1)
            host = script[script.index("bin/partywall-host"):]
            self.assertIn(f'NEW_RPATH "\\$ORIGIN/../{libraries}"', host)
            shutil.copytree(self.prefix, usr, symlinks=True)
            (usr / libraries).parent.mkdir(parents=True, exist_ok=True)
            if libraries != "lib/partywall":
                (usr / "lib/partywall").rename(usr / libraries)
            # The copy's host has the run path of the other layout.
            self.tour(usr, LD_LIBRARY_PATH=str(usr / libraries))


if __name__ == "__main__":
    unittest.main()
