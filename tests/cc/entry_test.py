# SPDX-License-Identifier: Apache-2.0
"""Entry points as Windows programs have them."""
import unittest

from workbench import Workbench


class EntryPoints(Workbench):
    def check(self, source, code, *arguments, name="a.c", flags=(), output=None):
        self.write(name, source)
        result = self.cc("--app", *flags, name, "-o", "t")
        self.assert_builds(result)
        self.assertEqual(result.stderr, "")
        run = self.run_program("t", *arguments)
        self.assertEqual(run.returncode, code, run.stderr)
        if output is not None:
            self.assertEqual(run.stdout, output)

    def test_void_main_ends_with_zero(self):
        for name in ("a.c", "a.cpp"):
            self.check('#include <stdio.h>\nvoid main() { printf("x"); }\n', 0, name=name, output="x")
            self.check('#include <windows.h>\n#include <stdio.h>\nVOID __cdecl main(ULONG argc, PCHAR argv[])\n'
                       '{\n  printf("%s", argv[argc - 1]);\n}\n', 0, "last", name=name, output="last")

    def test_unusual_int_mains_return_their_value(self):
        for name in ("a.c", "a.cpp"):
            self.check("#include <windows.h>\nINT __cdecl main(_In_ ULONG argc, _In_ PCHAR argv[]) { return argc; }\n", 3,
                       "a", "b", name=name)
            self.check("#include <windows.h>\nULONG main() { return 4; }\n", 4, name=name)

    def test_plain_mains_stay_as_they_are(self):
        for source in ("int main(void) { return 6; }", "int main() { return 6; }",
                       "int main(int argc, char* argv[]) { return argc + 5; }",
                       "#include <windows.h>\nint __cdecl main(int argc, char** argv, char** envp) { return 6; }"):
            for name in ("a.c", "a.cpp"):
                self.check(source + "\n", 6, name=name)

    def test_wmain_gets_utf16(self):
        source = "int wmain(int argc, wchar_t* argv[]) { return argc == 2 && argv[1][0] == 0xE4 && argv[1][1] == 0xD83D" \
                 " && argv[1][2] == 0xDE00 && argv[1][3] == 0 ? 9 : 1; }\n"
        self.check("#include <stddef.h>\n" + source, 9, "\u00e4\U0001F600")
        self.check(source, 9, "\u00e4\U0001F600", name="a.cpp")
        self.check("void wmain(void) {}\n", 0)

    def test_tmain_follows_unicode(self):
        source = "#include <stddef.h>\n#include <windows.h>\n#include <tchar.h>\n" \
                 "int __cdecl _tmain(int argc, TCHAR* argv[]) { return argc == 2 ? sizeof(TCHAR) : 9; }\n"
        for name in ("a.c", "a.cpp"):
            self.check(source, 1, "x", name=name)
            self.check(source, 2, "x", name=name, flags=["-D_UNICODE", "-DUNICODE"])
            self.check("#define _UNICODE\n" + source, 2, "x", name=name)
            self.check(source.replace("int __cdecl", "VOID").replace("return argc", "argc = argc"), 0, "x", name=name)

    def test_WinMain_gets_the_command_line(self):
        source = "#include <windows.h>\n#include <stdio.h>\n" \
                 "int WINAPI WinMain(PVOID i, PVOID p, PCHAR line, int show) { printf(\"%s\", line); return i && !p ? show : 1; }\n"
        for name in ("a.c", "a.cpp"):
            self.check(source, 10, "a b", "c\"d", name=name, output='"a b" c\\"d')

    def test_separate_compilation_works_too(self):
        self.write("a.c", "void helper(void);\nvoid main(void) { helper(); }\n")
        self.write("b.c", "#include <stdio.h>\nvoid helper(void) { printf(\"y\"); }\n")
        self.assert_builds(self.cc("--app", "-c", "a.c", "b.c"))
        self.assert_builds(self.cc("--app", "a.o", "b.o", "-o", "t"))
        run = self.run_program("t")
        self.assertEqual((run.returncode, run.stdout), (0, "y"))

    def test_mains_in_the_branches_of_a_condition(self):
        source = "#ifdef V\nvoid main(void)\n#else\nint main(void)\n#endif\n{\n#ifndef V\n  return 2;\n#endif\n}\n"
        for name in ("a.c", "a.cpp"):
            self.check(source, 2, name=name)
            self.check(source, 0, name=name, flags=["-DV"])
            self.check("#ifdef V\nvoid main(void) {\n#else\nint main(void) {\n#endif\n#ifndef V\n  return 2;\n#endif\n}\n"
                       "int after(void) { return 0; }\n", 2, name=name)


if __name__ == "__main__":
    unittest.main()
