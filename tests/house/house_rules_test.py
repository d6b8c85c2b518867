#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of house_rules.py against a small tree with one planted violation, and a tree with none."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from house_rules import FAIL_LINES, WARN_LINES, House, Layers, main  # noqa: E402

LAYERS = """
module shared   include/shared
module wdk      include/wdk
module win32    include/win32
module base     src/base
module platform src/platform
module memory   src/kernel/memory
module services src/kernel/services
module verifier src/verifier
module wdk_api  src/wdk_api
module channel  src/channel
deny   src/kernel         include/win32
deny   src/channel/server src/channel/client
only   src/channel/client src/kernel kernel/services/syscall.h
system src/platform
sides  excpt.h
"""
C = "// SPDX-License-Identifier: Apache-2.0\n"
SH = "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"

CLEAN = {
    "tools/layers.txt": LAYERS,
    "include/shared/ntstatus.h": C,
    "include/win32/windows.h": C + "#include <ntstatus.h>\n#include \"minwindef.h\"\n",
    "include/win32/minwindef.h": C,
    "src/base/README.md": "base\n",
    "src/base/status.h": C + "#include <ntstatus.h>\n#include <cstdint>\n",
    "src/base/status_test.cpp": C + '#include "base/status.h"\n#include <gtest/gtest.h>\n',
    "src/platform/README.md": "platform\n",
    "src/platform/futex.cpp": C + '#include <sys/syscall.h>\n#include <unistd.h>\n#include "base/status.h"\n',
    "src/kernel/README.md": "kernel\n",
    "src/kernel/memory/README.md": "memory\n",
    "src/kernel/memory/memory_internal.h": C,
    "src/kernel/memory/pool.cpp": C + '#include "kernel/memory/memory_internal.h"\n#include "base/status.h"\n',
    "src/kernel/services/README.md": "services\n",
    "src/kernel/services/syscall.h": C,
    "src/channel/README.md": "channel\n",
    "src/channel/client/README.md": "client\n",
    "src/channel/client/client.h": C + '#include "kernel/services/syscall.h"\n',
    "samples/one/app/app.c": C + '#include "../public.h"\n',
    "samples/one/public.h": C,
    "test.sh": SH + "apt-get install -y cmake\n",
    "README.md": "see https://example.org\n",
}


class HouseRules(unittest.TestCase):
    def look(self, changes):
        """The (path, line, rule, warning) of each finding in the clean tree with these files changed; None deletes."""
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**CLEAN, **changes}.items():
                if text is None:
                    continue
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return [(v.path, v.line, v.rule, v.warning) for v in House(folder).check()]

    def expect(self, path, text, line, rule):
        self.assertEqual(self.look({path: text}), [(path, line, rule, False)])

    def test_a_clean_tree_has_no_violations(self):
        self.assertEqual(self.look({}), [])

    def test_a_module_includes_nothing_above_it(self):
        self.expect("src/base/status.h", C + '#include "kernel/services/syscall.h"\n', 2, "layer")

    def test_tests_keep_the_layers_too(self):
        self.expect("src/base/status_test.cpp", C + '\n#include "kernel/services/syscall.h"\n', 3, "layer")

    def test_the_kernel_includes_no_observer(self):
        changes = {"src/verifier/rule.h": C, "src/verifier/README.md": "",
                   "src/kernel/memory/pool.cpp": C + '#include "verifier/rule.h"\n'}
        self.assertEqual(self.look(changes), [("src/kernel/memory/pool.cpp", 2, "layer", False)])

    def test_the_kernel_includes_no_facade(self):
        changes = {"src/wdk_api/current.h": C, "src/wdk_api/README.md": "",
                   "src/kernel/memory/pool.cpp": C + '#include "wdk_api/current.h"\n'}
        self.assertEqual(self.look(changes), [("src/kernel/memory/pool.cpp", 2, "layer", False)])

    def test_a_denied_folder_is_out_of_reach_though_it_is_lower(self):
        self.expect("src/kernel/memory/pool.cpp", C + "#include <win32/windows.h>\n", 2, "layer")

    def test_a_denied_folder_within_one_module_is_out_of_reach(self):
        changes = {"src/channel/server/server.cpp": C + '#include "channel/client/client.h"\n',
                   "src/channel/server/README.md": ""}
        self.assertEqual(self.look(changes), [("src/channel/server/server.cpp", 2, "layer", False)])

    def test_a_test_may_hold_both_ends(self):
        changes = {"src/channel/server/server_test.cpp": C + '#include "channel/client/client.h"\n',
                   "src/channel/server/README.md": ""}
        self.assertEqual(self.look(changes), [])

    def test_only_the_named_files_of_a_folder_may_be_used(self):
        changes = {"src/kernel/memory/segment.h": C,
                   "src/channel/client/client.h": C + '#include "kernel/memory/segment.h"\n'}
        self.assertEqual(self.look(changes), [("src/channel/client/client.h", 2, "layer", False)])

    def test_shared_headers_do_not_reach_for_a_sides_headers(self):
        self.expect("include/shared/ntstatus.h", C + "#include <minwindef.h>\n", 2, "layer")

    def test_a_shared_header_takes_what_each_side_has_of_its_own(self):
        changes = {"include/win32/excpt.h": C, "include/wdk/excpt.h": C, "include/shared/ntstatus.h": C + "#include <excpt.h>\n"}
        self.assertEqual(self.look(changes), [])
        changes["src/kernel/memory/pool.cpp"] = C + "#include <win32/excpt.h>\n"
        self.assertEqual(self.look(changes), [("src/kernel/memory/pool.cpp", 2, "layer", False)])

    def test_only_platform_includes_operating_system_headers(self):
        for header in ("sys/mman.h", "unistd.h", "linux/futex.h", "signal.h", "pthread.h", "elfutils/libdwfl.h"):
            with self.subTest(header):
                self.expect("src/base/status.h", C + f"#include <{header}>\n", 2, "os-header")

    def test_a_relative_include_is_refused(self):
        for name in ("../base/status.h", "./memory_internal.h", "kernel/../base/status.h"):
            with self.subTest(name):
                self.expect("src/kernel/memory/pool.cpp", C + f'#include "{name}"\n', 2, "relative-include")

    def test_an_include_from_the_own_folder_is_refused(self):
        self.expect("src/kernel/memory/pool.cpp", C + '#include "memory_internal.h"\n', 2, "include-root")

    def test_an_include_in_a_comment_is_none(self):
        text = C + '/*\n#include "../x.h"\n*/\n// #include <unistd.h>\nconst char* s = "/*";\n'
        self.assertEqual(self.look({"src/base/status.h": text}), [])

    def test_the_line_is_right_behind_a_block_comment(self):
        self.expect("src/base/status.h", C + "/* one\n   two */\n#  include  <unistd.h>\n", 4, "os-header")

    def test_production_includes_no_test_code(self):
        for name in ("base/fake_test.h", "base/harness_test_support.h"):
            with self.subTest(name):
                changes = {"src/" + name: C, "src/base/status.h": C + f'#include "{name}"\n'}
                self.assertEqual(self.look(changes), [("src/base/status.h", 2, "test-in-production", False)])

    def test_a_test_includes_test_code(self):
        changes = {"src/base/fake_test.h": C, "src/base/status_test.cpp": C + '#include "base/fake_test.h"\n'}
        self.assertEqual(self.look(changes), [])

    def test_an_internal_header_stays_in_its_folder(self):
        self.expect("src/kernel/services/syscall.h", C + '#include "kernel/memory/memory_internal.h"\n', 2,
                    "internal-header")

    def test_every_source_has_its_licence_line(self):
        for path in ("src/base/status.h", "include/win32/minwindef.h", "test.sh"):
            with self.subTest(path):
                self.expect(path, "\n\n\n" + C, 1, "spdx")

    def test_long_files_warn_and_longer_ones_fail(self):
        def of(lines):
            return self.look({"src/base/status.h": C + "\n" * (lines - 1)})
        self.assertEqual(of(WARN_LINES), [])
        self.assertEqual(of(WARN_LINES + 1), [("src/base/status.h", WARN_LINES + 1, "length", True)])
        self.assertEqual(of(FAIL_LINES), [("src/base/status.h", WARN_LINES + 1, "length", True)])
        self.assertEqual(of(FAIL_LINES + 1), [("src/base/status.h", FAIL_LINES + 1, "length", False)])

    def test_every_folder_with_sources_has_a_page(self):
        self.assertEqual(self.look({"src/channel/client/README.md": None}),
                         [("src/channel/client", 1, "folder-page", False)])
        self.assertEqual(self.look({"src/kernel/README.md": None}), [("src/kernel", 1, "folder-page", False)])

    def test_links_of_documents_lead_somewhere(self):
        text = "[a](src/base/README.md#x) [b](https://example.org) [c](#top) `[d](no)`\n\n[e](docs/no.md)\n"
        self.assertEqual(self.look({"README.md": text}), [("README.md", 3, "link", False)])

    def test_scripts_fetch_nothing_and_name_no_host(self):
        for line in ("curl -O x", "pip install x", "git clone x", "echo https://example.org/", "npm ci"):
            with self.subTest(line):
                self.expect("test.sh", SH + line + "\n", 3, "fetch")

    def test_a_layer_file_that_is_not_understood_is_refused(self):
        with self.assertRaisesRegex(ValueError, "layers.txt:2: not understood"):
            Layers("module base src/base\nmodul x y\n")

    def test_exit_codes(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(main(["house_rules.py", folder]), 2)  # no layer file
            (Path(folder) / "tools").mkdir()
            (Path(folder) / "tools/layers.txt").write_text(LAYERS)
            self.assertEqual(main(["house_rules.py", folder]), 0)
            (Path(folder) / "x.sh").write_text("#!/bin/sh\n")
            self.assertEqual(main(["house_rules.py", folder]), 1)


if __name__ == "__main__":
    unittest.main(buffer=True)
