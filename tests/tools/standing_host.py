# SPDX-License-Identifier: Apache-2.0
"""What the tests of standing hosts share: built drivers and a client, a host in a run-time folder of its own, tools."""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

PARTYWALL = os.environ["PARTYWALL"]
HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 120


class Client:
    """The application of client.c: one line of answer for one line of order."""

    def __init__(self, program, environment, stderr=None):
        self.process = subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True,
                                        env=environment)
        self.errors = ""

    def ask(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def quit(self, code=0):
        self.process.stdin.write(f"quit {code}\n")
        self.process.stdin.flush()
        result = self.process.wait(timeout=TIMEOUT)
        self.close()
        return result

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=TIMEOUT)
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.stderr is not None and not self.process.stderr.closed:
            self.errors = self.process.stderr.read()
            self.process.stderr.close()


class StandingHost(unittest.TestCase):
    """Drivers and client are built once for a class; each test has run-time folder, hosts and clients of its own."""

    @classmethod
    def setUpClass(cls):
        cls.build = pathlib.Path(tempfile.mkdtemp(prefix="pw-tools-build-"))
        cls.make_driver("shared.sys", 1)
        cls.make_driver("other.sys", 1, name="PwToolsOther")
        done = subprocess.run([PARTYWALL, "cc", "--app", "-Wall", "-I", str(HERE), str(HERE / "client.c"), "-o", str(cls.build / "client")],
                              capture_output=True, text=True, timeout=TIMEOUT, check=False)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.build)

    @classmethod
    def make_driver(cls, file, version, *defines, name="PwTools"):
        done = subprocess.run([PARTYWALL, "cc", "--driver", "-Wall", "-I", str(HERE), f'-DTOOLS_NAME=L"{name}"',
                               f"-DTOOLS_VERSION={version}", *[f"-D{define}" for define in defines], str(HERE / "driver.c"), "-o",
                               str(cls.build / file)], capture_output=True, text=True, timeout=TIMEOUT, check=False)
        assert done.returncode == 0, done.stderr
        return cls.build / file

    def setUp(self):
        # Short: a socket's path has 108 bytes.
        self.runtime = pathlib.Path(tempfile.mkdtemp(prefix="pwt-", dir="/tmp"))
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PARTYWALL_") or k == "PARTYWALL_ROOT"}
        self.environment["XDG_RUNTIME_DIR"] = str(self.runtime)
        self.hosts = []
        self.clients = []

    def tearDown(self):
        for client in self.clients:
            client.close()
        for host in self.hosts:
            if host.poll() is None:
                host.kill()
            host.wait(timeout=TIMEOUT)
            host.stderr.close()
        shutil.rmtree(self.runtime)

    def start_host(self, *arguments, descriptors=None):
        """Starts a host in the foreground and reads its output up to the line that says that it is ready."""
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        host = subprocess.Popen([PARTYWALL, "host", *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True, env=self.environment, preexec_fn=limit if descriptors else None)
        self.hosts.append(host)
        lines = []
        for line in host.stderr:
            lines.append(line)
            if "is ready" in line:
                return host
        raise AssertionError("the host did not start: " + "".join(lines))

    def end_host(self, host, how=signal.SIGTERM):
        host.send_signal(how)
        code = host.wait(timeout=TIMEOUT)
        return code, host.stderr.read()

    def start_client(self, stderr=None, **variables):
        client = Client(self.build / "client", dict(self.environment, **variables), stderr)
        self.clients.append(client)
        return client

    def tool(self, *arguments, **variables):
        return subprocess.run([PARTYWALL, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=dict(self.environment, **variables), timeout=TIMEOUT, check=False)

    def ok(self, *arguments, **variables):
        done = self.tool(*arguments, **variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        self.assertNotIn("\x1b", done.stdout)
        return done.stdout

    def data(self, *arguments):
        return json.loads(self.ok(*arguments, "--json"))

    def refused(self, code, arguments, *words):
        """The command fails with this code and one line that has these words."""
        done = self.tool(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        return done.stderr
