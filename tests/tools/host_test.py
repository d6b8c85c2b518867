# SPDX-License-Identifier: Apache-2.0
"""A standing host with two drivers and three clients: every tool as text and as JSON, reload, the host's own life."""
import json
import os
import signal
import socket
import stat
import subprocess
import unittest

from standing_host import StandingHost

FIELDS = {
    "drivers": {"name", "file", "state", "deleted", "loaded_by", "devices", "open_files", "can_unload", "image_base", "image_bytes"},
    "devices": {"name", "driver", "links", "type", "characteristics", "exclusive", "read_write_method", "open_files", "attached_to"},
    "sections": {"name", "size_bytes", "protection", "backing", "committed_bytes", "segment", "locked_pages", "permanent", "handles",
                 "views"},
    "processes": {"pid", "image", "uid", "gid", "state", "threads", "handles", "pending_requests", "locked_pages", "private_bytes",
                  "shared_bytes", "system_calls", "requests", "waits", "sleeps"},
    "handles": {"pid", "image", "handle", "type", "object", "access", "inherit", "protect_from_close", "handles", "pointers"},
    "maps": {"pid", "image", "address", "length_bytes", "kind", "of", "protection", "copy_on_write", "segment",
             "segment_offset_bytes", "first_frame", "locked_pages", "locked", "locked_pages_of_segment", "shared_with"},
}


class Tools(StandingHost):
    def prepared(self):
        """Two drivers; three clients, of which two share a section and two a driver's buffer."""
        self.start_host("--driver", self.build / "shared.sys")
        self.ok("load", self.build / "other.sys")
        clients = [self.start_client() for _ in range(3)]
        self.assertEqual([c.ask("open PwTools") for c in clients], ["open 0"] * 3)
        self.addresses = [clients[0].ask("map"), clients[1].ask("map")]
        self.views = [clients[1].ask("section Shared"), clients[2].ask("section Shared"), clients[2].ask("section")]
        self.assertNotIn("0x0", self.addresses + self.views)
        return clients, [int(c.ask("pid")) for c in clients]

    def test_the_answers_have_the_documented_fields_and_say_what_is(self):
        _, pids = self.prepared()
        answers = {name: self.data(name)[name] for name in FIELDS}
        for name, fields in FIELDS.items():
            self.assertTrue(answers[name], name)
            for entry in answers[name]:
                # No image when a driver does not run; all others have all fields.
                self.assertEqual(set(entry), fields, name)
        drivers = {d["name"]: d for d in answers["drivers"]}
        self.assertEqual(set(drivers), {"shared", "other"})
        self.assertEqual((drivers["shared"]["open_files"], drivers["other"]["open_files"]), (3, 0))
        self.assertEqual(drivers["shared"]["devices"], ["\\Device\\PwTools"])
        devices = {d["name"]: d for d in answers["devices"]}
        self.assertEqual(devices["\\Device\\PwToolsOther"]["links"], ["\\\\.\\PwToolsOther"])
        self.assertEqual({p["pid"] for p in answers["processes"]}, {4, *pids})
        named = [s for s in answers["sections"] if s["name"] == "\\BaseNamedObjects\\Shared"]
        self.assertEqual([(s["size_bytes"], s["handles"]) for s in named], [(65536, 2)])
        self.assertEqual(sorted(v["pid"] for v in named[0]["views"]), sorted(pids[1:]))
        self.assertEqual(len([s for s in answers["sections"] if s["name"] is None]), 1)
        files = [h for h in answers["handles"] if h["object"] == "\\Device\\PwTools"]
        self.assertEqual(sorted(h["pid"] for h in files), sorted(pids))

    def test_maps_show_which_processes_share_which_memory(self):
        _, pids = self.prepared()
        maps = self.data("maps")["maps"]
        at = {(m["pid"], m["address"]): m for m in maps}
        first, second = at[pids[0], self.addresses[0]], at[pids[1], self.addresses[1]]
        self.assertEqual((first["kind"], first["length_bytes"], first["protection"]), ("MDL mapping", 8192, "PAGE_READWRITE"))
        # One driver's buffer in two processes: the same frames, which drivers see in the MDL.
        self.assertEqual(first["first_frame"], second["first_frame"])
        self.assertRegex(first["first_frame"], "^0x[0-9a-f]+$")
        self.assertEqual((first["shared_with"], second["shared_with"]), ([pids[1]], [pids[0]]))
        view, other = at[pids[1], self.views[0]], at[pids[2], self.views[1]]
        self.assertEqual((view["kind"], view["of"], view["protection"]), ("section view", "\\BaseNamedObjects\\Shared", "PAGE_READONLY"))
        self.assertEqual((view["segment"], view["shared_with"]), (other["segment"], [pids[2]]))
        unnamed = at[pids[2], self.views[2]]
        self.assertEqual((unnamed["of"], unnamed["shared_with"]), ("unnamed section", []))
        # Nobody's heap is anybody else's.
        for entry in maps:
            if entry["kind"] in ("arena", "private memory", "stack", "image data"):
                self.assertEqual(entry["shared_with"], [], entry)
        self.assertEqual({m["pid"] for m in self.data("maps", str(pids[0]))["maps"]}, {pids[0]})

    def test_the_text_has_a_title_a_line_each_and_no_colour(self):
        _, pids = self.prepared()
        for command, title, words in (("drivers", "NAME", ["shared", "\\Device\\PwToolsOther", "running"]),
                                      ("devices", "DEVICE", ["\\\\.\\PwTools"]),
                                      ("sections", "SECTION", ["\\BaseNamedObjects\\Shared", "64 KiB"]),
                                      ("processes", "PID", [str(pids[0]), "client"]),
                                      ("handles", "PROCESS", [f"client ({pids[2]})", "\\Device\\PwTools"]),
                                      ("maps", "PROCESS", [self.addresses[0], "driver's memory (pool)", "MDL mapping"]),
                                      ("stats", "PROCESS", ["all, the ended ones too"])):
            text = self.ok(command)
            self.assertTrue(text.lstrip().startswith(title), text)
            for word in words:
                self.assertIn(word, text)
            self.assertFalse([line for line in text.splitlines() if line.endswith(" ")], command)
        self.assertEqual(len(self.ok("handles", pids[0]).splitlines()), 2)
        self.assertRegex(self.ok("info"), r"^driver host 'default': process \d+, socket \S+, version \S+, up for \d+ s\n$")

    def test_stats_count_calls_and_requests_of_live_and_ended_processes(self):
        self.start_host("--driver", self.build / "shared.sys")
        client = self.start_client()
        self.assertEqual(client.ask("open PwTools"), "open 0")
        pid = int(client.ask("pid"))

        def of_client():
            return next(p for p in self.data("stats")["processes"] if p["pid"] == pid)
        before = of_client()
        for _ in range(5):
            client.ask("version")
        after = of_client()
        self.assertEqual(after["requests"] - before["requests"], 5)
        self.assertEqual(after["system_calls"] - before["system_calls"], 5)
        requests = self.data("stats")["total"]["requests"]
        # A buffer of the heap is shared with the driver, a library's data has to be copied: both are counted by call site.
        for kind, copied, total in (("heap", False, 4096), ("foreign", True, 2 * 4096)):  # there and back
            client.ask(f"direct {kind}")
            site = [t for t in self.data("stats")["transfers"] if t["driver"] == "shared" and t["copied"] == copied]
            self.assertEqual([(t["operation"], t["bytes"]) for t in site], [("control", total)], site)
            self.assertEqual(bool(site[0]["reason"] and site[0]["remedy"]), copied)
        self.assertEqual(client.quit(), 0)
        # CLEANUP and CLOSE of the handle come on top; nothing is forgotten with the process.
        self.assertGreaterEqual(self.data("stats")["total"]["requests"], requests)
        text = self.ok("stats")
        self.assertIn("copied: ", text)
        rounds = self.ok("stats", "--watch", "--interval", "0.05", "--count", "2", "--json").splitlines()
        self.assertEqual([sorted(json.loads(line)) for line in rounds], [sorted(self.data("stats"))] * 2)
        self.assertIn("REQUESTS/S", self.ok("stats", "--watch", "--interval", "0.05", "--count", "1"))


class Drivers(StandingHost):
    def test_a_rebuilt_driver_is_reloaded_while_its_client_stays(self):
        file = self.make_driver("again.sys", 1)
        host = self.start_host("--driver", file)
        client = self.start_client()
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "1"))
        pid = client.ask("pid")
        self.make_driver("again.sys", 2)
        # The loaded driver is a copy: the new file has not disturbed it.
        self.assertEqual(client.ask("version"), "1")
        self.refused(1, ["reload", "again"], "driver 'again'", f"client ({pid})", "--wait")
        done = self.tool("unload", "again", "--wait", "0.1")
        self.assertEqual((done.returncode, done.stderr.count("is in use"), done.stderr.count("error:")), (1, 2, 1), done.stderr)
        self.assertEqual(client.ask("version"), "1")
        self.assertEqual(client.ask("close"), "closed")
        self.assertEqual(self.ok("reload", "again"), f"driver 'again' reloaded from {file}\n")
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "2"))
        self.assertEqual(client.ask("pid"), pid)
        self.assertEqual(client.ask("close"), "closed")
        self.make_driver("again.sys", 3)
        self.assertEqual(self.data("reload", file), {"name": "again", "file": str(file)})
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "3"))
        self.assertEqual(client.quit(7), 7)
        self.assertEqual(self.end_host(host)[0], 0)

    def test_reload_waits_for_handles_when_it_is_told_to(self):
        self.start_host("--driver", self.build / "shared.sys")
        client = self.start_client()
        self.assertEqual(client.ask("open PwTools"), "open 0")
        import subprocess
        from standing_host import PARTYWALL
        with subprocess.Popen([PARTYWALL, "reload", "shared", "--wait"], env=self.environment, stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as reload:
            # It says what it waits for, and that is how we know that it waits.
            self.assertIn("open handles in client", reload.stderr.readline())
            self.assertEqual(client.ask("version"), "1")
            self.assertEqual(client.ask("close"), "closed")
            self.assertIn("reloaded", reload.stdout.readline())
            self.assertEqual(reload.wait(timeout=60), 0)
        self.assertEqual(client.ask("open PwTools"), "open 0")

    def test_load_takes_a_second_copy_under_another_name_only(self):
        self.start_host()
        self.assertIn("no drivers", self.ok("drivers"))
        file = self.build / "other.sys"
        self.assertEqual(self.ok("load", file), f"driver 'other' loaded from {file}\n")
        self.refused(1, ["load", file], "driver 'other'", "loaded already", "reload")
        # The second copy's DriverEntry finds the device's name taken: its own answer, and its own exit code.
        self.refused(121, ["load", file, "--service", "second"], "other.sys", "DriverEntry failed with", "0xC0000035")
        self.assertEqual(self.ok("unload", file), "driver 'other' unloaded\n")
        self.assertEqual(self.ok("load", file, "--service", "second"), f"driver 'second' loaded from {file}\n")
        self.assertEqual([d["name"] for d in self.data("drivers")["drivers"]], ["second"])

    def test_what_cannot_be_done_is_one_line_with_thing_reason_and_remedy(self):
        host = self.start_host("--quiet")
        (self.runtime / "text.sys").write_text("hello")
        self.refused(120, ["load", "nowhere.sys"], "nowhere.sys", "no such driver file")
        self.refused(120, ["load", self.runtime / "text.sys"], "text.sys", "not an ELF file", "partywall cc --driver")
        self.refused(120, ["load", self.build / "client"], "is a program")
        self.refused(121, ["load", self.make_driver("fails.sys", 1, "TOOLS_FAILS")], "fails.sys", "DriverEntry failed", "0xC000000E")
        self.refused(2, ["unload", "nothing"], "driver 'nothing'", "not loaded", "partywall drivers")
        self.refused(2, ["reload", "nothing"], "driver 'nothing'", "partywall load")
        self.refused(2, ["maps", "999999"], "process 999999", "no client", "partywall processes")
        self.refused(125, ["load"], "file is required")
        self.refused(125, ["handles", "many"], "many")
        self.ok("load", self.make_driver("stays.sys", 1, "TOOLS_NO_UNLOAD"))
        self.refused(1, ["unload", "stays"], "driver 'stays'", "no DriverUnload")
        self.assertEqual(self.end_host(host)[0], 0)

    def test_a_reload_that_fails_says_that_the_old_driver_is_gone_and_can_be_mended(self):
        self.start_host()
        self.ok("load", self.make_driver("mend.sys", 1))
        self.make_driver("mend.sys", 2, "TOOLS_FAILS")
        self.refused(121, ["reload", "mend"], "DriverEntry failed", "old driver is unloaded")
        self.assertEqual([d["state"] for d in self.data("drivers")["drivers"]], ["stopped"])
        self.make_driver("mend.sys", 3)
        self.ok("reload", "mend")
        client = self.start_client()
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "3"))

    def test_a_driver_that_stops_the_kernel_ends_the_host_with_its_code(self):
        host = self.start_host()
        client = self.start_client()
        self.assertEqual(client.ask("connected"), "yes")
        self.refused(123, ["load", self.make_driver("stop.sys", 1, "TOOLS_BUGCHECK")], "ended before it answered")
        self.assertEqual(host.wait(timeout=60), 122)
        self.assertIn("MANUALLY_INITIATED_CRASH", host.stderr.read())
        self.assertEqual(client.ask("connected"), "no")
        # What the dead host left is in nobody's way.
        self.refused(124, ["drivers"], "is not running")
        self.start_host()
        self.assertEqual(self.data("drivers"), {"drivers": []})


class Limits(StandingHost):
    def test_limits_of_the_command_line_hold_for_each_application(self):
        self.start_host("--limit", "handles=20,commit=1M", "--limit", "handles=12", "--driver", self.build / "shared.sys")
        clients = [self.start_client() for _ in range(2)]
        for client in clients:
            self.assertEqual(client.ask("open PwTools"), "open 0")
            opened = [client.ask("open PwTools") for _ in range(20)]
            self.assertIn("no 1816", opened)  # ERROR_NOT_ENOUGH_QUOTA
            self.assertLess(opened.count("open 0"), 12)
        client = self.start_client()
        made = [client.ask(f"section limit{number}") for number in range(32)]
        self.assertNotEqual(made[0], "0x0")
        self.assertIn("0x0", made)

    def test_what_is_no_limit_is_refused_with_the_names_that_are(self):
        for command in (["host"], ["host", "--daemon"], ["run", "--", self.build / "client"]):
            done = self.tool(*command[:-2], "--limit", "bananas=5", *command[-2:]) if "--" in command else \
                self.tool(*command, "--limit", "bananas=5")
            self.assertIn("'bananas=5' is no limit", done.stderr + done.stdout, command)
            self.assertIn("handles=N", done.stderr + done.stdout, command)
            if command[0] == "host" or "--embedded" not in command:
                self.assertEqual(done.returncode, 125, command)
        for command in ("host", "run"):
            self.assertIn("--limit", self.ok(command, "--help"))
        self.refused(125, ["run", "--host", "x", "--limit", "handles=5", "--", "x"], "--limit")

    def test_without_descriptors_a_host_says_so_and_what_to_do(self):
        host = self.start_host(descriptors=64)
        told = None
        for _ in range(64):
            client = self.start_client(stderr=subprocess.PIPE)
            if client.ask("connected") == "yes":
                continue
            client.quit()
            told = client.errors
            break
        self.assertIsNotNone(told, "64 clients fit into 64 descriptors")
        self.assertIn("no file descriptors left", told)
        self.assertIn("64", told)
        self.assertIn("ulimit -Hn", told)
        # Those that are there go on, and a place that becomes free is given again.
        self.assertEqual(self.clients[0].ask("connected"), "yes")
        for client in self.clients[1:4]:
            client.quit()
        again = self.start_client()
        self.assertEqual(again.ask("connected"), "yes")
        self.assertIn("refused process", self.end_host(host)[1])


class Hosts(StandingHost):
    def test_one_host_of_a_name_which_says_where_it_is(self):
        host = self.start_host()
        self.refused(1, ["host"], "driver host 'default'", "is running already", str(host.pid), "--name")
        self.refused(1, ["host", "--daemon"], "driver host 'default'", "is running already", str(host.pid))
        other = self.start_host("--name", "other")
        self.assertEqual(self.data("info", "--host", "other")["pid"], other.pid)
        self.assertEqual(self.data("info")["pid"], host.pid)
        self.assertEqual(json.loads(self.ok("info", "--json", PARTYWALL_HOST="other"))["name"], "other")
        folder = self.runtime / "partywall"
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        for file in ("default", "default.admin", "default.lock"):
            self.assertEqual(stat.S_IMODE((folder / file).stat().st_mode), 0o600, file)
        for one, how in ((host, signal.SIGTERM), (other, signal.SIGINT)):
            self.assertEqual(self.end_host(one, how)[0], 0)
        # The refused one in the background has its log; sockets and locks are gone.
        self.assertEqual([file.name for file in folder.iterdir()], ["default.log"])

    def test_an_orderly_end_unloads_the_drivers_and_tells_the_clients(self):
        host = self.start_host("--driver", self.build / "shared.sys")
        client = self.start_client()
        self.assertEqual(client.ask("open PwTools"), "open 0")
        code, output = self.end_host(host)
        self.assertEqual(code, 0)
        self.assertIn("1 connected application(s)", output)
        self.assertEqual(client.ask("version"), "0")

    def test_a_host_in_the_background_is_ready_when_the_command_returns(self):
        text = self.ok("host", "--daemon", "--driver", self.build / "shared.sys", "--name", "back")
        self.assertIn("driver host 'back' is ready", text)
        pid = self.data("info", "--host", "back")["pid"]
        self.assertIn(f"process {pid}", text)
        client = self.start_client(PARTYWALL_HOST="back")
        self.assertEqual((client.ask("open PwTools"), client.ask("version")), ("open 0", "1"))
        self.assertEqual(client.quit(), 0)
        end = os.pidfd_open(pid)
        os.kill(pid, signal.SIGTERM)
        import select
        select.select([end], [], [])
        os.close(end)
        self.assertIn("is ending", (self.runtime / "partywall" / "back.log").read_text())
        self.refused(121, ["host", "--daemon", "--driver", self.make_driver("fails.sys", 1, "TOOLS_FAILS")], "DriverEntry failed")
        self.refused(120, ["host", "--daemon", "--driver", "none.sys"], "no such driver file")
        self.refused(121, ["host", "--driver", self.build / "fails.sys"], "DriverEntry failed")

    def test_run_uses_a_running_host(self):
        self.start_host("--driver", self.build / "shared.sys", "--name", "mine")
        import subprocess
        from standing_host import PARTYWALL, TIMEOUT
        done = subprocess.run([PARTYWALL, "run", "--host", "mine", "--", str(self.build / "client")], input="open PwTools\nversion\nquit 5\n",
                              capture_output=True, text=True, env=self.environment, timeout=TIMEOUT, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (5, "open 0\n1\n", ""))
        self.refused(124, ["run", "--host", "nobody", "--", self.build / "client"], "driver host 'nobody'", "is not running",
                     "partywall host --name nobody")
        self.refused(125, ["run", "--host", "mine", "--driver", "a.sys", "--", self.build / "client"], "--driver excludes --host")

    def test_a_host_at_a_path_and_names_that_are_none(self):
        path = self.runtime / "here"
        self.start_host("--name", path)
        self.assertEqual(self.data("info", "--host", path)["socket"], str(path))
        self.refused(125, ["info", "--host", "a b"], "'a b'", "is no name")
        self.refused(125, ["host", "--name", ".x"], "'.x'", "is no name")
        self.refused(125, ["host", "--name", self.runtime / "no" / "folder"], "no such folder")
        self.refused(125, ["host", "--name", "/tmp/" + "x" * 120], "too long")

    def test_wrong_sockets_are_one_line(self):
        self.refused(124, ["drivers"], "driver host 'default'", "is not running", "partywall host")
        folder = self.runtime / "partywall"
        folder.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
            stream.bind(str(folder / "stream.admin"))
            stream.listen()
            self.refused(124, ["drivers", "--host", "stream"], "another program's socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as quiet:
            quiet.bind(str(folder / "gone.admin"))
        self.refused(124, ["drivers", "--host", "gone"], "is not running: nobody listens")

    def test_every_command_teaches_with_examples(self):
        for command in ("host", "load", "unload", "reload", "drivers", "devices", "sections", "processes", "handles", "maps", "stats",
                        "info"):
            text = self.ok(command, "--help")
            self.assertIn("Examples:", text, command)
            self.assertIn("partywall " + command, text)
            self.assertIn("Exit code", text)


if __name__ == "__main__":
    unittest.main()
