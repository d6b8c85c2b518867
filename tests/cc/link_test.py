# SPDX-License-Identifier: Apache-2.0
"""Linking with 'partywall cc': what a driver exports, and the list of functions that are missing."""
import json
import os
import shutil
import subprocess
import unittest

from workbench import Workbench

DRIVER = "#include <ntddk.h>\nNTSTATUS DriverEntry(PVOID d, PVOID r) { return KeGetThing() ? 0 : 1; }\n"


class Drivers(Workbench):
    def dynamic_symbols(self, name):
        return subprocess.run(["nm", "-D", "--defined-only", self.folder / name], capture_output=True, text=True,
                              check=True).stdout

    def test_a_driver_exports_DriverEntry_alone(self):
        self.write("a.c", DRIVER + "__attribute__((visibility(\"default\"))) int timezone;\n")
        self.write("b.c", "int helper(void) { return 1; }\n")
        self.assert_builds(self.cc("--driver", "a.c", "b.c", "-o", "t.sys"))
        symbols = self.dynamic_symbols("t.sys")
        self.assertIn(" DriverEntry", symbols)
        self.assertEqual(len(symbols.splitlines()), 1, symbols)

    def test_missing_functions_are_listed_with_first_use_and_what_is_known(self):
        self.write("sys/a.c", DRIVER + "int IoKnownOne(void);\nint g(void) {\n  return IoKnownOne();\n}\n")
        self.write("b.c", "int my_helper(int);\nint IoKnownOne(void);\n#include <NTDDK.h>\n"
                          "int h(void) { return my_helper(1) + IoKnownOne(); }\n")
        result = self.cc("--driver", "sys/a.c", "b.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        lines = result.stderr.splitlines()
        self.assertEqual(lines[0], "partywall cc: error: t.sys: 2 functions are missing")
        self.assertEqual(lines[1].split(None, 2), ["IoKnownOne", "sys/a.c:5", "known, not provided yet"])
        self.assertEqual(lines[2].split(None, 2), ["my_helper", "b.c:4", "unknown"])
        self.assertEqual(len(lines), 3)
        self.assertFalse(self.folder.joinpath("t.sys").exists())

    def test_the_list_comes_as_json_too(self):
        self.write("a.c", DRIVER + "int IoKnownOne(void);\nint g(void) { return IoKnownOne(); }\n")
        result = self.cc("--driver", "--json", "a.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(json.loads(result.stdout),
                         {"output": "t.sys", "missing": [{"function": "IoKnownOne", "first_use": "a.c:4", "known": True}]})

    def test_an_undeclared_function_is_a_warning_and_then_in_the_list(self):
        self.write("a.c", DRIVER + "int g(void) { return IoKnownOne(); }\n")
        result = self.cc("--driver", "a.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"a\.c:3:\d+: warning:.*IoKnownOne")
        self.assertRegex(result.stderr, r"IoKnownOne +a\.c:3 +known, not provided yet")

    def test_without_debug_information_the_file_is_named(self):
        self.write("a.c", DRIVER + "int f(void);\nint g(void) { return f(); }\n")
        result = self.cc("--driver", "-g0", "a.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"(?m)^  f  .*a\.c.*unknown$")

    @unittest.skipUnless(shutil.which("ld.lld"), "lld is not installed")
    def test_lld_speaks_the_same(self):
        self.write("a.c", DRIVER + "int f(void);\nint g(void) {\n  return f();\n}\n")
        result = self.cc("--driver", "-fuse-ld=lld", "a.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"(?m)^  f  a\.c:5  unknown$")
        self.assertEqual(len(result.stderr.splitlines()), 2, result.stderr)

    def test_other_linker_messages_stay(self):
        self.write("a.c", DRIVER + "int twice(void) { return 1; }\n")
        self.write("b.c", "int twice(void) { return 2; }\nint f(void); int g(void) { return f(); }\n")
        result = self.cc("--driver", "a.c", "b.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertIn("multiple definition of `twice'", result.stderr)

    def test_no_DriverEntry_or_one_with_cplusplus_linkage_is_an_error(self):
        self.write("a.c", "int x;\n")
        result = self.cc("--driver", "a.c", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertIn("DriverEntry", result.stderr)
        self.assertFalse(self.folder.joinpath("t.sys").exists())
        self.write("b.cpp", DRIVER)
        result = self.cc("--driver", "b.cpp", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertIn('extern "C"', result.stderr)

    def test_a_cplusplus_driver_with_its_own_operator_new(self):
        self.write("b.cpp", "#include <ntddk.h>\n#include <stddef.h>\nstatic char pool[64];\n"
                            "void* operator new(size_t) { return pool; }\nvoid operator delete(void*) {}\n"
                            "struct Base { virtual int f() = 0; virtual ~Base() {} };\n"
                            "struct Derived : Base { int f() override { static int n = KeGetThing(); return n; } };\n"
                            'extern "C" NTSTATUS DriverEntry(PVOID, PVOID) { Base* b = new Derived; int r = b->f();'
                            " delete b; return r; }\n")
        result = self.cc("--driver", "b.cpp", "-o", "t.sys")
        self.assert_builds(result)
        self.assertEqual(len(self.dynamic_symbols("t.sys").splitlines()), 1)

    def test_a_cplusplus_driver_without_operator_new_is_told_so(self):
        self.write("b.cpp", '#include <ntddk.h>\nextern "C" NTSTATUS DriverEntry(PVOID, PVOID r) '
                            "{ *(int**)r = new int; return 0; }\n")
        result = self.cc("--driver", "b.cpp", "-o", "t.sys")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"operator new\(unsigned long\) +b\.cpp:2 +a C\+\+ driver defines its own")

    def test_import_libraries_and_resource_scripts_have_no_effect(self):
        self.write("a.c", DRIVER)
        self.write("a.rc", "")
        self.assert_builds(self.cc("--driver", "a.c", "a.rc", "-lntoskrnl", "hal.lib", "-o", "t.sys"))

    def test_objects_and_archives_link(self):
        self.write("a.c", "#include <ntddk.h>\nint helper(void);\nNTSTATUS DriverEntry(PVOID d, PVOID r) "
                          "{ return helper(); }\n")
        self.write("b.c", "int helper(void) { return 1; }\n")
        self.assert_builds(self.cc("--driver", "-c", "a.c", "b.c"))
        subprocess.run(["ar", "rcs", "libhelper.a", "b.o"], cwd=self.folder, check=True)
        self.assert_builds(self.cc("--driver", "a.o", "-L.", "-lhelper", "-o", "t.sys"))

    def test_a_missing_library_of_ours_is_one_line(self):
        self.write("a.c", DRIVER)
        library = self.root / "lib" / "partywall" / "libpartywall-rt.so"
        hidden = library.with_suffix(".hidden")
        library.rename(hidden)
        try:
            result = self.cc("--driver", "a.c", "-o", "t.sys")
        finally:
            hidden.rename(library)
        self.assertEqual((result.returncode, result.stderr.count("\n")), (1, 1))

    def test_drivers_build_with_sanitizers(self):
        self.write("a.c", DRIVER)
        for sanitizer in ("address", "undefined"):
            self.assert_builds(self.cc("--driver", "-fsanitize=" + sanitizer, "a.c", "-o", "t.sys"))


class Applications(Workbench):
    def needed(self, name):
        text = subprocess.run(["readelf", "-d", self.folder / name], capture_output=True, text=True, check=True).stdout
        return [line.split("[")[1].rstrip("]") for line in text.splitlines() if "(NEEDED)" in line]

    def test_our_libraries_are_loaded_before_libc_even_if_unused(self):
        self.write("a.c", "int main(void) { return 5; }\n")
        self.assert_builds(self.cc("--app", "a.c", "-o", "t"))
        needed = self.needed("t")
        self.assertEqual(needed[:2], ["libpartywall-win32.so", "libpartywall-rt.so"])
        self.assertEqual(self.run_program("t").returncode, 5)

    def test_cplusplus_programs_link_their_run_time(self):
        self.write("a.cpp", "#include <string>\n#include <stdexcept>\nint main() { try { throw std::runtime_error(\"x\"); }"
                            " catch (const std::exception& e) { return std::string(e.what()).size(); } }\n")
        self.assert_builds(self.cc("--app", "a.cpp", "-o", "t"))
        self.assertEqual(self.run_program("t").returncode, 1)
        self.assert_builds(self.cc("--app", "-c", "a.cpp"))
        self.assert_builds(self.cc("--app", "a.o", "-o", "t2"))

    def test_missing_functions_and_a_missing_main(self):
        self.write("a.c", "int KnownCall(void);\nint f(void) { return KnownCall(); }\n")
        result = self.cc("--app", "a.c", "-o", "t")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"KnownCall +a\.c:2 +known, not provided yet")
        self.assertRegex(result.stderr, r"main .*no main, wmain or WinMain")

    def test_other_names_of_the_command_say_what_is_built(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        link = self.folder / "partywall-app-cc"
        os.symlink(shutil.which(os.environ["PARTYWALL"]), link)
        environment = dict(os.environ, TMPDIR=str(self.temporary), PARTYWALL_ROOT=str(self.root))
        result = subprocess.run([link, "a.c", "-o", "t"], cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assert_builds(result)
        self.assertEqual(self.needed("t")[0], "libpartywall-win32.so")


if __name__ == "__main__":
    unittest.main()
