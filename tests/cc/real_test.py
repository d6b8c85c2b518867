# SPDX-License-Identifier: Apache-2.0
"""'partywall cc' with the real headers and libraries of this build tree: what ordinary sources need, links."""
import os
import pathlib
import signal
import subprocess
import unittest

from workbench import PARTYWALL, Workbench

DRIVER = r"""
#include <NtDDK.h>
#include "..\INC\public.h"
DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#endif
VOID Unload(_In_ PDRIVER_OBJECT DriverObject) { UNREFERENCED_PARAMETER(DriverObject); }
NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = STATUS_SUCCESS;
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    __try {
        ProbeForRead((PVOID)(ULONG_PTR)ANSWER, sizeof(ULONG), 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = STATUS_SUCCESS;
    }
    DbgPrint("status %x\n", status);
    return status;
}
"""
APPLICATION = r"""
#include <Windows.h>
#include <stdio.h>
VOID __cdecl main(ULONG argc, PCHAR argv[])
{
    HANDLE h = CreateFile("\\\\.\\None", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (h == INVALID_HANDLE_VALUE) printf("error %u of %u\n", GetLastError(), argc);
}
"""

CXX_DRIVER = r"""
extern "C" {
#include <ntifs.h>
#include <ntstrsafe.h>
}
void* __cdecl operator new(size_t size, POOL_TYPE type, ULONG tag) { return ExAllocatePoolWithTag(type, size, tag); }
void __cdecl operator delete(void* p, size_t) { ExFreePool(p); }
struct Ticker { LONGLONG period = -10000i64; ULONG rate(ULONG most) { return min(most, 0xFFui32); } };
enum : ULONG { IOCTL_TICK = CTL_CODE(0x8000, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS) };
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Ticker");
    Ticker* t = new (NonPagedPool, 'kciT') Ticker;
    if (!t) return STATUS_INSUFFICIENT_RESOURCES;
    DbgPrint("%wZ %u %I64d\n", &name, t->rate(IOCTL_TICK), t->period);
    delete t;
    return STATUS_UNSUCCESSFUL;
}
"""
CXX_APPLICATION = r"""
#include <Windows.h>
#include <strsafe.h>
#include <tchar.h>
#include <stdio.h>
#include <stdlib.h>
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>
int _tmain(int argc, _TCHAR* argv[])
{
    std::vector<std::string> words{"x", "y"};
    std::thread([&] { words.push_back("z"); }).join();
    int three = 3;
    printf("%zu %d\n", words.size(), min(three, three + 1));
    return system("pause");
}
"""
LONGS = r"""
#include <windows.h>
#include <limits.h>
#include <stdio.h>
#include "longs.h"
volatile long References;
struct Shared { long a; unsigned long b; };
static unsigned long int Twice(long unsigned x) { return x * 2UL; }
int main()
{
    unsigned long got = 0xffffffff;
    HANDLE nul = CreateFileA("NUL", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (!WriteFile(nul, "abc", 3, &got, NULL) || got != 3) return 1;
    if (InterlockedIncrement(&References) != 1 || InterlockedExchangeAdd(&References, -5L) != 1) return 2;
    if (sizeof(struct Shared) != 8 || sizeof(long) != 4 || sizeof(long long) != 8 || sizeof(WORD32) != 4) return 3;
    if (~0UL != 0xffffffff || LONG_MAX != 0x7fffffff || Twice(0x80000000L) != 0) return 4;
    CloseHandle(nul);
    printf("%ld\n", References);
    return 0;
}
"""
HANDLERS = r"""
#include <windows.h>
#include <stdio.h>
static HANDLE Stop;
static BOOL WINAPI First(DWORD event) { printf("first %u\n", event); fflush(stdout); SetEvent(Stop); return TRUE; }
static BOOL WINAPI Second(DWORD event) { printf("second %u\n", event); fflush(stdout); return FALSE; }
static BOOL WINAPI Third(DWORD event) { return TRUE; }
int main(int argc, char** argv)
{
    Stop = CreateEvent(NULL, FALSE, FALSE, NULL);
    if (argc == 1 && !SetConsoleCtrlHandler(First, TRUE)) return 2;
    if (!SetConsoleCtrlHandler(Second, TRUE) || !SetConsoleCtrlHandler(Third, TRUE)) return 3;
    if (!SetConsoleCtrlHandler(Third, FALSE) || SetConsoleCtrlHandler(Third, FALSE)) return 4;
    if (GetLastError() != ERROR_INVALID_PARAMETER) return 5;
    puts("ready");
    fflush(stdout);
    WaitForSingleObject(Stop, INFINITE);
    return 7;
}
"""


class RealInstallation(Workbench):
    use_real_installation = True

    def test_an_ordinary_driver_links_in_c_and_cplusplus(self):
        self.write("inc/Public.h", "#define ANSWER 42\n")
        self.write("sys/a.c", DRIVER)
        self.write("sys/b.cpp", DRIVER.replace("DRIVER_INITIALIZE DriverEntry;", 'extern "C" DRIVER_INITIALIZE DriverEntry;'))
        for source in ("sys/a.c", "sys/b.cpp"):
            for level in ("-O0", "-O2"):
                self.assert_builds(self.cc("--driver", level, "-Wall", source, "-o", "t.sys"))

    def test_an_ordinary_application_links_in_c_and_cplusplus(self):
        for name in ("a.c", "a.cpp"):
            self.write(name, APPLICATION)
            self.assert_builds(self.cc("--app", name, "-o", "t"))

    def test_an_application_has_what_programs_around_drivers_use(self):
        source = (pathlib.Path(__file__).resolve().parent / "application_calls.inc").read_text()
        for name in ("calls.c", "calls.cpp"):
            self.write(name, source)
            for unicode in ((), ("-DUNICODE", "-D_UNICODE")):
                self.assert_builds(self.cc("--app", "-Wall", *unicode, name, "-o", "calls"))
                result = self.run_application("calls")
                self.assertEqual((result.returncode, result.stderr), (0, "caption: text\n"))

    def test_an_old_cplusplus_driver_links(self):
        self.write("t.cpp", CXX_DRIVER)
        for level in ("-O0", "-O2"):
            self.assert_builds(self.cc("--driver", level, "-Wall", "t.cpp", "-o", "t.sys"))
        self.write("t.cpp", CXX_DRIVER.replace("void* p, size_t)", "void* p)"))
        self.assert_builds(self.cc("--driver", "-O2", "t.cpp", "-o", "t.sys"))

    def test_the_cplusplus_library_works_after_windows_h(self):
        self.write("t.cpp", CXX_APPLICATION)
        self.assert_builds(self.cc("--app", "-O1", "t.cpp", "-o", "t"))
        result = subprocess.run([str(self.folder / "t")], input="\n", capture_output=True, text=True, timeout=120)
        self.assertEqual((result.returncode, result.stdout), (0, "3 3\nPress any key to continue . . . \n"))

    def test_long_has_32_bits(self):
        self.write("longs.h", "#define WORD32 unsigned long\n")
        for name in ("l.c", "l.cpp"):
            self.write(name, LONGS)
            self.assert_builds(self.cc("--app", "-Wall", "-Werror", name, "-o", "l"))
            result = self.run_program("l")
            self.assertEqual((result.returncode, result.stdout), (0, "-4\n"))
        self.write("wide.c", "#include <limits.h>\nint main(void) { return sizeof(long) == 8 && LONG_MAX > 0x7fffffff ? 0 : 1; }\n")
        self.assert_builds(self.cc("--app", "--lp64", "wide.c", "-o", "l"))
        self.assertEqual(self.run_program("l").returncode, 0)

    def run_application(self, name):
        self.write("none.c", "#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{ return 0; }\n")
        self.assert_builds(self.cc("--driver", "none.c", "-o", "none.sys"))
        return self.partywall("run", "--driver", "none.sys", "--", f"./{name}", PARTYWALL_DRIVE_C=str(self.folder / "drive_c"))

    def start_with_handlers(self, *arguments):
        self.write("sys.c", "#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{ return 0; }\n")
        self.write("h.c", HANDLERS)
        self.assert_builds(self.cc("--driver", "sys.c", "-o", "sys.sys"))
        self.assert_builds(self.cc("--app", "h.c", "-o", "h"))
        # A session of its own: a signal to the group reaches nobody else.
        child = subprocess.Popen([PARTYWALL, "run", "--driver", "sys.sys", "--", "./h", *arguments], cwd=self.folder,
                                 env=dict(os.environ, TMPDIR=str(self.temporary)), stdout=subprocess.PIPE, text=True,
                                 start_new_session=True)
        self.assertEqual(child.stdout.readline(), "ready\n")
        return child

    def test_console_handlers_are_asked_the_last_one_first(self):
        child = self.start_with_handlers()
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=120)[0], "second 0\nfirst 0\n")
        self.assertEqual(child.returncode, 7)

    def test_a_program_whose_handlers_decline_ends_as_by_the_signal(self):
        child = self.start_with_handlers("declines")
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=120)[0], "second 0\n")
        self.assertEqual(child.returncode, 128 + signal.SIGINT)

    def test_the_end_of_the_console_ends_the_program_whatever_the_handlers_say(self):
        child = self.start_with_handlers()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.communicate(timeout=120)[0], "second 2\nfirst 2\n")
        self.assertIn(child.returncode, (7, 128 + signal.SIGTERM))

    def test_a_documented_function_that_is_not_there_is_called_known(self):
        self.write("inc/Public.h", "#define ANSWER 42\n")
        self.write("sys/a.c", DRIVER.replace("DbgPrint(", "IoWriteErrorLogEntry(NULL); NoSuchThing(1); DbgPrint("))
        result = self.cc("--driver", "sys/a.c", "-o", "t.sys")
        if result.returncode == 0:
            self.fail("NoSuchThing linked")
        self.assertRegex(result.stderr, r"NoSuchThing +sys/a\.c:\d+ +unknown")


if __name__ == "__main__":
    unittest.main()
