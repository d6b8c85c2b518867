# SPDX-License-Identifier: Apache-2.0
"""'partywall cc' with the real headers and libraries of this build tree: what ordinary sources need, links."""
import unittest

from workbench import Workbench

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

    def test_a_documented_function_that_is_not_there_is_called_known(self):
        self.write("inc/Public.h", "#define ANSWER 42\n")
        self.write("sys/a.c", DRIVER.replace("DbgPrint(", "IoWriteErrorLogEntry(NULL); NoSuchThing(1); DbgPrint("))
        result = self.cc("--driver", "sys/a.c", "-o", "t.sys")
        if result.returncode == 0:
            self.fail("NoSuchThing linked")
        self.assertRegex(result.stderr, r"NoSuchThing +sys/a\.c:\d+ +unknown")


if __name__ == "__main__":
    unittest.main()
