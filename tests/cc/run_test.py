# SPDX-License-Identifier: Apache-2.0
"""'partywall run': checks of its input, life of the host, exit codes. A stand-in host plays the driver host."""
import os
import signal
import subprocess
import sys
import unittest

import workbench
from workbench import Workbench

# Behaves as its HOST variable says; notes what happened in the file that LOG names.
HOST = """#!{python}
import json, os, signal, sys
arguments = sys.argv[1:]
how = os.environ.get("HOST", "")
def note(text):
    with open(os.environ["LOG"], "a") as log: log.write(text + "\\n")
def stop(*_):
    note("stopped")
    os._exit(3 if how == "bugcheck" else 1 if how == "fails" else 0)
signal.signal(signal.SIGTERM, stop)
note("started " + " ".join(os.path.basename(a) for a in arguments))
ready = int(arguments[arguments.index("--ready-fd") + 1])
if how == "early-bugcheck": sys.exit(3)
if how == "silent": sys.exit(0)
answer = {{"error": "foo.sys: DriverEntry failed with STATUS_UNSUCCESSFUL", "kind": "driver_entry"}} if how == "refuses" \\
    else "garbage" if how == "garbage" else {{"ready": True}}
if how != "hangs": os.write(ready, (json.dumps(answer) + "\\n").encode())
while True: signal.pause()
"""


class Run(Workbench):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        host = cls.root / "libexec" / "partywall" / "partywall-host"
        host.parent.mkdir(parents=True)
        host.write_text(HOST.format(python=sys.executable))
        host.chmod(0o755)

    def setUp(self):
        super().setUp()
        self.write("foo.c", "#include <ntddk.h>\nNTSTATUS DriverEntry(PVOID d, PVOID r) { return 0; }\n")
        self.assert_builds(self.cc("--driver", "foo.c", "-o", "foo.sys"))
        self.write("app.c", "#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char** v) {\n"
                            "  const char* e[] = {\"PARTYWALL_SOCKET\", \"PARTYWALL_EMBEDDED\", \"PARTYWALL_DRIVERS\"};\n"
                            "  for (int i = 0; i < 3; ++i) if (getenv(e[i])) printf(\"%s=%s\\n\", e[i], getenv(e[i]));\n"
                            "  if (n == 1) abort();\n  return atoi(v[1]);\n}\n")
        self.assert_builds(self.cc("--app", "app.c", "-o", "app"))

    def run_app(self, *arguments, host=""):
        return self.partywall("run", *arguments, HOST=host, LOG=str(self.folder / "log"))

    def log(self):
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def one_line(self, result, code, *words):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_a_hosted_run_returns_the_applications_exit_code(self):
        result = self.run_app("--driver", "foo.sys", "--", "./app", "5")
        self.assertEqual(result.returncode, 5, result.stderr)
        self.assertRegex(result.stdout, r"^PARTYWALL_SOCKET=\S+\n$")
        self.assertRegex(self.log(), r"^started --socket \S+ --ready-fd \d+ --driver foo.sys\nstopped\n$")

    def test_several_drivers_and_quiet_reach_the_host(self):
        self.write("bar.sys", self.folder.joinpath("foo.sys").read_bytes())
        result = self.run_app("--quiet", "--driver", "foo.sys", "--driver", "bar.sys", "--", "./app", "0")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("--quiet --driver foo.sys --driver bar.sys", self.log())

    def test_an_embedded_run_starts_no_host(self):
        result = self.run_app("--embedded", "--driver", "foo.sys", "--", "./app", "6")
        self.assertEqual(result.returncode, 6, result.stderr)
        self.assertEqual(result.stdout, f"PARTYWALL_EMBEDDED=1\nPARTYWALL_DRIVERS={self.folder}/foo.sys\n")
        self.assertEqual(self.log(), "")

    def test_an_application_that_a_signal_ends_gives_128_and_the_signal(self):
        result = self.run_app("--driver", "foo.sys", "--", "./app")
        self.assertEqual(result.returncode, 128 + signal.SIGABRT)
        self.assertIn("stopped", self.log())

    def test_bad_driver_files_are_one_line_each(self):
        self.write("text.sys", "hello")
        self.write("pe.sys", b"MZ\x90\0" + bytes(200))
        self.write("cut.sys", self.folder.joinpath("foo.sys").read_bytes()[:1000])
        self.write("b.c", "int x;\n")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "b.c", "-o", "noentry.sys"], cwd=self.folder, check=True)
        for name, reason in (("none.sys", "no such driver file"), ("text.sys", "not an ELF file"),
                             ("pe.sys", "Windows binary"), ("cut.sys", "damaged"), (".", "folder"),
                             ("noentry.sys", "no DriverEntry"), ("app", "is a program")):
            self.one_line(self.run_app("--driver", name, "--", "./app", "0"), 120, name, reason)

    def test_bad_applications_are_one_line_each(self):
        self.write("plain.txt", "hello")
        self.write("tool.exe", b"MZ\x90\0" + bytes(200)).chmod(0o755)
        self.one_line(self.run_app("--driver", "foo.sys", "--", "./none"), 127, "no such application")
        self.one_line(self.run_app("--driver", "foo.sys", "--", "app"), 127, "write ./app")
        self.one_line(self.run_app("--driver", "foo.sys", "--", "./plain.txt"), 126, "not executable")
        self.one_line(self.run_app("--driver", "foo.sys", "--", "./tool.exe"), 126, "Windows binary")
        self.one_line(self.run_app("--driver", "foo.sys", "--", "/bin/true"), 126, "not built for Partywall", "--app")
        self.one_line(self.run_app("--driver", "foo.sys", "--", "."), 126, "folder")
        self.assertEqual(self.log(), "")

    def test_wrong_usage_is_one_line(self):
        self.one_line(self.run_app("--driver", "foo.sys"), 125, "nothing to run")
        self.one_line(self.run_app("--no-such-flag"), 125, "--no-such-flag")

    def test_failures_of_the_host_have_exit_codes_of_their_own(self):
        for how, code, words in (("refuses", 121, "STATUS_UNSUCCESSFUL"), ("early-bugcheck", 122, "stopped the kernel"),
                                 ("silent", 123, "before it was ready"), ("garbage", 125, "gave an answer")):
            self.one_line(self.run_app("--driver", "foo.sys", "--", "./app", "0", host=how), code, words)
        self.one_line(self.run_app("--start-timeout", "1", "--driver", "foo.sys", "--", "./app", "0", host="hangs"), 125,
                      "not ready within 1 s")

    def test_a_bug_check_or_a_lost_host_outweighs_the_applications_exit_code(self):
        result = self.run_app("--driver", "foo.sys", "--", "./app", "5", host="bugcheck")
        self.assertEqual(result.returncode, 122)
        self.assertIn("own exit code was 5", result.stderr)
        self.assertEqual(self.run_app("--driver", "foo.sys", "--", "./app", "0", host="fails").returncode, 123)

    def test_a_signal_to_the_wrapper_reaches_the_application_and_the_host_is_stopped(self):
        self.write("wait.c", "#include <stdio.h>\n#include <signal.h>\n#include <unistd.h>\nstatic void h(int s) { _exit(40 + s); }\n"
                             "int main(void) { signal(SIGINT, h); puts(\"up\"); fflush(stdout); for (;;) pause(); }\n")
        self.assert_builds(self.cc("--app", "wait.c", "-o", "wait"))
        environment = dict(os.environ, TMPDIR=str(self.temporary), PARTYWALL_ROOT=str(self.root), HOST="",
                           LOG=str(self.folder / "log"))
        with subprocess.Popen([workbench.PARTYWALL, "run", "--driver", "foo.sys", "--", "./wait"], cwd=self.folder,
                              env=environment, stdout=subprocess.PIPE, text=True) as process:
            self.assertEqual(process.stdout.readline(), "up\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=60), 40 + signal.SIGINT)
        self.assertIn("stopped", self.log())


class Help(Workbench):
    def test_help_and_version(self):
        for arguments in (["--help"], ["run", "--help"], ["cc", "--help"]):
            result = self.partywall(*arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("partywall", result.stdout)
        self.assertRegex(self.partywall("--version").stdout, r"^partywall \d+\.\d+\.\d+\n$")
        self.assertRegex(self.partywall("--version", "--json").stdout, r'^\{"name":"partywall","version":"[\d.]+"\}\n$')
        self.assertEqual(self.partywall("nonsense").returncode, 125)

    def test_output_that_is_no_terminal_has_no_colour(self):
        for arguments in (["cc", "--app", "-c", "none.c"], ["run", "--", "./none"]):
            self.assertNotIn("\x1b", self.partywall(*arguments).stderr)


if __name__ == "__main__":
    unittest.main()
