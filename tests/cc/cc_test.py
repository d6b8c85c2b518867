# SPDX-License-Identifier: Apache-2.0
"""Compiling with 'partywall cc': header names, encodings, diagnostics, dependency files, flags."""
import unittest

from workbench import Workbench


class HeaderNames(Workbench):
    def test_headers_are_found_in_any_case_and_with_backslashes(self):
        self.write("Inc/Public.h", "#define PUBLIC 1\n#include <NTDDK.H>\n")
        self.write("sys/Private.h", '#include "..\\inc\\public.h"\n')
        self.write("sys/a.c", '#include "private.H"\n#include <StdDef.h>\nint x = PUBLIC; ULONG y; size_t z;\n')
        self.assert_builds(self.cc("--driver", "-c", "sys/a.c"))

    def test_backslashes_below_an_include_directory(self):
        self.write("Inc/Deep/One.h", "typedef int One;\n")
        self.write("a.c", "#include <deep\\one.h>\nOne x;\n")
        self.assert_builds(self.cc("--app", "-IInc", "-c", "a.c"))

    def test_the_system_string_h_wins_over_a_users_String_h(self):
        self.write("inc/String.h", "#error the wrong one\n")
        self.write("a.c", "#include <string.h>\nsize_t n(const char* s) { return strlen(s); }\n")
        self.assert_builds(self.cc("--app", "-Iinc", "-c", "a.c"))

    def test_a_forced_include_is_prepared_too(self):
        self.write("Force.h", '#include "INC\\x.h"\n')
        self.write("inc/X.h", "#define FORCED 3\n")
        self.write("a.c", "int x = FORCED;\n")
        self.assert_builds(self.cc("--app", "-include", "force.h", "-c", "a.c"))

    def test_headers_that_include_each_other_end(self):
        self.write("A.h", '#pragma once\n#include "b.H"\nint a;\n')
        self.write("B.h", '#pragma once\n#include "a.H"\nint b;\n')
        self.write("a.c", '#include "a.h"\nint c;\n')
        self.assert_builds(self.cc("--app", "-c", "a.c"))


class Diagnostics(Workbench):
    def test_errors_name_the_users_file_and_line(self):
        self.write("Inc/H.h", "#define OK\n\nint broken = absent;\n")
        self.write("a.c", "#include <Windows.h>\n#include \"inc\\h.h\"\n\nint f(void) {\n  return missing;\n}\n")
        result = self.cc("--app", "-c", "a.c")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"(?m)^a\.c:5:\d+: error:")
        self.assertRegex(result.stderr, r"(?m)^Inc/H\.h:3:\d+: error:")
        self.assertNotIn("pw-cc-", result.stderr)

    def test_file_macro_debug_information_and_dependencies_name_the_users_files(self):
        self.write("Inc/H.h", "static const char* where = __FILE__;\n")
        self.write("a.c", '#include "inc\\h.h"\nconst char* me(void) { return where; }\nconst char* f = __FILE__;\n')
        self.assert_builds(self.cc("--app", "-g", "-MD", "-MF", "a.d", "-c", "a.c"))
        strings = self.folder.joinpath("a.o").read_bytes()
        self.assertIn(b"Inc/H.h\0", strings)
        self.assertNotIn(b"pw-cc-", strings)
        dependencies = self.folder.joinpath("a.d").read_text()
        self.assertRegex(dependencies, r"^a\.o: a\.c")
        self.assertIn("Inc/H.h", dependencies)
        self.assertNotIn("pw-cc-", dependencies)

    def test_preprocessed_output_names_the_users_files(self):
        self.write("a.c", "#include <WINDOWS.h>\nULONG x;\n")
        result = self.cc("--app", "-E", "a.c")
        self.assert_builds(result)
        self.assertIn('"a.c"', result.stdout)
        self.assertNotIn("pw-cc-", result.stdout)

    def test_warnings_do_not_fail_and_are_shown_in_the_order_of_the_sources(self):
        self.write("a.c", "#warning first\n")
        self.write("b.c", "#warning second\n")
        result = self.cc("--app", "-j2", "-c", "a.c", "b.c")
        self.assert_builds(result)
        self.assertLess(result.stderr.index("first"), result.stderr.index("second"))


class Encodings(Workbench):
    SOURCE = "#include <windows.h>\r\n#define TWO 1 + \\\r\n  1\r\nint two = TWO;\r\nWCHAR w[] = L\"\u00e4\U0001F600\";\r\n"

    def check(self, content):
        self.write("a.c", content)
        self.assert_builds(self.cc("--app", "-c", "a.c"))
        self.assertIn("\u00e4\U0001F600\0".encode("utf-16-le"), self.folder.joinpath("a.o").read_bytes())

    def test_utf8_with_and_without_mark(self):
        self.check(self.SOURCE.encode("utf-8"))
        self.check(b"\xef\xbb\xbf" + self.SOURCE.encode("utf-8"))

    def test_utf16_of_both_orders(self):
        self.check(self.SOURCE.encode("utf-16"))
        self.check(b"\xfe\xff" + self.SOURCE.encode("utf-16-be"))

    def test_a_source_that_ends_with_control_z(self):
        self.check(self.SOURCE.encode("utf-8") + b"\x1a")

    def test_a_utf16_header_and_errors_in_it(self):
        self.write("h.h", "\r\n\r\nint bad = ;\r\n".encode("utf-16"))
        self.write("a.c", '#include "h.h"\n')
        result = self.cc("--app", "-c", "a.c")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"(?m)^h\.h:3:\d+: error:")


class Language(Workbench):
    def test_drivers_and_applications_get_their_macros(self):
        self.write("d.c", "#if !defined(_AMD64_) || !defined(_WIN64) || DBG != 1 || _WIN32_WINNT != 0x0A00 || "
                          "!_KERNEL_MODE || defined(UNICODE) || defined(_MSC_VER)\n#error\n#endif\n")
        self.assert_builds(self.cc("--driver", "-c", "d.c"))
        self.write("e.c", "#if defined(DBG) || _WIN32_WINNT != 0x0601\n#error\n#endif\n")
        self.assert_builds(self.cc("--driver", "-Werror", "-DNDEBUG", "-D_WIN32_WINNT=0x0601", "-c", "e.c"))
        self.write("a.c", "#if !defined(_WIN32) || !defined(WIN32) || defined(DBG) || defined(_KERNEL_MODE)\n"
                          "#error\n#endif\n")
        self.assert_builds(self.cc("--app", "-c", "a.c"))

    def test_wide_characters_have_16_bits(self):
        self.write("a.c", "_Static_assert(sizeof(L'x') == 2 && sizeof(L\"ab\") == 6, \"\");\n")
        self.assert_builds(self.cc("--app", "-c", "a.c"))

    def test_c_stays_c_and_the_language_can_be_forced(self):
        self.write("a.c", "void* p; int try = 1, class = 2; int* q(void) { return p; }\n")
        self.assert_builds(self.cc("--app", "-c", "a.c"))
        self.write("b.c", "template <class T> T f(T x) { return x; }\nint y = f(1);\n")
        self.assert_builds(self.cc("--app", "-x", "c++", "-c", "b.c"))
        self.write("UPPER.C", "int class;\n")
        self.assert_builds(self.cc("--app", "-c", "UPPER.C"))
        self.assertEqual(self.cc("--app", "-x", "fortran", "-c", "b.c").returncode, 1)

    def test_a_c_inline_function_of_a_header_links_at_every_optimisation_level(self):
        self.write("h.h", "__inline int twice(int x) { return 2 * x; }\nint shared_without_extern;\n")
        self.write("a.c", '#include "h.h"\nint other(void);\nint main(void) { return twice(3) + other() - 14; }\n')
        self.write("b.c", '#include "h.h"\nint (*p)(int) = twice;\nint other(void) { return p(4); }\n')
        for level in ("-O0", "-O2"):
            self.assert_builds(self.cc("--app", level, "a.c", "b.c", "-o", "t"))
            self.assertEqual(self.run_program("t").returncode, 0)

    def test_an_inline_function_with_a_prototype_elsewhere_stays_external(self):
        self.write("h.h", "int twice(int x);\n")
        self.write("a.c", '#include "h.h"\n__inline int twice(int x) { return 2 * x; }\n')
        self.write("b.c", '#include "h.h"\nint main(void) { return twice(3) - 6; }\n')
        self.assert_builds(self.cc("--app", "-O0", "a.c", "b.c", "-o", "t"))
        self.assertEqual(self.run_program("t").returncode, 0)

    def test_user_flags_arrive(self):
        self.write("inc/h.h", "#define H 1\n")
        self.write("a.c", "#include <h.h>\n#if X != 2 || H != 1\n#error\n#endif\nint unused(void) { int y; return 0; }\n")
        result = self.cc("--app", "-D", "X=2", "-I", "inc", "-Wall", "-Werror", "-O2", "-g", "-c", "a.c", "-o", "out.o")
        self.assertEqual(result.returncode, 1)
        self.assertIn("unused", result.stderr)
        self.assert_builds(self.cc("--app", "-DX=2", "-Iinc", "-pthread", "-O2", "-c", "a.c", "-o", "out.o"))
        self.assertTrue(self.folder.joinpath("out.o").exists())

    def test_response_files_and_verbose(self):
        self.write("flags", '-DX="1 + 1" -c\n')
        self.write("a.c", "int x[X == 2 ? 1 : -1];\n")
        result = self.cc("--app", "--verbose", "@flags", "a.c")
        self.assert_builds(result)
        self.assertIn("-fshort-wchar", result.stderr)


class Failures(Workbench):
    def one_line(self, result, code, *words):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_a_missing_compiler_is_one_clear_line(self):
        self.write("a.c", "int x;\n")
        self.one_line(self.cc("--app", "--cc", "no-such-gcc", "-c", "a.c"), 127, "no-such-gcc", "no such compiler")

    def test_a_missing_source_and_a_missing_mode(self):
        self.one_line(self.cc("--app", "-c", "nothing.c"), 1, "nothing.c")
        self.write("a.c", "int x;\n")
        self.one_line(self.cc("-c", "a.c"), 1, "--driver", "--app")
        self.one_line(self.cc("--app"), 1, "no input files")

    def test_one_output_for_two_objects_is_refused(self):
        self.write("a.c", "int x;\n")
        self.write("b.c", "int y;\n")
        self.one_line(self.cc("--app", "-c", "a.c", "b.c", "-o", "x.o"), 1, "x.o")

    def test_questions_to_the_compiler_are_passed_on(self):
        result = self.cc("--app", "-dumpmachine")
        self.assertEqual(result.returncode, 0)
        self.assertIn("linux", result.stdout)


if __name__ == "__main__":
    unittest.main()
