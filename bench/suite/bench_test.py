#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`partywall bench` from outside: every row runs once, says what it is, and what is missing says why. No figure is judged.

bench_test.py PARTYWALL [--row TEXT]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PARTYWALL = str(pathlib.Path(sys.argv.pop(1)).resolve())


def bench(*arguments, expect=0):
    done = subprocess.run([PARTYWALL, "bench", *arguments], capture_output=True, text=True, check=False, timeout=280)
    if done.returncode != expect:
        raise AssertionError(f"bench {arguments} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done


class EveryRow(unittest.TestCase):
    def test_runs_once_and_its_figures_survive_a_file(self):
        listed = {(r["chart"], r["row"], r["mode"]) for r in json.loads(bench("--list", "--json").stdout)["rows"]}
        document = json.loads(bench("--once", "--json").stdout)
        self.assertEqual(document["effort"], "once")
        figures = document["figures"]
        self.assertEqual({(f["chart"], f["row"], f["mode"]) for f in figures}, listed)
        for figure in figures:
            if "missing" in figure:
                self.assertGreater(len(figure["missing"]), 10, figure)
                continue
            self.assertGreaterEqual(figure["value"]["median"], 0, figure)
            if figure["floor"]:
                self.assertGreater(figure["floor_value"]["median"], 0, figure)
        with tempfile.TemporaryDirectory(prefix="partywall-bench-") as folder:
            recorded = pathlib.Path(folder) / "figures.json"
            page = pathlib.Path(folder) / "page.html"
            recorded.write_text(json.dumps(document))
            again = json.loads(bench("--from", str(recorded), "--json", "--report", str(page)).stdout)
            self.assertEqual(again["figures"], figures)
            text = page.read_text()
            for chart, _, _ in listed:
                self.assertIn(chart.replace("&", "&amp;").replace("<", "&lt;"), text)


class WrongUsage(unittest.TestCase):
    def test_a_row_that_is_not_there(self):
        self.assertIn("--list", bench("--once", "--row", "no such row", expect=125).stderr)

    def test_a_file_without_figures(self):
        self.assertIn("holds no figures", bench("--from", __file__, expect=125).stderr)
        self.assertIn("cannot be read", bench("--from", "/no/such/file", expect=125).stderr)

    def test_a_processor_that_is_not_there(self):
        self.assertIn("not available", bench("--once", "--cpu-b", "1023", "--row", "METHOD_NEITHER", expect=125).stderr)

    def test_a_page_that_cannot_be_written(self):
        bench("--once", "--row", "METHOD_NEITHER, embedded", "--report", "/no/such/folder/page.html", expect=125)


if __name__ == "__main__":
    unittest.main()
