# SPDX-License-Identifier: Apache-2.0
"""Wrong sockets, other users, other versions: one clear line or a documented error, never a signal."""
import json
import os
import socket
import struct
import subprocess
import unittest

from standing_host import PARTYWALL, TIMEOUT, StandingHost

ADMIN_MAGIC, REQUEST, PROGRESS, PART, LAST, REFUSED = 0x41575031, 1, 2, 3, 4, 5
WIRE_MAGIC, WIRE_VERSION, HELLO, REFUSED_HELLO = 0x57575031, 3, 1, 3
NOBODY = 65534


class Sockets(StandingHost):
    def admin(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(connection.close)
        connection.settimeout(TIMEOUT)
        connection.connect(str(self.runtime / "partywall" / "default.admin"))
        return connection

    def send(self, connection, body, magic=ADMIN_MAGIC, version=1, kind=REQUEST):
        connection.send(struct.pack("<4I", magic, version, kind, 0) + body)

    def answer(self, connection):
        """(kind, text) of the last frame; pieces are put together."""
        text = b""
        while True:
            frame = connection.recv(1 << 16)
            if not frame:
                return None, text.decode()
            magic, _, kind, _ = struct.unpack("<4I", frame[:16])
            self.assertEqual(magic, ADMIN_MAGIC)
            text += frame[16:]
            if kind in (LAST, REFUSED):
                return kind, text.decode()

    def plain_start(self, **variables):
        """An application that is started plainly: what it prints, and how it ends."""
        done = subprocess.run([str(self.build / "client")], input="connected\nquit 9\n", capture_output=True, text=True,
                              env=dict(self.environment, **variables), timeout=TIMEOUT, check=False)
        # It runs on; its calls fail, and it is told why, once.
        self.assertEqual((done.returncode, done.stdout), (9, "no\n"), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("partywall: "), done.stderr)
        return done.stderr

    def test_requests_that_are_none_are_refused_with_a_reason(self):
        self.start_host()
        for body, changes, reason in ((b"{}", {"magic": 7}, "no request"), (b"{}", {"version": 9}, "version 9"),
                                      (b"{}", {"kind": LAST}, "no request"), (b"{", {}, "no JSON"), (b"\xff\xfe", {}, "no JSON"),
                                      (b'{"command": "x", ' + b" " * 20000, {}, "no request")):
            connection = self.admin()
            self.send(connection, body, **changes)
            kind, text = self.answer(connection)
            self.assertEqual(kind, REFUSED, (body[:10], changes))
            self.assertIn(reason, text)
        connection = self.admin()
        connection.send(b"x")
        self.assertEqual(self.answer(connection)[0], REFUSED)
        for request in ({}, [], 7, "drivers", {"command": 3}, {"command": "nonsense"}, {"command": "load"},
                        {"command": "load", "arguments": {"file": "relative.sys"}}, {"command": "load", "arguments": [1, 2]},
                        {"command": "load", "arguments": {"file": {"a": 1}}}):
            connection = self.admin()
            self.send(connection, json.dumps(request).encode())
            kind, text = self.answer(connection)
            self.assertEqual((kind, json.loads(text)["error"]["kind"]), (LAST, "usage"), request)
        # Deep nesting is no way to exhaust a stack.
        connection = self.admin()
        self.send(connection, b"[" * 16000)
        self.assertEqual(self.answer(connection)[0], REFUSED)
        self.assertEqual(self.data("drivers"), {"drivers": []})

    def test_tools_that_only_connect_or_never_read_delay_nobody(self):
        self.start_host("--driver", self.build / "shared.sys")
        silent = [self.admin() for _ in range(10)]
        deaf = self.admin()
        deaf.setblocking(False)
        try:
            for _ in range(2000):
                self.send(deaf, b'{"command": "stats"}')
        except BlockingIOError:
            pass
        client = self.start_client()
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "1"))
        self.assertEqual(len(self.data("drivers")["drivers"]), 1)
        for connection in silent:
            connection.close()
        deaf.close()
        # More than are served at a time: some see the end of the stream, and the next one is served again.
        many = [self.admin() for _ in range(64)]
        for connection in many:
            connection.close()
        for _ in range(1000):
            if self.tool("info").returncode == 0:
                break
        self.assertEqual(len(self.data("drivers")["drivers"]), 1)

    def test_a_client_of_another_version_is_told_so(self):
        self.start_host()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(connection.close)
        connection.settimeout(TIMEOUT)
        connection.connect(str(self.runtime / "partywall" / "default"))
        connection.send(struct.pack("<4I20sI", HELLO, WIRE_MAGIC, 77, 0, b"test", 0))
        kind, version, length = struct.unpack("<3I", (reply := connection.recv(1024))[:12])
        self.assertEqual((kind, version), (REFUSED_HELLO, WIRE_VERSION))
        self.assertIn("version 77", reply[12:12 + length].decode())

    def test_an_application_with_a_wrong_socket_is_told_so_and_lives(self):
        folder = self.runtime / "partywall"
        self.assertIn("partywall host", self.plain_start())
        self.assertIn("nowhere", self.plain_start(PARTYWALL_HOST="nowhere"))
        self.assertIn("is no name", self.plain_start(PARTYWALL_HOST="a b"))
        self.assertIn("cannot connect", self.plain_start(PARTYWALL_SOCKET=str(self.runtime / "none")))
        folder.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as gone:
            gone.bind(str(folder / "default"))
        self.assertIn("cannot connect", self.plain_start())
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
            other.bind(str(folder / "other"))
            other.listen()
            process = subprocess.Popen([str(self.build / "client")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env=dict(self.environment, PARTYWALL_HOST="other"))
            connection, _ = other.accept()
            connection.recv(1024)
            connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            output, error = process.communicate("connected\nquit 9\n", timeout=TIMEOUT)
            connection.close()
            self.assertEqual((process.returncode, output), (9, "no\n"), error)
            self.assertIn("no Partywall driver host", error)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to be another user")
    def test_another_users_host_is_out_of_reach_and_says_so(self):
        self.start_host()
        socket_path = self.runtime / "partywall" / "default"
        # Even when the folders are open, the sockets are not.
        self.runtime.chmod(0o755)
        (self.runtime / "partywall").chmod(0o755)
        self.build.chmod(0o755)

        def as_nobody(*command, **variables):
            return subprocess.run(list(map(str, command)), input="connected\nquit 9\n", capture_output=True, text=True, user=NOBODY,
                                  group=NOBODY, extra_groups=[], env=dict(self.environment, **variables), timeout=TIMEOUT, check=False)
        if as_nobody(PARTYWALL, "--version").returncode != 0:
            self.skipTest("the build tree is not readable for others")
        done = as_nobody(PARTYWALL, "drivers", "--host", socket_path)
        self.assertEqual(done.returncode, 124, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("belongs to another user", done.stderr)
        done = as_nobody(self.build / "client", PARTYWALL_SOCKET=str(socket_path))
        self.assertEqual((done.returncode, done.stdout), (9, "no\n"), done.stderr)
        self.assertIn("Permission denied", done.stderr)
        # Whoever gets through all the same is refused by the host itself.
        for path in (socket_path, socket_path.with_suffix(".admin")):
            path.chmod(0o666)
        done = as_nobody(PARTYWALL, "drivers", "--host", socket_path)
        self.assertEqual(done.returncode, 124, done.stderr)
        self.assertIn(f"takes no commands from user {NOBODY}", done.stderr)
        done = as_nobody(self.build / "client", PARTYWALL_SOCKET=str(socket_path))
        self.assertEqual((done.returncode, done.stdout), (9, "no\n"), done.stderr)
        self.assertIn(f"does not serve user {NOBODY}", done.stderr)
        # A folder that others may write to is no place for a host.
        (self.runtime / "partywall").chmod(0o777)
        self.refused(125, ["host", "--name", "second"], "open to others", "chmod 700")


if __name__ == "__main__":
    unittest.main()
