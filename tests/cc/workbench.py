# SPDX-License-Identifier: Apache-2.0
"""A scratch folder, a stand-in installation of Partywall, and calls of the partywall command for the tests here."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PARTYWALL = os.environ.get("PARTYWALL", "partywall")

HEADERS = {
    "shared/pw_test.h": "#pragma once\ntypedef unsigned int ULONG;\ntypedef char* PCHAR;\ntypedef int INT;\n"
                        "typedef int NTSTATUS;\ntypedef unsigned short WCHAR;\ntypedef void* PVOID;\n"
                        "#define VOID void\n#define __cdecl\n#define WINAPI\n#define _In_\n",
    "wdk/ntddk.h": "#include <pw_test.h>\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nULONG KeGetThing(void);\n"
                   "#ifdef __cplusplus\n}\n#endif\n",
    "win32/windows.h": "#include <pw_test.h>\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nULONG GetThing(void);\n"
                       "#ifdef __cplusplus\n}\n#endif\n",
    "win32/tchar.h": "#pragma once\n#ifdef _UNICODE\n#define _tmain wmain\ntypedef wchar_t TCHAR;\n#else\n"
                     "#define _tmain main\ntypedef char TCHAR;\n#endif\n",
}
LIBRARIES = {
    "partywall-kernel": "unsigned KeGetThing(void) { return 7; }",
    "partywall-win32": "unsigned GetThing(void) { return 8; }",
    "partywall-rt": "unsigned RtThing(void) { return 9; }",
}


def make_installation(root):
    for name, text in HEADERS.items():
        path = root / "include" / "partywall" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "lib" / "partywall").mkdir(parents=True)
    for name, text in LIBRARIES.items():
        source = root / f"{name}.c"
        source.write_text(text)
        compiler = shutil.which("gcc") or shutil.which("clang")
        library = root / "lib" / "partywall" / f"lib{name}.so"
        subprocess.run([compiler, "-shared", "-fPIC", source, f"-Wl,-soname,lib{name}.so", "-o", library], check=True)
    (root / "share" / "partywall").mkdir(parents=True)
    (root / "share" / "partywall" / "known_functions.txt").write_text("# test\nIoKnownOne\nKnownCall\n")


class Workbench(unittest.TestCase):
    """Each test has a folder of its own; the stand-in installation is made once for a class."""

    use_real_installation = False

    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="pw-test-root-"))
        if not cls.use_real_installation:
            make_installation(cls.root)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pw-test-"))
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def tearDown(self):
        left = list(self.temporary.iterdir())
        shutil.rmtree(self.folder)
        self.assertEqual(left, [], "temporary files stay behind")

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)
        return path

    def partywall(self, *arguments, **variables):
        environment = dict(os.environ, TMPDIR=str(self.temporary), **variables)
        if not self.use_real_installation:
            environment["PARTYWALL_ROOT"] = str(self.root)
        return subprocess.run([PARTYWALL, *map(str, arguments)], cwd=self.folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)

    def cc(self, *arguments, **variables):
        return self.partywall("cc", *arguments, **variables)

    def assert_builds(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)

    def run_program(self, *command):
        return subprocess.run([str(self.folder / command[0]), *command[1:]], capture_output=True, text=True, timeout=120)
